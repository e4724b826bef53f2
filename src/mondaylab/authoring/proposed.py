"""Proposals: figures that a doubtful place may mean, found by its words; what each comes to is told, never used."""

from __future__ import annotations

from collections.abc import Iterator

from mondaylab.authoring.meaning import Meaning, claim_words, fields_of, whens
from mondaylab.errors import MondaylabError
from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.adopting.decisions import meant
from mondaylab.labs.adopting.entries import Entry
from mondaylab.labs.binding.truth import JudgedClaim, judge_claim
from mondaylab.records import Record

MOST = 6
"""So many are offered; all others can be put together from the menus."""


class Proposal(Record):
    """One figure that may be meant."""

    meaning: Meaning
    words: str
    judged: JudgedClaim | None
    """What the place would say then, and whether that is true; none where the data does not settle it."""


def proposals(answered: Answered, entry: Entry) -> tuple[Proposal, ...]:
    """What a doubtful place may mean, the likeliest by its words first; nothing the text contradicts is among it."""
    displays = {name: named.display for name, named in answered.asking.names.items()}
    found: list[Proposal] = []
    for meaning in _candidates(answered, entry):
        try:
            claim = meant(answered, entry, meaning.words())
        except MondaylabError:  # another unit, or the text names something else there
            continue
        judged = judge_claim(answered.writer, displays, claim, answered.given)
        if all(one.meaning != meaning for one in found):
            found.append(Proposal(meaning=meaning, words=claim_words(answered, claim), judged=judged))
        if len(found) == MOST:
            break
    return tuple(found)


def _candidates(answered: Answered, entry: Entry) -> Iterator[Meaning]:
    """Each measure's figure of what the answer is about, then the whole company's, then those of the week before."""
    lexicon = answered.lexicon
    now, *early = whens(lexicon)[:2]
    named = _measures(answered, entry)
    own = {measure: _own_cut(answered, measure) for measure in named}
    for against in ("", *(["week before"] if lexicon.before is not None else [])):
        for when in (now,) if against else (now, *early):
            for whole in (False, True):
                for measure in named:
                    yield Meaning(measure=measure, cut={} if whole else own[measure], when=when, against=against)


def _own_cut(answered: Answered, measure: str) -> dict[str, str]:
    """The slices of a measure that the answer is about."""
    lexicon = answered.lexicon
    fields = fields_of(answered, measure, sorted(lexicon.subject))
    return {field: lexicon.subject[field] for field in fields if field in lexicon.cuts[measure]}


def _measures(answered: Answered, entry: Entry) -> list[str]:
    """All measures: those that its sentence names, then those named last before it, then the others."""
    near = [name for mark in answered.marks[entry.sentence] if mark.what == "measure" for name in mark.names]
    early = [
        name
        for place in range(entry.sentence - 1, -1, -1)
        for mark in reversed(answered.marks[place])
        if mark.what == "measure"
        for name in mark.names
    ]
    return [name for name in dict.fromkeys([*near, *early, *answered.asking.names]) if name in answered.asking.names]
