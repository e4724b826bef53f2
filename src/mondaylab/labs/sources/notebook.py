"""A lab's source: the jupytext notebook, and the parameters that a build may pass to it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import jupytext
from nbformat import NotebookNode

from mondaylab.errors import Refused
from mondaylab.labs.sources.cells import without_magics
from mondaylab.labs.sources.declaration import LabDeclaration, ParameterType
from mondaylab.quarter import Quarter
from mondaylab.settings import Site
from mondaylab.texts import read_text

_TYPES: dict[ParameterType, type] = {"str": str, "int": int, "float": float, "bool": bool, "quarter": str}


def read_notebook(site: Site, lab: str) -> NotebookNode:
    """Reads ``lab.py`` as a notebook.

    Raises:
        NotFound: There is none.
        Refused: It is not UTF-8 text, or a code cell is not Python; the error names cell and line.
    """
    path = site.lab(lab) / "lab.py"
    text = read_text(path, missing="no lab source", fix="write lab.py as a jupytext percent notebook")
    notebook = jupytext.reads(text, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            try:
                ast.parse(without_magics(cell.source))
            except SyntaxError as error:
                raise Refused(f"cell {number}, line {error.lineno}: {error.msg}", where=path) from None
    return notebook


def collapse_calls(notebook: NotebookNode) -> None:
    """Hides the source of cells that only call a widget, such as ``lab.judge()``, from learners who write no code.

    Who writes a function in some graded cell reads code, and sees them all.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if any("task" in cell.metadata and _defines_function(cell.source) for cell in code):
        return
    for cell in code:
        if _only_calls(cell.source):
            cell.metadata.setdefault("jupyter", {})["source_hidden"] = True


def _defines_function(source: str) -> bool:
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(without_magics(source))))


def _only_calls(source: str) -> bool:
    """Whether a cell is one call of a method with nothing in it that a learner could change."""
    match ast.parse(without_magics(source)).body:
        case [ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name()), args=[], keywords=[]))]:
            return True
        case _:
            return False


def checked_parameters(declaration: LabDeclaration, given: Mapping[str, object], *, lab: str) -> dict[str, object]:
    """Holds parameter values against the declared types, before any kernel starts.

    Papermill itself only warns on an unknown parameter and checks no type.

    Raises:
        Refused: A parameter is unknown, missing or of another type; all of them are named.
    """
    problems = [f"unknown parameter {name!r}" for name in sorted(set(given) - set(declaration.parameters))]
    problems += [f"parameter {name!r} is missing" for name in sorted(set(declaration.parameters) - set(given))]
    for name, wanted in declaration.parameters.items():
        if name in given and not _fits(given[name], wanted):
            problems.append(f"parameter {name!r} must be a {wanted}, not {type(given[name]).__name__}")
    if problems:
        raise Refused("; ".join(problems), where=lab, fix="declare parameters under [parameters] in lab.toml")
    return dict(given)


def _fits(value: object, wanted: ParameterType) -> bool:
    if type(value) is not _TYPES[wanted]:  # bool is an int to isinstance, and must not pass as one
        return False
    if wanted == "quarter":
        try:
            Quarter.parse(str(value))
        except Refused:
            return False
    return True
