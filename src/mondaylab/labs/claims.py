"""Claims made from templates: a sentence, the value it states, and the truth it is measured against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mondaylab.errors import Refused
from mondaylab.labs.declaration import (
    CauseTemplate,
    ClaimTemplate,
    FigureTemplate,
    LabDeclaration,
    RuleTemplate,
    SourceTemplate,
)
from mondaylab.labs.figures import Figure
from mondaylab.labs.flaws import FIGURE_OPERATORS, FlawTable, Ground
from mondaylab.labs.handbook import Handbook
from mondaylab.labs.measures import Measure, describe
from mondaylab.labs.shown import Severity
from mondaylab.labs.wording import check_numbers, phrase, spelled
from mondaylab.records import content_hash

SEPARATION = 3.0
"""A seeded value differs from the truth by more than this many tolerances."""
PLAUSIBLE = (0.25, 4.0)
"""A seeded figure stays within these factors of the truth, or nobody would believe it."""


@dataclass(frozen=True)
class Claim:
    """One sentence with its truth.

    Attributes:
        template: The claim template's id.
        text: The sentence.
        words: The slot words in it, for code that wants them apart (validator task).
        flawed: Whether it is wrong, by evaluation.
        operator: What seeded the flaw.
        stated: Value as shown, in displayed units; none for claims without a number.
        truth: True value, likewise.
        unit: Displayed unit.
        tolerance: Half a displayed step.
        severity: Of the flaw.
        why: Plain words for feedback.
        query: What proves the truth.
        fact: Hash of what must be known to judge it: claims with the same fact betray each other.
    """

    template: str
    text: str
    words: Mapping[str, str]
    flawed: bool
    operator: str | None
    why: str
    query: str
    fact: str
    stated: float | None = None
    truth: float | None = None
    unit: str | None = None
    tolerance: float = 0.0
    severity: Severity | None = None
    foil: bool = False


@dataclass(frozen=True)
class Drawn:
    """The slices that a form drew for one claim: slot -> value, and the draft's reporting week."""

    slots: Mapping[str, str]
    week: date

    def words(self) -> dict[str, str]:
        """What phrasings may say of them."""
        return {**self.slots, "week": f"week {self.week.isocalendar().week}"}

    def cut(self, by: Mapping[str, str]) -> dict[str, str]:
        """Field -> value for the fields of a template's cut."""
        return {field: self.slots[slot] for field, slot in by.items() if field != "period"}


