"""Typed, frozen records: the base that every boundary of mondaylab shares."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from mondaylab.errors import Refused
from mondaylab.texts import read_text
from mondaylab.yaml_file import Place, YamlFile, plain_words

_JSON_LIMIT = 256 << 20
"""The program writes JSON of its own, far longer than what people write."""


class Record(BaseModel):
    """Base of all records: immutable, and an unknown field is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def read_yaml(cls, path: Path) -> Self:
        """Reads and checks a YAML file.

        Raises:
            NotFound: There is no such file.
            Refused: It is not YAML (see `YamlFile.read`), or a field is unknown, missing or of the wrong type: all of
                them are named, each with its line.
        """
        return cls.of_yaml(YamlFile.read(path, cls.key_words))

    @classmethod
    def of_yaml(cls, file: YamlFile) -> Self:
        """Checks a YAML file that was read; raises as `read_yaml`."""
        try:
            return cls.model_validate(file.data)
        except ValidationError as error:
            raise Refused(validation_message(error, file.line), where=file.path) from None

    @classmethod
    def key_words(cls, place: Place, key: str) -> str:
        """What a key of this record's YAML file is called when it stands twice."""
        return plain_words(place, key)

    @classmethod
    def read_json(cls, path: Path) -> Self:
        """Reads and checks a JSON file.

        Raises:
            NotFound: There is no such file.
            Refused: It is not UTF-8 text or not JSON, has a key twice, or a field is wrong (all of them are named).
        """
        return cls.parse(json_data(path), where=path)

    @classmethod
    def parse(cls, data: object, *, where: object) -> Self:
        """Checks plain data against this record, with one message that names every bad field."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise Refused(validation_message(error), where=where) from None

    def canonical(self) -> str:
        """The record as JSON in one fixed spelling: equal records give equal text."""
        return canonical_json(self.model_dump(mode="json"))


Kind = TypeVar("Kind", bound=Record)


def altered(record: Kind, **changes: object) -> Kind:
    """A copy with some fields set, nothing checked: `model_copy` at a fraction of its time, for what is done often."""
    copy = record.__class__.__new__(record.__class__)
    put = object.__setattr__  # a record itself lets nothing be set
    put(copy, "__dict__", record.__dict__ | changes)
    put(copy, "__pydantic_fields_set__", record.__pydantic_fields_set__ | changes.keys())
    for beside in ("__pydantic_extra__", "__pydantic_private__"):  # what a record has none of is None
        put(copy, beside, None if (values := getattr(record, beside)) is None else dict(values))
    return copy


def validation_message(
    error: ValidationError,
    line_of: Callable[[tuple[str | int, ...]], int | None] = lambda _: None,
    record: type[Record] | None = None,
) -> str:
    """All problems of a validation error in one line, without echoing the values (they may be private).

    Args:
        error: What pydantic found.
        line_of: The line of a part of the file, where one is known.
        record: What was checked: if given, a key that is not known is told with those that are.
    """
    problems = []
    for place, said in validation_problems(error, record):
        path = ".".join(str(part) for part in place) or "(top level)"
        line = line_of(place)
        problems.append(f"{path}: {said}" if line is None else f"line {line}: {path}: {said}")
    return "; ".join(problems)


def validation_problems(
    error: ValidationError, record: type[Record] | None = None
) -> list[tuple[tuple[str | int, ...], str]]:
    """Where and what each problem of a validation error is, without its value.

    Args:
        error: What pydantic found.
        record: What was checked: if given, a key that is not known is told with those that are.
    """
    problems = []
    for item in error.errors(include_url=False, include_input=False):
        told = item.get("ctx", {})
        match item["type"]:
            case "union_tag_invalid":  # pydantic's own words hold the value
                said = f"{told['discriminator']} has to be one of {told['expected_tags']}"
            case "string_type":
                said = "Input should be text, in quotes"
            case _:
                said = item["msg"]
        if record is not None and item["type"] == "extra_forbidden":
            said += f" (there are {', '.join(keys_at(record, item['loc']))})"
        place = tuple(part for part in item["loc"] if part != "[key]")  # what pydantic calls a key of a table
        problems.append((place, said))
    return problems


def keys_at(record: type[Record], place: tuple[str | int, ...]) -> list[str]:
    """The keys beside one that is not known, sorted; the place has the kind of a union's member in it."""
    here = [record]
    for part in place[:-1]:
        of_kind = [one for one in here if "kind" in one.model_fields and one.model_fields["kind"].default == part]
        named = [
            one.model_fields[part].annotation for one in here if isinstance(part, str) and part in one.model_fields
        ]
        inner = [found for annotation in named for found in _records_in(annotation)]
        here = of_kind or inner or here  # an index, or the name of an entry, leads nowhere else
    return sorted({name for one in here for name in one.model_fields})


def _records_in(annotation: Any) -> list[type[Record]]:
    """The records that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return [annotation]
    return [found for part in get_args(annotation) for found in _records_in(part)]


def json_data(path: Path) -> Any:
    """Reads a JSON file.

    Raises:
        NotFound: There is no such file.
        Refused: It is not UTF-8 text, not JSON, nested too deeply, or has a key twice.
    """
    text = read_text(path, limit=_JSON_LIMIT)
    twice: list[str] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) < len(pairs):
            often = Counter(name for name, _ in pairs)
            twice.extend(name for name, times in often.items() if times > 1)
        return data

    try:
        data = json.loads(text, object_pairs_hook=mapping)
    except json.JSONDecodeError as error:
        raise Refused(f"not JSON ({error.msg})", where=f"{path}:{error.lineno}") from None
    except ValueError:  # a number of thousands of digits
        raise Refused("not JSON: a number is too long", where=path) from None
    except RecursionError:
        raise Refused("not JSON: nested too deeply", where=path) from None
    if twice:
        raise Refused(
            f"stand twice in one place: {', '.join(dict.fromkeys(twice))}", where=path, fix="keep one of each"
        )
    return data


def canonical_json(data: object) -> str:
    """JSON with sorted keys and no spaces, refusing NaN: the text that is hashed."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def content_hash(data: object) -> str:
    """SHA-256 (hex) of the canonical JSON of plain data."""
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()
