"""People whom no table knows: full names, and who is greeted, by lists of common names."""

from __future__ import annotations

import re

from mondaylab.datasets.gazetteer import Span
from mondaylab.datasets.known import fold
from mondaylab.datasets.name_list import is_first, is_last, listed

_NAME = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]+(?:['\u2019\-][^\W\d_]+)*"
_PARTICLES = (
    r"(?P<particles>(?:(?:[A-Z]\.|van|von|vom|der|den|de|del|della|di|da|dos|du|la|le|ten|ter|zu|zum|zur|bin|al|el)"
    r"[ \t]+){0,3})"
)
_PAIR = re.compile(rf"(?<!\w)(?P<one>{_NAME})(?P<between>,?[ \t]+){_PARTICLES}(?P<two>{_NAME})(?!\w)")
_GREETED = re.compile(
    rf"(?i:(?<!\w)(?:hi|hello|hey|dear|good morning|good afternoon|hallo|liebe[r]?|bonjour|ciao|hola))"
    rf"[ \t]+(?P<name>{_NAME})(?!\w)"
)


def strangers(text: str) -> list[Span]:
    """Where full names stand of which the lists have first and last, and first or last names that are greeted.

    For texts of which somebody reads what is left. In exports it would take products and places along: there the
    tables say who is somebody.

    Args:
        text: Any; a name in it is written with capitals.

    Returns:
        Spans of the kind ``PERSON``, in order; none stands in another, two may overlap.
    """
    names, found, at = listed(), list[Span](), 0
    while (pair := _PAIR.search(text, at)) is not None:
        one, two = fold(pair["one"]), fold(pair["two"])
        # behind a first name and "von der" or an initial stands a last one, whatever it is
        straight = is_first(one, names) and (bool(pair["particles"]) or is_last(two, names) or two in names.any_last)
        if straight or ("," in pair["between"] and is_last(one, names) and is_first(two, names)):
            found.append(Span(*pair.span(), "PERSON"))
        at = pair.start("two")  # the second of two words may be the first of the next two
    for greeted in _GREETED.finditer(text):
        name = fold(greeted["name"])
        if is_first(name, names) or is_last(name, names):
            found.append(Span(*greeted.span("name"), "PERSON"))
    return sorted(found)
