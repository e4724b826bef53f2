"""Templates: for each claim of an answer the lab's own that states just the same, or one made for it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from mondaylab.errors import MondaylabError
from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.adopting.need import CannotAdopt
from mondaylab.labs.adopting.statements import figure_sentence, more_sentence
from mondaylab.labs.binding.claims import MONEY
from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.claims.figures import entities
from mondaylab.labs.claims.more import MoreTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.text_claim import About, TextClaim
from mondaylab.measures import Ratio
from mondaylab.records import Record

TRIES = 60
"""Slices that are tried until a flaw can be seeded: one that hardly ever can is left out."""
WEEK = "week"


class Stated(Record):
    """What a claim of an answer states, as a template has it."""

    kind: str
    measure: str
    by: dict[str, str]
    display: dict[str, Any]
    view: str = "plain"
    a_week_before: bool = False
    than: dict[str, str] | None = None

    @property
    def says_direction(self) -> bool:
        """Whether a word of its span says which way something went."""
        return self.kind == "more" or self.view != "plain"


def stated(answered: Answered, claim: TextClaim) -> Stated:
    """What a claim states, with slots in place of members.

    Raises:
        CannotAdopt: No template can state it.
    """
    about, against = claim.about, claim.against
    display = answered.asking.names[about.measure].display
    shown = display.model_dump()
    if claim.unit in MONEY and claim.unit != display.unit:
        raise CannotAdopt(f"it is in {claim.unit}, and the lab's figures are in {display.unit}")
    week = answered.subject.week
    before = answered.lexicon.before
    if claim.says in ("more", "less"):
        if against is None or against.measure != about.measure:
            raise CannotAdopt("it compares different measures")
        other = None if _week_before(about, against, week, before) else _by(answered, against)
        if other is not None and about.week != against.week:
            raise CannotAdopt("it compares with another slice of another week")
        _this_week(about, week)
        return Stated(kind="more", measure=about.measure, by=_by(answered, about), display=shown, than=other)
    shown["decimals"] = max(-6, min(6, claim.decimals))
    if against is None:
        early = about.week is not None and about.week == before
        if not early:
            _this_week(about, week)
        return Stated(kind="figure", measure=about.measure, by=_by(answered, about), display=shown, a_week_before=early)
    _this_week(about, week)
    if not _week_before(about, against, week, before):
        raise CannotAdopt("it gives by how much a figure differs from another one than that of the week before")
    view = "points"
    if claim.unit == "%":
        view, shown = "growth", {**shown, "unit": "%", "scale": 100.0}
    elif display.unit == "%":
        shown = {**shown, "unit": "points"}
    return Stated(kind="figure", measure=about.measure, by=_by(answered, about), display=shown, view=view)


def _week_before(about: About, against: About, week: object, before: object) -> bool:
    return about.cut == against.cut and about.week == week and against.week == before and before is not None


def _this_week(about: About, week: object) -> None:
    if about.week is not None and about.week != week:
        raise CannotAdopt("it is about another week than the answer")


def _by(answered: Answered, about: About) -> dict[str, str]:
    """Field -> slot, the order being the lab's."""
    found: dict[str, str] = {}
    for field, member in about.cut.items():
        slot = answered.slot_of(field, member)
        if slot is None:
            raise CannotAdopt(f"it is about {member!r}, which the answer as a whole is not about")
        found[field] = slot
    return found if about.week is None else {**found, "period": WEEK}


def own_claim(answered: Answered, what: Stated) -> Template | None:
    """The lab's claim of the draft that states just the same; none of a pick, whose slices are chosen."""
    lab = answered.writer.lab
    brought = {one["id"] for draft in lab.drafts for version in draft.versions for one in version.templates}
    for claim in lab.claims:
        # what another answer brought goes when that goes
        if claim.id in brought or claim.draft != answered.draft or dict(claim.by) != what.by:
            continue
        if isinstance(claim, FigureTemplate) and what.kind == "figure":
            same = (claim.measure, claim.view, claim.a_week_before) == (what.measure, what.view, what.a_week_before)
            if same and claim.pick is None and _alike(claim.display.model_dump(), what.display):
                return claim
        elif isinstance(claim, MoreTemplate) and _states_more(claim, what):
            return claim
    return None


def _states_more(claim: MoreTemplate, what: Stated) -> bool:
    return what.kind == "more" and (claim.measure, claim.than) == (what.measure, what.than)


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[key] == other[key] for key in ("unit", "scale", "decimals"))


