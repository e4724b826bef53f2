"""Proofreading a lab before anything is built of it: each problem with its claim and its line."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

from mondaylab.errors import MondaylabError, Refused
from mondaylab.labs.claims.connecting import check_connecting
from mondaylab.labs.claims.registry import flaw_operators
from mondaylab.labs.claims.slots import draw_slot, slot_of
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import phrase, words_of
from mondaylab.labs.drawing.answers import unsettled
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.evidence import draw_evidence
from mondaylab.labs.drawing.form import draw_form, drawn_warm_up
from mondaylab.labs.drawing.handbook_lists import as_stated, must_state_problems
from mondaylab.labs.drawing.redrawn import RedrawnFacts
from mondaylab.labs.drawing.trials import practice_claims
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import DraftTemplate, LabDeclaration
from mondaylab.labs.sources.lines import line_of
from mondaylab.labs.sources.manuscript import FOLDER
from mondaylab.labs.sources.references import Problem
from mondaylab.labs.writer import ClaimWriter
from mondaylab.measures import unit_of
from mondaylab.measures.catalog import NoValue
from mondaylab.settings import Site
from mondaylab.texts import read_text
from mondaylab.yaml_file import Place

TRIES = 150
"""Slices that are tried until a claim can be stated, sound or with one flaw."""
DRAWS = 3
"""Forms that are tried before a lab is said to give none."""
_SECRETS = {
    "an API key": re.compile(r"\b(?:sk|pk|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a password": re.compile(r"(?i)\b(?:password|passwd|secret|token)\s*=\s*[\"'][^\"']{6,}[\"']"),
    "an address with a password": re.compile(r"\b[a-z][a-z0-9+]*://[^\s/:@]+:[^\s/@]+@"),
}
_KEY_WORDS = re.compile(r"\bcanary-[0-9a-f]{8,}|\b(?:flawed|is_flawed|answer_key|truth)\s*=\s*|\b[cf][0-9a-f]{16,17}\b")


def proofread(site: Site, material: Material) -> None:
    """Tries every claim of a lab, and searches its files for what must not be handed out.

    Raises:
        Refused: All problems, each with its line; the file with the line of the first.
    """
    folder = site.lab(material.name)
    declared, source = (read_text(folder / name) for name in ("lab.toml", "lab.py"))
    told = [(line_of(declared, place) or 1, what) for place, what in _declaration_problems(material)]
    for name, problems in (
        ("lab.toml", [*told, *_leaks(declared)]),
        ("lab.py", [*_leaks(source), *_operators(source)]),
        *_manuscripts(material, folder),
    ):
        if problems:
            raise _refusal(folder / name, problems)
    _draw_once(material, folder / "lab.toml")  # every claim can be stated; whether they make a form is another thing


def _draw_once(material: Material, declared: Path) -> None:
    """Draws one form; of a lab that gives some now and then, the gates say how many."""
    for number in range(DRAWS):
        try:
            draw_form(material, b"proofread", cohort="proofread", learner=f"proofread{number}", attempt=1)
        except Refused as error:
            refused = error
        else:
            return
    if retired := ", ".join(material.items.retired):
        raise Refused(
            f"too few items are left to draw a form from: {refused.what}; retired: {retired}",
            where=material.name,
            fix="write new claims or operators in their place",
        )
    raise Refused(f"no form can be drawn from this lab: {refused.what}", where=declared, fix=refused.fix)


def _refusal(file: Path, told: list[tuple[int, str]]) -> Refused:
    said = "; ".join(f"line {line}: {what}" for line, what in told)
    return Refused(said, where=f"{file}:{told[0][0]}")


def _leaks(text: str) -> Iterator[tuple[int, str]]:
    """What a learner or a reader of the repository must not find in a lab's files."""
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in _SECRETS.items():
            if pattern.search(line):
                yield number, f"{what} stands here; take it out and change it"
        if found := _KEY_WORDS.search(line):
            yield number, f"{found[0]!r} would tell learners about the key"


def _operators(text: str) -> Iterator[tuple[int, str]]:
    """Flaw operators that a notebook names; those that are plain words are let through."""
    names = re.compile(rf"\b(?:{'|'.join(sorted(name for name in flaw_operators() if '_' in name))})\b")
    for number, line in enumerate(text.splitlines(), 1):
        if found := names.search(line):
            yield number, f"{found[0]!r} is a flaw operator, which learners must not read"


