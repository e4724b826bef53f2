"""What a practitioner declares in ``asking.toml``: what the company's assistant is asked, and what its words mean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, field_validator

from mondaylab.errors import Refused
from mondaylab.labs.claims.slots import slot_words
from mondaylab.labs.claims.wording import Display, words_of
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.labs.sources.lines import line_of
from mondaylab.labs.sources.references import Problem, of_cut, there_are
from mondaylab.labs.sources.toml_text import priced, toml_data
from mondaylab.records import Record, validation_problems
from mondaylab.texts import read_text

FILE = "asking.toml"
_RESERVED = ("week",)


class Named(Record):
    """What texts call a measure, and how it is shown."""

    says: tuple[str, ...] = Field(min_length=1)
    """Names of it, the usual one first. A text that says one of them speaks of this measure."""
    display: Display
    rate: bool = False
    """Whether a change of it may be told in points as well as in percent."""

    @field_validator("says")
    @classmethod
    def _words(cls, says: tuple[str, ...]) -> tuple[str, ...]:
        if bare := [name for name in says if not name.strip() or name != name.lower().strip()]:
            raise ValueError(f"names are written in small letters, without space around them: {bare[0]!r}")
        return says


class SheetRow(Record):
    """One row of the fact sheet that goes with a request."""

    measure: str
    by: dict[str, str] = {}
    """Field -> slot; the key ``period`` takes the week."""
    before: bool = False
    """Whether the week before stands beside it."""


class TextRequest(Record):
    """A text that people ask the company's assistant for."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    draft: str
    """Id of the draft template that it is a version of."""
    ask: str
    """What is asked, as a person at work would, with slots in braces."""
    about: tuple[str, ...] = ()
    """Slots that are drawn once: what all of the text is about."""
    rows: tuple[SheetRow, ...] = Field(min_length=1)

    @property
    def weekly(self) -> bool:
        """Whether the figures of its sheet are a week's, and not those of the quarter."""
        return any("period" in row.by for row in self.rows)


class Asking(Record):
    """``asking.toml``, checked against the lab."""

    requests: tuple[TextRequest, ...] = Field(min_length=1)
    names: dict[str, Named]
    """Measure -> what it is called."""

    @classmethod
    def of(cls, folder: Path, lab: LabDeclaration, currency: str) -> Self:
        """Reads ``<folder>/asking.toml``.

        Args:
            folder: The lab's: ``<role>/<lab>``.
            lab: Its declaration, whose measures and slots it names.
            currency: What the unit ``money`` becomes.

        Raises:
            NotFound: There is none.
            Refused: It is not TOML, or a field, name or reference in it is wrong; every problem is named.
        """
        path = folder / FILE
        text = read_text(
            path,
            missing="this lab does not say what an assistant is asked",
            fix=f"write {FILE} beside its lab.toml: [[requests]], and in [names] what texts call its measures; "
            "all of its words: mondaylab labs reference",
        )
        try:
            asking = cls.model_validate(priced(toml_data(path, text), currency))
            problems = [*_broken(asking, lab)]
        except ValidationError as error:
            told = validation_problems(error, cls)
            problems = [(place, f"{'.'.join(map(str, place))}: {words}") for place, words in told]
        if problems:
            lines = [(line_of(text, place), words) for place, words in problems]
            said = (words if line is None else f"line {line}: {words}" for line, words in lines)
            raise Refused("; ".join(dict.fromkeys(said)), where=path)
        return asking

    def request(self, name: str) -> TextRequest:
        """The request of that id.

        Raises:
            Refused: There is none.
        """
        found = next((one for one in self.requests if one.id == name), None)
        if found is None:
            raise Refused(f"no request {name!r} ({there_are(one.id for one in self.requests)})", where=FILE)
        return found


def _broken(asking: Asking, lab: LabDeclaration) -> Iterator[Problem]:
    """Names that mean nothing, or the same as another."""
    for measure in asking.names:
        if measure not in lab.measures:
            yield ("names", measure), f"names measure {measure!r}, which is not declared ({there_are(lab.measures)})"
    meant: dict[tuple[str, str], str] = {}
    for measure, named in asking.names.items():
        for word in named.says:
            other = meant.setdefault((word, named.display.unit), measure)
            if other != measure:  # of different units, the unit tells which
                yield ("names", measure), f"{word!r} means {other!r} already, in the same unit: a text would say both"
    ids: set[str] = set()
    for number, request in enumerate(asking.requests):
        place = ("requests", number)
        if request.id in ids:
            yield (*place, "id"), f"id {request.id!r} is used twice"
        ids.add(request.id)
        yield from ((place, words) for words in _of_request(request, asking, lab))


def _of_request(request: TextRequest, asking: Asking, lab: LabDeclaration) -> Iterator[str]:
    user = f"request {request.id!r}"
    drafts = [draft.id for draft in lab.drafts]
    if request.draft not in drafts:
        yield f"{user} is for no declared draft ({request.draft!r}; {there_are(drafts)})"
    slots = {name: slot for name, slot in lab.slots.items() if slot.field is not None}
    for name in request.about:
        if name not in slots:
            yield f"{user} is about {name!r}, which is no slot of a field ({there_are(slots)})"
    known = {*request.about, *_RESERVED}
    for word in words_of(request.ask):
        if word not in known:
            yield f"{user} says {{{word}}}, which it is not about ({there_are(known)})"
    if twice := [name for name in request.about if request.about.count(name) > 1]:
        yield f"{user} is about {twice[0]!r} twice"
    if len({"period" in row.by for row in request.rows}) > 1:
        yield f"{user}: some rows are a week's and some the quarter's; a sheet has either"
    for row in request.rows:
        yield from _of_row(user, row, request, asking, lab)


def _of_row(user: str, row: SheetRow, request: TextRequest, asking: Asking, lab: LabDeclaration) -> Iterator[str]:
    if row.measure not in asking.names:
        yield f"{user}: nothing says what {row.measure!r} is called ({there_are(asking.names)})"
    if row.before and "period" not in row.by:
        yield f"{user}: 'before' is the week before, and {row.measure!r} is not cut by a week (period)"
    yield from of_cut(user, row.by, lab.slots)
    for field, slot in row.by.items():
        of = lab.slots[slot].field if slot in lab.slots else None
        if field != "period" and of is not None and of.partition(".")[2] != field:
            yield f"{user}: a row is cut by {field!r} to {slot!r}, which is a {of.partition('.')[2]!r}"
        if field != "period" and slot in slot_words(lab.slots) and slot not in request.about:
            yield f"{user}: a row is cut by {slot!r}, which it is not about ({there_are(request.about)})"