def made_claim(answered: Answered, what: Stated, name: str, word: str) -> dict[str, Any]:
    """A template as it stands in a file, with the flaws that these data can really seed.

    Args:
        answered: The answer.
        what: What is stated.
        name: Its id.
        word: The word by which its span says a direction: ``direction`` or ``comparison``.
    """
    usual = answered.asking.names[what.measure].says[0]
    made: dict[str, Any] = {"kind": what.kind, "id": name, "measure": what.measure}
    if what.kind == "figure":
        made |= {"view": what.view} if what.view != "plain" else {}
        made["judged_as"] = figure_sentence(usual, what.by, what.view, before=what.a_week_before)
        if (group := _group(answered, what.measure)) is not None:
            made["group"] = group
    else:
        made["judged_as"] = more_sentence(usual, what.by, what.than, word)
        made |= {"than": what.than} if what.than is not None else {}
    made["by"] = what.by
    made |= {"a_week_before": True} if what.a_week_before else {}
    made["display"] = {key: value for key, value in what.display.items() if (key, value) != ("scale", 1.0)}
    operators = [one for one in _wanted(answered, what) if _can_be_seeded(answered, made, one)]
    return made | {"operators": operators}


def _group(answered: Answered, measure: str) -> dict[str, Any] | None:
    """The rule on small groups that the lab's own claims of a measure keep."""
    for claim in answered.writer.lab.claims:
        if measure in claim.measure_names()[:1] and claim.smallest_group is not None:
            return claim.smallest_group.model_dump(exclude_none=True)
    return None


def _wanted(answered: Answered, what: Stated) -> list[str]:
    """The flaws that a view has."""
    if what.kind == "more":
        return ["wrong_sign"]
    if what.view != "plain":
        unit = isinstance(answered.writer.facts.measures[what.measure], Ratio)  # of sums, points and percent differ
        return ["wrong_sign", "wrong_period", *(["wrong_unit"] if unit else [])]
    cut = any(field != "period" for field in what.by)
    return [*(["wrong_filter"] if cut else []), *(["wrong_period"] if "period" in what.by else [])]


def template(answered: Answered, made: Mapping[str, Any]) -> Template:
    """The template that a file's data is."""
    data = {**made, "draft": answered.draft}
    return MoreTemplate.model_validate(data) if made["kind"] == "more" else FigureTemplate.model_validate(data)


def _can_be_seeded(answered: Answered, made: Mapping[str, Any], operator: str) -> bool:
    """Whether some slices that the claim may be about give it with this flaw."""
    one = template(answered, {**made, "operators": [operator]})
    rng = random.Random(operator)  # noqa: S311  the same slices each time, nothing secret
    return any(_written(answered, one, slices, operator) for slices in _tried(answered, one, rng))


def can_be_stated(answered: Answered, made: Mapping[str, Any]) -> bool:
    """Whether the claim can be stated soundly of some slices."""
    one = template(answered, made)
    rng = random.Random("sound")  # noqa: S311
    return any(_written(answered, one, slices, None) for slices in _tried(answered, one, rng))


def _written(answered: Answered, one: Template, slices: Slices, operator: str | None) -> bool:
    try:
        return answered.writer.write(one, slices, operator, 0) is not None
    except MondaylabError:
        return False


def _tried(answered: Answered, one: Template, rng: random.Random) -> list[Slices]:
    """Slices as forms draw them, slots of one field being different members."""
    writer, measure = answered.writer, answered.writer.facts.measures[_measure_name(one)]
    entity = entities(measure)[0]
    tried = []
    for _ in range(TRIES):
        slots: dict[str, str] = {}
        for slot in dict.fromkeys(name for name in one.slot_names() if name != WEEK):
            members = writer.data.catalog.members(entity, answered.fields[slot])
            free = [name for name in members if name not in slots.values()]
            slots[slot] = rng.choice(free or members)
        tried.append(Slices(slots, rng.choice(writer.data.weeks[1:])))
    return tried


def _measure_name(one: Template) -> str:
    return one.measure_names()[0]


def same_figure(claim: Template, what: Stated) -> bool:
    """Whether what an answer states is the measure, cut and view of a claim of the lab, however exact."""
    return (
        isinstance(claim, FigureTemplate)
        and what.kind == "figure"
        and (claim.measure, claim.view, dict(claim.by)) == (what.measure, what.view, what.by)
        and claim.a_week_before == what.a_week_before
        and claim.pick is None
    )


def direction_of(what: Stated) -> tuple[str, str, str] | None:
    """What of a claim's coin is another's too, if both say which way the same figure went."""
    if not what.says_direction:
        return None
    return what.measure, str(sorted(what.by.items())), str(what.than)
