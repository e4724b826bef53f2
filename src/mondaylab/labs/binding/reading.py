"""Reading a sentence: which figure each of its numbers is, and what its words for more and less compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mondaylab.labs.binding.claims import About, Doubtful, TextClaim
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.marks import Mark
from mondaylab.labs.binding.places import Places
from mondaylab.labs.binding.whose import Side, Unclear, Whose
from mondaylab.labs.binding.words import (
    AFTER,
    AMONG,
    ATTACHED,
    BOUNDED,
    BY,
    CLAUSE,
    COMMAND,
    HAD,
    IS,
    LOOSE,
    MAYBE,
    NOUN,
    OF_IT,
    OF_OTHERS,
    PRONOUN,
    QUALIFIED,
    RESTRICTED,
    SAID_AGAIN,
    SAID_OF,
    STRAIGHT,
)

_COMPARATIVE = LOOSE - {"up", "down"}
_MONEY = ("EUR", "USD", "GBP")


@dataclass
class Carried:
    """What the sentence before leaves in a reader's mind.

    Attributes:
        measure: The one measure that it spoke of; none if of several, or of none.
        cut: Whose figure it was.
        clouded: Whether the time that it speaks of is not clear: it stays so until a week is named.
    """

    measure: str | None = None
    cut: Mapping[str, str] = field(default_factory=dict)
    clouded: bool = False


class Reading:
    """One sentence, read.

    Args:
        places: The sentence with its marks.
        lexicon: What is called how.
        carried: From the sentence before.
    """

    def __init__(self, places: Places, lexicon: Lexicon, carried: Carried) -> None:
        self._places, self._lexicon = places, lexicon
        named = any(one.what == "week" and not one.relative for one in places.marks)
        elsewhen = any(one.what == "elsewhen" for one in places.free(places.marks, None))
        self._clouded = elsewhen or (carried.clouded and not named)
        self._carried = carried if PRONOUN.match(places.text, places.start, places.end) else Carried()
        self._whose = Whose(places, lexicon, self._carried.cut, clouded=self._clouded)
        self.claims: list[TextClaim] = []
        self.doubts: list[Doubtful] = []
        self._used: set[Mark] = set()
        self._last: TextClaim | None = None

    def read(self) -> None:
        """Finds all that the sentence claims about figures."""
        for mark in self._places.marks:
            if mark.what == "number":
                self._try(mark, self._number)
        for mark in self._places.marks:
            if mark.what in ("up", "down") and mark not in self._used:
                self._try(mark, self._comparison)
        self._apart()
        self.claims = _once(self.claims)

    def _apart(self) -> None:
        """Takes back figures of which the sentence gives two: *at 7.0 % and 7.1 %* does not say which is when."""
        values = [claim for claim in self.claims if claim.says == "value"]
        for claim in values:
            if sum(one.about == claim.about for one in values) > 1:
                self.claims.remove(claim)
                doubt = Doubtful(start=claim.start, end=claim.end, why="whose", number=claim.number)
                self.doubts.append(doubt)

    @property
    def left(self) -> Carried:
        """What the next sentence may refer to."""
        measures = {claim.about.measure for claim in self.claims}
        cuts = {str(claim.about.cut) for claim in self.claims}
        measure = next(iter(measures)) if len(measures) == 1 and not self.doubts else None
        return Carried(measure, self.claims[0].about.cut if len(cuts) == 1 else {}, self._clouded)

    def _try(self, mark: Mark, how: Callable[[Mark], TextClaim | None]) -> None:
        try:
            claim = how(mark)
        except Unclear as doubt:
            number = mark.number if mark.what == "number" else None
            self.doubts.append(Doubtful(start=mark.start, end=mark.end, why=doubt.why, number=number))
            if number is not None:
                self._last = None  # what follows may refer to what was not understood
            return
        if claim is not None:
            self.claims.append(claim)
            self._last = claim if mark.what == "number" else self._last

    # -- numbers
    def _number(self, mark: Mark) -> TextClaim:
        around = self._places.text[mark.start - 1 : mark.start] + self._places.text[mark.end : mark.end + 1]
        if "/" in around or BOUNDED.search(self._places.text[self._places.start : mark.start]):
            raise Unclear("number")
        side, turn = self._side(mark)
        self._must_be_so(mark if turn is None else min(mark, turn, key=lambda one: one.start), turn is not None)
        measure = self._measure_of(mark, side, turn)
        self._of_all(mark, measure)
        about = self._about(mark, measure, side)
        display = self._lexicon.names[measure].display
        falls = turn is not None and turn.what == "down"
        return TextClaim(
            start=mark.start if turn is None else min(mark.start, turn.start),
            end=mark.end if turn is None else max(mark.end, turn.end),
            says="change" if side == "change" else "value",
            about=about,
            against=self._whose.partner(mark, about) if side == "change" else None,
            stated=-mark.value if falls else mark.value,
            unit=mark.unit or ("" if display.unit == "%" else display.unit),
            decimals=mark.decimals,
            number=mark.number,
        )

    def _of_all(self, mark: Mark, measure: str) -> None:
        """Holds that a figure is not that of a part that the measure does not know: *of those invited, 66.6 % ...*."""
        among = AMONG.search(self._places.text, self._places.start, mark.end + 20)
        if among is not None and "among" not in self._lexicon.names[measure].says[0]:
            raise Unclear("whose")

    def _must_be_so(self, mark: Mark, change: bool) -> None:
        """Holds that the text says what is, and of a change that it is this week's."""
        clause = [found.end() for found in CLAUSE.finditer(self._places.text, self._places.start, mark.start)]
        start = clause[-1] if clause else self._places.start
        if MAYBE.search(self._places.text, start, mark.start):
            raise Unclear("maybe")
        if change and AFTER.search(self._places.text[start : mark.start]):
            raise Unclear("when")

    def _side(self, mark: Mark) -> tuple[Side, Mark | None]:
        """What a number is: a figure, that of the week before, another's, or the size of a change with its word."""
        before, after = self._places.before(mark), self._places.after(mark)
        if mark.signed:
            return "change", None
        turn = None
        if before and before[-1].what in ("up", "down") and self._places.gap(before[-1], mark, STRAIGHT):
            turn = before[-1] if self._word(before[-1]) not in _COMPARATIVE else None  # higher (60.6 against 62.1)
        elif after and after[0].what in ("up", "down") and not self._places.text[mark.end : after[0].start].strip(" -"):
            turn = after[0]
        elif BY.search(self._places.text[self._places.start : mark.start]):
            turn = next((one for one in reversed(before) if one.what in ("up", "down")), None)
            if turn is None:
                raise Unclear("number")
        if turn is not None:
            self._used.add(turn)
            return "change", turn
        if any(self._word(one) in ("above", "below") for one in before):
            raise Unclear("no_partner")
        hinge = self._places.hinge(mark)
        return ("value" if hinge is None else "before" if hinge.what == "from" else "other"), None

    def _measure_of(self, mark: Mark, side: Side, turn: Mark | None) -> str:
        """The measure that a number is of, by the words next to it."""
        names = [one for one in self._places.after(mark) if one.what == "measure"]
        last = turn if turn is not None and turn.start > mark.start else mark
        pattern = OF_IT if side == "change" else ATTACHED
        if names and (meant := self._fitting(names[0], mark, side)) and self._attached(last, names[0], pattern):
            return _the_one(meant)
        named = [one for one in self._places.before(mark) if one.what == "measure" and not self._taken(one)]
        if named and QUALIFIED.search(self._places.text[self._places.start : named[-1].start]):
            raise Unclear("no_measure")
        fitting = [one for one in named if self._fitting(one, mark, side)]
        if not fitting:
            if named:
                raise Unclear("unit")
            return self._said_before(mark, side, turn)
        nearest = fitting[-1]
        others = [one for one in named if one.names != nearest.names and one.end <= nearest.start]
        if others and not re.search(r"[,;]", self._places.text[others[-1].end : nearest.start]):
            raise Unclear("no_measure")  # of which of the two?
        if turn is not None and not self._said_of(nearest, turn):
            raise Unclear("no_measure")
        if turn is None and self._grown(nearest, mark):
            raise Unclear("number")
        if turn is None and not self._places.only(nearest.end, mark.start, IS):
            raise Unclear("no_measure")
        return _the_one(self._fitting(nearest, mark, side))

    def _attached(self, last: Mark, name: Mark, pattern: re.Pattern[str]) -> bool:
        """Whether a measure stands right behind a number, perhaps with the word for what is counted between."""
        units = {self._lexicon.names[one].display.unit for one in name.names}
        counted = re.compile(rf"\s*(?:{'|'.join(map(re.escape, units))})(?!\w)").match(self._places.text, last.end)
        start = counted.end() if counted is not None and counted.end() <= name.start else last.end
        return pattern.fullmatch(self._places.text, start, name.start) is not None

    def _taken(self, name: Mark) -> bool:
        """Whether a measure stands right behind another number: *752 units in week 47*."""
        numbers = [one for one in self._places.until(name) if one.what == "number"]
        return bool(numbers) and self._attached(numbers[-1], name, ATTACHED)

    def _grown(self, measure: Mark, mark: Mark) -> bool:
        """Whether a number may be a size or how much it grew: *an increase in applications (543)*."""
        turns = [one for one in self._places.until(measure) if one.what in ("up", "down")]
        beside = bool(turns) and self._places.gap(turns[-1], measure, OF_IT) and self._word(turns[-1]) not in LOOSE
        return beside and self._places.text[measure.end : mark.start].strip() == "("

    def _fitting(self, measure: Mark, mark: Mark, side: Side) -> list[str]:
        """What a measure's name can mean beside such a number."""
        return [name for name in measure.names if self._fits(name, mark, side)]

    def _word(self, mark: Mark) -> str:
        return self._places.text[mark.start : mark.end].lower()

    def _said_before(self, mark: Mark, side: Side, turn: Mark | None) -> str:
        """The measure of a number that names none: that of the number before, or of the sentence before."""
        if self._last is None:
            opens = self._places.edge(mark) == self._places.start
            if self._carried.measure is None or not opens or not self._fits(self._carried.measure, mark, side):
                raise Unclear("no_measure")
            return self._carried.measure
        first = mark if turn is None else min(mark, turn, key=lambda one: one.start)
        if not self._places.only(self._places.edge(mark), first.start, SAID_AGAIN):
            raise Unclear("no_measure")
        if not self._fits(self._last.about.measure, mark, side):
            raise Unclear("unit")
        return self._last.about.measure

    def _said_of(self, measure: Mark, turn: Mark) -> bool:
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
        return mark.unit in (*_MONEY, "") if own in _MONEY else mark.unit in ("", own)

    # -- whose, and when
    def _about(self, mark: Mark, measure: str, side: Side) -> About:
        hinge = self._places.hinge(mark) if side in ("before", "other") else None
        zone = [] if hinge is None else self._places.zone(hinge)
        if side == "other" and not any(one.what in ("member", "whole", "week", "elsewhen") for one in zone):
            before = (one.against for one in reversed(self.claims) if one.against and one.about.measure == measure)
            if (against := next(before, None)) is None:
                raise Unclear("no_partner")
            return against  # rose by 1.0 points (30.8 % vs 29.8 %)
        if hinge is None and self._whose.held_apart(mark):
            raise Unclear("whose")
        named = [*zone, *self._places.attached(mark)]
        same = hinge is not None and self._last is not None and self._last.about.measure == measure
        if self._last is not None and same and not any(one.what in ("member", "whole") for one in named):
            # 150 in all, compared to 140 the week before
            return About(measure=measure, cut=self._last.about.cut, week=self._whose.week(mark, side, hinge, zone))
        cut = self._whose.cut(mark, measure, hinge, zone)
        return About(measure=measure, cut=cut, week=self._whose.week(mark, side, hinge, zone))

    # -- more and less
    def _comparison(self, mark: Mark) -> TextClaim | None:
        """What a word for more or less compares, where no number says by how much."""
        word = self._word(mark)
        command = mark.start == self._places.start and COMMAND.match(self._places.text, mark.start)
        if command or self._goes_on(mark):
            return None
        if word not in LOOSE:
            self._must_be_so(mark, change=True)
        hinge = self._hinge_of(mark, word)
        measure = self._compared(mark, word, hinge)
        if measure is None:
            return None
        self._must_be_so(mark, change=True)
        week = self._whose.week(mark, "change")
        about = About(measure=measure, cut=self._whose.cut(mark, measure), week=week)
        return TextClaim(
            start=mark.start,
            end=mark.end,
            says="more" if mark.what == "up" else "less",
            about=about,
            against=self._whose.held_against(about, hinge, mark),
        )

    def _goes_on(self, mark: Mark) -> bool:
        """Whether a word only goes on with the one before it: *an increase, rising from 21.0 %*."""
        before = self._places.before(mark)
        same = bool(before) and before[-1].what == mark.what and before[-1] not in self._used
        return same and self._places.only(before[-1].end, mark.start, SAID_AGAIN)

    def _compared(self, mark: Mark, word: str, hinge: Mark | None) -> str | None:
        """The measure that a word for more or less is said of; none where it is said of no figure at all."""
        right = next((one for one in self._places.after(mark) if one.what == "measure"), None)
        if right is not None and self._places.gap(mark, right, OF_IT):
            if RESTRICTED.match(self._places.text, right.end):
                raise Unclear("no_measure")
            return _the_one(right.names)
        named = [one for one in self._places.until(mark) if one.what == "measure"]
        noun = NOUN.search(self._places.text, self._places.start, mark.end)
        rest = self._places.text[mark.end : self._places.end]
        if noun is not None and noun.end() == mark.end:
            if named and not OF_OTHERS.match(rest) and self._places.only(named[-1].end, mark.start, HAD):
                return _the_one(named[-1].names)
        elif named and (word not in LOOSE or word in ("up", "down") or hinge is not None or self._is(named[-1], mark)):
            if self._said_of(named[-1], mark) or (word in LOOSE and self._beside_number(named[-1], mark)):
                return _the_one(named[-1].names)
        elif word in LOOSE:
            return None
        opens = not named and not OF_OTHERS.match(rest) and self._carried.measure is not None
        if not opens:
            raise Unclear("no_measure")
        return self._carried.measure

    def _is(self, measure: Mark, mark: Mark) -> bool:
        """Whether a loose word is what is said of the measure before it: *net sales were higher*."""
        between = self._places.text[measure.end : mark.start]
        return re.search(r"\b(?:was|were|is|are|went|came)\b[\w\s]*$", between) is not None

    def _beside_number(self, measure: Mark, mark: Mark) -> bool:
        """Whether a word stands right behind the measure's number: *net sales of €75,460, up from ...*."""
        since = [one for one in self._places.before(mark) if one.what == "measure"]
        return (
            not since and self._last is not None and self._places.only(self._places.edge(mark), mark.start, SAID_AGAIN)
        )

    def _hinge_of(self, mark: Mark, word: str) -> Mark | None:
        """The *than* or *from* of a word for more or less; *higher* may have its number before *than*."""
        comparative = word in _COMPARATIVE
        for one in self._places.marks:
            if one.start < mark.end:
                continue
            if one.what == "than" or (one.what == "from" and not comparative):
                return one
            if one.what in ("up", "down") or (one.what == "number" and not comparative):
                return None
        return None


def _the_one(names: Sequence[str]) -> str:
    """The measure that is meant, where only one can be."""
    if len(names) != 1:
        raise Unclear("no_measure")
    return names[0]


def _once(claims: Sequence[TextClaim]) -> list[TextClaim]:
    """The claims in reading order, none said twice: *improved slightly, rising from 21.0 %*."""
    kept: dict[str, TextClaim] = {}
    for claim in sorted(claims, key=lambda one: one.start):
        said = claim.model_dump(mode="json", exclude={"start", "end"} if claim.number is None else set())
        kept.setdefault(str(said), claim)
    return list(kept.values())


def exact(claim: TextClaim) -> TextClaim:
    """The claim with the exactness that its number has: 88,700 says hundreds, not single euros."""
    value = abs(claim.stated or 0.0)
    if claim.decimals != 0 or value < 1000 or value != int(value):
        return claim
    zeros = len(str(int(value))) - len(str(int(value)).rstrip("0"))
    return claim.model_copy(update={"decimals": -zeros}) if zeros >= 2 else claim
