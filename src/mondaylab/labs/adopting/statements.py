"""Statements: the sentence by which a claim of an answer is judged, made of the usual name of what it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACES = {
    **dict.fromkeys(("region", "country", "city", "department", "division", "market"), "in"),
    **dict.fromkeys(("site", "location", "branch"), "at"),
}
"""Field -> the word before a member of it; of others a figure is told *for*."""
_ARTICLE = re.compile(r"(?:share|mean|average|percentage|number|rate|total|sum|median|lowest|highest)\b")
_HEAD_ENDS = re.compile(r"\s(?:as|of|to|that|among|for|settled|invited|approved|asked|in|with|per|on)\b")


def whose(by: Mapping[str, str], *, apart_from: Mapping[str, str] | None = None) -> str:
    """Whose figure it is: `` for {carrier} in {region}``, or `` of the whole company``.

    Args:
        by: Field -> slot.
        apart_from: Another cut; only what is different is said.
    """
    same = {} if apart_from is None else apart_from
    told = {field: slot for field, slot in by.items() if field != "period" and same.get(field) != slot}
    if not told:
        return " in the whole company" if apart_from is not None else " of the whole company"
    ordered = sorted(told.items(), key=lambda one: one[0] in PLACES)  # for whom, then where
    return "".join(f" {PLACES.get(field, 'for')} {{{slot}}}" for field, slot in ordered)


def figure_sentence(name: str, by: Mapping[str, str], view: str, *, before: bool) -> str:
    """How a figure, or by how much it changed, is judged.

    Args:
        name: What the measure is usually called.
        by: Field -> slot.
        view: As in a figure's template.
        before: Whether it is the figure of the week before.
    """
    subject = f"{named(name)}{whose(by)}"
    if view != "plain":
        return f"{_when(by, before=False)}{subject} {{direction}} by {{value}} against the week before."
    return f"{_when(by, before=before)}{subject} came to {{value}}."


def more_sentence(name: str, by: Mapping[str, str], than: Mapping[str, str] | None, word: str) -> str:
    """How a claim that one figure is more than another is judged.

    Args:
        name: What the measure is usually called.
        by: Field -> slot.
        than: The other figure's; none: the week before.
        word: ``direction`` or ``comparison``, as its span says it.
    """
    subject = f"{_when(by, before=False)}{named(name)}{whose(by)}"
    if word == "direction":
        other = "the week before" if than is None else f"{named(name)}{whose(than)}"
        return f"{subject} {{direction}} against {other}."
    other = " in the week before" if than is None else whose(than, apart_from=by)
    return f"{subject} {verb(name)} {{comparison}} than{other}."


def named(name: str) -> str:
    """A measure's name within a sentence."""
    return f"the {name}" if _ARTICLE.match(name) else name


def verb(name: str) -> str:
    """*Was* or *were*, by the noun that a name is about."""
    head = _HEAD_ENDS.split(name, maxsplit=1)[0]
    return "were" if head.endswith("s") and not head.endswith("ss") else "was"


def _when(by: Mapping[str, str], *, before: bool) -> str:
    if "period" not in by:
        return "Over the quarter, "
    week = f"{{{by['period']}}}"
    return f"In {{week_before}}, the week before {week}, " if before else f"In {week}, "
