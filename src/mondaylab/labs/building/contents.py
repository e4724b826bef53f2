"""What a build keeps of its contents, to be compared with the next quarter's: words, rules, base figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from mondaylab.errors import Refused
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.material import Material
from mondaylab.measures import Measure
from mondaylab.records import Record


class BaseFact(Record):
    """One of the lab's measures over the whole quarter, for everything or for one part of it."""

    measure: str
    """Its name in ``lab.toml``."""
    part: str | None = None
    """Such as ``region North``; none: everything."""
    value: float | None
    """None where it has no value on this data."""
    unit: str | None = None
    scale: float = 1.0
    """Displayed = value x scale."""
    decimals: int | None = None

    @property
    def name(self) -> str:
        """Such as ``margin, region North``."""
        return self.measure if self.part is None else f"{self.measure}, {self.part}"


class SectionHash(Record):
    """One section of the policy handbook."""

    title: str
    sha256: str


class Contents(Record):
    """``contents.json``, beside a build's ``data/``, never in it: what the lab was made of, and nothing secret."""

    FILE: ClassVar[str] = "contents.json"

    title: str
    declaration: dict[str, Any]
    """``lab.toml`` as it was read; of manuscripts each element as one line of text."""
    rows: dict[str, int]
    """Table -> rows, of the tables that the lab uses."""
    sections: dict[str, SectionHash]
    """Handbook section number -> its title and the hash of its text; the text is in ``data/texts``."""
    facts: tuple[BaseFact, ...]

    @classmethod
    def of(cls, material: Material) -> Contents:
        """Takes the contents of a lab on its snapshot."""
        declaration = material.declaration.model_dump(mode="json")
        for told, draft in zip(declaration["drafts"], material.declaration.drafts, strict=True):
            told["versions"] = [line for version in draft.versions for line in version.lines_of_text()]
        return cls(
            title=material.declaration.title,
            declaration=declaration,
            rows={name: len(table) for name, table in sorted(material.tables.items())},
            sections={
                number: SectionHash(title=section.title, sha256=hashlib.sha256(section.body.encode()).hexdigest())
                for number, section in material.handbook.sections.items()
            },
            facts=tuple(_facts(material, declaration)),
        )


def _facts(material: Material, declaration: Mapping[str, Any]) -> Iterator[BaseFact]:
    """Every declared measure over the whole quarter, and over each part that a claim cuts it to."""
    slots = {name: slot.field for name, slot in material.declaration.slots.items() if slot.field is not None}
    for name, measure in material.declaration.measures.items():
        shown = _shown(name, declaration["claims"])
        yield BaseFact(measure=name, value=_value(material, measure, {}), **shown)
        for field, slot in sorted(_cuts(name, declaration["claims"], slots)):
            entity, _, column = slots[slot].partition(".")
            for member in material.catalog.members(entity, column):
                value = _value(material, measure, {field: member})
                yield BaseFact(measure=name, part=f"{field} {member}", value=value, **shown)


def _value(material: Material, measure: Measure, cut: Mapping[str, str]) -> float | None:
    try:
        return material.catalog.evaluate(Figure(measure, "plain", cut, None).measure())
    except Refused:  # no rows, or a division by zero: a fact without a value is told as such
        return None


def _shown(measure: str, claims: list[Any]) -> dict[str, Any]:
    """Unit, scale and decimals that the first plain claim about the measure shows it with."""
    for claim in claims:
        if claim.get("measure") == measure and claim.get("view", "plain") == "plain" and claim.get("display"):
            display = claim["display"]
            return {name: display[name] for name in ("unit", "scale", "decimals") if display.get(name) is not None}
    return {}


def _cuts(measure: str, claims: list[Any], slots: Mapping[str, str]) -> set[tuple[str, str]]:
    """(Field, slot) pairs that claims about the measure are cut by; weeks are no part of a quarter's figure."""
    cuts = [claim.get("by") or {} for claim in claims if claim.get("measure") == measure]
    return {(field, slot) for by in cuts for field, slot in by.items() if slot in slots}