def _declaration_problems(material: Material) -> Iterator[Problem]:
    """What is wrong with the parts of the lab, each with its place."""
    lab, writer = material.declaration, material.writer()
    drawer = Drawer(writer, _chance(lab))
    unfit, slots = dict(_measure_problems(lab, writer)), dict(_slot_problems(lab, writer))
    for kind, found in (("measures", unfit), ("slots", slots)):
        yield from (((kind, name), what) for name, what in found.items() if what)
    yield from _attachment_problems(material)
    names = _names(drawer, slots.keys())
    for number, draft in enumerate(lab.drafts):
        said = dict.fromkeys(what for one in as_stated(draft) for what in must_state_problems(material, one))
        yield from ((("drafts", number, "must_state"), f"draft {draft.id!r}, must_state: {what}") for what in said)
    for number, draft in enumerate(lab.drafts):
        if not slots.keys() & set(draft.about):
            yield from ((("drafts", number, part), what) for part, what in _draft_problems(draft, drawer, names))
    redrawn = RedrawnFacts(material)
    for number, claim in enumerate(lab.claims):
        drawn = {slot_of(word, lab.slots) for word in claim.slot_names()}
        if not (unfit.keys() & claim.measure_names() or slots.keys() & drawn):
            told = [*_claim_problems(claim, drawer)] or [*_data_problems(claim, drawer, redrawn)]
            yield from ((("claims", number), what) for what in told)
    if not (unfit or slots or material.items.retired):  # what is left of retired items is another question
        yield from _task_problems(material)


def _chance(lab: LabDeclaration) -> random.Random:
    return random.Random(lab.title)  # noqa: S311  the same slices each time, nothing secret


def _measure_problems(lab: LabDeclaration, writer: ClaimWriter) -> Iterator[tuple[str, str]]:
    """Measure -> what is wrong with it; nothing if the same was said of one that it is made of."""
    said: set[str] = set()
    for name, measure in lab.measures.items():
        try:
            unit_of(measure, writer.data.catalog.bindings)
            writer.data.catalog.evaluate(measure)
        except NoValue:  # over the whole quarter, uncut, some have none
            continue
        except MondaylabError as error:
            yield name, "" if error.what in said else f"measure {name!r}: {_told(error)}"
            said.add(error.what)


def _slot_problems(lab: LabDeclaration, writer: ClaimWriter) -> Iterator[tuple[str, str]]:
    rng = _chance(lab)
    for name, slot in lab.slots.items():
        try:
            draw_slot(name, slot, writer.data.catalog, rng)
        except MondaylabError as error:
            told = _told(error)
            yield name, told if told.startswith("slot ") else f"slot {name!r}: {told}"


def _attachment_problems(material: Material) -> Iterator[Problem]:
    there = material.snapshot.texts()
    for name in material.declaration.attachments:
        if name not in there:
            said = f"attachment {name!r} is no text of the snapshot (there are {', '.join(there) or 'none'})"
            yield ("attachments",), said


def _draft_problems(draft: DraftTemplate, drawer: Drawer, names: set[str]) -> Iterator[tuple[str, str]]:
    words = _subject(draft, drawer)
    try:
        check_connecting(phrase(draft.title, words, where="title"), words.values(), names, where="title")
    except MondaylabError as error:
        yield "title", f"draft {draft.id!r}, title: {_told(error)}"
    for part, text in [*(("layout", text) for text in draft.layout_texts()), ("prompt", draft.prompt or "")]:
        try:  # what is quoted, and what was asked, is no word of the AI and says what it likes
            phrase(text, words | _of_claims(text), where=part)
        except MondaylabError as error:
            yield part, f"draft {draft.id!r}, {part}: {_told(error)}"


def _subject(draft: DraftTemplate, drawer: Drawer) -> dict[str, str]:
    return drawer.slice_of({word: word for word in draft.about}, drawer.writer.data.weeks[1]).words()


def _of_claims(text: str) -> dict[str, str]:
    """Words of claims in a text, ``claim.word``, each by a sign that says nothing."""
    return {word: "…" for word in words_of(text) if "." in word}


