"""The manuscript of an adopted answer: its figures as TOML, below them its words in Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import Item

from mondaylab.errors import Refused
from mondaylab.labs.sources.adopted import FENCE, AdoptedAnswer, words_hash
from mondaylab.labs.sources.manuscript import Manuscript

_LINE = re.compile(r"\n(?!\n|\s*(?:[-*+]|\d{1,9}[.)])\s|\s*\||\s*$)")
"""The end of a line that Markdown would run together with the next."""
_REFERENCE = re.compile(r"^[ >]*\[[^\]\n]+\]:", re.MULTILINE)
_IN_LINK = re.compile(r"[\\\[\]]")


def came(text: str) -> str:
    """The hash of an answer's words, as Markdown shows them.

    Raises:
        Refused: It holds what no draft can show.
    """
    if _REFERENCE.search(text) is not None:
        raise Refused("it holds a link's address, which Markdown does not show", where="the answer")
    read = Manuscript.parsed("answer", markdown(text), where="the answer")
    if read.claims():
        raise Refused("it holds a link", where="the answer")
    return words_hash("".join(part.text or "" for one in read.parts for part in one.walk()))


def markdown(text: str) -> str:
    """An answer as Markdown, each of its lines by itself."""
    return _LINE.sub("\n\n", text.strip())


def linked(words: str, claim: str) -> str:
    """A span as a link to its claim."""
    escaped = _IN_LINK.sub(r"\\\g<0>", words)
    return f"[{escaped}]({claim})"


def file_text(answer: AdoptedAnswer, own: Sequence[Mapping[str, Any]], body: str) -> str:
    """The whole file.

    Args:
        answer: What stands before the text.
        own: The templates of claims that the lab has not.
        body: The text in Markdown, claims as links.
    """
    told = tomlkit.document()
    told["answer"] = _table(_data(answer))
    if own:
        told["claims"] = _tables(own)
    return f"{FENCE}\n{tomlkit.dumps(told).strip()}\n{FENCE}\n\n{markdown(body)}\n"


def _data(answer: AdoptedAnswer) -> dict[str, Any]:
    """What was set, tables and lists last: TOML wants plain keys first."""
    data = answer.model_dump(exclude_defaults=True)
    claims = [_said(one) for one in data.pop("claims")]
    return {**data, "claims": claims}


def _said(claim: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in claim.items() if value is not None}


def _table(data: Mapping[str, Any]) -> Item:
    table = tomlkit.table()
    for key, value in data.items():
        table[key] = _tables(value) if key == "claims" else _item(value)
    return table


def _tables(rows: Sequence[Mapping[str, Any]]) -> Item:
    made = tomlkit.aot()
    for row in rows:
        made.append(_table(row))
    return made


def _item(value: Any) -> Any:
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, inner in value.items():
            if inner is not None:
                table[key] = _item(inner)
        return table
    if isinstance(value, (list, tuple)):
        array = tomlkit.array()
        for inner in value:
            array.append(_item(inner))
        return array.multiline(any(isinstance(inner, Mapping) for inner in value))
    return value
