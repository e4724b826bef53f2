"""Reading submissions and making them whole: the learner's text is kept, nothing else of theirs is."""

from __future__ import annotations

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mondaylab.grader.handed_in.answer import find_answer
from mondaylab.grader.handed_in.repair import repair
from mondaylab.grader.handed_in.submission import ReleasedCell, Submission, SubmittedCell

FEW = settings(max_examples=40)  # a case takes long to draw

SOURCES = (
    ReleasedCell("answer", "code", "def f(): ...", False, "1", grade=False, solution=True),
    ReleasedCell("task", "markdown", "Write here.", False, "2", grade=True, solution=True, points=5),
    ReleasedCell("score", "code", "# score", True, "3", grade=True, solution=False, points=10),
)


def cell(grade_id, source, cell_type="code"):
    return SubmittedCell(cell_type, source, grade_id)


def ids(notebook):
    return [c.metadata.get("nbgrader", {}).get("grade_id") for c in notebook.cells]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["cells", "nbgrader", "x"]), inner),
    max_leaves=10,
)
odd_cells = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "cell_type": st.sampled_from(["code", "markdown", "raw", "alien", None]),
            "source": st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=3) | st.none(),
            "metadata": st.fixed_dictionaries(
                {},
                optional={
                    "nbgrader": st.fixed_dictionaries(
                        {}, optional={"grade_id": st.sampled_from(["answer", "task", "score", "", "other", None, 3])}
                    )
                    | json_values
                },
            )
            | json_values,
        },
    )
    | json_values,
    max_size=8,
)


@FEW
@given(odd_cells)
def test_whatever_is_submitted_becomes_a_valid_notebook_with_each_of_our_cells_once(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("s") / "n.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    submission = Submission.read(path)
    assert submission.unreadable is None
    notebook = repair(submission, SOURCES).notebook
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    assert sorted(one for one in ids(notebook) if one) == ["answer", "score", "task"]
    score = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "score")
    assert (score.source, score.cell_type, score.metadata.nbgrader.points) == ("# score", "code", 10)
    assert not any(c.get("outputs") for c in notebook.cells)


@FEW
@given(json_values)
def test_json_that_is_no_notebook_is_unreadable_and_still_gets_our_cells(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("s") / "n.ipynb"
    path.write_text(json.dumps(value))
    submission = Submission.read(path)
    assert set(ids(repair(submission, SOURCES).notebook)) >= {"answer", "task", "score"}


def test_an_untouched_notebook_needs_no_repair():
    cells = tuple(cell(one.grade_id, one.source, one.cell_type) for one in SOURCES)
    result = repair(Submission(cells), SOURCES)
    assert result.repairs == () and ids(result.notebook) == ["answer", "task", "score"]


def test_learners_text_is_kept_in_solution_cells_and_dropped_in_locked_ones():
    cells = (cell("answer", "def f(): 1"), cell("task", "Mine.", "raw"), cell("score", "10.0"))
    result = repair(Submission(cells), SOURCES)
    assert [c.source for c in result.notebook.cells] == ["def f(): 1", "Mine.", "# score"]
    assert [one.grade_id for one in result.repairs] == ["task", "score"]


def test_missing_cells_come_back_in_their_place():
    result = repair(Submission((cell(None, "x = 1"), cell("answer", "def f(): 1"), cell(None, "y = 2"))), SOURCES)
    assert ids(result.notebook) == [None, "answer", "task", "score", None]


@pytest.mark.parametrize(
    ("cells", "code", "source"),
    [
        ([("answer", "def f(): 1")], "ok", "def f(): 1"),
        ([("answer", "def f(): ...")], "unchanged", None),
        ([("answer", "def f(): ...\n"), ("answer", "def f(): 1")], "ok", "def f(): 1"),
        ([("answer", "def f(): 1"), ("answer", "def f(): 1 ")], "ok", None),
        ([("answer", "def f(): 1"), ("answer", "def f(): 2")], "ambiguous", None),
        ([(None, "import x\ndef f(): 1")], "ok", "import x\ndef f(): 1"),
        ([(None, "def f(): 1"), (None, "def f(): 2")], "ambiguous", None),
        ([(None, "def other(): 1"), (None, "x = f()")], "missing", None),
        ([], "missing", None),
    ],
)
def test_finding_the_answer(cells, code, source):
    found = find_answer(Submission(tuple(cell(*one) for one in cells)), "answer", "f", "def f(): ...")
    assert found.code == code
    if source:
        assert found.source == source
    assert (found.source is not None) == (code == "ok")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([("answer", "f = 'x'")], "ok"),
        ([(None, "f = 'x'\ng(f)")], "ok"),
        ([(None, "f = 'x'"), (None, "f = 'y'")], "ambiguous"),
        ([(None, "def f(): 1"), (None, "f == 'x'"), (None, "  f = 'x'"), (None, "ff = 'x'")], "missing"),
        ([("answer", "f = ''")], "unchanged"),
    ],
)
def test_finding_an_answer_that_is_a_text(cells, code):
    found = find_answer(Submission(tuple(cell(*one) for one in cells)), "answer", "f", "f = ''", text=True)
    assert found.code == code


def test_links_and_other_files_are_not_read(tmp_path):
    real = tmp_path / "real.ipynb"
    real.write_text(json.dumps({"nbformat": 4, "cells": []}))
    (tmp_path / "link.ipynb").symlink_to(real)
    (tmp_path / "folder.ipynb").mkdir()
    assert Submission.read(real).unreadable is None
    for name in ("link", "folder", "absent"):
        assert Submission.read(tmp_path / f"{name}.ipynb").unreadable


def test_old_formats_are_converted(tmp_path):
    path = tmp_path / "old.ipynb"
    sheet = {"cells": [{"cell_type": "code", "input": "x = 1", "language": "python", "metadata": {}, "outputs": []}]}
    path.write_text(json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}))
    assert [c.source for c in Submission.read(path).cells] == ["x = 1"]