class ClaimWriter:
    """Makes claims of one lab on one snapshot, sound or with a seeded flaw."""

    def __init__(self, lab: LabDeclaration, flaws: FlawTable, ground: Ground, handbook: Handbook) -> None:
        self.lab = lab
        self.flaws = flaws
        self.ground = ground
        self.handbook = handbook

    def figure(self, template: FigureTemplate, drawn: Drawn) -> Figure:
        """The figure that a template states about drawn slices."""
        week = drawn.week if "period" in template.by else None
        return Figure(self.lab.measures[template.measure], template.view, drawn.cut(template.by), week)

    def write(
        self, template: ClaimTemplate, drawn: Drawn, operator: str | None, phrasing: int, choice: int
    ) -> Claim | None:
        """One claim, or none when these slices give no valid one.

        Args:
            template: What the claim says.
            drawn: What it says it about.
            operator: The flaw to seed; none for a sound claim.
            phrasing: Which phrasing (taken modulo their number).
            choice: Which of the plausible wrong values (modulo their number).
        """
        match template:
            case FigureTemplate():
                return self._figure(template, drawn, operator, phrasing, choice)
            case CauseTemplate():
                return self._cause(template, drawn, operator, phrasing)
            case RuleTemplate():
                return self._rule(template, drawn, operator, phrasing, choice)
            case SourceTemplate():
                return self._source(template, drawn, operator, phrasing, choice)

    def candidates(self, template: FigureTemplate, drawn: Drawn, operator: str) -> list[float]:
        """Displayed wrong values that an operator can seed here: apart from the truth, plausible, not true by accident.

        The truth they must differ from is the claim's own; a seeded value that another reading of the sentence would
        make true is kept out by the operator's definition (it changes what is measured, not how it is said).
        """
        figure = self.figure(template, drawn)
        truth = template.display.shown(self.ground.catalog.evaluate(figure.measure()))
        tolerance = template.display.step / 2
        values = []
        for measure in FIGURE_OPERATORS[operator](figure, self.ground):
            value = self._shown_or_none(template, measure)
            if value is None or abs(value - truth) <= SEPARATION * tolerance or value in values:
                continue
            if operator == "wrong_sign" or template.view == "rank" or _plausible(value, truth, template):
                values.append(value)
        return values

    def _shown_or_none(self, template: FigureTemplate, measure: Measure) -> float | None:
        try:
            return template.display.shown(self.ground.catalog.evaluate(measure))
        except Refused:  # a neighbour without a value (an empty week, say) is no candidate
            return None

    def _figure(
        self, template: FigureTemplate, drawn: Drawn, operator: str | None, phrasing: int, choice: int
    ) -> Claim | None:
        measure = self.figure(template, drawn).measure()
        truth = self._shown_or_none(template, measure)
        if truth is None or (template.view in ("growth", "points") and abs(truth) < 2 * template.display.step):
            return None
        stated = truth
        if operator is not None:
            wrong = self.candidates(template, drawn, operator)
            if not wrong:
                return None
            stated = wrong[choice % len(wrong)]
        display = template.display
        true_words, said_words = spelled(truth, display), spelled(stated, display)
        words = drawn.words() | {"value": said_words, "direction": "rose" if stated > 0 else "fell"}
        return Claim(
            template=template.id,
            text=self._sentence(template, words, phrasing),
            words=words,
            flawed=operator is not None,
            operator=operator,
            stated=stated,
            truth=truth,
            unit=display.unit,
            tolerance=display.step / 2,
            severity=None if operator is None else self.flaws.severity(operator, truth=truth, stated=stated),
            foil=template.pick in ("extreme", "round") and operator is None,
            why=self._why(operator, _moved(truth, true_words, template), _moved(stated, said_words, template)),
            query=f"{describe(measure)} = {_number(truth, template)}",
            fact=content_hash(measure.model_dump(mode="json")),
        )

    def _why(self, operator: str | None, truth: str, stated: str) -> str:
        if operator is None:
            return f"True: the data gives {truth}."
        return f"The data gives {truth}, not {stated}: {self.flaws.entry(operator).says}."

    def _cause(self, template: CauseTemplate, drawn: Drawn, operator: str | None, phrasing: int) -> Claim | None:
        driver = Figure(self.lab.measures[template.driver], "points", drawn.cut(template.by), drawn.week).measure()
        try:
            moved = self.ground.catalog.evaluate(driver)
        except Refused:  # no such rows in one of the weeks: the claim cannot be decided
            return None
        if abs(moved) < template.threshold:
            return None
        rose = moved > 0
        said = rose if operator is None else not rose
        words = drawn.words() | {"driver_direction": "rose" if said else "fell"}
        fact = "rose" if rose else "fell"
        why = f"True: the named driver {fact} that week." if operator is None else f"The named driver {fact} that week."
        return self._plain(template, drawn, operator, words, phrasing, why=why, query=describe(driver), fact=driver)

    def _rule(
        self, template: RuleTemplate, drawn: Drawn, operator: str | None, phrasing: int, choice: int
    ) -> Claim | None:
        self.handbook.check_limit(template.section, template.limit, template.unit)
        low, high = template.within if operator is None else template.beyond
        amount = low + choice % (high - low + 1)
        title = self.handbook.title(template.section)
        words = drawn.words() | {"amount": f"{amount} {template.unit}"}
        verdict = "within" if operator is None else "beyond"
        why = f"{amount} {template.unit} is {verdict} the limit of {template.limit:g} {template.unit} ({title})."
        query = f"handbook {template.section}: {title}"
        return self._plain(template, drawn, operator, words, phrasing, why=why, query=query, fact=f"{query} {amount}")

    def _source(
        self, template: SourceTemplate, drawn: Drawn, operator: str | None, phrasing: int, choice: int
    ) -> Claim | None:
        section = template.sections[choice % len(template.sections)]
        title = self.handbook.title(section)
        cited = section if operator is None else self.handbook.absent_section(section, choice)
        words = drawn.words() | {"section": cited, "title": title}
        if operator is None:
            why = f"True: section {section} is headed “{title}”."
        else:
            why = f"There is no section {cited}; “{title}” is section {section}."
        query = f"handbook {section}: {title}"
        return self._plain(template, drawn, operator, words, phrasing, why=why, query=query, fact=f"{query} {cited}")

    def _plain(
        self,
        template: CauseTemplate | RuleTemplate | SourceTemplate,
        drawn: Drawn,
        operator: str | None,
        words: Mapping[str, str],
        phrasing: int,
        *,
        why: str,
        query: str,
        fact: Measure | str,
    ) -> Claim:
        return Claim(
            template=template.id,
            text=self._sentence(template, words, phrasing),
            words=words,
            flawed=operator is not None,
            operator=operator,
            severity=None if operator is None else self.flaws.severity(operator),
            why=why,
            query=query,
            fact=content_hash(fact if isinstance(fact, str) else fact.model_dump(mode="json")),
        )

    def _sentence(self, template: ClaimTemplate, words: Mapping[str, str], phrasing: int) -> str:
        where = f"claim {template.id}"
        text = phrase(template.phrasings[phrasing % len(template.phrasings)], words, where=where)
        check_numbers(text, words.values(), where=where)
        return text


def _plausible(value: float, truth: float, template: FigureTemplate) -> bool:
    if truth == 0 or (value > 0) != (truth > 0):
        return False
    if template.view in ("growth", "points"):
        return abs(value) >= template.display.step
    low, high = PLAUSIBLE
    return low <= abs(value / truth) <= high


def _moved(value: float, words: str, template: FigureTemplate) -> str:
    if template.view in ("growth", "points"):
        return f"{'a rise' if value > 0 else 'a fall'} of {words}"
    return f"the {words} rank" if template.view == "rank" else words


def _number(value: float, template: FigureTemplate) -> str:
    return f"{value:,.{max(template.display.decimals, 0)}f} {template.display.unit}"
