"""References inside a lab.toml: what a name in it means, and which names there are."""

from __future__ import annotations

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
    for number, claim in enumerate(lab.claims):
        problems += ((("claims", number, key), words) for key, words in _of_claim(claim, lab))
    for number, draft in enumerate(lab.drafts):
        problems += ((("drafts", number, key), words) for key, words in _of_draft(draft, lab))
    tasks = [] if lab.evidence is None else [(("evidence",), "evidence", lab.evidence.measure, lab.evidence.by)]
    warm_up = ((("warm_up", n), "warm_up", item.measure, item.by) for n, item in enumerate(lab.warm_up))
    for place, user, measure, by in [*tasks, *warm_up]:
        problems += (((*place, key), words) for key, words in _of_measure(user, {"measure": measure}, lab))
        problems += (((*place, "by"), words) for words in _of_cut(user, by, lab.slots))
    return [*problems, *_of_validator(lab)]


def _repeated(lab: LabDeclaration) -> Iterator[Problem]:
    known: set[str] = set()
    for place, name in lab.ids():
        if name in known:
            yield place, f"id {name!r} is used twice"
        known.add(name)


def _of_claim(claim: Template, lab: LabDeclaration) -> Iterator[tuple[str, str]]:
    """Key -> what is wrong with the name that stands there."""
    user = f"claim {claim.id!r}"
    drafts = [draft.id for draft in lab.drafts]
    if claim.draft not in drafts:
        yield "draft", f"{user} belongs to no declared draft ({claim.draft!r}; {_there(drafts)})"
    for name in sorted(set(claim.operators) - set(claim.operators_known())):
        yield "operators", f"{user}: {name!r} is no flaw of a {claim.kind} ({_there(claim.operators_known())})"
    said = {key: value for key in type(claim).model_fields if isinstance(value := getattr(claim, key), str)}
    named = {
        name: next((key for key, value in said.items() if value == name), "group") for name in claim.measure_names()
    }
    yield from _of_measure(user, {key: name for name, key in named.items()}, lab)
    yield from (("by", words) for words in _of_cut(user, claim.by, lab.slots))
    for name in claim.slot_names()[len(claim.by) :]:
        key = next((key for key, value in said.items() if value == name), "by")
        yield from ((key, words) for words in _of_slot(user, name, lab.slots))
    yield from (("by", f"{user}: {words}") for words in claim.cut_problems())
    about = {name for draft in lab.drafts if draft.id == claim.draft for name in draft.about}
    yield from (("phrasings", words) for words in _unnamed_records(user, claim, about, lab.slots))


def _unnamed_records(user: str, claim: Template, about: set[str], slots: Mapping[str, Slot]) -> Iterator[str]:
    """Two rows may have the same words, such as a product that stands twice on an order; only its id names a record."""
    for name in claim.slot_names():
        if name in slots and slots[name].record is not None and name not in about:
            for phrasing in claim.phrasings:
                if f"{{{name}}}" not in phrasing:
                    record = f"{user} is about one {slots[name].record}"
                    yield f"{record}, and a phrasing does not name it: write {{{name}}} in it"


def _of_draft(draft: DraftTemplate, lab: LabDeclaration) -> Iterator[tuple[str, str]]:
    user = f"draft {draft.id!r}"
    if (problem := layout_problem(draft)) is not None:
        yield "layout", f"{user}: {problem}"
    own = [claim.id for claim in lab.claims if claim.draft == draft.id]
    if draft.must_state not in {claim.id for claim in lab.claims}:
        yield "must_state", f"{user} must state claim {draft.must_state!r}, which does not exist ({_there(own)})"
    elif draft.must_state not in own:
        yield "must_state", f"{user} must state claim {draft.must_state!r} of another draft ({_there(own)})"
    for name in draft.about:
        if name not in lab.slots:
            yield "about", f"{user} is about slot {name!r}, which is not declared ({_there(lab.slots)})"
        elif _is_week(lab.slots[name]):
            yield "about", f"{user} is about slot {name!r}, a week, which every draft has by itself: leave it out"
        elif lab.slots[name].record is not None and f"{{{name}}}" not in draft.title + draft.opening:
            yield "about", f"{user} is about one {lab.slots[name].record}: write {{{name}}} into its title or opening"


def _of_validator(lab: LabDeclaration) -> Iterator[Problem]:
    if lab.validator is None:
        return
    name, place = lab.validator.claim, ("validator", "claim")
    claim = next((one for one in lab.claims if one.id == name), None)
    figures = [one.id for one in lab.claims if isinstance(one, NumberTemplate) and one.operators]
    if claim is None:
        yield place, f"validator is about claim {name!r}, which does not exist ({_there(figures)})"
    elif name not in figures:
        yield (
            place,
            f"validator needs a claim about a figure that can be flawed, and {name!r} is none ({_there(figures)})",
        )


def _of_measure(user: str, named: Mapping[str, str], lab: LabDeclaration) -> Iterator[tuple[str, str]]:
    for key, name in named.items():
        if name not in lab.measures:
            yield key, f"{user} uses measure {name!r}, which is not declared ({_there(lab.measures)})"


def _of_cut(user: str, by: Mapping[str, str], slots: Mapping[str, Slot]) -> Iterator[str]:
    for field, name in by.items():
        if field != "period":
            yield from _of_slot(user, name, slots)
        elif name not in slot_words(slots):
            yield _not_declared(user, name, slots)


def _of_slot(user: str, name: str, slots: Mapping[str, Slot]) -> Iterator[str]:
    """A slot whose value is used: a week has none."""
    if name not in slot_words(slots):
        yield _not_declared(user, name, slots)
    elif _is_week(slots[slot_of(name, slots)]):
        yield f"{user} uses slot {name!r} for a value, but it is a week: give it a field, or use it for the period"


def _not_declared(user: str, name: str, slots: Mapping[str, Slot]) -> str:
    return f"{user} uses slot {name!r}, which is not declared ({_there(slot_words(slots))})"


def _is_week(slot: Slot) -> bool:
    return slot.field is None and slot.record is None


def _there(names: Iterable[str]) -> str:
    return f"there are {', '.join(sorted(filter(None, names))) or 'none'}"
