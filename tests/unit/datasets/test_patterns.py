"""What is personal by its form is told from the codes and figures that companies keep."""

from __future__ import annotations

import random
import uuid

import pytest
from faker import Faker
from stdnum import ean

from mondaylab.datasets.patterns import forms_in

DRAW = random.Random(3)


def kinds(cells: list[str], **more) -> set[str]:
    return set(forms_in(cells, year=2026, **more))


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("Desk for q.zabriskie@nowhere.example", "email"),
        ("Lamp +49 170 3920011", "phone"),
        ("Lamp 0049 170 3920011", "phone"),
        ("Lamp (0221) 4710996", "phone"),
        ("Lamp 030/23125-123", "phone"),
        ("Lamp 415-555-2671", "phone"),
        ("call tel 4711099612", "phone"),
        ("01 44 55 66 77", "phone"),
        ("Chair 4111 1111 1111 1111", "card"),
        ("Chair 4111111111111111", "card"),
        ("378282246310005", "card"),
        ("Box DE89370400440532013000", "iban"),
        ("Box GB33 BUKB 2020 1555 5555 55", "iban"),
        ("social 536-90-4399", "national_id"),
        ("RSSMRA85T10A562S", "national_id"),
        ("131052-308T", "national_id"),
        ("44051401359", "national_id"),
        ("X1234567L", "national_id"),
        ("AB 12 34 56 C", "national_id"),
        ("born 12.03.1981", "birth_date"),
        ("$2b$12$" + "KIXQ4n8lM5w7uYt0aBcDeF" + "ghIJklMNopQRstUVwxYZ0123456789a", "secret"),
        ("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA", "secret"),
        ("-----BEGIN RSA PRIVATE KEY-----", "secret"),
        ("AKIAIOSFODNN7EXAMPLE", "secret"),
        ("ghp_" + "a1B2" * 9, "secret"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln", "secret"),
    ],
)
def test_one_cell_is_enough(cell: str, form: str) -> None:
    assert form in kinds(["Steel desk", "Oak chair", "Lamp 12 W", cell])


@pytest.mark.parametrize(
    "locale", ["de_DE", "en_US", "fr_FR", "es_ES", "it_IT", "nl_NL", "cs_CZ", "el_GR", "ru_RU", "tr_TR"]
)
@pytest.mark.parametrize(
    ("form", "draw"),
    [
        ("name", lambda fake: fake.name()),
        ("name", lambda fake: fake.name().upper()),
        ("name", lambda fake: f"{fake.last_name()}, {fake.first_name()}"),
        ("name", lambda fake: fake.first_name()),
        ("email", lambda fake: fake.email()),
        ("iban", lambda fake: fake.iban()),
        ("card", lambda fake: fake.credit_card_number()),
        ("birth_date", lambda fake: str(fake.date_of_birth(minimum_age=18, maximum_age=65))),
        ("birth_date", lambda fake: fake.date_of_birth(minimum_age=18, maximum_age=65).strftime("%d.%m.%Y")),
    ],
)
def test_a_column_of_people(locale: str, form: str, draw) -> None:
    fake = Faker(locale)
    fake.seed_instance(4)
    assert form in kinds([draw(fake) for _ in range(30)])


def article() -> str:
    body = "40" + "".join(DRAW.choices("0123456789", k=10))
    return body + ean.calc_check_digit(body)


def day(first: int, last: int) -> str:
    return f"{DRAW.randint(first, last)}-{DRAW.randint(1, 12):02}-{DRAW.randint(1, 28):02}"


HONEST = {
    "articles": [article() for _ in range(300)],
    "amounts": [f"{DRAW.random() * 9999:.2f}" for _ in range(300)],
    "stock codes": [
        f"{DRAW.randrange(1000):03}-{DRAW.randrange(10**4):04}-{DRAW.randrange(100):02}" for _ in range(300)
    ],
    "invoices": [f"2026{DRAW.randrange(10**6):06}" for _ in range(300)],
    "nine digits": [str(100_000_000 + 7 * row) for row in range(300)],
    "eleven digits": [str(10**10 + DRAW.randrange(10**9)) for _ in range(300)],
    "sixteen digits": [str(4 * 10**15 + DRAW.randrange(10**15)) for _ in range(300)],
    "guids": [str(uuid.UUID(int=DRAW.getrandbits(128), version=4)) for _ in range(100)],
    "bare guids": [uuid.UUID(int=DRAW.getrandbits(128), version=4).hex for _ in range(100)],
    "times": [f"{day(2024, 2026)} 08:15:00" for _ in range(100)],
    "seconds": [str(1_790_000_000 + 37 * row) for row in range(300)],
    "orders": [day(2021, 2026) for _ in range(100)],
    "an archive": [day(2005, 2009) for _ in range(100)],
    "postcodes": [f"{DRAW.randrange(10**5):05}-{DRAW.randrange(10**4):04}" for _ in range(300)],
    "parcels": [f"1Z{DRAW.randrange(10**16):016}" for _ in range(100)],
    "tax numbers": [f"DE{DRAW.randrange(10**9):09}" for _ in range(100)],
    "countries": [
        "Germany",
        "France",
        "Italy",
        "Spain",
        "Poland",
        "Austria",
        "Norway",
        "Jordan",
        "Chad",
        "Georgia",
        "Kenya",
        "India",
        "Israel",
        "Cyprus",
    ],
    "cities": ["New York", "San Francisco", "Los Angeles", "San Diego", "Salt Lake City", "Kansas City", "San Jose"],
    "products": [
        f"{a} {b}" for a in ("Crystal", "Rose", "Amber", "Oak", "Steel") for b in ("Chair", "Desk", "Lamp", "Box")
    ],
    "titles": ["Sales Manager", "IT Staff", "Account Manager", "Warehouse Clerk", "Credit Analyst"],
    "months": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "firms": ["Brakke Logistics", "Corvo Express", "Aldrin Freight", "General Electric", "Wells Fargo"],
}


@pytest.mark.parametrize("column", HONEST)
def test_what_companies_keep_is_no_finding(column: str) -> None:
    assert kinds(HONEST[column]) == set()


def test_a_public_column_may_hold_names_but_no_address() -> None:
    people = ["Anna Schmidt", "Paul Meyer", "Karin Weber", "paul@meyer.example"]
    assert kinds(people) == {"name", "email"}
    assert kinds(people, names_allowed=True) == {"email"}


def test_the_columns_name_tells_what_a_plain_number_is() -> None:
    numbers = ["3023125123", "2214710996", "1713920011"]
    assert kinds(numbers) == set()
    assert kinds(numbers, name="MobilePhone") == {"phone"}
    assert kinds(["hunter2!", "correct horse"], name="user_password") == {"secret"}
