"""YAML as people write it for us: plain data with each key once, and the line where everything stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mondaylab.errors import Refused
from mondaylab.texts import read_text

DEPTH_LIMIT = 40
"""How deep lists and mappings may stand in each other; our own files need ten levels."""
PARTS_LIMIT = 300_000
"""Most values of one file, those of an anchor counted each time it is used."""
_STRING, _MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"

Place = tuple[str | int, ...]
"""Keys and indexes from the top, such as ``("learners", 2)``."""
Wording = Callable[[Place, str], str]
"""What to call a key in a message: where the mapping stands, and the key."""


def plain_words(place: Place, key: str) -> str:
    """``key learners``, or ``roles.finance: key cells`` for one that stands deeper."""
    inside = ".".join(str(part) for part in place)
    return f"{inside}: key {key}" if inside else f"key {key}"


@dataclass(frozen=True)
class YamlFile:
    """A file whose top level is a mapping.

    Attributes:
        path: Where it lies.
        data: What it says, as plain data.
        twice: Entry of the part that was read `apart` -> which keys stand twice in it, or that it does itself.
    """

    path: Path
    data: dict[str, Any]
    _top: MappingNode
    twice: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, words: Wording = plain_words, *, apart: str | None = None) -> YamlFile:
        """Reads a file.

        Args:
            path: The file.
            words: What a key that stands twice is called.
            apart: A key at the top whose entries are people's own: what stands twice in one is told in `twice`, and
                does not keep anybody from reading the others.

        Raises:
            NotFound: There is no such file.
            Refused: It is not UTF-8 text, not YAML, not one mapping, nested too deeply or too long; it has a tag, a key
                that is not text, or a key twice (all of these are named, each with its lines).
        """
        text = read_text(path)
        try:
            _look(text, path)
            top = yaml.CSafeLoader(text).get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise _not_yaml(error.problem or error.context or "it does not end", text, mark, path) from None
        except yaml.YAMLError:  # the reader's own errors repeat what they have read
            raise Refused("not YAML: a character that no text has", where=path, fix="take it out") from None
        if top is None:
            raise Refused("the file is empty", where=path, fix="write it, or remove it")
        if not isinstance(top, MappingNode):
            raise Refused("expected a mapping at the top level", where=path, fix="begin with a line such as key: value")
        reader = _Reader(path, words)
        data = reader.mapping(top, ())
        own: dict[str, list[str]] = {}
        for place, said in reader.twice:
            if apart is not None and place[0] == apart and len(place) > 1:
                own.setdefault(str(place[1]), []).append(said)
        others = [said for place, said in reader.twice if apart is None or place[0] != apart or len(place) < 2]
        if others:
            raise Refused("; ".join(others), where=path, fix="keep the one that is meant")
        return cls(path, data, top, {name: "; ".join(said) for name, said in own.items()})

    def line(self, place: Sequence[str | int]) -> int | None:
        """The line (1 for the first) of a part; of what holds it if the part itself stands nowhere.

        Args:
            place: Keys and indexes from the top; parts that name nothing in the file are passed over.

        Returns:
            None if not even the first part stands in the file.
        """
        node: Node = self._top
        found = None
        for part in place:
            inner = _part(node, part)
            if inner is not None:
                found, node = inner
        return found

    def as_typed(self, key: str) -> list[tuple[str, int]]:
        """The items of a list at the top as they stand in the file, each with its line.

        A person called ``no`` is no "no", and 007 no 7: YAML's own reading of such words would lose them.
        An item that is no single word is given as an empty one.
        """
        found = _part(self._top, key)
        if found is None or not isinstance(found[1], SequenceNode):
            return []
        return [
            (item.value if isinstance(item, ScalarNode) else "", item.start_mark.line + 1) for item in found[1].value
        ]


class _Reader:
    """Turns nodes into plain data, and notes every key that stands twice."""

    def __init__(self, path: Path, words: Wording) -> None:
        self.twice: list[tuple[Place, str]] = []
        """Which key stands twice, and the words for it."""
        self._path, self._words = path, words
        self._left = PARTS_LIMIT
        self._values = SafeConstructor()

    def value(self, node: Node, place: Place) -> Any:
        self._left -= 1
        if self._left < 0:
            raise Refused(f"holds more than {PARTS_LIMIT} values", where=self._path, fix="write fewer anchors")
        if len(place) > DEPTH_LIMIT:  # only an anchor that stands inside itself comes here
            raise self._refusal(node, "an anchor stands inside itself", "write out what is meant")
        if isinstance(node, MappingNode):
            return self.mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        if node.tag == _STRING:
            return node.value
        try:
            return self._values.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            raise self._refusal(node, "neither a number nor a date", "write it in quotes") from None

    def mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        """The mapping as a dict; where a key stands twice it is noted, and the dict is not to be used."""
        seen: dict[str, list[int]] = {}
        data: dict[str, Any] = {}
        for key, value in self._entries(node, place):
            name = self._key(key)
            seen.setdefault(name, []).append(key.start_mark.line + 1)
            data[name] = self.value(value, (*place, name))
        for name, lines in seen.items():
            if len(lines) > 1:
                self._note((*place, name), f"{self._words(place, _short(name))} stands {_times(lines)}")
        return data

    def _entries(self, node: MappingNode, place: Place) -> Iterator[tuple[Node, Node]]:
        """The entries of a mapping, those merged into it (``<<: *anchor``) among them."""
        merges = [key for key, _ in node.value if key.tag == _MERGE]
        if len(merges) > 1:
            lines = [key.start_mark.line + 1 for key in merges]
            self._note((*place, "<<"), f"{self._words(place, '<<')} stands {_times(lines)}")
        if len(place) > DEPTH_LIMIT:
            raise self._refusal(node, "an anchor stands inside itself", "write out what is meant")
        for key, value in node.value:
            if key.tag != _MERGE:
                yield key, value
                continue
            for merged in value.value if isinstance(value, SequenceNode) else [value]:
                if not isinstance(merged, MappingNode):
                    raise self._refusal(key, "what is merged is no mapping", "write << with the anchor of a mapping")
                yield from self._entries(merged, (*place, "<<"))

    def _note(self, place: Place, said: str) -> None:
        if said not in [known for _, known in self.twice]:  # what is anchored is read each time it is used
            self.twice.append((place, said))

    def _key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise self._refusal(node, "a key is a list or a mapping", "write the key in quotes")
        if node.tag != _STRING:
            raise self._refusal(
                node, f"the key {_short(node.value)!r} is not text but a number, a date, a yes or a no", "quote it"
            )
        return str(node.value)

    def _refusal(self, node: Node, what: str, fix: str) -> Refused:
        return Refused(what, where=f"{self._path}:{node.start_mark.line + 1}", fix=fix)


def _look(text: str, path: Path) -> None:
    """Goes once over a text without building anything of it: what would be too much to build is refused here.

    Raises:
        Refused: It nests too deeply, has a tag, or is several documents.
        yaml.YAMLError: It is not YAML.
    """
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Refused("a second document begins (---)", where=f"{path}:{line}", fix="write one a file")
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_LIMIT:
                raise Refused(
                    f"nested deeper than {DEPTH_LIMIT} levels", where=f"{path}:{line}", fix="write it flatter"
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if getattr(event, "tag", None) is not None:
            raise Refused("a tag (!) stands here", where=f"{path}:{line}", fix="write plain values, or quote it")


def _not_yaml(problem: str, text: str, mark: yaml.Mark | None, path: Path) -> Refused:
    """The error with its line, and without the line's own words, which may be private."""
    if mark is None:
        return Refused(f"not YAML: {problem}", where=path)
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return Refused("not YAML: the line begins with a tab", where=f"{path}:{mark.line + 1}", fix="indent by spaces")
    return Refused(f"not YAML: {problem}", where=f"{path}:{mark.line + 1}", fix="correct that line or the one above")


def _part(node: Node, part: str | int) -> tuple[int, Node] | None:
    """The line and the node of a part of a node."""
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line + 1, item
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    return None


def _times(lines: list[int]) -> str:
    """``twice, lines 12 and 31``."""
    often = "twice" if len(lines) == 2 else f"{len(lines)} times"
    told = [str(line) for line in lines]
    return f"{often}, lines {', '.join(told[:-1])} and {told[-1]}"


def _short(key: str) -> str:
    shown = " ".join(key.split())
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
