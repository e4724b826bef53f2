"""Answers that a model gave, as `mondaylab labs record` keeps them."""

from __future__ import annotations

from tests.integration.labs.binding.labelled import ANSWERS

from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import Answer
from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.labs.sources.asking import Asking
from mondaylab.records import content_hash

CATEGORY = next(one for one in ANSWERS if (one["request"], one["number"]) == ("category", 5))
"""A real answer that is understood as it stands, but for what the memo's total is."""


def answer_of(material: Material, asking: Asking, request: str, number: int, text: str) -> Answer:
    """A text as the recorded answer to a request."""
    asked = TextAsker(material, asking).ask(asking.request(request), number)
    kept = {"model_asked": "m", "model": "m-1", "recorded": "2026-11-30", "finish": "stop", "seconds": 1.0}
    return Answer.model_validate({**kept, "text": text, "asked": asked, "sha256": content_hash(text)})
