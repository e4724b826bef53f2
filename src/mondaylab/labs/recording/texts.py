"""Recording texts: what is missing is asked for, what is there is replayed, and all of it is bound and judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from typing import Literal

from mondaylab.errors import Refused
from mondaylab.labs.binding.binder import bind
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.truth import JudgedText, judge
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import Answer, AnswerStore, AskedText
from mondaylab.labs.recording.endpoint import FAILURES, CallFailed
from mondaylab.labs.recording.sources import TextSource, answer_of
from mondaylab.labs.recording.stale import StaleAnswer, stale_among
from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.labs.sheet import sheet
from mondaylab.labs.sources.asking import Asking
from mondaylab.records import Record

PATIENCE = 3
"""So many calls in a row may fail before the rest is left for another time."""


class TextReport(Record):
    """What became of one request for a text."""

    request: str
    number: int
    state: Literal["asked", "replayed", "failed", "to_ask"]
    says: str | None = None
    """The failure in words."""
    answer: Answer | None = None
    judged: JudgedText | None = None
    prompt: str | None = None
    """Dry run: all that would be sent."""

    @property
    def usable(self) -> bool:
        """Whether a form could hold it: it came to its end, and all that it states is bound and settled."""
        return (
            self.answer is not None and self.answer.finish == "stop" and self.judged is not None and self.judged.usable
        )


class TextsReport(Record):
    """What `mondaylab labs record` did."""

    lab: str
    company: str
    quarter: str
    snapshot: str
    model: str
    texts: tuple[TextReport, ...]
    stale: tuple[StaleAnswer, ...]
    damaged: tuple[str, ...]
    """In words, files beside the answers that are none."""
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
        return any(text.state == "failed" for text in self.texts)

    def counts(self) -> dict[str, int]:
        """How much of what, over all texts: answers, usable ones, claims, doubtful places, wrong claims."""
        claims = [one for text in self.texts if text.judged for one in text.judged.claims]
        doubts = sum(len(text.judged.bound.doubts) + len(text.judged.undecided) for text in self.texts if text.judged)
        return {
            "answers": sum(text.answer is not None for text in self.texts),
            "usable": sum(text.usable for text in self.texts),
            "claims": len(claims),
            "doubtful": doubts,
            "wrong": sum(one.flawed for one in claims),
        }

    def kinds(self) -> dict[str, int]:
        """Kind of error -> how many claims have it, the commonest first."""
        claims = [one for text in self.texts if text.judged for one in text.judged.claims]
        return dict(Counter(one.operator for one in claims if one.operator).most_common())


def record_texts(
    material: Material,
    asking: Asking,
    store: AnswerStore,
    source: Callable[[], TextSource],
    *,
    model: str | None = None,
    number: int = 3,
    only: Collection[str] = (),
    dry_run: bool = False,
    prices: tuple[float, float] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> TextsReport:
    """Asks for the texts that are not recorded yet, and binds and judges everything.

    Args:
        material: The lab on its snapshot.
        asking: What is asked for.
        store: Where answers are kept, as they came.
        source: Gives what is asked; called only when something must be.
        model: As the source knows it; none: the only one it serves.
        number: How many of each request.
        only: Ids of the requests that are asked; none: all of them.
        dry_run: Ask nothing; the report holds the prompts.
        prices: Per million tokens in and out.
        say: Gets a line for each call.

    Raises:
        Refused: There is nothing to ask about, no such request, or the source will not answer such calls.
    """
    asker = TextAsker(material, asking)
    requests = [asking.request(name) for name in dict.fromkeys(only)] or asker.requests
    wanted = [asker.ask(request, place) for request in requests for place in range(1, number + 1)]
    if model is None and not dry_run:
        model = source().only_model()
    run = _Run(material, asking, store, source, model or "", dry_run, say)
    done = tuple(run.one(asked, place, len(wanted)) for place, asked in enumerate(wanted, start=1))
    new = [one.answer for one in done if one.answer is not None and one.state == "asked"]
    return TextsReport(
        lab=material.name,
        company=material.bindings.company,
        quarter=str(material.quarter),
        snapshot=material.snapshot.id,
        model=model or "",
        texts=done,
        stale=tuple(stale_among(store.all(), asker)),
        damaged=tuple(store.damaged()),
        tokens_in=sum(answer.tokens_in or 0 for answer in new),
        tokens_out=sum(answer.tokens_out or 0 for answer in new),
        cost=_cost(new, prices),
        cost_of_all=_cost([one.answer for one in done if one.answer is not None], prices),
    )


def judged_answer(material: Material, asking: Asking, asked: AskedText, text: str) -> JudgedText:
    """What an answer to a request claims, and whether it is true.

    Args:
        material: The lab on the snapshot that was asked about.
        asking: What its words mean.
        asked: The request.
        text: The answer.
    """
    writer, request, subject = material.writer(), asking.request(asked.request), Slices(asked.subject, asked.week)
    lexicon = Lexicon.of(writer, asking, request, subject)
    given = sheet(writer, asking, request, subject) or ()
    return judge(writer, lexicon, bind(text, lexicon), [about for row in given for about in row.about])


class _Run:
    """One pass over the requests; it gives up on a source that fails again and again."""

    def __init__(
        self,
        material: Material,
        asking: Asking,
        store: AnswerStore,
        source: Callable[[], TextSource],
        model: str,
        dry_run: bool,
        say: Callable[[str], None],
    ) -> None:
        self._material, self._asking, self._store, self._make = material, asking, store, source
        self._model, self._dry_run, self._say = model, dry_run, say
        self._source: TextSource | None = None
        self._failed = 0

    def one(self, asked: AskedText, place: int, of: int) -> TextReport:
        kept = self._store.get(asked.key(self._model))
        if kept is not None:
            return self._report(asked, "replayed", kept)
        if self._dry_run or self._failed >= PATIENCE:
            prompt = "\n\n".join(message["content"] for message in asked.messages) if self._dry_run else None
            return TextReport(request=asked.request, number=asked.number, state="to_ask", prompt=prompt)
        if self._source is None:
            self._source = self._make()
        self._say(f"{place} of {of}: asking {self._model} for {asked.request} {asked.number}")
        try:
            answer = answer_of(self._source, asked, self._model)
        except CallFailed as failure:
            self._failed += 1
            return TextReport(request=asked.request, number=asked.number, state="failed", says=FAILURES[failure.code])
        self._failed = 0
        return self._report(asked, "asked", self._store.put(answer))

    def _report(self, asked: AskedText, state: Literal["asked", "replayed"], answer: Answer) -> TextReport:
        judged = judged_answer(self._material, self._asking, asked, answer.text)
        return TextReport(request=asked.request, number=asked.number, state=state, answer=answer, judged=judged)


def _cost(answers: list[Answer], prices: tuple[float, float] | None) -> float | None:
    """Tokens times price per million; none without prices, refused where tokens were not counted."""
    if prices is None:
        return None
    if any(answer.tokens_in is None or answer.tokens_out is None for answer in answers):
        raise Refused("what was asked does not count its tokens, so there is no cost", fix="leave the prices out")
    told = sum((answer.tokens_in or 0) * prices[0] + (answer.tokens_out or 0) * prices[1] for answer in answers)
    return round(told / 1e6, 6)
