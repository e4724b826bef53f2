"""The leak gate: nothing of the truth, and nothing of how it was made, is in what a learner gets."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from mondaylab.forms.keys import ClaimKey
from mondaylab.labs.claims.wording import says_number
from mondaylab.labs.drawing.form import Form
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.surroundings import strings
from mondaylab.labs.gates.truth import counted

_SECRET_FIELDS = frozenset(ClaimKey.model_fields) - {"claim_id", "draft_id", "text", "unit"}
_OPEN = {"groups", "warm_up"}
"""Parts of a form that name kinds of flaws, and answers of ungraded claims, to everybody."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


def leak_gate(sample: Sample, operators: Iterable[str], secrets: Iterable[bytes] = ()) -> Gate:
    """Searches every form as shown.

    Args:
        sample: The forms.
        operators: Names of flaw operators.
        secrets: What the forms were drawn from.
    """
    hidden = sorted({*operators, *(row.key.template for row in sample.rows if not row.missing)})
    names = re.compile(rf"(?<![\w])(?:{'|'.join(map(re.escape, hidden))})(?![\w])") if hidden else None
    seeds = [
        spelling for secret in secrets for spelling in (secret.hex(), base64.b64encode(secret).decode().rstrip("="))
    ]
    problems = []
    for form in sample.forms:
        problems += _in_form(form, names, seeds)
    for row in sample.rows:
        problems += [f"{row.key.template}: the true value stands in {row.text!r}"] * _tells_truth(row.key)
    return counted(
        "leak",
        problems,
        len(sample.forms),
        f"No operator, template, canary, seed or truth is in what learners get ({len(sample.forms)} forms)",
        "take it out of the text or out of the record that is shown",
    )


def _in_form(form: Form, names: re.Pattern[str] | None, seeds: list[str]) -> list[str]:
    shown = {name: value for name, value in form.shown.model_dump(mode="json").items() if name not in _OPEN}
    plain = "\n".join(strings(shown))
    text = "\n".join([plain, *_decoded(plain)])
    found = [f"field {name!r} is shown" for name in _fields(shown) if name in _SECRET_FIELDS]
    if names is not None:
        found += [f"{match[0]!r} is shown" for match in names.finditer(text)]
    if form.key.canary in text:
        found.append("the key's canary is shown")
    found += ["a seed is shown" for seed in seeds if seed in text]
    found += [f"the reason {key.why!r} is shown" for key in form.key.claims if key.why in text]
    return found


def _tells_truth(key: ClaimKey) -> bool:
    if not key.flawed or key.stated is None or key.truth is None or abs(key.stated) == abs(key.truth):
        return False
    return says_number(key.text, key.truth)


def _fields(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
        for value in data.values():
            yield from _fields(value)
    elif isinstance(data, list):
        for value in data:
            yield from _fields(value)


def _decoded(text: str) -> Iterator[str]:
    for match in _BASE64.finditer(text):
        word = match[0].rstrip("=").replace("-", "+").replace("_", "/")
        try:
            yield base64.b64decode(word + "=" * (-len(word) % 4)).decode()
        except (binascii.Error, ValueError):
            continue
