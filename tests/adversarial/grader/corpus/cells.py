"""Cells of ours that are gone, copied, retyped, moved, merged, forged or damaged; by accident or on purpose."""

from __future__ import annotations

import copy

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from .attack import AUTO, HandIn, attack

CHANCE = "no better than chance"


def missing(*names: str) -> tuple[str, ...]:
    return tuple(f"Cell {name} was missing and was put back" for name in names)


@attack(put_right=missing(*AUTO))
def deletes_the_graded_cells(it: HandIn) -> None:
    """Deletes the cells that carry points: nbgrader leaves them as they stood before."""
    for name in AUTO:
        it.notebook.cells.remove(it.cell(name))


@attack(prompt="missing", evidence="missing", validator="missing", put_right=(*missing(*AUTO), "_answer", "oversight_"))
def deletes_every_cell_of_ours(it: HandIn) -> None:
    """Deletes all that has an id."""
    it.notebook.cells = [cell for cell in it.notebook.cells if "nbgrader" not in cell.metadata]


@attack(prompt="missing", evidence="missing", validator="missing", put_right=(*missing(*AUTO), "_answer", "oversight_"))
def hands_in_no_cell(it: HandIn) -> None:
    """Hands in an empty notebook."""
    it.notebook.cells = []


@attack(put_right=tuple(f"Cell {name} stood 3 times" for name in (*AUTO, "oversight_check_point", "evidence_answer")))
def copies_cells(it: HandIn) -> None:
    """Copies cells with their ids, to the top and to the end: nbgrader fails on them, or takes the last."""
    for name in (*AUTO, "oversight_check_point", "evidence_answer"):
        it.notebook.cells.insert(0, copy.deepcopy(it.cell(name)))
        it.notebook.cells.append(copy.deepcopy(it.cell(name)))


@attack(validator="ambiguous", put_right=("Cell validator_answer stood 2 times",))
def hands_in_two_checkers(it: HandIn) -> None:
    """Hands in two different answers, and hopes that the better one counts."""
    other = copy.deepcopy(it.cell("validator_answer"))
    other.source = "def validator(claims, tables):\n    return set(claims[:0])"
    it.notebook.cells.append(other)


@attack(put_right=("Cell validator_answer stood 2 times",))
def leaves_a_copy_as_released(it: HandIn) -> None:
    """Keeps the released cell beside its answer: no harm is meant, and none is done."""
    it.notebook.cells.insert(0, copy.deepcopy(it.box.cell(it.box.released(), "validator_answer")))


@attack(evidence="ambiguous", put_right=missing("evidence_answer"))
def hides_two_answers_without_ids(it: HandIn) -> None:
    """Takes the id off its answer and adds another that defines the same function."""
    it.cell("evidence_answer").metadata = {}
    it.notebook.cells.append(new_code_cell(f"def evidence(tables):\n    return {it.figure()!r}"))


@attack(
    put_right=(
        "Cell judgement had another type",
        "Cell validator had another type",
        "Cell validator_answer had another type",
        "Cell oversight_check_point had another type",
    )
)
def retypes_cells(it: HandIn) -> None:
    """Turns graded code cells into Markdown, which nbgrader does not grade by program, and an answer into raw text."""
    turned = {
        "judgement": new_markdown_cell,
        "validator": new_markdown_cell,
        "validator_answer": new_raw_cell,
        "oversight_check_point": new_code_cell,
    }
    for index, cell in enumerate(it.notebook.cells):
        make = turned.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if make:
            it.notebook.cells[index] = make(cell.source, metadata=cell.metadata)


@attack(put_right=("Cells stand in another order",), shows=True)
def turns_it_upside_down(it: HandIn) -> None:
    """Reverses the order of all cells."""
    it.notebook.cells.reverse()


@attack(put_right=missing("evidence_answer", "validator_answer"))
def merges_its_answers(it: HandIn) -> None:
    """Merges both answers into one cell without an id."""
    merged = f"x = 1\n\n{it.honest('evidence')}\n\n{it.honest('validator')}"
    for name in ("evidence_answer", "validator_answer"):
        it.notebook.cells.remove(it.cell(name))
    it.notebook.cells.append(new_code_cell(merged))


