"""Exports whose rows cannot be what happened: each refuses with a sentence, or is accepted by name and reason."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.adversarial.datasets import small_company as small
from tests.adversarial.datasets.small_company import cell, changed, data
from tests.adversarial.datasets.small_installation import Company, Mutation, every, keep_lines
from tests.support.sampled import sampled

from mondaylab.datasets.snapshot import Snapshot


def repeat(name: str, times: int) -> Mutation:
    return changed(name, lambda rows: rows * times)


def twin(rows: list[list[str]]) -> None:
    rows.append([*rows[4][:3], "East" if rows[4][3] != "East" else "North", *rows[4][4:]])


def year_back(text: str) -> str:
    return f"{int(text[:4]) - 1}{text[4:]}"


def total(rows: list[list[str]]) -> None:
    rows.append(["", "", "", "", f"{sum(float(row[4]) for row in rows):.2f}", ""])


def named_total(rows: list[list[str]]) -> None:
    rows.append(["Total", "", ""])


def numbered_total(rows: list[list[str]]) -> None:
    rows.append(["3999", "all", f"{sum(float(row[2]) for row in rows):.2f}", "4006381399999"])


ROWS: dict[str, tuple[Mutation, str]] = {
    "header only": (data("articles.csv", lambda b: b.split(b"\n")[0] + b"\n"), "articles: no rows below the header"),
    "header only, everywhere": (
        every(*(data(f"{t}.csv", lambda b: b.split(b"\n")[0] + b"\n") for t in ("customers", "clerks", "tickets"))),
        "table customers: no rows.*table clerks: no rows.*table tickets: no rows",
    ),
    "blank rows at the end": (data("clerks.csv", lambda b: b + b",,\n,,\n"), r"2 rows are blank \(rows 7 and 8\)"),
    "blank rows in the middle": (
        changed("orders.csv", lambda rows: rows.insert(9, [""] * 6)),
        r"1 row is blank \(row 10",
    ),
    "rows of spaces": (data("clerks.csv", lambda b: b + b" , ,  \n"), "1 row is blank"),
    "every row twice": (repeat("orders.csv", 2), "120 of 240 rows are there twice.*rows_twice"),
    "every row twice, without a key": (repeat("order_lines.csv", 2), "rows are there twice"),
    "some rows twice": (changed("orders.csv", lambda rows: rows + rows[3:5]), r"2 of 122 rows .*\(rows 121 and 122\)"),
    "joined with its header": (data("articles.csv", lambda b: b + b), r"rows"),
    "a total": (changed("orders.csv", total), r"1 row is a total or a heading, not data \(row 121\)"),
    "a total that says so": (changed("clerks.csv", named_total), "1 row is a total or a heading"),
    "a total that does not": (changed("articles.csv", numbered_total), r"a total.*row 16"),
    "Gesamtsumme": (
        changed("clerks.csv", lambda rows: rows.append(["Gesamtsumme:", "", ""])),
        "1 row is a total or a heading",
    ),
    "a customer twice with another region": (
        changed("customers.csv", twin),
        r"key \(customer_id\).*rows 5 and 41.*key_twice",
    ),
    "an order twice with another total": (
        changed("orders.csv", lambda rows: rows.append([*rows[2][:4], "1.00", ""])),
        r"orders: column 'order_id'.*rows 3 and 121",
    ),
    "a kept key twice": (
        changed("articles.csv", lambda rows: rows.append([rows[0][0], "x", "1", "2"])),
        "article_id.*key_twice",
    ),
    "a blank key": (cell("customers.csv", "customer_id", "", 39), "key.*blank in 1 row.*row 40"),
    "half of the customers lost": (
        keep_lines(0.5, "customers.csv"),
        r"orders: column 'customer_id': \d+ of 120 values are not",
    ),
    "orders that point nowhere": (
        cell("orders.csv", "customer_id", lambda c: f"9{c}", slice(None)),
        "120 of 120.*orphans",
    ),
    "one order that points nowhere": (cell("orders.csv", "customer_id", "12345678", 7), r"1 of 120 .*\(row 8\)"),
    "half of the orders lost": (keep_lines(0.5, "orders.csv"), "order_lines: column 'order_id'.*orphans"),
    "half of the order lines lost": (
        keep_lines(0.5, "order_lines.csv"),
        "first 59 rows of orders, and none.*ends_early",
    ),
    "articles lost": (keep_lines(0.6, "articles.csv"), "order_lines: column 'article_id'.*articles.article_id"),
    "leading zeros in one table": (cell("tickets.csv", "customer_id", lambda c: f"00{c}", slice(None)), "orphans"),
    "ids as floats": (cell("tickets.csv", "customer_id", lambda c: f"{c}.0", slice(None)), "written as decimals"),
    "ids as floats everywhere": (
        every(
            *(
                cell(f"{t}.csv", "customer_id", lambda c: f"{c}.0", slice(None))
                for t in ("customers", "orders", "tickets")
            )
        ),
        "customers: column 'customer_id': 40 identifiers are written as decimals",
    ),
    "ids in scientific notation": (cell("tickets.csv", "customer_id", "7.00E+4", 5), "written as a decimal or rounded"),
    "ids with thousands' marks": (cell("tickets.csv", "customer_id", "70,037", 5), "written as a decimal"),
    **{
        f"ids that are {word}": (
            cell("orders.csv", "customer_id", word, slice(0, 60)),
            "60 identifiers are words for nothing",
        )
        for word in (
            "NULL",
            "nan",
            "None",
            "#N/A",
            "n.a.",
            "-",
            "0",
            "N/A",
            "<NA>",
            "(null)",
            "\\N",
            "?",
            "-1",
            "unknown",
            "0.0",
            "#REF!",
        )
    },
    "a null in a key": (cell("customers.csv", "customer_id", "NULL", 2), "1 identifier is a word for nothing"),
    "a column blank": (
        cell("articles.csv", "price", "", slice(None)),
        r"articles: column 'price': blank in all 15 rows",
    ),
    "a dropped column blank": (cell("customers.csv", "mail", " ", slice(None)), "column 'mail': blank"),
    "a column of ids blank": (cell("tickets.csv", "customer_id", "", slice(None)), "column 'customer_id': blank"),
    "1e400": (cell("articles.csv", "price", "1e400"), "too large for a number"),
    "10^400": (cell("articles.csv", "price", "1" + "0" * 400), "too large for a number"),
    "-1e999": (cell("articles.csv", "price", "-1e999"), "too large for a number"),
    "1e400 in bins": (cell("customers.csv", "credit", "1e400"), "too large for a number"),
    "infinity": (cell("articles.csv", "price", "inf"), "no number"),
    "1e-400": (cell("articles.csv", "price", "1e-400"), "more digits than a number keeps"),
    "20 digits": (cell("orders.csv", "total", "12345678901234567890.12"), r"more digits.*row 4.*rounded_numbers"),
    "a long fraction": (cell("orders.csv", "total", "0.123456789012345678901"), "more digits"),
    "20 digits, whole": (cell("articles.csv", "barcode", "12345678901234567890"), "no whole number"),
    "last year's rows": (cell("orders.csv", "order_date", year_back, slice(None)), "120 of 120 rows are not of 2026Q4"),
    "some of last year's rows": (
        cell("orders.csv", "order_date", year_back, slice(0, 20)),
        "20 of 120 rows are not of",
    ),
    "mostly last year's rows": (cell("orders.csv", "order_date", year_back, slice(0, 90)), "90 of 120 rows are not of"),
    "one day of another quarter": (cell("orders.csv", "order_date", "2026-09-30", 0), r"1 of 120 .*\(row 1\)"),
    "a day to come": (cell("orders.csv", "order_date", "2062-11-03", 0), "outside_quarter"),
    "last year's times, not ordered by": (cell("tickets.csv", "opened", year_back, slice(None)), "30 of 30 rows"),
    "some of last year's times": (cell("tickets.csv", "opened", year_back, slice(0, 3)), "3 of 30 rows"),
    "a formula": (cell("articles.csv", "title", "=cmd|' /C calc'!A0"), r"1 cell is a formula.*\(row 4\)"),
    "a formula with a plus": (cell("articles.csv", "title", "+cmd|' /C calc'!A0"), "formulas"),
    "a formula with a minus": (cell("articles.csv", "title", "-2+3+cmd|' /C calc'!A0"), "formulas"),
    "a formula with an at": (cell("articles.csv", "title", "@SUM(1+9)*cmd"), "formulas"),
    "a formula behind a tab": (cell("articles.csv", "title", "\t=1+1"), "formulas"),
    "a full-width formula": (cell("articles.csv", "title", "\uff1d1+1"), "formulas"),
    "a formula in free text": (cell("orders.csv", "note", '=HYPERLINK("http://x.example","y")'), "formulas"),
    "a script": (cell("articles.csv", "title", "<script>alert(1)</script>"), r"1 cell holds markup.*\(row 4\)"),
    "an image with a handler": (cell("articles.csv", "title", "<img src=x onerror=alert(1)>"), "markup"),
    "escaped markup": (cell("articles.csv", "title", "&lt;script&gt;"), "markup"),
    "a script address": (cell("articles.csv", "title", "javascript:alert(1)"), "markup"),
    "a script in free text": (cell("orders.csv", "note", "see <iframe src=//x.example></iframe>"), "markup that acts"),
    "a handler in free text": (cell("orders.csv", "note", "<p onclick='go()'>hello</p>"), "markup that acts"),
    "a bidi override": (cell("articles.csv", "title", "Plum\u202etwister"), "hidden_characters"),
    "a control character": (cell("articles.csv", "title", "Plum\x07twister"), "hidden_characters"),
    "a zero-width space": (cell("articles.csv", "title", "Plum\u200btwister"), "hidden_characters"),
    "a lost character": (cell("clerks.csv", "team", "Sal\ufffds"), "hidden_characters"),
    "a tag character": (cell("articles.csv", "title", "Plum\U000e0041twister"), "hidden_characters"),
    "a mark between rows": (cell("clerks.csv", "team", "\ufeffSales"), "hidden_characters"),
    "a hidden character in an id": (cell("customers.csv", "customer_id", lambda c: f"{c}\u200b"), "hidden_characters"),
    "a bidi override in free text": (cell("orders.csv", "note", "call \u202eback"), "hidden_characters"),
}


@pytest.mark.parametrize(("mutation", "says"), sampled(ROWS.values(), 6, ROWS))
def test_rows_that_are_none(company: Company, mutation: Mutation, says: str) -> None:
    mutation(company.files)
    assert re.search(says, company.refusal())


def test_all_findings_are_told_at_once_and_the_dry_run_says_the_same(company: Company) -> None:
    every(ROWS["a total"][0], ROWS["a script"][0], ROWS["a column of ids blank"][0])(company.files)
    words = company.refusal()
    assert all(f"[{name}]" in words for name in ("total_row", "markup", "blank_column"))
    assert company.refusal("--dry-run") == words


def test_two_domains_for_one_join(company: Company) -> None:
    company.policy["domains"]["client"] = {"prefix": "D"}
    company.policy["tables"]["orders"]["columns"]["customer_id"]["domain"] = "client"
    words = company.refusal()
    assert re.search(r"orders: column 'customer_id': \d+ of its identifiers also stand in customers.customer_id", words)
    assert "domains_apart" in words


def test_equal_numbers_of_two_things_are_not_one_join(company: Company) -> None:
    cell("clerks.csv", "clerk_no", lambda c: str(int(c) - 879), slice(None))(company.files)
    cell("orders.csv", "clerk_no", lambda c: str(int(c) - 879), slice(None))(company.files)
    assert company.run().exit_code == 0  # clerks 1 to 6, tickets 1 to 30


@pytest.mark.parametrize("name", ["18 digits and a blank", "18 digits", "small and a blank"])
def test_whole_numbers_are_read_exactly(company: Company, name: str) -> None:
    value = 7 if name.startswith("small") else 123456789012345679
    cell("articles.csv", "barcode", str(value), 2)(company.files)
    if "blank" in name:
        cell("articles.csv", "barcode", "", 5)(company.files)
    answer = company.run("--json")
    assert answer.exit_code == 0, answer.output
    codes = Snapshot.open(Path(json.loads(answer.stdout)["folder"])).table("articles")["barcode"]
    assert int(codes.dropna().min() if value == 7 else codes.max()) == value
    assert codes.isna().sum() == ("blank" in name)


def test_fewer_rows_than_in_the_quarter_before(company: Company) -> None:
    def earlier(text: str) -> str:
        return f"2026-{int(text[5:7]) - 3:02}{min(text[7:10], '-30')}{text[10:]}"

    cell("orders.csv", "order_date", earlier, slice(None))(company.files)
    cell("tickets.csv", "opened", earlier, slice(None))(company.files)
    assert company.run(quarter="2026Q3").exit_code == 0
    company.files = small.files()
    keep_lines(0.5, "tickets.csv")(company.files)
    answer = company.run()
    assert answer.exit_code == 1
    assert "tickets: 14 rows, 53% fewer than in the quarter before" in answer.stderr
    company.policy["tables"]["tickets"]["most_lost"] = 0.6
    assert company.run().exit_code == 0


def test_a_table_that_stops_while_others_go_on(company: Company) -> None:
    days = {
        "do": "keep",
        "type": "date",
    }
    company.policy["tables"]["calls"] = {
        "order_by": ["called"],
        "columns": {"called": days, "minutes": {"do": "bin", "width": 5}},
    }
    called = [[f"2026-{10 + i // 70}-{1 + i * 2 // 5 % 28:02}", str(i * 7 % 31)] for i in range(210)]
    company.files["calls.csv"] = small.table(["called", "minutes"], called)
    assert company.run().exit_code == 0
    company.files["calls.csv"] = small.table(["called", "minutes"], called[:110])
    assert re.search(r"calls: column 'called': no row in the last 4\d days of 2026Q4.*ends_early", company.refusal())


@pytest.mark.parametrize(("known", "refuses"), [(1, False), (0, True), (5, True)])
def test_a_table_that_names_its_own_people_may_share_few(company: Company, known: int, refuses: bool) -> None:
    columns = {"clerk_no": {"do": "pseudonym", "domain": "clerk"}, "last_name": {"do": "drop", "holds": "last_name"}}
    company.policy["tables"]["applicants"] = {"columns": {"stars": {"do": "keep", "type": "integer"}, **columns}}
    rows = [[str(i), f"{880 + i}" if i < known else f"{1900 + i}", f"Applicanto{i}vold"] for i in range(20)]
    company.files["applicants.csv"] = small.table(["stars", "clerk_no", "last_name"], rows)
    assert ("[orphans]" in company.refusal()) if refuses else company.run().exit_code == 0


def test_rows_without_a_key_may_repeat(company: Company) -> None:
    columns = {"stars": {"do": "keep", "type": "integer"}, "channel": {"do": "keep", "type": "text"}}
    company.policy["tables"]["ratings"] = {"columns": columns}
    company.files["ratings.csv"] = small.table(["stars", "channel"], [[str(i * i % 5), "web"] for i in range(41)])
    assert company.run().exit_code == 0


ACCEPTED = [
    ("some of last year's rows", "orders", {"finding": "outside_quarter", "column": "order_date"}),
    ("a column blank", "articles", {"finding": "blank_column", "column": "price"}),
    ("a script", "articles", {"finding": "markup", "column": "title"}),
    ("one order that points nowhere", "orders", {"finding": "orphans", "column": "customer_id", "share": 0.01}),
    ("every row twice, without a key", "order_lines", {"finding": "rows_twice"}),
    ("20 digits", "orders", {"finding": "rounded_numbers", "column": "total"}),
]


@pytest.mark.parametrize(("name", "table", "accepts"), ACCEPTED, ids=[one[0] for one in ACCEPTED])
def test_what_the_steward_accepts_passes_and_is_in_the_manifest(
    company: Company, name: str, table: str, accepts: dict[str, Any]
) -> None:
    ROWS[name][0](company.files)
    company.policy["tables"][table]["accepts"] = [{**accepts, "why": "looked at with the team"}]
    answer = company.run("--json")
    assert answer.exit_code == 0, answer.output
    snapshot = Snapshot.open(Path(json.loads(answer.stdout)["folder"]))
    (told,) = snapshot.manifest.accepted
    assert told.startswith(f"table {table}: ")
    assert told.endswith(f"[{accepts['finding']}]: looked at with the team")
    company.policy["tables"][table]["accepts"] = [{**accepts, "why": "x", "share": 0.001}]
    assert "say why" in company.refusal()


def test_more_than_was_accepted_refuses(company: Company) -> None:
    cell("orders.csv", "customer_id", "12345678", slice(0, 6))(company.files)
    company.policy["tables"]["orders"]["accepts"] = [
        {"finding": "orphans", "column": "customer_id", "why": "new ones come late", "share": 0.04}
    ]
    assert "6 of 120" in company.refusal()


def test_keys_as_the_policy_declares_them(company: Company) -> None:
    company.policy["tables"]["order_lines"]["key"] = ["order_id", "line_no"]
    assert company.run().exit_code == 0
    changed("order_lines.csv", lambda rows: rows.append([*rows[0][:4], "1.00"]))(company.files)
    assert re.search(r"key \(order_id and line_no\) does not tell", company.refusal())
    company.policy["tables"]["order_lines"]["key"] = []
    assert company.run().exit_code == 0


def test_a_line_of_the_policy_that_nothing_needs_is_told(company: Company) -> None:
    why = "looked at with the team"
    company.policy["tables"]["articles"]["accepts"] = [{"finding": "markup", "column": "title", "why": why}]
    company.policy["tables"]["orders"]["accepts"] = [{"finding": "rows_twice", "why": why}]
    company.policy["tables"]["articles"]["columns"]["barcode"]["overrule"] = {"secret": why}
    cell("articles.csv", "title", "<b>big</b>", 3)(company.files)
    answer = company.run()
    assert answer.exit_code == 0, answer.output
    warnings = [line for line in answer.stderr.splitlines() if line.startswith("warning: ")]
    assert [line.partition(": remove it")[0] for line in warnings] == [
        "warning: table orders: nothing needs 'accepts: rows_twice'",
        "warning: articles.barcode: nothing needs 'overrule: secret'",
    ]


@pytest.mark.parametrize(("dropped", "written"), [("number", "52'340"), ("postcode", "SW1A1AA")])
def test_dropped_numbers_and_postcodes_do_not_come_through(company: Company, dropped: str, written: str) -> None:
    values = [str(41_017 + 613 * row) for row in range(40)]
    values[7] = "52340" if dropped == "number" else "SW1A 1AA"
    columns = company.policy["tables"]["customers"]["columns"]
    columns["credit"] = {"do": "drop", "holds": dropped}
    company.files["customers.csv"] = _with_column(company.files["customers.csv"], values)
    cell("orders.csv", "note", f"she named {written} on the phone", 4)(company.files)
    answer = company.run("--json")
    assert answer.exit_code == 0, answer.output
    notes = Snapshot.open(Path(json.loads(answer.stdout)["folder"])).tables()["orders"]["note"]
    assert notes.str.contains(r"she named \[(?:NUMBER|PLACE)\] on", na=False).sum() == 1
    cell("tickets.csv", "topic", f"about {written}", 4)(company.files)
    assert "tickets.topic: 1 text (row 5) holds a known " in company.refusal()


def _with_column(content: bytes, values: list[str]) -> bytes:
    """customers.csv with other credits."""
    header, *lines = content.decode().splitlines()
    rows = [f"{line.rpartition(',')[0]},{value}" for line, value in zip(lines, values, strict=True)]
    return "\n".join([header, *rows, ""]).encode()
