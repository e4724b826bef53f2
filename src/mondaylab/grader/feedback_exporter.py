"""nbgrader's feedback, written as our page: ``GenerateFeedback.exporter_class``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from mondaylab.errors import Refused
from mondaylab.grader.cells import CellScore
from mondaylab.grader.coursesite import CourseSite, lab_of
from mondaylab.grader.feedback import Graded, build, render
from mondaylab.grader.gradebook import comments, marks
from mondaylab.grader.practice import Practice
from mondaylab.grader.rules import RoleRules
from mondaylab.grader.scorer import Scorer


class FeedbackExporter(Exporter):
    """Writes one learner's feedback page from the autograded notebook, the judgement store and the key."""

    file_extension = ".html"

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Renders the page.

        Raises:
            Refused: The lab is not closed for the cohort yet, as feedback tells the truth; or it was not graded by
                our scorer.
        """
        told = resources["nbgrader"]
        place = CourseSite(parent=self)
        site, cohort = place.site(), place.cohort_id()
        scorer = Scorer(site, cohort, lab_of(site, cohort, told["assignment"]))
        if not scorer.store.closed(cohort, scorer.lab):
            raise Refused(
                f"{scorer.lab} is still open for {cohort}: feedback holds the truth, and others are still judging",
                fix="close the lab on the cohort page, then generate feedback again",
            )
        notebook = nbformat.read(filename, as_version=4)
        judged = scorer.judged(told["student"], form_id=_form_id(notebook, filename))
        page = build(judged, graded(notebook, scorer.role, told), scorer.rules, _practice(site.grader))
        resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
        resources["output_extension"] = self.file_extension
        return render(page, site.grader / "feedback"), resources


def graded(notebook: NotebookNode, role: RoleRules, told: dict[str, str]) -> Graded:
    """Scores from the autograded notebook, marks and comments from the gradebook.

    Args:
        notebook: As our autograde wrote it.
        role: The role's cells.
        told: nbgrader's ``resources["nbgrader"]``.
    """
    wanted = {criterion.grade_id for criterion in role.oversight}
    written = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") in wanted
    }
    where = (told["db_url"], told["notebook"], told["assignment"], told["student"])
    with Gradebook(told["db_url"]) as gradebook:
        found = gradebook.find_submission_notebook(told["notebook"], told["assignment"], told["student"])
        penalty = float(found.late_submission_penalty or 0.0)
    return Graded(
        scores=scores_of(notebook), marks=marks(*where), comments=comments(*where), answers=written, penalty=penalty
    )


def scores_of(notebook: NotebookNode) -> dict[str, CellScore]:
    """Grade id -> score, as our autograde wrote it beside each result.

    Raises:
        Refused: A score is damaged.
    """
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    ours = [output.metadata.mondaylab for output in outputs if "mondaylab" in output.get("metadata", {})]
    scores = [CellScore.parse(data, where="autograded notebook") for data in ours]
    return {score.grade_id: score for score in scores}


def _form_id(notebook: NotebookNode, filename: str) -> str:
    form_id = notebook.metadata.get("mondaylab", {}).get("form_id")
    if not isinstance(form_id, str):
        raise Refused("this submission was not scored by mondaylab", where=filename, fix="autograde it again")
    return form_id


def _practice(folder: Path) -> Practice:
    return Practice.read_yaml(folder / "feedback" / "practice.yaml")
