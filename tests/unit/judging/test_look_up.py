"""Selecting rows against plain pandas, the rows as HTML, the menus, and the case file."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.judging.case_file import case_page, find_case
from mondaylab.judging.look_up import LookUp, summary_words, view_html
from mondaylab.judging.rows import NONE, number, record_html, rows_html, rows_text, shown
from mondaylab.judging.selection import (
    HOWS,
    ROWS,
    Filter,
    Query,
    Summary,
    parse_day,
    parse_number,
    related,
    select,
    shared_keys,
)

ORDERS = pd.DataFrame(
    {
        "order_id": ["O1", "O2", "O3", "O4"],
        "customer_id": ["C1", "C1", "C2", None],
        "order_date": pd.to_datetime(["2026-10-05", "2026-11-12", "2026-11-12", None]),
        "region": ["North", "South", "north ", None],
        "amount": [10.0, 1250.5, None, -3.25],
        "note": ["<b>bold</b> & co", None, "a\nb", "x" * 60],
        "late": [1, 0, 0, 1],
    }
)
LINES = pd.DataFrame({"order_id": ["O1", "O1", "O2"], "line_id": ["L1", "L2", "L3"], "quantity": [1, 2, 3]})
CUSTOMERS = pd.DataFrame({"customer_id": ["C1", "C2"], "region": ["North", "South"], "since": [2016, 2020]})
TABLES = {"orders": ORDERS, "order_lines": LINES, "customers": CUSTOMERS}


def ids(query: Query) -> list[str]:
    return select(TABLES, query).rows.iloc[:, 0].tolist()


# -- the selection
@pytest.mark.parametrize(
    ("column", "how", "value", "found"),
    [
        ("region", "is", " NORTH", ["O1", "O3"]),
        ("region", "contains", "OUT", ["O2"]),
        ("region", "is empty", "", ["O4"]),
        ("amount", "at least", "10", ["O1", "O2"]),
        ("amount", "is", "1,250.50", ["O2"]),
        ("amount", "is", "EUR 1250,5", ["O2"]),
        ("amount", "at most", "\u22123.25", ["O4"]),
        ("amount", "is empty", "ignored", ["O3"]),
        ("order_date", "is", "12 Nov 2026", ["O2", "O3"]),
        ("order_date", "at most", "5.10.2026", ["O1"]),
        ("order_date", "at least", "November 12, 2026", ["O2", "O3"]),
        ("late", "is", "yes", ["O1", "O4"]),
        ("region", "is", "  ", ["O1", "O2", "O3", "O4"]),
    ],
)
def test_conditions(column: str, how: str, value: str, found: list[str]):
    query = Query(table="orders", filters=(Filter.model_validate({"column": column, "how": how, "value": value}),))
    assert ids(query) == found
    assert select(TABLES, query).matches == len(found)


@pytest.mark.parametrize(
    ("query", "error", "words"),
    [
        (Query(table="order"), NotFound, "no table 'order'"),
        (Query(table="orders", sort="x"), NotFound, "no column 'x'"),
        (Query(table="orders", filters=(Filter(column="x"),)), NotFound, "choose one of order_id"),
        (Query(table="orders", filters=(Filter(column="amount", value="much"),)), Refused, "“much” is no number"),
        (Query(table="orders", filters=(Filter(column="amount", value="nan"),)), Refused, "no number"),
        (Query(table="orders", filters=(Filter(column="order_date", value="11/12/2026"),)), Refused, "is no day"),
        (Query(table="orders", filters=(Filter(column="order_date", value="31 Feb 2026"),)), Refused, "is no day"),
        (Query(table="orders", filters=(Filter(column="region", how="at least", value="N"),)), Refused, "does not fit"),
        (Query(table="orders", summarise="region"), Refused, "no numbers"),
    ],
)
def test_what_cannot_be_looked_up_is_said(query: Query, error: type[MondaylabError], words: str):
    with pytest.raises(error, match=words):
        select(TABLES, query)


def test_numbers_and_days_as_people_type_them():
    for text, value in [("0.125", 0.125), (" 1 000 ", 1000.0), ("-5", -5.0), ("12,5", 12.5), ("€ 3", 3.0), (".5", 0.5)]:
        assert parse_number(text, "x") == value
    for text in ("12.5 %", "1e9", "inf", "1,2,3", "", "٣", "9" * 400):
        with pytest.raises(Refused):
            parse_number(text, "x")
    assert parse_day("2026-11-12", "x") == parse_day("12 november 2026", "x") == date(2026, 11, 12)


CELLS = {
    "number": st.one_of(st.none(), st.integers(-50, 50).map(lambda n: n / 4)),
    "text": st.one_of(st.none(), st.sampled_from(["a", "b", "ab", "B ", "ä", ""])),
    "date": st.one_of(st.none(), st.integers(0, 20).map(lambda n: pd.Timestamp(2026, 10, 1) + pd.Timedelta(n, "D"))),
}


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(st.integers(0, 70))
    columns = {kind: draw(st.lists(cells, min_size=rows, max_size=rows)) for kind, cells in CELLS.items()}
    return pd.DataFrame(
        {
            "text": pd.Series(columns["text"], dtype="str"),
            "number": pd.Series(columns["number"], dtype="float64"),
            "date": pd.Series(columns["date"], dtype="datetime64[us]"),
        }
    )


@st.composite
def conditions(draw: st.DrawFn) -> Filter:
    column = draw(st.sampled_from(["text", "number", "date"]))
    how = draw(st.sampled_from(HOWS[column]))
    cell = draw(CELLS[column])
    typed = "" if cell is None else f"{cell:%Y-%m-%d}" if column == "date" else str(cell)
    return Filter(column=column, how=how, value=typed)


def plainly(frame: pd.DataFrame, one: Filter) -> pd.DataFrame:
    """The same condition as a pandas user would write it."""
    cells = frame[one.column]
    if one.how == "is empty":
        return frame[cells.isna() | (cells.astype("str").str.strip() == "")]
    if one.value.strip() == "":
        return frame
    if one.column == "text":
        folded = cells.str.strip().str.lower()
        wanted = one.value.strip().lower()
        hits = folded == wanted if one.how == "is" else folded.str.contains(wanted, regex=False)
        return frame[hits.fillna(False).astype(bool)]
    value = float(one.value) if one.column == "number" else pd.Timestamp(one.value)
    return frame[{"is": cells.eq, "at least": cells.ge, "at most": cells.le}[one.how](value)]


@settings(max_examples=50)
@given(
    frames(),
    st.lists(conditions(), max_size=3),
    st.sampled_from([None, "text", "number", "date"]),
    st.booleans(),
)
def test_select_is_the_plain_pandas_filter(frame: pd.DataFrame, chosen: list[Filter], sort: str | None, down: bool):
    query = Query(table="t", filters=tuple(chosen), sort=sort, descending=down, summarise="number")
    view = select({"t": frame}, query)
    expected = frame
    for one in chosen:
        expected = plainly(expected, one)
    total = expected["number"].sum()
    assert (view.matches, view.total) == (len(expected), len(frame))
    assert view.summary is not None
    assert view.summary.n == expected["number"].count()
    assert view.summary.sum in (None, total)
    assert view.summary.mean == (None if view.summary.n == 0 else expected["number"].mean())
    if sort is not None:
        expected = expected.sort_values(sort, ascending=not down, kind="stable")
    pd.testing.assert_frame_equal(view.rows, expected.head(ROWS))


def test_rows_with_equal_values_keep_their_order():
    frame = pd.DataFrame({"n": [3, 1, 2] * 100})
    for down in (False, True):
        rows = select({"t": frame}, Query(table="t", sort="n", descending=down), limit=300).rows
        assert all(group.index.is_monotonic_increasing for _, group in rows.groupby("n"))


def test_related_rows():
    assert shared_keys(TABLES, "orders") == ["order_id", "customer_id"]  # a region is no key
    found = related(TABLES, "orders", ORDERS.iloc[0])
    assert [(one.table, one.column, one.value, one.count) for one in found] == [
        ("order_lines", "order_id", "O1", 2),
        ("orders", "customer_id", "C1", 2),
        ("customers", "customer_id", "C1", 1),
    ]
    assert related(TABLES, "orders", ORDERS.iloc[3]) == ()  # no customer, no lines


# -- the rows as they are shown
def test_cells():
    assert shown(ORDERS["order_date"]) == ["5 Oct 2026", "12 Nov 2026", "12 Nov 2026", NONE]
    assert shown(ORDERS["amount"]) == ["10.00", "1,250.50", NONE, "\u22123.25"]
    assert shown(pd.Series(["a", " ", None])) == ["a", NONE, NONE]
    assert shown(pd.Series([0.125, 0.1])) == ["0.125", "0.100"]
    assert shown(pd.Series([1.0, 10000.0, None])) == ["1", "10,000", NONE]
    assert shown(CUSTOMERS["since"]) == ["2016", "2020"]
    assert shown(pd.Series([2016, 12000])) == ["2,016", "12,000"]
    assert shown(pd.to_datetime(pd.Series(["2026-11-12 08:15:00"]))) == ["12 Nov 2026 08:15"]
    assert shown(pd.Series([-0.00001, 1.23456])) == ["0.0000", "1.2346"]
    assert (number(0.12345), number(1234.567), number(5.0)) == ("0.1235", "1,234.57", "5")


class Outline(HTMLParser):
    """Tags of a fragment, and whether they close as they open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_table_is_accessible():
    html = rows_html(ORDERS, "orders of the quarter", sort="amount", descending=True)
    outline = Outline(html)
    by_tag = lambda tag: [attrs for name, attrs in outline.tags if name == tag]  # noqa: E731
    assert by_tag("div")[0] == {
        "class": "box",
        "role": "region",
        "tabindex": "0",
        "aria-label": "orders of the quarter",
    }
    heads = by_tag("th")
    assert [head["scope"] for head in heads] == ["col"] * 7 + ["row"] * 4
    assert [head.get("aria-sort") for head in heads[:7]] == [None] * 4 + ["descending"] + [None] * 2
    assert heads[4]["class"] == "num"
    assert "<caption>orders of the quarter</caption>" in html
    assert html.count('aria-label="empty"') == 5
    assert "order id" in html


TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(["<b>", '"><i>', "&lt;", "' onload='x"]))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3), TEXTS, TEXTS)
def test_everything_is_escaped(cells: list[tuple[str, str]], name: str, caption: str):
    frame = pd.DataFrame(cells, columns=["first", "second"]).rename(columns={"first": f"{name}<img>", "second": "x"})
    allowed = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "span"}
    for html in (rows_html(frame, caption), record_html(frame.head(1), caption)):
        outline = Outline(html)
        assert {tag for tag, _ in outline.tags} <= allowed
        assert not any(attribute.startswith("on") for _, attrs in outline.tags for attribute in attrs)
        assert "&lt;img&gt;" in html
    assert rows_text(frame)


# -- the menus
@pytest.fixture
def look_up() -> LookUp:
    return LookUp(TABLES)


def result(look_up: LookUp) -> str:
    return re.sub(r"<[^>]+>", " ", look_up._result.value)


def test_it_opens_on_the_first_table(look_up: LookUp):
    assert look_up.query == Query(table="orders")
    assert "4  of 4 rows" in result(look_up)
    assert [label for label, _ in look_up._table.options] == [
        "orders (4 rows)",
        "order lines (3 rows)",
        "customers (2 rows)",
    ]
    assert [row.layout.display for row in look_up._filters] == [None, "none", "none"]


