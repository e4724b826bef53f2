"""nbgrader's feedback, written as our page: ``GenerateFeedback.exporter_class``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from mondaylab.errors import Refused
from mondaylab.forms.scoring import RoleRules
from mondaylab.grader.cells.results import scores_of
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.course.gradebook import Marked, read_marked
from mondaylab.grader.course.place import CourseSite, lab_of
from mondaylab.grader.feedback.page import GradedWork, build, render
from mondaylab.grader.feedback.practice import Practice
from mondaylab.grader.scorer import Scorer, check_closed


class FeedbackExporter(Exporter):
    """Writes one learner's feedback page from the autograded notebook, the judgement store and the key."""

    file_extension = ".html"

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Renders the page.

        Raises:
            Refused: As `check_closed` and `page`.
        """
        told = resources["nbgrader"]
        place = CourseSite(parent=self)
        site, cohort = place.site(), place.cohort_id()
        scorer = Scorer(CohortLab(site, cohort, lab_of(site, cohort, told["assignment"])))
        check_closed(scorer.cohort_lab)
        notebook = nbformat.read(filename, as_version=4)
        with Gradebook(told["db_url"]) as gradebook:
            marked = read_marked(gradebook, told["notebook"], told["assignment"], told["student"])
        resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
        resources["output_extension"] = self.file_extension
        return page(scorer, told["student"], notebook, marked, where=filename), resources


def page(scorer: Scorer, learner: str, notebook: NotebookNode, marked: Marked, *, where: object) -> str:
    """One learner's feedback as HTML; Generate Feedback and `mondaylab grade COHORT LAB --feedback` share it.

    Args:
        scorer: Of the lab.
        learner: Whose.
        notebook: As our autograde wrote it.
        marked: Marks and comments from the gradebook.
        where: What to name when the notebook is not ours.

    Raises:
        Refused: The submission was not graded by our scorer.
    """
    form_id = notebook.metadata.get("mondaylab", {}).get("form_id")
    if not isinstance(form_id, str):
        raise Refused(
            "this submission was not scored by mondaylab", where=where, fix="autograde it again in formgrader"
        )
    judged = scorer.judged(learner, form_id=form_id)
    practice = _practice(scorer.cohort_lab.site.grader / "feedback" / "practice.yaml")
    return render(build(judged, graded(notebook, scorer.role, marked), scorer.rules, practice))


def graded(notebook: NotebookNode, role: RoleRules, marked: Marked) -> GradedWork:
    """Scores and answers from the autograded notebook, marks and comments from the gradebook."""
    wanted = {criterion.grade_id for criterion in role.oversight}
    written = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") in wanted
    }
    return GradedWork(
        scores=scores_of(notebook),
        marks=marked.marks,
        comments=marked.comments,
        answers=written,
        penalty=marked.penalty,
    )


def _practice(path: Path) -> Practice:
    """Read once for each state of the file: YAML is slow, and a batch wants it for every page."""
    return _read_practice(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _read_practice(path: Path, _: int) -> Practice:
    return Practice.read_yaml(path)
