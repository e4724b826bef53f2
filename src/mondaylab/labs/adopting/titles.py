"""Titles of adopted answers: what the answer is about."""

from __future__ import annotations

from mondaylab.labs.adopting.answered import Answered
from mondaylab.labs.adopting.statements import PLACES


def title(answered: Answered) -> str:
    """Such as *Answer on {carrier} and {rival} in {region}, {week}*, its subject's words in braces."""
    places = [name for name, field in answered.fields.items() if field in PLACES]
    others = [name for name in answered.fields if name not in places]
    told = " and ".join(f"{{{name}}}" for name in others or places)
    where = " and ".join(f"{{{name}}}" for name in places) if others else ""
    about = f" on {told}" if told else ""
    when = ", {week}" if answered.lexicon.week is not None else ", this quarter"
    return f"Answer{about}{f' in {where}' if where else ''}{when}"