def test_choosing_filtering_sorting_adding_up(look_up: LookUp):
    first, second, _ = look_up._filters
    first.column.value = "region"
    assert first.value.options == ("North", "South", "north ")
    assert second.layout.display is None
    first.value.value = "north"
    assert "2  of 4 rows where region is north" in result(look_up)
    look_up._sort.value, look_up._order.value, look_up._sum.value = "order_date", True, "amount"
    assert look_up.view is not None
    assert look_up.view.rows["order_id"].tolist() == ["O3", "O1"]
    assert "amount of 1 row: sum 10, mean 10, smallest 10, largest 10." in result(look_up)
    assert [name for _, name in look_up._sum.options] == ["", "amount", "late"]
    second.column.value = "order_date"
    assert second.value.options == ("5 Oct 2026", "12 Nov 2026")
    second.how.value, second.value.value = "at least", "12 Nov 2026"
    assert "1  of 4 rows" in result(look_up)
    assert 'class="record"' in look_up._result.value
    look_up._clear.click()
    assert look_up.query == Query(table="orders")
    first.column.value = "amount"
    first.how.value = "is empty"
    assert first.value.disabled
    assert "1  of 4 rows" in result(look_up)
    look_up._table.value = "customers"
    assert look_up.query == Query(table="customers")
    assert "2  of 2 rows" in result(look_up)


