"""Files that another program wrote, or that were damaged on the way."""

from __future__ import annotations

import json

import nbformat

from .odd import Handed, odd

ALL = ("prompt", "evidence", "validator")


@odd(*ALL, shows=("def evidence(tables)",))
def was_cut_off(it: Handed) -> None:
    """Lost the end of its notebook."""
    it.write(json.dumps(it.raw(), indent=1).encode()[:-80])


@odd(*ALL, shows=("def validator(claims, tables)",))
def has_a_comma_too_many(it: Handed) -> None:
    """Edited the file by hand, and left a comma at the end of a list."""
    it.write(json.dumps(it.raw()).encode().replace(b'"nbformat": 4', b'"x": [1,], "nbformat": 4'))


@odd(*ALL, shows=("def evidence(tables)",))
def was_saved_in_utf_16(it: Handed) -> None:
    """Saved the file in an editor that writes UTF-16."""
    it.write(json.dumps(it.raw()).encode("utf-16"))


@odd(*ALL, shows=("Häufig geprüft",))
def was_saved_in_windows_1252(it: Handed) -> None:
    """Saved the file in an editor that writes Windows-1252."""
    it.cell("validator_answer").source += "\n# Häufig geprüft"
    it.write(json.dumps(it.raw(), ensure_ascii=False).encode("cp1252", "replace"))


@odd()
def has_a_mark_at_its_start(it: Handed) -> None:
    """Saved the file in an editor that writes a byte order mark."""
    it.write(b"\xef\xbb\xbf" + json.dumps(it.raw()).encode())


@odd()
def has_carriage_returns(it: Handed) -> None:
    """Comes from a program that ends lines in another way, in the file and in the cells."""
    raw = it.raw()
    for cell in raw["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r")
    it.write(json.dumps(raw, indent=1).encode().replace(b"\n", b"\r\n"))


@odd()
def has_its_lines_in_lists(it: Handed) -> None:
    """Keeps each cell as a list of lines, as most programs write it, without ids and with an id twice."""
    raw = it.raw()
    for cell in raw["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
        cell.pop("id", None)
    raw["cells"][1]["id"] = raw["cells"][2]["id"] = "same"
    it.write(raw)


@odd()
def is_of_an_old_format(it: Handed) -> None:
    """Saved the notebook in the format of ten years ago."""
    old = nbformat.convert(nbformat.from_dict(it.raw()), 3)
    it.write(json.dumps(old).encode())


@odd()
def came_through_another_editor(it: Handed) -> None:
    """Worked in an editor that drops all metadata of cells."""
    raw = it.raw()
    for cell in raw["cells"]:
        cell["metadata"] = {"id": "x1", "colab": {}}
    it.write(raw)
