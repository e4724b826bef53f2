"""Misquoting: a sentence of a handbook taken apart, and what a careless reader makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER = re.compile(r"(?<![\d.,])(\d+)(?![\d.,]*\d)")
_DATE = re.compile(rf"\b\d{{1,2}} (?:{_MONTHS}) \d{{4}}\b")
_MODALS = {"must": "may", "may": "must", "never": "usually", "always": "usually", "only": "also", "every": "some"}
_CONDITION = re.compile(
    r",? (?:unless|except|only (?:if|where|when)|provided that|as long as|(?<!as )(?<!even )if)\b .+(?=\.$)"
)
_VERB = r"is|are|was|were|may|must|can|could|will"
_NOT = re.compile(rf"\b(?P<verb>{_VERB}|has|have|can(?=not)) ?(?:not|never)\b(?! only)")
_NEVER = re.compile(r"\bnever ")
_NO = re.compile(r"^No (?=[a-z])")
_PLAIN_VERB = re.compile(rf"\b(?:{_VERB})\b")
_ONE = re.compile(r"^An? (?=[a-z])")
_NEGATION = re.compile(r"\b(?:not|never|no|nobody|nothing|none|cannot|without|nor)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Conditional:
    """A sentence that ends in its condition.

    Attributes:
        rule: What comes before it, a sentence of its own.
        condition: The rest, without the full stop: ``, unless the contract says more``.
    """

    rule: str
    condition: str


def conditional(sentence: str) -> Conditional | None:
    """The sentence taken apart where its condition begins; none if it does not end in one."""
    found = _CONDITION.search(sentence)
    return None if found is None else Conditional(f"{sentence[: found.start()]}.", found[0])


def with_condition(sentence: str, condition: str) -> str:
    """The sentence, running on with a condition."""
    return f"{sentence.removesuffix('.')}{condition}."


def negated(sentence: str) -> bool:
    """Whether it says not, no, never or the like."""
    return _NEGATION.search(sentence) is not None


def negation_changed(sentence: str) -> Iterator[str]:
    """The sentence without its only *not*, *never* or *no*; one without any with it put in."""
    if not negated(sentence):
        verb = _PLAIN_VERB.search(sentence)
        if verb is not None:
            word = "not" if verb[0] == "can" else " not"
            yield from (f"{sentence[: verb.end()]}{one}{sentence[verb.end() :]}" for one in (word, " never"))
        if _ONE.match(sentence):
            yield _ONE.sub("No ", sentence)
    elif len(_NEGATION.findall(sentence)) == 1:
        if _NOT.search(sentence):
            yield _NOT.sub(lambda found: found["verb"], sentence)
        elif _NEVER.search(sentence):
            yield _NEVER.sub("", sentence)
        elif _NO.match(sentence):
            yield _NO.sub("An " if sentence[3] in "aeiou" else "A ", sentence)


def altered(sentence: str) -> Iterator[str]:
    """The sentence with another number, or with a duty turned into a choice and the other way round."""
    dates = [found.span() for found in _DATE.finditer(sentence)]
    for found in _NUMBER.finditer(sentence):
        if any(start <= found.start() < end for start, end in dates):  # no 62nd of July
            continue
        for factor in (2, 3):
            yield f"{sentence[: found.start()]}{int(found[1]) * factor}{sentence[found.end() :]}"
    for word, other in _MODALS.items():
        changed = re.sub(rf"\b{word}\b", other, sentence, count=1)
        if changed != sentence:
            yield changed
