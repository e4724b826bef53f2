"""SQL on concepts: it gives what the rows give, and reaches nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from mondaylab.concepts import queries
from mondaylab.concepts.queries import Queries, literal, quoted
from mondaylab.errors import Refused

FRAME = pd.DataFrame({"net": [1.5, 2.5, None], "order": ["a", "a", "b"], 'odd "name"': [1, 2, 3]})


@pytest.fixture
def asked() -> Queries:
    return Queries(["order_line", "order"], lambda _: FRAME)


def test_a_query_gives_a_table_or_one_number(asked):
    table = asked.table('SELECT "order", COUNT(net) AS n FROM order_line GROUP BY "order" ORDER BY 1')
    assert table.to_dict("list") == {"order": ["a", "b"], "n": [2, 0]}
    assert asked.value("SELECT SUM(net) FROM order_line", ["order_line"]) == 4.0
    assert asked.value("SELECT AVG(net) FROM order_line WHERE net > 9", ["order_line"]) is None
    assert asked.value('SELECT COUNT(*) FROM "order"', ["order"]) == 3, "a concept called like a word of SQL"
    with pytest.raises(Refused, match="3 rows of 3 columns"):
        asked.value("SELECT * FROM order_line", ["order_line"])
    with pytest.raises(Refused, match="no number"):
        asked.value('SELECT MIN("order") FROM order_line', ["order_line"])


def test_names_and_texts_are_written_as_sql_writes_them(asked):
    name, text = quoted('odd "name"'), literal("it's")
    assert asked.value(f"SELECT SUM({name}) FROM order_line", ["order_line"]) == 6
    assert asked.table(f"SELECT {text} AS said").loc[0, "said"] == "it's"


@pytest.mark.parametrize(
    "attempt",
    [
        "COPY order_line TO '{path}'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "ATTACH '{path}'",
        "EXPORT DATABASE '{path}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "SET threads = 8",
        "SELECT * FROM SECRET_FRAME",
        "SELECT getenv('HOME')",
        "not SQL at all",
    ],
)
def test_a_query_reaches_no_file_network_setting_or_variable(asked, tmp_path, attempt):
    SECRET_FRAME = FRAME  # noqa: F841
    with pytest.raises(Refused):
        asked.table(attempt.format(path=tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []


def test_a_query_has_a_time_and_a_length(asked, monkeypatch):
    monkeypatch.setattr(queries, "SECONDS", 0.2)
    with pytest.raises(Refused, match=r"longer than 0\.2 s"):
        asked.table("SELECT SUM(a.range * b.range) FROM range(1000000) AS a, range(1000000) AS b")
    assert asked.value("SELECT COUNT(*) FROM order_line", ["order_line"]) == 3, "and the next one runs"
    with pytest.raises(Refused, match="at the most"):
        asked.table("SELECT 1 " + " " * queries.LONGEST)


@pytest.mark.parametrize(
    "attempt",
    [
        "DELETE FROM order_line",
        "UPDATE order_line SET net = 0",
        "INSERT INTO order_line (net) VALUES (1)",
        "DROP TABLE order_line",
        "CREATE TABLE more AS SELECT 1",
        "CREATE OR REPLACE TEMP VIEW order_line AS SELECT 1",
        "BEGIN",
        "SELECT 1; DELETE FROM order_line",
        "SELECT 1; SELECT 2",
        "EXPLAIN ANALYZE DELETE FROM order_line",
        "WITH gone AS (SELECT 1) DELETE FROM order_line",
        "",
    ],
)
def test_a_query_only_reads_so_that_the_next_one_finds_the_same_rows(asked, attempt):
    count = "SELECT COUNT(*) AS n, SUM(net) AS net FROM order_line"
    before = asked.table(count)
    with pytest.raises(Refused):
        asked.table(attempt)
    assert asked.table(count).equals(before)


def test_a_query_that_gives_too_many_rows_says_so(asked, monkeypatch):
    monkeypatch.setattr(queries, "ROWS", 3)
    assert len(asked.table("SELECT * FROM order_line")) == 3
    monkeypatch.setattr(queries, "ROWS", 2)
    with pytest.raises(Refused, match="more than 2 rows"):
        asked.table("SELECT * FROM order_line")


def test_a_query_is_run_once(asked, monkeypatch):
    first = asked.value("SELECT COUNT(*) FROM order_line", ["order_line"])
    monkeypatch.setattr(asked, "_run", None)
    assert asked.value("SELECT COUNT(*) FROM order_line", ["order_line"]) == first
