"""Whose figure a number is, and when: what is named beside it, before it, or what the whole text is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import Literal

from mondaylab.labs.binding.claims import Doubt
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.binding.marks import Mark
from mondaylab.labs.binding.places import Places
from mondaylab.labs.binding.words import ALONE, ENDS
from mondaylab.labs.claims.text_claim import About

Side = Literal["value", "before", "other", "change"]
"""What a number is in its sentence: a figure, that of the week before, another's, or the size of a change."""


class Unclear(Exception):
    """Something is not said clearly enough.

    Attributes:
        why: What.
    """

    def __init__(self, why: Doubt) -> None:
        self.why = why
        super().__init__(why)


class Whose:
    """Finds slices and weeks in one sentence.

    Args:
        places: The sentence with its marks.
        lexicon: What is called how.
        carried: Whose figure the sentence before spoke of, where this one goes on about it.
        clouded: Whether it is not clear of what time the text speaks.
        strange: Fields of which the text turned to another member than it is about.
        whole: Measures of which it last told the whole company's figure.
        theirs: Measures of which *they* may be the whole company, which the text told of before.
    """

    def __init__(
        self,
        places: Places,
        lexicon: Lexicon,
        carried: Mapping[str, str],
        *,
        clouded: bool,
        strange: Set[str],
        whole: Set[str],
        theirs: Set[str],
    ) -> None:
        self._places, self._lexicon = places, lexicon
        self._carried, self._clouded, self._strange = carried, clouded, strange
        self._whole, self._theirs = whole, theirs

    def held_apart(self, mark: Mark) -> bool:
        """Whether *than* and a name stand before a number, and it is not clear whether they go with it."""
        before = self._places.before(mark)
        named = {one for one in before if one.what in ("member", "whole")}
        return bool(named - {*self._places.free(before, None)})

    def cut(self, mark: Mark, measure: str, hinge: Mark | None = None, zone: Sequence[Mark] = ()) -> dict[str, str]:
        """Whose figure a number or word is; behind *than* that of the one named there, before or after its number.

        Args:
            mark: The number, or the word for more or less.
            measure: What it is a figure of.
            hinge: The *than* or *from* behind which it stands.
            zone: What is named there.
        """
        said = [one for one in self._places.own(mark) if hinge is None or one in zone]
        near = [one for one in self._places.free(said, hinge) if one.what in ("member", "whole")]
        attached = [one for one in self._places.attached(mark) if one.what in ("member", "whole")]
        if zone and not near and not attached:
            near = [one for one in zone if one.what in ("member", "whole")]
        if (attached and attached[0].what == "whole") or (near and near[-1].what == "whole" and not attached):
            return {}
        earlier = self._places.free(self._places.until(mark), hinge)
        named = [one for one in earlier if one.what in ("member", "whole")]
        if not near and not attached and named and named[-1].what == "whole":
            if not self._places.together(named[-1], mark):
                raise Unclear("whose")  # the company's margin was 29.2 %, and net sales were ...
            return {}
        places = (attached, near, earlier)
        if measure in self._whole or (measure in self._theirs and not (attached or near or named)):
            raise Unclear("whose")  # the company had 168 orders. In week 48, there were 144
        unsaid = self._lexicon.open.get(measure, frozenset())
        return {name: self._member(name, places, name not in unsaid) for name in sorted(self._lexicon.cuts[measure])}

    def _member(self, name: str, places: Sequence[Sequence[Mark]], by_subject: bool) -> str:
        """Whose figure it is along one field: named right beside, else before in the sentence, else by the subject."""
        *beside, earlier = places
        for marks in beside:
            said = [one.name for one in marks if one.field == name]
            if len({*said}) > 1:
                raise Unclear("whose")
            if said:
                return said[-1]
        before = [one for one in earlier if one.what == "member" and one.field == name]
        if before:
            together = {one.name for one in [*self._places.before(before[-1]), before[-1]] if one.field == name}
            if len(together) > 1:  # from the head office to the service centre
                raise Unclear("whose")
            return before[-1].name
        if name in self._carried:
            return self._carried[name]
        if name not in self._lexicon.subject or not by_subject or name in self._strange:
            raise Unclear("whose")
        return self._lexicon.subject[name]

    def week(self, mark: Mark, side: Side, hinge: Mark | None = None, zone: Sequence[Mark] = ()) -> date | None:
        """When: the week named beside, behind *than* the one named there; else the one that opened the sentence.

        Args:
            mark: The number, or the word for more or less.
            side: What a number is in its sentence.
            hinge: The *than* or *from* behind which it stands.
            zone: What is named there.
        """
        said = [one for one in self._places.own(mark) if hinge is None or one in zone]
        near = [one for one in self._places.free(said, hinge) if one.what in ("week", "elsewhen")]
        attached = [one for one in self._places.attached(mark) if one.what in ("week", "elsewhen")]
        if zone and not near and not attached:
            near = [one for one in zone if one.what in ("week", "elsewhen")][:1]
        told = attached[0] if attached else near[-1] if near else None
        if side == "change":  # the week before a change is most often the one that it is held against
            told = None
            if any(one.what != "elsewhen" and one.week != self._lexicon.week for one in attached):
                raise Unclear("when")  # net sales fell by 3 % in week 48
        if told is not None and (told.what == "elsewhen" or self._lexicon.week is None):
            raise Unclear("when")
        if told is not None and told.relative and self._clouded:
            raise Unclear("when")
        if told is not None:
            return told.week
        if side == "before" and not self._clouded:
            return self._lexicon.before
        if self._clouded:
            raise Unclear("when")
        first = next((one for one in self._places.marks if one.what != "from"), None)
        opening = first.week if first is not None and first.what == "week" and first.start < mark.start else None
        return opening or self._lexicon.week

    def partner(self, mark: Mark, about: About) -> About:
        """What a change is held against: what is named after *than* or *from*, else the week before."""
        after = [one for one in self._places.marks if one.start >= mark.end]
        hinge = next((one for one in after if one.what in ("than", "from", "number")), None)
        return self.held_against(about, None if hinge is None or hinge.what == "number" else hinge, mark)

    def held_against(self, about: About, hinge: Mark | None, mark: Mark) -> About:
        """What a figure is held against: what stands behind the hinge; without one, the week before."""
        named = [] if hinge is None else [one for one in self._places.marks if one.start >= hinge.end]
        for one in named:
            if one.what == "number" and one is named[0] and hinge is not None and hinge.what == "than":
                continue  # compared to 48.1 % in the previous week
            if one.what in ("number", "measure", "up", "down"):
                break
            if one.what == "elsewhen":
                raise Unclear("when")
            if (found := _other(about, one)) is not None:
                if found == about or not (one.what == "week" or self._alone(one)):
                    raise Unclear("no_partner")
                return found
        if hinge is not None and hinge.what == "than":
            raise Unclear("no_partner")  # higher than expected
        if any(one.what == "elsewhen" for one in self._places.before(mark)):
            raise Unclear("when")
        if about.week is None or about.week != self._lexicon.week:
            raise Unclear("no_partner")
        return about.model_copy(update={"week": self._lexicon.before})

    def _alone(self, partner: Mark) -> bool:
        """Whether what is named behind *than* is all that is: not *the company's application rate*."""
        found = ENDS.search(self._places.text, partner.end, self._places.end)
        end = self._places.end if found is None else found.start()
        names = [one for one in self._places.marks if one.what == "measure" and partner.end <= one.start < end]
        if names and self._places.text[names[-1].end : end].strip():
            return False
        return self._places.only(partner.end, end, ALONE)


def _other(about: About, mark: Mark) -> About | None:
    """The same figure of another week, or of whom a mark names; none where it names nothing of the kind."""
    if mark.what == "week":
        return about.model_copy(update={"week": mark.week})
    if mark.what == "whole":
        return about.model_copy(update={"cut": {}})
    if mark.what == "member" and mark.field in about.cut:
        return about.model_copy(update={"cut": {**about.cut, mark.field: mark.name}})
    return None
