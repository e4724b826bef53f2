"""Which measure a number, or a word for more and less, is said of: by the names beside it, never by the value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mondaylab.labs.binding.claims import MONEY
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.marks import Mark
from mondaylab.labs.binding.places import Places
from mondaylab.labs.binding.whose import Side, Unclear
from mondaylab.labs.binding.words import (
    ATTACHED,
    GOES_ON,
    IN_WHAT,
    IS,
    LOOSE,
    OF_IT,
    OF_SOME,
    QUALIFIED,
    RESTRICTED,
    SAID_AGAIN,
    SAID_OF,
)
from mondaylab.labs.claims.text_claim import TextClaim


class Which:
    """Finds measures in one sentence.

    Args:
        places: The sentence with its marks.
        lexicon: What is called how.
        carried: The measure of the sentence before, where this one goes on about it.
    """

    def __init__(self, places: Places, lexicon: Lexicon, carried: str | None) -> None:
        self._places, self._lexicon, self._carried = places, lexicon, carried

    def measure_of(self, mark: Mark, side: Side, turn: Mark | None, last: TextClaim | None) -> str:
        """The measure that a number is of, by the words next to it."""
        names = [one for one in self._places.after(mark) if one.what == "measure"]
        edge = turn if turn is not None and turn.start > mark.start else mark
        pattern = OF_IT if side == "change" else ATTACHED
        named = [one for one in self._places.before(mark) if one.what == "measure" and not self._taken(one)]
        if names and (meant := self._fitting(names[0], mark, side)) and self._attached(edge, names[0], pattern):
            self.plain(names[0])
            between = self._places.text[edge.end : names[0].start].split()
            if named and self._places.text[named[-1].end : mark.start].split() == ["of"]:
                raise Unclear("no_measure")  # orders of 500 units
            if mark.unit == "%" and side != "change" and "of" in between[:1] and len(between) == 1:
                raise Unclear("no_measure")  # 45 % of part-timers
            return the_one(meant)
        if named:
            self.plain(named[-1])
        fitting = [one for one in named if self._fitting(one, mark, side)]
        if not fitting:
            if named:
                raise Unclear("unit")
            return self._said_before(mark, side, turn, last)
        nearest = fitting[-1]
        others = [one for one in named if one.names != nearest.names and one.end <= nearest.start]
        if others and not re.search(r"[,;]", self._places.text[others[-1].end : nearest.start]):
            raise Unclear("no_measure")  # of which of the two?
        if turn is not None and not self.said_of(nearest, turn):
            raise Unclear("no_measure")
        if turn is None and self._grown(nearest, mark):
            raise Unclear("number")
        if turn is None and not self._places.only(nearest.end, mark.start, IS):
            raise Unclear("no_measure")
        return the_one(self._fitting(nearest, mark, side))

    def _attached(self, last: Mark, name: Mark, pattern: re.Pattern[str]) -> bool:
        """Whether a measure stands right behind a number, perhaps with the word for what is counted between."""
        units = {self._lexicon.names[one].display.unit for one in name.names}
        counted = re.compile(rf"\s*(?:{'|'.join(map(re.escape, units))})(?!\w)").match(self._places.text, last.end)
        start = counted.end() if counted is not None and counted.end() <= name.start else last.end
        return pattern.fullmatch(self._places.text, start, name.start) is not None

    def plain(self, name: Mark) -> None:
        """Holds that nothing beside a measure's name makes another measure of it, or a part."""
        before = self._places.text[max(self._places.start, self._ended(name)) : name.start]
        if QUALIFIED.search(before) or self._restricted(name):
            raise Unclear("no_measure")

    def _ended(self, name: Mark) -> int:
        """Where the mark before a measure's name ends: a week, a slice or a number makes no other measure of it."""
        return max([self._places.start, *(one.end for one in self._places.until(name))])

    def _restricted(self, name: Mark) -> bool:
        """Whether a counted measure is told in part: *12 orders were cancelled*, but not *orders were up*."""
        numbers = [one for one in self._places.until(name) if one.what == "number"]
        counted = bool(numbers) and self._attached(numbers[-1], name, ATTACHED)
        told = RESTRICTED.match(self._places.text, name.end)
        return told is not None and (counted or told[0].strip() in ("that", "who", "without", "per"))

    def _taken(self, name: Mark) -> bool:
        """Whether a measure stands right behind another number: *752 units in week 47*."""
        numbers = [one for one in self._places.until(name) if one.what == "number"]
        return bool(numbers) and self._attached(numbers[-1], name, ATTACHED)

    def _grown(self, measure: Mark, mark: Mark) -> bool:
        """Whether a number may be a size or how much it grew: *an increase in applications (543)*."""
        turns = [one for one in self._places.until(measure) if one.what in ("up", "down")]
        beside = (
            bool(turns) and self._places.gap(turns[-1], measure, OF_IT) and self._places.said(turns[-1]) not in LOOSE
        )
        return beside and self._places.text[measure.end : mark.start].strip() == "("

    def _fitting(self, measure: Mark, mark: Mark, side: Side) -> list[str]:
        """What a measure's name can mean beside such a number."""
        return [name for name in measure.names if self._fits(name, mark, side)]

    def _said_before(self, mark: Mark, side: Side, turn: Mark | None, last: TextClaim | None) -> str:
        """The measure of a number that names none: that of the number before, or of the sentence before."""
        if (not mark.unit and self._counts(mark)) or self._in_part(mark):
            raise Unclear("no_measure")
        if last is not None and last.says == "change" and side != "change" and self._a_further_change(mark, last):
            raise Unclear("number")
        if last is None:
            opens = self._places.edge(mark) == self._places.start
            if self._carried is None or not opens or not self._fits(self._carried, mark, side):
                raise Unclear("no_measure")
            return self._carried
        first = mark if turn is None else min(mark, turn, key=lambda one: one.start)
        if not self._places.only(self._places.edge(mark), first.start, SAID_AGAIN):
            raise Unclear("no_measure")
        same = (mark.unit in MONEY) == (last.unit in MONEY) or side == "change" or last.says == "change"
        if not same or not self._fits(last.about.measure, mark, side):
            raise Unclear("unit")
        return last.about.measure

    def _counts(self, mark: Mark) -> bool:
        """Whether a noun stands behind a number, for which it says how many: *168 orders and 144 visitors*."""
        units = (self._lexicon.names[one].display.unit for one in self._lexicon.names)
        counted = re.compile(rf"\s+(?:{'|'.join(map(re.escape, units))})(?!\w)").match(self._places.text, mark.end)
        return GOES_ON.match(self._places.text, mark.end if counted is None else counted.end()) is None

    def _in_part(self, mark: Mark) -> bool:
        """Whether a number is only of some: *26 in week 48 were cancelled*, *€5,000 in credit notes in week 48*."""
        if mark.unit not in ("", *MONEY):
            return False
        text, end = self._places.text, self._places.end
        return OF_SOME.match(text, mark.end, end) is not None or IN_WHAT.match(text, mark.end, end) is not None

    def _a_further_change(self, mark: Mark, last: TextClaim) -> bool:
        """Whether a number may be that of another change: *rose by 24 in week 49 and 12 in week 48*."""
        hinge, text = self._places.hinge(mark), self._places.text
        right_behind = hinge is not None and hinge.what == "than" and not text[hinge.end : mark.start].strip()
        joined = right_behind or text[: mark.start].rstrip().endswith(" and")
        return joined and (mark.unit or last.unit) == last.unit

    def said_of(self, measure: Mark, turn: Mark) -> bool:
        """Whether a word for more or less is said of a measure: beside it, or with words without weight between."""
        if measure.start > turn.start:
            return self._places.gap(turn, measure, OF_IT)
        return self._places.only(measure.end, turn.start, SAID_OF)

    def _fits(self, measure: str, mark: Mark, side: Side) -> bool:
        """Whether a measure can have such a unit; which value it has is nothing to a binder."""
        named = self._lexicon.names[measure]
        own = named.display.unit
        if side == "change" and mark.unit == "%":
            return True
        if own == "%":
            return mark.unit == "%" or (side == "change" and mark.unit == "points" and named.rate)
        return mark.unit in (*MONEY, "") if own in MONEY else mark.unit in ("", own)


def the_one(names: Sequence[str]) -> str:
    """The measure that is meant, where only one can be."""
    if len(names) != 1:
        raise Unclear("no_measure")
    return names[0]
