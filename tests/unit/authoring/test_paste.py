"""What a page sends of a pasted text is checked before the text is looked at, and repeated nowhere."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from mondaylab.authoring.paste import NOT_STATED, pasted
from mondaylab.errors import Refused

NOWHERE = cast(Any, None)
TOLD = {"request": "region", "tool": "Copilot", "model": NOT_STATED, "answered": "2026-11-17", "about": {}, "week": 43}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"tool": " "}, "the tool is missing"),
        ({"model": "", "request": None}, "what was asked for, the model is missing"),
        ({"answered": "Anna"}, "the day or the week"),
        ({"week": "Anna"}, "the day or the week"),
        ({"week": [1]}, "the day or the week"),
        ({"week": float("inf")}, "the day or the week"),
        ({"answered": "9999-12-31"}, "in the future"),
    ],
)
def test_a_field_that_is_missing_or_none_is_named(change, what):
    with pytest.raises(Refused, match=what) as refused:
        pasted(NOWHERE, {**TOLD, **change}, b"Net sales were 5 EUR, says Anna.")
    assert "Anna" not in str(refused.value) and refused.value.fix


def test_what_is_wrong_with_the_prompt_is_told_of_the_prompt():
    with pytest.raises(Refused) as refused:
        pasted(NOWHERE, TOLD, b"Net sales were 5 EUR.", b"\xff Anna")
    assert refused.value.where == "--prompt"


@pytest.mark.parametrize("prompt", [b"\xef\xbb\xbf", "\u00a0\n".encode()])
def test_a_prompt_of_nothing_is_none(prompt, monkeypatch):
    asked = []

    def taken(*args: Any) -> None:
        asked.append(args[-1])
        raise Refused("enough")

    monkeypatch.setattr("mondaylab.authoring.paste.pasted_answer", taken)
    with pytest.raises(Refused, match="enough"):
        pasted(SimpleNamespace(site=None, material=None, asking=None), TOLD, b"Net sales were 5 EUR.", prompt)
    assert asked == [None]


@pytest.mark.parametrize("text", [b"", b" \n", b"\xff\xfe Anna"])
def test_a_text_that_is_none_is_refused(text):
    with pytest.raises(Refused) as refused:
        pasted(NOWHERE, TOLD, text)
    assert "Anna" not in str(refused.value)
