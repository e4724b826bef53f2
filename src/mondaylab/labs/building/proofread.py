"""Proofreading a lab before anything is built of it: each problem with its claim and its line."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from mondaylab.errors import MondaylabError, Refused
from mondaylab.labs.claims.registry import flaw_operators
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.wording import check_numbers, phrase
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import DraftTemplate, LabDeclaration
from mondaylab.labs.sources.lines import named_line
from mondaylab.labs.writer import ClaimWriter
from mondaylab.measures import unit_of
from mondaylab.settings import Site
from mondaylab.texts import read_text

TRIES = 150
"""Slices that are tried until a claim can be stated, sound or with one flaw."""
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
    material.check_recordings()
    folder = site.lab(material.name)
    declared, source = (read_text(folder / name) for name in ("lab.toml", "lab.py"))
    told = [(named_line(declared, name) or 1, what) for name, what in _declaration_problems(material)]
    for name, problems in (
        ("lab.toml", [*told, *_leaks(declared)]),
        ("lab.py", [*_leaks(source), *_operators(source)]),
    ):
        if problems:
            raise _refusal(folder / name, problems)
    if material.items.retired:  # every claim can be stated; whether enough of them are left for a form is another thing
        _draw_once(material)


def _draw_once(material: Material) -> None:
    try:
        draw_form(material, b"proofread", cohort="proofread", learner="proofread", attempt=1)
    except Refused as error:
        retired = ", ".join(material.items.retired)
        raise Refused(
            f"too few items are left to draw a form from: {error.what}; retired: {retired}",
            where=material.name,
            fix="write new claims or operators in their place",
        ) from None


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


def _declaration_problems(material: Material) -> Iterator[tuple[str, str]]:
    """Name -> what is wrong with it."""
    lab, writer = material.declaration, material.writer()
    drawer = Drawer(writer, random.Random(lab.title))  # noqa: S311  the same slices each time, nothing secret
    unfit = dict(_measure_problems(lab, writer))
    yield from unfit.items()
    for draft in lab.drafts:
        yield from _draft_problems(draft, drawer)
    for claim in lab.claims:
        if not unfit.keys() & claim.measure_names():
            yield from _claim_problems(claim, drawer)


def _measure_problems(lab: LabDeclaration, writer: ClaimWriter) -> Iterator[tuple[str, str]]:
    for name, measure in lab.measures.items():
        try:
            unit_of(measure, writer.ground.catalog.bindings)
            writer.ground.catalog.evaluate(measure)
        except MondaylabError as error:
            if "has no value" not in error.what:  # over the whole quarter, uncut, some have none
                yield name, f"measure {name!r}: {error.what}"


def _draft_problems(draft: DraftTemplate, drawer: Drawer) -> Iterator[tuple[str, str]]:
    try:
        drawn = drawer.slice_of({word: word for word in draft.about}, drawer.writer.ground.weeks[1])
    except MondaylabError as error:
        yield draft.id, f"draft {draft.id!r}: {error.what}"
        return
    for part, text in _texts(draft):
        try:
            check_numbers(phrase(text, drawn.words(), where=part), drawn.words().values(), where=part)
        except MondaylabError as error:
            yield draft.id, f"draft {draft.id!r}, {part}: {error.what}"


def _texts(draft: DraftTemplate) -> Iterator[tuple[str, str]]:
    """The words of a draft beside its claims: which part, and what it says."""
    yield from (("title", draft.title), ("opening", draft.opening), ("closing", draft.closing))
    yield from (("layout", text) for text in draft.layout_texts())


def _claim_problems(claim: Template, drawer: Drawer) -> Iterator[tuple[str, str]]:
    if len(set(claim.phrasings)) < len(claim.phrasings):
        yield claim.id, f"claim {claim.id!r} has the same phrasing twice"
    for operator in (None, *claim.operators):
        try:
            stated = _stated(claim, operator, drawer)
        except MondaylabError as error:
            yield claim.id, f"claim {claim.id!r}: {error.what}"
            return
        if not stated and operator is None:
            yield claim.id, f"claim {claim.id!r} can never be stated on this data"
        elif not stated and operator in drawer.usable(claim):
            yield claim.id, f"claim {claim.id!r}: flaw {operator!r} can never be seeded on this data"


def _stated(claim: Template, operator: str | None, drawer: Drawer) -> bool:
    """Whether some slices give the claim; every phrasing of it is then worded once."""
    draft = next(one for one in drawer.lab.drafts if one.id == claim.draft)
    words = dict.fromkeys([*draft.about, *claim.slot_names()])
    for number in range(TRIES):
        week = drawer.rng.choice(drawer.writer.ground.weeks[1:])
        drawn = drawer.slice_of({word: word for word in words}, week)
        if drawer.writer.write(claim, drawn, operator, 0, number) is not None:
            for phrasing in range(1, len(claim.phrasings)):
                drawer.writer.write(claim, drawn, operator, phrasing, number)
            return True
    return False
