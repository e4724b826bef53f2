"""Records: a copy made without checks is the copy that pydantic makes."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from pydantic import PrivateAttr

from mondaylab.measures import (
    Aggregate,
    Growth,
    GrowthOver,
    Measure,
    Minus,
    Period,
    Product,
    Rank,
    Rate,
    Ratio,
    Scaled,
    TopShare,
)
from mondaylab.records import Record, altered

NET = Aggregate(how="sum", entity="order_line", field="net", where={"status": ("completed",)})


def test_an_altered_record_is_a_model_copy_and_leaves_the_first_alone():
    changes = {"where": {}, "period": Period.week(date(2026, 11, 2))}
    fast, plain = altered(NET, **changes), NET.model_copy(update=changes)
    assert fast == plain and fast.canonical() == plain.canonical()
    assert fast.model_fields_set == plain.model_fields_set and NET.where == {"status": ("completed",)}
    with pytest.raises(ValueError, match="frozen"):
        fast.how = "mean"


COUNT = Aggregate(how="count", entity="order_line")
WEEK = Period.week(date(2026, 11, 2))
KINDS = {
    one.kind: one
    for one in (
        NET,
        Minus(left=NET, right=NET),
        Product(left=NET, right=NET),
        Ratio(top=NET, bottom=NET),
        Rate(of=COUNT, holds={"status": ("late",)}),
        Growth(now=NET, before=NET),
        GrowthOver(of=NET, periods=2),
        Scaled(of=NET, factor=2.0),
        Rank(of=NET, entity="order_line", by="region", member="north"),
        TopShare(of=NET, entity="order_line", by="region", n=1),
    )
}


def test_a_measure_of_any_kind_is_copied_as_by_pydantic():
    assert {type(one) for one in KINDS.values()} == set(get_args(get_args(Measure)[0]))
    for one in KINDS.values():
        part = next(name for name in ("of", "left", "top", "now", "where") if name in type(one).model_fields)
        changes = {part: {} if part == "where" else NET.model_copy(update={"period": WEEK})}
        fast, plain = altered(one, **changes), one.model_copy(update=changes)
        assert fast == plain and fast.canonical() == plain.canonical()
        assert (fast.__dict__, fast.__pydantic_extra__) == (plain.__dict__, plain.__pydantic_extra__)
        assert (fast.__pydantic_private__, fast.model_fields_set) == (
            plain.__pydantic_private__,
            plain.model_fields_set,
        )


class Noting(Record):
    name: str
    _noted: str | None = PrivateAttr(None)


class Open(Record, extra="allow"):
    name: str


def test_an_altered_record_keeps_what_it_holds_beside_its_fields():
    first = Noting(name="one")
    first._noted = "told"
    copy = altered(first, name="two")
    assert (copy.name, copy._noted) == ("two", "told") and copy == first.model_copy(update={"name": "two"})
    copy._noted = "told anew"
    assert first._noted == "told"
    assert altered(Open(name="one", more=1), name="two").model_extra == {"more": 1}
