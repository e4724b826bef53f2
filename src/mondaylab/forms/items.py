"""Item statistics: what grading found out about a lab's items, and which of them are retired."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from mondaylab.records import Record, content_hash

MIN_ANSWERS = 30
"""No item is retired on fewer answers."""
MIN_DISCRIMINATION = 0.05
"""Least correlation between getting the item right and doing well on the rest."""
GOOD_DISCRIMINATION = 0.20
"""From here on an item counts in full; below, it is a marginal one (Ebel and Frisbie, Essentials of Educational
Measurement, 1991) and is drawn less often."""
MIN_WEIGHT = 0.25
DIFFICULTY = (0.02, 0.98)
"""Share of right answers outside of which an item tells nobody from nobody."""

ItemId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+\|(sound|foil|[a-z][a-z0-9_]*)$")]


class ItemStatistic(Record):
    """One item: a claim template in one flaw state."""

    item: ItemId
    """``<claim template>|<flaw operator>``, or ``|sound`` or ``|foil`` for a true claim."""
    n: int = Field(ge=0)
    """Learners who answered it after checking."""
    difficulty: float | None = Field(default=None, ge=0, le=1)
    """Share who were right: doubted (p >= 50) what is wrong, or did not doubt what is true; none without an answer."""
    discrimination: float | None = Field(default=None, ge=-1, le=1)
    """Corrected item-total correlation; none where it is not defined (everybody right, or everybody wrong)."""

    @model_validator(mode="after")
    def _answered(self) -> Self:
        if self.n > 0 and self.difficulty is None:
            raise ValueError(f"item {self.item!r} has answers but no difficulty")
        return self

    @property
    def is_retired(self) -> bool:
        """Whether it tells good judgement from bad no longer (n >= 30, and too easy, too hard or beside the point).

        The row "nothing is missing" belongs to every draft, and is never retired.
        """
        if self.n < MIN_ANSWERS or self.difficulty is None or self.item.partition("|")[0].endswith(".missing"):
            return False
        low, high = DIFFICULTY
        if not low <= self.difficulty <= high:
            return True
        return self.discrimination is not None and self.discrimination < MIN_DISCRIMINATION

    @property
    def weight(self) -> float:
        """How often it is drawn beside a good item, in [0.25, 1]; 1 below 30 answers: nothing is known of it yet."""
        if self.n < MIN_ANSWERS or self.discrimination is None:
            return 1.0
        return round(min(1.0, max(MIN_WEIGHT, self.discrimination / GOOD_DISCRIMINATION)), 2)


class ItemPlan(Record):
    """What item statistics mean for drawing the forms of one lab."""

    retired: tuple[ItemId, ...] = ()
    """Items (claim template | flaw state) that no form draws any more, sorted."""
    weights: dict[ItemId, float] = Field(default_factory=dict)
    """Item -> how often it is drawn beside a good one, in (0, 1); what is not named counts 1."""

    @property
    def hash(self) -> str | None:
        """SHA-256 of it; none if it changes nothing: other answers alone make no other build."""
        return None if self == ItemPlan() else content_hash(self.model_dump(mode="json"))

    def is_retired(self, template: str, state: str) -> bool:
        """Whether a template is not to be drawn in this state: an operator, ``sound`` or ``foil``."""
        return f"{template}|{state}" in self.retired

    def weight(self, template: str, operator: str) -> float:
        """How often this flaw of this template is drawn beside a good one."""
        return self.weights.get(f"{template}|{operator}", 1.0)


class LabItems(Record):
    """The items of one lab."""

    lab: str = Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")
    items: tuple[ItemStatistic, ...]

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [item.item for item in self.items]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}")
        return self


class ItemStatistics(Record):
    """``items.json``: what grading writes and the next build reads."""

    labs: tuple[LabItems, ...]

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [lab.lab for lab in self.labs]
        if len(set(names)) != len(names):
            raise ValueError("a lab is listed twice")
        return self

    def of_lab(self, lab: str) -> tuple[ItemStatistic, ...]:
        """The lab's items; none if grading has seen none of it."""
        return next((entry.items for entry in self.labs if entry.lab == lab), ())

    def retired(self, lab: str) -> tuple[str, ...]:
        """Ids of the lab's retired items, sorted."""
        return tuple(sorted(item.item for item in self.of_lab(lab) if item.is_retired))

    def plan(self, lab: str) -> ItemPlan:
        """What the next build of the lab does with them."""
        kept = (item for item in self.of_lab(lab) if not item.is_retired and item.weight < 1)
        return ItemPlan(retired=self.retired(lab), weights={item.item: item.weight for item in kept})
