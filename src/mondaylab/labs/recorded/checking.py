"""Checking a recorded draft number by number: each sentence is sound, naturally flawed by computation, or refused."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

from mondaylab.labs.claims.figure import SEPARATION
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.recorded.asked import LONGEST, AskedFact, figure_of
from mondaylab.labs.recorded.reading import CODES, Code, Unusable, stated_value
from mondaylab.labs.recorded.store import Recording
from mondaylab.labs.writer import ClaimWriter
from mondaylab.records import Record

PLAIN_NUMBER = "wrong_number"
"""The label of a wrong value that no operator of the claim explains."""


class Refusal(Record):
    """A sentence, or a whole answer (claim none), that is not used."""

    claim: str | None
    code: Code
    says: str
    text: str = ""
    """What the model wrote, at most as long as a sentence may be."""


class CheckedSentence(Record):
    """A sentence whose truth is known."""

    claim: str
    slots: dict[str, str]
    text: str
    """As recorded, but the value in the lab's own spelling, or its spelling would tell seeded values from others."""
    stated: float
    """In displayed units; a fall is negative."""
    truth: float
    operator: str | None
    """Label of a natural flaw; none: sound."""


class CheckedDraft(Record):
    """A recording, checked."""

    key: str
    draft: str
    number: int
    model: str
    recorded: str
    week: date
    subject: dict[str, str]
    sentences: tuple[CheckedSentence, ...]
    refused: tuple[Refusal, ...]


def check_recording(writer: ClaimWriter, recording: Recording) -> CheckedDraft:
    """Holds every sentence of a recording against the data.

    Raises:
        Refused: The recording names a figure that the lab does not have.
    """
    asked = recording.asked
    sentences: list[CheckedSentence] = []
    refused: list[Refusal] = []
    said, problem = _sentences(recording)
    if problem is not None:
        refused.append(problem)
    facts = {fact.claim: fact for fact in asked.facts}
    seen: set[str] = set()
    for item in said:
        claim = item["claim"]
        result: CheckedSentence | Refusal
        if claim not in facts:
            result = _refusal(None, "unknown_claim", item["text"])
        elif claim in seen:
            result = _refusal(claim, "duplicate", item["text"])
        else:
            seen.add(claim)
            result = check_sentence(writer, facts[claim], asked.week, item["text"], item["value"])
        (sentences if isinstance(result, CheckedSentence) else refused).append(result)  # type: ignore[arg-type]
    if problem is None:
        refused += [_refusal(claim, "not_said") for claim in facts if claim not in seen]
    return CheckedDraft(
        key=recording.key,
        draft=asked.draft,
        number=asked.number,
        model=recording.model,
        recorded=recording.recorded,
        week=asked.week,
        subject=asked.subject,
        sentences=tuple(sentences),
        refused=tuple(refused),
    )


def check_sentence(
    writer: ClaimWriter, fact: AskedFact, week: date, text: str, value: float
) -> CheckedSentence | Refusal:
    """One sentence.

    Args:
        writer: Gives the predicate and the flaw operators.
        fact: What was asked; its spelled value is not trusted, the truth is computed.
        week: The draft's.
        text: What the model wrote.
        value: The number that it says is in the text, in displayed units, with or without its sign.
    """
    template = figure_of(writer, fact.claim)
    slices = Slices(fact.slots, week)
    text = text.strip()
    try:
        stated, plain = stated_value(writer, template, fact, slices, text, value)
        truth = template.truth(writer.facts, slices)
        if truth is None:
            raise Unusable("undecidable")
        operator = _label(writer, template, slices, stated, truth)
    except Unusable as stop:
        return _refusal(fact.claim, stop.code, text)
    return CheckedSentence(
        claim=fact.claim, slots=fact.slots, text=plain, stated=stated, truth=truth, operator=operator
    )


def _refusal(claim: str | None, code: Code, text: str = "") -> Refusal:
    return Refusal(claim=claim, code=code, says=CODES[code], text=text[:LONGEST])


def _sentences(recording: Recording) -> tuple[list[dict[str, Any]], Refusal | None]:
    """The answer's entries, and why it has none or fewer."""
    ends: dict[str, Code] = {"length": "cut_off", "content_filter": "filtered", "refusal": "model_refused"}
    if recording.finish in ends:
        return [], _refusal(None, ends[recording.finish], recording.text)
    try:
        answer = json.loads(recording.text)
    except (ValueError, RecursionError):
        return [], _refusal(None, "not_json", recording.text)
    entries = answer.get("sentences") if isinstance(answer, dict) else None
    if not isinstance(entries, list) or not all(map(_well_formed, entries)):
        return [], _refusal(None, "wrong_shape", recording.text)
    return entries, None


def _well_formed(entry: object) -> bool:
    if not isinstance(entry, dict) or set(entry) != {"claim", "text", "value"}:
        return False
    value = entry["value"]
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    return isinstance(entry["claim"], str) and isinstance(entry["text"], str) and number and math.isfinite(value)


def _label(writer: ClaimWriter, template: NumberTemplate, slices: Slices, stated: float, truth: float) -> str | None:
    """None for a sound value, the flaw's operator for a wrong one; between the two nothing is decided."""
    apart = abs(stated - truth)
    if template.holds(writer.facts, slices, {"value": stated}):
        return None
    if apart <= SEPARATION * template.display.step / 2 * (1 + 1e-9):
        raise Unusable("undecidable")
    for operator in template.operators:
        if any(math.isclose(float(made["value"]), stated) for made in template.wrong(writer.facts, slices, operator)):
            return operator
    turned = template.changes and stated * truth < 0
    return "wrong_sign" if turned else PLAIN_NUMBER
