"""Scripted learners: how each of them judges, and the walk that all of them take."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mondaylab.errors import Refused
from mondaylab.forms.shown import ShownForm
from mondaylab.hub.rehearsal.visitor import Visitor

Verdicts = dict[str, bool]
"""Claim id -> judged wrong, by the worked solution."""


@dataclass(frozen=True)
class Script:
    """A way of judging.

    Attributes:
        name: The account that plays it.
        checks: Whether they compute anything: then `judge` gets verdicts, and they write evidence and validator.
        judge: Form and verdicts (empty without checking) -> claim id -> p in percent.
        earns: Lowest and highest share of the judgement points that this way of judging may get.
    """

    name: str
    checks: bool
    judge: Callable[[ShownForm, Verdicts], dict[str, int]]
    earns: tuple[float, float]


def perfect(form: ShownForm, verdicts: Verdicts) -> dict[str, int]:
    """Right everywhere, never quite sure."""
    return {claim: 90 if verdicts[claim] else 10 for claim in form.rows()}


def careful(form: ShownForm, verdicts: Verdicts) -> dict[str, int]:
    """As perfect, but misses the first flaw and doubts the first sound claim."""
    said = dict(verdicts)
    said[next(claim for claim, wrong in verdicts.items() if wrong)] = False
    said[next(claim for claim, wrong in verdicts.items() if not wrong)] = True
    return perfect(form, said)


def trusting(form: ShownForm, verdicts: Verdicts) -> dict[str, int]:
    """Believes everything."""
    return dict.fromkeys(form.rows(), 0)


def flagging(form: ShownForm, verdicts: Verdicts) -> dict[str, int]:
    """Doubts everything."""
    return dict.fromkeys(form.rows(), 100)


SCRIPTS = (
    Script("perfect", checks=True, judge=perfect, earns=(0.90, 1.0)),
    Script("careful", checks=True, judge=careful, earns=(0.35, 0.89)),
    Script("trusting", checks=False, judge=trusting, earns=(0.0, 0.0)),
    Script("flagging", checks=False, judge=flagging, earns=(0.0, 0.0)),
)


PROMPT = """prompt = (
    "Write the weekly gross margin memo to the CFO from the order lines of the week named in the title. "
    "Use at most 150 words, no forecast, and no figure that is not in the tables. "
    "Say which table each figure comes from, and if something is not there, say so."
)
"""
"""What who checks would have asked the assistant."""


@dataclass(frozen=True)
class Lesson:
    """What is played: cohort, lab, and the lab's worked solution (source text of ``solution.py``)."""

    cohort: str
    lab: str
    quarter: str
    solution: str

    @property
    def assignment(self) -> str:
        """nbgrader's name of the lab."""
        return self.lab.partition("/")[2]

    @property
    def notebook(self) -> str:
        """The fetched notebook, below the learner's home."""
        return f"{self.assignment}/{self.assignment}.ipynb"


async def play(script: Script, visitor: Visitor, lesson: Lesson) -> int:
    """Fetches, judges twice, answers the tasks and submits; returns how many rows were judged.

    Raises:
        Refused: Any step is refused; the walk must go through as a learner's does.
    """
    await visitor.start_server()
    where = {"course_id": lesson.cohort, "assignment_id": lesson.assignment}
    await visitor.server("POST", "assignments/fetch", where)
    form = await _form(visitor, lesson)
    verdicts = await _check(visitor, lesson) if script.checks else {}
    rows = list(form.rows())
    await _judge(visitor, form, "first", dict.fromkeys(rows, 30))
    await _judge(visitor, form, "check", script.judge(form, verdicts))
    await _write_answers(visitor, lesson, form, code=script.checks)
    submitted = await visitor.server("POST", "assignments/submit", where)
    if isinstance(submitted, dict) and submitted.get("success") is False:
        raise Refused(f"{script.name} could not submit: {submitted}")
    return len(rows)


async def fetch_feedback(visitor: Visitor, lesson: Lesson) -> str:
    """Fetches the released feedback and returns its page."""
    where = {"course_id": lesson.cohort, "assignment_id": lesson.assignment}
    await visitor.server("POST", "assignments/fetch_feedback", where)
    listing = f"""
from pathlib import Path
pages = sorted(Path.home().joinpath("{lesson.assignment}", "feedback").rglob("*.html"))
print(pages[-1].read_text() if pages else "")
"""
    page = await visitor.run(listing)
    if not page.strip():
        raise Refused(f"{visitor.name} has no feedback to read", where=lesson.assignment)
    return page


async def _form(visitor: Visitor, lesson: Lesson) -> ShownForm:
    listed = await visitor.server("GET", "mondaylab/judgement/forms")
    mine = [form["form_id"] for form in listed["forms"] if form["lab"] == lesson.lab]
    if not mine:
        raise Refused(
            f"{visitor.name} has no form of {lesson.lab}", fix=f"mondaylab cohort open {lesson.cohort} {lesson.lab}"
        )
    answer = await visitor.server("GET", f"mondaylab/judgement/forms/{mine[-1]}")
    return ShownForm.parse(answer["form"], where="judgement service")


async def _check(visitor: Visitor, lesson: Lesson) -> Verdicts:
    """Works the solution inside the learner's own jail: brief, tables and handbook are all it has."""
    opened = (
        f"from mondaylab.judging.notebook import open_lab\nlab = open_lab({lesson.lab!r}, quarter={lesson.quarter!r})"
    )
    judged = "import json\nprint(json.dumps(judge_form(lab.form, lab.tables, str(lab.handbook))))"
    verdicts: Verdicts = json.loads(await visitor.run(opened, lesson.solution, judged))
    return verdicts


async def _judge(visitor: Visitor, form: ShownForm, stage: str, said: dict[str, int]) -> None:
    """Sends one answer a row through the learner's own server, as the panel does, then commits the stage."""
    base = f"mondaylab/judgement/forms/{form.form_id}"
    for claim, p in said.items():
        answer: dict[str, Any] = {"p": p, "action": "fix" if p >= 50 else "verify" if stage == "first" else "use"}
        if stage == "check" and p >= 50:
            answer |= {"kind": form.groups[0].kinds[0].id, "severity": "material"}
        event = {"event_id": str(uuid.uuid4()), "stage": stage, "claim_id": claim, "answer": answer}
        await visitor.server("POST", f"{base}/events", event)
    await visitor.server("POST", f"{base}/commit", {"event_id": str(uuid.uuid4()), "stage": stage})


async def _write_answers(visitor: Visitor, lesson: Lesson, form: ShownForm, *, code: bool) -> None:
    """Fills the answer cells of the fetched notebook and saves it."""
    path = f"api/contents/{lesson.notebook}"
    notebook = (await visitor.server("GET", path))["content"]
    written = {"friday": "On Friday I will check the denominator of every share before I forward it."}
    if code:
        namespace: dict[str, Any] = {}
        exec(compile(lesson.solution, "solution.py", "exec"), namespace)  # noqa: S102  the lab author's own code
        question = form.evidence.text if form.evidence else ""
        written["evidence_answer"] = namespace["evidence_source"](question)
        written["validator_answer"] = namespace["VALIDATOR"]
        written["prompt_answer"] = PROMPT
    for cell in notebook["cells"]:
        marks = cell["metadata"]
        task = marks.get("nbgrader", {}).get("grade_id") or marks.get("mondaylab", {}).get("task", "")
        if task in written:
            cell["source"] = written[task]
        elif task.startswith("oversight_"):
            cell["source"] = "The controller checks every figure against the ledger before the memo leaves."
    await visitor.server("PUT", path, {"type": "notebook", "format": "json", "content": notebook})
