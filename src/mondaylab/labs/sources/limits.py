"""Limits of a lab that is still edited, beyond making sense: sizes, names, its role. A release keeps what it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mondaylab.labs.claims.figures import entities
from mondaylab.labs.claims.slots import slot_of, slot_words
from mondaylab.labs.claims.wording import Display, words_of
from mondaylab.labs.sources.references import Problem
from mondaylab.measures import Measure, Rate, Ratio, inside, leaves
from mondaylab.records import Record

if TYPE_CHECKING:
    from mondaylab.labs.sources.declaration import LabDeclaration

MINUTES = (1, 240)
"""What a lab may take: a working morning at the most."""
LONGEST = 1_000
"""Characters of one title, sentence or question."""
SCALES = (1e-9, 1e9)
FACTORS = (0.0, 1_000.0)
MOST_ITEMS = 8
"""Things that one draft must state: more are a form to fill in, not a text."""
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def past_limits(lab: LabDeclaration, role: str) -> list[Problem]:
    """What of a lab passes a limit.

    Args:
        lab: What it declares.
        role: Of the folder it lies in.
    """
    return [
        *_head(lab, role),
        *_ids(lab),
        *_texts(lab),
        *_concepts(lab),
        *_displays(lab),
        *_must_state(lab),
        *_records(lab),
        *_cuts(lab),
        *_one_subject(lab),
        *_picks(lab),
        *_shares(lab),
        *_shadowed(lab),
        *_warm_up(lab),
        *_validator(lab),
    ]


def _records(lab: LabDeclaration) -> Iterator[Problem]:
    """Two rows may have the same words, such as a product that stands twice on an order; only its id names a record."""
    about = {draft.id: draft.about for draft in lab.drafts}
    records = {name: slot.record for name, slot in lab.slots.items() if slot.record is not None}
    for number, draft in enumerate(lab.drafts):
        for name in records.keys() & set(draft.about):
            if f"{{{name}}}" not in draft.title:
                said = f"draft {draft.id!r} is about one {records[name]}: write {{{name}}} into its title"
                yield ("drafts", number, "about"), said
    for number, claim in enumerate(lab.claims):
        for name in [one for one in claim.slot_names() if one in records and one not in about[claim.draft]]:
            if f"{{{name}}}" not in claim.judged_as:
                said = f"claim {claim.id!r} is about one {records[name]}, and 'judged_as' does not name it"
                yield ("claims", number, "judged_as"), f"{said}: write {{{name}}} in it"


def _cuts(lab: LabDeclaration) -> Iterator[Problem]:
    """The sentence that is judged stands alone: without its week or its region nobody knows which rows are meant."""
    for number, claim in enumerate(lab.claims):
        said = set(words_of(claim.judged_as))
        if not said and "{" in claim.judged_as:  # braces that do not match are told where it is worded
            continue
        for name, slot in lab.slots.items():
            words = {name, *(f"{name}_{part}" for part in slot.says), *(("monday",) if slot.is_week else ())}
            if words & {*claim.by.values()} and not words & said:
                what = f"claim {claim.id!r} is cut by {{{name}}}, and 'judged_as' does not say it"
                yield ("claims", number, "judged_as"), f"{what}: write {{{name}}} in it"


def _one_subject(lab: LabDeclaration) -> Iterator[Problem]:
    """A draft is about one thing: what two of its claims are about is drawn once, or each would speak of another."""
    for draft in lab.drafts:
        drawn: dict[str, list[tuple[int, str]]] = {}
        # what is said a second time is about the slices of the first; an answer is about one subject by itself
        apart = {claim["id"] for version in draft.versions for claim in version.templates}
        own = [
            (number, one)
            for number, one in enumerate(lab.claims)
            if one.draft == draft.id and not one.rests_on and one.id not in apart
        ]
        for number, claim in own:
            for slot in {slot_of(word, lab.slots) for word in claim.slot_names()}:
                if not (lab.slots[slot].is_week or slot in draft.about):
                    drawn.setdefault(slot, []).append((number, claim.id))
        for slot, claims in drawn.items():
            if len(claims) > 1:
                said = f"claims {', '.join(repr(name) for _, name in claims)} would each draw a {slot!r} of their own"
                fix = f"write {slot!r} into 'about' of draft {draft.id!r}, or give all but one another slot"
                yield ("claims", claims[1][0], "by"), f"{said}: {fix}"


def _picks(lab: LabDeclaration) -> Iterator[Problem]:
    """Where a draft's subject decides what a claim is about, nothing is left to choose: it would be a foil by name."""
    about = {draft.id: {*draft.about} for draft in lab.drafts}
    for number, claim in enumerate(lab.claims):
        slots = {slot_of(word, lab.slots) for word in claim.slot_names()}
        if claim.picks and not {one for one in slots if not lab.slots[one].is_week} - about[claim.draft]:
            said = f"claim {claim.id!r} has nothing to pick from: draft {claim.draft!r} is about all that it is cut by"
            fix = (
                "let the draft's 'biggest' choose what moved most and write foil = true, or cut it by a slot of its own"
            )
            yield ("claims", number, "pick"), f"{said}: {fix}"


