"""Decisions of an answer's author: what is no claim, which figure is meant, what states what must be stated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from mondaylab.errors import Refused
from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.adopting.entries import Entry
from mondaylab.labs.adopting.need import Need
from mondaylab.labs.binding.claims import DOUBTS, MONEY
from mondaylab.labs.binding.marks import Mark
from mondaylab.labs.binding.reading import exact
from mondaylab.labs.claims.text_claim import About, TextClaim
from mondaylab.labs.sources.references import there_are
from mondaylab.records import Record

NOT_A_CLAIM, MEANS, STATES = "--not-a-claim", "--means", "--states"
_NEVER = ("placeholder",)
"""Doubts that nothing decides: such a text was never finished."""
_MEANT = re.compile(r"\s*(\d+)\s*[:=]\s*(.+)", re.DOTALL)
_STATED = re.compile(r"(.+?)\s*=\s*(\d+(?:\s*,\s*\d+)*)\s*", re.DOTALL)
_WHOLE = "whole company"
_WEEKS = ("week", "week before", "quarter")


class Decisions(Record):
    """What the author decided, by the numbers of the list."""

    not_claims: frozenset[int] = frozenset()
    means: dict[int, str] = {}
    """Number -> which figure, in the words of the menu; never its value."""
    states: dict[str, tuple[int, ...]] = {}
    """What must be stated -> the claims that state it."""

    @classmethod
    def parsed(cls, not_claims: Iterable[int], means: Iterable[str], states: Iterable[str]) -> Decisions:
        """Reads options.

        Raises:
            Refused: One is not written as it should be.
        """
        meant: dict[int, str] = {}
        for text in means:
            found = _MEANT.fullmatch(text)
            if found is None:
                raise Refused(f"{text!r} is not NUMBER: MEASURE", where=MEANS, fix="write --means '3: margin, week'")
            meant[int(found[1])] = found[2].strip()
        items: dict[str, tuple[int, ...]] = {}
        for text in states:
            said = _STATED.fullmatch(text)
            if said is None:
                raise Refused(f"{text!r} is not ITEM=NUMBER", where=STATES, fix='write --states "the total=3"')
            items[said[1].strip()] = tuple(int(one) for one in said[2].split(","))
        return cls(not_claims=frozenset(not_claims), means=meant, states=items)


def decided(
    answered: Answered, found: Sequence[Entry], decisions: Decisions
) -> tuple[tuple[Entry, ...], tuple[Need, ...]]:
    """The list with what its author decided, and what is still open.

    Raises:
        Refused: A decision is about nothing in the list, or not in the words of the menu.
    """
    known = {one.number for one in found}
    for number in sorted({*decisions.not_claims, *decisions.means} - known):
        raise Refused(f"there is no claim or doubt {number}", where="the answer", fix="see --dry-run for the numbers")
    done, needs = list[Entry](), list[Need]()
    for one in found:
        if one.why in _NEVER and answered.text[one.start : one.end] in answered.scrubbed:
            done.append(one.model_copy(update={"dismissed": True}))
        elif one.number in decisions.means:
            claim = meant(answered, one, decisions.means[one.number])
            done.append(one.model_copy(update={"claim": claim, "why": None, "start": claim.start, "end": claim.end}))
        elif one.number in decisions.not_claims:
            stays = _stays(answered, one)
            needs += [] if stays is None else [stays]
            done.append(one.model_copy(update={"claim": None, "dismissed": stays is None}))
        else:
            done.append(one)
    done = _answered(answered, done)
    needs += (_need(answered, one) for one in done if one.open and one.number not in decisions.not_claims)
    return tuple(done), tuple(needs)


def _stays(answered: Answered, one: Entry) -> Need | None:
    """Why words cannot be called no claim; none where they can."""
    words = answered.shown(one.start, one.end)
    if one.why in _NEVER:
        return Need(number=one.number, words=words, what=DOUBTS["placeholder"])
    if (stated := answered.states(answered.text[one.start : one.end])) is not None:
        what = f"it cannot be called no claim: {stated}"
        return Need(number=one.number, words=words, what=what, decide=f"{MEANS} '{one.number}: MEASURE, ...'")
    return None


def _need(answered: Answered, one: Entry) -> Need:
    words = answered.shown(one.start, one.end)
    if one.why is None or one.why in _NEVER:
        return Need(number=one.number, words=words, what=DOUBTS["placeholder"])
    options = [f"{MEANS} '{one.number}: MEASURE, ...'"] if _countable(answered, one) is not None else []
    options += [f"{NOT_A_CLAIM} {one.number}"] if answered.states(words) is None else []
    return Need(number=one.number, words=words, what=DOUBTS[one.why], decide=" or ".join(options) or None)


def _answered(answered: Answered, found: Sequence[Entry]) -> list[Entry]:
    """Without doubts whose week or slice a claim of their sentence is about after all."""
    done: list[Entry] = []
    for one in found:
        mark = _mark_at(answered, one)
        abouts = [
            about
            for other in found
            if other.sentence == one.sentence and other.claim is not None
            for about in (other.claim.about, other.claim.against)
            if about is not None
        ]
        if one.open and mark is not None and _used(mark, abouts):
            one = one.model_copy(update={"dismissed": True})  # noqa: PLW2901
        done.append(one)
    return done


def _used(mark: Mark, abouts: Iterable[About]) -> bool:
    match mark.what:
        case "member":
            return any(one.cut.get(mark.field) == mark.name for one in abouts)
        case "whole":
            return any(not one.cut for one in abouts)
        case "week":
            return any(one.week == mark.week for one in abouts)
    return False


def _mark_at(answered: Answered, one: Entry) -> Mark | None:
    return next((mark for mark in answered.marks[one.sentence] if mark.start == one.start), None)


def _countable(answered: Answered, one: Entry) -> Mark | None:
    """The number of a doubt, or its word for more or less; none of one that has neither."""
    inside = [mark for mark in answered.marks[one.sentence] if one.start <= mark.start and mark.end <= one.end]
    number = next((mark for mark in inside if mark.what == "number" and not mark.odd), None)
    return number or next((mark for mark in inside if mark.what in ("up", "down")), None)


# -- which figure is meant
def meant(answered: Answered, one: Entry, said: str) -> TextClaim:
    """The claim that a doubtful number or word makes, as its author says which figure is meant.

    Args:
        answered: The answer.
        one: The doubtful place.
        said: ``MEASURE[, FIELD=MEMBER ...][, week | week before | quarter][, against ...]``.

    Raises:
        Refused: It is not in the words of the menu, or the unit is none of the measure.
    """
    where = f"{MEANS} {one.number}"
    mark = _countable(answered, one)
    if mark is None:
        raise Refused("no number, and no word for more or less, stands there", where=where)
    now, _, other = (part.strip(" ,") for part in re.sub(r"\bagainst\b", "\0", said, count=1).partition("\0"))
    about = _about(answered, now, where)
    against = _against(answered, about, other, where) if other else None
    display = answered.asking.names[about.measure].display
    if mark.what != "number":
        against = against or _early(answered, about, where)
        says = "more" if mark.what == "up" else "less"
        return TextClaim(start=mark.start, end=mark.end, says=says, about=about, against=against)
    turn = _turn(answered, one, mark) if against is not None else None
    if against is not None and turn is None and not mark.signed:
        raise Refused("no word beside it says which way it went", where=where, fix="leave 'against' out")
    _unit_fits(answered, about.measure, mark, change=against is not None, where=where)
    first = mark if turn is None else min(mark, turn, key=lambda place: place.start)
    last = mark if turn is None else max(mark, turn, key=lambda place: place.end)
    claim = TextClaim(
        start=first.start,
        end=last.end,
        says="value" if against is None else "change",
        about=about,
        against=against,
        stated=-mark.value if turn is not None and turn.what == "down" else mark.value,
        unit=mark.unit or ("" if display.unit == "%" else display.unit),
        decimals=mark.decimals,
        number=mark.number,
    )
    return exact(claim)


def _turn(answered: Answered, one: Entry, mark: Mark) -> Mark | None:
    """The word for more or less that stands nearest to a number, none other between."""
    marks = answered.marks[one.sentence]
    place = marks.index(mark)
    before = next((mark for mark in reversed(marks[:place]) if mark.what in ("up", "down", "number")), None)
    after = next((mark for mark in marks[place + 1 :]), None)
    if after is not None and after.what in ("up", "down") and not answered.text[mark.end : after.start].strip(" -"):
        return after
    return before if before is not None and before.what != "number" else None


def _unit_fits(answered: Answered, measure: str, mark: Mark, *, change: bool, where: str) -> None:
    named = answered.asking.names[measure]
    own = named.display.unit
    if change and mark.unit == "%":
        return
    if own == "%":
        fits = mark.unit == "%" or (change and mark.unit == "points" and named.rate)
    else:
        fits = mark.unit in (*MONEY, "") if own in MONEY else mark.unit in ("", own)
    if not fits:
        raise Refused(
            f"the number has the unit {mark.unit or 'of a count'!r}, and {measure!r} has {own!r}", where=where
        )


def _about(answered: Answered, said: str, where: str) -> About:
    measure, *rest = (part.strip() for part in said.split(","))
    name = _measure(answered.asking.names, measure, where)
    cut: dict[str, str] | None = None
    week: date | None = answered.lexicon.week
    for part in rest:
        if part in _WEEKS:
            week = _week(answered, part, where)
        elif part == _WHOLE:
            cut = {}
        else:
            field, member = _member(answered, part, where)
            cut = {**(cut or {}), field: member}
    if cut is None:
        cut = {field: answered.lexicon.subject[field] for field in _fields(answered, name, where)}
    return About(measure=name, cut=cut, week=week)


def _measure(names: Mapping[str, object], said: str, where: str) -> str:
    if said not in names:
        raise Refused(f"no measure {said!r} ({there_are(names)})", where=where)
    return said


def _fields(answered: Answered, measure: str, where: str) -> Iterator[str]:
    for field in sorted(answered.lexicon.cuts[measure]):
        if field not in answered.lexicon.subject:
            raise Refused(f"the answer is about several of {field!r}", where=where, fix=f"say which: {field}=NAME")
        yield field


def _member(answered: Answered, part: str, where: str) -> tuple[str, str]:
    field, _, member = (one.strip() for one in part.partition("="))
    known = {name for of, name in answered.lexicon.members.values() if of == field}
    if member not in known:
        menu = there_are(known) if known else f"write FIELD=NAME, {_WHOLE}, {', '.join(_WEEKS)}"
        raise Refused(f"{part!r} names nothing ({menu})", where=where)
    return field, member


def _week(answered: Answered, said: str, where: str) -> date | None:
    if said == "quarter":
        return None
    found = answered.lexicon.week if said == "week" else answered.lexicon.before
    if found is None:
        raise Refused("the answer is about the whole quarter", where=where)
    return found


def _against(answered: Answered, about: About, said: str, where: str) -> About:
    if said in _WEEKS:
        return about.model_copy(update={"week": _week(answered, said, where)})
    if said == _WHOLE:
        return about.model_copy(update={"cut": {}})
    parts = [_member(answered, part.strip(), where) for part in said.split(",")]
    return about.model_copy(update={"cut": {**about.cut, **dict(parts)}})


def _early(answered: Answered, about: About, where: str) -> About:
    if answered.lexicon.before is None or about.week != answered.lexicon.week:
        raise Refused("it does not say what it compares with", where=where, fix="add: against FIELD=NAME")
    return about.model_copy(update={"week": answered.lexicon.before})
