"""Typed, frozen records: the base that every boundary of mondaylab shares."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from mondaylab.errors import NotFound, Refused


class Record(BaseModel):
    """Base of all records: immutable, and an unknown field is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def read_yaml(cls, path: Path) -> Self:
        """Reads and checks a YAML file.

        Raises:
            NotFound: There is no such file.
            Refused: It is not YAML, or a field is unknown, missing or of the wrong type (all of them are named).
        """
        return cls.parse(yaml_mapping(path), where=path)

    @classmethod
    def read_json(cls, path: Path) -> Self:
        """Reads and checks a JSON file; raises as `read_yaml`."""
        try:
            data = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise NotFound("no such file", where=path) from None
        except ValueError as error:
            raise Refused(f"not JSON ({error})", where=path) from None
        return cls.parse(data, where=path)

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


def validation_message(error: ValidationError) -> str:
    """All problems of a validation error in one line, without echoing the values (they may be private)."""
    problems = []
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(part) for part in item["loc"]) or "(top level)"
        problems.append(f"{place}: {item['msg']}")
    return "; ".join(problems)


def yaml_mapping(path: Path) -> dict[str, Any]:
    """Reads a YAML file whose top level is a mapping.

    Raises:
        NotFound: There is no such file.
        Refused: It is not YAML or not a mapping.
    """
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise NotFound("no such file", where=path) from None
    except yaml.YAMLError as error:
        raise Refused(f"not YAML ({error})", where=path) from None
    if not isinstance(data, dict):
        raise Refused("expected a mapping at the top level", where=path)
    return data


def canonical_json(data: object) -> str:
    """JSON with sorted keys and no spaces, refusing NaN: the text that is hashed."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def content_hash(data: object) -> str:
    """SHA-256 (hex) of the canonical JSON of plain data."""
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()
