"""What may be a learner's work in another place: found, told as plain text, and never what they were given."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.grader.handed_in.answer import find_answer
from mondaylab.grader.handed_in.borrowed import with_borrowed
from mondaylab.grader.handed_in.by_hand import by_hand
from mondaylab.grader.handed_in.collected import COLLECTED
from mondaylab.grader.handed_in.elsewhere import Elsewhere
from mondaylab.grader.handed_in.found import LONGEST, Found, found_markdown
from mondaylab.grader.handed_in.submission import ReleasedCell, Submission, SubmittedCell

RELEASED = ("# Memo\nRead this.", "def evidence(tables):\n    raise NotImplementedError", "**Who answers for it?**")
SOURCES = (
    ReleasedCell("evidence_answer", "code", RELEASED[1], False, "1", grade=False, solution=True),
    ReleasedCell("oversight_a", "markdown", RELEASED[2], False, "2", grade=True, solution=True, points=5),
    ReleasedCell("evidence", "code", "# evidence: your figure", True, "3", grade=True, solution=False, points=10),
)
GIVEN = (
    SubmittedCell("markdown", RELEASED[0], None),
    SubmittedCell("code", RELEASED[1], "evidence_answer"),
    SubmittedCell("markdown", RELEASED[2], "oversight_a"),
    SubmittedCell("code", "# evidence: your figure", "evidence"),
)
LEARNERS = ("evidence_answer", "oversight_a")


def elsewhere(submission, given=None):
    return Elsewhere(submission, lambda: (*RELEASED, "# evidence: your figure"), given)


def notebook(*sources):
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


@pytest.fixture
def folder(tmp_path):
    """A submission in which nothing was touched."""
    place = tmp_path / "handed" / "memo"
    place.mkdir(parents=True)
    (place / "memo.ipynb").write_bytes(notebook(*RELEASED))
    (place / "timestamp.txt").write_text("2026-10-08 16:00:00 UTC")
    (place / COLLECTED).write_text('{"folder": "memo+2026-10-08 16:00:00 UTC+ab12", "confirmed": true}')
    return place


def found_in(folder, given=None):
    submission = Submission.read(folder / "memo.ipynb")
    return elsewhere(submission, given).of("evidence", LEARNERS)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("memo-Copy1.ipynb", notebook(*RELEASED, "x = 1")),
        ("Untitled.ipynb", notebook("x = 1")),
        ("below/it/memo.ipynb", notebook("x = 1")),
        ("half.ipynb", notebook(*RELEASED, "my own = line")[:-20]),
        ("no.ipynb", b"nothing of a notebook"),
        ("my answers.PY", b"figure = 1"),
        ("answer", b"figure = 1"),
        ("answer.docx", b"PK\x03\x04\x00"),
        ("picture.png", b"\x89PNG\x00"),
        ("LEFT_OUT.txt", b"memo2.ipynb: larger than 20 MB"),
        ("umlaut.txt", "größer".encode("cp1252")),
        ("wide.txt", "größer".encode("utf-16")),
    ],
)
def test_a_file_of_any_name_may_be_their_work(folder, name, data):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    found = found_in(folder)
    assert [one.place for one in found] and all(one.place.startswith(name) for one in found)
    assert not any("Read this" in one.text for one in found)
    if name in ("umlaut.txt", "wide.txt"):
        assert found[0].text == "größer"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("memo-Copy1.ipynb", notebook(*RELEASED)),
        ("memo-Copy2.ipynb", notebook("", "\n\n")),
        ("empty.txt", b""),
        ("blank.txt", b"\n  \n"),
        ("new.txt", b"new"),
        ("LEFT_OUT.txt", b"Left out before grading:\n\nkey: a link"),
        ("other.ipynb", b"{}"),
        (".ipynb_checkpoints/memo-checkpoint.ipynb", notebook("x = 1")),
        (".DS_Store", b"\x00\x01"),
    ],
)
def test_what_holds_nothing_of_theirs_is_no_work(folder, name, data):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    assert found_in(folder) == ()


def test_what_they_were_given_is_no_work_until_they_write_in_it(folder, tmp_path):
    given = tmp_path / "release"
    given.mkdir()
    for place in (given, folder):
        (place / "data.csv").write_text("region,net\n1,2\n")
    assert found_in(folder, given) == ()
    (folder / "data.csv").write_text("region,net\n1,3\n")
    assert [one.place for one in found_in(folder, given)] == ["data.csv"]


def test_links_and_pipes_are_not_opened(folder, tmp_path):
    (tmp_path / "key.json").write_text("the truth")
    (folder / "key.txt").symlink_to(tmp_path / "key.json")
    (folder / "all").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    assert found_in(folder) == ()


def test_very_many_files_are_cut(folder):
    for number in range(200):
        (folder / f"{number}.txt").write_text("my work")
    assert len(found_in(folder)) == 41
    assert "and 35 more places" in found_markdown(found_in(folder))


@pytest.mark.parametrize(
    ("cell", "work"),
    [
        (SubmittedCell("code", "x = 1", None), True),
        (SubmittedCell("markdown", "Mine.", None), True),
        (SubmittedCell("code", "x = 1", "evidence"), True),
        (SubmittedCell("markdown", "", None, attachments=(("a.png", "image/png", ""),)), True),
        (SubmittedCell("markdown", "On Friday I will ask.", None, task="friday"), False),
        (SubmittedCell("markdown", "I answer. " * 40, None, task="friday"), True),
        (SubmittedCell("markdown", "Read this.  \n", None), False),
        (SubmittedCell("code", "   ", None), False),
        (SubmittedCell("code", "x = 1", "evidence_answer"), False),
        (SubmittedCell("markdown", "**Put right before grading**\n\n- Nothing.", None), False),
    ],
)
def test_a_cell_that_is_not_as_released_may_be_their_work(cell, work):
    assert bool(elsewhere(Submission((*GIVEN, cell))).of("evidence", LEARNERS)) == work


@pytest.mark.parametrize(
    ("cells", "waits"),
    [
        (GIVEN, False),
        ((*GIVEN, SubmittedCell("markdown", "The controller.", None)), True),
        ((*GIVEN, SubmittedCell("code", "# The controller answers for it.", None)), True),
        ((*GIVEN, SubmittedCell("code", "x = 1", None)), False),
        (GIVEN[:2], True),
        ((*GIVEN[:2], SubmittedCell("markdown", f"{RELEASED[2]}\n\nThe controller.", None)), False),
    ],
)
def test_a_written_answer_waits_when_it_may_stand_elsewhere(cells, waits):
    submission = Submission(cells)
    told = by_hand(submission, SOURCES, elsewhere(submission))
    assert told.waits == ({"oversight_a"} if waits else set())
    assert bool(told.markdown()) == waits


def test_an_unreadable_notebook_waits_with_what_stands_in_it(folder):
    path = folder / "memo.ipynb"
    path.write_bytes(notebook(*RELEASED, "my = 'own line'")[:-9])
    submission = Submission.read(path)
    told = by_hand(submission, SOURCES, elsewhere(submission))
    assert told.waits == {"oversight_a"}
    assert "own line" in told.markdown() and "Read this" not in told.markdown()


@given(st.text(), st.text())
def test_what_is_shown_is_inert(place, text):
    shown = found_markdown([Found.of(place, text)])
    bare = shown.replace("<p><code>", "").replace("</code></p>", "").replace("<pre>", "").replace("</pre>", "")
    assert "<" not in bare and len(shown) < 6 * LONGEST
    shown.encode()


HELPERS = ("import math\nLIMIT = 3", "def twice(x):\n    return math.floor(2 * x)", "lab = open_lab()\nt = lab.t")


@pytest.mark.parametrize(
    ("source", "taken", "lacks"),
    [
        ("def f(t):\n    return twice(t) + LIMIT", ("import math", "LIMIT = 3", "def twice"), False),
        ("def f(t):\n    return t", (), False),
        ("def f(t):\n    return lab.t", (), True),
        ("def f(t):\n    return unknown(t)", (), False),
        ("def f(t):\n    return len(pd.DataFrame(t))", (), False),
        ("def f(t) return t", (), False),
    ],
)
def test_helpers_of_other_cells_are_taken_along(source, taken, lacks):
    whole, lacking = with_borrowed(source, HELPERS)
    assert lacking == lacks and whole.endswith(source)
    assert all(one in whole for one in taken)
    assert "lab =" not in whole and (bool(taken) or whole == source)


@given(st.lists(st.text(max_size=40), max_size=4), st.text(max_size=40))
def test_no_notebook_makes_it_fail(others, source):
    assert with_borrowed(source, others)[0].endswith(source)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([("evidence_answer", RELEASED[1] + "\n# see below"), (None, "def evidence(t):\n    return 1")], "ok"),
        ([("evidence_answer", RELEASED[1]), (None, "def evidence(t):\n    return 1")], "ok"),
        ([("evidence_answer", RELEASED[1]), (None, "evidence = lambda t: 1")], "ok"),
        ([("evidence_answer", RELEASED[1]), (None, "def evidence(t): pass")], "unchanged"),
        ([("evidence_answer", RELEASED[1] + "\n# see below")], "no answer"),
        ([("evidence_answer", "figure = 3")], "no answer"),
        ([(None, RELEASED[1])], "unchanged"),
        ([(None, "x = 1")], "missing"),
        ([("evidence_answer", "x = 1"), (None, "evidence = len"), (None, "evidence = max")], "ambiguous"),
    ],
)
def test_the_cell_that_really_answers_is_found(cells, code):
    submission = Submission(tuple(SubmittedCell("code", source, grade_id) for grade_id, source in cells))
    found = find_answer(submission, "evidence_answer", "evidence", RELEASED[1])
    assert found.code == code and (found.source is not None) == (code == "ok")
    assert bool(found.found) == (code in ("ok", "no answer", "ambiguous"))
