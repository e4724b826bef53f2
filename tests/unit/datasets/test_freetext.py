from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.freetext import Scrubber, is_card
from mondaylab.datasets.gazetteer import person_variants
from mondaylab.datasets.known import Known, fold
from mondaylab.datasets.letters import readable
from mondaylab.datasets.policy import Policy


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Anna Müller called", "[PERSON] called"),
        ("ANNA MÜLLER CALLED", "[PERSON] CALLED"),
        ("anna mueller called", "[PERSON] called"),
        ("ask Anna Muller", "ask [PERSON]"),
        ("Müller, Anna", "[PERSON]"),
        ("A. Müller and Müller A.", "[PERSON] and [PERSON]."),
        ("it was J. Müller", "it was [PERSON]"),
        ("(Anna Müller)", "([PERSON])"),
        ("Anna's parcel", "[PERSON]'s parcel"),
        ("ask anna", "ask [PERSON]"),
        ("Anna M. Müller", "[PERSON]"),
        ("Anna-Lena Schmitz rang", "[PERSON] rang"),
        ("Anna Unbekannt rang", "[PERSON] rang"),
        ("we met Detlef Nowak", "we met [PERSON]"),
        ("AnnaMüller", "[PERSON]"),
        ("login amueller", "login [PERSON]"),
        ("pawel nowak / PAWEŁ NOWAK", "[PERSON] / [PERSON]"),
        ("\uff21\uff4e\uff4e\uff41 Müller", "[PERSON]"),
        ("An\u200bna Mül\u00adler", "[PERSON]"),
        ("Conor O'Brien", "[PERSON]"),
        ("Zoë de Vries, Anna van der Nowak", "[PERSON], [PERSON]"),
        ("C. O\u2019Brien", "[PERSON]"),
        ("Hi Anna, Paweł is here", "Hi [PERSON], [PERSON] is here"),
        # a stranger, by form of address and closing formula
        ("Mr Unbekannt wrote", "Mr [PERSON] wrote"),
        ("Frau Dr. Ilse Unbekannt", "Frau Dr. [PERSON]"),
        ("Thanks, Ilse", "Thanks, [PERSON]"),
        ("Kind regards\nIlse Unbekannt", "Kind regards\n[PERSON]"),
        ("my name is Ilse Unbekannt.", "my name is [PERSON]."),
    ],
)
def test_names_become_placeholders(scrubber: Scrubber, text: str, clean: str) -> None:
    assert scrubber.scrub(text)[0] == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("the price may rise, young man", "the price may rise, young man"),
        ("May we ask?", "May we ask?"),
        ("Price list", "Price list"),
        ("2.2 Price changes", "2.2 Price changes"),
        ("WE MAY CANCEL", "WE MAY CANCEL"),
        ("ask for May at the gate", "ask for [PERSON] at the gate"),
        ("Ms Price rang", "Ms [PERSON] rang"),
        ("May Price rang", "[PERSON] rang"),
        ("Price, May", "[PERSON]"),
        ("Rose Müller", "[PERSON]"),
        ("Anna Price", "[PERSON]"),
        ("a rose garden", "a rose garden"),
    ],
)
def test_common_words_are_names_only_in_context(scrubber: Scrubber, text: str, clean: str) -> None:
    assert scrubber.scrub(text)[0] == clean


