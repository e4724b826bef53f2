"""A learner's answer in a notebook: in its own cell, or in the one cell that stands in for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from mondaylab.grader.handed_in.borrowed import with_borrowed
from mondaylab.grader.handed_in.code_text import defines, holds, plain, python_of
from mondaylab.grader.handed_in.found import Found, cell_place

if TYPE_CHECKING:
    from mondaylab.grader.handed_in.submission import Submission, SubmittedCell

FindCode = Literal["ok", "missing", "unchanged", "no answer", "elsewhere", "ambiguous", "unreadable"]


@dataclass(frozen=True)
class CellAnswer:
    """The source of an answer cell, or why there is none that could be run.

    Attributes:
        code: ``unchanged`` means that there is nothing of the learner's; ``no answer`` that their cell was changed and
            defines none; ``elsewhere`` that it is as released, and what may be the answer stands in another place.
        source: What is run or read; only with the code ``ok``.
        found: What a person should look at.
        stands_in: Whether another cell was taken although the answer cell is there.
        lacks: Whether it uses names which another cell of theirs makes and that could not be taken along.
        retold: Whether another cell gives the same name another value, so that the order of running them decides.
    """

    code: FindCode
    source: str | None = None
    found: tuple[Found, ...] = ()
    stands_in: bool = False
    lacks: bool = False
    retold: bool = False


def find_answer(
    submission: Submission, grade_id: str, name: str, released: str | None, *, text: bool = False
) -> CellAnswer:
    """The learner's answer.

    Copies that are equal, or that hold nothing of theirs, do not count. When the answer cell is gone (deleted, or
    merged into another) or defines no answer, a single other cell that does stands in for it.

    Args:
        submission: The notebook.
        grade_id: The answer cell's id.
        name: The function it has to define.
        released: The cell's source as released, if known.
        text: The name is not a function but is assigned a text.
    """
    if submission.unreadable is not None:
        return CellAnswer("unreadable")
    places = list(enumerate(submission.cells))
    own = [one for one in places if one[1].grade_id == grade_id]
    held = {index: holds(cell.source, name, released, text=text) for index, cell in own}
    taken = _distinct(one for one in own if held[one[0]] != "nothing")
    others = [
        (index, cell)
        for index, cell in places
        if cell.grade_id != grade_id and defines(cell.source, name, released, text=text)
    ]
    if len(taken) == 1 and held[taken[0][0]] == "answer":
        return _whole(submission, taken[0], text=text, retold=bool(others))
    standing = _distinct(others)
    if len(taken) > 1 or len(standing) > 1:
        return CellAnswer("ambiguous", found=_found([*taken, *standing]))
    if standing:
        return replace(_whole(submission, standing[0], text=text), stands_in=bool(own))
    if taken:
        return CellAnswer("no answer", found=_found(taken))
    there = own or any(released is not None and plain(cell.source) == plain(released) for cell in submission.cells)
    return CellAnswer("unchanged" if there else "missing")


def _distinct(cells: Iterable[tuple[int, SubmittedCell]]) -> list[tuple[int, SubmittedCell]]:
    return list({plain(cell.source): (index, cell) for index, cell in reversed(list(cells))}.values())[::-1]


def _found(cells: Sequence[tuple[int, SubmittedCell]]) -> tuple[Found, ...]:
    return tuple(Found.of(cell_place(index), cell.source) for index, cell in cells)


def _whole(submission: Submission, taken: tuple[int, SubmittedCell], *, text: bool, retold: bool = False) -> CellAnswer:
    index, cell = taken
    if text:
        return CellAnswer("ok", cell.source, _found([taken]), retold=retold)
    others = [one.source for place, one in enumerate(submission.cells) if place != index and one.cell_type == "code"]
    source, lacks = with_borrowed(python_of(cell.source), others)
    return CellAnswer("ok", source, _found([taken]), lacks=lacks)
