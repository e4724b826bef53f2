"""Scrubbers that know a company's people: made from its raw exports and its policy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mondaylab.datasets import exports
from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.gazetteer import Span
from mondaylab.datasets.known import known_values
from mondaylab.datasets.policy import Policy


def scrubber_by_exports(folder: Path, company: Path, *, year: int) -> Scrubber:
    """What finds a company's own people, numbers and addresses in a text; `Scrubber.find` is what it is for.

    Args:
        folder: Raw exports of a quarter.
        company: The folder of the policy.
        year: Year of the data.

    Raises:
        NotFound: No exports, or no policy.
        Refused: The exports are not as the policy lists them.
    """
    policy = Policy.of(company)
    raw = exports.read(folder, policy)
    return Scrubber(known_values(raw.tables, policy), policy, lambda *_: "", year=year)


def outside(text: str, spans: Iterable[Span], names: Iterable[str]) -> list[Span]:
    """The spans that stand in none of these names, which stay although they may be somebody's too.

    Args:
        text: What the spans are of.
        spans: Any.
        names: The snapshot's own, such as regions and carriers.
    """
    kept = [found.span() for name in names for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    return [one for one in spans if not any(start <= one.start and one.end <= end for start, end in kept)]
