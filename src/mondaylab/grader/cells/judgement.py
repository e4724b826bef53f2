"""The judgement score: how close stated probabilities came to the truth, and nothing else.

Pure functions. Probabilities are that a row is **flawed**, in [0, 1].

Sources: G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950),
1-3 (the score); A. H. Murphy, "A new vector partition of the probability score", Journal of Applied Meteorology 12
(1973), 595-600 (its uncertainty term q(1 - q), and the skill score against it).
"""

from __future__ import annotations

from collections.abc import Sequence

from mondaylab.errors import Refused
from mondaylab.forms.cells import OURS
from mondaylab.forms.keys import FormKey
from mondaylab.grader.cells.cell import GradedCell, ScoringContext
from mondaylab.grader.cells.score import CellScore, scored
from mondaylab.grader.verdicts import Counts, verdicts
from mondaylab.judging.answers import FormAnswers
from mondaylab.plural import plural
from mondaylab.skill import brier_skill_score

UNANSWERED = 0.5
"""What a row without a probability counts as: "I do not know". Its expected Brier score is 0.25, and that of an honest
probability p is p(1 - p) <= 0.25, so leaving a row out never pays."""


def brier(probabilities: Sequence[float | None], flawed: Sequence[bool]) -> float:
    """The mean of (p - y)^2, in [0, 1]; 0 is perfect. None counts as `UNANSWERED`.

    Raises:
        Refused: There are no rows, not as many answers as rows, or a probability outside [0, 1].
    """
    if not flawed or len(probabilities) != len(flawed):
        raise Refused(f"{len(probabilities)} answers for {len(flawed)} rows", where="judgement score")
    total = 0.0
    for probability, wrong in zip(probabilities, flawed, strict=True):
        p = UNANSWERED if probability is None else float(probability)
        if not 0.0 <= p <= 1.0:
            raise Refused("a probability lies outside 0 to 1", where="judgement score")
        total += (p - float(wrong)) ** 2
    return total / len(flawed)


def skill(probabilities: Sequence[float | None], flawed: Sequence[bool]) -> float:
    """The Brier skill score 1 - BS / (q (1 - q)), unclipped: 1 is perfect, 0 is what the base rate earns.

    `q` is the form's share of flawed rows. It is a constant of the form, so the score is linear in the Brier score and
    as strictly proper: the honest probability has the best expectation.

    Raises:
        Refused: As `brier`, or the form is degenerate (nothing flawed, or everything), where any answer has no skill.
    """
    q = sum(flawed) / len(flawed) if flawed else 0.0
    if q in (0.0, 1.0):
        raise Refused(
            "a form with nothing flawed, or everything, cannot be scored",
            fix="see what its gates say: mondaylab labs check LAB --quarter QUARTER",
        )
    return brier_skill_score(brier(probabilities, flawed), q)


def judgement_points_share(probabilities: Sequence[float | None], flawed: Sequence[bool]) -> float:
    """The share of the judgement points, max(0, skill), in [0, 1]; raises as `skill`.

    Any constant answer earns 0, the oracle 1, a checker right everywhere at .1/.9 about .95. Only this total is
    clipped, never a row.
    """
    return max(0.0, skill(probabilities, flawed))


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


def _score(context: ScoringContext) -> CellScore:
    return score_judgement(context.key, context.answers, context.points)


CELL = GradedCell(OURS["judgement"], _score)
