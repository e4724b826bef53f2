"""Placing: a manuscript is tried in a copy of its lab, and only then put where the lab has it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mondaylab.errors import MondaylabError, Refused
from mondaylab.files import write_file
from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.claims.connecting import check_connecting
from mondaylab.labs.claims.wording import phrase
from mondaylab.labs.drawing.answers import unsettled
from mondaylab.labs.drawing.handbook_lists import must_state_problems
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.labs.sources.manuscript import FOLDER, Manuscript

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")


def file_of(draft: str, version: str) -> Path:
    """Where a version stands in its lab's folder."""
    return Path(FOLDER) / draft / f"{version}.md"


def free_place(folder: Path, answered: Answered, version: str, *, replace: bool) -> Path:
    """Where a version would stand.

    Args:
        folder: The lab's.
        answered: The answer.
        version: Name of the version.
        replace: Whether it may take the place of one of that name.

    Raises:
        Refused: The name is none, or it is taken; what somebody wrote by hand is never replaced.
    """
    if not _NAME.fullmatch(version):
        raise Refused(f"{version!r} is no name of a version", fix="write letters, digits and _, a letter first: --name")
    path = folder / file_of(answered.draft, version)
    if path.exists() and not replace:
        raise Refused("there is such a version", where=path, fix="give it another --name, or --replace it")
    if path.exists() and Manuscript.read(path).answer is None:
        raise Refused("this version is no answer: somebody wrote it", where=path, fix="give it another --name")
    return path


def place(
    material: Material, folder: Path, answered: Answered, version: str, text: str, *, replace: bool = False
) -> Path:
    """Writes a manuscript into its lab, once it was read back and held against the data.

    Args:
        material: The lab on its snapshot.
        folder: The lab's.
        answered: The answer.
        version: Name of the version.
        text: The whole manuscript.
        replace: Whether it may take the place of another answer.

    Raises:
        Refused: It does not stand all checks, or the name was taken meanwhile; nothing is written then.
    """
    check(material, folder, answered, version, text)
    path = free_place(folder, answered, version, replace=replace)
    if replace:
        write_file(path, text)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as scratch:
        staged = Path(scratch) / path.name
        write_file(staged, text)
        try:
            os.link(staged, path)  # fails where there is one by now
        except FileExistsError:
            free_place(folder, answered, version, replace=False)
    return path


def check(material: Material, folder: Path, answered: Answered, version: str, text: str) -> None:
    """Holds a manuscript against the lab and its data, in a copy that nobody else sees.

    Args:
        material: The lab on its snapshot.
        folder: The lab's.
        answered: The answer.
        version: Name of the version.
        text: The whole manuscript.

    Raises:
        Refused: Something is wrong with it: all that is, in words.
    """
    lab = tried(material, folder, answered, version, text)
    if problems := [*_problems(lab, answered, version)]:
        raise Refused("; ".join(dict.fromkeys(problems)), where=folder / file_of(answered.draft, version))


def tried(material: Material, folder: Path, answered: Answered, version: str, text: str) -> Material:
    """The lab as it would be with a manuscript, read in a copy of it.

    Args:
        material: The lab on its snapshot.
        folder: The lab's.
        answered: The answer.
        version: Name of the version.
        text: The whole manuscript.

    Raises:
        Refused: The lab cannot be read with it.
    """
    file = file_of(answered.draft, version)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / folder.parent.name / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        write_file(copy / file, text)
        try:
            declared = LabDeclaration.of(copy, material.bindings.currency)
        except MondaylabError as error:
            raise Refused(error.what.replace(str(copy), str(folder)), where=folder / file, fix=error.fix) from None
    return replace(material, declaration=declared)


def _problems(lab: Material, answered: Answered, version: str) -> Iterator[str]:
    draft = next(one for one in lab.declaration.drafts if one.id == answered.draft)
    made = next(one for one in draft.versions if one.version == version)
    writer = lab.writer()
    yield from unsettled(writer, made)
    yield from must_state_problems(lab, draft.following(made))
    yield from _stated_outside(answered, made)


def _stated_outside(answered: Answered, made: Manuscript) -> Iterator[str]:
    words = answered.subject.words()
    for _, text in made.connecting():
        try:
            check_connecting(phrase(text, words, where=""), words.values(), answered.names, where="")
        except MondaylabError as error:
            yield error.what
