"""Drawn forms as columns: one entry a judged row, in the order in which learners read them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mondaylab.errors import Refused
from mondaylab.forms.formats import data_shown
from mondaylab.forms.keys import ClaimKey
from mondaylab.forms.shown import MEMO
from mondaylab.labs.claims.difference import ANSWERS
from mondaylab.labs.drawing.form import Form, draw_form
from mondaylab.labs.gates.surroundings import around_claims
from mondaylab.labs.material import Material

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

FOLDS = 5
"""Forms are split into so many parts: a strategy learns on the others before it is tried on one."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w[\w.,]*")


@dataclass(frozen=True)
class Row:
    """One judged row: what a learner sees of it, and its truth."""

    form: int
    draft: str
    title: str
    """The draft's title: it names the reporting week."""
    position: int
    """Place in the draft, from 0."""
    length: int
    """Rows in that draft."""
    text: str
    """The words in the draft."""
    key: ClaimKey
    missing: bool
    """Whether it is the row "nothing material is missing"."""
    said: str = ""
    """The sentence that is judged, which the screen shows too."""
    before: str = ""
    """What stands before the words in their sentence, or in their row of a table."""
    after: str = ""
    format: str = MEMO
    version: str = ""
    """The manuscript that the draft follows."""
    source: str = ""
    """Where the draft is from, as the screen says it, without date."""
    beside: bool = False
    """Whether another draft of the form is a real answer as it came."""
    texts: tuple[str, ...] = ()
    """Those of its words that are texts and no values (see `Template.texts`): they are read as they stand."""
    way: bool | None = None
    """Which of two ways it goes (see `Template.direction`); none where it has no two."""
    data: str = ""
    """What its draft shows that it is judged by, such as all that the tools of an agent returned."""
    compared: tuple[str, str] | None = None
    """Of a row that says which of two answers is right, what this one says and what the other does."""

    @property
    def seen(self) -> str:
        """All that a learner reads of it: the whole sentence in the draft, and the one that is judged."""
        return f"{self.before}{self.text}{self.after} {self.said} {self.code}".strip()

    @property
    def code(self) -> str:
        """What stands beside its sentence for it to be held against, such as a query; most have none."""
        return "\n".join(text for text in self.texts if text not in self.said)

    @property
    def seen_compared(self) -> str:
        """The same, with which of the two answers is called right, and how much larger or smaller its figure is.

        Words of their own: a classifier that weighs words one by one sees neither from the two texts.
        """
        if self.compared is None:
            return self.seen
        said, other = self.compared
        words = [
            f"{place}_{word}" for place, text in (("right", said), ("other", other)) for word in _WORD.findall(text)
        ]
        return f"{self.seen} {' '.join(words)} {_how_much_larger(said, other)}".strip()

    @property
    def seen_with_data(self) -> str:
        """The same, with what the draft shows that it is judged by."""
        return f"{self.seen} {self.data}".strip()


@dataclass(frozen=True)
class Sample:
    """Forms and their rows.

    Attributes:
        forms: The forms.
        rows: Their judged rows, form by form.
        names: Members that slots may draw (regions, carriers): what a sentence is about, not how it is said.
    """

    forms: tuple[Form, ...]
    rows: tuple[Row, ...]
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, forms: Iterable[Form], names: Iterable[str] = ()) -> Sample:
        """The rows of these forms.

        Raises:
            Refused: A shown row has no truth in its key.
        """
        forms = tuple(forms)
        rows = tuple(row for number, form in enumerate(forms) for row in _rows(number, form))
        return cls(forms, rows, frozenset(names))

    @cached_property
    def form(self) -> Integers:
        """Row -> its form's index."""
        return np.array([row.form for row in self.rows], dtype=np.int64)

    @cached_property
    def fold(self) -> Integers:
        """Row -> the part its form belongs to, 0 to `FOLDS` - 1. Forms come by HMAC: their order means nothing."""
        return self.form % FOLDS

    @cached_property
    def flawed(self) -> Flags:
        """Row -> whether it is flawed."""
        return np.array([row.key.flawed for row in self.rows], dtype=np.bool_)

    @cached_property
    def template(self) -> Integers:
        """Row -> a number for its claim template."""
        return codes([row.key.template for row in self.rows])

    @cached_property
    def share(self) -> Floats:
        """Form -> q, its share of flawed rows."""
        size = np.bincount(self.form, minlength=len(self.forms))
        flawed = np.bincount(self.form, weights=self.flawed, minlength=len(self.forms))
        return flawed / np.maximum(size, 1)

    def rows_of(self, form: int) -> tuple[Row, ...]:
        """The rows of one form."""
        start, end = np.searchsorted(self.form, [form, form + 1])
        return self.rows[start:end]

    def claims(self) -> Flags:
        """Row -> whether it is a claim, and not a "nothing is missing" row."""
        return np.array([not row.missing for row in self.rows], dtype=np.bool_)


