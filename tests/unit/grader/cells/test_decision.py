"""Decision: blanket policies earn nothing, the oracle all, and cheaper actions never less."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.forms.keys import ClaimKey
from mondaylab.forms.scoring import ActionCosts, DecisionRules, ToEscalate
from mondaylab.forms.shown import ACTIONS, SEVERITIES
from mondaylab.grader.cells.decision import decide, score_decision
from mondaylab.judging.answers import Answer

FEW = settings(max_examples=30)  # a case takes long to draw

RULES = DecisionRules(
    sound=ActionCosts(use=0, verify=1, fix=3, escalate=4),
    minor=ActionCosts(use=3, verify=2, fix=1, escalate=4),
    material=ActionCosts(use=12, verify=3, fix=1, escalate=3),
    critical=ActionCosts(use=30, verify=5, fix=1, escalate=2),
    to_escalate=ToEscalate(kinds=("confidential",), costs=ActionCosts(use=30, verify=6, fix=3, escalate=1)),
)


def claim(number: int, state: str) -> ClaimKey:
    flawed = state != "sound"
    return ClaimKey(
        claim_id=f"c{number}",
        draft_id="d",
        template="t",
        text="",
        flawed=flawed,
        severity=state if state in SEVERITIES else "critical" if flawed else None,
        kinds=("confidential",) if state == "leak" else ("number",) if flawed else (),
        why="",
        query="",
    )


def form(states) -> list[ClaimKey]:
    return [claim(number, state) for number, state in enumerate(states)]


def said(claims, actions) -> dict[str, Answer]:
    return {
        one.claim_id: Answer(p=50, action=action) for one, action in zip(claims, actions, strict=True) if action != "-"
    }


STATES = st.lists(st.sampled_from(["sound", *SEVERITIES, "leak"]), min_size=2, max_size=30).filter(
    lambda states: "sound" in states and set(states) != {"sound"}
)


@st.composite
def answered(draw, actions=(*ACTIONS, "-")):
    claims = form(draw(STATES))
    many = len(claims)
    return claims, draw(st.lists(st.sampled_from(actions), min_size=many, max_size=many))


@st.composite
def cost_rules(draw):
    """Any costs that are accepted."""
    number = st.floats(0, 9e5)  # what is added below stays within the largest cost
    costs = st.fixed_dictionaries(dict.fromkeys(ACTIONS, number))
    rows = {name: draw(costs) for name in ("sound", *SEVERITIES)}
    rows["sound"]["use"] = 0.0
    for action in ("verify", "fix", "escalate"):
        rows["sound"][action] += 0.5
    worst = 0.0
    for name in SEVERITIES:
        worst = rows[name]["use"] = max(worst, *(rows[name][action] for action in ACTIONS)) + 1
    return DecisionRules(**rows)


@FEW
@given(answered(), cost_rules())
def test_the_share_is_a_share(case, rules):
    claims, actions = case
    assert 0.0 <= decide(claims, said(claims, actions), rules).share <= 1.0


@FEW
@given(STATES, cost_rules(), st.sampled_from(ACTIONS))
def test_one_action_for_every_row_earns_nothing(states, rules, action):
    claims = form(states)
    assert decide(claims, said(claims, [action] * len(claims)), rules).share == pytest.approx(0, abs=1e-12)


@FEW
@given(STATES, cost_rules())
def test_the_cheapest_action_on_every_row_earns_all(states, rules):
    claims = form(states)
    best = [row.best for row in decide(claims, {}, rules).rows]
    assert decide(claims, said(claims, best), rules).share == 1.0


@FEW
@given(answered(), st.data())
def test_a_cheaper_action_on_one_row_never_earns_less(case, data):
    claims, actions = case
    before = decide(claims, said(claims, actions), RULES)
    assume(before.unanswered < len(claims))
    place = data.draw(st.integers(0, len(claims) - 1))
    changed = list(actions)
    changed[place] = data.draw(st.sampled_from(ACTIONS))
    after = decide(claims, said(claims, changed), RULES)
    assume(after.rows[place].regret <= before.rows[place].regret)
    assert after.share >= before.share - 1e-12


@FEW
@given(answered(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_nothing(case, chance: random.Random):
    claims, actions = case
    mixed = list(claims)
    chance.shuffle(mixed)
    answers = said(claims, actions)
    assert decide(mixed, answers, RULES).share == decide(claims, answers, RULES).share


@FEW
@given(answered(), st.floats(0.01, 1000))
def test_the_currency_of_costs_is_nothing(case, factor):
    claims, actions = case

    def scaled(costs: ActionCosts) -> ActionCosts:
        return ActionCosts(**{action: costs.of(action) * factor for action in ACTIONS})

    dearer = DecisionRules(
        **{name: scaled(getattr(RULES, name)) for name in ("sound", *SEVERITIES)},
        to_escalate=ToEscalate(kinds=("confidential",), costs=scaled(RULES.to_escalate.costs)),
    )
    answers = said(claims, actions)
    assert decide(claims, answers, dearer).share == pytest.approx(decide(claims, answers, RULES).share, abs=1e-9)


@FEW
@given(answered())
def test_a_row_without_an_action_counts_as_the_best_blanket_action(case):
    claims, actions = case
    result = decide(claims, said(claims, actions), RULES)
    assume(result.unanswered < len(claims))
    filled = [result.blanket if action == "-" else action for action in actions]
    assert decide(claims, said(claims, filled), RULES).share == result.share
    assert result.unanswered == actions.count("-")


def test_a_form_by_hand():
    """Blanket: use 2 + 11 + 29 = 42, verify 2 + 1 + 2 + 4 = 9, fix 6, escalate 8 + 3 + 2 + 1 = 14."""
    claims = form(["sound", "sound", "minor", "material", "critical"])
    result = decide(claims, said(claims, ["use", "verify", "fix", "verify", "escalate"]), RULES)
    assert (result.blanket, result.blanket_regret, result.regret) == ("fix", 6, 4)
    assert result.share == pytest.approx(1 - 4 / 6)


def test_flaws_of_a_named_kind_are_cheapest_escalated():
    claims = form(["sound", "leak"])
    assert decide(claims, said(claims, ["use", "escalate"]), RULES).share == 1
    assert decide(claims, said(claims, ["use", "fix"]), RULES).share < 1


@pytest.mark.parametrize("states", [["sound"] * 3, ["critical"] * 3])
def test_a_form_with_one_right_answer_everywhere_is_refused(states):
    with pytest.raises(Refused, match="cannot be scored"):
        decide(form(states), {}, RULES)


def test_the_cell_counts_in_plain_words(key, answers):
    """b is critical and c minor; the other four rows are sound."""

    def score(**actions):
        given_ = {name: Answer(p=50, action=action) for name, action in actions.items()}
        return score_decision(key, answers.model_copy(update={"check": given_}), RULES, 10)

    right = score(a="use", b="fix", c="fix", d="use", m1="use", m2="use")
    assert (right.points, right.details) == (10, ("The cheapest action on every row.",))
    costly = score(a="verify", b="use", c="verify", d="fix", m1="escalate", m2="use")
    assert costly.points == 0 and costly.code == "ok"
    assert costly.details == (
        "1 flawed statement would have gone out (cost 29).",
        "1 flaw kept from going out, but not in the cheapest way (cost 1).",
        "1 needless check (cost 1).",
        "1 sound statement “fixed” (cost 3).",
        "1 needless escalation (cost 4).",
    )
    assert "cost beyond the cheapest ones: 38; Verify for every row" in costly.reason
    partly = score(a="use", b="fix")
    assert partly.details[-1] == "4 rows without an action: each counts as Verify." and 0 < partly.points < 10
    nothing = score()
    assert (nothing.state, nothing.points, nothing.code) == ("scored", 0, "unanswered")
    with pytest.raises(Refused, match="no costs"):
        score_decision(key, answers, None, 10)
