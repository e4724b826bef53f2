"""Written answers beside their cells, in other scripts, as pictures: they always wait, and never for a zero."""

from __future__ import annotations

import copy

from nbformat.v4 import new_code_cell, new_markdown_cell

from .odd import MINE, WRITTEN, Handed, odd

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def _empty(it: Handed) -> None:
    for grade_id in WRITTEN:
        it.cell(grade_id).source = it.released(grade_id)


@odd(shows=(MINE[:30],))
def writes_below(it: Handed) -> None:
    """Writes each answer into a new cell below its question."""
    _empty(it)
    for grade_id in WRITTEN:
        it.notebook.cells.insert(it.at(grade_id) + 1, new_markdown_cell(MINE))


@odd(shows=(MINE[:30],))
def writes_all_into_the_first(it: Handed) -> None:
    """Answers all three questions in the cell of the first."""
    _empty(it)
    it.cell(WRITTEN[0]).source += f"\n\n1. {MINE}\n2. {MINE}\n3. {MINE}"


@odd(shows=(MINE[:30],))
def merges_the_questions(it: Handed) -> None:
    """Merges the three cells into one."""
    _empty(it)
    first, *others = [it.cell(grade_id) for grade_id in WRITTEN]
    for other in others:
        first.source += f"\n\n{MINE}\n\n{other.source}"
        it.notebook.cells.remove(other)


@odd(shows=(MINE[:30],))
def writes_in_comments(it: Handed) -> None:
    """Writes the answers as comments into a cell of code."""
    _empty(it)
    it.notebook.cells.append(new_code_cell(f"# {MINE}\nx = 1"))


@odd(shows=(MINE[:30],))
def writes_in_quotes(it: Handed) -> None:
    """Writes the answers as a text in quotes."""
    _empty(it)
    it.notebook.cells.append(new_code_cell(f'answers = """{MINE}"""'))


@odd(shows=(MINE[:30],))
def writes_prose_in_a_code_cell(it: Handed) -> None:
    """Turns the cells into code without noticing, and writes prose into one more."""
    _empty(it)
    it.notebook.cells.append(new_code_cell(MINE))


@odd(shows=("بعد المراجعة", "🙂", "检查数字"))
def writes_in_other_scripts(it: Handed) -> None:
    """Writes from right to left, in Chinese and in pictures, below the questions."""
    _empty(it)
    it.notebook.cells.append(new_markdown_cell("بعد المراجعة يوقع المراقب\n\n🙂👍🏽\n\n由主管检查数字"))


@odd(shows=("picture-0.png",))
def pastes_a_screenshot(it: Handed) -> None:
    """Answers with a screenshot."""
    _empty(it)
    cell = it.cell(WRITTEN[0])
    cell.source += "\n\n![Bild 1.png](attachment:Bild%201.png)"
    cell.attachments = {"Bild 1.png": {"image/png": PIXEL}, "x.svg": {"image/svg+xml": "<svg onload=alert(1)>"}}


@odd(shows=(MINE[:30],))
def writes_under_friday(it: Handed) -> None:
    """Writes the answers into the last cell, which asks about Friday."""
    _empty(it)
    friday = next(cell for cell in it.notebook.cells if cell.metadata.get("mondaylab", {}).get("task") == "friday")
    friday.source = "\n\n".join([MINE] * 4)


@odd(shows=("notes.md",))
def writes_in_a_file(it: Handed) -> None:
    """Writes the answers into a file beside the notebook."""
    _empty(it)
    it.write(MINE.encode(), "notes.md")


@odd(shows=(MINE[:30],))
def deletes_the_questions(it: Handed) -> None:
    """Deletes the cells and writes the answers in new ones."""
    for grade_id in WRITTEN:
        twin = copy.deepcopy(it.cell(grade_id))
        it.notebook.cells[it.at(grade_id)] = new_markdown_cell(twin.source.replace(it.released(grade_id), ""))
