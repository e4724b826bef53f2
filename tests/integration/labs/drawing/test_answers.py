"""Adopted answers in forms: as they came with their own errors, or drawn for other slices and labelled so."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.adopted import answer

from mondaylab.errors import Refused
from mondaylab.forms.draft_text import body_text
from mondaylab.labs.building.proofread import proofread
from mondaylab.labs.drawing.answers import claims_as_they_came, unsettled
from mondaylab.labs.drawing.cohort_forms import draw_forms
from mondaylab.labs.drawing.form import Form, Seed, check_form, draw_form
from mondaylab.labs.drawing.plan import CannotDraw, Planner
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.settings import Site

SECRET = b"s" * 32


def with_answers(material: Material, texts: Mapping[str, str], tmp_path_factory, **changes) -> Material:
    """The lab with these manuscripts beside those that somebody wrote, read as from the disk."""
    folder = tmp_path_factory.mktemp("labs") / "finance" / "weekly_margin_memo"
    shutil.copytree("labs/finance/weekly_margin_memo", folder, ignore=shutil.ignore_patterns("qwen_*"))
    for name, text in texts.items():
        (folder / "drafts" / "memo" / f"{name}.md").write_text(text)
    declared = LabDeclaration.of(folder, "EUR")
    return replace(material, declaration=declared.model_copy(update=changes))


@pytest.fixture(scope="module")
def answers(finance: Material) -> dict[str, tuple[str, str]]:
    """Name -> text and what came; two lack what fell short, two are whole, each with errors of its own."""
    weeks, regions = finance.writer().data.weeks, finance.catalog.members("order_line", "region")
    return {
        "east": answer(finance, regions[0], weeks[3], wrong=("net", "orders_more")),
        "south": answer(finance, regions[1], weeks[5], wrong=("total",)),
        "west": answer(finance, regions[2], weeks[7], wrong=("units", "net_more"), lacking=False),
        "north": answer(finance, regions[0], weeks[8], lacking=False),
    }


@pytest.fixture(scope="module")
def adopted(finance: Material, answers, tmp_path_factory) -> Material:
    return with_answers(finance, {name: text for name, (text, _) in answers.items()}, tmp_path_factory, recorded=0.6)


@pytest.fixture(scope="module")
def forms(adopted: Material) -> list[Form]:
    return [draw_form(adopted, SECRET, cohort="answers", learner=f"learner{number}", attempt=1) for number in range(18)]


def memo(form: Form):
    return next(draft for draft in form.shown.drafts if draft.draft_id == "memo")


def version(material: Material, name: str) -> Manuscript:
    draft = next(draft for draft in material.declaration.drafts if draft.id == "memo")
    return next(one for one in draft.versions if one.version == name)


def test_an_answer_stands_there_word_by_word_and_says_where_it_is_from(forms, answers):
    came = [form for form in forms if memo(form).provenance.source == "recorded"]
    assert {form.versions["memo"] for form in came} >= {"east", "west"}
    for form in came:
        shown = body_text(memo(form))
        assert "".join(re.sub(r"[-•\s]", "", shown)) == "".join(
            re.sub(r"[-•\s]", "", answers[form.versions["memo"]][1])
        )
        assert memo(form).provenance.words() == "Recorded from A model of tests on 2026-11-30"
        assert memo(form).format == "chat" and "How did" in (memo(form).prompt or "")
        assert form.recordings


def test_its_own_errors_are_flaws_of_the_kind_that_they_are(adopted, forms):
    for form in forms:
        keys = {key.template: key for key in form.key.claims if key.draft_id == "memo"}
        if memo(form).provenance.source == "recorded":
            claims = claims_as_they_came(adopted.writer(), version(adopted, form.versions["memo"]))
            assert {name: key.operator for name, key in keys.items() if not name.endswith(".missing")} == {
                name: claim.operator for name, claim in claims.items()
            }
    east = claims_as_they_came(adopted.writer(), version(adopted, "east"))
    assert {name: claim.operator for name, claim in east.items() if claim.flawed} == {
        "east_net": "wrong_period",
        "east_orders_more": "wrong_sign",
    }
    assert east["east_net"].numbers.truth != east["east_net"].numbers.stated
    assert claims_as_they_came(adopted.writer(), version(adopted, "south"))["memo_total"].operator == "wrong_period"


def test_drawn_for_other_slices_it_is_called_simulated_and_may_be_wrong_anywhere(forms):
    after = [form for form in forms if memo(form).provenance.words().startswith("Simulated after an answer of A model")]
    assert after and not any(form.recordings for form in after)
    wrong = {key.template for form in after for key in form.key.claims if key.flawed and key.draft_id == "memo"}
    assert len(wrong) >= 5


def test_what_it_leaves_out_is_planned_and_named(adopted, forms):
    for form in forms:
        missing = next(key for key in form.key.claims if key.template == "memo.missing")
        if form.versions["memo"] in ("east", "south"):
            assert missing.flawed and missing.why.startswith("Left out: what fell short (")
        if form.versions["memo"] in ("west", "north") and form.recordings:
            assert not missing.flawed


def test_such_forms_keep_every_promise_of_a_form(forms):
    for form in forms:
        check_form(form.key)
        weeks = [re.search(r"week \d+", draft.title)[0] for draft in form.shown.drafts]
        assert len({*weeks}) == len(weeks)


def test_an_answer_is_given_to_one_learner_as_it_came(adopted):
    made = draw_forms(adopted, SECRET, cohort="co", learners=[f"l{number}" for number in range(12)], attempt=1)
    held = [key for form in made for key in form.recordings]
    assert held and len(held) == len({*held})
    later = draw_forms(adopted, SECRET, cohort="co", learners=["late"], attempt=1, beside=made)
    assert not later[0].recordings & {*held}


def test_with_nothing_recorded_wanted_answers_are_only_drawn_anew(finance, answers, tmp_path_factory):
    none = with_answers(finance, {"east": answers["east"][0]}, tmp_path_factory, recorded=0.0)
    drawn = [draw_form(none, SECRET, cohort="answers", learner=f"learner{number}", attempt=1) for number in range(12)]
    assert not any(form.recordings for form in drawn)


def test_an_answer_that_is_mostly_wrong_is_only_drawn_anew(finance, tmp_path_factory):
    week, region = finance.writer().data.weeks[3], finance.catalog.members("order_line", "region")[0]
    text, _ = answer(finance, region, week, wrong=("total", "net", "orders", "units", "net_more"))
    bad = with_answers(finance, {"bad": text}, tmp_path_factory, recorded=1.0)
    for number in range(30):
        try:
            plan = Planner(bad.writer(), Seed(SECRET, str(number)).rng("plan")).plan()
        except CannotDraw:
            continue
        assert "memo" not in plan.came


def test_an_answer_about_other_data_is_only_drawn_anew(finance, answers, tmp_path_factory):
    text = answers["east"][0].replace('company = "demo"', 'company = "other"')
    elsewhere = with_answers(finance, {"east": text}, tmp_path_factory, recorded=1.0)
    assert claims_as_they_came(elsewhere.writer(), version(elsewhere, "east")) is None
    assert not [*unsettled(elsewhere.writer(), version(elsewhere, "east"))]
    assert not draw_form(elsewhere, SECRET, cohort="answers", learner="lena", attempt=1).recordings


def test_what_contradicts_its_template_is_told_before_anything_is_built(finance, answers, tmp_path_factory):
    """Bindings and templates stand in one file: whoever changes the one must change the other."""
    text = answers["east"][0]
    said, line, templates = text.partition("\n[[claims]]")
    changed = said + line + templates.replace('measure = "net"', 'measure = "orders"')
    assert changed != text
    lab = with_answers(finance, {"east": changed}, tmp_path_factory)
    assert [*unsettled(lab.writer(), version(lab, "east"))]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (r"(?m)^stated = (\d+)(\.0)?$", r"stated = 9\1\2", "no number in"),
        (r"(?m)^decimals = 1$", "decimals = 0", "no number in"),
        (r'(?m)^unit = "EUR"$', 'unit = "USD"', "no number in"),
        (r'(?s)says = "(more|less)"', lambda found: f'says = "{"less" if found[1] == "more" else "more"}"', "is noted"),
    ],
)
def test_what_was_said_is_not_for_anybody_to_type(finance, answers, tmp_path_factory, old, new, says):
    """The words are held by a hash, and what is noted of a claim by its words: else a false figure would be sound."""
    text = re.sub(old, new, answers["north"][0], count=1)
    assert text != answers["north"][0]
    lab = with_answers(finance, {"north": text}, tmp_path_factory)
    assert says in " ".join(unsettled(lab.writer(), version(lab, "north")))


def test_nor_is_what_it_left_out(finance, answers, tmp_path_factory):
    text = answers["north"][0]
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith('"what fell short"')]
    typed = "".join(lines).replace('["memo_total"]', "[]")
    assert typed != text
    with pytest.raises(Refused, match="claim 'memo_total' states \"the week's total\": write it into 'states'"):
        with_answers(finance, {"north": typed}, tmp_path_factory)


def test_a_long_answer_without_a_flaw_leaves_no_room_for_a_form_and_is_not_in_one(finance, tmp_path_factory):
    week, region = finance.writer().data.weeks[3], finance.catalog.members("order_line", "region")[0]
    sound = with_answers(
        finance, {"sound": answer(finance, region, week, lacking=False)[0]}, tmp_path_factory, recorded=1.0
    )
    for number in range(8):
        draw_form(sound, SECRET, cohort="answers", learner=f"learner{number}", attempt=1)


def test_the_same_answer_stands_once(finance, answers, tmp_path_factory):
    text = answers["north"][0]
    with pytest.raises(Refused, match=r"two\.md, line 1: the same answer as drafts/memo/one\.md"):
        with_answers(finance, {"one": text, "two": text}, tmp_path_factory)


def test_its_title_states_nothing(finance, answers, demo_site, tmp_path):
    for name in ("grader", "datasets"):
        (tmp_path / name).symlink_to(Path(name).absolute())
    folder = tmp_path / "labs" / finance.name
    shutil.copytree("labs/finance/weekly_margin_memo", folder)
    text = answers["north"][0].replace('title = "Answer on {region}', 'title = "Sales fell in {region}')
    (folder / "drafts" / "memo" / "north.md").write_text(text)
    site = Site(tmp_path, demo_site.var)
    with pytest.raises(Refused, match="'fell' says which way something went") as told:
        proofread(site, Material.open(site, finance.name, company="demo", quarter="2026Q4"))
    assert "memo/north.md" in str(told.value)


@pytest.mark.deep
def test_other_drafts_are_no_more_often_wrong_beside_a_real_answer(finance, tmp_path_factory):
    """Were a form's flaws made up for elsewhere, *Recorded from* would tell that the other drafts hold them."""
    weeks, regions = finance.writer().data.weeks, finance.catalog.members("order_line", "region")
    whole = {  # one in eight is wrong, where one in three is elsewhere
        f"a{n}": answer(finance, regions[n], weeks[3 + n], wrong=["net"], lacking=False)[0] for n in range(4)
    }
    lab = with_answers(finance, whole, tmp_path_factory)
    rates = {}
    for share in (0.0, 1.0):  # none of the answers as it came, and nearly always one
        material = replace(lab, declaration=lab.declaration.model_copy(update={"recorded": share}))
        forms = [draw_form(material, SECRET, cohort="rates", learner=f"l{n}", attempt=1) for n in range(50)]
        forms = [one for one in forms if bool(one.recordings) == bool(share)]
        keys = [key for one in forms for key in one.key.claims if key.draft_id != "memo"]
        assert len(keys) > 200
        rates[bool(share)] = sum(key.flawed for key in keys) / len(keys)
    assert abs(rates[True] - rates[False]) < 0.13


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("net sales were €", "net sales are €", "its words are not those that came"),
        ("In {week}, about", "In {week}, all about", "its words are not those that came"),
        ('region = "', 'planet = "', "the answer is about 'planet', which is nothing that slots draw"),
        ('region = "', 'channel = "', "claim 'east_net' is about 'region', which the answer is not about"),
        ("How did {region} do", "How did {planet} do", "the prompt says {planet}, which the answer is not about"),
        (
            '["memo_total"]',
            '["nothing"]',
            "'nothing' states something that is asked for, and is no claim of the answer",
        ),
        ("the week's total", "the week's sum", '"the week\'s sum" is nothing that the draft must state'),
        ("](orders)", "](net)", "claim 'east_net' is stated twice"),
        ("+++\nIn", "\nIn", "the figures of an answer end nowhere"),
        ('model = "A', 'modell = "A', "answer.modell"),
    ],
)
def test_an_answer_that_is_not_what_came_is_refused(finance, answers, tmp_path_factory, old, new, says):
    text = answers["east"][0]
    assert old in text
    with pytest.raises(Refused, match=re.escape(says)):
        with_answers(finance, {"east": text.replace(old, new)}, tmp_path_factory)
