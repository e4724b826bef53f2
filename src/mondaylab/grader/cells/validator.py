"""Validator: a learner's checker, tried like a detector on claims it has not seen.

Points follow Youden's J (`mondaylab.grader.metrics.youden`): the share of wrong claims flagged minus the share of sound
claims flagged. Flagging everything, nothing or by a coin earns nothing, nor does a J whose interval reaches 0.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mondaylab.errors import Refused
from mondaylab.forms.cells import OURS
from mondaylab.forms.keys import FormKey
from mondaylab.forms.scoring import ValidatorRules
from mondaylab.grader.cells.cell import GradedCell, ScoringContext
from mondaylab.grader.cells.replay import Replay
from mondaylab.grader.cells.score import CellScore, ScoreTable, not_graded, scored
from mondaylab.grader.handed_in.answer import CellAnswer
from mondaylab.grader.metrics import youden
from mondaylab.grader.sandbox.sandbox import Sandbox, Status
from mondaylab.plural import plural

if TYPE_CHECKING:
    from mondaylab.labs.drawing.trials import Trial

GRADE_ID = "validator"
FUNCTION = "validator"
_BATCHES = 4  # a claim that makes the checker fail costs its batch, not the whole trial
_REFERENCE_CLAIMS = 4
_MOST_TRIALS = 6
_ANYWHERE = ("syntax", "not_defined")  # on any data
AT_HOME = f"It did so on {_REFERENCE_CLAIMS} plain claims about the lab's own data, so it was not tried further."

WORDS: dict[Status | str, str] = {
    "timeout": "The checker did not come back in time.",
    "raised": "The cell or the checker stopped with an error. Each cell has to stand alone.",
    "wrong_type": "The checker did not return a set of claim ids.",
    "not_defined": "The cell does not define a function called validator.",
    "memory": "The checker used more memory than it may.",
    "died": "The checker ended the process it ran in.",
    "syntax": "The cell is not plain Python.",
    "unchanged": "No checker was handed in: the cell is as released.",
    "no answer": "The answer cell was changed, but defines no function called validator: a person looks at it.",
    "elsewhere": "The answer cell is as released. What may be the answer stands in another place: a person looks at "
    "it.",
    "lacks": "The cell uses what another cell of the notebook makes and could not be run without it: a person looks at "
    "it. Each cell has to stand alone.",
    "missing": "The answer cell is gone from the notebook.",
    "ambiguous": "The notebook holds several different versions of the answer cell.",
    "unreadable": "The notebook could not be read.",
    "too few": "The lab has too few claims of this family to try a checker on.",
}
REDRAWN = "It did so on redrawn data; on the lab's own data it runs."


@dataclass
class _Tally:
    """Claims over all trials, by ids that are unique over them, and what was flagged."""

    every: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    """Wrong claim -> kind of its flaw and what it did, in words."""
    flagged: set[str] = field(default_factory=set)
    failed: int = 0
    """Batches of claims on which the checker failed."""

    def add(self, trial: Trial, prefix: str) -> None:
        self.every |= {f"{prefix}{claim['id']}" for claim in trial.claims}
        self.kinds |= {f"{prefix}{one}": trial.kinds.get(one, "no kind") for one in trial.flawed}

    @property
    def sound(self) -> set[str]:
        return self.every - set(self.kinds)

    def enough(self, rules: ValidatorRules) -> bool:
        return len(self.kinds) >= rules.mutants and len(self.sound) >= rules.twins


def score_validator(
    key: FormKey, answer: CellAnswer, replay: Replay, sandbox: Sandbox, *, max_points: float, rules: ValidatorRules
) -> CellScore:
    """Scores the validator cell.

    The checker runs on redrawn datasets. One that fails there is tried on a few claims about the lab's own data: where
    it fails on these too, it earns nothing and is told so. They do not count otherwise. A batch on which it fails flags
    nothing: a time-out is no find.

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
        return not_graded(GRADE_ID, max_points, code=answer.code, reason=WORDS[answer.code], found=answer.found)
    tally = _tried(key, answer.source, replay, sandbox, rules)
    if isinstance(tally, _Fails):
        return _failed(tally, answer, max_points)
    if tally.enough(rules):
        return _result(tally, max_points)
    if tally.failed:
        return scored(GRADE_ID, 0.0, max_points, code="raised", reason=f"{WORDS['raised']} {REDRAWN}")
    return not_graded(GRADE_ID, max_points, code="too few", reason=WORDS["too few"])


@dataclass(frozen=True)
class _Fails:
    """A checker that fails wherever it is tried, and where that was, in words."""

    status: Status
    where: str


