from __future__ import annotations

import pytest

from mondaylab.datasets.known import Known
from mondaylab.datasets.leaks import LeakSearch, leaks


@pytest.fixture(scope="session")
def search(known: Known) -> LeakSearch:
    return LeakSearch.of(known, ["person"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("so ANNA müller said", "person"),
        ("Müller, Anna", "person"),
        ("a parcel for anna", "name"),
        ("May Price", "person"),
        ("MAY PRICE", "person"),
        ("Anna.Mueller@Firma.example", "email"),
        ("mail:<anna.mueller@firma.example>.", "email"),
        ("030 2312 5123", "phone or account"),
        ("0049-30-23125123", "phone or account"),
        ("8999998456", "phone or account"),
        ("DE89 3704 0044 0532 0130 00", "phone or account"),
        ("at lindenstrasse 12", "street"),
        ("Price & Partners Ltd", "company"),
        ("ref K0003.", "identifier"),
    ],
)
def test_known_values_are_found(search: LeakSearch, text: str, kind: str) -> None:
    assert kind in search.kinds_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[PERSON] rang",
        "the price may rise",
        "may price",
        "K00031 boxes",
        "EUR 23,125.00",
        "30231 2512",
        "young roses",
    ],
)
def test_harmless_text_passes(search: LeakSearch, text: str) -> None:
    assert search.kinds_in(text) == set()


def test_a_login_that_is_a_common_word_is_no_leak() -> None:
    search = LeakSearch.of(Known(frozenset({("Sven", "Shield"), ("Tim", "Tucker")}), {}, {}), [])
    assert search.kinds_in("Shields for lamps") == set()
    assert search.kinds_in("ask ttucker") == {"name"}


def test_counts_by_place_and_public_names(search: LeakSearch) -> None:
    texts = {"a.x": ["Anna", "Anna", "Paweł", "fine"], "b.y": ["Anna", "anna.mueller@firma.example"], "c.z": ["fine"]}
    found = leaks(search, texts, names_allowed=["b.y"])
    assert found == {
        "a.x": {"name": {"Anna", "Paweł"}},
        "b.y": {"email": {"anna.mueller@firma.example"}},
    }


def test_birth_dates_are_found_in_several_spellings() -> None:
    known = Known(frozenset(), {"birth_date": frozenset({"1981-03-12"})}, {})
    search = LeakSearch.of(known, [])
    for text in (
        "1981-03-12",
        "12.03.1981",
        "12/03/1981",
        "03/12/1981",
        "19810312",
        "12.3.81",
        "3/12/81",
        "12 March 1981",
        "March 12th, 1981",
        "12 Mar 81",
        "12. März 1981",
        "12 mars 1981",
        "1981-03-12T00:00",
    ):
        assert search.kinds_in(f"born {text}.") == {"date of birth"}
    assert search.kinds_in("on 2026-03-12") == set()
