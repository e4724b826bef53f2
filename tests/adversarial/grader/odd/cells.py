"""The evidence cell was touched, and holds no answer; the measure was built, or nothing was."""

from __future__ import annotations

import copy

from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from .odd import Handed, odd

TOUCHES = {
    "adds_a_comment": lambda source: f"{source}\n# I used the builder below",
    "adds_a_blank_at_a_lines_end": lambda source: source.replace('"""\n', '"""  \n'),
    "writes_pass": lambda source: source.replace("raise NotImplementedError()", "pass"),
    "writes_three_dots": lambda source: source.replace("raise NotImplementedError()", "..."),
    "returns_nothing": lambda source: source.replace("raise NotImplementedError()", "return None"),
    "has_another_editors_line_ends": lambda source: source.replace("\n", "\r\n"),
    "has_an_old_macs_line_ends": lambda source: source.replace("\n", "\r"),
    "has_tabs": lambda source: source.replace("    ", "\t"),
    "empties_it": lambda source: "",
    "leaves_blank_lines": lambda source: "\n\n   \n",
    "keeps_the_first_line_only": lambda source: source.split("\n", maxsplit=1)[0],
    "writes_another_docstring": lambda source: 'def evidence(tables):\n    """See the builder."""',
    "times_it": lambda source: f"%%time\n{source}",
    "lists_the_folder": lambda source: f"{source}\n!ls\n%matplotlib inline",
    "writes_a_broken_function": lambda source: "def evidence(tables)\n    return tables[",
    "writes_a_function_that_fails": lambda source: "def evidence(tables):\n    return tables['no such table']",
    "writes_a_sentence": lambda source: "I used the builder below, it says 31.2 %",
}


def _enter(name, touch):
    def make(it: Handed) -> None:
        it.builds()
        it.cell("evidence_answer").source = touch(it.released("evidence_answer"))

    make.__name__, make.__module__ = f"built_and_{name}", __name__
    make.__doc__ = f"Builds the measure, and in the evidence cell {name.replace('_', ' ')}."
    odd()(make)


for _name, _touch in TOUCHES.items():
    _enter(_name, _touch)


@odd()
def built_and_made_it_markdown(it: Handed) -> None:
    """Builds the measure, and turns the evidence cell into text."""
    it.builds()
    index, cell = it.at("evidence_answer"), it.cell("evidence_answer")
    it.notebook.cells[index] = new_markdown_cell("*I used the builder.*", metadata=cell.metadata)


@odd()
def built_and_tried_a_function_elsewhere(it: Handed) -> None:
    """Builds the measure, and has a first try of a function in the working space."""
    it.builds()
    it.cell("evidence_answer").source = it.released("evidence_answer")
    it.notebook.cells.insert(8, new_code_cell("def evidence(tables):\n    return 0.0"))


@odd("evidence", shows=("I used the builder below",))
def says_the_builder_was_used_but_never_saved(it: Handed) -> None:
    """Adds a comment to the evidence cell, and forgot to save the measure."""
    it.cell("evidence_answer").source = f"{it.released('evidence_answer')}\n# I used the builder below"


@odd("evidence", shows=("margin_of_the_week",))
def names_the_function_otherwise(it: Handed) -> None:
    """Calls the function by another name."""
    cell = it.cell("evidence_answer")
    cell.source = cell.source.replace("def evidence(", "def margin_of_the_week(")


@odd("evidence", shows=("cost = order_lines",))
def computes_it_in_the_working_space(it: Handed) -> None:
    """Computes the figure in a cell of its own, and leaves the evidence cell as it was."""
    it.cell("evidence_answer").source = it.released("evidence_answer")
    it.notebook.cells.insert(it.at("evidence_answer"), new_code_cell("cost = order_lines['cost'].sum()\ncost / 7"))


@odd()
def answers_in_the_working_space(it: Handed) -> None:
    """Writes the right function into another cell."""
    right = it.cell("evidence_answer").source
    it.cell("evidence_answer").source = it.released("evidence_answer")
    it.notebook.cells.insert(8, new_code_cell(right))


@odd()
def answers_in_the_cell_for_the_points(it: Handed) -> None:
    """Writes the right function into the locked cell where the points appear."""
    it.cell("evidence").source = it.cell("evidence_answer").source
    it.cell("evidence_answer").source = it.released("evidence_answer")


@odd()
def retypes_its_answers(it: Handed) -> None:
    """Turns answer cells into raw text and Markdown by a key pressed in the wrong mode."""
    for grade_id, make in (("evidence_answer", new_raw_cell), ("validator_answer", new_markdown_cell)):
        cell, index = it.cell(grade_id), it.at(grade_id)
        it.notebook.cells[index] = make(cell.source, metadata=cell.metadata)


@odd()
def writes_ids_in_capitals(it: Handed) -> None:
    """Comes from a tool that rewrote the ids."""
    for grade_id in ("evidence_answer", "validator_answer", "prompt_answer", "oversight_disclosure"):
        it.cell(grade_id).metadata.nbgrader.grade_id = f" {grade_id.upper()}"


@odd()
def keeps_an_emptied_copy(it: Handed) -> None:
    """Copies its answer cell and empties the copy."""
    twin = copy.deepcopy(it.cell("validator_answer"))
    twin.source = ""
    it.notebook.cells.append(twin)
