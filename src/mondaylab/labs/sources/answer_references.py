"""References of adopted answers: the text is what came, its claims are what was said, its subject is the draft's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mondaylab.errors import Refused
from mondaylab.forms.formats import layout_problem
from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.claims.slots import WEEKS, slot_words
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.wording import words_of
from mondaylab.labs.sources.adopted import AdoptedAnswer, words_hash
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.labs.sources.references import there_are

if TYPE_CHECKING:
    from mondaylab.labs.sources.declaration import DraftTemplate, LabDeclaration


def answer_problems(lab: LabDeclaration, draft: DraftTemplate, version: Manuscript) -> Iterator[tuple[int, str]]:
    """What is wrong with an adopted answer, whatever the data: the line of it, and what.

    Args:
        lab: The lab.
        draft: The draft, following this version.
        version: One with an answer.
    """
    answer = version.answer
    if answer is None:
        return
    yield from ((1, said) for said in _about(lab, draft, answer))
    there, said = set(version.claims()), answer.said()
    for name in sorted(there - said.keys()):
        yield version.line(name), f"claim {name!r}: how it was said does not stand in [[answer.claims]]"
    for name in sorted(said.keys() - there):
        yield 1, f"claim {name!r} was said, and stands nowhere in the text"
    if (problem := layout_problem(draft)) is not None:
        yield 1, problem
    if strange := sorted(answer.states.keys() - draft.must_state.items.keys()):
        yield 1, f"{strange[0]!r} is nothing that the draft must state ({there_are(draft.must_state.items)})"
    yield from ((1, said) for said in _left_out(lab, draft, answer))
    if there == said.keys():
        yield from _edited(version, answer)


def _left_out(lab: LabDeclaration, draft: DraftTemplate, answer: AdoptedAnswer) -> Iterator[str]:
    """What is said to be left out, and a claim of the answer states it: what is missing is not for anybody to type."""
    claims = {one.id: one for one in lab.claims}
    declared = next(one for one in lab.drafts if one.id == draft.id).must_state.items
    for item, stated in draft.must_state.items.items():
        wanted = [claims[name] for name in declared[item] if name in claims]
        for said in () if stated else answer.claims:
            own = claims.get(said.claim)
            if own is not None and any(_same(own, one) for one in wanted):
                yield f"claim {own.id!r} states {item!r}: write it into 'states'"


def _same(one: Template, other: Template) -> bool:
    """Whether both state the same figure."""
    if one.id == other.id:
        return True
    figures = [claim for claim in (one, other) if isinstance(claim, FigureTemplate) and claim.pick is None]
    told = [(claim.measure, claim.view, claim.a_week_before, claim.by) for claim in figures]
    return len(told) == 2 and told[0] == told[1]


def _edited(version: Manuscript, answer: AdoptedAnswer) -> Iterator[tuple[int, str]]:
    try:
        came = version.as_it_came()
    except Refused as error:
        yield 1, error.what
        return
    if words_hash(came) != answer.sha256:
        again = "adopt it again: mondaylab labs adopt LAB --quarter QUARTER"
        yield 1, f"its words are not those that came: an answer is never edited ({again})"


def _about(lab: LabDeclaration, draft: DraftTemplate, answer: AdoptedAnswer) -> Iterator[str]:
    known = slot_words({name: slot for name, slot in lab.slots.items() if not slot.is_week})
    for slot in sorted(answer.subject.keys() - known):
        yield f"the answer is about {slot!r}, which is nothing that slots draw ({there_are(known)})"
    words = {*WEEKS, *answer.subject}
    for place, text in (("title", answer.title), ("prompt", answer.prompt)):
        for word in words_of(text):
            if word not in words:
                yield f"the {place} says {{{word}}}, which the answer is not about ({there_are(words)})"
    claims = {one.id: one for one in lab.claims}
    for said in answer.claims:
        needed = {*claims[said.claim].slot_names()} if said.claim in claims else set()
        if missing := sorted(needed - {*WEEKS, *answer.subject}):
            yield f"claim {said.claim!r} is about {missing[0]!r}, which the answer is not about"
