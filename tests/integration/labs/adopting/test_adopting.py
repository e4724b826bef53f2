"""Answers become versions of drafts: words untouched, truth computed, nothing of what is personal left anywhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.labs.binding.labelled import ANSWERS, open_labs
from tests.support.places import LAB
from tests.support.real_answers import CATEGORY, answer_of

from mondaylab.errors import Refused
from mondaylab.labs.adopting.adopter import Adoption, adopt
from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.adopting.decisions import Decisions
from mondaylab.labs.adopting.entries import entries
from mondaylab.labs.adopting.placing import check
from mondaylab.labs.adopting.recorded import recorded_answer
from mondaylab.labs.drawing.answers import claims_as_they_came
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.labs.sheet import sheet
from mondaylab.labs.sources.adopted import words_hash
from mondaylab.labs.sources.asking import Asking
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.settings import Site

TOTAL = Decisions(states={"the week's total": (1,)})


Reader = Callable[[str], Answered]


@pytest.fixture(scope="module")
def category(finance: Material, asking: Asking) -> Reader:
    """Makes a text the answer to one request, about a category in a region in a week."""

    def read(text: str) -> Answered:
        return recorded_answer(finance, asking, answer_of(finance, asking, "category", 5, text))

    return read


def read_back(adoption: Adoption) -> Manuscript:
    assert adoption.text is not None, adoption.needs
    return Manuscript.parsed("one", adoption.text, where="one.md")


def sheet_of(answered: Answered) -> dict[tuple[str, bool], str]:
    """Measure, and whether of the week before -> the figure as the sheet spells it."""
    rows = sheet(answered.writer, answered.asking, answered.request, answered.subject) or ()
    now = {(row.about[0].measure, False): row.now for row in rows}
    return now | {(row.about[0].measure, True): row.before for row in rows if row.before is not None}


# -- the words stay
_PATTERNS = (
    "{name} in {region} came to {value} in {week}.",
    "In {week}, {name} were {value}.",
    "For {category}, {name} reached {value}.",
    "{Name} stood at {value}, a figure for the meeting.",
)
_NAMES = {"net": "net sales", "margin": "gross margin", "units": "units sold"}


@settings(max_examples=20)
@given(st.data())
def test_an_adopted_text_reads_back_as_it_came(category: Reader, data: st.DataObject):
    empty = category("")
    figures = sheet_of(empty)
    measures = data.draw(st.lists(st.sampled_from(sorted(_NAMES)), min_size=1, max_size=3, unique=True))
    told = []
    for measure in measures:
        pattern, early = data.draw(st.sampled_from(_PATTERNS)), data.draw(st.booleans())
        name = _NAMES[measure]
        value = figures.get((measure, early), figures[measure, False])
        words = {**empty.subject.words(), "name": name, "Name": name.capitalize(), "value": value}
        said = pattern.format(**words)
        told.append(said[0].upper() + said[1:])
    text = data.draw(st.sampled_from([" ", "\n", "\n\n"])).join(told)
    adoption = adopt(category(text), "one", TOTAL)
    made = read_back(adoption)
    assert words_hash(made.as_it_came()) == words_hash(text)
    assert len(made.claims()) == len(measures)


@settings(max_examples=12)
@given(st.lists(st.integers(1, 9), min_size=12, max_size=12))
def test_other_digits_are_read_the_same(category: Reader, digits: list[int]):
    text = str(CATEGORY["text"])
    spoilt = iter(digits * 10)
    changed = "".join(
        str(next(spoilt)) if one.isdigit() and text[max(0, at - 6) : at].find("week") < 0 else one
        for at, one in enumerate(text)
    )
    same, other = category(text), category(changed)
    one, two = entries(same.bound), entries(other.bound)
    told = [None if entry.claim is None else (entry.claim.says, entry.claim.about) for entry in one]
    assert told == [None if entry.claim is None else (entry.claim.says, entry.claim.about) for entry in two]


def test_a_real_answer_stands_in_forms_as_it_came(finance: Material, demo_site: Site, category: Reader, tmp_path: Path):
    answered = category(str(CATEGORY["text"]))
    adoption = adopt(answered, "real", TOTAL)
    assert adoption.text is not None and not adoption.fixed
    check(finance, demo_site.lab(LAB), answered, "real", adoption.text)
    folder = tmp_path / "finance" / "weekly_margin_memo"
    shutil.copytree(demo_site.lab(LAB), folder)
    (folder / "drafts" / "memo" / "real.md").write_text(adoption.text)
    for path in (folder / "drafts" / "memo").glob("qwen_*.md"):
        path.unlink()  # else it is one of many, and in few forms
    declared = LabDeclaration.of(folder, finance.bindings.currency)
    declared = declared.model_copy(update={"recorded": 1.0})
    lab = replace(finance, declaration=declared)
    forms = (draw_form(lab, b"k", cohort="c", learner=f"l{n}", attempt=1) for n in range(200))
    form = next(one for one in forms if one.versions["memo"] == "real")
    memo = next(one for one in form.shown.drafts if one.draft_id == "memo")
    assert memo.provenance.source == "recorded"
    assert "Tools reported net sales of €17,051 in South in week 47" in [one.text for one in memo.claims]


def test_a_wrong_figure_becomes_a_natural_error_with_its_kind(finance: Material, category: Reader):
    empty = category("")
    early, region = sheet_of(empty)["net", True], empty.subject.slots["region"]
    text = f"In {empty.subject.words()['week']}, net sales in {region} came to {early}."
    adoption = adopt(category(text), "one", TOTAL)
    assert [one and one.operator for one in adoption.judged] == ["wrong_period"]
    made = read_back(adoption)
    brought = tuple({**one, "draft": "memo"} for one in made.templates)
    data = finance.declaration.model_dump(mode="json")
    declared = LabDeclaration.model_validate({**data, "claims": [*data["claims"], *brought]})
    lab = replace(finance, declaration=declared)
    [claim] = (claims_as_they_came(lab.writer(), made) or {}).values()
    assert (claim.flawed, claim.operator) == (True, "wrong_period")


def test_words_that_fit_one_figure_stand_only_as_they_came(category: Reader):
    figures = sheet_of(category(""))
    adoption = adopt(
        category(f"Net sales came to {figures['net', False]}. Units sold were only {figures['units', False]}."),
        "one",
        TOTAL,
    )
    made = read_back(adoption)
    assert adoption.fixed == ("'only' fits the size of this figure only",)
    assert not made.varies and any("only" in span for span in made.spans().values())


def test_what_stands_only_as_it_came_is_drawn_for_no_other_slices(
    finance: Material, demo_site: Site, category: Reader, tmp_path: Path
):
    answered = category(str(CATEGORY["text"]).replace("They sold", "They only sold"))
    adoption = adopt(answered, "real", TOTAL)
    assert adoption.text is not None and adoption.fixed
    check(finance, demo_site.lab(LAB), answered, "real", adoption.text)
    folder = tmp_path / "finance" / "weekly_margin_memo"
    shutil.copytree(demo_site.lab(LAB), folder)
    (folder / "drafts" / "memo" / "real.md").write_text(adoption.text)
    declared = LabDeclaration.of(folder, finance.bindings.currency).model_copy(update={"recorded": 0.0})
    lab = replace(finance, declaration=declared)
    forms = [draw_form(lab, b"k", cohort="c", learner=f"l{n}", attempt=1) for n in range(12)]
    assert not [one for one in forms if one.versions["memo"] == "real"]
    for path in (folder / "drafts" / "memo").glob("*.md"):
        if path.stem != "real":
            path.unlink()
    with pytest.raises(Refused, match="write a manuscript for all other slices"):
        LabDeclaration.of(folder, finance.bindings.currency)


def test_every_real_answer_is_adopted_or_says_what_is_in_the_way(demo_site: Site):
    adopted = 0
    for name, (material, asking) in open_labs(demo_site).items():
        items = {draft.id: [*draft.must_state.items] for draft in material.declaration.drafts}
        for one in [one for one in ANSWERS if one["lab"] == name and one["finish"] == "stop"]:
            answer = answer_of(material, asking, one["request"], one["number"], one["text"])
            answered = recorded_answer(material, asking, answer)
            first = next((entry.number for entry in entries(answered.bound) if entry.claim is not None), None)
            states = {} if first is None else {items[answered.draft][0]: (first,)}
            adoption = adopt(answered, "one", Decisions(states=states))
            assert (adoption.text is None) == bool(adoption.needs)
            if adoption.text is not None:
                check(material, demo_site.lab(name), answered, "one", adoption.text)
                adopted += 1
    assert adopted >= 3


def test_what_nobody_would_judge_is_in_the_way(category: Reader):
    figures = sheet_of(category(""))
    text = f"Net sales came to {figures['net', False]}. The team did a strong job."
    needs = adopt(category(text), "one", TOTAL).needs
    assert len(needs) == 1 and "'strong'" in needs[0].what and needs[0].decide is None


@pytest.mark.parametrize(
    ("tail", "what"),
    [
        (", an excellent result", "'excellent'"),
        (" and an excellent result", "'excellent'"),
        (", so every discount must be approved by the CFO", "'must'"),
        (", which is good", "'good'"),
        (", offsetting the loss in gross margin", "'gross margin'"),
        (" offsetting the loss in gross margin", "'gross margin'"),
        (" because discounts were cut", "reason"),
        (", driven by heavy promotions", "reason"),
        (" in full compliance with the handbook", "rule"),
        (" and remained at that", "within the words"),
        (" unchanged", "within the words"),
    ],
)
def test_nothing_is_stated_beside_a_claim(category: Reader, tail: str, what: str):
    answered = category(f"Net sales came to {sheet_of(category(''))['net', False]}{tail}.")
    doubts = frozenset(one.number for one in entries(answered.bound) if one.claim is None)
    adoption = adopt(answered, "one", Decisions(not_claims=doubts))
    assert adoption.text is None and any(what in need.what for need in adoption.needs), adoption.needs


def test_words_that_hold_two_turns_together_stand_only_as_they_came(category: Reader):
    answered = category("Net sales rose by 1.7 % on the week before. However, that is all.")
    assert "'However' fits only the way that it went here" in adopt(answered, "one", Decisions()).fixed


def test_what_is_stated_by_an_open_place_is_in_the_way(category: Reader):
    adoption = adopt(category("It came to 31.2 %, due to rain."), "one", TOTAL)
    assert any("not settled yet" in need.what for need in adoption.needs)


def test_a_request_that_was_reworded_is_asked_again(finance: Material, asking: Asking):
    answer = answer_of(finance, asking, "category", 5, "Net sales were €5.")
    messages = tuple({**one, "content": f"Please: {one['content']}"} for one in answer.asked.messages)
    asked = answer.asked.model_copy(update={"messages": messages})
    with pytest.raises(Refused, match="worded otherwise"):
        recorded_answer(finance, asking, answer.model_copy(update={"asked": asked}))


def test_a_made_claim_has_no_name_of_the_lab_s_even_behind_its_version(finance: Material, category: Reader):
    adoption = adopt(category("Gross margin was 27.0 %."), "memo", TOTAL)
    assert "memo_margin" in {one.id for one in finance.declaration.claims}
    assert [(one.own, one.claim) for one in adoption.pieces] == [(True, "margin_2")]
