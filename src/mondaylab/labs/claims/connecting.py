"""Connecting words: what stands between the claims of a draft states nothing that somebody would have to judge."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mondaylab.errors import Refused
from mondaylab.labs.claims.wording import check_numbers

_FORMULAS = re.compile(
    r"\b(?:best|kind|warm) (?:regards|wishes)\b|\bgood (?:day|morning|afternoon|evening)\b", re.IGNORECASE
)
_DIRECTION = re.compile(
    r"\b(?:rose|risen|rising|rises?|fell|fallen|falling|falls?|grew|grow(?:n|ing|s|th)?|shr[aiu]nk\w*|"
    r"increas\w+|decreas\w+|declin\w+|dropp\w+|improv\w+|worsen\w*|higher|lower|highest|lowest|more than|less than|"
    r"fewer than)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:suggest\w*|recommend\w*|advis(?:e|es|ed|able)|propose[sd]?|should|ought to|had better|must|need to|no need|"
    r"good|well above|bad|badly|strong\w*|weak\w*|healthy|poor\w*|excellent\w*|solid|better|best|worse|worst|"
    r"under control|on track|concern\w*|worr(?:y|ying|ied)|pleas(?:ing|ed)|success\w*|impressive\w*|disappoint\w*|"
    r"encouraging\w*|alarming\w*|as expected|surpris\w+)\b",
    re.IGNORECASE,
)


def check_connecting(text: str, words: Iterable[str], names: Iterable[str], *, where: str) -> None:
    """Refuses connecting words that state something: a number, a direction, somebody's name, an opinion.

    A reader of the finished draft judges its claims; the key knows nothing of what else it stated.

    Args:
        text: The words as a draft shows them.
        words: What the draft is about, as it is spelled there: that may be named.
        names: What a claim could be about, such as regions or carriers.
        where: Named in the error: lab, draft and part.

    Raises:
        Refused: It states something.
    """
    about = sorted(set(words), key=len, reverse=True)
    check_numbers(text, about, where=where)
    rest = text
    for word in about:
        rest = rest.replace(word, " ")
    rest = _FORMULAS.sub(" ", rest)
    for pattern, does in ((_DIRECTION, "says which way something went"), (_OPINION, "recommends or evaluates")):
        if found := pattern.search(rest):
            raise _stated(f"{found[0]!r} {does}", text, where)
    for name in names:
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", rest):
            raise _stated(f"{name!r} is what a claim can be about", text, where)


def _stated(what: str, text: str, where: str) -> Refused:
    return Refused(f"{what}, and no claim states it: {text!r}", where=where, fix="make it a claim, or take it out")
