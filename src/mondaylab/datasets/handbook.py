"""Handbooks: Markdown with numbered sections, which drafts quote and learners look up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mondaylab.errors import Refused

_HEADING = re.compile(r"^## (\d+\.\d+) (.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """One numbered section.

    Attributes:
        number: Such as ``4.2``; the same in every edition.
        title: The heading without its number.
        text: The Markdown below the heading, stripped.
    """

    number: str
    title: str
    text: str


def sections(markdown: str) -> dict[str, Section]:
    """The sections of a handbook by number, in order.

    Raises:
        Refused: Two sections have one number, or there is none at all.
    """
    found = list(_HEADING.finditer(markdown))
    if not found:
        raise Refused("no section headings", where="handbook", fix="head each section as '## 4.2 Title'")
    result: dict[str, Section] = {}
    for match, following in zip(found, [*found[1:], None], strict=True):
        if match[1] in result:
            raise Refused(f"two sections are numbered {match[1]}", where="handbook", fix="give each its own number")
        body = markdown[match.end() : following.start() if following else len(markdown)]
        body = re.split(r"^# ", body, maxsplit=1, flags=re.MULTILINE)[0]
        result[match[1]] = Section(match[1], match[2], body.strip())
    return result
