"""Exports whose files came wrong: each refuses with a sentence, or is read rightly."""

from __future__ import annotations

import base64
import json
import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tests.adversarial.datasets import small_company as small
from tests.adversarial.datasets.small_company import Files, added, cell, data
from tests.adversarial.datasets.small_installation import Company, Mutation, every
from tests.support.sampled import sampled

from mondaylab.datasets.snapshot import Snapshot


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


@pytest.mark.parametrize(("mutation", "says"), sampled(FILES.values(), 2, FILES))
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


@pytest.mark.parametrize("mutation", sampled(READ.values(), 2, READ))
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


@pytest.mark.parametrize("name", sampled(TABULAR, 3))
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


@pytest.mark.parametrize("name", sampled(PROSE, 3))
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
