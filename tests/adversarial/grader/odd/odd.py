"""What an odd submission is, and the hand-in it starts from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from nbformat import NotebookNode

from mondaylab.judging.answers import EvidenceEvent, PromptEvent

ANSWERED = {"prompt": 5.0, "evidence": 10.0, "validator": 10.0}
"""What the right answers earn."""
WRITTEN = ("oversight_check_point", "oversight_accountability", "oversight_disclosure")
MINE = "The assistant's figures are held against the books by the controller, and I sign for it."


class Handed:
    """One learner's submission while it is made.

    Attributes:
        box: The course.
        learner: Who.
        notebook: All answered, rightly.
        folder: The submission's folder.
    """

    def __init__(self, box: Any, learner: str, notebook: NotebookNode) -> None:
        self.box, self.learner, self.notebook = box, learner, notebook
        self.folder: Path = box.place(learner)
        self.folder.mkdir(parents=True)
        self.name = f"{box.name}.ipynb"
        self._written = False

    def cell(self, grade_id: str) -> NotebookNode:
        return self.box.cell(self.notebook, grade_id)

    def released(self, grade_id: str) -> str:
        return self.box.cell(self.box.released(), grade_id).source

    def at(self, grade_id: str) -> int:
        return self.notebook.cells.index(self.cell(grade_id))

    def raw(self) -> dict[str, Any]:
        return json.loads(json.dumps(self.notebook))

    def write(self, data: bytes | dict[str, Any] | None = None, name: str | None = None) -> Path:
        """Puts a file into the submission: the notebook, if nothing else is said."""
        path = self.folder / (name or self.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = self.raw() if data is None else data
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        self._written = self._written or path.name == self.name
        return path

    def leave(self) -> None:
        """Hands in the notebook as it was released."""
        self.write(json.loads(json.dumps(self.box.released())))

    def finish(self) -> None:
        if not self._written:
            self.write()

    # -- what the judgement service has
    def builds(self) -> None:
        """Saves the right measure in the evidence builder."""
        key = self.box.forms[self.learner].key
        event = EvidenceEvent(event_id=uuid4(), measure=key.evidence.measure)
        self.box.store.record_evidence(key.form_id, self.learner, event)

    def checks(self, text: str) -> None:
        """Has a prompt checked in the notebook."""
        form_id = self.box.forms[self.learner].key.form_id
        self.box.store.record_prompt(form_id, self.learner, PromptEvent(event_id=uuid4(), prompt=text))


@dataclass(frozen=True)
class Odd:
    """One entry.

    Attributes:
        name: Also the learner's.
        theme: Its module.
        does: What its learner did.
        make: Makes it of the whole one.
        waits: Cells that wait for a person; all others earn what the right answers earn.
        shows: Words of the learner's that the person must see in the graded notebook.
    """

    name: str
    theme: str
    does: str
    make: Callable[[Handed], None]
    waits: frozenset[str]
    shows: tuple[str, ...]


ODD: dict[str, Odd] = {}


def odd(*waits: str, shows: tuple[str, ...] = ()) -> Callable[[Callable[[Handed], None]], Callable[[Handed], None]]:
    """Enters the function below; its docstring is what its learner did."""

    def enter(make: Callable[[Handed], None]) -> Callable[[Handed], None]:
        name, theme = make.__name__, make.__module__.rpartition(".")[2]
        assert name not in ODD and make.__doc__ and set(waits) <= set(ANSWERED), name
        ODD[name] = Odd(name, theme, make.__doc__, make, frozenset(waits), shows)
        return make

    return enter
