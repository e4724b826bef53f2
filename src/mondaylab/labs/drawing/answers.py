"""Adopted answers in a form as they came: their own words and figures, each claim held against the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from mondaylab.errors import Refused
from mondaylab.forms.shown import Provenance
from mondaylab.labs.binding.said import unsaid
from mondaylab.labs.binding.truth import JudgedClaim, judge_claim
from mondaylab.labs.claims.claim import Claim, Statement
from mondaylab.labs.claims.slots import slot_words
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.wording import Display, phrase
from mondaylab.labs.sources.adopted import AdoptedAnswer, SaidClaim
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.labs.writer import ClaimWriter
from mondaylab.measures.catalog import Catalog

MOST_FLAWED = 0.5
"""Share of an answer's claims that may be wrong for it to stand in a form as it came: more would be all there is."""


# as long as the tables live: every form of a lab asks again
_JUDGED: WeakKeyDictionary[Catalog, dict[str, Mapping[str, Claim] | None]] = WeakKeyDictionary()


def came_here(writer: ClaimWriter, version: Manuscript) -> bool:
    """Whether an answer is about the data of this writer: its company, a week that it has, members that are there."""
    answer = version.answer
    if answer is None or answer.company != writer.data.catalog.bindings.company:
        return False
    slots = writer.lab.slots
    fields = {name: slot.field for name, slot in slots.items() if name in answer.subject and slot.field is not None}
    there = all(
        answer.subject[name] in writer.data.catalog.members(*field.split(".", 1)) for name, field in fields.items()
    )
    return there and answer.week in writer.data.weeks[1:] and answer.subject.keys() <= slot_words(slots)


def of_other_data(writer: ClaimWriter) -> tuple[AdoptedAnswer, ...]:
    """The lab's adopted answers that are not about the data of this writer: they are drawn for other slices only."""
    versions = (one for draft in writer.lab.drafts for one in draft.versions if not came_here(writer, one))
    return tuple(one.answer for one in versions if one.answer is not None)


def claims_as_they_came(writer: ClaimWriter, version: Manuscript) -> Mapping[str, Claim] | None:
    """Template -> the claim as the answer has it, sound or flawed by nature; none where the data leaves one open.

    Args:
        writer: Of the lab on its snapshot.
        version: An answer that `came_here`.

    Raises:
        Refused: What the answer said and its template contradict each other.
    """
    known = _JUDGED.setdefault(writer.data.catalog, {})
    if version.source not in known:
        known[version.source] = _judged(writer, version)
    return known[version.source]


def _judged(writer: ClaimWriter, version: Manuscript) -> Mapping[str, Claim] | None:
    answer = version.answer
    if answer is None or not came_here(writer, version):
        return None
    displays = _displays(writer, answer)
    claims: dict[str, Claim] = {}
    for said in answer.claims:
        judged = judge_claim(writer, displays, said.read(), answer.given)
        if judged is None:
            return None
        claims[said.claim] = _claim(writer, answer, writer.lab.claim(said.claim), said, judged)
    return claims


def answer_origin(version: Manuscript | None, *, as_it_came: bool) -> Provenance:
    """Where a draft comes from: a recording, something simulated after one, or a manuscript."""
    answer = None if version is None else version.answer
    if answer is None:
        return Provenance(source="simulated")
    by = answer.tool or answer.model
    source = "recorded" if as_it_came else "simulated"
    return Provenance(source=source, model=by, recorded=answer.answered.isoformat())


def unsettled(writer: ClaimWriter, version: Manuscript) -> Iterator[str]:
    """What is wrong with an answer on the data that it came from, in words; nothing where it is from other data."""
    if not came_here(writer, version):
        return
    try:
        if claims_as_they_came(writer, version) is None:
            again = "adopt it again: mondaylab labs adopt LAB --quarter QUARTER"
            yield f"the data does not settle all of its claims ({again})"
    except Refused as error:
        yield error.what


def _displays(writer: ClaimWriter, answer: AdoptedAnswer) -> Mapping[str, Display]:
    """Measure -> how figures of it are shown: as its claims show them, then as the answer's sheet did."""
    shown = {
        name: display
        for claim in writer.lab.claims
        if isinstance(display := getattr(claim, "display", None), Display)
        for name in claim.measure_names()[:1]
    }
    return {**shown, **answer.displays}


def _claim(
    writer: ClaimWriter, answer: AdoptedAnswer, template: Template, said: SaidClaim, judged: JudgedClaim
) -> Claim:
    facts, slices, where = writer.facts, answer.slices, f"claim {template.id}"
    statement = _statement(said)
    if (wrong := unsaid(said.read(), said.said)) is not None:
        raise Refused(wrong, where=where)
    if template.holds(facts, slices, statement) == judged.flawed:
        told = "wrong" if judged.flawed else "right"
        raise Refused(f"{said.said!r} is {told} by its words, and its template says otherwise", where=where)
    words = slices.words() | template.words(statement)
    entry = None if judged.operator is None else writer.flaws.entry(judged.operator)
    numbers = template.numbers(facts, slices, statement)
    values = (None, None) if numbers is None else (numbers.truth, numbers.stated)
    return Claim(
        template=template.id,
        text=said.said,
        judged_as=phrase(template.judged_as, words, where=where),
        slices=slices,
        words=words,
        statement=statement,
        flawed=judged.flawed,
        operator=judged.operator,
        why=template.why(facts, slices, statement, None if entry is None else entry.says),
        query=template.query(facts, slices, statement),
        fact=template.fact(facts, slices, statement),
        numbers=numbers,
        severity=None
        if judged.operator is None
        else writer.flaws.severity(judged.operator, truth=values[0], stated=values[1]),
        foil=not judged.flawed and template.looks_wrong,
    )


def _statement(said: SaidClaim) -> Statement:
    return {"more": said.says == "more"} if said.stated is None else {"value": said.stated}
