"""The scorer: one submission in, a score for each of our cells out. Autograde and the command line share it."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy.exc import SQLAlchemyError

from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import MondaylabError, Refused
from mondaylab.extensions import blaming
from mondaylab.forms.cells import declared_cells
from mondaylab.forms.keys import EvidenceKey, FormKey
from mondaylab.forms.scoring import ScoringRules
from mondaylab.forms.shown import ShownForm
from mondaylab.grader.cells.cell import GradedCell, ScoringContext
from mondaylab.grader.cells.optional import with_left_out
from mondaylab.grader.cells.registry import graded_cells
from mondaylab.grader.cells.replay import LabData, Replay, ReplayCache
from mondaylab.grader.cells.score import CellScore, not_graded
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.handed_in.answer import CellAnswer
from mondaylab.grader.handed_in.by_hand import ByHand, by_hand
from mondaylab.grader.handed_in.elsewhere import Elsewhere
from mondaylab.grader.handed_in.released import ReleasedLab
from mondaylab.grader.handed_in.submission import ReleasedCell, Submission
from mondaylab.grader.sandbox.pool import SandboxPool
from mondaylab.grader.sandbox.sandbox import Limits, Sandbox
from mondaylab.judging.answers import FormAnswers
from mondaylab.labs.building.frozen import frozen_site, open_build
from mondaylab.labs.drawing.rivals import Rival, rivals
from mondaylab.labs.drawing.trials import Trial, validator_trial
from mondaylab.labs.material import Material
from mondaylab.labs.quarterly.releases import released_folder
from mondaylab.measures.catalog import Catalog
from mondaylab.settings import Site

EARLIER = "Nothing was judged in the newest attempt, but an earlier one was: a person looks at which of them counts."
OpenData = Callable[[Site, FormKey], LabData]


@dataclass(frozen=True)
class MaterialData:
    """A built lab's material, as replays want it."""

    material: Material

    @property
    def bindings(self) -> Bindings:
        """The company's bindings."""
        return self.material.bindings

    @property
    def concepts(self) -> tuple[str, ...]:
        """What the lab names of them."""
        return self.material.declaration.entities

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The lab's tables."""
        return self.material.tables

    def trial(self, key: FormKey, tables: Mapping[str, pd.DataFrame], seed: int) -> Trial:
        """Draws a validator trial."""
        return validator_trial(self.material, key, tables, seed)

    def rivals(self, key: EvidenceKey, catalog: Catalog) -> tuple[Rival, ...]:
        """What flaw operators make of the asked figure."""
        return rivals(self.material, key, catalog)


def open_material(site: Site, key: FormKey) -> LabData:
    """The lab as it was released when the form was drawn; raises what `release_folder` and `open_build` raise."""
    material = open_build(site, released_folder(site, key.cohort, key.lab))
    if material.snapshot.id != key.snapshot:
        raise Refused(
            f"the form is of snapshot {key.snapshot}, the release of {material.snapshot.id}", where=key.form_id
        )
    return MaterialData(material)


@dataclass(frozen=True)
class Judged:
    """A learner's newest form with its truth and what they said.

    Attributes:
        form: As shown.
        key: Its truth.
        answers: What they said about it.
        earlier: Whether they said nothing after checking here, but did about an earlier form of the same lab.
    """

    form: ShownForm
    key: FormKey
    answers: FormAnswers
    earlier: bool = False


