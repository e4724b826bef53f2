"""Recording a lab's drafts: what is missing is asked for, what is there is replayed, and all of it is checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mondaylab.errors import Refused
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.form import Seed
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.asked import Asked
from mondaylab.labs.recorded.checking import CheckedSentence, Refusal, check_recording
from mondaylab.labs.recorded.stale import StaleRecording, stale_in
from mondaylab.labs.recorded.store import Recording, RecordStore
from mondaylab.labs.recording.asker import Asker
from mondaylab.labs.recording.endpoint import FAILURES, CallFailed, Failure
from mondaylab.labs.recording.sources import DraftSource, answer_of
from mondaylab.records import Record

PUBLIC = b"mondaylab recordings"
"""Which slices are asked about is no secret; it must only be the same each time."""
PATIENCE = 3
"""So many calls in a row may fail before the rest is left for another time."""


class DraftReport(Record):
    """What became of one request."""

    draft: str
    number: int
    state: Literal["asked", "replayed", "failed", "to_ask"]
    failure: Failure | None = None
    says: str | None = None
    """The failure in words."""
    key: str | None = None
    model: str | None = None
    """As the server names itself."""
    recorded: str | None = None
    sentences: tuple[CheckedSentence, ...] = ()
    refused: tuple[Refusal, ...] = ()
    tokens_in: int | None = None
    tokens_out: int | None = None
    seconds: float = 0.0
    prompt: str | None = None
    """Dry run: all that would be sent."""


class RecordReport(Record):
    """What `mondaylab labs record` did."""

    lab: str
    company: str
    quarter: str
    snapshot: str
    model: str
    drafts: tuple[DraftReport, ...]
    nothing_to_ask: tuple[str, ...]
    """Draft templates without a figure that a model could word."""
    stale: tuple[StaleRecording, ...]
    damaged: tuple[str, ...]
    tokens_in: int
    """Of the calls of this run, as far as the server counted them."""
    tokens_out: int
    cost: float | None
    """Of the calls of this run, in the currency of the prices; none without prices."""
    cost_of_all: float | None
    """Of every answer in the report, replayed ones too."""

    @property
    def failed(self) -> bool:
        """Whether a call failed."""
        return any(draft.state == "failed" for draft in self.drafts)


def requests(material: Material, drafts: int) -> tuple[list[Asked], list[str]]:
    """What a lab asks for, the same at each call; and the draft templates that have nothing to ask.

    Args:
        material: The lab on its snapshot.
        drafts: How many of each draft template.

    Raises:
        Refused: A draft finds nothing to be about.
    """
    writer, quarter = material.writer(), str(material.quarter)
    names = {"lab": material.name, "company": material.bindings.company, "quarter": quarter}
    asker = Asker(writer, snapshot=material.snapshot.id, **names)
    wanted: list[Asked] = []
    nothing: list[str] = []
    for draft in material.declaration.drafts:
        for number in range(1, drafts + 1):
            seed = Seed(PUBLIC, material.name, quarter, draft.id, str(number))
            asked = asker.ask(draft, number, Drawer(writer, seed.rng("slices")))
            if asked is None:
                nothing.append(draft.id)
                break
            wanted.append(asked)
    return wanted, nothing


def record_drafts(
    material: Material,
    store: RecordStore,
    source: Callable[[], DraftSource],
    *,
    model: str | None = None,
    drafts: int = 3,
    dry_run: bool = False,
    prices: tuple[float, float] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> RecordReport:
    """Asks for what is not recorded yet, and checks everything.

    Args:
        material: The lab on its snapshot.
        store: Where answers are kept.
        source: Gives what is asked; called only when something must be.
        model: As the source knows it; none: the only one it serves.
        drafts: How many of each draft template.
        dry_run: Ask nothing; the report holds the prompts.
        prices: Per million tokens in and out.
        say: Gets a line for each call.

    Raises:
        Refused: There is nothing to ask, or it will not answer such calls.
    """
    wanted, nothing = requests(material, drafts)
    if model is None and not dry_run:
        model = source().only_model()
    run = _Run(material, store, source, model or "", dry_run, say)
    done = tuple(run.one(asked, place, len(wanted)) for place, asked in enumerate(wanted, start=1))
    new = [draft for draft in done if draft.state == "asked"]
    return RecordReport(
        lab=material.name,
        company=material.bindings.company,
        quarter=str(material.quarter),
        snapshot=material.snapshot.id,
        model=model or "",
        drafts=done,
        nothing_to_ask=tuple(nothing),
        stale=tuple(stale_in(store, material.snapshot.id, material.declaration)),
        damaged=tuple(store.damaged()),
        tokens_in=sum(draft.tokens_in or 0 for draft in new),
        tokens_out=sum(draft.tokens_out or 0 for draft in new),
        cost=_cost(new, prices),
        cost_of_all=_cost(done, prices),
    )


class _Run:
    """One pass over the requests; it gives up on a source that fails again and again."""

    def __init__(
        self,
        material: Material,
        store: RecordStore,
        source: Callable[[], DraftSource],
        model: str,
        dry_run: bool,
        say: Callable[[str], None],
    ) -> None:
        self._writer, self._store, self._make = material.writer(), store, source
        self._model, self._dry_run, self._say = model, dry_run, say
        self._source: DraftSource | None = None
        self._failed = 0

    def one(self, asked: Asked, place: int, of: int) -> DraftReport:
        name = {"draft": asked.draft, "number": asked.number}
        kept = self._store.get(asked.key(self._model))
        if kept is not None:
            return self._checked(kept, "replayed")
        if self._dry_run:
            prompt = "\n\n".join(message["content"] for message in asked.messages())
            return DraftReport.parse({**name, "state": "to_ask", "prompt": prompt}, where=asked.draft)
        if self._failed >= PATIENCE:
            return DraftReport.parse({**name, "state": "to_ask"}, where=asked.draft)
        if self._source is None:
            self._source = self._make()
        self._say(f"{place} of {of}: asking {self._model} for {asked.draft} {asked.number}")
        try:
            recording = answer_of(self._source, asked, self._model)
        except CallFailed as failure:
            self._failed += 1
            words = {"state": "failed", "failure": failure.code, "says": FAILURES[failure.code]}
            return DraftReport.parse({**name, **words}, where=asked.draft)
        self._failed = 0
        self._store.put(recording)
        return self._checked(recording, "asked")

    def _checked(self, recording: Recording, state: Literal["asked", "replayed"]) -> DraftReport:
        checked = check_recording(self._writer, recording)
        return DraftReport(
            draft=checked.draft,
            number=checked.number,
            state=state,
            key=checked.key,
            model=checked.model,
            recorded=checked.recorded,
            sentences=checked.sentences,
            refused=checked.refused,
            tokens_in=recording.tokens_in,
            tokens_out=recording.tokens_out,
            seconds=recording.seconds,
        )


def _cost(drafts: tuple[DraftReport, ...] | list[DraftReport], prices: tuple[float, float] | None) -> float | None:
    """Tokens times price per million; none without prices, refused where tokens were not counted."""
    if prices is None:
        return None
    asked = [draft for draft in drafts if draft.key is not None]
    if any(draft.tokens_in is None or draft.tokens_out is None for draft in asked):
        raise Refused("what was asked does not count its tokens, so there is no cost", fix="leave the prices out")
    told = sum((draft.tokens_in or 0) * prices[0] + (draft.tokens_out or 0) * prices[1] for draft in asked)
    return round(told / 1e6, 6)
