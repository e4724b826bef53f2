"""Whatever one submission holds, formgrader's pages, lists and buttons answer, and show nobody where the site lies."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from nbgrader.api import Gradebook
from tests.support.formgrader import TOKEN, formgrader
from tests.support.sampled import sampled, tried

from mondaylab.grader.autograde.batch import Batch

NAME = "weekly_margin_memo"
BIG = "x" * (2 << 20)
Odd = Callable[[Any, Path], None]


def cell(change: Callable[[Any], None], kind: str = "code") -> Odd:
    """Changes one cell of the released notebook, by hand: nbformat would refuse to write some of these."""

    def write(box: Any, folder: Path) -> None:
        notebook = json.loads((box.course.folder / "release" / NAME / f"{NAME}.ipynb").read_text())
        change(next(one for one in notebook["cells"] if one["cell_type"] == kind))
        (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook))

    return write


def outputs(*listed: object) -> Odd:
    return cell(lambda one: one.update(outputs=list(listed)))


def shown(**data: object) -> dict[str, object]:
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {key.replace("__", "/"): value for key, value in data.items()},
    }


def top(**fields: object) -> Odd:
    def write(box: Any, folder: Path) -> None:
        notebook = json.loads((box.course.folder / "release" / NAME / f"{NAME}.ipynb").read_text())
        (folder / f"{NAME}.ipynb").write_text(json.dumps({**notebook, **fields}))

    return write


def raw(content: bytes) -> Odd:
    return lambda _box, folder: (folder / f"{NAME}.ipynb").write_bytes(content) and None


def beside(name: str, content: bytes | None = b"x", *, mode: int | None = None, target: str | None = None) -> Odd:
    def write(box: Any, folder: Path) -> None:
        top()(box, folder)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if target is not None:
            path.symlink_to(target)
        elif content is None:
            path.mkdir()
        else:
            path.write_bytes(content)
        if mode is not None:
            path.chmod(mode)

    return write


def nested(depth: int) -> object:
    value: object = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def answered(text: str, **also: object) -> Odd:
    def write(box: Any, folder: Path) -> None:
        notebook = box.answered(oversight_check_point=text)
        box.cell(notebook, "oversight_check_point").update(also)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook))

    return write


STATE = {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": [1], "version_major": "x"}}}
ODD: dict[str, Odd] = {
    "a pasted screenshot without its attachment": answered("![image.png](attachment:image.png)"),
    "a screenshot that is none": answered("![a](attachment:a.png)", attachments={"a.png": {"image/png": "no base64"}}),
    "attachments that are a list": answered("![a](attachment:a.png)", attachments=[1, 2]),
    "attachments to a code cell": cell(lambda one: one.update(attachments={"x": None})),
    "a giant answer": answered(BIG),
    "deep lists": answered("\n".join(f"{'  ' * depth}- x" for depth in range(300))),
    "many quotes": answered(">" * 3000 + " x"),
    "unclosed everything": answered("[" * 2000 + "*" * 2000 + "`" * 1999 + "<a <b <c"),
    "lone halves and controls": answered("\ud800 \x00 \x1b[31m \u202e end"),
    "LaTeX that is none": answered("$$\\frac{1}{ $ \\begin{align}"),
    "a giant output": outputs({"output_type": "stream", "name": "stdout", "text": BIG}),
    "outputs of no kind": outputs(None, 5, "text", [], {}, {"output_type": 7}),
    "data of no type": outputs(shown(image__png=5, text__html=None, text__plain=[1, None])),
    "a broken picture": outputs(shown(image__png="%%%", image__svg_xml="<svg", application__pdf="x")),
    "JSON outputs": outputs(shown(application__json=nested(50), text__latex=["$", 1])),
    "widget views": outputs(shown(**{"application__vnd.jupyter.widget-view+json": {"model_id": 5}})),
    "ten thousand outputs": outputs(*[{"output_type": "stream", "name": "stdout", "text": "."}] * 10_000),
    "invalid widget state": top(metadata=STATE),
    "metadata that is a list": top(metadata=[1]),
    "deep metadata": top(metadata={"x": nested(80)}),
    "a kernel of no name": top(metadata={"kernelspec": {"name": None, "display_name": {}}, "language_info": []}),
    "cells that are no list": top(cells={"a": 1}),
    "cells that are no cells": top(cells=[None, 5, "x", {"cell_type": "odd", "source": 3}, {}]),
    "an old format": top(nbformat=3, worksheets=[]),
    "a format of the future": top(nbformat=99),
    "many cells": top(cells=[{"cell_type": "raw", "metadata": {}, "source": f"n{n}"} for n in range(6000)]),
    "no text": raw(b"\xff\xfe\x00\x01" * 100),
    "nothing": raw(b""),
    "deep brackets": raw(b"[" * 100_000),
    "a number": raw(b"NaN"),
    "a time of no encoding": beside("timestamp.txt", b"\xff\xfe\x00"),
    "a time of no calendar": beside("timestamp.txt", b"the 35th of May"),
    "a time far away": beside("timestamp.txt", b"99999999999999999999999"),
    "a time that is a folder": beside("timestamp.txt", None),
    "a time that is a link": beside("timestamp.txt", target="/etc/passwd"),
    "no permissions": beside("secret.txt", mode=0),
    "a name in every script": beside("Ärger 你好 +1+ %00 &amp; 'x'.txt"),
    "a page of that name": beside(f"{NAME}.html", None),
    "a report that cannot be written": beside("LEFT_OUT.txt", None),
    "a hand-in note of no sense": beside(".hand_in.json", b"[1"),
    "a link in place of the notebook": lambda _box, folder: (folder / f"{NAME}.ipynb").symlink_to("/etc/passwd"),
    "a folder in place of the notebook": lambda _box, folder: (folder / f"{NAME}.ipynb").mkdir(),
}


LEARNERS = {odd: f"odd-{number:02}" for number, odd in enumerate(ODD)}
UNREAD = ("no text", "a time of no encoding", "a folder in place of the notebook")


@pytest.fixture(scope="module")
def graded(own_box, request: pytest.FixtureRequest):
    """All that this run tries in one course, graded in one run."""
    tries = dict.fromkeys([*tried(request, "odd"), *UNREAD, next(iter(ODD))])
    with Gradebook(own_box.database) as gradebook:  # as `cohort apply` does
        for name in (*LEARNERS.values(), "renames", "empties", "perfect"):
            gradebook.update_or_create_student(name)
    for odd in tries:
        folder = own_box.hand_in(LEARNERS[odd], b"{}").parent
        (folder / f"{NAME}.ipynb").unlink()
        ODD[odd](own_box, folder)
    batch = Batch.open(own_box.site, own_box.cohort, own_box.lab)
    return {done.learner: done for done in batch.run([LEARNERS[odd] for odd in tries], jobs=1)}


@pytest.fixture(scope="module")
def client(own_box, graded, tmp_path_factory):
    with (
        formgrader(own_box, tmp_path_factory.mktemp("server")) as base,
        httpx.Client(base_url=base, headers={"Authorization": f"token {TOKEN}"}, timeout=60) as one,
    ):
        yield one


@pytest.fixture(scope="module")
def pages(client):
    """Learner -> address of the submission's page."""
    listed = client.get(f"/formgrader/api/submitted_notebooks/{NAME}/{NAME}").json()
    return {one["student"]: f"/formgrader/submissions/{one['id']}/" for one in listed}


