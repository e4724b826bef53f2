"""Scrubbing: a pasted text loses what is personal before it is stored, read or shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from mondaylab.datasets import exports
from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.known import known_values
from mondaylab.datasets.letters import readable
from mondaylab.datasets.policy import Policy
from mondaylab.errors import MondaylabError, Refused
from mondaylab.quarter import Quarter
from mondaylab.settings import Site


def mark(kind: str) -> str:
    """What stands where something was taken out: its kind, never what it was."""
    return f"[{kind}]"


def scrubber_of(site: Site, company: str, quarter: Quarter) -> Scrubber:
    """What finds personal data in texts about a company, by its policy and its own exports.

    Args:
        site: The installation.
        company: Whose policy and exports.
        quarter: Whose exports are known.

    Raises:
        Refused: The exports are not here: without them the company's own people have no names to be found by.
    """
    policy = Policy.of(site.company(company))
    folder = site.raw / company / str(quarter)
    try:
        raw = exports.read(folder, policy)
    except MondaylabError as error:
        raise Refused(
            f"a pasted text cannot be scrubbed without the raw exports: {error.what}",
            where=folder,
            fix="adopt it where the data steward has them; recorded answers need none",
        ) from None
    return Scrubber(known_values(raw.tables, policy), policy, lambda *_: mark("ID"), year=quarter.year)


def scrubbed(text: str, scrubber: Scrubber, names: Iterable[str]) -> tuple[str, Counter[str]]:
    """A text with a mark in place of whatever is personal, and how many of each kind.

    Args:
        text: As it was pasted.
        scrubber: Finds what is personal.
        names: What stays although it may be somebody's name too: the snapshot's own, such as regions and carriers.
    """
    text = readable(text)
    kept = [found.span() for name in names for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    made, at, taken = "", 0, Counter[str]()
    for span in scrubber.find(text):
        if any(start <= span.start and span.end <= end for start, end in kept):
            continue
        made += text[at : span.start] + mark(span.kind)
        at = span.end
        taken[span.kind] += 1
    return made + text[at:], taken
