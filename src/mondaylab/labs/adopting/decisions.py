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
from mondaylab.labs.binding.unclear import part, spoilt, unused
from mondaylab.labs.binding.words import BOUNDED, LAST_WEEK, MAYBE, THIS_QUARTER, any_of
from mondaylab.labs.claims.text_claim import About, TextClaim
from mondaylab.labs.sources.references import there_are
from mondaylab.records import Record

NOT_A_CLAIM, MEANS, STATES = "--not-a-claim", "--means", "--states"
_NEVER = ("placeholder",)
"""Doubts that nothing decides: such a text was never finished."""
_JUDGED = ("cause", "rule")
"""Doubts that say what somebody could check: nobody can call them nothing."""
WITHIN = ("rank", "same", "maybe")
"""Doubts that can be called nothing, but not within the words of a claim."""
_MEANT = re.compile(r"\s*(\d{1,6})\s*[:=]\s*(.+)", re.DOTALL)
_STATED = re.compile(r"(.+?)\s*=\s*(\d{1,6}(?:\s*,\s*\d{1,6})*)\s*", re.DOTALL)
_IN_ORDER = any_of("respectively in_that_order")
"""What only says which figure is whose: an author may say it."""
_DENIED = any_of(r"fail\w*_to den(?:y|ies|ied) false(?:ly)? wrong(?:ly)? incorrect(?:ly)?")
_SHOWN = 40
"""Characters of an option that an error repeats."""
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
                raise Refused(
                    f"{text[:_SHOWN]!r} is not NUMBER: MEASURE", where=MEANS, fix="write --means '3: margin, week'"
                )
            meant[int(found[1])] = found[2].strip()
        items: dict[str, tuple[int, ...]] = {}
        for text in states:
            said = _STATED.fullmatch(text)
            if said is None:
                raise Refused(f"{text[:_SHOWN]!r} is not ITEM=NUMBER", where=STATES, fix='write --states "the total=3"')
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
        if one.number in decisions.means:
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
    needs += _left(answered, done, {one.sentence for one in done if one.number in decisions.means})
    return tuple(done), tuple(needs)


def _stays(answered: Answered, one: Entry) -> Need | None:
    """Why words cannot be called no claim; none where they can."""
    words = answered.shown(one.start, one.end)
    if one.why in _NEVER:
        return Need(number=one.number, words=words, what=DOUBTS["placeholder"])
    if one.why in _JUDGED:
        return Need(number=one.number, words=words, what=f"it cannot be called no claim: {DOUBTS[one.why]}")
    if (stated := answered.states(answered.text[one.start : one.end])) is not None:
        what = f"it cannot be called no claim: {stated}"
        decide = f"{MEANS} '{one.number}: MEASURE, ...'" if one.claim is None else None
        return Need(number=one.number, words=words, what=what, decide=decide)
    return None


def _need(answered: Answered, one: Entry) -> Need:
    words = answered.shown(one.start, one.end)
    if one.why is None or one.why in _NEVER:
        return Need(number=one.number, words=words, what=DOUBTS["placeholder"])
    options = [f"{MEANS} '{one.number}: MEASURE, ...'"] if may_be_meant(answered, one) else []
    nothing = one.why not in _JUDGED and answered.states(words) is None
    options += [f"{NOT_A_CLAIM} {one.number}"] if nothing else []
    return Need(number=one.number, words=words, what=DOUBTS[one.why], decide=" or ".join(options) or None)


def may_be_nothing(answered: Answered, one: Entry) -> bool:
    """Whether an author can call the words of an entry no claim."""
    return _stays(answered, one) is None


def may_be_meant(answered: Answered, one: Entry) -> bool:
    """Whether an author can say which figure a doubt is."""
    mark = _countable(answered, one)
    try:
        if mark is not None:
            _said_as_fact(answered, one, mark, MEANS)
    except Refused:
        return False
    return mark is not None


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


