"""nbgrader's plug-in points, filled: autograde by our scorer, feedback by our page, and no kernel anywhere.

nbgrader gives **full marks** to a graded cell without output, with ``nan``, ``-1`` or ``np.float64(2.5)``, and hands
hidden tests to the learner's kernel. So its ``Execute`` is not used: no cell of a submission runs in a Jupyter kernel,
whatever kernelspec it names. Learner code runs in the scorer's sandbox, and every graded code cell ends with exactly
one result of ours: a finite float within its points, and the reason as Markdown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor, SaveAutoGrades
from traitlets.config import Config

from mondaylab.errors import Refused
from mondaylab.forms.cells import answer_cells
from mondaylab.grader.cells.replay import ReplayCache
from mondaylab.grader.cells.results import check_points, write_results
from mondaylab.grader.cells.score import CellScore
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.course.gradebook import source_cells
from mondaylab.grader.course.place import CourseSite, converter_of, lab_of
from mondaylab.grader.handed_in.by_hand import COMMENT
from mondaylab.grader.handed_in.repair import repair
from mondaylab.grader.handed_in.submission import Submission
from mondaylab.grader.sandbox.pool import SandboxPool
from mondaylab.grader.scorer import Scorer
from mondaylab.settings import Site

_SCORES = "mondaylab_scores"
_WAITS = "mondaylab_waits"
_WARM = "mondaylab_warm"


class _Warm:
    """What is kept from one submission to the next: data that was drawn, sandboxes that run."""

    def __init__(self) -> None:
        self.replays = ReplayCache()
        self.sandboxes = SandboxPool(idle_seconds=60)

    @classmethod
    def of(cls, coursedir: Any) -> _Warm:
        """Of whoever grades: its course directory outlives the plug-ins, which nbgrader makes anew every time."""
        if getattr(coursedir, _WARM, None) is None:
            setattr(coursedir, _WARM, cls())
        warm: _Warm = getattr(coursedir, _WARM)
        return warm


def configure(c: Config, site: Site, cohort: str) -> None:
    """Sets everything that a cohort's ``nbgrader_config.py`` needs to grade and to give feedback.

    Args:
        c: nbgrader's configuration.
        site: The installation.
        cohort: Cohort id.
    """
    c.CourseSite.root = str(site.root)
    c.CourseSite.var = str(site.var)
    c.CourseSite.cohort = cohort
    plug_in(c)


def plug_in(c: Config) -> None:
    """The part of `configure` that names no place; the plug-ins then find it from the course folder."""
    here = "mondaylab.grader.autograde.nbgrader_plugins"
    c.GenerateAssignment.preprocessors = [
        ReleasedCells if one is ClearSolutions else one for one in GenerateAssignment.preprocessors.default()
    ]
    c.Autograde.create_student = False  # `cohort apply` enters people, and no folder that was copied to ``submitted``
    c.Autograde.exporter_class = f"{here}.SubmissionExporter"
    c.Autograde.pre_convert_hook = "mondaylab.grader.handed_in.tidying.leave_out"
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{here}.ScoreCells",
        f"{here}.SaveScores",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.GenerateFeedback.exporter_class = "mondaylab.grader.feedback.exporter.FeedbackExporter"
    c.GenerateFeedback.pre_convert_hook = "mondaylab.grader.handed_in.tidying.make_way"
    c.GenerateFeedback.preprocessors = []
    c.Execute.kernel_manager_class = f"{here}.NoKernel"


class SubmissionExporter(NotebookExporter):
    """Reads any file as a submission and writes a sound notebook: ``Autograde.exporter_class``.

    nbgrader opens with it the submitted notebook, and after that the sanitized one that we wrote.
    """

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Converts one notebook file. A broken one comes out whole, and its cells will be *not graded*."""
        converter = converter_of(self)
        resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
        if not converter._sanitizing:
            return self.from_notebook_node(nbformat.read(filename, as_version=4), resources=resources, **kw)
        told = resources["nbgrader"]
        submission = submitted(converter.coursedir, told)
        if submission.unreadable is not None:
            self.log.error("%s, %s: %s; its cells are not graded", told["student"], filename, submission.unreadable)
        repaired = repair(submission, source_cells(told["db_url"], told["notebook"], told["assignment"]))
        for one in repaired.repairs:
            self.log.warning("%s, %s: %s", told["student"], told["assignment"], one.words)
        return self.from_notebook_node(repaired.notebook, resources=resources, **kw)


