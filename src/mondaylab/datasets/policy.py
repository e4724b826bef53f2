"""Policies: what each column of a company's raw exports becomes. What is not listed does not come through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from mondaylab.errors import Refused
from mondaylab.records import Record, content_hash
from mondaylab.settings import plain_name
from mondaylab.yaml_file import Place

Holds = Literal[
    "person",
    "first_name",
    "last_name",
    "email",
    "phone",
    "iban",
    "street",
    "postcode",
    "city",
    "company",
    "birth_date",
    "number",
    "other",
]
"""What a column holds about people; it decides how its values are looked for in free text."""

Form = Literal["email", "phone", "card", "iban", "national_id", "birth_date", "secret", "name", "address"]
"""What is personal by its form, whoever it belongs to."""

Type = Literal["number", "integer", "date", "datetime", "choice", "code", "text"]

FindingName = Literal[
    "fewer_rows",
    "blank_rows",
    "rows_twice",
    "total_row",
    "key_twice",
    "blank_key",
    "null_like_ids",
    "ids_as_numbers",
    "orphans",
    "domains_apart",
    "blank_column",
    "outside_quarter",
    "ends_early",
    "rounded_numbers",
    "hidden_characters",
    "formulas",
    "markup",
]
"""What `integrity` looks for in the rows of an export; each refuses unless the policy accepts it by name and reason."""


class Published(Record):
    """What every action has whose column comes through in some form."""

    overrule: dict[Form, str] = {}
    """Why cells that look personal by their form (``card: article numbers, checked with sales``) are none. Other
    findings refuse."""

    @field_validator("overrule")
    @classmethod
    def _gives_reasons(cls, overrule: dict[Form, str]) -> dict[Form, str]:
        for form, reason in overrule.items():
            if len(reason.strip()) < 8:
                raise ValueError(f"'overrule: {form}' needs a reason in words")
        return overrule


class Keep(Published):
    """The column comes through, if every cell is of the declared type."""

    do: Literal["keep"]
    type: Type
    values: tuple[str, ...] = ()
    """For ``choice``: every value that may occur."""
    pattern: str | None = None
    """For ``code``: a regular expression that every cell matches as a whole."""
    public: str | None = None
    """For ``text``: why names may stand in it (artists, authors). Without a reason, a known name in it refuses."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.type == "choice") != bool(self.values):
            raise ValueError("'values' belongs to type choice, and choice needs it")
        if (self.type == "code") != bool(self.pattern):
            raise ValueError("'pattern' belongs to type code, and code needs it")
        if self.public is not None and (self.type != "text" or not self.public.strip()):
            raise ValueError("'public' belongs to type text and gives a reason")
        return self

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        return _checked_pattern(pattern)


class Drop(Record):
    """The column does not come through; its values are looked for in every text that does."""

    do: Literal["drop"]
    holds: Holds


class Pseudonym(Published):
    """Each value becomes a pseudonym, the same wherever its domain occurs, so that joins survive."""

    do: Literal["pseudonym"]
    domain: str | None = None
    domains: tuple[str, ...] = ()
    """For a column that refers to several things: each value belongs to the one whose pattern it matches."""

    @model_validator(mode="after")
    def _one_or_many(self) -> Self:
        if (self.domain is None) == (not self.domains):
            raise ValueError("name one 'domain', or several 'domains'")
        return self

    def all_domains(self) -> tuple[str, ...]:
        """The domain, or the domains."""
        return self.domains or (str(self.domain),)


class Scrub(Published):
    """Free text: personal data in it becomes placeholders such as ``[PERSON]``."""

    do: Literal["scrub"]


class Bin(Published):
    """A number becomes the lower edge of its bin."""

    do: Literal["bin"]
    width: float = Field(gt=0)


class Coarsen(Published):
    """A date becomes its year (a whole number) or its month (``2026-11``)."""

    do: Literal["year", "month"]


class Prefix(Published):
    """A text becomes its first characters: two digits of a postcode."""

    do: Literal["prefix"]
    length: int = Field(ge=1, le=20)


class Group(Published):
    """A value becomes the name of the group that lists it; a value in no group refuses."""

    do: Literal["group"]
    groups: dict[str, tuple[str, ...]] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> Self:
        members = [value for group in self.groups.values() for value in group]
        if len(members) != len(set(members)):
            raise ValueError("a value is in two groups")
        return self


Action = Annotated[Keep | Drop | Pseudonym | Scrub | Bin | Coarsen | Prefix | Group, Field(discriminator="do")]


class Domain(Record):
    """A kind of identifier."""

    prefix: str = Field("", pattern=r"^[A-Za-z]{0,4}$")
    """Starts every pseudonym, where a reader would not know otherwise what it stands for."""
    pattern: str | None = None
    """A regular expression that every identifier matches as a whole. With it, identifiers in free text are replaced by
    their pseudonyms, and anything else in the column refuses."""

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        return _checked_pattern(pattern)


