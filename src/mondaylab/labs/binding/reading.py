"""Reading a sentence: which figure each of its numbers is, and what its words for more and less compare."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mondaylab.labs.binding.claims import About, Doubt, Doubtful, TextClaim
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.marks import Mark
from mondaylab.labs.binding.words import BOUNDED, LOOSE

_HEDGE = r"(?:about|around|nearly|almost|only|just|roughly|approximately|some|an|a|the|of|by|to|at|:|,|\()"
_STRAIGHT = re.compile(rf"\s*(?:{_HEDGE}\s*)*")
_SMALL = "the|its|their|of|a|an|in|our|for|from|by|value|figure|level|rate|total|average|was|just|only|about|at|'s|’s|s"
_LITTLE = re.compile(rf"[\s(,]*(?:(?:{_SMALL})\b[\s(,]*)*")
_ROW = re.compile(rf"[\s(),]*(?:(?:{_SMALL}|and)\b[\s(),]*)*")
_ATTACHED = re.compile(r"\s*(?:(?:in|of|for|worth of|total|new|as|were|was|being|came as)\s+)?(?:the\s+)?")
_OF_IT = re.compile(r"\s*(?:in|of)?\s*(?:the\s+|its\s+|their\s+)?(?:number of\s+|total\s+|overall\s+)?")
_STOP = re.compile(r"[,;:]|\b(?:and|while|whereas|but|although|with)\b")
_TURN = re.compile(r"[;:]|\b(?:while|whereas|but|although)\b")
_PRONOUN = re.compile(r"(?:This|That|It|These|Which|Its|Their)\b")
Side = Literal["value", "before", "other", "change"]


class _Doubt(Exception):
    """Something is not said clearly enough.

    Attributes:
        why: What.
    """

    def __init__(self, why: Doubt) -> None:
        self.why = why
        super().__init__(why)


@dataclass
class Carried:
    """What the sentences before leave in a reader's mind.

    Attributes:
        measure: The one measure that the sentence before spoke of; none if of several, or of none.
        cut: The members that it spoke of.
    """

    measure: str | None = None
    cut: Mapping[str, str] = field(default_factory=dict)


class Reading:
    """One sentence, read.

    Args:
        text: The whole text.
        span: Where the sentence begins and ends.
        found: Its marks.
        lexicon: What is called how.
        carried: From the sentence before.
    """

    def __init__(
        self, text: str, span: tuple[int, int], found: Sequence[Mark], lexicon: Lexicon, carried: Carried
    ) -> None:
        self._text, self._marks, self._lexicon = text, found, lexicon
        self._start, self._end = span
        self._carried = carried if _PRONOUN.match(text, *span) else Carried()
        self.claims: list[TextClaim] = []
        self.doubts: list[Doubtful] = []
        self.spoken: list[str] = []
        """Measures of what was bound, in order."""
        self._used: set[Mark] = set()
        self._last: TextClaim | None = None

    def read(self) -> None:
        """Finds all that the sentence claims about figures."""
        for mark in self._marks:
            if mark.what == "number":
                self._read(mark, self._number)
        for mark in self._marks:
            if mark.what in ("up", "down") and mark not in self._used:
                self._read(mark, self._comparison)
        self.claims.sort(key=lambda claim: claim.start)

    @property
    def left(self) -> Carried:
        """What the next sentence may refer to."""
        measures = {claim.about.measure for claim in self.claims}
        if len(measures) != 1:
            return Carried()
        return Carried(next(iter(measures)), self.claims[0].about.cut)

    def _read(self, mark: Mark, how: object) -> None:
        try:
            claim = how(mark)  # type: ignore[operator]
        except _Doubt as doubt:
            number = mark.number if mark.what == "number" else None
            self.doubts.append(Doubtful(start=mark.start, end=mark.end, why=doubt.why, number=number))
            return
        if claim is not None:
            self.claims.append(claim)
            self._last = claim if mark.what == "number" else self._last

    # -- numbers
    def _number(self, mark: Mark) -> TextClaim:
        if BOUNDED.search(self._text[self._start : mark.start]):
            raise _Doubt("number")
        side, turn = self._side(mark)
        measure = self._measure_of(mark, side, turn)
        about = self._about(mark, measure, side)
        named = self._lexicon.names[measure]
        against: About | None = None
        stated = mark.value
        if side == "change":
            against = self._partner(mark, about)
            stated = mark.value if turn is None or turn.what == "up" else -mark.value
        return TextClaim(
            start=min(mark.start, turn.start) if turn is not None else mark.start,
            end=max(mark.end, turn.end) if turn is not None else mark.end,
            says="change" if side == "change" else "value",
            about=about,
            against=against,
            stated=stated,
            unit=mark.unit or ("" if named.display.unit == "%" else named.display.unit),
            decimals=mark.decimals,
            number=mark.number,
        )

    def _side(self, mark: Mark) -> tuple[Side, Mark | None]:
        """What a number is: a figure, that of the week before, another's, or the size of a change with its word."""
        before, after = self._beside(mark)
        turn = next((one for one in reversed(before) if one.what in ("up", "down")), None)
        if turn is not None and self._gap(turn, mark, _STRAIGHT) and turn is before[-1]:
            self._used.add(turn)
            return "change", turn
        if after and after[0].what in ("up", "down") and not self._text[mark.end : after[0].start].strip(" -"):
            self._used.add(after[0])
            return "change", after[0]
        if re.search(rf"\bby\s+(?:{_HEDGE}\s*)*$", self._text[self._start : mark.start]):
            turn = next((one for one in reversed(self._until(mark)) if one.what in ("up", "down")), None)
            if turn is None:
                raise _Doubt("number")
            self._used.add(turn)
            return "change", turn
        hinge = self._hinge(mark)
        return ("value" if hinge is None else "before" if hinge.what == "from" else "other"), None

    def _hinge(self, mark: Mark) -> Mark | None:
        """The *than* or *from* behind which a number stands, alone or in a row with others."""
        at = mark
        for one in reversed(self._until(mark)):
            if one.what in ("from", "than"):
                return one if self._little(one, at) else None
            if one.what == "number":
                if not self._little(one, at, row=True):
                    return None
                at = one
        return None

    def _measure_of(self, mark: Mark, side: Side, turn: Mark | None) -> str:
        """The measure that a number is of, by the words next to it."""
        before, after = self._beside(mark)
        names = [one for one in after if one.what == "measure"]
        last = turn if side == "change" and turn is not None and turn.start > mark.start else mark
        pattern = _OF_IT if side == "change" else _ATTACHED
        if names and self._gap(last, names[0], pattern) and self._fits(names[0].name, mark, side):
            return names[0].name
        named = [one.name for one in before if one.what == "measure"]
        fitting = [name for name in named if self._fits(name, mark, side)]
        if fitting:
            if len(set(fitting)) > 1 and re.search(r"\band\b", self._text[self._edge(mark) : mark.start]):
                raise _Doubt("no_measure")
            return fitting[-1]
        if named:
            raise _Doubt("unit")
        known = self._last.about.measure if self._last is not None else self._carried.measure
        if known is None:
            raise _Doubt("no_measure")
        if not self._fits(known, mark, side):
            raise _Doubt("unit" if self._last is not None else "no_measure")
        return known

    def _fits(self, measure: str, mark: Mark, side: Side) -> bool:
        """Whether a measure can have such a unit; which value it has is nothing to a binder."""
        named = self._lexicon.names[measure]
        own = named.display.unit
        if side == "change" and mark.unit == "%":
            return True
        if own == "%":
            return mark.unit == "%" or (side == "change" and mark.unit == "points" and named.rate)
        if own in ("EUR", "USD", "GBP"):
            return mark.unit in ("EUR", "USD", "GBP", "")
        return mark.unit in ("", own)

    # -- whose, and when
    def _about(self, mark: Mark, measure: str, side: Side) -> About:
        if side not in ("before", "other"):
            return About(measure=measure, cut=self._cut(mark, measure), week=self._week(mark, side))
        hinge = self._hinge(mark)
        zone = [] if hinge is None else self._zone(hinge)
        if side == "other" and not any(one.what in ("member", "whole", "week", "elsewhen") for one in zone):
            raise _Doubt("no_partner")
        return About(measure=measure, cut=self._cut(mark, measure, zone), week=self._week(mark, side, zone))

    def _zone(self, hinge: Mark) -> list[Mark]:
        """What stands behind *than* or *from*, up to where the sentence turns to something else."""
        stop = _TURN.search(self._text, hinge.end, self._end)
        end = self._end if stop is None else stop.start()
        return [one for one in self._marks if hinge.end <= one.start < end]

    def _cut(self, mark: Mark, measure: str, zone: Sequence[Mark] = ()) -> dict[str, str]:
        """Whose figure it is; behind *than* the one named there, before or after its number."""
        before, after = self._beside(mark)
        near = [one for one in before if one.what in ("member", "whole") and (not zone or one in zone)]
        attached = [one for one in self._attached(mark, after) if one.what in ("member", "whole")]
        if zone and not near and not attached:
            near = [one for one in zone if one.what in ("member", "whole")]
        if (attached and attached[0].what == "whole") or (near and near[-1].what == "whole" and not attached):
            return {}
        return {name: self._member(name, mark, near, attached) for name in sorted(self._lexicon.cuts[measure])}

    def _member(self, name: str, mark: Mark, near: list[Mark], attached: list[Mark]) -> str:
        """Whose figure it is along one field: named right beside, else before in the sentence, else by the subject."""
        for places in (attached, near):
            said = [one.name for one in places if one.field == name]
            if len({*said}) > 1:
                raise _Doubt("whose")
            if said:
                return said[-1]
        earlier = [one.name for one in self._until(mark) if one.what == "member" and one.field == name]
        if earlier:
            return earlier[-1]
        if name in self._carried.cut:
            return self._carried.cut[name]
        if name not in self._lexicon.subject:
            raise _Doubt("whose")
        return self._lexicon.subject[name]

    def _week(self, mark: Mark, side: Side, zone: Sequence[Mark] = ()) -> date | None:
        """When: the week named beside, behind *than* the one named there; else the one that opened the sentence."""
        before, after = self._beside(mark)
        near = [one for one in before if one.what in ("week", "elsewhen") and (not zone or one in zone)]
        attached = [one for one in self._attached(mark, after) if one.what in ("week", "elsewhen")]
        if zone and not near and not attached:
            near = [one for one in zone if one.what in ("week", "elsewhen")][:1]
        told = attached[0] if attached else near[-1] if near else None
        if side == "change":  # the week beside a change is most often the one that it is held against
            told = None
        if told is not None and (told.what == "elsewhen" or self._lexicon.week is None):
            raise _Doubt("when")
        if told is not None:
            return told.week
        if side == "before":
            return self._lexicon.before
        first = next((one for one in self._marks if one.what != "from"), None)
        opening = first.week if first is not None and first.what == "week" and first.start < mark.start else None
        return opening or self._lexicon.week

    def _partner(self, mark: Mark, about: About) -> About:
        """What a change is held against: what is named after *than* or *from*, else the week before."""
        after = [one for one in self._marks if one.start >= mark.end]
        hinge = next((place for place, one in enumerate(after) if one.what in ("than", "from")), None)
        return self._held_against(about, [] if hinge is None else after[hinge + 1 :], mark)

    def _held_against(self, about: About, named: Sequence[Mark], mark: Mark) -> About:
        for one in named:
            if one.what in ("number", "measure", "up", "down"):
                break
            if one.what == "elsewhen":
                raise _Doubt("when")
            if one.what == "week":
                if one.week == about.week:
                    raise _Doubt("no_partner")
                return about.model_copy(update={"week": one.week})
            if one.what == "whole":
                return about.model_copy(update={"cut": {}})
            if one.what == "member" and one.field in about.cut:
                if about.cut[one.field] == one.name:
                    raise _Doubt("no_partner")
                return about.model_copy(update={"cut": {**about.cut, one.field: one.name}})
        if any(one.what == "elsewhen" for one in self._beside(mark)[0]):
            raise _Doubt("when")
        if about.week is None or about.week != self._lexicon.week:
            raise _Doubt("no_partner")
        return about.model_copy(update={"week": self._lexicon.before})

    # -- more and less
    def _comparison(self, mark: Mark) -> TextClaim | None:
        """What a word for more or less compares, where no number says by how much."""
        word = self._text[mark.start : mark.end].lower()
        _, after = self._beside(mark)
        right = next((one for one in after if one.what == "measure"), None)
        attached = right if right is not None and self._gap(mark, right, _OF_IT) else None
        named = [one for one in self._until(mark) if one.what == "measure"]
        hinge = self._hinge_of(mark, word)
        if attached is None and not named and self._carried.measure is None:
            if word in LOOSE:
                return None
            raise _Doubt("no_measure")
        if word in LOOSE and attached is None and hinge is None and not self._predicate(mark, named):
            return None
        measure = attached.name if attached else named[-1].name if named else self._carried.measure or ""
        about = About(measure=measure, cut=self._cut(mark, measure), week=self._week(mark, "change"))
        partner = [] if hinge is None else [one for one in self._marks if one.start >= hinge.end]
        return TextClaim(
            start=mark.start,
            end=mark.end,
            says="more" if mark.what == "up" else "less",
            about=about,
            against=self._held_against(about, partner, mark),
        )

    def _hinge_of(self, mark: Mark, word: str) -> Mark | None:
        """The *than* or *from* of a word for more or less; *higher* may have its number before *than*."""
        comparative = word in LOOSE - {"up", "down"}
        for one in self._marks:
            if one.start < mark.end:
                continue
            if one.what == "than" or (one.what == "from" and not comparative):
                return one
            if one.what in ("up", "down") or (one.what == "number" and not comparative):
                return None
        return None

    def _predicate(self, mark: Mark, named: list[Mark]) -> bool:
        """Whether a loose word is what is said of the measure before it: *net sales were higher*."""
        if not named:
            return False
        between = self._text[named[-1].end : mark.start]
        return re.search(r"\b(?:was|were|is|are|went|came)\b[\w\s]*$", between) is not None

    # -- places
    def _beside(self, mark: Mark) -> tuple[list[Mark], list[Mark]]:
        """The marks between the number before and this one, and between this one and the next number."""
        place = self._marks.index(mark)
        before: list[Mark] = []
        for one in reversed(self._marks[:place]):
            if one.what == "number":
                break
            before.insert(0, one)
        after: list[Mark] = []
        for one in self._marks[place + 1 :]:
            if one.what == "number":
                break
            after.append(one)
        return before, after

    def _until(self, mark: Mark) -> list[Mark]:
        return [one for one in self._marks if one.end <= mark.start]

    def _edge(self, mark: Mark) -> int:
        """Where the number before ends, or the sentence begins."""
        return max([self._start, *(one.end for one in self._until(mark) if one.what == "number")])

    def _attached(self, mark: Mark, after: list[Mark]) -> list[Mark]:
        """The marks that follow a number within its own part of the sentence."""
        stop = _STOP.search(self._text, mark.end, self._end)
        end = self._end if stop is None else stop.start()
        near: list[Mark] = []
        for one in after:
            if one.start >= end or one.what in ("than", "from", "up", "down"):
                break
            near.append(one)
        return near

    def _gap(self, first: Mark, second: Mark, pattern: re.Pattern[str]) -> bool:
        """Whether nothing but what a pattern allows stands between two marks."""
        return pattern.fullmatch(self._text, first.end, second.start) is not None

    def _little(self, first: Mark, second: Mark, *, row: bool = False) -> bool:
        """Whether only names, weeks and small words (in a row also *and*) stand between two marks."""
        rest, at = "", first.end
        for one in self._marks:
            if first.end <= one.start < second.start:
                rest += self._text[at : one.start] + " "
                at = one.end
        return (_ROW if row else _LITTLE).fullmatch(rest + self._text[at : second.start]) is not None


def exact(claim: TextClaim) -> TextClaim:
    """The claim with the exactness that its number has: 88,700 says hundreds, not single euros."""
    value = abs(claim.stated or 0.0)
    if claim.decimals != 0 or value < 1000 or value != int(value):
        return claim
    zeros = len(str(int(value))) - len(str(int(value)).rstrip("0"))
    return claim.model_copy(update={"decimals": -zeros}) if zeros >= 2 else claim
