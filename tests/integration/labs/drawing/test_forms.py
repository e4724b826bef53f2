"""Forms drawn from the demo snapshot hold every promise of a form, and a worked solution agrees with every key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mondaylab.errors import Refused
from mondaylab.forms.shown import DraftPart
from mondaylab.labs.claims.registry import ClaimTemplate
from mondaylab.labs.claims.wording import numbers_in
from mondaylab.labs.drawing.cohort_forms import draw_forms, most_shared
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.form import Form, Seed, draw_form
from mondaylab.labs.drawing.plan import PREVALENCE, CannotDraw, Plan
from mondaylab.labs.material import Material

SECRET = b"s" * 32


@pytest.fixture(scope="module")
def forms(finance: Material) -> list[Form]:
    return [draw_form(finance, SECRET, cohort="co", learner=f"l{n}", attempt=1) for n in range(20)]


def test_every_form_holds_what_a_form_must(forms):
    for form in forms:
        key = form.key
        claims = [claim for draft in form.shown.drafts for claim in draft.claims]
        assert len(claims) >= 12
        assert [row.claim_id for row in key.claims] == list(form.shown.rows())
        assert PREVALENCE[0] <= key.flawed_share() <= PREVALENCE[1]
        assert len({claim.operator for claim in key.claims if claim.operator}) >= 4
        assert sum(claim.foil and not claim.flawed for claim in key.claims) >= 2
        assert len(set(form.shown.rows())) == len(key.claims)


def test_a_seeded_value_is_wrong_by_more_than_three_tolerances_and_a_sound_one_is_the_truth(forms):
    for claim in (claim for form in forms for claim in form.key.claims if claim.stated is not None):
        if claim.flawed:
            assert abs(claim.stated - claim.truth) > 3 * claim.tolerance
            assert claim.severity and claim.kinds and claim.group
        else:
            assert claim.stated == claim.truth
            assert claim.operator is None and claim.severity is None


def test_every_claim_can_be_drawn_with_each_of_its_flaws(forms, finance):
    assert "omitted_fact" in {claim.operator for form in forms for claim in form.key.claims}
    alone = [one for one in finance.declaration.claims if one.restates is None]
    for template, operator in [(one, operator) for one in alone for operator in one.operators]:
        assert any(seeded(finance, template, operator, number) for number in range(40)), (template.id, operator)


def seeded(lab: Material, template: ClaimTemplate, operator: str, number: int) -> bool:
    """Whether the claim is drawn with that flaw, of a subject of its draft, in one week."""
    drawer = Drawer(lab.writer(), Seed(b"s", f"{template.id} {operator} {number}").rng("one"))
    draft = next(one for one in lab.declaration.drafts if one.id == template.draft)
    plan = Plan((template,), {template.id: operator}, {}, {template.id: number % 2 == 0})
    try:
        subject = drawer.subject(draft, plan, drawer.rng.sample(lab.writer().data.weeks[1:], k=1))
        return drawer.claim(template, subject, plan).operator == operator
    except CannotDraw:
        return False


def test_a_colleague_with_pandas_and_the_brief_agrees_with_every_key(forms, finance):
    """The truth of the engine against an independent computation from text, tables and handbook alone."""
    solution: dict = {}
    source = Path(__file__).resolve().parents[4] / "labs/finance/weekly_margin_memo/solution.py"
    exec(compile(source.read_text(), str(source), "exec"), solution)
    for form in forms[:8]:
        verdicts = solution["judge_form"](form.shown, finance.lab_tables, finance.handbook.text)
        for claim in form.key.claims:
            assert verdicts[claim.claim_id] == claim.flawed, (claim.text, claim.operator, claim.why)


def test_drafts_show_every_claim_once_and_no_number_that_none_states(forms):
    for form in forms:
        for draft in form.shown.drafts:
            shown = [one.claim_id for part in draft.parts for one in part.walk() if one.claim_id]
            assert shown == [claim.claim_id for claim in draft.claims]
            for claim in draft.claims:
                key = next(row for row in form.key.claims if row.claim_id == claim.claim_id)
                if key.stated is not None and key.unit != "place":
                    said = [float(number.replace(",", "")) for number in numbers_in(claim.judged_as or claim.text)]
                    assert abs(key.stated) in said


def test_a_cohorts_forms_share_at_most_a_quarter_of_their_facts(finance):
    forms = draw_forms(finance, SECRET, cohort="co", learners=[f"l{n}" for n in range(12)], attempt=1)
    assert most_shared(forms) <= 0.25


def test_a_lab_with_too_few_facts_for_its_cohort_is_refused(finance, monkeypatch):
    monkeypatch.setattr("mondaylab.labs.drawing.cohort_forms.MAX_SHARED_FACTS", -1.0)
    with pytest.raises(Refused, match=r"gives 1 form any two of which .*, and there are 2 learners") as refused:
        draw_forms(finance, SECRET, cohort="co", learners=["l0", "l1"], attempt=1)
    assert refused.value.where == finance.name and refused.value.fix.startswith("open it to 1 learner at most, or ")


def test_the_same_learner_and_attempt_give_the_same_form_and_any_other_another(finance, forms):
    again = draw_form(finance, SECRET, cohort="co", learner="l0", attempt=1)
    assert again == forms[0]
    others = [
        draw_form(finance, SECRET, cohort="co", learner="l0", attempt=2),
        draw_form(finance, SECRET, cohort="other", learner="l0", attempt=1),
        draw_form(finance, b"t" * 32, cohort="co", learner="l0", attempt=1),
    ]
    ids = {row for form in [again, *others] for row in form.shown.rows()}
    assert len(ids) == sum(len(form.shown.rows()) for form in [again, *others])


@pytest.mark.parametrize(("says", "shown"), [(True, True), (False, False), (None, True)])
def test_a_form_says_what_the_company_says_of_its_data(finance, says, shown):
    bindings = finance.bindings.model_copy(update={"sample_data": says})  # none: a build from before it had to be said
    material = replace(finance, bindings=bindings)
    assert draw_form(material, b"s" * 32, cohort="c", learner="ann", attempt=1).shown.sample_data is shown


def test_a_draft_with_a_number_that_no_claim_states_is_refused(finance):
    draft = finance.declaration.drafts[0]
    loose = DraftPart(tag="p", parts=(DraftPart(text="As in 17 other weeks, {week} was as it was."),))
    versions = tuple(one.model_copy(update={"parts": (*one.parts, loose)}) for one in draft.versions)
    drafts = (draft.model_copy(update={"versions": versions}), *finance.declaration.drafts[1:])
    lab = replace(finance, declaration=finance.declaration.model_copy(update={"drafts": drafts}))
    with pytest.raises(Refused, match="the text holds 17, which no claim states"):
        draw_form(lab, SECRET, cohort="co", learner="lena", attempt=1)


def test_a_claim_with_a_number_that_it_does_not_state_is_refused(finance):
    first = finance.declaration.claim("memo_total")  # it must be stated
    loose = first.model_copy(update={"judged_as": f"{first.judged_as} That is 3 % of plan."})
    claims = tuple(loose if one.id == first.id else one for one in finance.declaration.claims)
    lab = replace(finance, declaration=finance.declaration.model_copy(update={"claims": claims}))
    with pytest.raises(Refused, match="the text holds 3, which no claim states"):
        for number in range(5):  # a draft may leave it out
            draw_form(lab, SECRET, cohort="co", learner=f"l{number}", attempt=1)
