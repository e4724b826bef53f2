"""What an entry of the corpus is, and the good hand-in it starts from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent, indent
from typing import Any
from uuid import uuid4

import httpx
from nbformat import NotebookNode

from mondaylab.grader.cells import evidence, prompt, validator
from mondaylab.measures.catalog import Catalog

AUTO = ("judgement", "diagnosis", "decision", "prompt", "evidence", "validator")
BASE = {"judgement": 0.0, "diagnosis": 0.0, "decision": 0.0, "prompt": 5.0, "evidence": 10.0, "validator": 10.0}
"""What the good hand-in earns; nothing is judged in it, so that any point there is an unearned one."""
JUDGED = {"judgement": 40.0, "diagnosis": 10.0, "decision": 10.0}
"""What knowing everything earns."""
WORDS: dict[str, dict[str, str]] = {
    "prompt": dict(prompt.WORDS),
    "evidence": evidence.WORDS
    | {
        "wrong": "Your function does not give the true figure.",
        "own data only": "The figure fits this quarter's data only; on other data it is wrong.",
    },
    "validator": validator.WORDS
    | {
        "no better than chance": "Your checker does not tell wrong claims from sound ones.",
        "fails elsewhere": "The checker fails on redrawn data.",
    },
}
"""Cell -> what became of it -> the one reason a learner may read."""


class HandIn:
    """One attacker's submission while it is made.

    Attributes:
        box: The course, with its own files: an attacker may know every path.
        learner: Who.
        notebook: The good notebook, to be spoiled.
        folder: The submission's folder.
        home: The lab with this quarter's data, as every learner has it.
        victim: An honest learner.
    """

    def __init__(
        self,
        box: Any,
        learner: str,
        notebook: NotebookNode,
        service: Callable[..., httpx.Response],
        home: Any,
        victim: str,
    ) -> None:
        self.box, self.learner, self.notebook = box, learner, notebook
        self.folder: Path = box.place(learner)
        self.home, self.victim = home, victim
        self._service = service
        self._written = False

    # -- the notebook
    @property
    def path(self) -> Path:
        return self.folder / f"{self.box.name}.ipynb"

    def cell(self, grade_id: str) -> NotebookNode:
        return self.box.cell(self.notebook, grade_id)

    def evidence(self, body: str, before: str = "") -> None:
        """Makes this the body of the evidence function."""
        self.cell("evidence_answer").source = _function("evidence(tables)", body, before)

    def validator(self, body: str, before: str = "") -> None:
        """Makes this the body of the checker."""
        self.cell("validator_answer").source = _function("validator(claims, tables)", body, before)

    def honest(self, function: str) -> str:
        """The right answer cell."""
        return self.cell(f"{function}_answer").source

    def raw(self) -> dict[str, Any]:
        """The notebook as plain JSON data."""
        return json.loads(json.dumps(self.notebook))

    def write(self, data: bytes | dict[str, Any] | None = None) -> Path:
        """Hands in these bytes or this data, or the notebook as it is now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        data = self.notebook if data is None else data
        self.path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        self._written = True
        return self.path

    def finish(self) -> None:
        if not self._written:
            self.write()

    def gone(self) -> Path:
        """Hands in, takes the notebook away again, and returns its place."""
        path = self.write()
        path.unlink()
        return path

    def replaced_by(self, target: Path) -> None:
        """Makes the whole submission a link."""
        self.write()
        shutil.rmtree(self.folder)
        self.folder.symlink_to(target)

    # -- what an attacker would like to read
    @property
    def key(self) -> Path:
        """The file with this learner's truth."""
        return self.box.site.keys / self.box.cohort / f"{self.form.form_id}.json"

    @property
    def form(self) -> Any:
        return self.box.forms[self.learner].shown

    @property
    def truth(self) -> Any:
        return self.box.forms[self.learner].key

    def figure(self) -> float:
        """The true figure on this quarter's data, which a learner may compute in the notebook."""
        asked = self.truth.evidence
        return Catalog(self.home.bindings, self.home.tables).evaluate(asked.measure) * asked.scale

    # -- the judgement service
    def call(self, method: str, path: str, body: object = None, *, token: str | None = None) -> httpx.Response:
        """Asks the service, with this learner's own token if no other is given."""
        return self._service(method, path, body, token or f"tok-{self.learner}")

    def say(self, stage: str, claim_id: str, form_id: str | None = None, **answer: object) -> httpx.Response:
        body = {"event_id": str(uuid4()), "stage": stage, "claim_id": claim_id, "answer": answer}
        return self.call("POST", f"forms/{form_id or self.form.form_id}/events", body)

    def commit(self, stage: str) -> httpx.Response:
        body = {"event_id": str(uuid4()), "stage": stage}
        return self.call("POST", f"forms/{self.form.form_id}/commit", body)

    def judge(self, stage: str, *, p: Callable[[Any], int] | None = None, note: str | None = None) -> None:
        """Answers every row and commits; knowing the truth if `p` does not say otherwise."""
        for claim in self.truth.claims:
            said = p(claim) if p else 100 * claim.flawed
            answer: dict[str, object] = {"p": said, "action": "use"}
            if stage == "check":
                answer["action"] = self.cheapest(claim) if p is None else "fix" if said >= 50 else "use"
            if stage == "check" and said >= 50:
                kind = claim.kinds[0] if claim.kinds else self.form.groups[0].kinds[0].id
                answer |= {"kind": kind, "severity": claim.severity or "minor"}
                answer |= {"value": claim.truth} if claim.unit and claim.truth is not None else {}
            answer |= {"note": f"{self.learner}-said {note}"} if note else {}
            told = self.say(stage, claim.claim_id, **answer)
            assert told.status_code == 201, told.text
        assert self.commit(stage).status_code == 201

    def know_all(self) -> None:
        """Judges as somebody who knows the truth would: all judgement points, honestly earned."""
        self.judge("first")
        self.judge("check")

    def cheapest(self, claim: Any) -> str:
        return "fix" if claim.flawed else "use"


