"""Where nobody is known, a text keeps what its author may read anyway, plain words and figures, and nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from faker import Faker
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.labs.adopting.allowed import Allowed
from mondaylab.labs.adopting.scrubbing import personal, scrubbed

READABLE = ["In week 43, net sales of CopperLantern in Central rose.", "ord_4711 41234 Corvo Express"]


@pytest.fixture(scope="module")
def allowed() -> Allowed:
    return Allowed(READABLE, year=2026)


def clean(allowed: Allowed, text: str) -> str:
    return scrubbed(text, allowed, [])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Net sales in Central came to €74,780 (+3.2 % YoY) in week 43; see CopperLantern's margin.",
        "**Key takeaways**\n\n- Corvo Express was late 3 times, 12k pieces, 1st in 2026Q4, W43, FY26.\n- EUR 1234567.",
        "SELECT sum(net_sales) FROM order_lines WHERE id = 'ord_4711' OR id = 41234",
        "We optimised the organisation's colour; it wasn't per unit, on Monday 19 October.",
    ],
)
def test_an_answer_about_the_lab_loses_nothing(allowed: Allowed, text: str) -> None:
    assert clean(allowed, text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Zdravko Krstić (zkrstic) said so.", "«WORD» («WORD») said so."),
        ("**Krs**tić rose, Mc_Quxley fell.", "**«WORD» rose, «WORD»_«WORD» fell."),
        ("Ask Jana-Quxley or mhuber2.", "Ask «WORD» or «WORD»."),
        ("customer 4471 and 44719 and 447193", "customer 4471 and «NUMBER» and «PHONE»"),
        ("Write to quxley@acme.example", "Write to «EMAIL»"),
        ("Ж. Петров", "Ж. «WORD»"),
    ],
)
def test_what_nothing_knows_goes(allowed: Allowed, text: str, left: str) -> None:
    assert clean(allowed, text) == left


@given(st.text(st.characters(categories=["L", "Nd", "Zs", "Po"]), max_size=60))
def test_whatever_stands_there_what_is_left_is_allowed(allowed: Allowed, text: str) -> None:
    found = allowed.find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.start < other.start and one.end < other.end for one, other in pairwise(found))
    for one in reversed(found):
        text = f"{text[: one.start]} — {text[one.end :]}"
    assert allowed.find(text) == []


@pytest.mark.parametrize("country", ["en_GB", pytest.param("de_DE", marks=pytest.mark.deep), "hr_HR"])
def test_hardly_a_full_name_is_left(allowed: Allowed, country: str) -> None:
    fake = Faker(country)
    fake.seed_instance(2)
    left = 0
    for _ in range(150):
        first, last = fake.first_name(), fake.last_name()
        for name in (f"{first} {last}", f"{first}-{last}", f"{last}, {first}", f"{first} {last}'s"):
            text = clean(allowed, f"By {name} it rose in Central.")
            left += all(part in text for part in (first, last))
    assert left <= 12  # of 600: whose two parts are words, such as Guy Brown


def test_the_names_of_tools_are_no_personal_data_and_full_names_are(allowed: Allowed) -> None:
    assert not any(personal(name, allowed) for name in ("Copilot", "Qwen2.5-Coder", "Claude", "not stated"))
    assert personal("Jana Nováková", allowed) and personal("jana@acme.example", allowed)