def _left(answered: Answered, found: Sequence[Entry], sentences: Iterable[int]) -> Iterator[Need]:
    """Weeks and slices of which nothing is said, in sentences whose author said what is meant."""
    for place in sorted(sentences):
        said = answered.bound.sentences[place]
        here = [one for one in found if one.sentence == place]
        doubtful = [part(answered.plain, said.start, said.end, one.start) for one in here if one.open]
        claims = [one.claim for one in here if one.claim is not None]
        if (stray := unused(answered.marks[place], claims, doubtful)) is not None:
            words = answered.shown(stray.start, stray.end)
            yield Need(words=words, what="it is named, and no claim of its sentence is about it")


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
        Refused: It is not in the words of the menu, the unit is none of the measure, or the text says something else:
            that it is not so, that it may be, or that it is another figure.
    """
    where = f"{MEANS} {one.number}"
    if one.claim is not None:
        raise Refused("the text says clearly which figure this is", where=where, fix="leave it out")
    mark = _countable(answered, one)
    if mark is None:
        raise Refused("no number, and no word for more or less, stands there", where=where)
    now, _, other = (part.strip(" ,") for part in re.sub(r"\bagainst\b", "\0", said, count=1).partition("\0"))
    about = _about(answered, now, where)
    against = _against(answered, about, other, where) if other else None
    _said_as_fact(answered, one, mark, where)
    display = answered.asking.names[about.measure].display
    if mark.what != "number":
        against = against or _early(answered, about, where)
        _not_another(answered, one, mark, (about, against), where)
        says = "more" if mark.what == "up" else "less"
        return TextClaim(start=mark.start, end=mark.end, says=says, about=about, against=against)
    _not_another(answered, one, mark, (about, *([] if against is None else [against])), where)
    turn = _turn(answered, one, mark) if against is not None else None
    if turn is not None and (mark.signed or mark.value < 0):
        raise Refused("both a word and a sign say which way it went", where=where)
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


def _said_as_fact(answered: Answered, one: Entry, mark: Mark, where: str) -> None:
    """Holds that the text says so, and not that it is not so, may be, or is more or less than that.

    Raises:
        Refused: It does not.
    """
    plain, said = answered.plain, answered.bound.sentences[one.sentence]
    for start, end, doubt in spoilt(plain, said.start, said.end):
        decides = _IN_ORDER.fullmatch(plain, doubt.start, doubt.end) or (
            doubt.why == "no_partner" and mark.what != "number"  # what it is held against is what an author says
        )
        if start < mark.end <= end and not decides:
            raise Refused(f"{plain[doubt.start : doubt.end]!r} makes it no plain fact", where=where)
    start, end = part(plain, said.start, said.end, mark.start)
    found = MAYBE.search(plain, start, end) or _DENIED.search(plain, start, end)
    if found is None and mark.what == "number":
        found = BOUNDED.search(plain[start : mark.start])
    if found is not None:
        raise Refused(f"{found[0].strip()!r} makes it no plain fact", where=where)


_ELSE = {"whole": "member", "member": "whole"}
"""What is named in its own part of a sentence instead of what another part names."""


def _not_another(answered: Answered, one: Entry, mark: Mark, meant_: Sequence[About], where: str) -> None:
    """Holds that the text does not name another measure, slice or time beside it.

    Raises:
        Refused: It does.
    """
    said, marks = answered.bound.sentences[one.sentence], answered.marks[one.sentence]
    start, end = part(answered.plain, said.start, said.end, mark.start)
    named: dict[str, list[Mark]] = {}
    for other in marks:
        named.setdefault(f"{other.what} {other.field}", []).append(other)
    near = {other.what for other in marks if start <= other.start < end}
    for same in named.values():
        beside = [other for other in same if start <= other.start < end]
        if not beside and _ELSE.get(same[0].what) in near:
            continue  # in Service it was 60.2 %, while it was 63.2 % in the whole company
        if not beside and all(_held_against(answered, said.start, said.end, other, marks) for other in same):
            continue  # it was 30.8 %, one point better than in week 48
        beside = beside or same
        if not any(_may_be(answered, other, meant_) for other in beside):
            words = answered.shown(beside[0].start, beside[0].end)
            raise Refused(f"the text names {words!r} there, which is another one", where=where)


def _held_against(answered: Answered, start: int, end: int, named: Mark, marks: Sequence[Mark]) -> bool:
    """Whether its own part of the sentence says *than* before it names something."""
    start, end = part(answered.plain, start, end, named.start)
    return any(other.what == "than" and start <= other.start < named.start for other in marks)


def _may_be(answered: Answered, mark: Mark, meant_: Sequence[About]) -> bool:
    """Whether what is meant is what a word names, as far as it names anything."""
    if mark.what == "measure":
        return any(one.measure in mark.names for one in meant_)
    if mark.what == "elsewhen":
        quarter = THIS_QUARTER.fullmatch(answered.plain, mark.start, mark.end) and meant_[0].week is None
        return bool(quarter or LAST_WEEK.fullmatch(answered.plain, mark.start, mark.end))
    return mark.what not in ("member", "whole", "week") or _used(mark, meant_)


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
    for one in rest:
        if one in _WEEKS:
            week = _week(answered, one, where)
        elif one == _WHOLE:
            cut = {}
        else:
            field, member = _member(answered, one, where)
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
