"""Exports as they come when something went wrong: each refuses with a sentence, or is read rightly."""

from __future__ import annotations

import base64
import copy
import json
import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click.testing
import pandas as pd
import pytest
import yaml
from tests.adversarial.datasets import small_company as small
from tests.adversarial.datasets.small_company import Files, added, cell, changed, data

from mondaylab.cli.main import main
from mondaylab.datasets.snapshot import Snapshot

Mutation = Callable[[Files], None]
POLICY: dict[str, Any] = yaml.safe_load(small.POLICY)


class Company:
    """An installation with the small company, sanitized through the command."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for part in ("hub_config", "labs", "grader", "datasets/small"):
            (root / part).mkdir(parents=True)
        monkeypatch.setenv("MONDAYLAB_ROOT", str(root))
        monkeypatch.setenv("MONDAYLAB_VAR", str(root / "var"))
        self.root = root
        self.policy: dict[str, Any] = copy.deepcopy(POLICY)
        self.files = small.files()

    def run(self, *options: str, quarter: str = small.QUARTER) -> click.testing.Result:
        (self.root / "datasets" / "small" / "policy.yaml").write_text(self.policy_text())
        raw = self.root / "var" / "raw" / "small" / quarter
        raw.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (raw / name).write_bytes(content)
        return click.testing.CliRunner().invoke(
            main, ["data", "sanitize", "--company", "small", "--quarter", quarter, *options]
        )

    def refusal(self, *options: str, quarter: str = small.QUARTER) -> str:
        """The refusal in words, after checks that hold for every one."""
        before = self.published()
        answer = self.run("--json", *options, quarter=quarter)
        assert answer.exit_code == 1, answer.output
        assert isinstance(answer.exception, SystemExit), answer.exception  # no traceback
        assert self.published() == before
        error = json.loads(answer.stdout)["error"]
        said = (answer.stdout + answer.stderr).replace(str(self.root), "")
        shown = {value for value in small.raw_values(self.files, self.policy_text()) if value in said}
        assert shown - set(self.files) == set()
        assert len(said) < 6_000
        return f"{error['what']} {error['fix']}"

    def policy_text(self) -> str:
        return small.POLICY if self.policy == POLICY else yaml.safe_dump(self.policy, sort_keys=False)

    def published(self) -> list[Path]:
        return sorted((self.root / "var").glob("snapshots/*/*"))


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    return Company(tmp_path, monkeypatch)


def test_the_small_company_passes(company: Company) -> None:
    answer = company.run("--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["accepted"] == []


def csv_of(mark: str, name: str = "customers.csv") -> Mutation:
    """A table with another separator."""

    def mutate(export: Files) -> None:
        header, rows = small.rows_of(export[name])
        export[name] = "".join(f"{mark.join(row)}\n" for row in [header, *rows]).encode()

    return mutate


def every(*mutations: Mutation) -> Mutation:
    def mutate(export: Files) -> None:
        for one in mutations:
            one(export)

    return mutate


def keep_lines(share: float, name: str) -> Mutation:
    def cut(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        return b"".join(lines[: int(len(lines) * share)])

    return data(name, cut)


def headless(content: bytes) -> bytes:
    return content.split(b"\n", 1)[1]


def with_column(name: str, values: str = "Zorvena Krontopek") -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        header, *lines = content.decode().splitlines()
        return "\n".join([f"{header},{name}", *(f"{line},{values}" for line in lines), ""]).encode()

    return change


def wide(content: bytes) -> bytes:
    return (",".join(f"Krontopek{i}" for i in range(50_000)) + "\n" + "1," * 49_999 + "1\n").encode()


FILES: dict[str, tuple[Mutation, str]] = {
    # separators
    "semicolons": (csv_of(";"), r"customers\.csv is separated by semicolons.*export it with commas"),
    "tabs": (csv_of("\t"), "separated by tabs"),
    "pipes": (csv_of("|"), "separated by pipes"),
    "carets": (csv_of("^"), "separated by carets"),
    "two characters": (csv_of("+|"), "separated by pipes"),
    "semicolons and decimal commas": (
        every(csv_of(";", "articles.csv"), data("articles.csv", lambda b: b.replace(b".", b","))),
        "separated by semicolons",
    ),
    "quoted semicolons": (
        data("clerks.csv", lambda b: b'"' + b.strip().replace(b",", b'";"').replace(b"\n", b'"\n"') + b'"\n'),
        "separated by semicolons",
    ),
    "Excel's sep= line": (data("clerks.csv", lambda b: b"sep=;\n" + b.replace(b",", b";")), "sep="),
    # encodings
    "UTF-16 with a mark": (data("customers.csv", lambda b: b.decode().encode("utf-16")), "UTF-16.*CSV UTF-8"),
    "UTF-16 without a mark": (data("customers.csv", lambda b: b.decode().encode("utf-16-le")), "UTF-16"),
    "UTF-32": (data("customers.csv", lambda b: b.decode().encode("utf-32")), "UTF-32"),
    "Latin-1": (data("clerks.csv", lambda b: b.replace(b"vold", "völd".encode("latin-1"))), "not UTF-8"),
    "zero bytes": (data("clerks.csv", lambda b: b.replace(b"vold", b"v\0ld", 1)), "zero bytes"),
    # quotes and rows
    "a quote open in the header": (data("customers.csv", lambda b: b.replace(b"full", b'"full', 1)), "header line"),
    "a quote open in the body": (
        data("customers.csv", lambda b: b.replace(b"Quillam", b'"Quillam', 1)),
        "quote.*row 2",
    ),
    "a quote open in the last row": (data("orders.csv", lambda b: b + b'SO-410999,"7'), "quote.*row 121"),
    "a quote open in a big file": (
        data(
            "order_lines.csv",
            lambda b: b.replace(b"SO-410050", b'"SO-410050', 1) + b"SO-410000,1,3100,1,1.00\n" * 60_000,
        ),
        r"1,000,000 characters, or a quote",
    ),
    "a quote open in the header of a big file": (
        data("order_lines.csv", lambda b: b'"' + b + b"SO-410000,1,3100,1,1.00\n" * 60_000),
        "header line",
    ),
    "text after a closing quote": (data("clerks.csv", lambda b: b.replace(b"Clerksona", b'"Clerk"sona', 1)), "quote"),
    "a cell more in a row": (data("clerks.csv", lambda b: b.replace(b"vold,", b"vold,,", 1)), "row 1 has 4 cells"),
    "a cell more in every row": (
        data("clerks.csv", lambda b: b.replace(b"\n", b",x\n").replace(b",x\n", b"\n", 1)),
        "6 rows have other than 3 cells.*rows 1, 2, 3, 4, 5 and 1 more",
    ),
    "a cell less": (data("clerks.csv", lambda b: b.replace(b",Sales", b"", 1).replace(b",Service", b"", 1)), "cells"),
    "cut in the middle of a row": (data("orders.csv", lambda b: b[: b.rindex(b"SO-") + 14]), r"row 120 .*is cut"),
    "cut in the last cell": (data("articles.csv", lambda b: b[:-4]), r"articles\.csv is cut: its last line"),
    "cut in a number": (data("order_lines.csv", lambda b: b[:-2]), "is cut"),
    # headers
    "no header": (data("customers.csv", headless), r"no header line.*none of its 6 columns"),
    "no header, one column's name is a person": (data("clerks.csv", headless), "no header line"),
    "another table's rows": (
        lambda f: f.update({"clerks.csv": f["articles.csv"]}),
        "no header line that the policy knows",
    ),
    "a column more": (data("clerks.csv", with_column("Ombrelius")), "column 4 of 4 is not in the policy.*drop"),
    "columns more": (
        data("clerks.csv", lambda b: with_column("Vashterling")(with_column("Wexhamor")(b))),
        "columns 4-5 of 5 are not",
    ),
    "a column twice": (data("clerks.csv", with_column("team", "Sales")), "column 'team' occurs twice"),
    "an unknown column twice": (
        data("clerks.csv", lambda b: with_column("Wexhamor")(with_column("Wexhamor")(b))),
        "columns 4-5 of 5",
    ),
    "a column without a name": (data("clerks.csv", with_column("")), "column 4 of 4"),
    "a column spelled otherwise": (
        data("clerks.csv", lambda b: b.replace(b"last_name", b"Last Name", 1)),
        "column 2 differs from 'last_name' in spelling only",
    ),
    "a column less": (
        data("clerks.csv", lambda b: re.sub(rb",[^,\n]*(?=\n)", b"", b)),
        "column 'team' is listed in the policy and missing",
    ),
    "a name of 200 kB": (data("clerks.csv", lambda b: b.replace(b"team", b"Krontopek" * 22_000, 1)), "longer than 200"),
    "50,000 columns": (data("clerks.csv", wide), "has 50,000 columns, more than 1,000"),
    "a title above the header": (data("clerks.csv", lambda b: b"Clerksons of Krontopek\n" + b), "no header line"),
    # sizes
    "a cell of 3 MB": (cell("orders.csv", "note", "Krontopek, " * 300_000), r"row 4 has a cell of more than 1,000,000"),
    "a cell of 40 MB": (cell("articles.csv", "title", "z" * 40_000_000), "1,000,000 characters"),
    "an empty file": (data("clerks.csv", lambda _: b""), r"clerks\.csv is empty"),
    "only blank lines": (data("clerks.csv", lambda _: b"\n\r\n \n"), "is empty"),
    "only a mark": (data("clerks.csv", lambda _: b"\xef\xbb\xbf"), "is empty"),
    # what is no CSV
    "a workbook named csv": (data("clerks.csv", lambda _: b"PK\x03\x04" + bytes(range(256))), "workbook"),
    "an old workbook named csv": (data("clerks.csv", lambda _: b"\xd0\xcf\x11\xe0" + bytes(99)), "old Office file"),
    "JSON named csv": (data("clerks.csv", lambda _: b'[{"clerk_no": "880", "last_name": "Wexhamor"}]\n'), "header"),
    "a web page named csv": (data("clerks.csv", lambda _: b"<html><body>Please log in, Wexhamor</body>\n"), "header"),
    "two separators": (data("clerks.csv", lambda b: b.replace(b",Sa", b";Sa")), "cells"),
}


@pytest.mark.parametrize(("mutation", "says"), FILES.values(), ids=FILES)
def test_a_file_that_is_not_read(company: Company, mutation: Mutation, says: str) -> None:
    mutation(company.files)
    assert re.search(says, company.refusal())


READ: dict[str, Mutation] = {
    "CR": data("customers.csv", lambda b: b.replace(b"\n", b"\r")),
    "CRLF": data("customers.csv", lambda b: b.replace(b"\n", b"\r\n")),
    "a byte order mark": data("customers.csv", lambda b: b"\xef\xbb\xbf" + b),
    "two marks": data("customers.csv", lambda b: b"\xef\xbb\xbf" * 2 + b),
    "blank lines": data("customers.csv", lambda b: b.replace(b"\n", b"\n\n") + b"\n\n"),
    "every cell quoted": data(
        "customers.csv", lambda b: b'"' + b.strip().replace(b",", b'","').replace(b"\n", b'"\n"') + b'"\n'
    ),
    "other order of columns": data(
        "clerks.csv", lambda b: b"".join(b",".join(reversed(line.split(b","))) + b"\n" for line in b.split(b"\n")[:-1])
    ),
    "spaces around cells": data("clerks.csv", lambda b: b.replace(b"880,", b" 880 ,")),
    "no file ends its last line": lambda f: f.update(
        {name: content.rstrip(b"\n") for name, content in f.items() if name.endswith(".csv")}
    ),
    "a handbook with a mark": data("handbook.md", lambda b: b"\xef\xbb\xbf" + b),
}


@pytest.mark.parametrize("mutation", READ.values(), ids=READ)
def test_a_file_that_is_read_rightly(company: Company, mutation: Mutation) -> None:
    before = Snapshot.open(Path(json.loads(company.run("--json").stdout)["folder"]))
    mutation(company.files)
    answer = company.run("--json")
    assert answer.exit_code == 0, answer.output
    after = Snapshot.open(Path(json.loads(answer.stdout)["folder"]))
    for name, frame in before.tables().items():
        pd.testing.assert_frame_equal(frame, after.table(name))
    assert after.text("handbook") == before.text("handbook")


PEOPLE = [["name", "mail", "phone"]] + [
    [f"Zorvena{i} Krontopek", f"z{i}@krontopek.example", f"+49 30 23125{i:03}"] for i in range(9)
]


def lines(mark: str, rows: list[list[str]] = PEOPLE) -> str:
    return "".join(f"{mark.join(row)}\n" for row in rows)


def database() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table people (name, mail)")
        connection.executemany("insert into people values (?, ?)", [row[:2] for row in PEOPLE])
        return connection.serialize()


def parquet() -> bytes:
    frame = pd.DataFrame(PEOPLE[1:], columns=PEOPLE[0])
    return frame.to_parquet()


TABULAR: dict[str, bytes | str] = {
    "contacts.tsv": lines("\t"),
    "contacts.txt": lines("\t"),
    "contacts.md": lines(","),
    "one_contact.md": lines(",", PEOPLE[:2]),
    "contacts.log": lines(";"),
    "two_columns.txt": lines("\t", [row[:2] for row in PEOPLE]),
    "pipes.txt": lines("|"),
    "odd.txt": lines("&|"),
    "spaced.txt": lines(", "),
    "titled.txt": "Our contacts, as of today\n\n" + lines("\t"),
    "quoted.txt": "".join('"' + '","'.join(row) + '"\n' for row in PEOPLE),
    "contacts.jsonl": "".join(json.dumps(dict(zip(PEOPLE[0], row, strict=True))) + "\n" for row in PEOPLE[1:]),
    "contacts.ndjson": "".join(json.dumps(row) + "\n" for row in PEOPLE[1:]),
    "contacts.json": json.dumps([dict(zip(PEOPLE[0], row, strict=True)) for row in PEOPLE[1:]], indent=1),
    "nested.json": json.dumps({"people": PEOPLE}, indent=1),
    "contacts.xml": "<people>\n" + "".join(f"<p_>\n<name>{row[0]}</name>\n</p_>\n" for row in PEOPLE) + "</people>\n",
    "declared.xml": '<?xml version="1.0"?>\n<people><name>Wexhamor</name></people>\n',
    "contacts.html": "<table>" + "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>\n" for row in PEOPLE) + "</table>",
    "drawn.md": "# People\n\n|a|b|c|\n|---|---|---|\n" + "".join(f"| {' | '.join(row)} |\n" for row in PEOPLE),
    "buried.md": small.HANDBOOK * 3 + "\n" + "".join(f"| {' | '.join(row)} |\n" for row in PEOPLE),
    "fixed.txt": "".join(f"{row[0]:<30}{row[1]:<40}{row[2]}\n" for row in PEOPLE),
    "records.txt": "".join(f"Name: {row[0]}\nMail: {row[1]}\nPhone: {row[2]}\n\n" for row in PEOPLE),
    "list.yaml": "".join(f"- name: {row[0]}\n  mail: {row[1]}\n" for row in PEOPLE),
    "cards.vcf": "".join(f"BEGIN:VCARD\nFN:{row[0]}\nEND:VCARD\n" for row in PEOPLE),
    "dump.sql": "create table people (name text);\n"
    + "".join(f"INSERT INTO people VALUES ('{r[0]}');\n" for r in PEOPLE),
    "names.txt": "".join(f"{row[0]}\n" for row in PEOPLE),
    "named.csv": "Only a sentence about Wexhamor, who is kind.\n",
    "book.xlsx": b"PK\x03\x04" + base64.b64decode("AAECAwQF") * 50,
    "book.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "people.sqlite": database(),
    "people.db": database(),
    "people.parquet": parquet(),
    "people.gz": b"\x1f\x8b\x08" + bytes(99),
    "people.bin": bytes(range(256)),
    "people_utf16.txt": lines("\t").encode("utf-16"),
}


@pytest.mark.parametrize("name", TABULAR)
def test_a_table_in_another_dress_is_no_text(company: Company, name: str) -> None:
    added(name, TABULAR[name])(company.files)
    unlisted = company.refusal()
    assert name in unlisted
    assert f"'{name}' under 'withheld'" in unlisted
    assert "scrub" not in unlisted
    company.policy["texts"][name] = "scrub"
    assert re.search(rf"{re.escape(name)} (holds|is) .*(withheld|UTF-8)", company.refusal())


def test_a_table_in_another_dress_can_be_withheld(company: Company) -> None:
    added("contacts.tsv", TABULAR["contacts.tsv"])(company.files)
    company.policy["withheld"].append("contacts.tsv")
    assert company.run().exit_code == 0


PROSE: dict[str, str] = {
    "letters.md": "Dear all,\nthe order, late again, came.\nWe called, wrote, and waited.\nNobody, it seems, knew.\n",
    "commas.md": "We sell boxes, tape, and foam.\nWe buy paper, glue, and wood.\nWe lend carts, racks, and bins.\n",
    "list.md": "# To do\n\n- call back\n- write it down\n- ask the lead\n- close the day\n- go home\n",
    "numbered.md": "1.1\tOffers are valid for 30 days.\n1.2\tPrices are net.\n1.3\tFreight is extra.\n",
    "code.md": "# Query\n\nRun this:\n\n    select a | b\n    from t;\n\nThen look at it; if it is odd, ask.\n",
    "short.md": "Be kind.\n",
    "page.html": "<h1>Rules</h1>\n<p>Be kind, and be on time.</p>\n<p>Ask, if in doubt.</p>\n",
    "semicolons.md": "First, we look; then we ask.\nNothing is sent; nothing is lost.\nWe wait; it comes.\n",
    "empty.md": "",
}


@pytest.mark.parametrize("name", PROSE)
def test_prose_is_a_text(company: Company, name: str) -> None:
    added(name, PROSE[name])(company.files)
    assert f"{name} is not in the policy (add 'texts: {name}: scrub'" in company.refusal()
    company.policy["texts"][name] = "scrub"
    answer = company.run()
    assert answer.exit_code == 0, answer.output


def test_prose_that_looks_like_a_table_is_taken_for_a_reason(company: Company) -> None:
    added("terms.md", lines(";", [["term", "what we mean"], ["net", "without tax"], ["gross", "with it"]]))(
        company.files
    )
    company.policy["texts"]["terms.md"] = "scrub"
    assert "terms.md holds a table" in company.refusal()
    company.policy["prose"] = {"terms.md": "a glossary"}
    assert json.loads(company.run("--json").stdout)["accepted"] == ["terms.md: looks like a table, is none: a glossary"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Zorvena Krontopek.pdf", r"file \d+ of 10 by name \(written like Aaaaaaa Aaaaaaaaa\.aaa\)"),
        ("krontopek_salary.pdf", r"written like aaaaaaaaa_aaaaaa\.aaa"),
        ("salary_2026.pdf", r"salary_2026\.pdf is not in the policy"),
        ("Gehälter Wexhamor; 7.csv", r"'tables: NAME: columns"),
        ("CONTACTS.CSV", r"rename it so that its suffix is \.csv"),
        ("Customers.CSV", r"table customers a second time.*customers\.csv"),
        ("CUSTOMERS.csv", r"table customers a second time"),
        ("x" * 120 + ".txt", r"written like"),
        (os.fsdecode(b"Kront\xffpek.txt"), r"written like Aaaaa\?aaa\.aaa"),
        ("line\nbreak.txt", r"written like aaaa\?aaaaa\.aaa"),
    ],
)
def test_a_file_named_after_a_person_is_told_by_position(company: Company, name: str, says: str) -> None:
    added(name, "Nothing to see, please go on.\n")(company.files)
    words = company.refusal()
    assert re.search(says, words)
    if "written like" in says:
        assert name not in words


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
        r"1 rows are blank \(row 10",
    ),
    "rows of spaces": (data("clerks.csv", lambda b: b + b" , ,  \n"), "1 rows are blank"),
    "every row twice": (repeat("orders.csv", 2), "120 of 240 rows are there twice.*rows_twice"),
    "every row twice, without a key": (repeat("order_lines.csv", 2), "rows are there twice"),
    "some rows twice": (changed("orders.csv", lambda rows: rows + rows[3:5]), r"2 of 122 rows .*\(rows 121 and 122\)"),
    "joined with its header": (data("articles.csv", lambda b: b + b), r"rows"),
    "a total": (changed("orders.csv", total), r"1 rows are totals or headings, not rows \(row 121\)"),
    "a total that says so": (changed("clerks.csv", named_total), "totals or headings"),
    "a total that does not": (changed("articles.csv", numbered_total), r"totals.*row 16"),
    "Gesamtsumme": (changed("clerks.csv", lambda rows: rows.append(["Gesamtsumme:", "", ""])), "totals or headings"),
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
    "a blank key": (cell("customers.csv", "customer_id", "", 39), "key.*blank in 1 rows.*row 40"),
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
    "ids in scientific notation": (cell("tickets.csv", "customer_id", "7.00E+4", 5), "written as decimals or rounded"),
    "ids with thousands' marks": (cell("tickets.csv", "customer_id", "70,037", 5), "written as decimals"),
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
    "a null in a key": (cell("customers.csv", "customer_id", "NULL", 2), "words for nothing"),
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
    "a formula": (cell("articles.csv", "title", "=cmd|' /C calc'!A0"), r"1 cells are formulas.*\(row 4\)"),
    "a formula with a plus": (cell("articles.csv", "title", "+cmd|' /C calc'!A0"), "formulas"),
    "a formula with a minus": (cell("articles.csv", "title", "-2+3+cmd|' /C calc'!A0"), "formulas"),
    "a formula with an at": (cell("articles.csv", "title", "@SUM(1+9)*cmd"), "formulas"),
    "a formula behind a tab": (cell("articles.csv", "title", "\t=1+1"), "formulas"),
    "a full-width formula": (cell("articles.csv", "title", "\uff1d1+1"), "formulas"),
    "a formula in free text": (cell("orders.csv", "note", '=HYPERLINK("http://x.example","y")'), "formulas"),
    "a script": (cell("articles.csv", "title", "<script>alert(1)</script>"), r"1 cells hold markup.*\(row 4\)"),
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


@pytest.mark.parametrize(("mutation", "says"), ROWS.values(), ids=ROWS)
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
