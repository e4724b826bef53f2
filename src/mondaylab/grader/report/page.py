"""The cohort page: a class's answers for its instructors, one lab after another, as one HTML file without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mondaylab.grader.metrics.gain import MIN_PAIRS
from mondaylab.grader.metrics.items import MIN_LEARNERS
from mondaylab.grader.metrics.probability import MIN_LOSSES
from mondaylab.grader.report import drawing, html, words
from mondaylab.grader.report.drawing import Reliability, Slope, Strip
from mondaylab.grader.report.figures import ItemFigures
from mondaylab.grader.report.groups import MIN_GROUP
from mondaylab.grader.report.lab_report import LabReport, Wording
from mondaylab.grader.report.signs import MIN_SIGN, ORDER, Sign

FIRST = 6
"""Items of a list that are not folded away."""
MOST_SQUARES = 200


@dataclass(frozen=True)
class ItemView:
    """One item with its words and its drawing."""

    figures: ItemFigures
    wording: Wording
    sign: Sign
    strip: Strip

    @property
    def says(self) -> list[tuple[str, bool]]:
        """The statement, slots marked."""
        return words.pieces(self.wording.says)

    @property
    def draft(self) -> list[tuple[str, bool]]:
        """The draft's title, slots marked."""
        return words.pieces(self.wording.draft)


@dataclass(frozen=True)
class LabPage:
    """One lab, ready to be shown."""

    report: LabReport
    headline: str
    flawed: tuple[ItemView, ...]
    """Least caught first."""
    sound: tuple[ItemView, ...]
    """Most doubted first."""
    talk: ItemView | None
    """The flawed item to talk about in class."""
    table: tuple[ItemView, ...]
    """Items that ask for something, by need."""
    others: tuple[ItemView, ...]
    """Items that ask for nothing."""
    few: tuple[ItemView, ...]
    """Items with too few answers for a sign."""
    slopes: tuple[tuple[str, str, Slope], ...]
    """Title, what is counted, drawing."""
    reliability: Reliability | None
    corrected: str
    honesty: str


def view(report: LabReport) -> LabPage:
    """Prepares one lab."""
    found = report.figures
    items = [_item(report, one) for one in found.items]
    ranked = sorted(items, key=lambda one: (ORDER.index(one.sign.name), one.figures.template, one.figures.state))
    flawed = tuple(one for one in items if one.figures.flawed)
    slopes = []
    if found.trusting is not None:
        slopes.append(("Trusted too much", "Flawed statements put below 50%", drawing.slope(found.trusting)))
    if found.doubting is not None:
        slopes.append(("Doubted too much", "Sound statements put at 50% or more", drawing.slope(found.doubting)))
    return LabPage(
        report=report,
        headline=words.headline(report),
        flawed=flawed,
        sound=tuple(one for one in items if not one.figures.flawed),
        talk=next((one for one in flawed if _worth_a_talk(one)), None),
        table=tuple(one for one in ranked if one.sign.needs),
        others=tuple(one for one in ranked if not one.sign.needs and one.sign.name != "few"),
        few=tuple(one for one in ranked if one.sign.name == "few"),
        slopes=tuple(slopes),
        reliability=Reliability(found.bands) if any(band.flawed.enough for band in found.bands) else None,
        corrected=words.corrected(found),
        honesty=words.honesty(found),
    )


def _item(report: LabReport, one: ItemFigures) -> ItemView:
    return ItemView(one, report.wording[one.item], report.signs[one.item], drawing.strip(one.check, one.first_median))


def _worth_a_talk(one: ItemView) -> bool:
    """Enough answers for a sign, and half of the people or more let it pass."""
    right = one.figures.right_check
    return right.n >= MIN_SIGN and 2 * right.count <= right.n


def render(cohort: str, reports: Sequence[LabReport], *, made: datetime, base: str | None = None) -> str:
    """The page as one self-contained HTML file.

    Args:
        cohort: Cohort id.
        reports: Its labs.
        made: When the answers were read.
        base: Address of the server that shows the page, to link back; None: a file of its own.
    """
    return html.render(
        "report.html.j2",
        cohort=cohort,
        labs=[view(one) for one in reports],
        made=made.strftime("%Y-%m-%d %H:%M UTC"),
        base=base,
        draw=drawing,
        leaning=words.leaning,
        first=FIRST,
        most_squares=MOST_SQUARES,
        least={
            "group": MIN_GROUP,
            "sign": MIN_SIGN,
            "rest": MIN_LEARNERS,
            "change": MIN_PAIRS,
            "bands": MIN_LOSSES,
        },
    )
