"""Validator: a learner's checker, tried like a detector on claims it has not seen.

Points follow Youden's J (W. J. Youden, "Index for rating diagnostic tests", Cancer 3 (1950), 32-35): the share of wrong
claims flagged minus the share of sound claims flagged. Flagging everything, nothing or by a coin earns nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mondaylab.grader.cells import CellScore, not_graded, scored
from mondaylab.grader.findings import plural
from mondaylab.grader.replay import Replay
from mondaylab.grader.rules import ValidatorRules
from mondaylab.grader.sandbox import Sandbox, Status
from mondaylab.grader.submission import Answer
from mondaylab.labs.forms.keys import FormKey

if TYPE_CHECKING:
    from mondaylab.labs.forms.trials import Trial

GRADE_ID = "validator"
FUNCTION = "validator"
_BATCHES = 4  # a claim that makes the checker fail costs its batch, not the whole trial
_REFERENCE_CLAIMS = 4
_MOST_TRIALS = 6

WORDS: dict[Status | str, str] = {
    "timeout": "The checker did not come back in time.",
    "raised": "The cell or the checker stopped with an error. Each cell has to stand alone.",
    "wrong_type": "The checker did not return a set of claim ids.",
    "not_defined": "The cell does not define a function called validator.",
    "memory": "The checker used more memory than it may.",
    "died": "The checker ended the process it ran in.",
    "syntax": "The cell is not plain Python.",
    "unchanged": "No checker was handed in: the cell is as released.",
    "missing": "The answer cell is gone from the notebook.",
    "ambiguous": "The notebook holds several different versions of the answer cell.",
    "unreadable": "The notebook could not be read.",
    "too few": "The lab has too few claims of this family to try a checker on.",
}


def youden(flagged: set[str], wrong: set[str], every: set[str]) -> float:
    """J = hit rate - false alarm rate, in [-1, 1]; ids outside `every` are ignored.

    Needs at least one wrong and one sound claim.
    """
    sound = every - wrong
    return len(flagged & wrong) / len(wrong) - len(flagged & sound) / len(sound)


def score_validator(
    key: FormKey, answer: Answer, replay: Replay, sandbox: Sandbox, *, max_points: float, rules: ValidatorRules
) -> CellScore:
    """Scores the validator cell.

    The checker runs on redrawn datasets. One that fails there is tried on a few claims about the lab's own data, to
    see whether it runs at all; they do not count. A batch on which it fails flags nothing: a time-out is no find.

    Args:
        key: The form's key, which names the family of claims.
        answer: The learner's function, if there is one.
        replay: Data and trials.
        sandbox: A started sandbox.
        max_points: What the cell is worth.
        rules: How many claims it must be tried on at the least.
    """
    if answer.source is None:
        if answer.code == "unchanged":
            return scored(GRADE_ID, 0.0, max_points, code=answer.code, reason=WORDS[answer.code])
        return not_graded(GRADE_ID, max_points, code=answer.code, reason=WORDS[answer.code])
    flagged: set[str] = set()
    wrong: set[str] = set()
    every: set[str] = set()
    failed = 0
    for number in range(1, _MOST_TRIALS + 1):
        trial = replay.trial(key, number)
        sandbox.load(replay.dataset(number).packed())
        failures = 0
        whole = _flag(trial.claims, answer.source, sandbox, f"{number}.", flagged)
        if whole != "ok":
            status = "ok" if failed else _at_home(key, answer.source, whole, replay, sandbox)
            if status != "ok":
                return scored(GRADE_ID, 0.0, max_points, code=status, reason=WORDS[status])
            sandbox.load(replay.dataset(number).packed())
            failures = _by_batches(trial, answer.source, sandbox, f"{number}.", flagged)
        wrong |= {f"{number}.{one}" for one in trial.flawed}
        every |= {f"{number}.{claim['id']}" for claim in trial.claims}
        failed += failures
        if (len(wrong) >= rules.mutants and len(every - wrong) >= rules.twins) or failures == _BATCHES:
            break
    if len(wrong) < rules.mutants or len(every - wrong) < rules.twins:
        if failed:
            return scored(GRADE_ID, 0.0, max_points, code="raised", reason="The checker fails on redrawn data.")
        return not_graded(GRADE_ID, max_points, code="too few", reason=WORDS["too few"])
    return _result(flagged, wrong, every, failed, max_points)


def _flag(claims: list[dict[str, Any]], source: str, sandbox: Sandbox, prefix: str, flagged: set[str]) -> Status:
    """Runs the checker on these claims and adds what it flagged."""
    returned = sandbox.call(source, FUNCTION, claims)
    if returned.ids is not None:
        known = {claim["id"] for claim in claims}
        flagged |= {f"{prefix}{one}" for one in returned.ids if one in known}
    return returned.status


def _at_home(key: FormKey, source: str, failed: Status, replay: Replay, sandbox: Sandbox) -> Status:
    """How a checker that failed does on a few claims about the lab's own data."""
    if failed in ("syntax", "not_defined"):
        return failed  # on any data
    sandbox.load(replay.dataset(0).packed())
    return sandbox.call(source, FUNCTION, replay.trial(key, 0).claims[:_REFERENCE_CLAIMS]).status


def _by_batches(trial: Trial, source: str, sandbox: Sandbox, prefix: str, flagged: set[str]) -> int:
    """Runs a trial on which the checker failed as a whole in batches, and returns how many of them it failed on."""
    failures = 0
    for batch in range(_BATCHES):
        status = _flag(trial.claims[batch::_BATCHES], source, sandbox, prefix, flagged)
        failures += status != "ok"
        if status in ("timeout", "memory"):
            return _BATCHES  # it would cost the batch minutes to see it fail again
    return failures


def _result(flagged: set[str], wrong: set[str], every: set[str], failed: int, max_points: float) -> CellScore:
    sound = every - wrong
    hits, alarms = len(flagged & wrong), len(flagged & sound)
    share = max(0.0, youden(flagged, wrong, every))
    details = [f"Wrong claims flagged: {hits} of {len(wrong)}.", f"Sound claims flagged: {alarms} of {len(sound)}."]
    if failed:
        details.append(
            f"It failed on {plural(failed, 'batch', 'batches')} of claims, which counts as flagging nothing there."
        )
    if share == 1.0:
        reason = "Your checker finds every wrong claim and passes every sound one."
    elif share == 0.0:
        reason = "Your checker does not tell wrong claims from sound ones."
    else:
        reason = "Your checker tells many wrong claims from sound ones, not all."
    return scored(GRADE_ID, share, max_points, reason=reason, details=tuple(details))
