"""What a graded cell is: what it declares, and how it is scored from what is known of one submission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mondaylab.forms.cells import Declared
from mondaylab.forms.keys import FormKey
from mondaylab.forms.scoring import RoleRules, ScoringRules
from mondaylab.forms.shown import ShownForm
from mondaylab.grader.cells.replay import Replay
from mondaylab.grader.cells.score import CellScore
from mondaylab.grader.handed_in.answer import CellAnswer
from mondaylab.grader.sandbox.sandbox import Sandbox
from mondaylab.judging.answers import FormAnswers


@dataclass(frozen=True)
class ScoringContext:
    """All that one cell of one submission is scored from.

    Attributes:
        form: The learner's form as shown.
        key: Its truth.
        answers: What the judgement service has of it.
        answer: What stands in the cell's answer cell; ``missing`` for a cell that has none.
        released: That cell's text as released, if it is known.
        points: What the cell is worth.
        rules: ``grader/scoring.yaml``.
        role: The part of it about the lab's role.
        replay: Opens the data that learner code is tried on; made when it is first asked for.
        sandbox: Where learner code runs.
    """

    form: ShownForm
    key: FormKey
    answers: FormAnswers
    answer: CellAnswer
    released: str | None
    points: float
    rules: ScoringRules
    role: RoleRules
    replay: Callable[[], Replay]
    sandbox: Sandbox


def _nothing(_: FormAnswers) -> bool:
    return False


@dataclass(frozen=True)
class GradedCell(Declared):
    """One graded cell; what an entry point of `mondaylab.forms.cells.GROUP` names.

    Attributes:
        score: Scores it. What it refuses (`mondaylab.errors.MondaylabError`) makes the cell wait for a person.
        saved: Whether the judgement service has an answer to it, which one in the notebook would only replace.
    """

    score: Callable[[ScoringContext], CellScore]
    saved: Callable[[FormAnswers], bool] = field(default=_nothing)
