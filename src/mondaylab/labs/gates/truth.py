"""Gates on truth: flawed values lie apart from it, sound ones state it, and no sentence is called both."""

from __future__ import annotations

from collections.abc import Sequence

from mondaylab.forms.keys import ClaimKey
from mondaylab.labs.claims.wording import numbers_in
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Row, Sample, replaced, said_words
from mondaylab.labs.gates.surroundings import numbers_around, surroundings

SEPARATION = 3.0
"""A flawed value differs from the truth by more than this many tolerances."""
_SHOWN = 3
"""So many examples are named in a gate's sentence."""


def truth_gate(sample: Sample) -> Gate:
    """Holds every claim against its own truth, and the same sentence of two forms against each other."""
    numeric = [row for row in sample.rows if row.key.stated is not None and row.key.truth is not None]
    problems = [f"{row.key.template}: {found}" for row in numeric if (found := _off(row.key))]
    problems += [f"{row.key.template}: {found}" for row in sample.rows if (found := _mislabelled(row.key))]
    problems += _contradictions(sample)
    return counted(
        "truth",
        problems,
        len(sample.rows),
        f"Every flawed number is more than {SEPARATION:g} tolerances off, every sound one states the truth, and no "
        f"sentence is both ({len(numeric):,} numbers, {len(sample.rows):,} rows)",
        "correct the operator or the template that is named",
    )


def numbers_gate(sample: Sample) -> Gate:
    """No number stands in a draft that no claim states, and that is neither a slot's nor in the draft's title."""
    problems, texts = [], 0
    for number, form in enumerate(sample.forms):
        for draft in form.shown.drafts:
            rows = [row for row in sample.rows_of(number) if row.draft == draft.draft_id]
            around = numbers_around(draft) | {said for row in rows for said in _numbers_said(row.key)}
            names = {word for row in rows for word in said_words(row.key)} | sample.names
            pieces = [one for part in draft.parts for one in part.walk() if one.text]
            for part in pieces:
                loose = [said for said in numbers_in(replaced(part.text or "", names, "")) if said not in around]
                problems += [f"draft {draft.draft_id}: {said} in {part.text!r}" for said in loose]
            for row in rows:
                loose = _loose(row, numbers_around(draft), sample.names)
                problems += [f"{row.key.template}: {said} in {row.text!r}" for said in loose]
            texts += len(pieces)
    return counted(
        "numbers",
        problems,
        texts,
        f"Every number in a draft belongs to a claim ({texts:,} pieces of text)",
        "make the number a claim's value, or take it out",
    )


def counted(name: str, problems: Sequence[str], n: int, holds: str, fix: str) -> Gate:
    """A gate on a count that must be zero, naming the first few problems."""
    if not problems:
        return Gate(name=name, passed=True, value=0.0, bound=0.0, n=n, said=f"{holds}.")
    some = "; ".join(list(dict.fromkeys(problems))[:_SHOWN])
    said = f"Broken {len(problems)} times: {some}. Next: {fix}."
    return Gate(name=name, passed=False, value=float(len(problems)), bound=0.0, n=n, said=said)


def _off(key: ClaimKey) -> str | None:
    """What is wrong between a stated and a true number; None when they are as far apart as they should be."""
    stated, truth = key.stated or 0.0, key.truth or 0.0
    apart = abs(stated - truth)
    if key.flawed and apart <= SEPARATION * key.tolerance:
        return f"{stated:g} is called flawed, the truth is {truth:g}"
    if not key.flawed and apart > key.tolerance:
        return f"{stated:g} is called sound, the truth is {truth:g}"
    return None


def _mislabelled(key: ClaimKey) -> str | None:
    if key.flawed != (key.operator is not None):
        return "flawed without an operator, or sound with one"
    if key.flawed and (key.foil or not key.kinds or key.severity is None):
        return "flawed, but called a foil or without kind or severity"
    return None


def _contradictions(sample: Sample) -> list[str]:
    """The same sentence in the same surroundings is flawed in one form and sound in another: one label is false."""
    seen: dict[tuple[str, str], bool] = {}
    around = [{draft.draft_id: surroundings(draft) for draft in form.shown.drafts} for form in sample.forms]
    found = []
    for row in sample.rows:
        place = (around[row.form][row.draft], row.said)
        if not row.missing and seen.setdefault(place, row.key.flawed) != row.key.flawed:
            found.append(f"{row.key.template}: {row.said!r} is flawed in one form and sound in another")
    return found


def _loose(row: Row, around: frozenset[str], names: frozenset[str]) -> list[str]:
    """Numbers of a sentence that neither its claim, its slots nor its surroundings state."""
    key = row.key
    allowed = around | _numbers_said(key)
    # a member such as MPEG-4 is a name, not a number
    found = [number for number in numbers_in(replaced(f"{row.text} {row.said}", names, "")) if number not in allowed]
    if key.stated is None:
        return found
    stated = abs(key.stated)
    return [number for number in found if abs(float(number.replace(",", "")) - stated) > 1e-9 * max(1.0, stated)]


def _numbers_said(key: ClaimKey) -> set[str]:
    """The numbers of a claim's words; without words in the key, those of its reason stand in for them."""
    words = said_words(key) or ((key.why, key.query) if key.stated is None else ())
    return {number for word in words for number in numbers_in(word)}
