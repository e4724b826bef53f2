"""Reading a sentence: which figure each of its numbers is, and what its words for more and less compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mondaylab.labs.binding.claims import Doubtful
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.marks import Mark, exactness
from mondaylab.labs.binding.places import Places
from mondaylab.labs.binding.which import Which, the_one
from mondaylab.labs.binding.whose import Side, Unclear, Whose
from mondaylab.labs.binding.words import (
    AFTER,
    AMONG,
    BOUNDED,
    BY,
    CLAUSE,
    COMMAND,
    HAD,
    JOINED,
    LOOSE,
    MAYBE,
    NOUN,
    OF_IT,
    OF_OTHERS,
    OF_PART,
    PRONOUN,
    RESTRICTED,
    SAID_AGAIN,
    STRAIGHT,
    THEY,
)
from mondaylab.labs.claims.text_claim import About, TextClaim

_COMPARATIVE = LOOSE - {"up", "down"}


@dataclass
class Carried:
    """What the sentence before leaves in a reader's mind.

    Attributes:
        measure: The one measure that it spoke of; none if of several, or of none.
        cut: Whose figure it was.
        clouded: Whether the time that it speaks of is not clear: it stays so until a week is named.
        strange: Fields of which it named another member than the text is about: they stay so until one is named.
        whole: Measures of which it gave the whole company's figure, and named nobody after it: likewise.
        ever: Measures of which the text gave the whole company's figure so far.
    """

    measure: str | None = None
    cut: Mapping[str, str] = field(default_factory=dict)
    clouded: bool = False
    strange: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    ever: frozenset[str] = frozenset()


class Reading:
    """One sentence, read.

    Args:
        places: The sentence with its marks.
        lexicon: What is called how.
        carried: From the sentence before.
    """

    def __init__(self, places: Places, lexicon: Lexicon, carried: Carried) -> None:
        self._places, self._lexicon = places, lexicon
        free = places.free(places.marks, None)
        named = any(one.what == "week" and not one.relative for one in places.marks)
        self._clouded = any(one.what == "elsewhen" for one in free) or (carried.clouded and not named)
        self._strange = {field for field in carried.strange if not any(one.field == field for one in free)}
        self._carried = carried if PRONOUN.match(places.text, places.start, places.end) else Carried()
        self._whole = frozenset() if any(one.what in ("member", "whole") for one in free) else carried.whole
        they = THEY.search(places.text, places.start, places.end) is not None
        if self._whole and they:
            self._whole = frozenset(lexicon.cuts)  # it had 144 in week 48: the company, or whom the text is about?
        self._ever = carried.ever
        self._whose = Whose(
            places,
            lexicon,
            self._carried.cut,
            clouded=self._clouded,
            strange=self._strange,
            whole=self._whole,
            theirs=carried.ever if they else frozenset(),
        )
        self._which = Which(places, lexicon, self._carried.measure)
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
        cut = self.claims[0].about.cut if len(cuts) == 1 else {}
        clouded = self._clouded or self._of_other_time()
        ever = self._ever | {claim.about.measure for claim in self.claims if not claim.about.cut}
        return Carried(measure, cut, clouded, frozenset(self._of_others()), self._whole | self._of_whole(), ever)

    def _of_whole(self) -> frozenset[str]:
        """The measures of which it gave the whole company's figure, where it named nobody after it."""
        named = [one for one in self._places.free(self._places.marks, None) if one.what in ("member", "whole")]
        if not named or named[-1].what != "whole":
            return frozenset()
        return frozenset(claim.about.measure for claim in self.claims if not claim.about.cut)

    def _of_other_time(self) -> bool:
        """Whether the sentence turns to another week: it opens with one, or names one and says nothing of it."""
        marks = self._places.free(self._places.marks, None)
        weeks = [one for one in marks if one.what == "week"]
        opens = bool(weeks) and (weeks[0] is marks[0] or not any(one.what == "number" for one in marks))
        return opens and weeks[-1].week != self._lexicon.week

    def _of_others(self) -> set[str]:
        """The fields of which it named another member last than the one that the text is about."""
        strange = set(self._strange)
        for one in self._places.free(self._places.marks, None):
            if one.what == "member" and one.field in self._lexicon.subject:
                strange = strange | {one.field} if self._another(one) else strange - {one.field}
        return strange

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
        side, turn = self._side(mark)
        if mark.odd:
            raise Unclear("number")
        around = self._places.text[mark.start - 1 : mark.start] + self._places.text[mark.end : mark.end + 1]
        if "/" in around or BOUNDED.search(self._places.text[self._places.start : mark.start]):
            raise Unclear("number")
        if turn is not None and mark.value < 0:
            raise Unclear("number")
        self._must_be_so(mark if turn is None else min(mark, turn, key=lambda one: one.start), turn is not None)
        measure = self._which.measure_of(mark, side, turn, self._last)
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
        text, start = self._places.text, self._places.start
        among = AMONG.search(text, start, mark.end + 20) or OF_PART.match(text, start)
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
            turn = (
                before[-1] if self._places.said(before[-1]) not in _COMPARATIVE else None
            )  # higher (60.6 against 62.1)
        elif after and after[0].what in ("up", "down") and not self._places.text[mark.end : after[0].start].strip(" -"):
            turn = after[0]
        elif BY.search(self._places.text[self._places.start : mark.start]):
            turn = next((one for one in reversed(before) if one.what in ("up", "down")), None)
            if turn is None:
                raise Unclear("number")
        if turn is not None:
            self._used.add(turn)
            return "change", turn
        if any(self._places.said(one) in ("above", "below") for one in before):
            raise Unclear("no_partner")
        hinge = self._places.hinge(mark)
        if hinge is not None and hinge.what == "from" and any(self._another(one) for one in self._places.zone(hinge)):
            raise Unclear("when")  # up from South's 41: of which week?
        return ("value" if hinge is None else "before" if hinge.what == "from" else "other"), None

    def _another(self, mark: Mark) -> bool:
        """Whether a mark names another member than the text is about."""
        return mark.what == "member" and mark.name != self._lexicon.subject.get(mark.field)

    # -- whose, and when
    def _about(self, mark: Mark, measure: str, side: Side) -> About:
        hinge = self._places.hinge(mark) if side in ("before", "other") else None
        zone = [] if hinge is None else self._places.zone(hinge)
        if side == "other" and not any(one.what in ("member", "whole", "week", "elsewhen") for one in zone):
            before = (one.against for one in reversed(self.claims) if one.against and one.about.measure == measure)
            if (against := next(before, None)) is None:
                raise Unclear("no_partner")
            return against  # rose by 1.0 points (30.8 % vs 29.8 %)
        if self._places.from_several(mark) or (hinge is None and self._whose.held_apart(mark)):
            raise Unclear("whose")
        named = [*zone, *self._places.attached(mark)]
        same = (hinge is not None or self._said_again(mark)) and (
            self._last is not None and self._last.about.measure == measure
        )
        if self._last is not None and same and not any(one.what in ("member", "whole") for one in named):
            # 150 in all, compared to 140 the week before
            return About(measure=measure, cut=self._last.about.cut, week=self._whose.week(mark, side, hinge, zone))
        cut = self._whose.cut(mark, measure, hinge, zone)
        return About(measure=measure, cut=cut, week=self._whose.week(mark, side, hinge, zone))

    def _said_again(self, mark: Mark) -> bool:
        """Whether a number only goes on with the one before it: *168 returns in week 49 and 144 returns in week 48*."""
        between = self._places.before(mark)
        apart = any(one.what in ("member", "whole") for one in between)
        return not apart and self._places.only(self._places.edge(mark), mark.start, SAID_AGAIN)

    # -- more and less
    def _comparison(self, mark: Mark) -> TextClaim | None:
        """What a word for more or less compares, where no number says by how much."""
        word = self._places.said(mark)
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
        if (
            word in _COMPARATIVE
            and hinge is None
            and not set(self._lexicon.cuts[measure]) <= set(self._lexicon.subject)
        ):
            raise Unclear("no_partner")  # of two carriers, more than the other or than before?
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
            return the_one(right.names)
        self._alone_before(mark)
        named = [one for one in self._places.until(mark) if one.what == "measure"]
        noun = NOUN.search(self._places.text, self._places.start, mark.end)
        rest = self._places.text[mark.end : self._places.end]
        if noun is not None and noun.end() == mark.end:
            if named and not OF_OTHERS.match(rest) and self._places.only(named[-1].end, mark.start, HAD):
                return the_one(named[-1].names)
        elif named and (word not in LOOSE or word in ("up", "down") or hinge is not None or self._is(named[-1], mark)):
            if self._which.said_of(named[-1], mark) or (word in LOOSE and self._beside_number(named[-1], mark)):
                return the_one(named[-1].names)
        elif word in LOOSE:
            return None
        opens = not named and not OF_OTHERS.match(rest) and self._carried.measure is not None
        if not opens:
            raise Unclear("no_measure")
        return self._carried.measure

    def _alone_before(self, mark: Mark) -> None:
        """Holds that one measure is said to have moved, and not the last of several."""
        named = [one for one in self._places.before(mark) if one.what == "measure"]
        if len(named) > 1 and JOINED.fullmatch(self._places.text, named[-2].end, named[-1].start):
            raise Unclear("no_measure")
        if named:
            self._which.plain(named[-1])

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


def _once(claims: Sequence[TextClaim]) -> list[TextClaim]:
    """The claims in reading order, none said twice: *improved slightly, rising from 21.0 %*."""
    kept: dict[str, TextClaim] = {}
    for claim in sorted(claims, key=lambda one: one.start):
        said = claim.model_dump(mode="json", exclude={"start", "end"} if claim.number is None else set())
        kept.setdefault(str(said), claim)
    return list(kept.values())


def exact(claim: TextClaim) -> TextClaim:
    """The claim with the exactness that its number has: 88,700 says hundreds, not single euros."""
    return claim.model_copy(update={"decimals": exactness(claim.stated or 0.0, claim.decimals)})
