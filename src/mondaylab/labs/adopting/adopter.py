"""The adopter: from an answer and its author's decisions to a manuscript, or to what still needs a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mondaylab.errors import Refused
from mondaylab.labs.adopting.answered import Answered, within
from mondaylab.labs.adopting.decisions import STATES, WITHIN, Decisions, decided
from mondaylab.labs.adopting.entries import Entry, entries
from mondaylab.labs.adopting.file_text import came, file_text, linked
from mondaylab.labs.adopting.need import CannotAdopt, Need
from mondaylab.labs.adopting.spans import Span, cut, key_of
from mondaylab.labs.adopting.templates import (
    Stated,
    can_be_stated,
    direction_of,
    made_claim,
    own_claim,
    same_figure,
    stated,
)
from mondaylab.labs.adopting.titles import title
from mondaylab.labs.adopting.varying import CONTRASTS, Fixed, braced, connected, varied
from mondaylab.labs.binding.claims import BoundText
from mondaylab.labs.binding.truth import JudgedClaim, judge
from mondaylab.labs.claims.wording import Display
from mondaylab.labs.drawing.answers import MOST_FLAWED
from mondaylab.labs.sources.adopted import AdoptedAnswer, SaidClaim
from mondaylab.labs.sources.declaration import DraftTemplate
from mondaylab.labs.sources.toml_text import unpriced
from mondaylab.records import Record


class Piece(Record):
    """One claim of an adopted answer."""

    number: int
    claim: str
    """Id of its template."""
    own: bool
    """Whether the template is the answer's own."""
    start: int
    end: int
    said: str
    span: str
    """Its words in the manuscript."""
    judged_as: str
    """The sentence that is judged, with words in braces for what changes."""


class Adoption(Record):
    """What becomes of an answer."""

    entries: tuple[Entry, ...]
    judged: tuple[JudgedClaim | None, ...]
    """For each entry with a claim its truth; none for the others, and where the data settles nothing."""
    pieces: tuple[Piece, ...] = ()
    needs: tuple[Need, ...] = ()
    states: dict[str, tuple[str, ...]] = {}
    """What must be stated -> the claims that state it."""
    fixed: tuple[str, ...] = ()
    """Why it stands only as it came; nothing where its words fit other slices."""
    text: str | None = None
    """The whole manuscript; none as long as something needs a person."""


def adopt(answered: Answered, version: str, decisions: Decisions) -> Adoption:
    """Adopts an answer.

    Args:
        answered: The answer.
        version: Name of the version that it becomes.
        decisions: Its author's.

    Raises:
        Refused: A decision is about nothing in the answer.
    """
    found, needs = decided(answered, entries(answered.bound), decisions)
    judged = _judged(answered, found)
    making = _Making(answered, version, found, [*needs])
    making.unsettled(judged)
    making.claims()
    making.connecting()
    making.ever_drawn(judged)
    states = making.states(decisions)
    made = making.made(version, states) if not making.needs else None
    return Adoption(
        entries=found,
        judged=judged,
        pieces=tuple(making.pieces),
        needs=tuple(sorted(making.needs, key=lambda one: one.number or len(found) + 1)),
        states=states,
        fixed=tuple(dict.fromkeys(making.fixed)),
        text=made,
    )


def _judged(answered: Answered, found: Sequence[Entry]) -> tuple[JudgedClaim | None, ...]:
    """The truth of each claim, the author's readings among them."""
    sentences = tuple(
        one.model_copy(
            update={
                "claims": tuple(entry.claim for entry in found if entry.sentence == place and entry.claim is not None),
                "doubts": (),
            }
        )
        for place, one in enumerate(answered.bound.sentences)
    )
    told = judge(answered.writer, answered.lexicon, BoundText(text=answered.text, sentences=sentences), answered.given)
    by_claim = {id(one.claim): one for one in told.claims}
    return tuple(None if one.claim is None else by_claim.get(id(one.claim)) for one in found)