def _validator(lab: LabDeclaration) -> Iterator[Problem]:
    """A checker is tried on redrawn data; last quarter's are not redrawn, and a list of its values would find them."""
    asked = None if lab.validator is None else lab.validator.claim
    for number, claim in enumerate(lab.claims):
        if claim.id == asked and "stale" in claim.operators:
            said = f"claim {claim.id!r} is the validator's: last quarter's figures stay the same on all redrawn data"
            yield ("claims", number, "operators"), f"{said}, and are soon known by heart: take 'stale' out"


def _shares(lab: LabDeclaration) -> Iterator[Problem]:
    """A share tells of its part as well, and of what the part leaves over: 88.9 % of nine people is all but one."""
    for number, claim in enumerate(lab.claims):
        group, shares = claim.smallest_group, [one for one in claim.measure_names() if _is_share(lab.measures[one])]
        if group is not None and getattr(claim, "view", None) == "share":
            said = f"claim {claim.id!r} tells a group's share of all, and so of all the others"
            yield ("claims", number, "view"), f"{said}: give the group's number"
        if group is None or not shares or group.part is not None:
            continue
        said = f"claim {claim.id!r} tells a share, {shares[0]!r}"
        if "group" in type(claim).model_fields:
            fix = "name in its group the measure of people in the part (part = ...)"
        else:
            fix = "give it an average or a number, a share says too much of its part"
        yield ("claims", number, "group"), f"{said}: {fix}"


def _is_share(measure: Measure) -> bool:
    """Whether a share of what is counted is in it, however it is put together."""
    return any(
        isinstance(one, Rate)
        or (isinstance(one, Ratio) and all(leaf.how in ("count", "distinct") for leaf in leaves(one)))
        for one in inside(measure)
    )


def _shadowed(lab: LabDeclaration) -> Iterator[Problem]:
    """A slot that has the name of a word of the kind's own would be told as that word."""
    there = slot_words(lab.slots)
    for number, claim in enumerate(lab.claims):
        for name in sorted(there & {*claim.own_words} & {*claim.slot_names()}):
            said = f"claim {claim.id!r} is about slot {name!r}, and a {claim.kind} gives a word of that name"
            yield ("claims", number, "by"), f"{said}: name the slot otherwise"


def _head(lab: LabDeclaration, role: str) -> Iterator[Problem]:
    if lab.role != role:
        yield ("role",), f"role is {lab.role!r}, but the lab lies in labs/{role}: write role = {role!r}"
    if not MINUTES[0] <= lab.minutes <= MINUTES[1]:
        yield ("minutes",), f"minutes has to be {MINUTES[0]} to {MINUTES[1]}"


