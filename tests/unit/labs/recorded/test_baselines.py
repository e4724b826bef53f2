"""Baselines: read as they came, kept for their owner, one a model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.labs.recorded.baselines import Baseline, BaselineStore, asked_key, percent
from mondaylab.settings import Site


@pytest.mark.parametrize(
    ("words", "p"),
    [
        ("70", 0.7), ("70 %", 0.7), ("**12.5%**.", 0.125), ("0", 0.0), ("100", 1.0), ("Likelihood: 30/100", 0.3),
        ("", None), ("I cannot say.", None), ("101", None), ("-5", None), ("1e9999", None), ("0 to 100, 85", None),
        ("I am 90% sure it is right", None), ("between 20-30", None), ("1,000", None), ("The probability is 8", None),
    ],
)  # fmt: skip
def test_an_answer_is_a_percentage_and_nothing_else(words, p):
    assert percent(words) == p


@given(st.text())
def test_whatever_is_answered_gives_a_probability_or_none(words):
    assert (p := percent(words)) is None or 0 <= p <= 1


@pytest.fixture
def store(tmp_path) -> BaselineStore:
    return BaselineStore(Site(tmp_path, tmp_path / "var"), company="demo", lab="finance/memo", quarter="2026Q4")


def baseline(model: str, asked: str, snapshot: str = "s") -> Baseline:
    return Baseline(model_asked=model, model=model, asked=asked, snapshot=snapshot, answers={asked_key("a"): "70"})


def test_the_newest_about_these_forms_is_taken_and_a_model_is_kept_once(store):
    assert store.newest("s") is None and store.get("m", "s") is None
    for one in (baseline("m", "2026-11-01"), baseline("n", "2026-11-03"), baseline("o", "2026-11-09", "other")):
        store.put(one)
    assert store.newest("s") == baseline("n", "2026-11-03")
    store.put(baseline("m", "2026-11-05"))
    assert store.newest("s") == baseline("m", "2026-11-05") == store.get("m", "s")
    assert store.get("o", "s") is None and len([*store.folder.iterdir()]) == 3


def test_its_files_are_their_owners_and_a_damaged_one_is_told(store):
    store.put(baseline("../m", "2026-11-01"))
    (path,) = store.folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0 and store.folder.stat().st_mode & 0o077 == 0
    path.write_text("{}")
    assert store.newest("s") is None, "a check passes it over"
    with pytest.raises(Refused, match="model_asked") as refused:
        store.get("../m", "s")
    assert str(path) in str(refused.value) and "mondaylab labs baseline" in refused.value.fix