@dataclass
class _Making:
    """A manuscript in the making."""

    answered: Answered
    version: str
    entries: Sequence[Entry]
    needs: list[Need]
    pieces: list[Piece] = field(default_factory=list)
    own: list[dict[str, Any]] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    _stated: dict[int, Stated] = field(default_factory=dict)
    _body: list[str] = field(default_factory=list)

    def unsettled(self, judged: Sequence[JudgedClaim | None]) -> None:
        """Notes claims that the data settles neither way."""
        if not any(one.claim is not None for one in self.entries):
            self.needs.append(Need(what="it claims nothing that the data could settle"))
        for one, truth in zip(self.entries, judged, strict=True):
            if one.claim is not None and truth is None:
                self._need(one, "the data does not settle it: it has no such figure, or both are equal as shown")

    def ever_drawn(self, judged: Sequence[JudgedClaim | None]) -> None:
        """Holds that some form may have it: as it came, or for other slices."""
        truths = [one for one in judged if one is not None]
        flawed = sum(one.flawed for one in truths)
        if self.fixed and flawed > MOST_FLAWED * len(truths):
            what = f"no form would have it: {flawed} of {len(truths)} claims are wrong, which is too many as it came"
            self.needs.append(Need(what=f"{what}, and its words fit no other slices ({self.fixed[0]})"))

    def claims(self) -> None:
        """Finds the template and the span of each claim."""
        spans = [span for place in range(len(self.answered.bound.sentences)) for span in self._cut(place)]
        for span in spans:
            try:
                what = stated(self.answered, span.entry.claim) if span.entry.claim is not None else None
            except CannotAdopt as error:
                self._need(span.entry, error.what)
                continue
            if what is not None:
                self._stated[span.entry.number] = what
        self._once_each()
        for span in spans:
            self._nothing_beside(span)
            if (what := self._stated.get(span.entry.number)) is not None:
                self._claim(span, what)

    def _cut(self, place: int) -> list[Span]:
        said = [one for one in self.entries if one.sentence == place and one.claim is not None]
        try:
            return cut(self.answered, place, said)
        except CannotAdopt as error:
            self._need(said[0], error.what)
            return []

    def _once_each(self) -> None:
        """Claims that say one thing twice, or go one way together, cannot be drawn apart."""
        seen: set[str] = set()
        ways: set[tuple[str, str, str]] = set()
        for what in self._stated.values():
            if (key := what.canonical()) in seen:
                self.fixed.append("it gives a figure twice")
            seen.add(key)
            if (way := direction_of(what)) is not None:
                if way in ways:
                    self.fixed.append("it says twice which way a figure went")
                ways.add(way)

    def _claim(self, span: Span, what: Stated) -> None:
        """Notes the template of a claim and its words."""
        answered = self.answered
        marks = answered.marks[span.entry.sentence]
        said, word = answered.text[span.start : span.end], "direction"
        try:
            words, word = varied(answered, span, what, marks)
        except Fixed as error:
            self.fixed.append(error.what)
            words = braced(said)
            word = "direction" if what.than is None else "comparison"
        taken = {one.claim for one in self.pieces}
        lab = own_claim(answered, what)
        if lab is None or lab.id in taken or (what.kind == "more" and f"{{{word}}}" not in lab.judged_as):
            made = made_claim(answered, what, self._name(what, taken), word)
            self.own.append(made)
            if not can_be_stated(answered, made):
                self._need(span.entry, "no slices of these data would let it be stated")
            name, judged = str(made["id"]), str(made["judged_as"])
        else:
            name, judged = lab.id, lab.judged_as
        piece = Piece(
            number=span.entry.number,
            claim=name,
            own=lab is None or name != lab.id,
            start=span.start,
            end=span.end,
            said=" ".join(said.split()),
            span=" ".join(words.split()),
            judged_as=judged,
        )
        self.pieces.append(piece)

    def _nothing_beside(self, span: Span) -> None:
        """Holds that the words of a claim state nothing but it."""
        answered, claim = self.answered, span.entry.claim
        if claim is None:
            return
        rest = list(answered.plain[span.start : span.end])
        for mark in within(answered.marks[span.entry.sentence], span.start, span.end):
            core = claim.start <= mark.start and mark.end <= claim.end
            own = core if mark.what in ("up", "down") else mark.number == claim.number
            if mark.what == "measure":
                if mark.start >= claim.end and key_of(mark, claim) is None:
                    self._need(span.entry, f"beside it stands {answered.shown(mark.start, mark.end)!r}, another figure")
                own = True
            if own or key_of(mark, claim) is not None:
                rest[mark.start - span.start : mark.end - span.start] = " " * (mark.end - mark.start)
        settled = not any(one.open and one.start < span.end and span.start < one.end for one in self.entries)
        if settled and (what := answered.states("".join(rest))) is not None:
            self._need(span.entry, f"nobody would judge what stands beside it: {what}")
        for one in self.entries:
            if one.dismissed and one.why in WITHIN and one.start < span.end and span.start < one.end:
                self._need(one, "it stands within the words of a claim, and nobody would judge it")

    def _name(self, what: Stated, taken: set[str]) -> str:
        """An id that no claim of the lab has, and none of the answer."""
        end = {"growth": "_change", "points": "_change"}.get(what.view, "")
        end = "_more" if what.kind == "more" else "_before" if what.a_week_before else end
        replaced = {
            one["id"]
            for version in self._draft.versions
            if version.version == self.version
            for one in version.templates
        }
        lab = {one.id for one in self.answered.writer.lab.claims} - replaced
        names = (f"{what.measure}{end}{number}" for number in ["", *(f"_{one}" for one in range(2, 99))])
        return next(name for name in names if not {name, f"{self.version}_{name}"} & (lab | taken))

    def connecting(self) -> None:
        """Notes what stands outside all spans, and holds that it states nothing."""
        answered, at = self.answered, 0
        for place, one in enumerate(answered.bound.sentences):
            self._body.append(braced(answered.text[at : one.start]))
            start = one.start
            for piece in [piece for piece in self.pieces if one.start <= piece.start < one.end]:
                self._between(place, start, piece.start)
                self._body.append(linked(piece.span, piece.claim))
                start = piece.end
            self._between(place, start, one.end)
            at = one.end
        self._body.append(braced(answered.text[at:]))
        turns = any(word in piece.span for piece in self.pieces for word in ("{direction}", "{comparison}"))
        if turns and (found := CONTRASTS.search(answered.plain)) is not None:
            self.fixed.append(f"{found[0]!r} fits only the way that it went here")

    def _between(self, place: int, start: int, end: int) -> None:
        answered = self.answered
        words, fixed = connected(answered, start, end, answered.marks[place])
        self._body.append(words)
        self.fixed += [] if fixed is None else [fixed]
        open_here = any(one.open or (one.claim is not None and not self._placed(one)) for one in self.entries)
        what = answered.states(answered.text[start:end]) or self._of_another(place, start, end)
        if what is not None and not open_here:
            self.needs.append(Need(words=answered.shown(start, end), what=f"nobody would judge this: {what}"))

    def _of_another(self, place: int, start: int, end: int) -> str | None:
        """What words behind a claim name that it is not about; none where they name no measure."""
        if not any(piece.end <= start and self._sentence(piece) == place for piece in self.pieces):
            return None
        found = within(self.answered.marks[place], start, end)
        named = next((one for one in found if one.what == "measure"), None)
        return None if named is None else f"{self.answered.shown(named.start, named.end)!r} is what a claim is about"

    def _sentence(self, piece: Piece) -> int:
        return self.entries[piece.number - 1].sentence

    def _placed(self, one: Entry) -> bool:
        return any(piece.number == one.number for piece in self.pieces)

    # -- what must be stated
    def states(self, decisions: Decisions) -> dict[str, tuple[str, ...]]:
        """What the draft must state -> the claims that state it, as the lab's own would, or as its author says."""
        items = self._draft.must_state.items
        if strange := sorted(decisions.states.keys() - items.keys()):
            raise Refused(
                f"{strange[0]!r} is nothing that the draft must state", where=STATES, fix=f"write one of {[*items]}"
            )
        names = {one.number: one.claim for one in self.pieces}
        maybe = {one.number for one in self.entries if not one.dismissed}
        found: dict[str, tuple[str, ...]] = {}
        for item, wanted in items.items():
            given = decisions.states.get(item)
            unsettled = [number for number in given or () if number not in names]
            for number in unsettled:
                if number not in maybe:
                    raise Refused(
                        f"{number} is no claim of the answer", where=STATES, fix="see --dry-run for the numbers"
                    )
                self.needs.append(Need(number=number, what=f"{item!r} is stated by it, and it is not settled yet"))
            claims = [*self._proposed(wanted)] if given is None else [names[one] for one in given if one in names]
            if claims:
                found[item] = tuple(claims)
        return found

    def _proposed(self, wanted: Sequence[str]) -> Iterator[str]:
        lab = {one.id: one for one in self.answered.writer.lab.claims}
        for piece in self.pieces:
            what = self._stated[piece.number]
            if any(piece.claim == name or same_figure(lab[name], what) for name in wanted):
                yield piece.claim
                return

    @property
    def _draft(self) -> DraftTemplate:
        return next(one for one in self.answered.writer.lab.drafts if one.id == self.answered.draft)

    # -- the file
    def made(self, version: str, states: dict[str, tuple[str, ...]]) -> str | None:
        """The manuscript, or nothing where Markdown cannot show the answer."""
        answered = self.answered
        try:
            sha256 = came(answered.text)
        except Refused as error:
            self.needs.append(Need(what=f"no draft can show it: {error.what}"))
            return None
        answer = AdoptedAnswer(
            **answered.origin.model_dump(),
            title=title(answered),
            company=answered.writer.data.catalog.bindings.company,
            quarter=answered.quarter,
            week=answered.subject.week,
            subject=dict(answered.subject.slots),
            states=states,
            given=answered.given,
            displays=self._displays(),
            claims=tuple(self._said(one) for one in self.pieces),
            varies=not self.fixed,
            sha256=sha256,
        )
        currency = answered.writer.data.catalog.bindings.currency
        own = [{**one, "display": unpriced(one["display"], currency)} for one in self.own]
        return file_text(answer, own, "".join(self._body))

    def _said(self, piece: Piece) -> SaidClaim:
        claim = next(one.claim for one in self.entries if one.number == piece.number)
        if claim is None:
            raise Refused(f"claim {piece.number} says nothing", where="the answer")
        told = claim.model_dump(exclude={"start", "end", "number"})
        return SaidClaim.model_validate({**told, "claim": piece.claim, "said": piece.said})

    def _displays(self) -> dict[str, Display]:
        """How figures of the measures are shown that it speaks of, or that its writer was given."""
        names = {what.measure for what in self._stated.values()} | {one.measure for one in self.answered.given}
        return {name: named.display for name, named in self.answered.asking.names.items() if name in names}

    def _need(self, one: Entry, what: str, decide: str | None = None) -> None:
        words = self.answered.shown(one.start, one.end)
        self.needs.append(Need(number=one.number, words=words, what=what, decide=decide))
