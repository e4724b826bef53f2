"""Exports at the edges: empty tables, nobody known, odd but valid CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mondaylab.datasets.sanitize import sanitize
from mondaylab.errors import Refused
from mondaylab.settings import Site

POLICY = """
company: tiny
steward: the steward
domains:
  thing: {prefix: T}
tables:
  things:
    least_rows: 0
    key: []
    accepts: [{finding: blank_column, column: n, why: filled in other quarters}]
    columns:
      id: {do: pseudonym, domain: thing}
      day: {do: keep, type: date}
      since: {do: year}
      n: {do: keep, type: integer}
      price: {do: bin, width: 10}
      kind: {do: keep, type: choice, values: [a, b]}
      words: {do: scrub}
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "datasets" / "tiny").mkdir(parents=True)
    (tmp_path / "datasets" / "tiny" / "policy.yaml").write_text(POLICY, "utf-8")
    (tmp_path / "var" / "raw" / "tiny" / "2026Q4").mkdir(parents=True)
    return Site(tmp_path, tmp_path / "var")


def table(site: Site, data: bytes) -> pd.DataFrame:
    (site.raw / "tiny" / "2026Q4" / "things.csv").write_bytes(data)
    return sanitize(site, "tiny", "2026Q4").table("things")


HEADER = b"id,day,since,n,price,kind,words\n"


def test_a_table_without_rows(site: Site) -> None:
    frame = table(site, HEADER)
    assert len(frame) == 0
    assert list(frame.columns) == ["id", "day", "since", "n", "price", "kind", "words"]


def test_nobody_is_known_and_patterns_still_work(site: Site) -> None:
    frame = table(site, HEADER + b"1,2026-10-01,2020-01-01,3,14.5,a,mail me@home.example\n")
    assert frame["words"].tolist() == ["mail [EMAIL]"]
    assert frame.loc[0, ["since", "n", "price", "kind"]].tolist() == [2020, 3, 10.0, "a"]


def test_quotes_line_ends_and_a_byte_order_mark(site: Site) -> None:
    rows = '7,2026-10-01,2020-01-01,,2,,"two\r\nlines, ""quoted"""\r\n7 ,,,,,b,\r\n'
    text = f'\ufeff"id",day,since,n,price,kind,words\r\n{rows}'
    frame = table(site, text.encode())
    assert frame["id"].nunique() == 1
    assert set(frame["words"].dropna()) == {'two\r\nlines, "quoted"'}
    assert frame["n"].isna().all()


def test_columns_may_come_in_another_order(site: Site) -> None:
    lines = b"words,kind,price,n,since,day,id\nfine,a,1,1,2020-01-01,2026-10-01,1\n"
    assert list(table(site, lines).columns) == ["id", "day", "since", "n", "price", "kind", "words"]


def test_a_header_that_is_quoted_wrong(site: Site) -> None:
    with pytest.raises(Refused):
        table(site, b'id,day,since,n,price,kind,"words\n1,2026-10-01,2020-01-01,1,1,a,x\n')
