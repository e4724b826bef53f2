"""What a lab's measures and slices are called in texts about one subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from mondaylab.labs.claims.figures import WEEK, entities
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.sources.asking import Asking, Named, TextRequest
from mondaylab.labs.writer import ClaimWriter


@dataclass(frozen=True)
class Lexicon:
    """The words of one lab for texts about one subject.

    Attributes:
        names: Measure -> what it is called and how it is shown.
        measures: Name in small letters -> the measures that it may mean, which their units tell apart.
        members: Member in small letters -> field and member.
        subject: Field -> the one member that the text is about; none where it is about several.
        cuts: Measure -> the fields by which figures of it are cut.
        open: Measure -> those of them that only some of its figures are cut by: a text has to name them.
        week: Monday of the week that the text is about; none: the whole quarter.
        before: Monday of the week before.
        weeks: ISO week -> its Monday, of the quarter.
    """

    names: Mapping[str, Named]
    measures: Mapping[str, tuple[str, ...]]
    members: Mapping[str, tuple[str, str]]
    subject: Mapping[str, str]
    cuts: Mapping[str, frozenset[str]]
    open: Mapping[str, frozenset[str]]
    week: date | None
    weeks: Mapping[int, date]

    @classmethod
    def of(cls, writer: ClaimWriter, asking: Asking, request: TextRequest, subject: Slices) -> Lexicon:
        """The words for answers to a request about a subject."""
        fields = _fields(writer, request)
        members: dict[str, tuple[str, str]] = {}
        for field, of in _all_fields(writer, request).items():
            entity, _, name = of.partition(".")
            for member in writer.data.catalog.members(entity, name):
                for spelling in _spellings(member):
                    members.setdefault(spelling, (field, member))
        drawn = {field: {subject.slots[slot] for slot in slots} for field, slots in fields.items()}
        weekly = any("period" in row.by for row in request.rows)
        cuts: dict[str, frozenset[str]] = {}
        common: dict[str, frozenset[str]] = {}
        for row in request.rows:
            if own := frozenset(set(row.by) - {"period"}):
                cuts[row.measure] = cuts.get(row.measure, own) | own
                common[row.measure] = common.get(row.measure, own) & own
        return cls(
            names=asking.names,
            measures=_meanings(asking),
            members=members,
            subject={field: next(iter(found)) for field, found in drawn.items() if len(found) == 1},
            cuts={name: cuts.get(name) or _fields_of(writer, name, fields) for name in asking.names},
            open={name: cuts[name] - common[name] for name in cuts},
            week=subject.week if weekly else None,
            weeks={monday.isocalendar().week: monday for monday in writer.data.weeks},
        )

    @cached_property
    def firsts(self) -> frozenset[str]:
        """The first words of all names, in small letters."""
        return frozenset(name.split()[0] for name in (*self.measures, *self.members))

    @property
    def before(self) -> date | None:
        """Monday of the week before."""
        return None if self.week is None else self.week - timedelta(days=WEEK)


def _fields(writer: ClaimWriter, request: TextRequest) -> dict[str, list[str]]:
    """Field -> the slots by which the request's rows cut it."""
    found: dict[str, list[str]] = {}
    for row in request.rows:
        for field, slot in row.by.items():
            if field != "period" and slot not in found.setdefault(field, []):
                found[field].append(slot)
    return found


def _fields_of(writer: ClaimWriter, measure: str, fields: Iterable[str]) -> frozenset[str]:
    """The fields by which a measure that no row has can be cut: those that all of its concepts have."""
    there = [writer.data.catalog.frame(entity).columns for entity in entities(writer.facts.measures[measure])]
    return frozenset(field for field in fields if all(field in columns for columns in there))


def _all_fields(writer: ClaimWriter, request: TextRequest) -> dict[str, str]:
    """Field -> ``concept.field`` whose members a text may name: the request's own first, then all others of the lab."""
    slots = [slot for row in request.rows for field, slot in row.by.items() if field != "period"]
    found: dict[str, str] = {}
    for name in [*slots, *writer.lab.slots]:
        of = writer.lab.slots[name].field
        if of is not None:
            found.setdefault(of.partition(".")[2], of)
    return found


def _spellings(member: str) -> set[str]:
    plain = member.lower()
    return {plain, plain.replace("_", " "), plain.replace("_", "-")}


def _meanings(asking: Asking) -> dict[str, tuple[str, ...]]:
    """Every name, in singular and plural, with the measures that it may mean."""
    found: dict[str, tuple[str, ...]] = {}
    for measure, named in asking.names.items():
        for name in _said(named):
            found[name] = (*found.get(name, ()), measure)
    return found


def _said(named: Named) -> set[str]:
    """Its names in singular and plural."""
    names = {*named.says}
    singular = {re.sub(r"s$", "", name) for name in names if name.endswith("s") and not name.endswith("ss")}
    return names | singular | {f"{name}s" for name in names if not name.endswith("s")}
