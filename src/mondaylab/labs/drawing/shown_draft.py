"""A draft as learners see it: a manuscript with the words of this form's claims."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial

from mondaylab.forms.shown import DraftPart, LooksIn, Provenance, ShownClaim, ShownDraft
from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.wording import check_numbers, phrase, words_of
from mondaylab.labs.sources.declaration import DraftTemplate
from mondaylab.labs.sources.manuscript import Manuscript

Claims = Mapping[str, tuple[str, Claim]]
"""Template id -> opaque id and claim."""


def written(version: Manuscript, claims: Claims) -> tuple[DraftPart, ...]:
    """A manuscript without the sentences of claims that the form does not hold."""
    return version.without(frozenset(version.claims()) - claims.keys())


def shown_draft(
    draft: DraftTemplate,
    parts: tuple[DraftPart, ...],
    claims: Claims,
    missing: ShownClaim,
    subject: Slices,
    origin: Provenance,
    looks_in: Mapping[str, LooksIn],
    beside: Mapping[str, Collection[str]],
) -> ShownDraft:
    """Puts a draft together.

    Args:
        draft: What it is.
        parts: Its elements, claims by their template's id, words in braces.
        claims: The form's claims of this draft.
        missing: The row "nothing material is missing".
        subject: What the whole draft is about.
        origin: Where its words come from.
        looks_in: Template id -> where its claims are checked.
        beside: Template id -> its words that stand outside the claim (see `Template.shown_beside`).

    Raises:
        Refused: A text has a word that nothing gives, or a number that no claim states.
    """
    words = subject.words() | {
        f"{name}.{word}": said for name, (_, claim) in claims.items() for word, said in claim.words.items()
    }
    where = f"draft {draft.id}"
    said, around = partial(_said, words=words, where=where), partial(phrase, words=words, where=where)
    apart = {f"{{{name}.{word}}}": claim for name, (claim, _) in claims.items() for word in beside.get(name, ())}
    shown = tuple(one for part in parts for one in _parts(part, said, claims, apart))
    order = [part.claim_id for one in shown for part in one.walk() if part.claim_id is not None]
    by_id = dict(claims.values())
    return ShownDraft(
        format=draft.format,
        layout={
            name: around(value) if isinstance(value, str) else tuple(map(around, value))
            for name, value in draft.layout.items()
        },
        draft_id=draft.id,
        title=phrase(draft.title, words, where=where),
        audience=draft.audience,
        provenance=origin,
        prompt=None if draft.prompt is None else around(draft.prompt),
        parts=shown,
        claims=tuple(_claim(name, by_id[name], looks_in) for name in order),
        missing=missing,
    )


def unit_of(claim: Claim) -> str | None:
    """What a corrected value is asked in; none: there is no number to correct."""
    return None if claim.numbers is None else claim.numbers.unit


def _claim(name: str, claim: Claim, looks_in: Mapping[str, LooksIn]) -> ShownClaim:
    judged_as = None if claim.judged_as == claim.text else claim.judged_as
    return ShownClaim(
        claim_id=name,
        text=claim.text,
        judged_as=judged_as,
        unit=unit_of(claim),
        looks_in=looks_in[claim.template],
    )


def _parts(part: DraftPart, said: partial[str], claims: Claims, apart: Mapping[str, str]) -> Iterator[DraftPart]:
    """A piece of a manuscript, filled in: words that a claim is judged by stand for themselves, with that claim."""
    if part.claim_id is not None:
        yield DraftPart(claim_id=claims[part.claim_id][0])
    elif part.text is not None:
        yield from (DraftPart(text=said(piece), about=apart.get(piece)) for piece in _pieces(part.text, apart))
    else:
        # code is numbered by its lines, and says nothing of claims
        within: Mapping[str, str] = {} if part.tag == "pre" else apart
        inner = tuple(piece for one in part.parts for piece in _parts(one, said, claims, within))
        yield part.model_copy(update={"parts": inner})


def _pieces(text: str, apart: Collection[str]) -> list[str]:
    """The text, cut around each of these words in braces."""
    there = [word for word in apart if word in text]
    return list(filter(None, re.split(f"({'|'.join(map(re.escape, there))})", text))) if there else [text]


def _said(text: str, *, words: Mapping[str, str], where: str) -> str:
    filled = phrase(text, words, where=where)
    subject = (value for name, value in words.items() if "." not in name)
    check_numbers(filled, [*subject, *(words[name] for name in words_of(text))], where=where)
    return filled
