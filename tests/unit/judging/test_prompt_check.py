"""The prompt's checks against what practitioners say, and what holds for every prompt."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mondaylab.judging.prompt_check import TITLES, PromptReport, check_prompt, known_ids, known_words
from mondaylab.judging.prompt_private import find_private
from mondaylab.quarter import Quarter

from .prompts import IDS, PROMPTS, WORDS

LETTERS = dict(zip("tdlsp", TITLES, strict=True))
GOOD = {
    "task": "Write a reply to the sales lead.",
    "data": "Use the orders table of week 46.",
    "limits": "At most 120 words, and do not name a cause.",
    "doubts": "Say which table each figure comes from; if you are not sure, say so.",
}


def is_id(token: str) -> bool:
    return token.casefold() in IDS


def checked(text: str) -> PromptReport:
    return check_prompt(text, words=WORDS, ids=is_id)


def passed(text: str) -> set[str]:
    return {check.name for check in checked(text).checks if check.passed}


@pytest.mark.parametrize(("text", "expected"), PROMPTS, ids=[text[:30] for text, _ in PROMPTS])
def test_as_a_practitioner_judges(text: str, expected: str):
    report = checked(text)
    assert passed(text) == {LETTERS[letter] for letter in expected}, repr(report)
    assert [check.name for check in report.checks] == list(TITLES)
    for check in report.checks:
        assert check.reason
        assert bool(check.advice) is not check.passed


def test_the_table_has_both_answers_to_every_check():
    assert len(PROMPTS) >= 30
    for letter in LETTERS:
        share = sum(letter in expected for _, expected in PROMPTS) / len(PROMPTS)
        assert 0.2 < share < 0.8


SENTENCES = st.sampled_from([text for text, _ in PROMPTS] + list(GOOD.values()) + ["Hello there", "It was late, and"])


@given(st.one_of(SENTENCES, st.text(max_size=200)), st.sampled_from(sorted(GOOD.items())), st.sampled_from(" \n"))
def test_a_good_sentence_more_costs_nothing(text: str, good: tuple[str, str], space: str):
    name, sentence = good
    after = passed(f"{text}{space}{sentence}")
    assert passed(text) - {"nothing_private"} <= after
    if not text or text.rstrip().endswith((".", "!", "?")):
        assert name in after


@given(st.lists(SENTENCES, min_size=1, max_size=4), st.data())
def test_white_space_does_not_count(sentences: list[str], data: st.DataObject):
    words = " ".join(sentences).split()
    spaces = data.draw(st.lists(st.sampled_from([" ", "\n", "\t  ", "\u00a0", " \n\n "]), min_size=1, max_size=3))
    spread = "".join(word + spaces[index % len(spaces)] for index, word in enumerate(words))
    assert checked(f"\n {spread}") == checked(" ".join(words))


@pytest.mark.parametrize("text", [text for text, _ in PROMPTS])
def test_case_does_not_count_but_for_bare_names(text: str):
    bare_name = "Tom Becker" in text or "Anna Becker" in text
    for other in (text.upper(), text.lower()):
        assert passed(other) - {"nothing_private"} == passed(text) - {"nothing_private"}
        if not bare_name:
            assert passed(other) == passed(text)


def test_an_empty_prompt_passes_the_last_check_only():
    assert passed("") == {"nothing_private"}
    assert checked("").summary == "1 of 5 checks passed."


@settings(max_examples=200)
@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str):
    report = checked(text)
    assert PromptReport.model_validate_json(report.model_dump_json()) == report
    assert report._repr_html_().count("<li") == len(report.checks)
    assert repr(report).startswith(report.summary)


@pytest.mark.parametrize("piece", ["a", "1", "1 ", "+49 ", "what, ", "@", "write ", "the ", "do not, ", "x1.", "A b"])
def test_a_long_prompt_is_fine(piece: str):
    began = time.process_time()
    checked(piece * (10_000 // len(piece)))
    assert time.process_time() - began < 3


def test_other_languages_are_told_not_judged():
    assert not checked("Schreibe bitte ein kurzes Memo zur Marge in Woche 46 und nenne die Quellen dazu.").english
    assert not checked("次の表を使って、第46週の粗利率を要約してください。").english
    report = checked("اكتب ملخصا")
    assert "read English" in report.summary
    for text in ("", "Write a memo", GOOD["doubts"], "123"):
        assert checked(text).english


# -- nothing private
PRIVATE = [
    ("write to anna.novak@firm.example", "e-mail"),
    ("write to anna.novak (at) firm.example", "e-mail"),
    ("tel. 0711 123456", "phone"),
    ("ring (0711) 123-4567 please", "phone"),
    ("+44 20 7946 0958", "phone"),
    ("555-014-2233", "phone"),
    ("refund to GB29 NWBK 6016 1331 9268 19 today", "bank account"),
    ("card 4111 1111 1111 1111", "card"),
    ("account 123456789", "long number"),
    ("send it to 12 Baker Street", "street"),
    ("Lieferung an Hauptstraße 12", "street"),
    ("he was born on 3 5 1988", "birth"),
    ("Dear Ms Novak", "name"),
    ("dear dr. novak", "name"),
    ("the applicant Anna Novak", "name"),
    ("order of C00JJY9Y7SWX7", "identifier"),
    ("code H7x2k9q4m1zz8 failed", "identifier"),
    ("her salary is 48,000", "salary"),
    ("she earns 4,200 EUR a month", "salary"),
    ("unit_cost is 1.40", "cost price"),
    ("the password is hunter2", "password"),
    ("strictly confidential", "confidential"),
    ("C00jjy9y\u200b7swx7", "identifier"),
]


@pytest.mark.parametrize(("text", "kind"), PRIVATE)
def test_what_is_private_is_named_but_not_repeated(text: str, kind: str):
    found = find_private(f"Please note: {text}.", words=WORDS, ids=is_id)
    assert any(kind in one for one in found), found
    for one in found:
        quoted = one[one.index("“") + 1 : one.index("”")]
        assert len(quoted) <= 7


@pytest.mark.parametrize(
    "text",
    [
        "weeks 40 to 52, week 46/2026, 10/2026, Q4/2026, 2025-2026, 2026-10-05 to 2026-12-27, 2026-11-20 16:45",
        "from 1.10.2026 until 31.12.2026, and 5 Nov 2026",
        "EUR 1,234,567.00 against 1.234.567 EUR, €96,000, 12.5 %, USD 1 000 000",
        "North 1200 1300 1250\nSouth 900 950 1000",
        "section 3.1, page 12, 120 words, 30 days, EUR 250",
        "During 2026 the monitoring 5 times; spring 2026",
        "It is 10 days late then; at 12 week from here",
        "for Corvo Express and Aldrin Freight, from North Depot in October 2026",
        "Write A Short Reply To The Customer About Late Deliveries",
        "Do not mention salaries, at most 150 words. No passwords, nothing confidential, 3 bullets",
        "the password reset, a forgotten password",
        "Dear Mr or Ms, we miss 20 orders; 200 ms later",
        "article P00333 and section 6.2, ISO 9001, Form 1040",
    ],
)
def test_ordinary_figures_and_words_are_not_private(text: str):
    assert find_private(text, words=WORDS, ids=is_id) == ()


@given(st.integers(min_value=10_000_000, max_value=99_999_999_999), st.sampled_from(["", " ", "-"]))
def test_every_international_phone_number_is_found(number: int, sign: str):
    digits = str(number)
    text = "+" + sign.join(digits[start : start + 3] for start in range(0, len(digits), 3))
    assert find_private(f"call {text} now", words=set(), ids=is_id)


@given(st.sampled_from(["an e-mail", "a plan"]), st.sampled_from(sorted(IDS)), st.sampled_from(["{}", "({})", "x:{},"]))
def test_ids_of_the_data_are_found_wherever_they_stand(before: str, one: str, frame: str):
    text = f"{before} {frame.format(one)} after"
    for spelled in (text, text.upper()):
        assert "identifier" in " ".join(find_private(spelled, words=set(), ids=is_id))


# -- what a lab knows
TABLES = {
    "order_lines": pd.DataFrame({"line_id": ["L5vdvy6wy0d9z", None], "net_amount": 1.0, "product_id": ["P1", "P2"]}),
    "customers": pd.DataFrame({"customer_id": ["C00jjy9y7swx7"], "region": ["North West"], "since": [2016]}),
    "orders": pd.DataFrame({"order_id": ["CopperLantern", "ZincHarborAnchor"]}),
}


def test_words_of_a_lab():
    words = known_words(TABLES, Quarter(2026, 4))
    assert {"order lines", "order line", "net amount", "customers", "north west", "q4 2026", "2026q4"} <= words
    assert not any("_" in word or word != word.casefold() for word in words)
    report = check_prompt("Write 2 sentences on the net amount.", words=words, ids=known_ids(TABLES))
    assert "net amount" in report.checks[1].reason


def test_ids_of_a_lab_are_its_pseudonyms_in_any_case():
    ids = known_ids(TABLES)
    assert ids("C00JJY9Y7SWX7")
    assert ids("l5vdvy6wy0d9z")
    assert ids("CopperLantern")
    assert ids("zincharboranchor")
    for other in ("P1", "C00jjy9y7swx8", "CopperAnchor", "copper", "north west", "departments", ""):
        assert not ids(other)


def test_what_it_shows_is_escaped():
    html = check_prompt("Write <script>alert(1)</script> & more.", words=set(), ids=lambda token: False)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "Passed: States the task" in html
    assert "To do: Names the data" in html
