"""What says nothing of anybody is plain; what may be a name is not."""

from __future__ import annotations

import pytest
from faker import Faker

from mondaylab.datasets.dictionary import is_plain

WORDS = "sales margins outperformed wasn't company's optimised colour organisation's per seven KPI KPIs YoY a October"
NAMES = "Jana Novák novák Krstić KRSTIC zkrstic Huber's Martin Smithson Quxley ARPU"


@pytest.mark.parametrize("word", [*WORDS.split(), "Monday", "Christmas", "Baker", "Young"])
def test_words_codes_and_days_are_plain(word: str) -> None:
    assert is_plain(word)


@pytest.mark.parametrize(
    "word", ["Jana", "Novák", "novák", "Krstić", "KRSTIC", "zkrstic", "Huber's", "Martin", "Smithson", "Quxley", "ARPU"]
)
def test_names_and_what_no_dictionary_has_are_not(word: str) -> None:
    assert not is_plain(word)


@pytest.mark.parametrize("country", ["en_US", "de_DE", "pl_PL", "tr_TR"])
def test_few_names_are_words_too(country: str) -> None:
    fake = Faker(country)
    fake.seed_instance(1)
    names = {fake.last_name() for _ in range(120)}
    assert sum(map(is_plain, names)) <= (0.2 if country == "en_US" else 0.05) * len(names)
