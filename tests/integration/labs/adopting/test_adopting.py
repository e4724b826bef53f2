"""Answers become versions of drafts: words untouched, truth computed, nothing of what is personal left anywhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.labs.binding.labelled import ANSWERS, open_labs
from tests.support.places import LAB, QUARTER, ROOT

from mondaylab.cli import main
from mondaylab.datasets import exports
from mondaylab.datasets.policy import Policy
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
from mondaylab.labs.recorded.answers import Answer, AnswerStore
from mondaylab.labs.recording.sheet import sheet
from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.labs.sources.adopted import words_hash
from mondaylab.labs.sources.asking import Asking
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.records import content_hash
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

FOLDERS = ("datasets", "labs", "grader", "hub_config")
CATEGORY = next(one for one in ANSWERS if (one["request"], one["number"]) == ("category", 5))
"""A real answer that is understood as it stands, but for what the memo's total is."""
TOTAL = Decisions(states={"the week's total": (1,)})


def answer_of(material: Material, asking: Asking, request: str, number: int, text: str) -> Answer:
    asked = TextAsker(material, asking).ask(asking.request(request), number)
    kept = {"model_asked": "m", "model": "m-1", "recorded": "2026-11-30", "finish": "stop", "seconds": 1.0}
    return Answer.model_validate({**kept, "text": text, "asked": asked, "sha256": content_hash(text)})


@pytest.fixture(scope="module")
def asking(demo_site: Site, finance: Material) -> Asking:
    return Asking.of(demo_site.lab(LAB), finance.declaration, finance.bindings.currency)


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


@settings(max_examples=40)
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


@settings(max_examples=25)
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
    declared = LabDeclaration.of(folder, finance.bindings.currency)
    declared = declared.model_copy(update={"recorded": 1.0})
    lab = replace(finance, declaration=declared)
    forms = (draw_form(lab, b"k", cohort="c", learner=f"l{n}", attempt=1) for n in range(30))
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


