"""A claim that names the strongest few of a group: true when they are, by the score that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal
from weakref import WeakKeyDictionary

import pandas as pd
from pydantic import Field

from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.slots import Slices, frame_with
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.measures import Measure
from mondaylab.measures.catalog import Catalog
from mondaylab.measures.columns import spelled_among
from mondaylab.measures.needs import Needs, cut_fields, together

Lists = tuple[list[str] | None, list[list[str] | None]]
# as long as the tables live: a claim asks for the same people each time it is stated, judged and worded
_LISTS: WeakKeyDictionary[Catalog, dict[tuple[object, ...], Lists]] = WeakKeyDictionary()


class ShortlistTemplate(Template):
    """The top `n` records of a cut by one field.

    The flaw is a list from which everybody with a certain attribute was left out first. Its words are those of a fair
    list: only the data tells them apart.
    """

    known_operators: ClassVar[tuple[str, ...]] = ("unfair_exclusion",)
    own_words: ClassVar[tuple[str, ...]] = ("names",)

    kind: Literal["shortlist"] = "shortlist"
    entity: str
    score: str
    """Field that counts; the highest are the strongest."""
    n: int = Field(3, ge=1, le=6)
    passed_over: dict[str, tuple[str, ...]] = Field(min_length=1)
    """Field -> values of people who must not be left out for it, and are in a flawed list."""
    because: str
    """What the flawed list did, for feedback."""
    operators: tuple[str, ...] = ("unfair_exclusion",)

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        # where nobody could be passed over there is nothing to check, and the site would tell that the list is fair
        top = self._lists(facts, slices)[0] if self.wrong(facts, slices, "unfair_exclusion") else None
        return () if top is None else (_said(top),)

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        right, lists = self._lists(facts, slices)
        if right is None:
            return ()
        return [_said(names) for names in lists if names is not None and set(names) != set(right)]

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        top = self._lists(facts, slices)[0]
        return top is not None and _said(top) == statement

    def why(self, facts: LabFacts, slices: Slices, statement: Statement, says: str | None) -> str:
        right = self._lists(facts, slices)[0] or []
        if says is None:
            return f"True: these are the {self.n} highest by {self.score}."
        return f"By {self.score} the {self.n} highest are {_listed(right)}: {self.because}."

    def query(self, facts: LabFacts, slices: Slices, statement: Statement) -> str:
        cut = ", ".join(f"{field} = {value}" for field, value in slices.cut(self.by).items())
        return f"the {self.n} highest {self.score} of {self.entity} where {cut}"

    def needs(self, measures: Mapping[str, Measure]) -> Needs:
        return together(super().needs(measures), {self.entity: {self.score, *self.passed_over, *cut_fields(self.by)}})

    def _lists(self, facts: LabFacts, slices: Slices) -> Lists:
        """The right list, and the one without each of those who are passed over; none where it is left open."""
        known = _LISTS.setdefault(facts.data.catalog, {})
        over = tuple(self.passed_over.items())
        asked = (self.entity, self.score, self.n, over, tuple(slices.cut(self.by).items()))
        if asked not in known:
            rows = self._rows(facts, slices)
            right = self._top(rows)
            fair = [] if right is None else [rows[~spelled_among(rows[field], left_out)] for field, left_out in over]
            known[asked] = (right, [self._top(left) for left in fair])
        return known[asked]

    def _rows(self, facts: LabFacts, slices: Slices) -> pd.DataFrame:
        fields = {self.score, *self.passed_over, *(set(self.by) - {"period"})}
        frame = frame_with(facts.data.catalog, self.entity, fields, whose="a shortlist")
        keep = facts.data.catalog.matching(self.entity, slices.cut(self.by)) & frame[self.score].notna().to_numpy()
        return frame.loc[keep, ["_key", self.score, *self.passed_over]]

    def _top(self, rows: pd.DataFrame) -> list[str] | None:
        """Keys of the `n` highest, in the order of their keys; none when a tie or too few rows leave it open."""
        scores = rows[self.score].sort_values(ascending=False)
        if len(scores) <= self.n or scores.iloc[self.n - 1] == scores.iloc[self.n]:
            return None
        return sorted(str(key) for key in rows.loc[scores.index[: self.n], "_key"])


def _said(names: list[str]) -> dict[str, str]:
    return {"names": _listed(names)}


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
