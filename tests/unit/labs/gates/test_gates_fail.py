"""The gates are themselves tested: forms that give something away fail exactly the gate that is there for it."""

from __future__ import annotations

import base64
import string
from dataclasses import replace

import pytest

from mondaylab.labs.drawing.plan import MIN_OPERATORS
from mondaylab.labs.gates.check import form_gates
from mondaylab.labs.gates.composition import composition_gates
from mondaylab.labs.gates.leak import leak_gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.shortcuts import MAX_SKILL, best_use, shortcut_gates
from mondaylab.labs.gates.strategies import STRATEGIES
from mondaylab.labs.gates.truth import numbers_gate, truth_gate


def cheap(sample, secrets=(), cohort=None) -> set[str]:
    """The gates that one bad claim can fail, without the long ones on guessing."""
    gates = [
        *composition_gates(sample, sample.forms[:12] if cohort is None else cohort),
        truth_gate(sample),
        numbers_gate(sample),
    ]
    return {gate.name for gate in [*gates, leak_gate(sample, ["wrong_a", "wrong_b"], secrets)] if not gate.passed}


WORDS = {"shortcut_text", "shortcut_phrasing", "giveaway", "giveaway_within"}
"""What fails when flawed sentences of all kinds share a word."""


def letters(rng, count: int) -> str:
    return "".join(rng.choices(string.ascii_lowercase, k=count)).title()


def last_digit(value: float, digit: str) -> float:
    return float(f"{value:.1f}"[:-1] + digit)


def test_forms_that_give_nothing_away_pass_every_gate(make):
    sample = make(forms=140)
    gates = form_gates(sample, sample.forms[:12], operators=["wrong_a"], secrets=[b"s" * 32])
    assert [gate.said for gate in gates if not gate.passed] == []
    assert sample.claims().sum() >= 2000 and len(gates) == 25


# -- what gives flawed claims away
def long_names(made):
    made.region = letters(made.rng, made.rng.randint(*((14, 30) if made.flawed else (6, 22))))


def fine_numbers(made):
    if made.flawed and made.rng.random() < 0.5:
        made.stated, made.decimals = made.stated + 0.01 * made.rng.randint(1, 9), 2


def large_numbers(made):
    made.truth = round(made.truth / 2, 1)  # 10,000 to 40,000: five digits, however wrong
    made.stated = round(made.truth * made.rng.uniform(1.3, 2.0), 1) if made.flawed else made.truth


def odd_numbers(made):
    if made.flawed and made.rng.random() < 0.6:
        made.stated = last_digit(made.stated, "7")


def round_numbers(made):
    if made.flawed and made.rng.random() < 0.4:
        made.stated = round(made.stated, -1) + (10 if abs(round(made.stated, -1) - made.truth) < 1 else 0)


def own_regions(made):
    if made.flawed and made.rng.random() < 0.7:
        made.region = "North"


def own_words(made):
    """A word for every kind of claim when it is flawed, and another when it is sound."""
    made.after = "abcdefghijklmnopqrstuvwxyzäöüß"[2 * made.template + made.flawed] * 3


def own_phrasing(made):
    if made.rng.random() < 0.8:
        made.phrasing = int(made.flawed == (made.template % 2 == 0))


def hedged(made):
    words = ("never", "always", "nobody", "clearly") if made.flawed else ("about", "almost", "nearly", "perhaps")
    made.before = made.rng.choice(words).title()


def faint_word(made):
    if made.rng.random() < (0.37 if made.flawed else 0.13):
        made.after = "indeed"


def loud_word(made):
    made.after = "indeed" if made.flawed else "today"