def _ids(lab: LabDeclaration) -> Iterator[Problem]:
    for place, name in lab.ids():
        if not _ID.fullmatch(name):
            yield (*place, "id"), f"id {name[:60]!r}: write letters of a to z, digits, _ and -, a letter first"


def _texts(lab: LabDeclaration) -> Iterator[Problem]:
    """Every text of the file, wherever it stands: none is empty, or longer than anybody reads."""
    if not lab.title.strip():
        yield ("title",), "title is empty"
    for number, draft in enumerate(lab.drafts):
        for key in ("title", "audience"):
            if not getattr(draft, key).strip():
                yield ("drafts", number, key), f"draft {draft.id!r}: {key} is empty"
    for place, text in _all_texts(lab.model_dump(mode="json"), ()):
        if len(text) > LONGEST:
            yield (
                place,
                f"{'.'.join(str(part) for part in place)} has {len(text):,} characters, {LONGEST:,} at the most",
            )


def _all_texts(part: object, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, dict):
        for key, inner in part.items():
            yield from _all_texts(inner, (*place, key))
    elif isinstance(part, list):
        for number, inner in enumerate(part):
            yield from _all_texts(inner, (*place, number))


def _concepts(lab: LabDeclaration) -> Iterator[Problem]:
    """Learners get the tables of the listed concepts and no others."""
    if not lab.entities:
        yield ("entities",), "entities is empty: list the concepts that the lab is about"
        return
    users = [(("measures", name), f"measure {name!r}", entities(one)) for name, one in lab.measures.items()]
    for name, slot in lab.slots.items():
        of = slot.record or (slot.field or "").partition(".")[0]
        users.append((("slots", name), f"slot {name!r}", [of] if of else []))
    for place, user, concepts in users:
        for concept in concepts:
            if concept not in lab.entities:
                listed = ", ".join(lab.entities)
                yield place, f"{user} is about concept {concept!r}, which 'entities' does not list (it has {listed})"


def _displays(lab: LabDeclaration) -> Iterator[Problem]:
    shown: list[tuple[tuple[str | int, ...], Record]] = [(("claims", n), one) for n, one in enumerate(lab.claims)]
    shown += [(("warm_up", n), item) for n, item in enumerate(lab.warm_up)]
    shown += [] if lab.evidence is None else [(("evidence",), lab.evidence)]
    for place, part in shown:
        whose = f"claim {name!r}: " if (name := getattr(part, "id", None)) else ""
        for key, path, display in _shown_in(part):
            if not SCALES[0] <= abs(display.scale) <= SCALES[1]:
                yield (*place, key), f"{whose}{path}.scale is {display.scale:g}: write 1, or 100 for percent"
            if not display.unit.strip():
                yield (*place, key), f"{whose}{path}.unit is empty: write money, %, points, place, or what is counted"


def _shown_in(part: Record) -> Iterator[tuple[str, str, Display]]:
    """Its own display, and those of the records that it holds by name; each with the key and the path it stands at."""
    for key in type(part).model_fields:
        value = getattr(part, key)
        if isinstance(value, Display):
            yield key, key, value
        elif isinstance(value, dict):
            inner = ((name, getattr(one, "display", None)) for name, one in value.items())
            yield from ((key, f"{key}.{name}.display", one) for name, one in inner if isinstance(one, Display))


def _must_state(lab: LabDeclaration) -> Iterator[Problem]:
    for number, draft in enumerate(lab.drafts):
        if (many := len(draft.must_state.items)) > MOST_ITEMS:
            said = f"draft {draft.id!r} must state {many} things, {MOST_ITEMS} at the most"
            yield ("drafts", number, "must_state", "items"), said


def _warm_up(lab: LabDeclaration) -> Iterator[Problem]:
    for number, item in enumerate(lab.warm_up):
        if not FACTORS[0] < item.factor <= FACTORS[1]:
            said = f"write 1 for a true claim, another above 0 and up to {FACTORS[1]:g} for a wrong one"
            yield ("warm_up", number, "factor"), f"warm_up: factor is {item.factor:g}: {said}"