class Scorer:
    """Scores submissions of one lab of one cohort. Keep one for a batch: data and redraws are made once.

    Args:
        cohort_lab: The lab and the cohort.
        open_data: How a form's data is opened; tests hand in small tables.
        limits: What learner code may use, if not as ``scoring.yaml`` says.
        replays: Shared with other scorers of this process, if given.
        sandboxes: Warm sandboxes to score in; without them each submission starts its own.

    Raises:
        NotFound: The lab was not opened to the cohort, or its role has no scoring rules.
        Refused: What the cohort was given was altered.
    """

    def __init__(
        self,
        cohort_lab: CohortLab,
        *,
        open_data: OpenData = open_material,
        limits: Limits | None = None,
        replays: ReplayCache | None = None,
        sandboxes: SandboxPool | None = None,
    ) -> None:
        self.cohort_lab = cohort_lab
        self.rules = ScoringRules.of(frozen_site(cohort_lab.site, cohort_lab.release))
        self.role = self.rules.role(cohort_lab.lab)
        self._open_data = open_data
        allowed = self.rules.sandbox
        self._limits = limits or Limits(seconds=allowed.seconds, memory_bytes=allowed.memory_mb * 1024**2)
        self._replays = ReplayCache() if replays is None else replays
        self._sandboxes = sandboxes
        self._given = ReleasedLab(cohort_lab.given, cohort_lab.release)

    def judged(self, learner: str, form_id: str | None = None) -> Judged:
        """A learner's form, its key and the answers.

        Args:
            learner: Whose.
            form_id: Which; the newest one if not given.

        Raises:
            Refused: The learner has no such form, or form and key do not belong together.
            NotFound: The form has no key.
        """
        form_id = form_id or self.cohort_lab.latest_form(learner)
        if form_id is None:
            raise Refused(
                f"{learner} has no form of {self.cohort_lab.lab}",
                fix=f"mondaylab cohort open {self.cohort_lab.cohort} {self.cohort_lab.lab}",
            )
        form, key = self.cohort_lab.store.form(form_id), self.cohort_lab.keys.get(self.cohort_lab.cohort, form_id)
        same = (key.learner, key.lab, key.cohort) == (learner, self.cohort_lab.lab, self.cohort_lab.cohort)
        if not same or {claim.claim_id for claim in key.claims} != set(form.rows()):
            raise Refused(
                "form and key do not belong together",
                where=form_id,
                fix="restore all of var/, keys, forms and judgements, from one backup",
            )
        answers = self.cohort_lab.store.answers(form_id)
        return Judged(form, key, answers, earlier=not answers.check and self._judged_before(learner, form_id))

    def _judged_before(self, learner: str, form_id: str) -> bool:
        here = (self.cohort_lab.cohort, self.cohort_lab.lab)
        others = (one for one in self.cohort_lab.store.forms_of(learner) if (one.cohort, one.lab) == here)
        return any(self.cohort_lab.store.answers(one.form_id).check for one in others if one.form_id != form_id)

    def find(self, learner: str) -> Judged | str:
        """A learner's form and judgement, or in words why there is nothing to score against.

        Raises:
            Refused: The judgement store cannot be read: nothing should be graded now.
        """
        try:
            return self.judged(learner)
        except SQLAlchemyError as error:
            raise Refused(f"the judgement store cannot be read ({type(error).__name__})") from error
        except MondaylabError as error:
            return error.what

    def score_submission(
        self, learner: str, submission: Submission, released: Mapping[str, str] | None = None
    ) -> dict[str, CellScore]:
        """Scores every cell of ours that is scored by program; as `find` and then `score_found`."""
        return self.score_found(self.find(learner), submission, released)

    def score_found(
        self, found: Judged | str, submission: Submission, released: Mapping[str, str] | None = None
    ) -> dict[str, CellScore]:
        """Scores every cell of ours that is scored by program.

        Whatever cannot be scored is *not graded*, with a reason.

        Args:
            found: What `find` gave for the learner.
            submission: The notebook as handed in.
            released: Grade id -> source as released, to tell an untouched answer cell.
        """
        if isinstance(found, str):
            reason = f"There is nothing to score against: {found}."
            return {
                name: not_graded(name, points, code="no form", reason=reason)
                for name, points in self.role.cells.items()
            }
        known = released or {}
        cells = {name: graded_cells()[name] for name in self.role.cells}
        elsewhere = self._given.elsewhere(submission, known.values())
        answers = {name: _answer(cell, submission, known, elsewhere, found.answers) for name, cell in cells.items()}
        with self._sandbox() as sandbox:
            if any(answers[name].source is not None and _runs(cell) for name, cell in cells.items()):
                sandbox.launch()  # comes up while the data is drawn
            scores = {
                name: self._scored(cell, found, answers[name], known.get(cell.declaration.answer or ""), sandbox)
                for name, cell in cells.items()
            }
        return with_left_out(scores, self.role.optional)

    def _scored(
        self, cell: GradedCell, judged: Judged, answer: CellAnswer, released: str | None, sandbox: Sandbox
    ) -> CellScore:
        name, points = cell.declaration.id, self.role.cells[cell.declaration.id]
        if judged.earlier and cell.declaration.scored_from == "judgement":
            return not_graded(name, points, code="earlier attempt", reason=EARLIER)
        context = ScoringContext(
            form=judged.form,
            key=judged.key,
            answers=judged.answers,
            answer=answer,
            released=released,
            points=points,
            rules=self.rules,
            role=self.role,
            replay=lambda: self._replay(judged.key),
            sandbox=sandbox,
        )
        try:
            with blaming():
                return cell.score(context)
        except MondaylabError as error:
            reason = f"The grader could not score this cell: {error.what}."
            return not_graded(name, points, code="grader", reason=reason)

    def by_hand(self, submission: Submission, sources: Sequence[ReleasedCell]) -> ByHand:
        """Which written answers wait for a person although nothing stands in their cells."""
        return by_hand(submission, sources, self._given.elsewhere(submission, [one.source for one in sources]))

    def _sandbox(self) -> AbstractContextManager[Sandbox]:
        return Sandbox(self._limits) if self._sandboxes is None else self._sandboxes.lease(self._limits)

    def _replay(self, key: FormKey) -> Replay:
        def make() -> Replay:
            secret = hmac.digest(self.cohort_lab.keys.secret(self.cohort_lab.cohort), key.snapshot.encode(), "sha256")
            return Replay(self._open_data(self.cohort_lab.site, key), secret, self.cohort_lab.lab)

        return self._replays.get((self.cohort_lab, self.cohort_lab.release, key.snapshot), make)


def check_closed(cohort_lab: CohortLab) -> None:
    """Feedback tells the truth.

    Raises:
        Refused: The lab is not closed for the cohort yet.
    """
    if not cohort_lab.closed():
        raise Refused(
            f"{cohort_lab.lab} is still open for {cohort_lab.cohort}: feedback holds the truth, and others are "
            "still judging",
            fix="close the lab on the cohort page, then generate feedback again",
        )


def _runs(cell: GradedCell) -> bool:
    return cell.declaration.scored_from == "function"


def _answer(
    cell: GradedCell,
    submission: Submission,
    released: Mapping[str, str],
    elsewhere: Elsewhere,
    answers: FormAnswers,
) -> CellAnswer:
    """The answer to one cell; where there is none, with what may be it in another place."""
    grade_id, name, saved = cell.declaration.answer, cell.declaration.id, cell.saved(answers)
    if grade_id is None:
        return CellAnswer("missing")
    answer = submission.answer(grade_id, name, released.get(grade_id), text=not _runs(cell))
    if saved and answer.stands_in:
        return CellAnswer("unchanged")  # what was saved is the answer, and a function of another cell is not
    if answer.source is not None or saved:
        return answer
    found = elsewhere.of(name, [one for one in released if one not in declared_cells()])
    code = "elsewhere" if answer.code == "unchanged" and found else answer.code
    return replace(answer, code=code, found=(*answer.found, *found))
