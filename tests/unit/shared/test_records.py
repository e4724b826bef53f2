"""Records: a copy made without checks is the copy that pydantic makes."""

from __future__ import annotations

from datetime import date

import pytest

from mondaylab.measures import Aggregate, Period
from mondaylab.records import altered

NET = Aggregate(how="sum", entity="order_line", field="net", where={"status": ("completed",)})


def test_an_altered_record_is_a_model_copy_and_leaves_the_first_alone():
    changes = {"where": {}, "period": Period.week(date(2026, 11, 2))}
    fast, plain = altered(NET, **changes), NET.model_copy(update=changes)
    assert fast == plain and fast.canonical() == plain.canonical()
    assert fast.model_fields_set == plain.model_fields_set and NET.where == {"status": ("completed",)}
    with pytest.raises(ValueError, match="frozen"):
        fast.how = "mean"