def test_nothing_found_says_which_condition_to_loosen(look_up: LookUp):
    first, second, _ = look_up._filters
    first.column.value, first.value.value = "region", "North"
    second.column.value, second.value.value = "amount", "7"
    assert "No row matches; loosen a filter. On its own, “amount is 7” finds nothing." in result(look_up)
    assert look_up._follow.layout.display == "none"
    second.value.value = "1250.5"
    assert result(look_up).strip() == "No row matches; loosen a filter."


def test_a_mistake_is_told_and_mended(look_up: LookUp):
    first = look_up._filters[0]
    first.column.value, first.value.value = "amount", "<i>much"
    assert look_up.view is None
    assert "“&lt;i&gt;much” is no number" in look_up._result.value
    assert look_up._go.disabled
    first.value.value = "10"
    assert "1  of 4 rows" in result(look_up)


def test_following_a_row_and_back(look_up: LookUp):
    look_up._filters[0].column.value = "customer_id"
    look_up._filters[0].value.value = "C1"
    before = look_up.query
    look_up._row.value = 1
    labels = [label for label, _ in look_up._related.options]
    assert labels[0] == "1 row of order lines with this order id"
    look_up._related.index = 0
    look_up._go.click()
    assert look_up.query == Query(table="order_lines", filters=(Filter(column="order_id", value="O2"),))
    assert look_up._back.layout.display is None
    look_up._back.click()
    assert look_up.query == before
    assert look_up._back.layout.display == "none"


def test_every_control_has_a_label(look_up: LookUp):
    controls = [look_up._table, look_up._sort, look_up._order, look_up._sum, look_up._row, look_up._related]
    for row in look_up._filters:
        controls += [row.column, row.how, row.value]
    assert all(control.description for control in controls)


def test_no_tables_and_empty_tables_do_not_break_it():
    assert "no tables" in LookUp({})._result.value
    empty = LookUp({"orders": ORDERS.head(0)})
    assert "No row matches" in empty._result.value


def test_html_of_a_view_tells_how_many_are_not_shown():
    many = {"t": pd.DataFrame({"x": range(60)})}
    html = view_html(select(many, Query(table="t", summarise="x")))
    assert "<b>60</b> of 60 rows; the first 50 are shown." in html
    assert "sum 1,770, mean 29.5, smallest 0, largest 59" in html
    assert html.count("<tr>") == 51
    assert summary_words(Summary(column="x_y", n=0)) == "x y: no row that matches has a value."


# -- the case file
def test_a_case_is_all_that_carries_the_id_and_what_it_names():
    parts = find_case(TABLES, " o1 ")
    assert [(part.table, part.count, part.through) for part in parts] == [
        ("orders", 1, None),
        ("order_lines", 2, None),
        ("customers", 1, ("customer_id", "C1")),
    ]
    page = case_page(TABLES, "O1")
    text, html = repr(page), page._repr_html_()
    assert "orders (1 row)\norder id     O1" in text
    assert "order lines (2 rows)" in text
    assert "customers (1 row, by customer id C1)" in text
    assert "&lt;b&gt;bold" in html
    assert html.count('class="record"') == 2


def test_a_case_does_not_wander_off():
    tickets = pd.DataFrame({"ticket_id": ["T1", "T2", "T3"], "customer_id": ["C1", "C2", "C2"]})
    told = find_case({**TABLES, "tickets": tickets}, "O1")
    assert "tickets" not in {part.table for part in told}  # the customer's only ticket is about something else
    assert [part.table for part in find_case(TABLES, "C1")] == ["orders", "customers"]


@pytest.mark.parametrize("record_id", ["nobody", "", "  ", "<script>", "1", "None", "nan"])
def test_an_unknown_id_is_told(record_id: str):
    page = case_page(TABLES, record_id)
    assert "No row carries" in repr(page)
    assert "such as O1" in repr(page)
    assert "<script>" not in page._repr_html_()


def test_a_case_by_number_looks_at_ids_only():
    tables = {"albums": pd.DataFrame({"AlbumId": [1, 2], "tracks": [2, 1]})}
    assert [part.rows["tracks"].tolist() for part in find_case(tables, "1")] == [[2]]
    assert "albums (1 row)" in repr(case_page(tables, 1))