class Accepted(Record):
    """A finding about a table's rows that the steward knows and means. The manifest repeats it."""

    finding: FindingName
    column: str | None = None
    """Which column; none where the finding is about whole rows."""
    why: str
    share: float = Field(default=1.0, gt=0, le=1)
    """At most this share of the table's rows; above it the finding refuses all the same."""

    @field_validator("why")
    @classmethod
    def _says_why(cls, why: str) -> str:
        if len(why.strip()) < 3:
            raise ValueError("say why in words")
        return why


class Table(Record):
    """One raw table."""

    columns: dict[str, Action] = Field(min_length=1)
    order_by: tuple[str, ...] = ()
    """Columns of the snapshot that sort its rows; the rest is sorted by pseudonym, so that the raw order is lost."""
    key: tuple[str, ...] | None = None
    """Columns that tell one row from another. None: found by their names; an empty list: the table has no key."""
    least_rows: int = Field(default=1, ge=0)
    """An export with fewer rows is cut or empty, and refuses. 0 if a quarter may have none."""
    most_lost: float = Field(default=0.4, ge=0, le=1)
    """The share of rows that may be fewer than in the snapshot of the quarter before."""
    accepts: tuple[Accepted, ...] = ()
    """Findings about the rows that do not refuse."""

    @model_validator(mode="after")
    def _names_its_columns(self) -> Self:
        for name in (*(self.key or ()), *(accepted.column for accepted in self.accepts if accepted.column)):
            if name not in self.columns:
                raise ValueError(f"key or accepts names {name!r}, which 'columns' lacks")
        return self

    @model_validator(mode="after")
    def _sorted_by_what_comes_through(self) -> Self:
        for name in self.order_by:
            if name not in self.columns or isinstance(self.columns[name], Drop):
                raise ValueError(f"order_by names {name!r}, which does not come through")
        if all(isinstance(action, Drop) for action in self.columns.values()):
            raise ValueError("every column is dropped: list the table under 'withheld'")
        return self


class Policy(Record):
    """``datasets/<company>/policy.yaml``: signed by a data steward."""

    company: str
    steward: str = Field(pattern=r"^\S(?:.{0,118}\S)?$")
    """Who answers for this policy: a role or a mailbox. Snapshots name it, what learners get of them does not."""
    domains: dict[str, Domain] = {}
    tables: dict[str, Table] = Field(min_length=1)
    texts: dict[str, Literal["keep", "scrub"]] = {}
    """Files of text by name, such as ``handbook.md``."""
    prose: dict[str, str] = {}
    """Texts whose content looks like a table, and why they are none."""
    withheld: tuple[str, ...] = ()
    """Raw files that are known and do not come through at all."""
    common_words: tuple[str, ...] = ()
    """Words that are also somebody's name and must stay readable in free text, in lower case."""

    @classmethod
    def of(cls, folder: Path) -> Policy:
        """Reads ``<folder>/policy.yaml``; every unknown action or parameter is refused."""
        return cls.read_yaml(folder / "policy.yaml")

    @classmethod
    def key_words(cls, place: Place, key: str) -> str:
        match place:
            case ("tables", table, "columns"):
                return f"table {table}: column {key}"
            case ("tables",):
                return f"table {key}"
        return super().key_words(place, key)

    @model_validator(mode="after")
    def _domains_exist(self) -> Self:
        for table, column, action in self.actions():
            if not isinstance(action, Pseudonym):
                continue
            for name in action.all_domains():
                if name not in self.domains:
                    raise ValueError(f"{table}.{column} names domain {name!r}, which 'domains' lacks")
                if action.domains and self.domains[name].pattern is None:
                    raise ValueError(f"{table}.{column} mixes domains, so domain {name!r} needs a pattern")
        for name in self.prose:
            if name not in self.texts or len(self.prose[name].strip()) < 3:
                raise ValueError(f"prose names {name!r}: it needs a reason, and a line under 'texts'")
        for name in (*self.tables, *self.texts, *self.domains):
            try:
                plain_name(name)
            except Refused as error:
                raise ValueError(error.what) from None
        return self

    def identity(self) -> str:
        """SHA-256 (hex) of what the policy says.

        What policies could not say earlier counts only where it is said, so that a newer program names the snapshot of
        the same exports as before.
        """
        plain = self.model_dump(mode="json")
        if not self.prose:
            del plain["prose"]
        for name, rules in self.tables.items():
            for field in ("key", "least_rows", "most_lost", "accepts"):
                if getattr(rules, field) == Table.model_fields[field].default:
                    del plain["tables"][name][field]
            for action in plain["tables"][name]["columns"].values():
                if not action.get("overrule"):
                    action.pop("overrule", None)
        return content_hash(plain)

    def actions(self) -> Iterator[tuple[str, str, Action]]:
        """Every (table, column, action), in the policy's order."""
        for table, rules in self.tables.items():
            for column, action in rules.columns.items():
                yield table, column, action


def _checked_pattern(pattern: str | None) -> str | None:
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
    return pattern