def _manuscripts(material: Material, folder: Path) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Each manuscript with what stands between its claims and says something, or must not be handed out."""
    drawer = Drawer(material.writer(), _chance(material.declaration))
    slots = {name for name, _ in _slot_problems(material.declaration, drawer.writer)}
    names = _names(drawer, slots)
    for draft in material.declaration.drafts:
        if slots & {*draft.about}:  # told already, and nothing can be drawn to try the words on
            continue
        for version in draft.versions:
            words = _subject(draft.following(version), drawer)
            name = f"{FOLDER}/{draft.id}/{version.version}.md"
            problems = [*_leaks(read_text(folder / name))]
            for line, text in version.connecting():
                try:
                    filled = phrase(text, words | _of_claims(text), where=name)
                    check_connecting(filled, words.values(), names, where=name)
                except MondaylabError as error:
                    problems.append((line, _told(error)))
            if version.answer is not None:
                told = (what for _, what in _draft_problems(draft.following(version), drawer, names))
                problems += ((1, what) for what in (*told, *unsettled(drawer.writer, version)))
            yield name, problems


def _names(drawer: Drawer, unfit: Collection[str]) -> set[str]:
    """What the lab's slots can draw from fields: regions, carriers."""
    slots = drawer.lab.slots.items()
    fields = (slot.field.split(".", 1) for name, slot in slots if slot.field is not None and name not in unfit)
    names = (name for entity, field in fields for name in drawer.writer.data.catalog.members(entity, field))
    return {name for name in names if len(name) > 1}  # a blank is no name, and a class A is as often an article


def _task_problems(material: Material) -> Iterator[Problem]:
    """Tries what stands beside the drafts."""
    lab = material.declaration
    drawer = Drawer(material.writer(), _chance(lab))
    tries: list[tuple[Place, Callable[[], object]]] = [
        (("warm_up", number), partial(drawn_warm_up, item, drawer)) for number, item in enumerate(lab.warm_up)
    ]
    tries.append((("evidence",), partial(draw_evidence, material, drawer)))
    if lab.validator is not None:
        tries.append((("validator",), partial(practice_claims, material, lab.validator.claim, drawer.rng)))
    for place, tried in tries:
        try:
            tried()
        except MondaylabError as error:
            yield place, f"{place[0]}: {_told(error)}"


def _told(error: MondaylabError) -> str:
    """What is wrong and, in brackets, what helps: of several problems the error has only one place for it."""
    return error.what if error.fix is None else f"{error.what} ({error.fix})"


def _claim_problems(claim: Template, drawer: Drawer) -> Iterator[str]:
    for operator in (None, *claim.operators):
        try:
            stated = _stated(claim, operator, drawer)
        except MondaylabError as error:
            yield f"claim {claim.id!r}: {_told(error)}"
            return
        if not stated and operator is None:
            yield f"claim {claim.id!r} can never be stated on this data"
        elif not stated and operator in drawer.writer.usable(claim):
            yield f"claim {claim.id!r}: flaw {operator!r} can never be seeded on this data"


def _data_problems(claim: Template, drawer: Drawer, redrawn: Iterable[LabFacts]) -> Iterator[str]:
    words, weeks = {word: word for word in claim.slot_names()}, drawer.writer.data.weeks[1:]
    some = [drawer.slice_of(words, drawer.rng.choice(weeks)) for _ in range(claim.tried_on)]
    try:
        yield from (f"claim {claim.id!r}: {what}" for what in claim.data_problems(drawer.writer.facts, some, redrawn))
    except MondaylabError as error:
        yield f"claim {claim.id!r}: {_told(error)}"


def _stated(claim: Template, operator: str | None, drawer: Drawer) -> bool:
    """Whether some slices give the claim; every manuscript's words for it are then tried once."""
    draft = next(one for one in drawer.lab.drafts if one.id == claim.draft)
    words = dict.fromkeys([*draft.about, *claim.slot_names()])
    for number in range(TRIES):
        week = drawer.rng.choice(drawer.writer.data.weeks[1:])
        drawn = drawer.slice_of({word: word for word in words}, week)
        if drawer.writer.write(claim, drawn, operator, number) is not None:
            varying = (version.spans() for version in draft.versions if version.varies)  # else of other slices
            for span in dict.fromkeys(spans[claim.id] for spans in varying if claim.id in spans):
                drawer.writer.write(claim, drawn, operator, number, span=span)
            return True
    return False