def silent(box: Any, text: str, where: str) -> None:
    """Nobody is shown a traceback, or where anything lies on the machine."""
    assert "Traceback (most" not in text, where
    for place in (box.site.var, box.site.root, Path(os.__file__).parent):
        assert str(place) not in text, where
    assert "site-packages" not in text, where


@pytest.mark.parametrize("odd", sampled(ODD, 6))
def test_every_page_of_it_answers(odd: str, own_box, client, graded, pages) -> None:
    learner = LEARNERS[odd]
    error = graded[learner].error
    assert error is None or " time" in odd, error
    silent(own_box, str(error), "grade")
    calls = [f"/formgrader/api/submission/{NAME}/{learner}", f"/formgrader/api/student_submissions/{learner}"]
    for path in [*calls, *([pages[learner]] if error is None else [])]:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text[-500:])
        silent(own_box, answer.text, path)


@pytest.mark.parametrize(
    "path",
    [
        "/mondaylab/cohort",
        f"/mondaylab/cohort/report?lab=finance/{NAME}",
        "/formgrader/api/assignments",
        f"/formgrader/api/submissions/{NAME}",
        "/formgrader/api/students",
        f"/formgrader/manage_submissions/{NAME}",
        "/formgrader/manage_assignments",
        f"/formgrader/manage_students/odd-00/{NAME}",
    ],
)
def test_every_list_with_them_answers(path: str, own_box, client) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[-500:]
    silent(own_box, answer.text, path)


