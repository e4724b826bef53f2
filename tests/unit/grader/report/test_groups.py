"""No small group shows, and none can be had by subtracting what shows from what else shows."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from mondaylab.grader.report.groups import MIN_GROUP, grouped, nested, people

FEW = settings(max_examples=40)  # a case takes long to draw


@dataclass(frozen=True)
class Row:
    learner: str
    item: str
    number: int

    @property
    def kind(self) -> str:
        return self.item[0]


def rows(*said: tuple[str, str]) -> list[Row]:
    return [Row(learner, item, number) for number, (learner, item) in enumerate(said)]


def of(count: int, item: str, start: int = 0) -> list[tuple[str, str]]:
    return [(f"p{number}", item) for number in range(start, start + count)]


answered = st.lists(
    st.tuples(st.integers(0, 9).map(str), st.sampled_from(["a1", "a2", "a3", "b1", "b2", "c1"])), max_size=60
).map(lambda said: rows(*said))


def enough(part: set[Row]) -> bool:
    return not part or people(part) >= MIN_GROUP


@FEW
@given(answered)
def test_every_difference_of_what_shows_is_nobody_or_enough_people(said):
    found = nested(said, lambda row: row.item, lambda row: row.kind)
    parts = [set(one) for one in (*found.items.values(), *found.kinds.values(), found.total)]
    # totals are unions of disjoint atoms: items, what else a kind counts, what else the total counts
    atoms = [set(one) for one in found.items.values()]
    for kind, counted in found.kinds.items():
        atoms.append(set(counted) - {row for item in found.items.values() for row in item if row.kind == kind})
    atoms.append(set(found.total) - {row for counted in found.kinds.values() for row in counted})
    assert all(enough(part) for part in (*parts, *atoms))
    assert set().union(*parts) == set(found.total) <= set(said)
    for one in parts:
        for other in parts:
            assert one <= other or other <= one or not one & other, "anything else could be subtracted"


@FEW
@given(answered)
def test_groups_and_rest_are_all_rows_or_leave_out_a_small_remainder(said):
    found = grouped(said, lambda row: row.item)
    assert sorted((*found.counted, *found.left), key=lambda row: row.number) == said
    assert people(found.left) < MIN_GROUP and enough(set(found.rest))
    assert len(found.shown) + found.hidden == len({row.item for row in said})


def test_five_people_show_and_four_do_not_however_often_they_answered():
    assert set(grouped(rows(*of(5, "a1"), *of(4, "a2"), *of(4, "a2")), lambda row: row.item).shown) == {"a1"}


def test_a_total_leaves_out_what_subtraction_would_tell_of_three_people():
    said = rows(*of(6, "a1"), *of(3, "a2"), *of(7, "b1"))
    found = nested(said, lambda row: row.item, lambda row: row.kind)
    assert len(found.kinds["a"]) == 6 and len(found.total) == 13 and found.hidden == 1


def test_a_total_counts_small_items_that_are_of_enough_people_together():
    said = rows(*of(6, "a1"), *of(3, "a2"), *of(3, "a3", start=3))
    found = nested(said, lambda row: row.item, lambda row: row.kind)
    assert len(found.kinds["a"]) == 12 and list(found.items) == ["a1"]


def test_small_kinds_count_in_the_total_once_they_are_of_enough_people_together():
    said = rows(*of(6, "a1"), *of(3, "b1"), *of(3, "c1", start=3))
    found = nested(said, lambda row: row.item, lambda row: row.kind)
    assert list(found.kinds) == ["a"] and len(found.total) == 12
