"""Places in a sentence: what stands beside a mark, what belongs to it, and what only words without weight part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mondaylab.labs.binding.marks import Mark
from mondaylab.labs.binding.words import CLAUSE, COMING, LITTLE, MOVED, ONWARD, OWNER, STOP, THE


class Places:
    """A sentence with its marks.

    Args:
        text: The whole text.
        span: Where the sentence begins and ends.
        marks: Its marks, in reading order.
    """

    def __init__(self, text: str, span: tuple[int, int], marks: Sequence[Mark]) -> None:
        self.text, self.marks = text, list(marks)
        self.start, self.end = span
        self._pledged = {one: hinge for hinge in marks for one in self._behind(hinge)}

    def said(self, mark: Mark) -> str:
        """The words of a mark, in small letters."""
        return self.text[mark.start : mark.end].lower()

    def before(self, mark: Mark) -> list[Mark]:
        """The marks between the number before and this one."""
        place = self.marks.index(mark)
        since = next((at for at in range(place - 1, -1, -1) if self.marks[at].what == "number"), -1)
        return self.marks[since + 1 : place]

    def own(self, mark: Mark) -> list[Mark]:
        """Those of `before` that do not belong to the number before: *25 in week 49 and 29 in week 50*."""
        numbers = [one for one in self.until(mark) if one.what == "number"]
        taken = self.attached(numbers[-1]) if numbers else []
        return [one for one in self.before(mark) if one not in taken or one.what == "measure"]

    def after(self, mark: Mark) -> list[Mark]:
        """The marks between this one and the next number."""
        place = self.marks.index(mark)
        numbers = (at for at in range(place + 1, len(self.marks)) if self.marks[at].what == "number")
        return self.marks[place + 1 : next(numbers, len(self.marks))]

    def until(self, mark: Mark) -> list[Mark]:
        """The marks before one."""
        return [one for one in self.marks if one.end <= mark.start]

    def edge(self, mark: Mark) -> int:
        """Where the number before ends, or the sentence begins."""
        return max([self.start, *(one.end for one in self.until(mark) if one.what == "number")])

    def attached(self, mark: Mark) -> list[Mark]:
        """The marks that follow a number within its own part of the sentence."""
        stop = STOP.search(self.text, mark.end, self.end)
        end = self.end if stop is None else stop.start()
        near: list[Mark] = []
        for one in self.after(mark):
            if one.start >= end or one.what in ("than", "up", "down"):
                break
            if one.what != "from":
                near.append(one)
            elif not (near and self._counts(mark, near[-1], one)):
                break
        return near

    def from_several(self, mark: Mark) -> bool:
        """Whether a number is of what came from several, or from one to another: *480 orders from South and West*."""
        hinge = next((one for one in self.after(mark) if one.what == "from"), None)
        if hinge is None or not self._origin(hinge):
            return False
        named, *rest = self.marks[self.marks.index(hinge) + 1 :]
        return bool(rest) and rest[0].what in ("member", "whole") and self.gap(named, rest[0], ONWARD)

    def _counts(self, number: Mark, counted: Mark, hinge: Mark) -> bool:
        """Whether a number is of what came from somebody: *41 orders came from South*."""
        beside = not self.text[number.end : counted.start].strip()
        return beside and self.gap(counted, hinge, COMING) and self._origin(hinge)

    def _origin(self, hinge: Mark) -> bool:
        """Whether *from* says where they came from: *543 applications from the North depot*; a move says so before."""
        place = self.marks.index(hinge)
        named = self.marks[place + 1] if place + 1 < len(self.marks) else None
        if named is None or named.what != "member" or OWNER.match(self.text, named.end):
            return False
        moves = any(one.what in ("up", "down", "than") for one in self.before(hinge))
        start = max(self.start, self.edge(hinge))
        return not moves and not MOVED.search(self.text[start : hinge.start]) and self.gap(hinge, named, THE)

    def together(self, first: Mark, second: Mark) -> bool:
        """Whether two marks stand in one part of the sentence."""
        return STOP.search(self.text, first.end, second.start) is None

    def gap(self, first: Mark, second: Mark, pattern: re.Pattern[str]) -> bool:
        """Whether nothing but what a pattern allows stands between two marks."""
        return pattern.fullmatch(self.text, first.end, second.start) is not None

    def only(self, start: int, end: int, pattern: re.Pattern[str]) -> bool:
        """Whether between two places there are only marks, and words that a pattern allows."""
        rest, at = "", start
        for one in self.marks:
            if start <= one.start < end:
                rest += f"{self.text[at : one.start]} "
                at = one.end
        return pattern.fullmatch(rest + self.text[at:end]) is not None

    def hinge(self, mark: Mark) -> Mark | None:
        """The *than* or *from* behind which a number stands, alone or in a row with others."""
        at = mark
        for one in reversed(self.until(mark)):
            if one.what in ("from", "than"):
                if one.what == "from" and self._origin(one):
                    return None
                return one if self.only(one.end, at.start, LITTLE) else None
            if one.what == "number":
                if not self.only(one.end, at.start, LITTLE):
                    return None
                at = one
        return None

    def zone(self, hinge: Mark) -> list[Mark]:
        """What stands behind *than*, up to where the sentence turns elsewhere; behind *from*, up to a number."""
        stop = CLAUSE.search(self.text, hinge.end, self.end)
        end = self.end if stop is None else stop.start()
        numbers = [one.start for one in self.marks if one.what == "number" and one.start >= hinge.end]
        if hinge.what == "from" and numbers:
            end = min(end, numbers[0])
        return [one for one in self.marks if hinge.end <= one.start < end]

    def free(self, marks: Sequence[Mark], hinge: Mark | None) -> list[Mark]:
        """Those that are not what something else is held against."""
        return [one for one in marks if self._pledged.get(one) in (None, hinge)]

    def _behind(self, hinge: Mark) -> list[Mark]:
        """What is named right behind *than*; behind *from*, only weeks: applicants come *from* a department."""
        found: list[Mark] = []
        if hinge.what not in ("than", "from"):
            return found
        for one in self.marks:
            if one.start < hinge.end:
                continue
            named = one.what in ("week", "elsewhen") or (hinge.what == "than" and one.what in ("member", "whole"))
            if not named or not self.only(hinge.end, one.start, LITTLE):
                break
            found.append(one)
        return found