def _failed(fails: _Fails, answer: CellAnswer, max_points: float) -> CellScore:
    if answer.lacks and fails.status == "raised":
        return not_graded(GRADE_ID, max_points, code="lacks", reason=WORDS["lacks"], found=answer.found)
    reason = f"{WORDS[fails.status]} {fails.where}".strip()
    return scored(GRADE_ID, 0.0, max_points, code=fails.status, reason=reason)


def _tried(key: FormKey, source: str, replay: Replay, sandbox: Sandbox, rules: ValidatorRules) -> _Tally | _Fails:
    """Runs the checker on trials until it has seen enough claims."""
    tally = _Tally()
    for number in range(1, _MOST_TRIALS + 1):
        trial, prefix = replay.trial(key, number), f"{number}."
        tally.add(trial, prefix)
        sandbox.load(replay.dataset(number).packed())
        failures = 0
        whole = _flag(trial.claims, source, sandbox, prefix, tally.flagged)
        if whole != "ok":
            status = "ok" if tally.failed else _at_home(key, source, whole, replay, sandbox)
            if status != "ok":
                return _Fails(status, "" if status in _ANYWHERE else AT_HOME)
            sandbox.load(replay.dataset(number).packed())
            failures = _by_batches(trial, source, sandbox, prefix, tally.flagged)
        tally.failed += failures
        if failures == _BATCHES and not tally.flagged:
            return _Fails(whole, REDRAWN)
        if tally.enough(rules) or failures == _BATCHES:
            break
    return tally


def _flag(claims: list[dict[str, Any]], source: str, sandbox: Sandbox, prefix: str, flagged: set[str]) -> Status:
    """Runs the checker on these claims and adds what it flagged."""
    returned = sandbox.call(source, FUNCTION, claims)
    if returned.ids is not None:
        known = {claim["id"] for claim in claims}
        flagged |= {f"{prefix}{one}" for one in returned.ids if one in known}
    return returned.status


def _at_home(key: FormKey, source: str, failed: Status, replay: Replay, sandbox: Sandbox) -> Status:
    """How a checker that failed does on a few claims about the lab's own data."""
    if failed in _ANYWHERE:
        return failed
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


def _result(tally: _Tally, max_points: float) -> CellScore:
    wrong, sound = set(tally.kinds), tally.sound
    hits, alarms = len(tally.flagged & wrong), len(tally.flagged & sound)
    worth = youden(hits, len(wrong), alarms, len(sound))
    # claims known by heart meet a redrawn one now and then: what chance would explain is no find
    share = max(0.0, worth.value or 0.0) if worth.low is not None and worth.low > 0 else 0.0
    details = [f"Wrong claims flagged: {hits} of {len(wrong)}.", f"Sound claims flagged: {alarms} of {len(sound)}."]
    if worth.low is not None and worth.high is not None:
        details.append(
            f"As shares, the first less the second (Youden's J): {worth.value:.2f}, 95 % interval {worth.low:.2f} to "
            f"{worth.high:.2f}. Points follow it if all of that lies above 0, where a coin is."
        )
    if tally.failed:
        batches = plural(tally.failed, "batch", "batches")
        details.append(f"It failed on {batches} of claims, which counts as flagging nothing there.")
    if share == 1.0:
        reason = "Your checker finds every wrong claim and passes every sound one."
    elif share == 0.0:
        reason = "Your checker does not tell wrong claims from sound ones."
    else:
        reason = "Your checker tells many wrong claims from sound ones, not all."
    return scored(GRADE_ID, share, max_points, reason=reason, details=tuple(details), tables=(_table(tally),))


def _table(tally: _Tally) -> ScoreTable:
    """Where it is blind: what it flagged of each kind of flaw, and of sound claims."""
    there = Counter(tally.kinds.values())
    found = Counter(kind for one, kind in tally.kinds.items() if one in tally.flagged)
    rows = [(f"Wrong, {kind}", found[kind], count) for kind, count in sorted(there.items())]
    rows.append(("Sound", len(tally.flagged & tally.sound), len(tally.sound)))
    return ScoreTable(title="What your checker flagged", header=("Claims", "Flagged", "Of"), rows=tuple(rows))


def _score(context: ScoringContext) -> CellScore:
    if context.key.validator is None:
        raise Refused("the form has no validator task")
    return score_validator(
        context.key,
        context.answer,
        context.replay(),
        context.sandbox,
        max_points=context.points,
        rules=context.rules.validator,
    )


CELL = GradedCell(OURS["validator"], _score)
