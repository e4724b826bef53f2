"""The work lies beside the notebook: in a copy, another notebook, a file of any name."""

from __future__ import annotations

import io
import zipfile

from .odd import Handed, odd

ALL = ("prompt", "evidence", "validator")
TEXT = "My checker: flag each claim whose margin is not the computed one."


@odd(*ALL, shows=("weekly_margin_memo-Copy1.ipynb", "def evidence(tables)", "def validator(claims, tables)"))
def works_in_a_copy(it: Handed) -> None:
    """Leaves the released notebook as it is, and answers all in its copy."""
    it.leave()
    it.write(it.raw(), "weekly_margin_memo-Copy1.ipynb")


@odd(*ALL, shows=("Untitled.ipynb",))
def works_in_an_untitled_notebook(it: Handed) -> None:
    """Pastes its answers into a new notebook."""
    it.leave()
    cells = [{"cell_type": "code", "source": it.cell(f"{name}_answer").source, "metadata": {}} for name in ALL]
    it.write({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, "Untitled.ipynb")


@odd("validator", shows=("part two.ipynb",))
def splits_its_work(it: Handed) -> None:
    """Answers the first half in the released notebook and the rest in another."""
    it.write(it.raw(), "part two.ipynb")
    it.cell("validator_answer").source = it.released("validator_answer")


@odd(*ALL, shows=("my memo (final).ipynb", "def evidence(tables)"))
def renames_the_notebook(it: Handed) -> None:
    """Hands in its notebook by another name, and none by the released one."""
    it.write(it.raw(), "my memo (final).ipynb")
    it._written = True


@odd(*ALL, shows=("old/weekly_margin_memo.ipynb",))
def works_in_a_folder_below(it: Handed) -> None:
    """Answers in a copy in a folder below."""
    it.leave()
    it.write(it.raw(), "old/weekly_margin_memo.ipynb")


def _exported(name, shown):
    def make(it: Handed) -> None:
        it.leave()
        it.write(f"# {TEXT}\n{it.cell('validator_answer').source}".encode(), name)

    kind = name.rpartition(".")[2].lower()
    make.__name__, make.__module__ = f"exports_{kind}", __name__
    make.__doc__ = f"Leaves the notebook and hands in its work as {name}."
    odd(*ALL, shows=shown)(make)


for _name in ("answers.py", "answers.txt", "answers.md", "Antworten.RST", "page.html", "no_ending"):
    _exported(_name, (_name, "flag each claim"))


@odd(*ALL, shows=("work.zip",))
def zips_its_notebook(it: Handed) -> None:
    """Leaves the notebook, and hands in its work in an archive."""
    it.leave()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("weekly_margin_memo.ipynb", "x" * 100)
    it.write(packed.getvalue(), "work.zip")


@odd(*ALL, shows=("Notizen.docx",))
def writes_in_a_word_processor(it: Handed) -> None:
    """Leaves the notebook, and hands in a document."""
    it.leave()
    it.write(b"PK\x03\x04" + bytes(2000), "Notizen.docx")


@odd(*ALL, shows=("kopie.ipynb", "cut off"))
def works_in_a_copy_that_broke(it: Handed) -> None:
    """Answers in a copy of which half was lost."""
    it.leave()
    it.cell("validator_answer").source += "\n# cut off behind this"
    it.write(it.write(it.raw(), "kopie.ipynb").read_bytes()[:-300], "kopie.ipynb")


@odd()
def answers_and_keeps_copies(it: Handed) -> None:
    """Answers in the released notebook, and leaves old copies and notes beside it."""
    it.write()
    it.write(it.raw(), "weekly_margin_memo-Copy1.ipynb")
    it.write(TEXT.encode(), "notes.txt")
