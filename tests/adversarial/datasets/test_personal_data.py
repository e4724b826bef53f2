"""No personal value of the raw exports can be read in a snapshot, however it was written."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from mondaylab.datasets.demo_company import identities
from mondaylab.datasets.sanitize import sanitize
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.settings import Site

QUARTER = "2026Q4"
DROPPED = {
    "customers": ["company_name", "contact_name", "contact_email", "contact_phone", "street", "iban"],
    "employees": ["email", "phone", "birth_date"],
    "suppliers": ["name", "contact_name", "contact_email", "iban"],
    "applications": ["email", "birth_date"],
}
IDENTIFIERS = {
    "customers": "customer_id",
    "employees": "employee_id",
    "suppliers": "supplier_id",
    "orders": "order_id",
    "order_lines": "line_id",
    "shipments": "shipment_id",
    "tickets": "ticket_id",
    "ledger": "entry_id",
    "returns": "return_id",
    "vacancies": "vacancy_id",
    "applications": "application_id",
    "hires": "hire_id",
}


def everything(snapshot: Snapshot) -> str:
    """All cells, column names and texts of a snapshot, and its manifest, one a line, case and accents folded."""
    cells: list[str] = [(snapshot.folder / "manifest.json").read_text("utf-8"), snapshot.text("handbook")]
    for frame in snapshot.tables().values():
        for column in frame.columns:
            cells += [column, *frame[column].dropna().astype(str).unique()]
    return folded("\n".join(cells))


def folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


@pytest.fixture(scope="module")
def raw_tables(pristine: Site) -> dict[str, pd.DataFrame]:
    folder = pristine.raw / "demo" / QUARTER
    return {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in folder.glob("*.csv")}


def test_no_raw_value_occurs_anywhere(sanitized: Snapshot, raw_tables: dict[str, pd.DataFrame]) -> None:
    text = everything(sanitized)
    searched = 0
    for table, columns in DROPPED.items():
        for column in columns:
            for value in filter(None, raw_tables[table][column].str.strip().unique()):
                assert folded(value) not in text
                searched += 1
    staff = pd.concat([raw_tables["employees"], raw_tables["applications"]])
    for first, last in zip(staff["first_name"], staff["last_name"], strict=True):
        assert folded(f"{first} {last}") not in text
        assert folded(f"{last}, {first}") not in text
    words = set(re.findall(r"[^\W_]+", text))
    for table, column in IDENTIFIERS.items():
        ids = set(raw_tables[table][column].str.lower())
        assert not ids & words
        searched += len(ids)
    assert searched > 4_000


def test_no_phone_or_account_occurs_with_other_separators(sanitized: Snapshot, raw_tables) -> None:
    tables = sanitized.tables()
    digits = [
        re.sub(r"[^\w\n]|_", "", "\n".join(tables[table][column].dropna().astype(str).str.replace("\n", " ")))
        for table, column in (
            ("tickets", "body"),
            ("tickets", "subject"),
            ("orders", "note"),
            ("ledger", "memo"),
            ("returns", "message"),
            ("applications", "panel_note"),
        )
    ]
    for table, column in (
        ("customers", "contact_phone"),
        ("employees", "phone"),
        ("customers", "iban"),
        ("suppliers", "iban"),
    ):
        for value in filter(None, raw_tables[table][column]):
            tail = re.sub(r"\D", "", value)[-8:]
            assert not any(tail in text for text in digits)


def test_salaries_and_birth_dates_are_in_no_column(sanitized: Snapshot, raw_tables) -> None:
    assert list(sanitized.table("employees").columns) == ["employee_id", "role", "team"]
    assert not {"gender", "nationality", "birth_date"} & set(sanitized.table("applications").columns)
    text = everything(sanitized)
    for born in raw_tables["employees"]["birth_date"]:
        year, month, day = born.split("-")
        for form in (born, f"{day}.{month}.{year}", f"{day}/{month}/{year}"):
            assert form not in text


def plants(customer: dict[str, str], staff: dict[str, str]) -> dict[str, list[str]]:
    """Ways to write what the exports know of one customer and one colleague -> fragments that must not survive."""
    name = customer["contact_name"].strip()
    first, last = name.split(" ", 1)
    mail, account = customer["contact_email"], customer["iban"]
    digits = re.sub(r"\D", "", customer["contact_phone"]).removeprefix("0049").removeprefix("49").lstrip("0")
    spaced, dashed = " ".join(digits), "-".join(digits[i : i + 2] for i in range(0, len(digits), 2))
    boss = f"{staff['first_name']} {staff['last_name']}"
    street = customer["street"]
    return {
        name.upper(): [first, last],
        name.lower(): [first, last],
        f"{first[0]}. {last}": [last],
        f"{last} {first[0]}.": [last],
        f"{last}, {first}": [first, last],
        f"{last.upper()} {first}": [first, last],
        f"{identities.plain(first)} {identities.plain(last)}": [identities.plain(last)],
        f"({name})": [first, last],
        f"{first}\n{last}": [first, last],
        f"{first}\u00a0{last}": [first, last],
        f"{first[:2]}\u200b{first[2:]} {last}": [first, last],
        f"*{name}*": [first, last],
        f"{name}'s order": [first, last],
        f"/{boss}/": [staff["first_name"], staff["last_name"]],
        f"{staff['last_name']}/{staff['first_name']}": [staff["last_name"]],
        f"[{mail}]": [mail],
        f"<{mail.upper()}>": [mail],
        f"mailto:{mail};": [mail],
        mail.replace("@", " (at) "): [mail.split("@")[0], mail.split("@")[1]],
        mail.replace("@", "[at]"): [mail.split("@")[1]],
        f"+49 {digits}": [digits],
        f"0{dashed}": [digits, dashed],
        f"0049 {spaced}": [digits, spaced],
        f"(0{digits[:3]}) {digits[3:]}": [digits[3:]],
        f"tel:+49{digits}": [digits],
        account.lower(): [account],
        " ".join(account[i : i + 4] for i in range(0, len(account), 4)): [
            account[-6:],
            account[4:8] + " " + account[8:12],
        ],
        "-".join(account[i : i + 2] for i in range(0, len(account), 2)): [account[2:4] + "-" + account[4:6]],
        street.upper(): [street],
        f"{street}, {customer['postcode']} {customer['city']}": [street, customer["postcode"]],
        f"firm {customer['company_name'].upper()}": [customer["company_name"]],
        f"born {staff['birth_date']}": [staff["birth_date"]],
        f"customer {customer['customer_id']}, clerk {staff['employee_id']}": [
            customer["customer_id"],
            staff["employee_id"],
        ],
    }


def plant(raw: Path, bodies: list[str]) -> None:
    """Adds a ticket a text; its subject is its number, as ``marker12x``."""
    tickets = pd.read_csv(raw / "tickets.csv", dtype=str, keep_default_na=False)
    more = pd.concat([tickets.head(1)] * len(bodies), ignore_index=True)
    more["ticket_id"] = [f"T9{row:06d}" for row in range(len(bodies))]
    more["subject"] = [f"marker{row}x" for row in range(len(bodies))]
    more["body"] = bodies
    pd.concat([tickets, more]).to_csv(raw / "tickets.csv", index=False)


def test_planted_variants_do_not_survive(site: Site, raw: Path) -> None:
    read = {"dtype": str, "keep_default_na": False}
    customers, staff = pd.read_csv(raw / "customers.csv", **read), pd.read_csv(raw / "employees.csv", **read)
    whole = customers[(customers["contact_email"] != "") & (customers["contact_phone"] != "")]
    # people whose names are no English words, with and without umlauts
    rare = whole[
        ~whole["contact_name"].str.contains(
            r"\b(?:Rose|May|Grace|Joy|Mark|Will|Frank|Bill|Young|Price|Baker|Short|Ward|Stone|Roth|Jung|Klein|Engel|Horn|Busch|Keller|Koch)\b"
        )
    ]
    chosen = [
        *rare.head(6).to_dict("records"),
        *rare[~rare["contact_name"].map(str.isascii)].head(6).to_dict("records"),
    ]
    cases = [
        (text, fragments)
        for index, customer in enumerate(chosen)
        for text, fragments in plants(customer, staff.iloc[20 + index].to_dict()).items()
    ]
    assert len(cases) > 300
    plant(raw, [f"We spoke about it. {text} was involved; nothing else happened." for text, _ in cases])
    clean = sanitize(site, "demo", QUARTER).table("tickets").set_index("subject")["body"]
    for marker, (_, fragments) in enumerate(cases):
        body = folded(clean[f"marker{marker}x"])
        assert "we spoke about it." in body
        assert "nothing else happened." in body
        for fragment in fragments:
            assert folded(fragment) not in re.sub(r"\[[a-z ]+\]", "", body)


def test_strangers_in_free_text_are_caught_where_the_text_says_so(site: Site, raw: Path) -> None:
    texts = [
        "Mr Quentin Zabriskie called",
        "my name is Quentin Zabriskie and I wait",
        "All broken.\nKind regards\nQuentin Zabriskie",
        "Please ask Frau Zabriskie",
        "Mail q.zabriskie@nowhere.example, phone 0999 1234567",
        "Refund to GB33 BUKB 2020 1555 5555 55 please",
        "Card 4111 1111 1111 1111",
        "At 12 Zabriskie Road",
        "Zabriskiestraße 4a, 99999 Zabriskie",
        "born 1/2/1961",
    ]
    plant(raw, texts)
    clean = sanitize(site, "demo", QUARTER).table("tickets").set_index("subject")["body"]
    for row in range(len(texts)):
        body = clean[f"marker{row}x"]
        assert "abriskie" not in body
        assert not re.search(r"\d{3}", body)
        assert "[" in body


def test_file_names_and_metadata_say_nothing(sanitized: Snapshot, raw_tables) -> None:
    names = {str(path.relative_to(sanitized.folder)) for path in sanitized.folder.rglob("*") if path.is_file()}
    assert names == {"manifest.json", "texts/handbook.md", *(f"tables/{name}.parquet" for name in raw_tables)}
    people = raw_tables["customers"]
    for path in (sanitized.folder / "tables").iterdir():
        data = path.read_bytes().lower()
        for value in (*people["contact_email"], *people["iban"], *people["customer_id"]):
            assert not value or value.lower().encode() not in data
