"""The cells that are scored from what the judgement service recorded, against the key: no submission is read."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mondaylab.errors import Refused
from mondaylab.grader.cells import CellScore, figure, scored
from mondaylab.grader.counts import Counts, verdicts
from mondaylab.grader.decision import Decision, RowDecision, decide
from mondaylab.grader.diagnosis import Diagnosis, diagnose
from mondaylab.grader.findings import plural
from mondaylab.grader.rules import DecisionRules, DiagnosisRules
from mondaylab.grader.scoring import judgement_points_share
from mondaylab.judging.answers import FormAnswers
from mondaylab.labs.forms.keys import FormKey
from mondaylab.labs.forms.shown import ShownForm


def score_judgement(key: FormKey, answers: FormAnswers, max_points: float) -> CellScore:
    """Scores the probabilities after checking: the skill score, whatever the actions were.

    Raises:
        Refused: The form is degenerate.
    """
    said = [answers.check.get(claim.claim_id) for claim in key.claims]
    probabilities = [None if answer is None or answer.p is None else answer.p / 100 for answer in said]
    share = judgement_points_share(probabilities, [claim.flawed for claim in key.claims])
    unanswered = probabilities.count(None)
    if unanswered == len(probabilities):
        reason = "No judgement after checking was handed in."
        return scored("judgement", 0.0, max_points, code="unanswered", reason=reason)
    counts = Counts.of(verdicts(key.claims, answers.check).values())
    details = [
        f"Caught {counts.caught} of {plural(counts.flawed, 'flaw')}, raised {plural(counts.doubted, 'false alarm')}, "
        f"rightly trusted {counts.trusted} of {plural(counts.sound, 'sound statement')}."
    ]
    if unanswered:
        details.append(f"{plural(unanswered, 'row')} without a probability: each counts as 50.")
    if answers.check_committed is None:
        details.append("It was never committed; what was saved counts.")
    reason = "How close the probabilities after checking came to the truth; a constant answer earns nothing."
    return scored("judgement", share, max_points, reason=reason, details=tuple(details))


def score_diagnosis(
    key: FormKey, answers: FormAnswers, form: ShownForm, rules: DiagnosisRules, max_points: float
) -> CellScore:
    """Scores kind, severity and corrected value of the flaws that were caught.

    Raises:
        Refused: The form is degenerate.
    """
    result = diagnose(key.claims, answers.check, rules, kind_groups(form))
    caught = [row for row in result.rows if row.verdict == "caught"]
    if not caught:
        reason = "No flaw was caught, so there is none to diagnose."
        return scored("diagnosis", 0.0, max_points, code="none caught", reason=reason)
    reason = f"Of {plural(len(result.rows), 'flaw')}, {len(caught)} caught and diagnosed."
    return scored("diagnosis", result.share, max_points, reason=reason, details=_diagnosis_details(result))


def _diagnosis_details(result: Diagnosis) -> tuple[str, ...]:
    caught = [row for row in result.rows if row.verdict == "caught"]
    numbers = [row for row in caught if row.value != "not asked"]
    near = sum(row.kind == "same group" for row in caught)
    kinds = f"Kind right: {sum(row.kind == 'right' for row in caught)} of {len(caught)}"
    details = [
        f"{kinds}, {near} of the same group." if near else f"{kinds}.",
        f"Severity right: {sum(row.severity == 'right' for row in caught)} of {len(caught)}.",
    ]
    if numbers:
        details.append(f"Corrected value right: {sum(row.value == 'right' for row in numbers)} of {len(numbers)}.")
    if result.false_alarms:
        left = result.sound - result.false_alarms
        details.append(f"Then times {left} of {result.sound}: the sound statements that were not doubted.")
    return tuple(details)


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


def kind_groups(form: ShownForm) -> dict[str, str]:
    """Flaw kind -> the group it is shown in."""
    return {kind.id: group.id for group in form.groups for kind in group.kinds}
