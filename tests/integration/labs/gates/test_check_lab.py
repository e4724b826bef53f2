"""The gates on real labs: the finance lab holds every one of them, and a lab or engine that cheats is found out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.places import QUARTER

from mondaylab.concepts.redraw import Redrawn
from mondaylab.errors import Refused
from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.drawing.rivals import Rival, rivals
from mondaylab.labs.drawing.separation import separate
from mondaylab.labs.gates import check_lab, evidence
from mondaylab.labs.gates import sample as module
from mondaylab.labs.gates.composition import composition_gates, drawn_gate
from mondaylab.labs.gates.evidence import evidence_gate
from mondaylab.labs.gates.leak import leak_gate
from mondaylab.labs.gates.sample import draw_sample, secret
from mondaylab.labs.gates.shortcuts import shortcut_gates
from mondaylab.labs.gates.truth import numbers_gate, truth_gate
from mondaylab.labs.gates.twins import twins_gate
from mondaylab.labs.material import Material
from mondaylab.measures import Scaled

pytestmark = pytest.mark.deep  # minutes of drawing; tests/unit/labs/gates holds every gate on made-up forms
GATES = [
    "drawn", "capacity", "claims", "prevalence", "foils", "kinds", "kinds_overall", "shared_facts", "truth", "numbers",
    "leak", "shortcut_position", "shortcut_length", "shortcut_number_shape", "shortcut_number_size",
    "shortcut_roundness", "shortcut_hedging", "shortcut_base_rate", "shortcut_phrasing", "shortcut_neighbours",
    "shortcut_format", "shortcut_version", "shortcut_provenance", "shortcut_text", "giveaway", "giveaway_within",
    "ways", "must_state", "twins", "queries", "evidence", "ai_baseline",
]  # fmt: skip


@pytest.mark.parametrize("lab", ["finance/weekly_margin_memo", "people/screening_summary", "support/refund_reply"])
def test_the_labs_hold_every_gate(demo_site, lab):
    report = check_lab(Material.open(demo_site, lab, company="demo", quarter=QUARTER), seeds=200)
    assert [gate.said for gate in report.failed()] == []
    assert report.claims >= 2000


def test_a_quick_check_says_every_figure_and_that_it_is_not_enough(finance):
    told: list[str] = []
    report = check_lab(finance, seeds=40, learners=12, say=told.append)
    assert [gate.name for gate in report.gates] == GATES
    gates = {gate.name: gate for gate in report.gates}
    assert not gates["giveaway"].passed and "draw more forms" in gates["giveaway"].said
    for name in [one for one in GATES if one.startswith(("shortcut_", "giveaway"))]:
        assert gates[name].low <= gates[name].value <= gates[name].high, name
    for name in (
        "drawn",
        "capacity",
        "prevalence",
        "foils",
        "kinds",
        "kinds_overall",
        "shared_facts",
        "truth",
        "leak",
        "must_state",
        "twins",
        "queries",
        "evidence",
    ):
        assert gates[name].passed, gates[name].said
    assert gates["twins"].n > 100 and gates["evidence"].n > 400 and gates["shared_facts"].n == 66
    assert (report.lab, report.seeds, report.company) == (finance.name, 40, "demo")
    assert gates["capacity"].n == gates["capacity"].bound == 12
    assert told[-1].startswith(f"{finance.name}: ") and told[-1].endswith(" rows, now the gates")
    assert report == type(report).parse(report.model_dump(mode="json"), where="test")


def test_a_lab_that_can_rarely_be_drawn_is_refused_and_one_that_sometimes_cannot_fails(finance, monkeypatch):
    real, every = module.draw_form, 10

    def sometimes(*args, **how):
        if int(how["learner"].removeprefix("learner")) % every == 0:
            raise Refused("no slices left")
        return real(*args, **how)

    monkeypatch.setattr(module, "draw_form", sometimes)
    drawn, refused = draw_sample(finance, 20)
    gate = drawn_gate(20, refused)
    assert len(drawn.forms) == 18 and not gate.passed and gate.value == 0.1
    assert gate.said.startswith("18 of 20 forms could be drawn. Most often (2 times): no slices left")
    every = 1
    with pytest.raises(Refused, match="only 0 of 20 forms could be drawn: no slices left"):
        check_lab(finance, seeds=20)


def test_an_operator_that_gives_the_truth_fails_the_twins_gate(finance, monkeypatch):
    assert twins_gate(finance, each=3).passed
    monkeypatch.setattr(FigureTemplate, "wrong", lambda self, facts, drawn, operator: self.sound(facts, drawn))
    gate = twins_gate(finance, each=3)
    assert not gate.passed and "which is true" in gate.said and "too near to" in gate.said


def test_an_operator_without_a_clean_twin_fails_the_twins_gate(finance, monkeypatch):
    monkeypatch.setattr(FigureTemplate, "sound", lambda self, facts, drawn: ())
    monkeypatch.setattr(FigureTemplate, "wrong", lambda self, facts, drawn, operator: [{"value": -1.0}])
    gate = twins_gate(finance, each=3)
    assert not gate.passed and "has no clean twin" in gate.said


def test_a_predicate_that_says_yes_to_everything_fails_the_twins_gate(finance, monkeypatch):
    monkeypatch.setattr(FigureTemplate, "holds", lambda self, facts, drawn, said: True)
    assert not twins_gate(finance, each=2).passed


def test_a_figure_that_a_wrong_measure_equals_fails_the_evidence_gate(finance, monkeypatch):
    """Twice the half of a figure is the figure, on any data; and where nothing moves a fixed number is right."""
    few = draw_sample(finance, 10)[0]
    assert evidence_gate(finance, few).passed

    def same(material, key, catalog):
        return (Rival("wrong_scale", "is the same", Scaled(of=Scaled(of=key.measure, factor=0.5), factor=2.0)),)

    monkeypatch.setattr(evidence, "rivals", same)
    gate = evidence_gate(finance, few)
    assert not gate.passed and gate.value == 10 and "operator wrong_scale" in gate.said

    def unmoved(tables, bindings, seed, *, deal):
        return Redrawn(dict(tables), "order", 1, 0, 0, amounts=False)

    monkeypatch.setattr(evidence, "rivals", lambda material, key, catalog: ())
    gate = evidence_gate(finance, few)
    assert not gate.passed and "no flaw operator makes a wrong measure of it" in gate.said, "nothing was tried"
    monkeypatch.setattr(evidence, "rivals", rivals)
    monkeypatch.setattr(evidence, "separate", lambda *of: separate(of[0], (), *of[2:]))
    monkeypatch.setattr(evidence, "redraw", unmoved)
    gate = evidence_gate(finance, few)
    assert not gate.passed and "one fixed number is right on all data" in gate.said


# -- real forms, made to give themselves away
@pytest.fixture(scope="module")
def sample(finance):
    return draw_sample(finance, 30)[0]


def changed(sample, change):
    """The sample with `change` applied to every claim: (text, key) -> (text, fields of the key)."""
    forms = []
    for form in sample.forms:
        new = {}
        for key in form.key.claims:
            text, fields = change(key)
            new[key.claim_id] = key.model_copy(update={"text": text, **fields})
        drafts = tuple(
            draft.model_copy(
                update={"claims": tuple(c.model_copy(update={"text": new[c.claim_id].text}) for c in draft.claims)}
            )
            for draft in form.shown.drafts
        )
        key = form.key.model_copy(update={"claims": tuple(new.values())})
        forms.append(replace(form, shown=form.shown.model_copy(update={"drafts": drafts}), key=key))
    return type(sample).of(forms, sample.names)


def failed(gates):
    return {gate.name for gate in gates if not gate.passed}


def test_longer_flawed_sentences_fail_the_length_gate(sample):
    longer = changed(sample, lambda key: (key.text + " " + "so it is said " * 8 * key.flawed, {}))
    assert "shortcut_length" in failed(shortcut_gates(longer)) - failed(shortcut_gates(sample))


def test_hedged_sound_sentences_fail_the_hedging_gate(sample):
    hedged = changed(sample, lambda key: (("" if key.flawed else "It seems that ") + key.text, {}))
    assert "shortcut_hedging" in failed(shortcut_gates(hedged)) - failed(shortcut_gates(sample))


def test_real_forms_with_an_operators_name_or_a_loose_number_fail(sample, finance):
    operators = finance.flaws.operators
    assert leak_gate(sample, operators, [secret(0)]).passed
    named = changed(sample, lambda key: (f"{key.text} ({key.operator})", {}))
    assert not leak_gate(named, operators).passed
    assert not numbers_gate(changed(sample, lambda key: (f"{key.text} As in 17 other cases.", {}))).passed


def test_real_forms_without_foils_or_with_wrong_truth_fail(sample):
    assert failed([*composition_gates(sample, ()), truth_gate(sample)]) <= {
        "claims",
        "prevalence",  # of so few forms, many may have the same share
        "shared_facts",
    }
    bare = changed(sample, lambda key: (key.text, {"foil": False}))
    assert "foils" in failed(composition_gates(bare, ()))
    moved = changed(
        sample, lambda key: (key.text, {} if key.truth is None else {"truth": key.truth + 3 * key.tolerance})
    )
    assert not truth_gate(moved).passed
