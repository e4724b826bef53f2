"""References inside a lab.toml: what a name in it means, and which names there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from mondaylab.forms.formats import layout_problem
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.slots import Slot, slot_of, slot_words
from mondaylab.labs.claims.template import Template
from mondaylab.yaml_file import Place

if TYPE_CHECKING:
    from mondaylab.labs.sources.declaration import DraftTemplate, LabDeclaration

Problem = tuple[Place, str]
LEAST_DRAFTS = 2
"""Any form leaves what must be stated out of up to two drafts."""


class BrokenReferences(ValueError):
    """A lab that names what it does not declare.

    Attributes:
        problems: Each with the place of the name.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(words for _, words in problems))
        self.problems = problems


def broken_references(lab: LabDeclaration) -> list[Problem]:
    """Names of drafts, claims, measures, slots and flaws that mean nothing, or not what they are used for."""
    problems = [*_repeated(lab)]
    if len(lab.drafts) < LEAST_DRAFTS:
        here = "none" if not lab.drafts else "one"
        problems.append((("drafts",), f"a lab needs at least {LEAST_DRAFTS} drafts, and here is {here}"))
    problems += _of_turns(lab)
    for number, claim in enumerate(lab.claims):
        problems += ((("claims", number, key), words) for key, words in _of_claim(claim, lab))
    for number, draft in enumerate(lab.drafts):
        problems += ((("drafts", number, key), words) for key, words in _of_draft(draft, lab))
    tasks = [] if lab.evidence is None else [(("evidence",), "evidence", lab.evidence.measure, lab.evidence.by)]
    warm_up = ((("warm_up", n), "warm_up", item.measure, item.by) for n, item in enumerate(lab.warm_up))
    for place, user, measure, by in [*tasks, *warm_up]:
        problems += (((*place, key), words) for key, words in _of_measure(user, {"measure": measure}, lab))
        problems += (((*place, "by"), words) for words in of_cut(user, by, lab.slots))
    return [*problems, *_of_validator(lab)]


def _repeated(lab: LabDeclaration) -> Iterator[Problem]:
    known: set[str] = set()
    for place, name in lab.ids():
        if name in known:
            yield place, f"id {name!r} is used twice"
        known.add(name)


def _of_turns(lab: LabDeclaration) -> Iterator[Problem]:
    words = Counter(draft.turns for draft in lab.drafts if draft.turns is not None)
    for number, draft in enumerate(lab.drafts):
        if draft.turns is not None and words[draft.turns] == 1:
            said = f"draft {draft.id!r} takes turns with no other: give another draft turns = {draft.turns!r}, too"
            yield ("drafts", number, "turns"), said
    if words and (left := len(words) + sum(draft.turns is None for draft in lab.drafts)) < LEAST_DRAFTS:
        yield ("drafts",), f"a form needs at least {LEAST_DRAFTS} drafts, and with these turns it has {left}"


def _of_claim(claim: Template, lab: LabDeclaration) -> Iterator[tuple[str, str]]:
    """Key -> what is wrong with the name that stands there."""
    user = f"claim {claim.id!r}"
    drafts = [draft.id for draft in lab.drafts]
    if claim.draft not in drafts:
        yield "draft", f"{user} belongs to no declared draft ({claim.draft!r}; {there_are(drafts)})"
    for name in sorted(set(claim.operators) - set(claim.operators_known())):
        yield "operators", f"{user}: {name!r} is no flaw of kind {claim.kind!r} ({there_are(claim.operators_known())})"
    named = {one.id: one for one in lab.claims}
    yield from (("of", f"{user}: {words}") for words in claim.binding_problems(named))
    said = {key: value for key in type(claim).model_fields if isinstance(value := getattr(claim, key), str)}
    tables = {key: value for key in type(claim).model_fields if isinstance(value := getattr(claim, key), dict)}
    tables.pop("by")
    for name in claim.measure_names():
        by_value = next((key for key, value in said.items() if value == name), None)
        key = by_value or next((key for key, table in tables.items() if name in table), "group")
        yield from _of_measure(user, {key: name}, lab)
    if set(claim.measure_names()) <= set(lab.measures):
        yield from (("id", f"{user}: {words}") for words in claim.measure_problems(lab.measures))
    yield from (("by", words) for words in of_cut(user, claim.by, lab.slots))
    for name in claim.slot_names()[len(claim.by) :]:
        key = next((key for key, value in said.items() if value == name), "by")
        yield from ((key, words) for words in _of_slot(user, name, lab.slots))
    yield from (("by", f"{user}: {words}") for words in claim.cut_problems())


