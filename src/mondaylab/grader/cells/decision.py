"""Decision: what a learner would do with each row, against what that would have cost.

Costs are per row, by how bad it truly is and what is done with it (`mondaylab.forms.scoring.DecisionRules`). What
counts is the **regret** of an action, its cost minus that of the row's cheapest action, so that who always does the
cheapest thing pays nothing. With R(said) the sum of a form's regrets and R(a) the sum if every row got the same action
a:

    share = max(0, 1 - R(said) / min over a of R(a))

The best blanket action of the form, known only afterwards, earns 0, and so does every other one; the oracle earns 1.
A row without an action counts as if it had got that blanket action, so it neither gains nor loses against it; a form
without any action earns 0. As for the judgement score, only the total is clipped, never a row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from mondaylab.errors import Refused
from mondaylab.forms.cells import OURS
from mondaylab.forms.keys import ClaimKey, FormKey
from mondaylab.forms.scoring import ActionCosts, DecisionRules
from mondaylab.forms.shown import ACTIONS, Action
from mondaylab.grader.cells.cell import GradedCell, ScoringContext
from mondaylab.grader.cells.score import CellScore, figure, scored
from mondaylab.judging.answers import Answer, FormAnswers
from mondaylab.plural import plural
from mondaylab.records import Record


class RowDecision(Record):
    """One row."""

    claim_id: str
    flawed: bool
    action: Action | None
    """What was said; none if nothing was."""
    best: Action
    """The cheapest action."""
    regret: float
    """What the action, or for a row without one the form's best blanket action, cost beyond the cheapest; 0 or more."""


class Decision(Record):
    """A whole form."""

    rows: tuple[RowDecision, ...]
    blanket: Action
    """The one action that would have cost least if every row had got it."""
    blanket_regret: float
    """What that would have cost beyond the cheapest actions; more than 0."""
    share: float
    """Share of the decision points, in [0, 1]."""

    @property
    def regret(self) -> float:
        """What all actions cost beyond the cheapest ones."""
        return math.fsum(row.regret for row in self.rows)

    @property
    def unanswered(self) -> int:
        """Rows without an action."""
        return sum(row.action is None for row in self.rows)


def costs_of(claim: ClaimKey, rules: DecisionRules) -> ActionCosts:
    """What each action costs on this row: by true severity, unless flaws of its main kind are to be escalated."""
    if not claim.flawed:
        return rules.sound
    if rules.to_escalate is not None and claim.kinds and claim.kinds[0] in rules.to_escalate.kinds:
        return rules.to_escalate.costs
    return {"minor": rules.minor, "material": rules.material, "critical": rules.critical}[claim.severity or "material"]


def decide(claims: Iterable[ClaimKey], answers: Mapping[str, Answer], rules: DecisionRules) -> Decision:
    """Scores the actions after checking; see the module for the formula.

    Args:
        claims: The form's truth.
        answers: Claim id -> answer after checking.
        rules: The role's costs.

    Raises:
        Refused: One and the same action is best for every row, as when nothing or everything is flawed.
    """
    known = [(claim, costs_of(claim, rules)) for claim in claims]
    blankets = {action: math.fsum(costs.regret(action) for _, costs in known) for action in ACTIONS}
    blanket = min(ACTIONS, key=lambda action: blankets[action])
    if blankets[blanket] <= 0:
        raise Refused(
            "a form on which one action is right everywhere cannot be scored",
            fix="see what its gates say: mondaylab labs check LAB --quarter QUARTER",
        )
    rows = []
    for claim, costs in known:
        answer = answers.get(claim.claim_id)
        action = None if answer is None else answer.action
        rows.append(
            RowDecision(
                claim_id=claim.claim_id,
                flawed=claim.flawed,
                action=action,
                best=costs.best,
                regret=costs.regret(action or blanket),
            )
        )
    share = 1.0 - math.fsum(row.regret for row in rows) / blankets[blanket]
    answered = any(row.action is not None for row in rows)
    return Decision(
        rows=tuple(rows),
        blanket=blanket,
        blanket_regret=blankets[blanket],
        share=max(0.0, share) if answered else 0.0,
    )


def score_decision(key: FormKey, answers: FormAnswers, rules: DecisionRules | None, max_points: float) -> CellScore:
    """Scores what the learner would do with each row.

    Raises:
        Refused: The role has no costs, or the form is degenerate.
    """
    if rules is None:
        raise Refused("the role has no costs of decisions", where="grader/scoring.yaml")
    result = decide(key.claims, answers.check, rules)
    if result.unanswered == len(result.rows):
        reason = "No action after checking was handed in."
        return scored("decision", 0.0, max_points, code="unanswered", reason=reason)
    blanket = result.blanket.capitalize()
    reason = (
        f"What your actions cost beyond the cheapest ones: {figure(result.regret)}; {blanket} for every row, the best "
        f"single action, would have cost {figure(result.blanket_regret)} and earns nothing."
    )
    return scored("decision", result.share, max_points, reason=reason, details=_decision_details(result))


def _decision_details(result: Decision) -> tuple[str, ...]:
    said = [row for row in result.rows if row.action is not None]

    def line(rows: Sequence[RowDecision], one: str, many: str) -> list[str]:
        cost = figure(math.fsum(row.regret for row in rows))
        return [f"{plural(len(rows), one, many)} (cost {cost})."] if rows else []

    details = [
        *line(
            [row for row in said if row.flawed and row.action == "use"],
            "flawed statement would have gone out",
            "flawed statements would have gone out",
        ),
        *line(
            [row for row in said if row.flawed and row.action != "use" and row.regret > 0],
            "flaw kept from going out, but not in the cheapest way",
            "flaws kept from going out, but not in the cheapest way",
        ),
        *line([row for row in said if not row.flawed and row.action == "verify"], "needless check", "needless checks"),
        *line(
            [row for row in said if not row.flawed and row.action == "fix"],
            "sound statement “fixed”",
            "sound statements “fixed”",
        ),
        *line(
            [row for row in said if not row.flawed and row.action == "escalate"],
            "needless escalation",
            "needless escalations",
        ),
    ]
    if result.unanswered:
        rows = plural(result.unanswered, "row")
        details.append(f"{rows} without an action: each counts as {result.blanket.capitalize()}.")
    return tuple(details or ["The cheapest action on every row."])


def _score(context: ScoringContext) -> CellScore:
    return score_decision(context.key, context.answers, context.role.decision, context.points)


CELL = GradedCell(OURS["decision"], _score)