def readings(rows: Sequence[Row]) -> list[list[str]]:
    """Row -> what is read of it: the sentences alone, and these with which of two answers they call right, and with all
    of the data that a draft shows, where there are such rows."""
    told = [[row.seen for row in rows]]
    if any(row.compared for row in rows):
        told.append([row.seen_compared for row in rows])
    return [*told, [row.seen_with_data for row in rows]] if any(row.data for row in rows) else told


def codes(values: Sequence[object]) -> Integers:
    """Numbers a category's values, 0 up."""
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(value, len(seen)) for value in values], dtype=np.int64)


def draw_sample(
    material: Material, seeds: int, say: Callable[[str], None] = lambda _: None
) -> tuple[Sample, tuple[str, ...]]:
    """Draws forms, each from a secret of its own, and says why the others could not be drawn.

    Raises:
        Refused: Fewer than half of them could be drawn: there is nothing to measure.
    """
    forms: list[Form] = []
    refused: list[str] = []
    for seed in range(seeds):
        try:
            forms.append(draw_form(material, secret(seed), cohort="gates", learner=f"learner{seed}", attempt=1))
        except Refused as error:
            refused.append(error.what)
        if (seed + 1) % 50 == 0:
            say(f"{material.name}: {seed + 1} of {seeds} forms drawn")
    if 2 * len(forms) < seeds or len(forms) < FOLDS:
        raise Refused(
            f"only {len(forms)} of {seeds} forms could be drawn: {(refused or ['too few were asked for'])[0]}",
            where=material.name,
            fix="ask for at least ten forms" if not refused else "give claims more slices or operators",
        )
    return Sample.of(forms, slot_names(material)), tuple(refused)


def secret(seed: int) -> bytes:
    """A secret for drawing a form that nobody will be graded on."""
    return f"gates {seed:026d}".encode()


def slot_names(material: Material) -> frozenset[str]:
    """Every member that a slot of the lab may draw."""
    fields = {slot.field for slot in material.declaration.slots.values() if slot.field is not None}
    names: set[str] = set()
    for field in fields:
        entity, _, name = field.partition(".")
        names |= {str(member) for member in material.catalog.members(entity, name)}
    return frozenset(names)


def said_words(key: ClaimKey) -> tuple[str, ...]:
    """The words that a sentence puts in for its slots and values."""
    return key.words


def masked(row: Row, names: Iterable[str]) -> str:
    """Its words without what they are about."""
    return without_slices(row.text, row, names)


def without_slices(text: str, row: Row, names: Iterable[str]) -> str:
    """A text near a claim without names and numbers."""
    return _NUMBER.sub("#", replaced(text, {*said_words(row.key), *names} - {*row.texts}, "_"))


def replaced(text: str, names: Iterable[str], by: str) -> str:
    """The text with whole names replaced, the longest first; names without a letter are numbers and stay."""
    known = sorted((name for name in names if name in text and any(c.isalpha() for c in name)), key=len, reverse=True)
    if not known:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", by, text)


def _rows(number: int, form: Form) -> list[Row]:
    keys = {key.claim_id: key for key in form.key.claims}
    rows = []
    came = {draft.draft_id for draft in form.shown.drafts if draft.provenance.source == "recorded"}
    for draft in form.shown.drafts:
        shown = draft.rows()
        around, data = around_claims(draft), data_shown(draft)
        version = form.versions.get(draft.draft_id, "")
        for position, row in enumerate(shown):
            if row.claim_id not in keys:
                raise Refused("a row that learners judge has no truth in the key", where=form.shown.form_id)
            missing = row.claim_id == draft.missing.claim_id
            key = keys[row.claim_id]
            place = (number, draft.draft_id, draft.title, position, len(shown))
            before, after = around.get(row.claim_id, ("", ""))
            said = row.judged_as or row.text
            way = form.ways.get(row.claim_id)
            texts = form.texts.get(row.claim_id, {})
            rows.append(
                Row(
                    *place,
                    text=row.text,
                    key=key,
                    missing=missing,
                    said=said,
                    before=before,
                    after=after,
                    format=draft.format,
                    version=version,
                    source=f"{draft.provenance.source} {draft.provenance.model or ''}",
                    beside=bool(came - {draft.draft_id}),
                    texts=tuple(texts.values()),
                    way=way,
                    data="" if missing else data,
                    compared=_compared(texts, way),
                )
            )
    return rows


def _compared(texts: Mapping[str, str], way: bool | None) -> tuple[str, str] | None:
    """What two answers say, the one first that the row calls right; none of a row that is not about two."""
    if way is None or {*texts} != {*ANSWERS}:
        return None
    first, second = (texts[answer] for answer in ANSWERS)
    return (first, second) if way else (second, first)


def _how_much_larger(said: str, other: str) -> str:
    """Which of two figures is the larger one, and by how many orders of magnitude; nothing of what are no figures."""
    found = [_NUMBER.search(text) for text in (said, other)]
    values = [float(one[0].replace(",", "")) for one in found if one is not None]
    if len(values) < len(found) or not all(values) or values[0] == values[1]:
        return ""
    larger = "larger" if values[0] > values[1] else "smaller"
    return f"right_is_{larger} right_is_{larger}_by_{round(abs(math.log10(values[0] / values[1])))}"
