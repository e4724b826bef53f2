"""Submit's warnings: work that lies in another place than the notebook that is graded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mondaylab.hub.copies import warnings

LAB = "weekly_margin_memo"
TASK = "Write a function that computes the figure."
CODE = 'lab = open_lab("finance/weekly_margin_memo", quarter="2026Q4")\nlab.panel(stage="first")'
MINE = "def evidence(tables):\n    return tables['orders'].net_amount.sum() / 100"


def cell(source: str, grade_id: str | None = None, kind: str = "code") -> dict[str, object]:
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": kind, "source": source, "metadata": metadata}


def notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


RELEASED = notebook(cell(TASK, kind="markdown"), cell(CODE), cell("# answer here", "evidence_answer"))
ANSWERED = notebook(cell(TASK, kind="markdown"), cell(CODE), cell(MINE, "evidence_answer"))
BARE = notebook(cell(TASK, kind="markdown"), cell(CODE), cell(MINE))
SCRIPT = f"# {TASK}\n\n{CODE}\n\n{MINE}\n"
OTHER = notebook(cell("import this"), cell("my own analysis of something else, long enough to be seen"))


@pytest.fixture
def told(tmp_path: Path):
    released, work = tmp_path / "released", tmp_path / "work"
    for folder in (released, work):
        folder.mkdir()
        (folder / "handbook.md").write_text("The handbook says that margins are net of returns.\n")
    (released / f"{LAB}.ipynb").write_text(RELEASED)

    def tell(graded: str, beside: dict[str, str | bytes]) -> tuple[str, ...]:
        for name, text in {f"{LAB}.ipynb": graded, **beside}.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        files = [str(path.relative_to(work)) for path in work.rglob("*") if path.is_file()]
        return warnings(work, released, files)

    return tell


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (f"{LAB}-Copy1.ipynb", ANSWERED),
        ("final.ipynb", ANSWERED),
        ("old/weekly_margin_memo.ipynb", ANSWERED),
        ("without_marks.ipynb", BARE),
        ("marked.ipynb", "\ufeff" + ANSWERED),
        ("windows.ipynb", ANSWERED.replace("\\n", "\\r\\n")),
        (f"{LAB}.py", SCRIPT),
        (f"{LAB}.PY", SCRIPT.replace("\n", "\r\n")),
        (f"{LAB}.md", f"{TASK}\n\n```python\n{CODE}\n{MINE}\n```\n"),
    ],
)
def test_work_beside_an_untouched_notebook_is_named(told, name, text) -> None:
    (said,) = told(RELEASED, {name: text})
    assert f"{LAB}.ipynb, which is graded, is as it was released" in said
    assert name in said
    assert "a person" in said


def test_an_untouched_notebook_is_told(told) -> None:
    (said,) = told(RELEASED.replace('"metadata": {}', '"metadata": {"kernelspec": {"name": "other"}}', 1), {})
    assert "as it was released: no cell in it was changed" in said


def test_a_copy_with_other_work_is_told_and_one_with_the_same_is_not(told) -> None:
    more = ANSWERED.replace("/ 100", "/ 1000")
    (said,) = told(ANSWERED, {"copy.ipynb": more})
    assert "Only weekly_margin_memo.ipynb is graded" in said and "copy.ipynb" in said


@pytest.mark.parametrize(
    "beside",
    [
        {},
        {"same.ipynb": ANSWERED},
        {"as_released.ipynb": RELEASED},
        {"other.ipynb": OTHER, "notes.txt": "remember to ask about the returns of last week"},
        {
            "broken.ipynb": b"\xff\xfe",
            "deep.ipynb": "[" * 100_000,
            "list.ipynb": "[1, 2]",
            "odd.ipynb": '{"cells": {}}',
        },
        {"types.ipynb": json.dumps({"cells": [1, {"source": 5, "metadata": []}, {"source": [1], "metadata": None}]})},
    ],
)
def test_nothing_is_said_of_what_is_no_work_elsewhere(told, beside) -> None:
    assert told(ANSWERED, beside) == ()


def test_many_copies_are_counted(told) -> None:
    (said,) = told(RELEASED, {f"copy{number}.ipynb": ANSWERED for number in range(8)})
    assert "and 3 more" in said


@pytest.mark.parametrize("graded", ["", "no notebook", "[]"])
def test_a_notebook_that_cannot_be_read_is_told(told, graded) -> None:
    (said,) = told(graded, {})
    assert "cannot be read as a notebook" in said