def _of_draft(draft: DraftTemplate, lab: LabDeclaration) -> Iterator[tuple[str, str]]:
    user = f"draft {draft.id!r}"
    if (problem := layout_problem(draft)) is not None:
        yield "layout", f"{user}: {problem}"
    yield from (("must_state", f"{user} must state {words}") for words in _of_must_state(draft, lab))
    for name in draft.about:
        if name not in lab.slots:
            yield "about", f"{user} is about slot {name!r}, which is not declared ({there_are(lab.slots)})"
        elif lab.slots[name].is_week:
            yield "about", f"{user} is about slot {name!r}, a week, which every draft has by itself: leave it out"
    yield from (("biggest", f"{user}: {words}") for words in _of_biggest(draft, lab))


def _of_biggest(draft: DraftTemplate, lab: LabDeclaration) -> Iterator[str]:
    wanted = draft.biggest
    if wanted is None:
        return
    if wanted.slot not in draft.about:
        yield f"'biggest' is about slot {wanted.slot!r}, which is none of 'about' ({there_are(draft.about)})"
    elif wanted.slot in lab.slots and lab.slots[wanted.slot].field is None:
        yield f"'biggest' needs a slot with a field, and {wanted.slot!r} has none"
    if wanted.measure not in lab.measures:
        yield f"'biggest' uses measure {wanted.measure!r}, which is not declared ({there_are(lab.measures)})"


def _of_must_state(draft: DraftTemplate, lab: LabDeclaration) -> Iterator[str]:
    own = [claim for claim in lab.claims if claim.draft == draft.id]
    spare = sum(claim.optional for claim in own)
    for item, claims in draft.must_state.items.items():
        for name in claims:
            if name not in {claim.id for claim in lab.claims}:
                yield f"claim {name!r}, which does not exist ({there_are(claim.id for claim in own)})"
            elif name not in {claim.id for claim in own}:
                yield f"claim {name!r} of another draft ({there_are(claim.id for claim in own)})"
            elif (first := lab.claim(name).restates) is not None and first not in claims:
                yield f"claim {name!r}, which goes with {first!r}: let both state {item!r}"
            elif lab.claim(name).optional:
                yield f"claim {name!r}, which is optional: it stands in for what is left out"
        if 0 < spare < len(claims):
            yield f"{item!r} by {len(claims)} claims, and has {spare} optional to stand in: their number would tell"


def _of_validator(lab: LabDeclaration) -> Iterator[Problem]:
    if lab.validator is None:
        return
    name, place = lab.validator.claim, ("validator", "claim")
    claim = next((one for one in lab.claims if one.id == name), None)
    figures = [one.id for one in lab.claims if isinstance(one, NumberTemplate) and one.operators]
    if claim is None:
        yield place, f"validator is about claim {name!r}, which does not exist ({there_are(figures)})"
    elif name not in figures:
        yield (
            place,
            f"validator needs a claim about a figure that can be flawed, and {name!r} is none ({there_are(figures)})",
        )


def _of_measure(user: str, named: Mapping[str, str], lab: LabDeclaration) -> Iterator[tuple[str, str]]:
    for key, name in named.items():
        if name not in lab.measures:
            yield key, f"{user} uses measure {name!r}, which is not declared ({there_are(lab.measures)})"


def of_cut(user: str, by: Mapping[str, str], slots: Mapping[str, Slot]) -> Iterator[str]:
    """What is wrong with the slots of a cut, in words.

    Args:
        user: Whose cut it is, in words.
        by: Field -> slot; the key ``period`` takes a week.
        slots: The lab's.
    """
    for field, name in by.items():
        if field != "period":
            yield from _of_slot(user, name, slots)
        elif name not in slot_words(slots):
            yield _not_declared(user, name, slots)


def _of_slot(user: str, name: str, slots: Mapping[str, Slot]) -> Iterator[str]:
    """A slot whose value is used: a week has none."""
    if name not in slot_words(slots):
        yield _not_declared(user, name, slots)
    elif slots[slot_of(name, slots)].is_week:
        yield f"{user} uses slot {name!r} for a value, but it is a week: give it a field, or use it for the period"


def _not_declared(user: str, name: str, slots: Mapping[str, Slot]) -> str:
    return f"{user} uses slot {name!r}, which is not declared ({there_are(slot_words(slots))})"


def there_are(names: Iterable[str]) -> str:
    """Which names there are, for an error about one that is not."""
    return f"there are {', '.join(sorted(filter(None, names), key=str.lower)) or 'none'}"
