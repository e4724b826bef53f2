from __future__ import annotations

import pandas as pd
import pytest

from mondaylab.datasets.integrity.cells import Cells
from mondaylab.datasets.integrity.keys import Keys, stem_of
from mondaylab.datasets.policy import Policy


def keys(
    tables: dict[str, dict[str, list[str]]], kept: tuple[str, ...] = (), **declared: list[str]
) -> dict[str, tuple[str, ...]]:
    """The keys found in tables whose columns are pseudonyms of a domain called as the column, or kept codes."""
    columns = {column for table in tables.values() for column in table}
    policy = Policy.parse(
        {
            "company": "c",
            "steward": "s",
            "domains": {column: {"prefix": "X"} for column in columns},
            "tables": {
                name: {
                    "columns": {
                        column: {"do": "keep", "type": "code", "pattern": ".*"}
                        if column in kept
                        else {"do": "pseudonym", "domain": column}
                        for column in table
                    },
                    **({"key": declared[name]} if name in declared else {}),
                }
                for name, table in tables.items()
            },
        },
        where="test",
    )
    return Keys(policy, Cells({name: pd.DataFrame(table, dtype="str") for name, table in tables.items()})).of


ONE_EACH, REPEATED = ["1", "2", "3", "4", "5"], ["1", "1", "2", "2", "2"]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (
            {"customers": {"name_x": ONE_EACH, "customer_id": REPEATED}},
            {"customers": ("customer_id",)},
        ),  # by name alone
        ({"Track": {"TrackId": ONE_EACH}}, {"Track": ("TrackId",)}),
        ({"parties": {"party_no": ONE_EACH}}, {"parties": ("party_no",)}),
        ({"things": {"id": ONE_EACH}}, {"things": ("id",)}),
        ({"order_lines": {"order_id": REPEATED, "line_id": ONE_EACH}}, {"order_lines": ("line_id",)}),
        ({"ledger": {"entry_id": ONE_EACH}}, {"ledger": ("entry_id",)}),  # the first identifier, by its rows
        ({"visits": {"customer_id": REPEATED}}, {}),
        (
            {"orders": {"order_id": ONE_EACH}, "shipped": {"order_id": ONE_EACH}},  # unique, and another table's
            {"orders": ("order_id",)},
        ),
    ],
)
def test_keys_are_found_by_name_and_then_by_rows(
    tables: dict[str, dict[str, list[str]]], expected: dict[str, tuple[str, ...]]
) -> None:
    assert keys(tables) == expected


def test_a_declared_key_stands() -> None:
    tables = {"orders": {"order_id": REPEATED, "line": ONE_EACH}}
    assert keys(tables) == {"orders": ("order_id",)}
    assert keys(tables, orders=["order_id", "line"]) == {"orders": ("order_id", "line")}
    assert keys(tables, orders=[]) == {}


@pytest.mark.parametrize(
    ("column", "stem"),
    [
        ("customer_id", "customer"),
        ("CustomerId", "customer"),
        ("id", ""),
        ("Kunden-Nr", "kunden"),
        ("order key", "order"),
    ],
)
def test_stems(column: str, stem: str) -> None:
    assert stem_of(column) == stem
