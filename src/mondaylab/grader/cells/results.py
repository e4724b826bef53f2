"""Our results in a notebook: what nbgrader's gradebook, formgrader and the feedback read from it.

nbgrader's Autograde and `mondaylab grade` both write them here, so that they leave the same notebook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader import utils

from mondaylab.errors import Refused
from mondaylab.forms.scoring import RoleRules
from mondaylab.grader.cells.score import CellScore, not_graded
from mondaylab.grader.handed_in.by_hand import ByHand
from mondaylab.grader.handed_in.elsewhere import OUR_NOTE
from mondaylab.grader.handed_in.repair import Repair
from mondaylab.grader.handed_in.submission import ReleasedCell


def write_results(
    notebook: NotebookNode,
    scores: Mapping[str, CellScore],
    repairs: Sequence[Repair],
    form_id: str | None,
    waits: ByHand,
) -> dict[str, CellScore]:
    """Replaces all outputs of a repaired notebook: ours in graded code cells, none elsewhere.

    Args:
        notebook: Changed in place.
        scores: Grade id -> score.
        repairs: What was put right; named in a cell of its own at the top.
        form_id: The form that was judged.
        waits: Written answers that may stand in another place; told in a cell of its own at the top.

    Returns:
        Grade id -> score of every graded code cell, those included that no scorer knows.
    """
    written: dict[str, CellScore] = {}
    notebook.metadata["mondaylab"] = {"form_id": form_id}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        if utils.is_grade(cell) and not utils.is_solution(cell):
            score = scores.get(cell.metadata.nbgrader.grade_id) or _unknown(cell)
            written[score.grade_id] = score
            cell.outputs = [_result(score, repairs)]
    if waits.waits:
        notebook.cells.insert(0, new_markdown_cell(waits.markdown(), id="found-elsewhere"))
    if repairs:
        lines = "\n".join(f"- {one.words}" for one in repairs)
        words = new_markdown_cell(f"{OUR_NOTE}\n\n{lines}", id="put-right")
        notebook.cells.insert(0, words)
    return written


def scores_of(notebook: NotebookNode) -> dict[str, CellScore]:
    """Grade id -> score, as our autograde wrote it beside each result.

    Raises:
        Refused: A score is damaged.
    """
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    ours = [output.metadata.mondaylab for output in outputs if "mondaylab" in output.get("metadata", {})]
    scores = [CellScore.parse(data, where="autograded notebook") for data in ours]
    return {score.grade_id: score for score in scores}


def check_points(sources: Sequence[ReleasedCell], role: RoleRules) -> None:
    """Refuses to score cells that are worth something else in the course than in ``grader/scoring.yaml``.

    Raises:
        Refused: Some are; all of them are named.
    """
    wanted = role.points()
    wrong = [
        f"{cell.grade_id} is worth {cell.points:g} in the course and {wanted[cell.grade_id]:g} in scoring.yaml"
        for cell in sources
        if cell.grade and cell.grade_id in wanted and cell.points != wanted[cell.grade_id]
    ]
    if wrong:
        raise Refused(
            "; ".join(wrong),
            where="grader/scoring.yaml",
            fix="give the course's cells the points that they were released with",
        )


def _unknown(cell: NotebookNode) -> CellScore:
    marks = cell.metadata.nbgrader
    reason = "No scorer knows this cell, and learner code is not run in a kernel."
    return not_graded(marks.grade_id, float(marks.points), code="unknown cell", reason=reason)


def _result(score: CellScore, repairs: Sequence[Repair]) -> NotebookNode:
    """The one output that nbgrader's `determine_grade` and formgrader see."""
    about = [one.words for one in repairs if one.grade_id in (score.grade_id, f"{score.grade_id}_answer")]
    words = "\n\n".join([score.markdown(), *about])
    return new_output(
        "execute_result",
        data={"text/plain": repr(float(score.points)), "text/markdown": words},
        metadata={"mondaylab": score.model_dump(mode="json")},
    )