def test_a_login_that_is_a_common_word_is_nobodys_name(policy: Policy) -> None:
    """``prices`` is how a login of Sven Price is made, ``rob in`` run together gives a bird."""
    people = frozenset({("Sven", "Price"), ("Rob", "In"), ("Sara", "Fields")})
    clean = Scrubber(Known(people, {"person": frozenset({"Sven Price"})}, {}), policy, lambda *_: "", year=2026)
    for text in ("# 2 Prices and discounts", "See all Prices", "PRICES", "a Robin sang", "Prices, Robin"):
        assert clean.scrub(text)[0] == text
    assert clean.scrub("sprice and PRICESVEN and Sven Price")[0] == "[PERSON] and [PERSON] and [PERSON]"
    assert clean.scrub("Mr Prices, ask Price")[0] == "Mr [PERSON], ask [PERSON]"
    assert clean.scrub("sfields")[0] == "[PERSON]"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("# Our Price\n\nA price holds.", "# Our Price\n\nA price holds."),
        ("## 2.1 New Young Prices\n\nWe hold young prices.", "## 2.1 New Young Prices\n\nWe hold young prices."),
        ("# List Price Changes\n\nA list price changes.", "# List Price Changes\n\nA list price changes."),
        # nothing says that it is a word
        ("# Our Price\n\nA cost holds.", "# Our [PERSON]\n\nA cost holds."),
        ("# List Price Holders\n\nA price holds.", "# List [PERSON]\n\nA price holds."),
        # no heading
        ("Our Price\n\nA price holds.", "Our [PERSON]\n\nA price holds."),
        ("#Our Price\n\nA price holds.", "#Our [PERSON]\n\nA price holds."),
        # a name beside it, or a title
        ("# Ask May Price\n\nA price may rise.", "# Ask [PERSON]\n\nA price may rise."),
        ("# Ask Price, May\n\nA price may rise.", "# Ask [PERSON]\n\nA price may rise."),
        ("# Ask Ms Price\n\nA price holds.", "# Ask Ms [PERSON]\n\nA price holds."),
        ("# Ask Anna Price\n\nA price holds.", "# Ask [PERSON]\n\nA price holds."),
        ("# Ask Rose Unbekannt\n\nIt rose.", "# Ask [PERSON]\n\nIt rose."),
        # a name elsewhere in the text
        ("# Our May\n\nWe may. Ask for May.", "# Our [PERSON]\n\nWe may. Ask for [PERSON]."),
        ("# In May\n\n# Our May\n\nWe may.", "# In May\n\n# Our May\n\nWe may."),
    ],
)
def test_in_a_heading_the_text_tells_a_word_from_a_name(scrubber: Scrubber, text: str, clean: str) -> None:
    assert scrubber.scrub(text)[0] == clean


@pytest.mark.parametrize(
    "text",
    [
        "anna.mueller@firma.example",
        "<anna.mueller@firma.example>",
        "[ANNA.MUELLER@FIRMA.EXAMPLE]",
        "stranger+tag@mail.example.org",
        "stranger (at) mail (dot) example",
        "stranger[at]mail.example",
    ],
)
def test_mail_addresses(scrubber: Scrubber, text: str) -> None:
    clean, found = scrubber.scrub(f"write to {text} today")
    assert found == {"EMAIL": 1}
    assert "[EMAIL]" in clean
    assert "mail.example" not in clean.lower()
    assert "firma" not in clean.lower()


@pytest.mark.parametrize(
    "number",
    [
        "+49 30 23125 123",
        "03023125123",
        "030/23125-123",
        "(030) 23125123",
        "+49 (0)30 23125-123",
        "0049 30 23 12 51 23",
        "030.23125.123",
        "030 - 23125 - 123",
        "030\u201323125\u2013123",
        "030\u00a023125\u00a0123",
        "tel030 23125123",
        "482910",
        "030 23125123 ext. 12",
        "030-23125-123x4567",
    ],
)
def test_phone_numbers_in_any_format(scrubber: Scrubber, number: str) -> None:
    clean, found = scrubber.scrub(f"call {number}, please")
    assert found["PHONE"] == 1
    assert not any(c.isdigit() for c in clean)
    assert clean.endswith("], please")


def test_the_bracket_of_the_sentence_stays(scrubber: Scrubber) -> None:
    assert scrubber.scrub("(+49 30 23125 123)")[0] == "([PHONE])"
    assert scrubber.scrub("x (0171 3920011) y")[0] == "x ([PHONE]) y"


@pytest.mark.parametrize(
    "account",
    [
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "de89 3704 0044 0532 0130 00",
        "DE 89 3704-0044-0532-0130-00",
        "DE89.37040044.0532013000",
        "GB33BUKB20201555555555",
        "NL91 ABNA 0417 1643 00",
    ],
)
def test_accounts(scrubber: Scrubber, account: str) -> None:
    clean, found = scrubber.scrub(f"Refund to {account}.")
    assert clean == "Refund to [IBAN]."
    assert found == {"IBAN": 1}