@pytest.mark.parametrize("odd", UNREAD)
def test_the_buttons_answer_in_words(odd: str, own_box, client) -> None:
    client.get("/formgrader/manage_assignments")
    answer = client.post(
        f"/formgrader/api/submission/{NAME}/{LEARNERS[odd]}/autograde", headers={"X-XSRFToken": client.cookies["_xsrf"]}
    )
    assert answer.status_code == 200, answer.text[-300:]
    assert re.search("[a-z]{3}", answer.json()["log"])
    silent(own_box, answer.text, "autograde")


def press_autograde(client, learner: str) -> dict[str, Any]:
    client.get("/formgrader/manage_assignments")
    answer = client.post(
        f"/formgrader/api/submission/{NAME}/{learner}/autograde", headers={"X-XSRFToken": client.cookies["_xsrf"]}
    )
    assert answer.status_code == 200, answer.text[-300:]
    return answer.json()


def test_the_button_finds_work_in_a_notebook_of_another_name(own_box, client) -> None:
    place = own_box.hand_in("renames", own_box.answered(oversight_check_point="I look at the second figure myself."))
    place.rename(place.with_name("final version.ipynb"))
    told = press_autograde(client, "renames")
    assert told["success"], told
    silent(own_box, json.dumps(told), "autograde")
    marks = own_box.marks("renames")
    assert marks["oversight_check_point"].needs_manual and marks["judgement"].needs_manual
    notebook = own_box.autograded("renames")
    assert any("final version.ipynb" in one.source for one in notebook.cells)


def test_the_button_says_that_nothing_was_handed_in(own_box, client) -> None:
    own_box.hand_in("empties", b"{}").unlink()
    told = press_autograde(client, "empties")
    assert not told["success"] and "holds no weekly_margin_memo.ipynb" in told["error"]
    silent(own_box, json.dumps(told), "autograde")
    assert not own_box.marks("empties")


def test_nobody_is_entered_by_a_folder_that_was_copied_there(own_box, client) -> None:
    """`submitted/` is a folder: whoever may write there could make up a person."""
    own_box.hand_in("stranger", own_box.released())
    assert not press_autograde(client, "stranger")["success"]
    (done,) = Batch.open(own_box.site, own_box.cohort, own_box.lab).run(["stranger"], jobs=1)
    assert done.state == "failed" and "nobody in co is called stranger" in str(done.error)
    with Gradebook(own_box.database) as gradebook:
        assert "stranger" not in [one.id for one in gradebook.students]


def test_a_refusal_is_told_in_its_own_words(own_box, client) -> None:
    """The lab is open, so there is no feedback yet: the log says so, and holds nothing else of the machine."""
    client.get("/formgrader/manage_assignments")
    answer = client.post(
        f"/formgrader/api/assignment/{NAME}/odd-00/generate_feedback", headers={"X-XSRFToken": client.cookies["_xsrf"]}
    )
    assert not answer.json()["success"]
    assert "is still open" in answer.json()["log"] + answer.json().get("error", "")
    silent(own_box, answer.text, "feedback")
