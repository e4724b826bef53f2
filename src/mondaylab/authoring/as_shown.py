"""An answer as the page shows it: one row for each claim or doubt, what is true, and what its author can say of one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mondaylab.authoring.meaning import Meaning, claim_words
from mondaylab.authoring.proposed import proposals
from mondaylab.authoring.sitting import Sitting
from mondaylab.forms.flaws import FlawTable
from mondaylab.labs.adopting.adopter import Piece
from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.adopting.decisions import Decisions, may_be_meant, may_be_nothing
from mondaylab.labs.adopting.entries import Entry, entries
from mondaylab.labs.adopting.need import Need
from mondaylab.labs.adopting.report import report
from mondaylab.labs.binding.claims import DOUBTS
from mondaylab.labs.binding.truth import JudgedClaim
from mondaylab.labs.claims.text_claim import TextClaim
from mondaylab.labs.claims.wording import Display, phrase, spelled, words_of

Plain = dict[str, Any]


class AsShown:
    """A sitting as plain data.

    Args:
        sitting: The answer and what was decided.
        flaws: What an error is called.
    """

    def __init__(self, sitting: Sitting, flaws: FlawTable) -> None:
        self._sitting = sitting
        self._flaws = flaws
        self._answered: Answered = sitting.answered
        self._adoption = sitting.adoption
        self._report = report(sitting.answered, sitting.adoption, sitting.taken)
        self._pieces: dict[int, Piece] = {one.number: one for one in sitting.adoption.pieces}

    def whole(self) -> Plain:
        """All that the page shows of it, but for what can be said of one place."""
        rows = self._rows()
        origin, subject = self._answered.origin, self._answered.subject
        return {
            "tool": origin.tool,
            "model": origin.model,
            "answered": origin.answered.isoformat(),
            "prompt": phrase(origin.prompt, subject.words(), where="the prompt"),
            "about": ", ".join([*subject.slots.values(), subject.words()["week"]]),
            "draft": self._answered.draft,
            "version": self._sitting.version,
            "text": self._answered.text,
            "taken": self._report["taken_out"],
            "rows": rows,
            "bound": sum(row["state"] in ("holds", "wrong") for row in rows),
            "open": sum(row["state"] == "open" for row in rows),
            "stuck": sum(row["state"] == "stuck" for row in rows),
            "notes": [self._need(one) for one in self._adoption.needs if one.number is None],
            "must_state": [{"item": item, "numbers": self._stating(item)} for item in self._draft.must_state.items],
            "fixed": self._report["stands_only_as_it_came"],
            "decided": self._sitting.decisions != Decisions(),
            "ready": self._adoption.text is not None,
        }

    def place(self, entry: Entry) -> Plain:
        """What an author can say of one place, and what each would come to."""
        answered, number = self._answered, entry.number
        undecided = self._undecided(entry)
        can_mean = undecided.claim is None and may_be_meant(answered, undecided)
        offered = proposals(answered, undecided) if can_mean else ()
        said = None if entry.claim is None else Meaning.of(entry.claim, answered.lexicon)
        piece = self._pieces.get(number)
        return {
            "number": number,
            "words": answered.shown(*(self._span(entry) if piece is not None else (undecided.start, undecided.end))),
            "sentence": answered.shown(
                answered.bound.sentences[entry.sentence].start, answered.bound.sentences[entry.sentence].end
            ),
            "means": None if entry.claim is None else claim_words(answered, entry.claim),
            "why": None if undecided.why is None else DOUBTS[undecided.why],
            "decided": number in self._sitting.decisions.means or number in self._sitting.decisions.not_claims,
            "can_mean": can_mean,
            "can_be_nothing": may_be_nothing(answered, undecided),
            "meaning": self._meaning(said, [one.meaning for one in offered]) if can_mean else None,
            "proposals": [
                {"meaning": one.meaning.model_dump(), "words": one.words, **self._comes_to(one.judged)}
                for one in offered
            ],
            "judged_as": None if piece is None else self._judged_as(piece, entry),
            "kinds": self._kinds(self._judged(entry)),
            "states": [{"item": item, "on": number in self._stating(item)} for item in self._draft.must_state.items]
            if piece is not None
            else [],
        }

    @property
    def _draft(self) -> Any:
        return next(one for one in self._answered.writer.lab.drafts if one.id == self._answered.draft)

    # -- rows
    def _rows(self) -> list[Plain]:
        rows: list[Plain] = []
        for place, said in enumerate(self._answered.bound.sentences):
            here = sorted((one for one in self._adoption.entries if one.sentence == place), key=lambda one: one.start)
            if not here:
                words = self._answered.shown(said.start, said.end)
                rows.append({**_NOTHING, "before": words, "first": True})
            at = said.start
            for order, one in enumerate(here):
                start, end = self._span(one)
                upto = said.end if order == len(here) - 1 else self._behind_comma(max(at, end))
                # one within the words of another is shown by its own words
                before, after = ("", "") if end <= at else (self._words(at, start), self._words(end, upto))
                cut = {"before": before, "words": self._words(start, end), "after": after}
                rows.append({**self._row(one), "first": order == 0, **cut})
                at = max(at, upto)
        return rows

    def _span(self, entry: Entry) -> tuple[int, int]:
        """The words of a claim as the manuscript will mark them; of a doubt, what is doubtful."""
        piece = self._pieces.get(entry.number)
        return (entry.start, entry.end) if piece is None else (piece.start, piece.end)

    def _words(self, start: int, end: int) -> str:
        return self._answered.shown(start, max(start, end))

    def _behind_comma(self, place: int) -> int:
        """Where the next row begins: not with the comma that ends this one."""
        found = _COMMA.match(self._answered.text, place)
        return place if found is None else found.end()

    def _row(self, entry: Entry) -> Plain:
        needs = [one for one in self._adoption.needs if one.number == entry.number]
        judged = self._judged(entry)
        state = "off" if entry.dismissed else "holds"
        if needs or entry.open:
            decided = any(one.decide is not None for one in needs)
            state = "open" if decided else "stuck"
        elif judged is not None and judged.flawed:
            state = "wrong"
        return {
            "number": entry.number,
            "state": state,
            "label": self._kind(judged) if state == "wrong" else _LABELS[state],
            **_says(entry, judged),
            "needs": [self._need(one) for one in needs],
        }

    def _need(self, one: Need) -> Plain:
        return {"what": one.what, "words": one.words, "decides": one.decide is not None}

    # -- one place
    def _undecided(self, entry: Entry) -> Entry:
        """The place as it was found, before its author said anything."""
        return next(one for one in entries(self._answered.bound) if one.number == entry.number)

    def _meaning(self, said: Meaning | None, offered: Sequence[Meaning]) -> Plain | None:
        first = said or next(iter(offered), None)
        return None if first is None else first.model_dump()

    def _comes_to(self, judged: JudgedClaim | None) -> Plain:
        if judged is None:
            return {"value": None, "holds": False, "kind": None}
        return {
            "value": _data_says(judged),
            "holds": not judged.flawed,
            "kind": self._kind(judged) if judged.flawed else None,
        }

    def _judged(self, entry: Entry) -> JudgedClaim | None:
        found = zip(self._adoption.entries, self._adoption.judged, strict=True)
        return next((judged for one, judged in found if one.number == entry.number), None)

    def _kind(self, judged: JudgedClaim | None) -> str:
        return next(iter(self._kinds(judged)), "wrong")

    def _kinds(self, judged: JudgedClaim | None) -> list[str]:
        """What a learner may fairly call an error."""
        if judged is None or judged.operator is None:
            return []
        labels = {kind.id: kind.label for group in self._flaws.groups for kind in group.kinds}
        return [labels[one].lower() for one in self._flaws.entry(judged.operator).kinds]

    def _judged_as(self, piece: Piece, entry: Entry) -> str:
        claim = entry.claim
        up = claim is not None and (claim.says == "more" or (claim.stated or 0) >= 0) and claim.says != "less"
        words = {
            **self._answered.subject.words(),
            "value": "…"
            if claim is None or claim.stated is None
            else _number(abs(claim.stated), claim, claim.decimals),
            "direction": "rose" if up else "fell",
            "comparison": "higher" if up else "lower",
        }
        known = {name: str(words.get(name, "…")) for name in words_of(piece.judged_as)}
        return phrase(piece.judged_as, known, where=piece.claim)

    def _stating(self, item: str) -> list[int]:
        names = self._adoption.states.get(item, ())
        return [one.number for one in self._adoption.pieces if one.claim in names]


def _says(entry: Entry, judged: JudgedClaim | None) -> Plain:
    """What text and data say of a place, each as people write it; nothing of one that is no claim."""
    claim = entry.claim
    if claim is None:
        return {"text_says": None, "data_says": None}
    text = claim.says if claim.stated is None else _signed(claim.stated, claim, claim.decimals)
    return {"text_says": text, "data_says": None if judged is None else _data_says(judged)}


def _data_says(judged: JudgedClaim) -> str:
    """The truth, as exactly as the text says it; of a share a digit more."""
    claim = judged.claim
    if judged.truth is None:
        return _OTHER[claim.says] if judged.flawed else claim.says
    return _signed(judged.truth, claim, max(claim.decimals, 0) + (claim.unit in ("%", "points")))


def _signed(value: float, claim: TextClaim, decimals: int) -> str:
    """A change has its sign; of a figure only a minus is told."""
    sign = "\u2212" if value < 0 else "+" if claim.against is not None else ""
    return f"{sign}{_number(abs(value), claim, decimals)}"


def _number(value: float, claim: TextClaim, decimals: int) -> str:
    return spelled(value, Display(unit=claim.unit, decimals=decimals)).rstrip()


_COMMA = re.compile(r"[,;:]")
_NOTHING: Mapping[str, Any] = {
    "number": None, "state": "off", "label": "not a claim", "text_says": None, "data_says": None, "needs": [],
    "words": "", "after": "",
}  # fmt: skip
_LABELS = {"off": "not a claim", "holds": "holds", "open": "needs you", "stuck": "in the way"}
_OTHER = {"more": "less", "less": "more"}