# -- the command
@pytest.fixture
def checkout(demo_site: Site, tmp_path: Path) -> Site:
    """A copy of the folders that people edit, on the demo company's exports and snapshots."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name)
    site = Site(tmp_path, tmp_path / "var")
    site.var.mkdir()
    site.raw.symlink_to(demo_site.raw)
    site.snapshots.symlink_to(demo_site.snapshots)
    return site


def run(site: Site, *words: str, text: str = "") -> Result:
    environment = {ROOT_VARIABLE: str(site.root), VAR_VARIABLE: str(site.var)}
    command = ["labs", "adopt", LAB, "--quarter", QUARTER, *words]
    return CliRunner().invoke(main, command, env=environment, input=text)


@pytest.fixture
def kept(checkout: Site, finance: Material, asking: Asking) -> Site:
    """With a recorded answer, and one that did not come to its end."""
    store = AnswerStore(checkout, company="demo", lab=LAB, quarter=QUARTER)
    store.put(answer_of(finance, asking, "category", 5, str(CATEGORY["text"])))
    cut_off = answer_of(finance, asking, "category", 6, "Net sales were")
    store.put(cut_off.model_copy(update={"finish": "length"}))
    return checkout


def manuscripts(site: Site) -> dict[Path, str]:
    return {path: path.read_text() for path in site.lab(LAB).rglob("*") if path.is_file()}


def test_a_recorded_answer_is_adopted_once_a_person_has_said_what_it_states(kept: Site):
    before = manuscripts(kept)
    refused = run(kept, "--recorded", "category", "5", "--not-a-claim", "1", "--json")
    assert refused.exit_code == 1 and manuscripts(kept) == before
    told = json.loads(refused.stdout)
    assert told["needs"][0]["decide"] is None and not told["written"]
    dry = run(kept, "--recorded", "category", "5", "--states", "the week's total=1", "--dry-run")
    assert dry.exit_code == 0 and "would be written" in dry.stdout and manuscripts(kept) == before
    done = run(kept, "--recorded", "category", "5", "--states", "the week's total=1", "--name", "real", "--json")
    assert done.exit_code == 0, done.output
    path = kept.lab(LAB) / "drafts" / "memo" / "real.md"
    assert json.loads(done.stdout)["file"] == str(path)
    assert {*manuscripts(kept)} - {*before} == {path}
    answer = Manuscript.read(path).answer
    assert answer is not None and answer.model == "m-1" and answer.week == date(2026, 11, 16) and answer.given
    again = run(kept, "--recorded", "category", "5", "--states", "the week's total=1", "--name", "real")
    assert again.exit_code == 1 and "--replace" in again.stderr
    anew = run(kept, "--recorded", "category", "5", "--states", "the week's total=2", "--name", "real", "--replace")
    assert anew.exit_code == 0 and Manuscript.read(path).answer != answer


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--recorded", "category", "6"), "did not come to its end"),
        (("--recorded", "category", "7"), "no answer 7"),
        (("--recorded", "category", "5", "--states", "the mood=1"), "nothing that the draft must state"),
        (("--recorded", "category", "5", "--means", "1: net"), "says clearly"),
        (("--recorded", "category", "5", "--name", "../up"), "no name of a version"),
        (("--recorded", "category", "5", "--draft", "poem"), "no draft 'poem'"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(kept: Site, words: tuple[str, ...], what: str):
    before = manuscripts(kept)
    done = run(kept, *words)
    assert done.exit_code == 1 and what in done.stderr
    assert manuscripts(kept) == before


@pytest.mark.parametrize("words", [(), ("--text", "-"), ("--recorded", "category", "5", "--week", "43")])
def test_options_that_do_not_go_together_are_a_usage_error(checkout: Site, words: tuple[str, ...]):
    assert run(checkout, *words).exit_code == 2


def somebody(site: Site) -> tuple[str, str]:
    """Name and phone number of a person of the company."""
    policy = Policy.of(site.company("demo"))
    people = exports.read(site.raw / "demo" / QUARTER, policy).tables["customers"]
    row = people[people["contact_name"].str.strip().str.count(" ") == 1].iloc[0]
    return str(row["contact_name"]).strip(), str(row["contact_phone"]).strip()


def pasted(site: Site, text: str, *words: str) -> Result:
    told: list[Any] = ["--text", "-", "--request", "category", "--about", "region=South", "--about", "category=Tools"]
    told += ["--week", "47", "--tool", "Sales Copilot", "--model", "not stated", "--answered", "2026-11-17"]
    return run(site, *told, *words, text=text)


def test_a_pasted_text_is_scrubbed_before_anything_else(checkout: Site, found_in: Callable[..., list[str]]):
    name, phone = somebody(checkout)
    text = f"{CATEGORY['text']!s} Ask {name} ({phone}).\n"
    asked = f"How did Tools do in South in week 47? For {name}"
    done = pasted(checkout, text, "--prompt", asked, "--states", "the week's total=1", "--name", "pasted")
    assert done.exit_code == 0, done.output
    assert "taken out: 2 names of people, 1 phone number" in done.stdout
    refused = pasted(checkout, f"{text} {name} is the best.", "--name", "refused")
    assert refused.exit_code == 1
    for one in (done, refused):
        assert not [part for part in (*name.split(), phone) if part in one.output]
    mine = [checkout.lab(LAB), *(path for path in checkout.var.iterdir() if not path.is_symlink())]
    assert not [hit for place in mine for hit in found_in(place, [*name.split(), phone])]
    answer = Manuscript.read(checkout.lab(LAB) / "drafts" / "memo" / "pasted.md").answer
    assert answer is not None and answer.tool == "Sales Copilot"
    assert answer.prompt == "How did {category} do in {region} in {week}? For «PERSON»"


def test_without_the_exports_nothing_is_pasted(checkout: Site):
    checkout.raw.unlink()
    done = pasted(checkout, "Anna Baker says net sales were €5.")
    assert done.exit_code == 1 and "raw exports" in done.stderr and "Anna" not in done.output


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--about", "carrier=Corvo Express"), "about other slots"),
        (("--about", "category=Nobody"), "no category of that name"),
        (("--week", "1"), "none of the quarter's"),
    ],
)
def test_a_paste_is_about_what_the_data_has(checkout: Site, words: tuple[str, ...], what: str):
    done = pasted(checkout, "Net sales were €5.", *words)
    assert done.exit_code == 1 and what in done.stderr


def test_what_somebody_wrote_is_never_replaced(kept: Site):
    before = manuscripts(kept)
    memos = (path for path in before if path.parent.name == "memo" and path.suffix == ".md")
    by_hand = next(path for path in memos if not path.read_text("utf-8").startswith("+++"))
    done = run(kept, "--recorded", "category", "5", "--name", by_hand.stem, "--replace")
    assert done.exit_code == 1 and "somebody wrote it" in done.stderr and manuscripts(kept) == before


@pytest.mark.parametrize("words", [("--prompt", ""), ("--model", " ")])
def test_what_is_empty_is_a_usage_error(checkout: Site, words: tuple[str, ...]):
    assert pasted(checkout, "Net sales were €5.", *words).exit_code == 2


def test_a_model_that_is_a_person_is_refused(checkout: Site):
    name, _ = somebody(checkout)
    done = pasted(checkout, "Net sales were €5.", "--tool", name)
    assert done.exit_code == 1 and "personal" in done.stderr and name not in done.output


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
