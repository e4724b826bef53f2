"""The company's policy handbook as data: numbered sections, their titles, the limits that stand in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mondaylab.errors import Refused

_HEADING = re.compile(r"^#{2,3} (\d+\.\d+) (.+?)\s*$", re.MULTILINE)
_BULLET = re.compile(r"^[-*] +(.+?) *$", re.MULTILINE)
_MUST_NOT = re.compile(r"\bmust not\b", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[.;])\s+")  # not at a colon: *until then: 10 %* is one clause
_FORMER = re.compile(r"\buntil then\b", re.IGNORECASE)
"""A clause with these words says what a section said before: *... holds since 1 July; until then it was 10 %.*"""


@dataclass(frozen=True)
class Section:
    """A numbered section: number such as ``4.2``, title, body text."""

    number: str
    title: str
    body: str


class Handbook:
    """A Markdown handbook whose sections are headed ``## 4.2 Title``."""

    def __init__(self, text: str) -> None:
        self.text = text
        parts = _HEADING.split(text)[1:]
        self.sections = {
            number: Section(number, title, body) for number, title, body in zip(*[iter(parts)] * 3, strict=True)
        }
        # the text stays as it is, and claims ask the same of it thousands of times
        self._sentences: dict[str, tuple[str, ...]] = {}
        self._stated: set[tuple[str, float, str]] = set()

    def section(self, number: str) -> Section:
        """The section of that number.

        Raises:
            Refused: There is none.
        """
        if number not in self.sections:
            raise Refused(f"the handbook has no section {number}", where="handbook")
        return self.sections[number]

    def title(self, number: str) -> str:
        """The section's heading without its number."""
        return self.section(number).title

    def cited(self, number: str) -> str:
        """The section as it is cited: ``handbook 3.5: Goodwill``."""
        return f"handbook {number}: {self.title(number)}"

    def numbered(self, title: str) -> str:
        """The number of the section with that title.

        Raises:
            Refused: No section has it.
        """
        for section in self.sections.values():
            if section.title == title:
                return section.number
        raise Refused(f"the handbook has no section titled {title!r}", where="handbook")

    def sentences(self, number: str) -> list[str]:
        """The sentences of a section's running text, each on one line and without Markdown; none if it is missing."""
        if number not in self._sentences:
            self._sentences[number] = tuple(self._read(number))
        return list(self._sentences[number])

    def _read(self, number: str) -> list[str]:
        section = self.sections.get(number)
        if section is None:
            return []
        paragraphs = re.split(r"\n\s*\n|\n(?=[-*] )", section.body)
        plain = (re.sub(r"[*_`]|^\s*[-#>|].*$", "", text, flags=re.MULTILINE) for text in paragraphs)
        joined = (" ".join(text.split()) for text in plain)
        return [sentence for text in joined for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text) if sentence]

    def check_limit(self, number: str, limit: float, unit: str) -> None:
        """Makes sure that a coded limit still stands in the section, as ``15 %`` or ``EUR 250``.

        What the section says of the time before (*until then it was 10 %*) does not count.

        Raises:
            Refused: It does not: the rule has changed, and claims under it would be judged by an old one.
        """
        if (number, limit, unit) in self._stated:
            return
        section = self.section(number)
        clauses = [section.title, *(one for one in _CLAUSE.split(section.body) if not _FORMER.search(one))]
        if not re.search(_limit_pattern(limit, unit), " ".join(clauses)):
            raise Refused(
                f"section {number} no longer states the limit {limit:g} {unit}",
                where="handbook",
                fix="correct the rule in lab.toml to what the section says now",
            )
        self._stated.add((number, limit, unit))

    def check_former(self, number: str, limit: float, unit: str) -> None:
        """Makes sure that the section says of a limit that it held until then, and not now.

        Raises:
            Refused: It does not say so.
        """
        clauses = (one for one in _CLAUSE.split(self.section(number).body) if _FORMER.search(one))
        if not re.search(_limit_pattern(limit, unit), " ".join(clauses)):
            raise Refused(
                f"section {number} does not say that the limit was {limit:g} {unit} before",
                where="handbook",
                fix="write what the section's clause with 'until then' says, or leave the rule out",
            )

    def listed(self, number: str) -> tuple[str, ...]:
        """What a section lists as bullets, each on one line, in order; none if it has no list or is missing."""
        section = self.sections.get(number)
        return () if section is None else tuple(" ".join(text.split()) for text in _BULLET.findall(section.body))

    def check_list(self, number: str, items: Sequence[str]) -> None:
        """Makes sure that a section lists exactly what a lab takes from it, word by word.

        Raises:
            Refused: There is no such section or list, an item is not in it, or a bullet of it is no item.
        """
        told = f"section {number} lists " + (", ".join(map(repr, self.listed(number))) or "nothing")
        if number not in self.sections:
            told = f"the handbook has no section {number}"
        strange = [item for item in items if item not in self.listed(number)]
        left = [bullet for bullet in self.listed(number) if bullet not in items]
        if not self.listed(number):
            raise Refused(told, where="handbook", fix="name a section that lists, as '- ' bullets, what a draft states")
        if strange:
            raise Refused(
                f"{told}, and not {', '.join(map(repr, strange))}",
                where="handbook",
                fix="write items as the section has them",
            )
        if left:
            raise Refused(
                f"{told}, and no claim states {', '.join(map(repr, left))}",
                where="handbook",
                fix="give each bullet a claim that states it",
            )

    def ruled_out(self, chapter: str) -> tuple[str, ...]:
        """What a chapter's sections rule out: the bullets of those whose heading says *must not*."""
        banning = [one.number for one in self.sections.values() if _MUST_NOT.search(one.title)]
        return tuple(item for one in banning if one.split(".")[0] == chapter for item in self.listed(one))

    def absent_section(self, near: str, choice: int) -> str:
        """The number of a section that does not exist, in a chapter that does."""
        chapters = sorted({number.split(".")[0] for number in self.sections}, key=int)
        chapter = chapters[(chapters.index(near.split(".", maxsplit=1)[0]) + choice) % len(chapters)]
        taken = {number for number in self.sections if number.startswith(f"{chapter}.")}
        return next(number for n in range(2 + choice % 4, 99) if (number := f"{chapter}.{n}") not in taken)


def _limit_pattern(limit: float, unit: str) -> str:
    """The number together with its unit: another number of the section must not pass for the limit."""
    number = rf"(?<![\d.,])(?:{re.escape(f'{limit:g}')}|{re.escape(f'{limit:,g}')})(?![\d]|[.,]\d)"
    match unit:
        case "EUR":
            return rf"(?:EUR|€) ?{number}"
        case "%":
            return rf"{number} ?%"
        case _:
            return rf"{number} (?:\w+ ){{0,2}}{re.escape(unit.removesuffix('s'))}s?\b"