@attack(
    evidence="ambiguous",
    put_right=("Cell evidence_answer stood 2 times", "validator_answer was missing"),
)
def swaps_ids(it: HandIn) -> None:
    """Gives its checker the id of the evidence: what defines the checker still counts as one."""
    it.cell("validator_answer").metadata.nbgrader.grade_id = "evidence_answer"


@attack(put_right=(*missing("judgement", "diagnosis", "evidence"), "Cell oversight_check_point stood 2 times"))
def gives_cells_ids_of_nobody(it: HandIn) -> None:
    """Gives graded cells each other's ids, unknown ids, and ids that are no text."""
    it.cell("judgement").metadata.nbgrader.grade_id = "oversight_check_point"
    it.cell("diagnosis").metadata.nbgrader.grade_id = "../../gradebook"
    it.cell("evidence").metadata.nbgrader.grade_id = {"a": 1}


@attack(put_right=missing(*AUTO))
def damages_metadata(it: HandIn) -> None:
    """Replaces nbgrader's metadata by things that its own code fails on."""
    raw = it.raw()
    strange = iter(["text", [], {}, {"grade": True}, None, {"grade_id": ""}])
    for cell in raw["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") in AUTO:
            cell["metadata"]["nbgrader"] = next(strange)
    it.write(raw)


@attack()
def claims_a_newer_schema(it: HandIn) -> None:
    """Claims metadata of a later nbgrader, which stops nbgrader's whole batch, and of an older one."""
    for name, version in (("judgement", 99), ("diagnosis", 1), ("evidence", "x"), ("validator", None)):
        it.cell(name).metadata.nbgrader.schema_version = version


@attack()
def raises_its_points(it: HandIn) -> None:
    """Writes 1000 points, another checksum and 'task' into the graded cells, and unlocks them."""
    for name in AUTO:
        it.cell(name).metadata.nbgrader.update(points=1000, checksum="0" * 32, task=True, locked=False, solution=True)


@attack()
def forges_outputs(it: HandIn) -> None:
    """Writes full marks by hand into outputs, with our own metadata, and everything nbgrader took for full marks."""
    for name, text in zip(AUTO, ("40.0", "nan", "-1", "np.float64(2.5)", "False", "1e9"), strict=True):
        forged = {"grade_id": name, "state": "scored", "points": 40, "max_points": 40, "code": "ok", "reason": "x"}
        it.cell(name).outputs = [
            new_output("execute_result", data={"text/plain": text}, metadata={"mondaylab": forged}),
            new_output("execute_result", data={"text/html": "<b>40</b>"}),
            new_output("stream", name="stderr", text="DeprecationWarning"),
            new_output("error", ename="E", evalue="40.0", traceback=["40.0"]),
        ]


@attack(evidence="unchanged", validator="unchanged", prompt="unchanged")
def forges_outputs_and_nothing_else(it: HandIn) -> None:
    """Hands in the notebook as released, but with the outputs of the honest learner's graded one."""
    it.notebook = it.box.released()
    for name in AUTO:
        points = it.cell(name).metadata.nbgrader.points
        it.cell(name).outputs = [new_output("execute_result", data={"text/plain": repr(float(points))})]
    it.notebook.metadata["mondaylab"] = {"form_id": it.box.forms[it.victim].shown.form_id}
    it.notebook.cells.insert(0, new_markdown_cell("**Put right before grading**\n\n- All points are earned."))


@attack(evidence="unchanged", validator="unchanged", prompt="unchanged")
def answers_in_a_changed_layout(it: HandIn) -> None:
    """Changes nothing but blanks and line ends, so that the released cell looks like an answer."""
    it.notebook = it.box.released()
    for name in ("evidence_answer", "validator_answer", "prompt_answer"):
        it.cell(name).source = f"\n\n{it.cell(name).source}\n\n  "
