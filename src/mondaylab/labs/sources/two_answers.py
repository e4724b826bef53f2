"""Two answers in a manuscript: each says its own of every difference, under the name that the sentences call it by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mondaylab.forms.native.versions import VersionsLayout
from mondaylab.labs.claims.choice import ChoiceTemplate
from mondaylab.labs.claims.difference import ANSWERS, DifferenceTemplate
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.wording import words_of
from mondaylab.labs.sources.manuscript import Manuscript

if TYPE_CHECKING:
    from mondaylab.labs.sources.declaration import DraftTemplate

FORMAT = "versions"
"""The format of drafts in which two answers stand."""


def two_answers_problems(
    draft: DraftTemplate, own: Mapping[str, Template], version: Manuscript
) -> Iterator[tuple[int, str]]:
    """What is wrong with where a manuscript has its two answers, each with its line.

    Were the two exchanged, whoever follows the data would be told to be wrong.

    Args:
        draft: The draft, without a problem of its layout.
        own: Its claims, by id.
        version: The manuscript.
    """
    there = [own[name] for name in version.claims()]
    compared = [claim for claim in there if isinstance(claim, (DifferenceTemplate, ChoiceTemplate))]
    if draft.format != FORMAT:
        for claim in compared:
            said = f"claim {claim.id!r} is about two answers, which only a draft of the format {FORMAT!r} has"
            yield version.line(claim.id), said
        return
    heads = VersionsLayout.model_validate(draft.layout).heads
    for claim in (one for one in compared if isinstance(one, DifferenceTemplate)):
        for place, answer in enumerate(ANSWERS):
            if (problem := _misplaced(version, f"{claim.id}.{answer}", place)) is not None:
                yield version.line(claim.id), problem
            name, head = claim.names[place], heads[place]
            if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", head):
                said = f"the head {head!r} does not hold {name!r}, as claim {claim.id!r} calls the {answer} answer"
                yield version.line(claim.id), f"{said}: write it into 'heads', or change 'names'"


def _misplaced(version: Manuscript, word: str, place: int) -> str | None:
    """Whether a word stands anywhere but once in its own quote."""
    texts = [[one.text or "" for one in part.walk()] for part in version.parts]
    found = [at for at, said in enumerate(texts) for text in said for one in words_of(text) if one == word]
    if found == [place]:
        return None
    answer, count = ANSWERS[place], found.count(place)
    if count != 1:
        return f"the {answer} quote has {{{word}}} {count} times: write it there once, as what that answer says"
    return f"{{{word}}} stands outside the {answer} quote, in which alone the {answer} answer is given"