@pytest.mark.deep
@pytest.mark.parametrize(
    ("change", "fails"),
    [
        (fine_numbers, {"shortcut_number_shape"}),
        (large_numbers, {"shortcut_number_size"}),
        (odd_numbers, {"shortcut_roundness"}),
        (round_numbers, {"shortcut_roundness"}),
        (own_regions, {"shortcut_text", "giveaway", "giveaway_within"}),
        (faint_word, {"giveaway", "giveaway_within"}),
        # a phrasing is made of words, so whatever tells by phrasing or by hedging tells by words too
        (own_words, {"shortcut_text", "shortcut_phrasing"}),
        (own_phrasing, {"shortcut_text", "shortcut_phrasing"}),
        (hedged, {"shortcut_hedging", *WORDS}),
        (loud_word, WORDS),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_gives_flawed_claims_away_fails_its_gate(make, failing, change, fails):
    assert failing(make(change=change)) == fails


@pytest.mark.deep
def test_flawed_claims_about_longer_names_fail_the_length_gate(make, failing):
    sample = make(change=long_names)
    named = {word for row in sample.rows for word in row.text.split() if len(word) > 5 and word.istitle()}
    assert failing(replace(sample, names=frozenset(named))) == {"shortcut_length"}


@pytest.mark.deep
def test_flawed_claims_first_fail_the_position_gate(make, failing):
    assert failing(make(order=lambda made: not made.flawed)) == {"shortcut_position"}


@pytest.mark.deep
def test_kinds_of_claims_that_are_never_wrong_fail_the_base_rate_gate_and_those_that_know_the_kind(make, failing):
    failed = failing(make(prone=lambda template: 0.03 if template % 5 < 2 else 1.0))
    assert "shortcut_base_rate" in failed
    assert failed <= {f"shortcut_{name}" for name in ("base_rate", "phrasing", "text", "number_size", "version")}


# -- what forms are made of
@pytest.mark.parametrize(
    ("how", "fails"),
    [
        ({"flawed": lambda rng: rng.randint(10, 12)}, {"prevalence"}),
        ({"flawed": lambda rng: 7}, {"prevalence"}),
        ({"flawed": lambda rng: rng.randint(7, 8), "operators": ("wrong_a", "wrong_b")}, {"kinds", "kinds_overall"}),
        ({"change": lambda made: setattr(made, "foil", False)}, {"foils"}),
        ({"claims": 7, "flawed": lambda rng: rng.randint(8, 10)}, {"claims"}),
        ({"claims": 2, "flawed": lambda rng: rng.randint(3, 4)}, {"claims"}),
    ],
    ids=["too many flawed", "always as many flawed", "two kinds of flaws", "no foils", "too many rows", "too few rows"],
)
def test_what_a_form_must_have(make, how, fails):
    ignored = {"kinds"} if how.get("claims") == 2 else set()
    assert cheap(make(**how)) - ignored == fails


def test_few_kinds_over_all_forms_fail_even_if_each_form_has_enough(make):
    few = tuple(f"wrong_{letter}" for letter in "abcdefghijk"[:7])
    assert MIN_OPERATORS <= 7
    assert cheap(make(flawed=lambda rng: rng.randint(7, 8), operators=few)) - {"prevalence"} == {"kinds_overall"}


def test_forms_that_share_facts_fail(make):
    sample = make(forms=20)
    shared = [replace(form, facts=sample.forms[0].facts) for form in sample.forms[:3]]
    assert cheap(sample, cohort=shared) == {"shared_facts"}
    assert cheap(sample, cohort=[]) == {"shared_facts"}


# -- truth, loose numbers, leaks: one claim of one form is enough
def once(change):
    """The change on the first claim that it takes; it returns True there."""
    done = []

    def apply(made):
        if not done and change(made):
            done.append(made)

    return apply


def off_by_a_step(made):
    if not made.flawed:
        made.stated = made.truth + 0.1
    return not made.flawed


def too_near(made):
    if made.flawed:
        made.stated = made.truth + 0.1
    return made.flawed


def true_by_accident(made):
    if made.flawed:
        made.stated = made.truth
    return made.flawed


def no_operator(made):
    made.key = {"operator": None}
    return made.flawed


def no_kind(made):
    made.key = {"kinds": ()} if made.flawed else {}
    return made.flawed


def loose_number(made):
    made.extra = " That is 17 more."
    return True


def operator_named(made):
    made.extra = " See wrong_a there."
    return True


def template_named(made):
    made.extra = " See memo_sales there."
    return True


def truth_named(made):
    made.extra = f" It was {made.truth:.1f} EUR." if made.flawed else ""
    return made.flawed


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        (off_by_a_step, {"truth"}),
        (too_near, {"truth"}),
        (true_by_accident, {"truth"}),
        (no_operator, {"truth"}),
        (no_kind, {"truth"}),
        (loose_number, {"numbers"}),
        (operator_named, {"leak"}),
        (template_named, {"leak"}),
        (truth_named, {"leak", "numbers"}),
    ],
)
def test_one_bad_claim_is_enough(make, change, fails):
    assert cheap(make(forms=20, change=once(change))) == fails