def _function(signature: str, body: str, before: str) -> str:
    return f"{dedent(before)}\ndef {signature}:\n{indent(dedent(body).strip(), '    ')}\n"


@dataclass(frozen=True)
class Attack:
    """One entry.

    Attributes:
        name: Also the learner's.
        theme: Its module.
        tries: What it tries, in a sentence.
        make: Spoils the good hand-in.
        came_to: Cell -> what became of it, one of these keys of `WORDS`, and so it earned nothing; two where a busy
            machine may make it either. Cells not named earn as in `BASE`.
        earns: Cell -> points other than in `BASE`, where they are earned.
        put_right: What the cell at the top must say was put right, a few words each; nothing else may be there.
        failed: Words of the error, when the submission as a whole cannot be graded.
        no_form: The learner was given no form, so that there is nothing to score against.
        shows: Is tried in `make test` for its theme; all are in `make deep`.
    """

    name: str
    theme: str
    tries: str
    make: Callable[[HandIn], None]
    came_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    earns: Mapping[str, float] = field(default_factory=dict)
    put_right: tuple[str, ...] = ()
    failed: str | None = None
    no_form: bool = False
    shows: bool = False


ATTACKS: dict[str, Attack] = {}


def attack(
    *,
    earns: Mapping[str, float] | None = None,
    put_right: tuple[str, ...] = (),
    failed: str | None = None,
    no_form: bool = False,
    shows: bool = False,
    **came_to: str,
) -> Callable[[Callable[[HandIn], None]], Callable[[HandIn], None]]:
    """Enters the function below; its docstring is what it tries."""

    def enter(make: Callable[[HandIn], None]) -> Callable[[HandIn], None]:
        name, theme = make.__name__, make.__module__.rpartition(".")[2]
        assert name not in ATTACKS and make.__doc__, name
        became = {cell: tuple(words.split(" or ")) for cell, words in came_to.items()}
        assert all(word in WORDS[cell] for cell, words in became.items() for word in words), name
        ATTACKS[name] = Attack(name, theme, make.__doc__, make, became, earns or {}, put_right, failed, no_form, shows)
        return make

    return enter
