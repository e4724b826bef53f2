"""Forms that use recorded drafts hold every promise of a form, and their recorded sentences are true to their keys."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mondaylab.errors import Refused
from mondaylab.labs.building.build import build_lab
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.wording import spelled
from mondaylab.labs.drawing.cohort_forms import draw_forms
from mondaylab.labs.drawing.form import Form, check_form, draw_form
from mondaylab.labs.drawing.recorded_drafts import natural_claim
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.asked import Asked, figure_of
from mondaylab.labs.recorded.stale import stale_in
from mondaylab.labs.recorded.store import Recording, RecordStore
from mondaylab.labs.recording.session import requests
from mondaylab.labs.sources.declaration import LabDeclaration

SECRET = b"s" * 32
MODEL = "scripted-1.5b"
LAB = "finance/weekly_margin_memo"


def answered(material: Material, asked: Asked) -> Recording:
    """A model that copies the lab's own sentences; in every other draft it gets its first figure wrong."""
    writer, rows = material.writer(), []
    for place, fact in enumerate(asked.facts):
        template, slices = figure_of(writer, fact.claim), Slices(fact.slots, asked.week)
        value = template.truth(writer.facts, slices)
        if place == 0 and asked.number % 2:
            value = round(value * 1.37 + 9 * template.display.step, template.display.decimals)
        text = template.judged_as.format(**slices.words() | template.words({"value": value}))
        rows.append({"claim": fact.claim, "text": text, "value": abs(value)})
    return Recording(
        asked=asked,
        model_asked=MODEL,
        model=MODEL,
        recorded="2026-11-23",
        finish="stop",
        text=json.dumps({"sentences": rows}),
        seconds=1.0,
    )


@pytest.fixture(scope="module")
def recorded(finance: Material) -> Material:
    """Finance with 8 recordings of each draft."""
    material = replace(finance, recordings=())
    return replace(material, recordings=tuple(answered(material, one) for one in requests(material, 8)[0]))


@pytest.fixture(scope="module")
def forms(recorded: Material) -> list[Form]:
    return [draw_form(recorded, SECRET, cohort="co", learner=f"l{n}", attempt=1) for n in range(16)]


def recorded_rows(form: Form, lab: LabDeclaration) -> list:
    """Keys of the claims in recorded drafts that a model may have worded."""
    worded = {template.id for template in lab.claims if isinstance(template, NumberTemplate) and template.recordable}
    drafts = {draft.draft_id for draft in form.shown.drafts if draft.provenance.source == "recorded"}
    return [claim for claim in form.key.claims if claim.draft_id in drafts and claim.template in worded]


@pytest.mark.deep
def test_about_half_of_the_drafts_are_recorded_and_say_so(forms):
    shown = [draft.provenance for form in forms for draft in form.shown.drafts]
    recordings = [one for one in shown if one.source == "recorded"]
    assert 0.25 <= len(recordings) / len(shown) <= 0.65
    assert {(one.model, one.recorded) for one in recordings} == {(MODEL, "2026-11-23")}
    assert all(one.model is None for one in shown if one.source == "simulated")


def test_every_form_with_recordings_holds_what_a_form_must(forms):
    for form in forms:
        check_form(form.key)
        assert len(form.facts) == sum(len(draft.claims) for draft in form.shown.drafts)
        assert len({draft.title for draft in form.shown.drafts}) == len(form.shown.drafts)


def test_recorded_rows_are_what_their_key_says_also_seeded_and_naturally_wrong(forms, recorded):
    ways = set()
    for claim in (claim for form in forms for claim in recorded_rows(form, recorded.declaration)):
        template = recorded.declaration.claim(claim.template)
        apart = abs(claim.stated - claim.truth)
        assert apart > 3 * claim.tolerance if claim.flawed else apart <= claim.tolerance
        assert claim.text.count(spelled(claim.stated, template.display)) == 1
        if template.view in ("growth", "points"):
            assert ("rose" if claim.stated > 0 else "fell") in claim.text
            assert ("fell" if claim.stated > 0 else "rose") not in claim.text
        if claim.flawed:
            assert claim.kinds and claim.group and claim.severity
        ways.add("sound" if not claim.flawed else "natural" if claim.operator == "wrong_number" else "seeded")
    assert ways == {"sound", "natural", "seeded"}


def test_a_colleague_with_pandas_and_the_brief_agrees_with_every_key(forms, recorded):
    solution: dict = {}
    source = Path(__file__).resolve().parents[4] / "labs" / LAB / "solution.py"
    exec(compile(source.read_text(), str(source), "exec"), solution)
    for form in forms[:6]:
        verdicts = solution["judge_form"](form.shown, recorded.lab_tables, recorded.handbook.text)
        for claim in form.key.claims:
            assert verdicts[claim.claim_id] == claim.flawed, (claim.text, claim.operator, claim.why)


def test_the_same_secret_and_recordings_give_the_same_form(recorded, forms):
    shuffled = replace(recorded, recordings=tuple(reversed(recorded.recordings)))
    assert draw_form(shuffled, SECRET, cohort="co", learner="l0", attempt=1) == forms[0]


def test_no_two_learners_of_a_cohort_get_the_same_recording(recorded):
    forms = draw_forms(recorded, SECRET, cohort="co", learners=[f"l{n}" for n in range(5)], attempt=1)
    used = [key for form in forms for key in form.recordings]
    assert used and len(set(used)) == len(used)


def test_with_all_recordings_taken_drafts_are_simulated(recorded):
    taken = frozenset(one.key for one in recorded.recordings)
    form = draw_form(recorded, SECRET, cohort="co", learner="l0", attempt=1, taken=taken)
    assert {draft.provenance.source for draft in form.shown.drafts} == {"simulated"}


def test_a_true_sentence_is_never_taken_for_a_natural_flaw(recorded):
    writer = recorded.writer()
    draft = next(one for one in recorded.recorded_drafts if one.number == 2)
    sentence = draft.sentences[0]
    template = figure_of(writer, sentence.claim)
    lie = sentence.model_copy(update={"operator": "wrong_number"})
    with pytest.raises(Refused, match="is not wrong"):
        natural_claim(writer, template, Slices(lie.slots, draft.week), lie)


@pytest.mark.deep
def test_a_lab_opens_with_the_recordings_of_its_own_snapshot_only(demo_site, recorded, tmp_path):
    site = replace(demo_site, var=tmp_path)
    (tmp_path / "snapshots").symlink_to(demo_site.snapshots)
    store = RecordStore(site, company="demo", lab=LAB, quarter="2026Q4")
    kept, other = recorded.recordings[:2]
    store.put(kept)
    stale = other.model_copy(update={"asked": other.asked.model_copy(update={"snapshot": "demo-2026Q4-000000000000"})})
    store.put(stale)
    material = Material.open(site, LAB, company="demo", quarter="2026Q4")
    assert [one.key for one in material.recordings] == [kept.key]
    assert [(one.key, one.why) for one in stale_in(store, material.snapshot.id, material.declaration)] == [
        (stale.key, "made on snapshot demo-2026Q4-000000000000")
    ]
    [told] = build_lab(site, material, out=tmp_path / "out").stale
    assert told.endswith("made on snapshot demo-2026Q4-000000000000") and told.startswith(stale.asked.draft)