def test_a_sentence_that_is_sound_in_one_form_and_flawed_in_another_fails(make):
    sample = make(forms=20)
    assert cheap(sample) == set()
    first = sample.forms[0]
    row = next(row for row in sample.rows if row.key.flawed and not row.missing)
    sound = row.key.model_copy(
        update={"flawed": False, "operator": None, "severity": None, "kinds": (), "truth": row.key.stated}
    )
    other = replace(first, key=first.key.model_copy(
        update={"claims": tuple(sound if key is row.key else key for key in first.key.claims)}))  # fmt: skip
    assert cheap(type(sample).of([*sample.forms, other], sample.names)) == {"truth"}


def test_a_loose_number_between_the_claims_fails_unless_the_title_says_it(make):
    assert cheap(make(forms=12, opening="As in 17 weeks before.")) == {"numbers"}
    sample = make(forms=12)
    draft = sample.forms[0].shown.drafts[0]
    assert cheap(with_opening(sample, f"This is {draft.title.partition(', ')[2]}.")) == set()


def with_opening(sample, text: str):
    """The sample with another opening in its first draft."""
    first = sample.forms[0]
    draft = first.shown.drafts[0]
    whole = draft.parts[0]
    opening = whole.parts[0].model_copy(update={"text": f"{text} "})
    parts = (whole.model_copy(update={"parts": (opening, *whole.parts[1:])}),)
    drafts = (draft.model_copy(update={"parts": parts}), *first.shown.drafts[1:])
    form = replace(first, shown=first.shown.model_copy(update={"drafts": drafts}))
    return type(sample).of([form, *sample.forms[1:]], sample.names)


@pytest.mark.parametrize(
    "hide",
    [
        lambda form: form.key.canary,
        lambda form: base64.b64encode(form.key.canary.encode()).decode(),
        lambda form: form.key.claims[0].why,
        lambda form: b"the cohort's secret, 32 bytes long".hex(),
        lambda form: base64.b64encode(b"the cohort's secret, 32 bytes long").decode(),
    ],
    ids=["canary", "canary in base64", "reason", "secret", "secret in base64"],
)
def test_what_must_not_be_shown_fails_the_leak_gate(make, hide):
    sample = make(forms=12)
    planted = with_opening(sample, f"Hello {hide(sample.forms[0])}")
    assert cheap(planted, secrets=[b"the cohort's secret, 32 bytes long"]) - {"numbers"} == {"leak"}


def test_too_few_claims_prove_nothing(make):
    gates = form_gates(make(forms=12), [], operators=())
    said = {gate.name: gate.said for gate in gates if not gate.passed}
    assert "2,000 are needed. Next: draw more forms." in said["giveaway"]


def test_drafts_whose_source_tells_which_hold_the_flaws_fail(make):
    """As where a form's flaws are made up for beside a real answer that has few."""
    sample = make(forms=140)
    told = tuple(replace(row, source="simulated " if row.key.flawed else "recorded A model") for row in sample.rows)
    beside = tuple(replace(row, beside=row.key.flawed) for row in sample.rows)
    told_by, beside_by = (Sample(sample.forms, rows, sample.names) for rows in (told, beside))
    assert {gate.name for gate in shortcut_gates(told_by) if not gate.passed} == {"shortcut_provenance"}
    provenance = next(one for one in STRATEGIES if one.name == "provenance")  # the only one that reads either
    assert best_use(provenance, beside_by).skill.high > MAX_SKILL >= best_use(provenance, sample).skill.high
