"""Strategies that never look at the data. Each guesses p(flawed) for every row from what the screen shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mondaylab.labs.claims.wording import numbers_in
from mondaylab.labs.gates.classifier import out_of_fold
from mondaylab.labs.gates.sample import Floats, Integers, Row, Sample, codes, masked, readings, without_slices
from mondaylab.labs.gates.skill import binned, recalibrated

HEDGES = frozenset(
    [
        "about",
        "almost",
        "apparently",
        "approximately",
        "around",
        "could",
        "estimated",
        "likely",
        "may",
        "maybe",
        "might",
        "nearly",
        "perhaps",
        "possibly",
        "probably",
        "roughly",
        "seem",
        "seems",
        "appears",
        "suggests",
    ]
)
ABSOLUTES = frozenset(
    [
        "absolutely",
        "all",
        "always",
        "any",
        "anyone",
        "certainly",
        "clearly",
        "completely",
        "definitely",
        "entirely",
        "every",
        "exactly",
        "fully",
        "guaranteed",
        "must",
        "never",
        "no",
        "nobody",
        "none",
        "only",
        "without",
    ]
)
_WORD = re.compile(r"[^\W\d_]+")
_WEEK = re.compile(r"\b[Ww]eek \d+")
_DIGIT = re.compile(r"\d")
NEAR = 3
"""Words before and behind a span that stand near it."""


@dataclass(frozen=True)
class Guess:
    """What one strategy makes of the rows.

    Attributes:
        raw: Row -> p(flawed) as the strategy says it.
        cells: Row -> what it tells apart, to be recalibrated on other forms.
    """

    raw: Floats
    cells: Integers


@dataclass(frozen=True)
class Strategy:
    """A way to guess.

    Attributes:
        name: Of its gate, after ``shortcut_``.
        by: What it looks at, for the sentence "Guessing from ... earns".
        fix: What to change in the lab when it earns too much.
        guesses: Its guesses; more than one where it has a setting, and the best counts.
    """

    name: str
    by: str
    fix: str
    guesses: Callable[[Sample], list[Guess]]


def position(sample: Sample) -> list[Guess]:
    """The further down in the draft, the more suspicious."""
    raw = np.array([0.2 + 0.3 * row.position / row.length for row in sample.rows])
    return [Guess(raw, codes([-1 if row.missing else row.position for row in sample.rows]))]


def length(sample: Sample) -> list[Guess]:
    """The longer the span, the more suspicious; or the longer what it is about, such as a query."""
    lengths = [[len(row.text) for row in sample.rows], [len(row.code) for row in sample.rows]]
    all_cells = [binned(np.array(one, dtype=np.float64)) for one in lengths]
    return [Guess(0.2 + 0.3 * cells / max(1, cells.max(initial=0)), cells) for cells in all_cells]


def number_shape(sample: Sample) -> list[Guess]:
    """Unit, digits and decimals of the number: the more exact, the more trusted."""
    shapes = [(row.key.unit, _DIGIT.sub("9", number_of(row))) for row in sample.rows]
    raw = np.array([0.4 if not shape else 0.3 if "." in shape else 0.35 for _, shape in shapes])
    return [Guess(raw, codes(shapes))]


def number_size(sample: Sample) -> list[Guess]:
    """How large the number is for its kind of claim."""
    values = np.array([_value(number_of(row)) for row in sample.rows])
    cells = np.zeros(len(values), dtype=np.int64)
    for template in np.unique(sample.template):
        rows = sample.template == template
        cells[rows] = binned(values[rows], 5)
    return [_learned(sample, codes(list(zip(sample.template.tolist(), cells.tolist(), strict=True))))]


def roundness(sample: Sample) -> list[Guess]:
    """Round numbers are made up."""
    digits = [re.sub(r"\D", "", number_of(row)) for row in sample.rows]
    ends = [(min(len(one) - len(one.rstrip("0")), 4), one.rstrip("0")[-1:]) for one in digits]
    raw = np.array([0.3 if not last else 0.5 if zeros or last == "5" else 0.3 for zeros, last in ends])
    return [Guess(raw, codes(ends))]


def hedging(sample: Sample) -> list[Guess]:
    """Who hedges is honest; who says *always* or *without* is not."""
    counts = []
    for row in sample.rows:
        words = [word.lower() for word in _WORD.findall(row.seen)]
        counts.append((min(2, sum(w in HEDGES for w in words)), min(2, sum(w in ABSOLUTES for w in words))))
    raw = np.array([0.5 if absolute else 0.2 if hedge else 0.33 for hedge, absolute in counts])
    return [Guess(raw, codes(counts))]


def base_rate(sample: Sample) -> list[Guess]:
    """How often this kind of claim was wrong on other forms."""
    return [_learned(sample, sample.template)]


def phrasing(sample: Sample) -> list[Guess]:
    """How often words put this way were wrong on other forms; and how often code put this way."""
    beside = [without_slices(row.code, row, sample.names) or masked(row, sample.names) for row in sample.rows]
    return [
        _learned(sample, codes([masked(row, sample.names) for row in sample.rows])),
        _learned(sample, codes(beside)),
    ]


def text(sample: Sample) -> list[Guess]:
    """A text classifier trained on other forms: it reads the sentence around a span, and data that a draft shows."""
    told = [p for texts in readings(sample.rows) for p in out_of_fold(texts, sample.flawed, sample.fold)]
    return [Guess(p, binned(p)) for p in told]


def neighbours(sample: Sample) -> list[Guess]:
    """How often a claim was wrong on other forms before and behind which these words stood."""
    sides = [(_WORD.findall(row.before)[-NEAR:], _WORD.findall(row.after)[:NEAR]) for row in sample.rows]
    told = [
        without_slices(" ".join([*before, "|", *after]), row, sample.names)
        for row, (before, after) in zip(sample.rows, sides, strict=True)
    ]
    return [_learned(sample, codes(told))]


def draft_format(sample: Sample) -> list[Guess]:
    """How often claims in a draft of this format were wrong on other forms."""
    return [_learned(sample, codes([(row.format, row.missing) for row in sample.rows]))]


def version(sample: Sample) -> list[Guess]:
    """How often this claim was wrong on other forms whose draft followed the same manuscript."""
    told = [(row.draft, row.version, "" if row.missing else row.key.template) for row in sample.rows]
    return [_learned(sample, codes([(draft, name) for draft, name, _ in told])), _learned(sample, codes(told))]


def provenance(sample: Sample) -> list[Guess]:
    """How often claims were wrong on other forms in a draft from there, and beside real answers."""
    told = [(row.source, row.beside, row.missing) for row in sample.rows]
    here = [(row.draft, *one) for row, one in zip(sample.rows, told, strict=True)]
    return [_learned(sample, codes(told)), _learned(sample, codes(here))]


STRATEGIES = (
    Strategy("position", "where a claim stands", "let manuscripts put claims in other orders", position),
    Strategy("length", "how long a span is", "word sound and flawed claims alike", length),
    Strategy(
        "number_shape",
        "the unit, digits and decimals of its number",
        "give more kinds of claims an operator, and show wrong values as exactly as true ones",
        number_shape,
    ),
    Strategy(
        "number_size",
        "how large its number is for that kind of sentence",
        "use operators whose wrong values lie where the true values of other slices lie, and slots that vary more",
        number_size,
    ),
    Strategy("roundness", "how round its number is", "show wrong values as exactly as true ones", roundness),
    Strategy("hedging", "hedging and absolute words", "use such words in sound and flawed claims alike", hedging),
    Strategy(
        "base_rate",
        "how often that kind of claim is wrong",
        "give an operator to the claims that are never wrong, and spread flaws evenly",
        base_rate,
    ),
    Strategy("phrasing", "how a claim is put", "let the same words state sound and flawed claims", phrasing),
    Strategy(
        "neighbours",
        "the words next to a span",
        "let nothing between claims depend on what they say",
        neighbours,
    ),
    Strategy("format", "the format of the draft", "spread flaws evenly over the drafts", draft_format),
    Strategy("version", "which manuscript was used", "give each manuscript claims that can be flawed", version),
    Strategy(
        "provenance",
        "where the drafts are from",
        "adopt answers as often wrong as other drafts are, some whole and some that lack what must be stated",
        provenance,
    ),
    Strategy(
        "text",
        "the words, with a text classifier that learnt on other forms,",
        "see which claims it tells: words, limits or section numbers that are always wrong give a claim away",
        text,
    ),
)


def number_of(row: Row) -> str:
    """The number that a claim is about, as spelled; empty if it has none. A reporting week is none."""
    found = numbers_in(_WEEK.sub("", row.text)) or numbers_in(_WEEK.sub("", row.said))
    return found[0] if found else ""


def _value(number: str) -> float:
    digits = re.sub(r"[^\d.]", "", number).strip(".")
    try:
        return float(digits) if digits else -1.0
    except ValueError:  # a date or a version, such as 3.11.2026: the size of its digits is as good a size as any
        return float(digits.replace(".", ""))


def _learned(sample: Sample, cells: Integers) -> Guess:
    """What other forms teach about these cells is the strategy's own guess; recalibrating it looks at that guess."""
    raw = recalibrated(sample, cells)
    return Guess(raw, binned(raw))