def submitted(coursedir: Any, told: dict[str, str]) -> Submission:
    """The submission that nbgrader is working on."""
    folder = coursedir.format_path(coursedir.submitted_directory, told["student"], told["assignment"])
    return read_submitted(Path(folder), told["notebook"])


def read_submitted(folder: Path, notebook: str) -> Submission:
    """Reads a notebook of ``submitted/<learner>/<assignment>``; a link on the way makes it unreadable."""
    if folder.is_symlink() or folder.parent.is_symlink():
        return Submission((), "the submission is a link")
    return Submission.read(folder / f"{notebook}.ipynb")


class NoKernel(AsyncKernelManager):
    """The kernel of nbgrader's ``Execute``, which `nbgrader validate` still uses: none starts, whatever its name."""

    async def start_kernel(self, **kw: Any) -> None:
        """Refuses.

        Raises:
            Refused: Always.
        """
        raise Refused("learner code is not run in a kernel", fix="mondaylab grade run COHORT LAB --learner NAME")


class ReleasedCells(ClearSolutions):
    """nbgrader's ``ClearSolutions``, but the prompt to start from stays as the lab's author wrote it.

    In its place nbgrader would put a line that raises, and whoever runs all cells would stop there.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: Any, cell_index: int) -> tuple[NotebookNode, Any]:
        """Clears what has to be cleared of one cell."""
        answers = answer_cells().get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if answers is not None and answers.keeps_start:
            return cell, resources
        cleared: tuple[NotebookNode, Any] = super().preprocess_cell(cell, resources, cell_index)
        return cleared


class ScoreCells(NbGraderPreprocessor):
    """Scores a submission and writes one result into each graded code cell, in the place of nbgrader's ``Execute``."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Replaces all outputs of the notebook: ours in graded code cells, none elsewhere.

        Raises:
            Refused: The course and ``grader/scoring.yaml`` disagree, or the judgement store cannot be read.
        """
        told, converter = resources["nbgrader"], converter_of(self)
        sources = source_cells(told["db_url"], told["notebook"], told["assignment"])
        submission = submitted(converter.coursedir, told)
        scorer = self._scorer(told["assignment"])
        check_points(sources, scorer.role)
        scores = scorer.score_submission(told["student"], submission, {cell.grade_id: cell.source for cell in sources})
        form_id = scorer.cohort_lab.latest_form(told["student"])
        waits = scorer.by_hand(submission, sources)
        resources[_WAITS] = waits.waits
        resources[_SCORES] = write_results(nb, scores, repair(submission, sources).repairs, form_id, waits)
        return nb, resources

    def _scorer(self, assignment: str) -> Scorer:
        place = CourseSite(parent=self)
        site, cohort = place.site(), place.cohort_id()
        cohort_lab = CohortLab(site, cohort, lab_of(site, cohort, assignment))
        warm = _Warm.of(converter_of(self).coursedir)
        return Scorer(cohort_lab, replays=warm.replays, sandboxes=warm.sandboxes)


class SaveScores(SaveAutoGrades):
    """Writes our scores into the gradebook; a cell that is *not graded* waits for a person, with no score."""

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        if cell.cell_type != "code" or utils.is_solution(cell):
            super()._add_score(cell, resources)
            if cell.metadata.nbgrader.grade_id in resources[_WAITS]:
                self._wait(cell)
            return
        score: CellScore = resources[_SCORES][cell.metadata.nbgrader.grade_id]
        grade = self.gradebook.find_grade(score.grade_id, self.notebook_id, self.assignment_id, self.student_id)
        done = score.state == "scored"
        grade.auto_score = score.points if done else None
        grade.needs_manual_grade = not done or grade.manual_score is not None
        self.gradebook.db.commit()

    def _wait(self, cell: NotebookNode) -> None:
        """A written answer that nbgrader takes for empty, and that may stand in another place."""
        where = (cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id)
        grade = self.gradebook.find_grade(*where)
        grade.auto_score, grade.needs_manual_grade = None, True
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: Any) -> None:
        super()._add_comment(cell, resources)
        grade_id = cell.metadata.nbgrader.grade_id
        if grade_id in resources[_WAITS]:
            comment = self.gradebook.find_comment(grade_id, self.notebook_id, self.assignment_id, self.student_id)
            comment.auto_comment = COMMENT
            self.gradebook.db.commit()
