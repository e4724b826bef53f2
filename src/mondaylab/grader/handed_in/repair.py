"""A submission made whole: each of our cells once, in place, with our metadata; the rest plain and without output.

About one learner in twenty deletes, copies, retypes or merges a graded cell by accident. None of that may crash
a batch, lose an answer or earn a point, so the notebook that nbgrader grades is built new from the released cells,
and only the text of the learner's own cells is taken over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from mondaylab.grader.handed_in.attachments import Attachments, linked
from mondaylab.grader.handed_in.code_text import plain
from mondaylab.grader.handed_in.submission import ReleasedCell, Submission, SubmittedCell


@dataclass(frozen=True)
class Repair:
    """One thing that was put right.

    Attributes:
        grade_id: The cell it concerns; none for the notebook as a whole.
        words: What was done, in fixed words with our own grade ids.
    """

    grade_id: str | None
    words: str


@dataclass(frozen=True)
class Repaired:
    """A notebook fit for nbgrader.

    Attributes:
        notebook: Valid nbformat 4.5, no outputs.
        repairs: What had to be done.
    """

    notebook: NotebookNode
    repairs: tuple[Repair, ...]


def repair(submission: Submission, sources: Sequence[ReleasedCell]) -> Repaired:
    """Builds the notebook to grade from a submission and the released cells. No submission makes it raise."""
    known = {cell.grade_id: cell for cell in sources}
    repairs: list[Repair] = []
    handed_in, submission = submission, adopted(submission, sources)
    for was, now in zip(handed_in.cells, submission.cells, strict=True):
        if was.grade_id != now.grade_id:
            repairs.append(Repair(now.grade_id, f"Cell {now.grade_id} had lost its mark and was known by its text."))
    if submission.unreadable is not None:
        repairs.append(Repair(None, f"Could not be read: {submission.unreadable}. Our cells were put back."))
    chosen = _chosen(submission.cells, known, repairs)
    cells: list[NotebookNode] = []
    placed: list[str] = []
    for index, cell in enumerate(submission.cells):
        if chosen.get(cell.grade_id or "") == index:
            source = known[str(cell.grade_id)]
            cells.append(_ours(source, cell))
            placed.append(source.grade_id)
        else:
            cells.append(_plain(cell))
    for place, source in enumerate(sources):
        if source.grade_id not in chosen:
            before = [cell.grade_id for cell in sources[:place]]
            cells.insert(_after(cells, before), _ours(source, None))
            if submission.unreadable is None:
                words = f"Cell {source.grade_id} was missing and was put back as released."
                repairs.append(Repair(source.grade_id, words))
    if placed != [cell.grade_id for cell in sources if cell.grade_id in chosen]:
        repairs.append(Repair(None, "Cells stand in another order than released."))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # not by chance: grading the same again gives the same notebook
    notebook = new_notebook()
    notebook.cells = cells
    return Repaired(notebook, tuple(repairs))


def adopted(submission: Submission, sources: Sequence[ReleasedCell]) -> Submission:
    """The submission with our ids in written answers that lost them on the way, as other notebook editors drop them.

    Such a cell is known by the question as released, which stands in no other cell.
    """
    cells = list(submission.cells)
    lost = [one for one in sources if one.solution and one.cell_type == "markdown" and plain(one.source)]
    for source in lost:
        if any(cell.grade_id == source.grade_id for cell in cells):
            continue
        asked = plain(source.source)
        found = [index for index, cell in enumerate(cells) if cell.grade_id is None and asked in plain(cell.source)]
        if len(found) == 1 and sum(plain(one.source) in plain(cells[found[0]].source) for one in lost) == 1:
            cells[found[0]] = replace(cells[found[0]], grade_id=source.grade_id)
    return replace(submission, cells=tuple(cells))


def _chosen(cells: Sequence[SubmittedCell], known: dict[str, ReleasedCell], repairs: list[Repair]) -> dict[str, int]:
    """Grade id -> index of the submitted cell that takes its place: the first changed one, else the first."""
    chosen: dict[str, int] = {}
    for grade_id, source in known.items():
        places = [index for index, cell in enumerate(cells) if cell.grade_id == grade_id]
        if not places:
            continue
        changed = [index for index in places if cells[index].source.strip() != source.source.strip()]
        chosen[grade_id] = (changed or places)[0] if source.solution else places[0]
        taken = cells[chosen[grade_id]]
        if len(places) > 1:
            repairs.append(Repair(grade_id, f"Cell {grade_id} stood {len(places)} times; copies became plain cells."))
        if taken.cell_type != source.cell_type:
            repairs.append(Repair(grade_id, f"Cell {grade_id} had another type and got its own back."))
        if source.locked and taken.source != source.source:
            repairs.append(Repair(grade_id, f"Cell {grade_id} is locked, but was changed; it is as released again."))
    return chosen


def _ours(source: ReleasedCell, submitted: SubmittedCell | None) -> NotebookNode:
    text = source.source if source.locked or submitted is None else submitted.source
    marks: dict[str, object] = {
        "schema_version": 3,
        "grade_id": source.grade_id,
        "grade": source.grade,
        "solution": source.solution,
        "locked": source.locked,
        "task": False,
        "cell_type": source.cell_type,
        "checksum": source.checksum,
    }
    if source.grade:
        marks["points"] = source.points
    pictures = () if source.locked or submitted is None else submitted.attachments
    return _cell(source.cell_type, text, {"nbgrader": NotebookNode(marks)}, pictures)


def _plain(cell: SubmittedCell) -> NotebookNode:
    return _cell(cell.cell_type, cell.source, {}, cell.attachments)


def _cell(cell_type: str, source: str, metadata: dict[str, NotebookNode], attachments: Attachments) -> NotebookNode:
    """As nbformat's ``new_code_cell`` and so on make it, which also validate each cell: half the time of a grading."""
    pictures: dict[str, dict[str, str]] = {}
    if cell_type != "code":
        source, pictures = linked(source, attachments)
    cell = NotebookNode(cell_type=cell_type, source=source, metadata=NotebookNode(metadata))
    if cell_type == "code":
        cell.update(execution_count=None, outputs=[])
    elif pictures:
        cell["attachments"] = NotebookNode({name: NotebookNode(one) for name, one in pictures.items()})
    return cell


def _after(cells: Sequence[NotebookNode], before: Sequence[str]) -> int:
    """Where a missing cell goes: behind the last of ours that stands before it in the release."""
    for grade_id in reversed(before):
        for index, cell in enumerate(cells):
            if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
                return index + 1
    return 0 if not before else len(cells)