def test_cards_and_luhn(scrubber: Scrubber) -> None:
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")
    assert not is_card("0049 8999 9983 17")
    assert scrubber.scrub("card 4111 1111 1111 1111")[0] == "card [CARD]"
    assert scrubber.scrub("card 4111-1111-1111-1112")[0] == "card [PHONE]"  # still gone


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("to Lindenstraße 12, please", "to [ADDRESS], please"),
        ("to LINDENSTRASSE 12", "to [ADDRESS]"),
        ("to Lindenstr. 12", "to [ADDRESS]"),
        ("Lindenstraße 12, 10115 Altenbrück", "[ADDRESS]"),
        ("Am Alten Markt 3b", "[ADDRESS]"),
        ("the Altenbrück depot", "the [PLACE] depot"),
        ("at Hauptstraße 5, 99999 Nirgendwo", "at [ADDRESS]"),
        ("at 10 Baker Street", "at [ADDRESS]"),
        ("from Müller Metallbau", "from [COMPANY]"),
        ("from Price & Partners Ltd.", "from [COMPANY]."),
    ],
)
def test_addresses_and_firms(scrubber: Scrubber, text: str, clean: str) -> None:
    assert scrubber.scrub(text)[0] == clean


@pytest.mark.parametrize("born", ["12.03.1981", "1981-03-12", "12/03/1981", "12 March 1981", "March 12, 1981"])
def test_dates_of_birth_go_and_other_dates_stay(scrubber: Scrubber, born: str) -> None:
    assert scrubber.scrub(f"voucher for {born}")[0] == "voucher for [BIRTH DATE]"
    recent = born.replace("1981", "2026")
    assert scrubber.scrub(f"delivery {recent}")[0] == f"delivery {recent}"
    assert scrubber.scrub("born 12.03.81")[0] == "born [BIRTH DATE]"


@pytest.mark.parametrize(
    "text",
    [
        "EUR 1,234,567.89 in all",
        "1.234.567,89 EUR",
        "€ 250000",
        "article P00123, box INV-20261130",
        "12.5 % of 300 lines",
        "Section 4.2, page 12",
        "delivered 2026-11-30 at 14:30",
    ],
)
def test_amounts_dates_and_codes_stay(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub(text) == (text, {})


def test_identifiers_in_text_become_their_pseudonyms(scrubber: Scrubber) -> None:
    clean, found = scrubber.scrub("see K0001 and K0001, not K00012")
    assert found == {"ID": 2}
    assert "K0001 " not in clean
    assert clean.split()[1] == clean.split()[3].rstrip(",")
    assert clean.endswith("K00012")


def test_a_column_counts_every_row(scrubber: Scrubber) -> None:
    clean, found = scrubber.column(pd.Series(["Anna", "Anna", "", "fine"], dtype="str"))
    assert clean.tolist() == ["[PERSON]", "[PERSON]", "", "fine"]
    assert found == {"PERSON": 2}


_filler = st.text(alphabet="bcdfg ,.\n-(", max_size=20)


@given(before=_filler, after=_filler, data=st.data())
def test_no_spelling_of_a_known_person_survives(
    scrubber: Scrubber, known: Known, before: str, after: str, data
) -> None:
    rare = sorted(pair for pair in known.people if pair[0] in ("Anna", "Paweł", "Conor"))
    first, last = data.draw(st.sampled_from(rare))
    name = data.draw(st.sampled_from(sorted(person_variants(first, last))))
    name = data.draw(st.sampled_from([name, name.upper(), name.lower(), name.title()]))
    clean, _ = scrubber.scrub(f"{before} {name} {after}")
    tokens = fold(clean).replace("'", " ").split()
    for word in (*first.split(), last.split("'")[-1]):
        assert fold(word) not in tokens
        assert fold(name) not in fold(clean)


@given(st.text(alphabet=st.characters(categories=["Ll", "Zs", "Po"], exclude_characters="@"), max_size=80))
def test_text_without_digits_capitals_or_names_is_left_alone(scrubber: Scrubber, text: str) -> None:
    clean, found = scrubber.scrub(text)
    if not found:
        assert clean == readable(text)


@given(st.text(max_size=80))
def test_scrubbing_never_fails_and_is_stable(scrubber: Scrubber, text: str) -> None:
    once, _ = scrubber.scrub(text)
    twice, _ = scrubber.scrub(once)
    assert scrubber.scrub(text)[0] == once
    assert len(twice) <= len(once) + 20
