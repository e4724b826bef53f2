"""What an author is shown of an adoption: each sentence, what it claims, what is true, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mondaylab.labs.adopting.adopter import Adoption, Piece
from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.adopting.entries import Entry
from mondaylab.labs.binding.claims import DOUBTS
from mondaylab.labs.binding.truth import JudgedClaim
from mondaylab.labs.claims.text_claim import About, TextClaim
from mondaylab.plural import plural

KINDS: dict[str, tuple[str, str]] = {
    "PERSON": ("name of a person", "names of people"),
    "PHONE": ("phone number", "phone numbers"),
    "EMAIL": ("e-mail address", "e-mail addresses"),
    "IBAN": ("account number", "account numbers"),
    "CARD": ("card number", "card numbers"),
    "ID": ("identifier", "identifiers"),
    "BIRTH DATE": ("date of birth", "dates of birth"),
    "ADDRESS": ("address", "addresses"),
    "COMPANY": ("name of a company", "names of companies"),
    "PLACE": ("place", "places"),
    "NUMBER": ("number of somebody", "numbers of somebody"),
    "WORD": ("unknown word", "unknown words"),
}
"""What the scrubber marks, in words."""


def report(answered: Answered, adoption: Adoption, taken: Mapping[str, int]) -> dict[str, Any]:
    """All of it as plain data.

    Args:
        answered: The answer.
        adoption: What became of it.
        taken: Kind of personal data -> how many were taken out of a pasted text.
    """
    pieces = {one.number: one for one in adoption.pieces}
    rows = [
        (one.sentence, _row(answered, one, judged, pieces.get(one.number)))
        for one, judged in zip(adoption.entries, adoption.judged, strict=True)
    ]
    return {
        "taken_out": [plural(count, *KINDS.get(kind, (kind, kind))) for kind, count in sorted(taken.items())],
        "sentences": [
            {"words": answered.shown(said.start, said.end), "rows": [row for place, row in rows if place == number]}
            for number, said in enumerate(answered.bound.sentences)
        ],
        "states": dict(adoption.states),
        "needs": [one.model_dump() for one in adoption.needs],
        "stands_only_as_it_came": list(adoption.fixed),
        "text": adoption.text,
    }


def _row(answered: Answered, one: Entry, judged: JudgedClaim | None, piece: Piece | None) -> dict[str, Any]:
    claim = one.claim
    return {
        "number": one.number,
        "words": answered.shown(one.start, one.end),
        "status": _status(one, judged),
        "why": DOUBTS[one.why] if one.why is not None and one.open else None,
        "means": None if claim is None else _meant(claim),
        "text_says": None if claim is None else _text_says(claim),
        "data_says": None if claim is None or judged is None else _data_says(claim, judged),
        "claim": None if piece is None else piece.claim,
        "span": None if piece is None else piece.span,
    }


def _status(one: Entry, judged: JudgedClaim | None) -> str:
    if one.claim is None:
        return "not a claim" if one.dismissed else "needs you"
    if judged is None:
        return "not settled"
    return judged.operator or "holds"


def _text_says(claim: TextClaim) -> str:
    if claim.stated is None:
        return claim.says
    return f"{claim.stated:,.{max(claim.decimals, 0)}f} {claim.unit}".rstrip()


def _data_says(claim: TextClaim, judged: JudgedClaim) -> str:
    if judged.truth is None:
        return claim.says if not judged.flawed else "less" if claim.says == "more" else "more"
    return f"{judged.truth:,.2f} {claim.unit}".rstrip()


def _meant(claim: TextClaim) -> str:
    whose = figure(claim.about)
    return whose if claim.against is None else f"{whose}, against {figure(claim.against)}"


def figure(about: About) -> str:
    """Which figure, in words."""
    whose = ", ".join(about.cut.values()) or "whole company"
    when = "the quarter" if about.week is None else f"week {about.week.isocalendar().week}"
    return f"{about.measure} of {whose} in {when}"
