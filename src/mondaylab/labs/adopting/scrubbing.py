"""Scrubbing: a pasted text loses what is personal before it is stored, read or shown."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from mondaylab.datasets.gazetteer import Span
from mondaylab.datasets.letters import readable
from mondaylab.datasets.scrubbers import outside, scrubber_by_exports
from mondaylab.datasets.strangers import strangers
from mondaylab.errors import MondaylabError, Refused
from mondaylab.labs.adopting.allowed import WORD, Allowed
from mondaylab.labs.material import Material
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

_HIDDEN = re.compile(r"\\[!-/:-@\[-`{-~]|&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
"""What Markdown shows as another character."""
_UNSEEN = {"Cc", "Cf", "Co", "Cs"}
"""Categories of what nothing is shown of: control, format, private use, halves of a pair."""
_SIGNS = re.compile(r"[*_~`]+|</?[A-Za-z][^<>\n]{0,80}>")
"""What Markdown shows as nothing, or browsers do."""
_DIALLED = re.compile(r"[+(0]")
"""How a phone number begins, and hardly ever a figure."""
_MONEY = re.compile(r"\s?(?:[%€$£]|EUR\b|USD\b)")
_BEFORE = re.compile(r"(?:[€$£%]\s?|\d[.,]|\bweeks?\s)$", re.IGNORECASE)
_APART = re.compile(r"(?<![\d.])\d{1,3}\.\d{1,2}(?![\d.])|\(")
"""A decimal, or a bracket, in digits that do not begin as a phone number does."""


def mark(kind: str) -> str:
    """What stands where something was taken out: its kind, never what it was."""
    return f"«{kind}»"  # square brackets would be a link of Markdown


BY_WORDS = (
    "No raw exports are here to know anybody's name by: what neither a dictionary nor the lab's own texts and tables "
    "have is taken out, too. A name that is a word as well, such as Baker or Young, may be left: look for those."
)
"""How a text was scrubbed where nobody is known."""


class Finder(Protocol):
    """Finds what has to go from a text."""

    def find(self, text: str) -> list[Span]:
        """Spans in order; none stands in another."""
        ...


def names_are_known(site: Site) -> bool:
    """Whether raw exports are here, which know who is somebody; an author's server has none."""
    return site.raw.is_dir()


def finder_of(site: Site, material: Material, asking: Asking) -> Finder:
    """What finds personal data in texts about a company.

    By its policy and its own exports; where none are, as in an author's server, all but allowed words goes.

    Args:
        site: The installation.
        material: The lab on its snapshot: its company's exports of its quarter are known.
        asking: What the lab asks for.

    Raises:
        Refused: Exports are here, and not the quarter's or not sound: the company's people have no names to be found
            by.
    """
    if not names_are_known(site):
        return Allowed.of(material, asking)
    company, quarter = material.bindings.company, material.quarter
    folder = site.raw / company / str(quarter)
    try:
        return scrubber_by_exports(folder, site.company(company), year=quarter.year)
    except MondaylabError as error:
        raise Refused(
            f"a pasted text cannot be scrubbed without the raw exports: {error.what}",
            where=folder,
            fix="adopt it where the data steward has them; recorded answers need none",
        ) from None


def scrubbed(text: str, scrubber: Finder, names: Iterable[str], *, where: str = "the text") -> tuple[str, Counter[str]]:
    """A text with a mark in place of whatever is personal, and how many of each kind.

    Args:
        text: As it was pasted.
        scrubber: Finds what is personal.
        names: What stays although it may be somebody's name too: the snapshot's own, such as regions and carriers.
        where: Which text it is, for an error.

    Raises:
        Refused: It hides letters from a search, or holds digits that may be a phone number or figures; nothing of it
            is repeated.
    """
    check_plain(text, where=where)
    text = readable(text)
    made, at, taken = "", 0, Counter[str]()
    for span in outside(text, _found(text, scrubber), names):
        if _may_be_figures(text, span):
            line = text.count("\n", 0, span.start) + 1
            raise Refused(
                f"something in line {line} may be a phone number or figures",
                where=where,
                fix="write it apart: words between figures, or each on a line that no digit begins or ends",
            )
        made += text[at : span.start] + mark(span.kind)
        at = span.end
        taken[span.kind] += 1
    return made + text[at:], taken


def check_plain(text: str, *, where: str = "the text") -> None:
    """Holds that a text has no signs that are shown as others, or not at all: a search would read past them.

    Args:
        text: Any; tabs and ends of lines are no such signs.
        where: Which text it is, for an error.

    Raises:
        Refused: It has; nothing of it is repeated.
    """
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        hidden = _HIDDEN.search(line) is not None
        if hidden or any(one != "\t" and unicodedata.category(one) in _UNSEEN for one in line):
            what = "an escaped sign" if hidden else "an invisible sign"
            raise Refused(f"line {number} holds {what}", where=where, fix="paste it as plain text")


def personal(text: str, scrubber: Finder) -> bool:
    """Whether a name that somebody gives, such as a model's, holds personal data.

    Dates and versions are none, and no dictionary has the names of tools.
    """
    found = _found(readable(text), scrubber)
    plain = ("PHONE", "NUMBER", WORD)
    return any(one.kind not in plain or _DIALLED.match(text, one.start) for one in found)


def _found(text: str, scrubber: Finder) -> list[Span]:
    """What is personal in the text as it is written, and as it is shown, without the signs of Markdown."""
    spans = [*scrubber.find(text), *strangers(text)]
    shown, places = _shown(text)
    if len(places) < len(text):
        for one in (*scrubber.find(shown), *strangers(shown)):
            start, end = places[one.start], places[one.end - 1] + 1
            if one.kind == WORD and _SIGNS.search(text[start:end].replace("_", "")) is None:
                continue  # an underscore within a word is shown, and its parts were looked at
            if (signs := _SIGNS.match(text, end)) is not None and _SIGNS.search(text, start, end) is not None:
                end = signs.end()  # the half that is left would show
            spans.append(Span(start, end, one.kind))
    merged: list[Span] = []
    for one in sorted(spans):
        if merged and one.start < merged[-1].end:
            last = merged.pop()
            merged.append(Span(last.start, max(last.end, one.end), last.kind))
        else:
            merged.append(one)
    return merged


def _shown(text: str) -> tuple[str, list[int]]:
    """A text without the signs of Markdown, and where each of its characters stands in it."""
    gone = {place for found in _SIGNS.finditer(text) for place in range(*found.span())}
    places = [place for place in range(len(text)) if place not in gone]
    return "".join(text[place] for place in places), places


def _may_be_figures(text: str, span: Span) -> bool:
    """Whether what looks like a phone number may be the answer's own figures."""
    if span.kind not in ("PHONE", "NUMBER"):
        return False
    said = text[span.start : span.end]
    if "\n" in said or _MONEY.match(text, span.end):
        return True
    if _DIALLED.match(said):
        return False
    return bool(_BEFORE.search(text[: span.start]) or _APART.search(said))
