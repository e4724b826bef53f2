"""The nbgrader assignment made from a built lab: which cells are graded, answered, locked; source and release."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mondaylab.errors import Refused
from mondaylab.files import staged_folder
from mondaylab.forms.cells import OVERSIGHT, UNGRADED, answer_cells, declared_cells
from mondaylab.grader.course.course import Course

_SOLUTION = "### BEGIN SOLUTION\n### END SOLUTION"


def assignment_of(lab: str) -> str:
    """The nbgrader assignment id of a lab: its name without the role."""
    return lab.partition("/")[2]


def nbgrader_source(executed: NotebookNode, points: Mapping[str, float]) -> NotebookNode:
    """Turns an executed lab into an nbgrader source notebook.

    Args:
        executed: The lab as papermill left it; not changed.
        points: Grade id -> points of every graded cell of the role.

    Raises:
        Refused: A ``task`` is unknown or stands twice, a graded cell is missing, or one has no points.
    """
    notebook = deepcopy(executed)
    notebook.metadata = NotebookNode(kernelspec=executed.metadata.kernelspec)
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags and cells:
            # the declared defaults give way to the values of this build
            cells[-1].source = "\n".join(line for line in cell.source.splitlines() if line != "# Parameters")
            continue
        task = cell.metadata.get("task")
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        cell.metadata = NotebookNode() if task is None else _marked(cell, task, points)
        if hidden:
            cell.metadata.jupyter = NotebookNode(source_hidden=True)
        if "nbgrader" in cell.metadata and cell.cell_type == "markdown":
            cell.source = f"{cell.source}\n\n{_SOLUTION}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
    notebook.cells = cells
    _check(notebook, points)
    return notebook


def _marked(cell: NotebookNode, task: str, points: Mapping[str, float]) -> NotebookNode:
    if task in UNGRADED:
        # nbgrader knows no ungraded Markdown answer: it would wait for points by hand
        return NotebookNode(mondaylab=NotebookNode(task=task))
    graded, by_hand = task in declared_cells(), task.startswith(OVERSIGHT)
    if not (graded or by_hand or task in answer_cells()):
        known = ", ".join((*declared_cells(), *answer_cells(), *UNGRADED))
        raise Refused(f"cell task {task!r} is unknown", fix=f"use {known}, {OVERSIGHT}…")
    metadata = NotebookNode(grade_id=task, schema_version=3, task=False, cell_type=cell.cell_type)
    metadata.update(grade=graded or by_hand, solution=not graded, locked=graded)
    if graded or by_hand:
        if task not in points:
            raise Refused(f"cell {task!r} has no points", where="grader/scoring.yaml")
        metadata.points = points[task]
    return NotebookNode(nbgrader=metadata)


def _check(notebook: NotebookNode, points: Mapping[str, float]) -> None:
    ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]
    problems = [f"task {name!r} stands twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    problems += [f"no cell for {name!r}" for name in sorted(set(points) - set(ids))]
    if problems:
        raise Refused("; ".join(problems), where="lab.py")


def make_assignment(course: Course, lab: str, folder: Path, points: Mapping[str, float]) -> None:
    """Writes source and release of a built lab into the cohort's nbgrader course.

    Args:
        course: The cohort's.
        lab: Lab id.
        folder: The lab's build or release.
        points: Grade id -> points of every graded cell of the role.

    Raises:
        Refused: nbgrader refuses the notebook; its log is in the error.
    """
    assignment = assignment_of(lab)
    executed = nbformat.read(folder / "lab.ipynb", as_version=4)
    source = nbgrader_source(executed, points)
    with staged_folder(course.folder / "source" / assignment) as stage:
        nbformat.write(source, stage / f"{assignment}.ipynb")
    course.generate_assignment(assignment)
    shutil.rmtree(course.folder / "release" / assignment / ".ipynb_checkpoints", ignore_errors=True)
