"""Meanings: which figure an author says is meant, chosen from menus, in the words that ``--means`` takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.claims.figures import entities
from mondaylab.labs.claims.text_claim import About, TextClaim
from mondaylab.records import Record

When = Literal["week", "week before", "quarter"]
WHOLE = "whole company"
_UNSAYABLE = re.compile(r",|\bagainst\b")
"""What parts the words of a meaning, and so cannot stand in a name."""


class Meaning(Record):
    """Which figure is meant: never its value."""

    measure: str
    cut: dict[str, str] = {}
    """Field -> member; none: the whole company."""
    when: When
    against: str = ""
    """What it is held against: a time, the whole company, or ``FIELD=MEMBER, ...``; nothing for a plain figure."""

    def words(self) -> str:
        """As ``--means`` takes it behind the number."""
        slices = [f"{field}={member}" for field, member in self.cut.items()] or [WHOLE]
        said = ", ".join([self.measure, *slices, self.when])
        return f"{said} against {self.against}" if self.against else said

    @classmethod
    def of(cls, claim: TextClaim, lexicon: Lexicon) -> Meaning | None:
        """What a claim means, as the menus would say it; none where they cannot."""
        when = _when(claim.about.week, lexicon)
        against = _against(claim, lexicon)
        if when is None or against is None:
            return None
        return cls(measure=claim.about.measure, cut=claim.about.cut, when=when, against=against)


def _when(week: date | None, lexicon: Lexicon) -> When | None:
    if week is None:
        return "quarter"
    if lexicon.week is None:
        return None
    return "week" if week == lexicon.week else "week before" if week == lexicon.before else None


def _against(claim: TextClaim, lexicon: Lexicon) -> str | None:
    about, other = claim.about, claim.against
    if other is None:
        return ""
    if other.week != about.week:
        return _when(other.week, lexicon) if other.cut == about.cut else None
    if not other.cut:
        return WHOLE
    return ", ".join(f"{field}={name}" for field, name in other.cut.items() if about.cut.get(field) != name) or None


def whens(lexicon: Lexicon) -> tuple[When, ...]:
    """The times that an answer can speak of."""
    return ("quarter",) if lexicon.week is None else ("week", "week before", "quarter")


def members(answered: Answered) -> dict[str, list[str]]:
    """Field -> the members that can be named, the answer's own first."""
    found: dict[str, list[str]] = {}
    for field, member in answered.lexicon.members.values():
        names = found.setdefault(field, [])
        if member not in names and not _UNSAYABLE.search(member):
            names.append(member)
    own = set(answered.subject.slots.values())
    return {field: sorted(names, key=lambda name: (name not in own, name)) for field, names in found.items()}


def fields_of(answered: Answered, measure: str, fields: Sequence[str]) -> list[str]:
    """Those of the fields by which a measure can be cut."""
    catalog = answered.writer.data.catalog
    there = [catalog.frame(entity).columns for entity in entities(answered.writer.facts.measures[measure])]
    return [field for field in fields if all(field in columns for columns in there)]


def menus(answered: Answered) -> dict[str, Any]:
    """All that the menus offer, as plain data: the lab's own measures, members and times."""
    known = members(answered)
    return {
        "measures": [
            {"id": name, "name": named.says[0], "fields": fields_of(answered, name, [*known])}
            for name, named in answered.asking.names.items()
        ],
        "members": known,
        "whens": [{"id": one, "name": when_words(one, answered.lexicon)} for one in whens(answered.lexicon)],
        "whole": WHOLE,
    }


def when_words(when: When, lexicon: Lexicon) -> str:
    """A time as people say it."""
    week = lexicon.week if when == "week" else lexicon.before
    return "the quarter" if when == "quarter" or week is None else f"week {week.isocalendar().week}"


def figure_words(answered: Answered, about: About) -> str:
    """Which figure, by the measure's usual name."""
    whose = ", ".join(about.cut.values()) or f"the {WHOLE}"
    when = "the quarter" if about.week is None else f"week {about.week.isocalendar().week}"
    return f"{answered.asking.names[about.measure].says[0]} of {whose} in {when}"


def claim_words(answered: Answered, claim: TextClaim) -> str:
    """What a claim means, in words."""
    whose = figure_words(answered, claim.about)
    return whose if claim.against is None else f"{whose}, against {figure_words(answered, claim.against)}"
