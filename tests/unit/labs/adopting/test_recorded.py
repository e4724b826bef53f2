"""Which recorded answer is meant, and a version's name that its claims can begin with."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import NotFound, Refused
from mondaylab.labs.adopting.recorded import found_answer, plain_version
from mondaylab.labs.recorded.answers import Answer, AnswerStore, AskedText
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

NOW = "How did {region} do in {week}?"


def asking(ask: str) -> Asking:
    request = {"id": "region", "draft": "memo", "ask": ask, "about": ["region"], "rows": [{"measure": "net"}]}
    return Asking.model_validate({"requests": [request], "names": {}})


@pytest.fixture
def store(tmp_path) -> AnswerStore:
    return AnswerStore(Site(tmp_path, tmp_path / "var"), company="demo", lab="finance/memo", quarter="2026Q4")


def answered(
    store: AnswerStore, said: str, *, snapshot: str = "s", model: str = "m", day: str = "2026-11-30"
) -> Answer:
    asked = AskedText(
        lab="finance/memo",
        company="demo",
        quarter="2026Q4",
        snapshot=snapshot,
        request="region",
        number=1,
        week=date(2026, 11, 30),
        subject={"region": "North"},
        messages=({"role": "user", "content": f"{said}\n\nFigures:\n- Net sales: €5"},),
    )
    answer = Answer(asked=asked, model_asked=model, model=model, recorded=day, finish="stop", text="Well.", seconds=1.0)
    return store.put(answer)


def test_the_answer_to_the_request_as_it_is_worded_now_is_meant(store):
    current = answered(store, "How did North do in week 49?")
    answered(store, "How did North fare in week 49?", day="2026-12-01")
    assert found_answer(store, asking(NOW), "region", 1, snapshot="s") == current
    both = found_answer(store, asking("What of {region} in {week}?"), "region", 1, snapshot="s")
    assert both.recorded == "2026-12-01", "where none is, the newest, which is then refused with the reason"


def test_an_answer_about_the_data_of_today_goes_before_others_and_two_models_are_asked_about(store):
    answered(store, "How did North do in week 49?", snapshot="old", day="2026-12-01")
    current = answered(store, "How did North do in week 49?")
    assert found_answer(store, asking(NOW), "region", 1, snapshot="s") == current
    answered(store, "How did North do in week 49?", model="n")
    with pytest.raises(Refused, match="2 models answered: m, n"):
        found_answer(store, asking(NOW), "region", 1, snapshot="s")
    assert found_answer(store, asking(NOW), "region", 1, snapshot="s", model="m") == current
    with pytest.raises(NotFound, match="no answer 2"):
        found_answer(store, asking(NOW), "region", 2, snapshot="s")


def test_a_name_says_whose_answer_to_what_it_is():
    assert plain_version("Qwen2.5-Coder 1.5B", "region", 3) == "qwen2_5_coder_1_5b_region_3"


@given(st.text(min_size=1), st.integers(1, 9))
def test_any_model_gives_a_name(model, number):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", plain_version(model, "region", number))


def test_a_long_model_s_name_is_cut_and_not_which_answer_it_is():
    name = plain_version("a_very_long " * 12, "region", "week 43")
    assert name.endswith("_region_week_43") and len(name) <= 80 and "__" not in name
    assert len(plain_version("m", "r" * 79)) <= 80 and len(plain_version("m", "r" * 200, 3)) <= 80


@given(st.text(), st.text())
def test_any_words_give_a_name_that_a_place_takes(model, request_id):
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,79}", plain_version(model * 9, request_id * 9, 3))
