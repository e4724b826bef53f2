"""Files that are no notebook, or one that breaks whoever reads it."""

from __future__ import annotations

import json

import nbformat
from nbformat.v4 import new_code_cell

from .attack import JUDGED, HandIn, attack

UNREAD = {"prompt": "unreadable", "evidence": "unreadable", "validator": "unreadable"}


@attack(earns=JUDGED, put_right=("the notebook is not JSON",), shows=True, **UNREAD)
def is_not_json(it: HandIn) -> None:
    """Hands in half a notebook: what was judged still counts."""
    it.know_all()
    it.write(json.dumps(it.notebook).encode()[:-40])


@attack(put_right=("the notebook is not JSON",), **UNREAD)
def is_empty(it: HandIn) -> None:
    """Hands in a file of no bytes."""
    it.write(b"")


@attack(put_right=("the notebook is not JSON",), **UNREAD)
def is_nul_bytes(it: HandIn) -> None:
    """Hands in a file of NUL bytes."""
    it.write(bytes(100_000))


@attack(put_right=("the notebook is not text",), **UNREAD)
def is_a_program(it: HandIn) -> None:
    """Hands in an executable."""
    it.write(b"\x7fELF\xff\xfe" + bytes(range(256)) * 50)


@attack(put_right=("the notebook is not JSON",), **UNREAD)
def is_nested_without_end(it: HandIn) -> None:
    """Overruns the JSON reader's stack."""
    it.write(b"[" * 500_000)


@attack(put_right=("the notebook is not JSON",), **UNREAD)
def holds_a_number_without_end(it: HandIn) -> None:
    """Holds a whole number of a million digits, which takes for ever to read."""
    it.write(json.dumps(it.raw()).encode().replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 1_000_000))


@attack(put_right=("the file is not a notebook",), **UNREAD)
def is_a_list(it: HandIn) -> None:
    """Hands in JSON of another shape."""
    it.write(b'[{"cells": [], "metadata": {"mondaylab": {}}}]')


@attack(put_right=("the file is not a notebook",), **UNREAD)
def holds_cells_without_end(it: HandIn) -> None:
    """Holds twenty thousand cells."""
    it.notebook.cells += [new_code_cell("x")] * 20_000
    it.write()


@attack(put_right=("larger than 30 MB",), **UNREAD)
def is_giant(it: HandIn) -> None:
    """Hands in forty megabytes of outputs."""
    raw = it.raw()
    raw["metadata"]["x"] = "x" * 40_000_000
    it.write(raw)


@attack(put_right=("old format that cannot be converted",), **UNREAD)
def is_old_and_broken(it: HandIn) -> None:
    """Claims an old format, whose converter fails on it."""
    it.write(b'{"nbformat": 3, "worksheets": 7}')


@attack()
def is_of_the_future(it: HandIn) -> None:
    """Claims a format that does not exist yet, and of whole numbers that are none."""
    it.write(it.raw() | {"nbformat": 99, "nbformat_minor": "x"})


@attack()
def holds_strange_cells(it: HandIn) -> None:
    """Holds cells that are no cells, sources that are no text, half surrogate pairs, NUL bytes and NaN."""
    raw = it.raw()
    raw["cells"][:0] = [
        None,
        3,
        {},
        {"cell_type": "alien", "source": None, "metadata": None},
        {"cell_type": ["code"], "source": {"a": 1}, "metadata": [], "id": 7},
        {"cell_type": "code", "source": ["a", 3, "\ud800", "\x00"], "metadata": {}, "outputs": "x"},
        {"cell_type": "markdown", "source": "x", "metadata": {"n": float("nan")}, "attachments": {"a": 3}},
    ]
    it.write(raw)


@attack(evidence="wrong_type")
def holds_nul_bytes_in_its_answer(it: HandIn) -> None:
    """Puts NUL bytes and half surrogate pairs into the answer itself."""
    it.cell("evidence_answer").source = "def evidence(tables):\n    return '\x00\ud800'"


@attack()
def names_another_kernel(it: HandIn) -> None:
    """Names a kernel whose command would run on the grader's machine, for Autograde and for Validate."""
    it.notebook.metadata.kernelspec = {"name": "evil", "display_name": "Evil", "language": "bash"}
    it.notebook.metadata.language_info = {"name": "bash", "file_extension": "/../../x.sh"}


@attack()
def repeats_its_keys(it: HandIn) -> None:
    """Says everything twice, so that two readers see two notebooks; the last one counts, for each of ours."""
    good = json.dumps(it.raw())
    it.write(f'{{"cells": [], "nbformat": 3, {good[1:]}'.encode())


@attack()
def starts_with_a_mark(it: HandIn) -> None:
    """Starts with a byte order mark, as some editors leave it."""
    it.write(b"\xef\xbb\xbf" + nbformat.writes(it.notebook).encode())
