"""Asking for a baseline: how wrong a model holds the rows of some forms to be, each told alone."""

from __future__ import annotations

from collections.abc import Callable

from mondaylab.labs.gates.baseline import baseline_gate, questions
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import draw_sample
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.baselines import SYSTEM, Baseline, BaselineStore, asked_key
from mondaylab.labs.recording.endpoint import FAILURES, CallFailed, Endpoint, Line
from mondaylab.records import Record

PATIENCE = 3
"""So many calls in a row may fail before the rest is left for another time."""


class BaselineReport(Record):
    """What `mondaylab labs baseline` did."""

    lab: str
    company: str
    quarter: str
    snapshot: str
    model: str
    forms: int
    rows: int
    """Of these forms."""
    asked: int
    """Calls that were answered in this run."""
    to_ask: int
    """Rows that are left."""
    failure: str | None = None
    """In words, why rows are left; none where the run was dry, or nothing failed."""
    first: str | None = None
    """Dry run: all that would be sent for the first row."""
    gate: Gate | None = None
    """What the model earns, over the rows that it was asked about."""


def record_baseline(
    material: Material,
    store: BaselineStore,
    source: Callable[[], Endpoint],
    *,
    forms: int,
    model: str | None = None,
    dry_run: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> BaselineReport:
    """Asks a model about each row of the first forms that the gates draw; what it answered already is not asked again.

    Args:
        material: The lab on its snapshot.
        store: Where answers are kept.
        source: Gives the endpoint; called only when something must be asked.
        forms: How many.
        model: As the endpoint knows it; none: the only one it serves.
        dry_run: Ask nothing.
        say: Gets a line for each form.

    Raises:
        Refused: Too few forms can be drawn, or the endpoint will not answer such calls.
    """
    sample, _ = draw_sample(material, forms)
    by_form = [questions(sample, form) for form in range(len(sample.forms))]
    asked = list(dict.fromkeys(one for form in by_form for one in form))
    if model is None and not dry_run:
        model = source().only_model()
    run = _Run(store, source, store.get(model, material.snapshot.id) if model else None)
    if not dry_run and model:
        for place, form in enumerate(by_form, start=1):
            say(f"form {place} of {len(by_form)}: asking {model} about {len(form)} rows")
            run.form(form, model, material.snapshot.id)
    left = [one for one in asked if run.kept is None or asked_key(one) not in run.kept.answers]
    return BaselineReport(
        lab=material.name,
        company=material.bindings.company,
        quarter=str(material.quarter),
        snapshot=material.snapshot.id,
        model=model or "",
        forms=len(by_form),
        rows=len(asked),
        asked=run.asked,
        to_ask=len(left),
        failure=run.failure if left else None,
        first=f"{SYSTEM}\n\n{left[0]}" if dry_run and left else None,
        gate=None if run.kept is None else baseline_gate(sample, run.kept),
    )


class _Run:
    """One pass over forms; it keeps what came after each, and gives up on an endpoint that fails again and again."""

    def __init__(self, store: BaselineStore, source: Callable[[], Endpoint], kept: Baseline | None) -> None:
        self._store, self._make = store, source
        self._endpoint: Endpoint | None = None
        self._failed = 0
        self.kept = kept
        self.asked = 0
        self.failure: str | None = None

    def form(self, rows: list[str], model: str, snapshot: str) -> None:
        """Asks about the rows of a form that were not asked about yet; whatever ends it, what came is kept."""
        lines: dict[str, Line] = {}
        try:
            for row in rows:
                known = self.kept is not None and asked_key(row) in self.kept.answers
                if not (known or asked_key(row) in lines or self._failed >= PATIENCE):
                    self._ask(row, model, lines)
        finally:
            if lines:
                self._keep(lines, model, snapshot)

    def _ask(self, row: str, model: str, lines: dict[str, Line]) -> None:
        self._endpoint = self._endpoint or self._make()
        messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": row}]
        try:
            lines[asked_key(row)] = self._endpoint.ask_line(messages, model)
        except CallFailed as failure:
            self._failed, self.failure = self._failed + 1, FAILURES[failure.code]
            return
        self._failed, self.asked = 0, self.asked + 1

    def _keep(self, lines: dict[str, Line], model: str, snapshot: str) -> None:
        """Keeps what came beside what is there; where another model answers under the name, instead of it."""
        last = [*lines.values()][-1]
        same = self.kept is not None and self.kept.model == last.model
        before = self.kept.answers if self.kept is not None and same else {}
        answers = {**before, **{key: line.text for key, line in lines.items() if line.model == last.model}}
        self.kept = Baseline(
            model_asked=model, model=last.model, asked=last.recorded, snapshot=snapshot, answers=answers
        )
        self._store.put(self.kept)
