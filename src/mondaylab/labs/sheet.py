"""Fact sheets: the figures that go with a request to the assistant, as a company's own tool would add them."""

from __future__ import annotations

import random
from datetime import timedelta

from mondaylab.labs.claims.figures import WEEK, Figure
from mondaylab.labs.claims.slots import Slices, draw_slot
from mondaylab.labs.claims.text_claim import About
from mondaylab.labs.claims.wording import spelled
from mondaylab.labs.sources.asking import Asking, Named, SheetRow, TextRequest
from mondaylab.labs.writer import ClaimWriter
from mondaylab.records import Record

WHOLE = "whole company"


class SheetFact(Record):
    """One row of a sheet, as it is sent."""

    about: tuple[About, ...]
    """Which figures: that of now, and where the row has it that of the week before."""
    label: str
    """What is measured and of what, in words."""
    now: str
    """The figure of the week, or of the whole quarter, with its unit."""
    before: str | None = None
    """That of the week before."""


def drawn_subject(writer: ClaimWriter, request: TextRequest, rng: random.Random) -> Slices | None:
    """Something that a request could be about, with a reporting week; none where two slots drew the same.

    Args:
        writer: Of the lab on its snapshot.
        request: What is asked.
        rng: What it is drawn by.
    """
    slots: dict[str, str] = {}
    for name in request.about:
        slots |= draw_slot(name, writer.lab.slots[name], writer.data.catalog, rng)
    subject = Slices(slots, rng.choice(writer.data.weeks[1:]))
    return None if len({*slots.values()}) < len(slots) else subject  # two carriers are two different ones


def sheet(writer: ClaimWriter, asking: Asking, request: TextRequest, subject: Slices) -> tuple[SheetFact, ...] | None:
    """The figures about a subject; none where the data has not all of them.

    Args:
        writer: Of the lab on its snapshot.
        asking: What measures are called and how they are shown.
        request: Whose rows.
        subject: What it is about.
    """
    rows: list[SheetFact] = []
    for row in request.rows:
        named = asking.names[row.measure]
        now = _told(writer, named, row, subject, 0)
        before = _told(writer, named, row, subject, WEEK) if row.before else None
        if now is None or (row.before and before is None):
            return None
        label = f"{named.says[0][0].upper()}{named.says[0][1:]}, {', '.join(subject.cut(row.by).values()) or WHOLE}"
        rows.append(SheetFact(about=told_by(row, subject), label=label, now=now, before=before))
    return tuple(rows)


def told_by(row: SheetRow, subject: Slices) -> tuple[About, ...]:
    """The figures that a row tells of a subject: that of now, and where the row has it that of the week before."""
    weeks = [subject.week, subject.week - timedelta(days=WEEK)] if "period" in row.by else [None]
    cut = subject.cut(row.by)
    return tuple(About(measure=row.measure, cut=cut, week=week) for week in weeks[: 1 + row.before])


def sheet_lines(facts: tuple[SheetFact, ...], request: TextRequest, subject: Slices) -> tuple[str, ...]:
    """The sheet as it is sent: a line for each row.

    Args:
        facts: Its rows.
        request: Whose rows they are.
        subject: What it is about.
    """
    week, before = (_week(subject, back) for back in (0, WEEK))
    when = f" in {week}" if request.weekly else ""
    lines = []
    for fact in facts:
        then = "" if fact.before is None else f", {fact.before} in {before}"
        lines.append(f"- {fact.label}: {fact.now}{when}{then}")
    return tuple(lines)


def _week(subject: Slices, back: int) -> str:
    return f"week {(subject.week - timedelta(days=back)).isocalendar().week}"


def _told(writer: ClaimWriter, named: Named, row: SheetRow, subject: Slices, back: int) -> str | None:
    week = subject.week - timedelta(days=back) if "period" in row.by else None
    figure = Figure(writer.facts.measures[row.measure], "plain", subject.cut(row.by), week)
    value = writer.data.value(figure.measure())
    return None if value is None else spelled(named.display.shown(value), named.display)
