"""Functions that work in the notebook, and are defined in another way than ``def`` in their own cell."""

from __future__ import annotations

from nbformat.v4 import new_code_cell

from .odd import Handed, odd


def _renamed(it: Handed, function: str, to: str) -> str:
    return it.cell(f"{function}_answer").source.replace(f"def {function}(", f"def {to}(")


@odd()
def assigns_lambdas(it: Handed) -> None:
    """Assigns a lambda to each name."""
    it.cell("evidence_answer").source = (
        _renamed(it, "evidence", "compute") + "\nevidence = lambda tables: compute(tables)"
    )
    it.cell("validator_answer").source = (
        _renamed(it, "validator", "check") + "\nvalidator = lambda claims, data: check(claims, data)"
    )


@odd()
def defines_classes(it: Handed) -> None:
    """Makes each function an object that can be called."""
    for function, arguments in (("evidence", "tables"), ("validator", "claims, tables")):
        it.cell(f"{function}_answer").source = _renamed(it, function, "compute") + (
            f"\nclass Answer:\n    def __call__(self, {arguments}):\n        return compute({arguments})\n"
            f"{function} = Answer()"
        )


@odd()
def decorates_its_functions(it: Handed) -> None:
    """Puts a decorator from the standard library before each function."""
    for function in ("evidence", "validator"):
        cell = it.cell(f"{function}_answer")
        wrapped = "import functools\n\ndef same(f):\n    return functools.wraps(f)(lambda *a: f(*a))\n\n@same\n"
        cell.source = cell.source.replace(f"def {function}(", f"{wrapped}def {function}(")


@odd()
def names_its_arguments_otherwise(it: Handed) -> None:
    """Renames the parameters."""
    cell = it.cell("validator_answer")
    cell.source = cell.source.replace("claims, tables", "sentences, data").replace("in claims:", "in sentences:")
    cell.source = cell.source.replace("tables.concept", "data.concept")


@odd("evidence", "validator", shows=("async def evidence", "async def validator"))
def writes_async_functions(it: Handed) -> None:
    """Copies a style in which every function is async."""
    for function in ("evidence", "validator"):
        cell = it.cell(f"{function}_answer")
        cell.source = cell.source.replace(f"def {function}(", f"async def {function}(")


@odd()
def keeps_helpers_in_another_cell(it: Handed) -> None:
    """Defines a helper, a constant and imports in the working space, as one does in a notebook."""
    helper = (
        "import math\nfrom datetime import date as Day\nSHOWN = 0.0501\n\n"
        "def apart(one, other):\n    return math.fabs(one - other) > SHOWN and Day is not None"
    )
    it.notebook.cells.insert(8, new_code_cell(helper))
    cell = it.cell("validator_answer")
    cell.source = cell.source.replace('abs(margin - claim["value"]) > 0.0501', 'apart(margin, claim["value"])')


@odd()
def shares_a_helper_between_its_answers(it: Handed) -> None:
    """Defines a helper in the checker's cell, and uses it for the evidence."""
    it.cell("validator_answer").source += "\n\ndef figure(value):\n    return float(value)\n"
    it.cell("evidence_answer").source = (
        _renamed(it, "evidence", "compute") + "\n\ndef evidence(tables):\n    return figure(compute(tables))"
    )


@odd("evidence", shows=("north",))
def uses_a_table_of_the_working_space(it: Handed) -> None:
    """Uses a table that another cell cuts out of the lab's data, which is not there when it is graded."""
    it.notebook.cells.insert(8, new_code_cell("north = order_lines[order_lines['region'] == 'North']"))
    it.cell("evidence_answer").source = "def evidence(tables):\n    return float(north['net'].sum())"


@odd()
def leaves_magics_in_its_cells(it: Handed) -> None:
    """Leaves lines in the cells that only a notebook runs."""
    it.cell("evidence_answer").source = f"%%time\n{it.cell('evidence_answer').source}\n%timeit evidence(lab.tables)"
    it.cell("validator_answer").source += "\n!date\nvalidator?\n%matplotlib inline"


@odd()
def merges_both_answers(it: Handed) -> None:
    """Merges the checker into the evidence's cell."""
    it.cell("evidence_answer").source += f"\n\n{it.cell('validator_answer').source}"
    it.notebook.cells.remove(it.cell("validator_answer"))
