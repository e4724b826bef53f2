"""Recall on texts that others wrote and labelled (Presidio's evaluation set), with names known from a table."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.known import WORD, Known, fold, words_of
from mondaylab.datasets.policy import Policy

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "presidio_research"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the labelled texts are not at {FOLDER}")

POLICY = {"company": "x", "steward": "x", "tables": {"t": {"columns": {"text": {"do": "scrub"}}}}}


@pytest.fixture(scope="module")
def known() -> Known:
    with (FOLDER / "FakeNameGenerator.com_3000.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return Known(
        frozenset((row["GivenName"], row["Surname"]) for row in rows),
        {
            "first_name": frozenset(row["GivenName"] for row in rows),
            "last_name": frozenset(row["Surname"] for row in rows),
            "street": frozenset(row["StreetAddress"] for row in rows),
        },
        {},
    )


def test_recall(known: Known) -> None:
    scrubber = Scrubber(known, Policy.parse(POLICY, where="test"), lambda _, value: value, year=2026)
    names = {fold(word) for word in words_of(known.of("first_name") | known.of("last_name"))}
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for sample in json.loads((FOLDER / "generated_large.json").read_text("utf-8")):
        text = sample["full_text"]
        spans = scrubber.find(text)
        for label in sample["spans"]:
            kind, start, end = label["entity_type"], label["start_position"], label["end_position"]
            words = {fold(word) for word in WORD.findall(label["entity_value"]) if len(word) > 1}
            if kind == "PERSON" and not words <= names:
                continue  # nobody that the table knows
            total[kind] += 1
            inside = (any(a.start <= at < a.end for a in spans) for at in range(start, end) if text[at].isalnum())
            found[kind] += all(inside)
    share = {kind: found[kind] / total[kind] for kind in total}
    assert total["PERSON"] > 900
    assert share["PERSON"] >= 0.985
    assert share["PHONE_NUMBER"] >= 0.99
    assert share["EMAIL_ADDRESS"] == share["IBAN_CODE"] == share["CREDIT_CARD"] == 1.0
