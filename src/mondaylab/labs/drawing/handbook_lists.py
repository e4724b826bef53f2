"""What a draft must state, held against the handbook that lists it, and against what the handbook rules out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mondaylab.errors import Refused
from mondaylab.labs.claims.template import Template
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import DraftTemplate


def as_stated(draft: DraftTemplate) -> list[DraftTemplate]:
    """The draft as its manuscripts state what it must, and as each adopted answer does by claims of its own."""
    return [draft, *(draft.following(version) for version in draft.versions if version.answer is not None)]


def must_state_problems(material: Material, draft: DraftTemplate) -> Iterator[str]:
    """What is wrong with a draft's list, in words.

    It has to be the section's, bullet by bullet; and none of its claims may be about what the same chapter rules out.
    That is found by words alone: what stands for such a thing, as years since school do for age, is not.
    """
    must = draft.must_state
    if not must.section:  # a build from before: the brief said it
        return
    try:
        material.handbook.check_list(must.section, list(must.items))
    except Refused as error:
        yield f"{error.what} ({error.fix})"
    for item, claims in must.items.items():
        for name in claims:
            claim = material.declaration.claim(name)
            if criterion := ruled_out(material, draft, " / ".join(_words(material, claim))):
                where = f"chapter {_chapter(draft)} of the handbook must not be used"
                yield f"{item!r} is stated by claim {name!r}, which is about {criterion!r}, and by {where}"


def ruled_out(material: Material, draft: DraftTemplate, text: str) -> str | None:
    """The first thing in a text that the chapter of the draft's list says must not be used; none if there is none."""
    for item in material.handbook.ruled_out(_chapter(draft)):
        if re.search(rf"\b{re.escape(item.removesuffix('s'))}s?\b", text, re.IGNORECASE):
            return item
    return None


def _chapter(draft: DraftTemplate) -> str:
    return draft.must_state.section.partition(".")[0]


def _words(material: Material, claim: Template) -> Iterator[str]:
    """How a claim speaks, and what the fields that it reads are called."""
    yield claim.judged_as
    for concept, fields in claim.needs(material.declaration.measures).items():
        bound = material.bindings.entities[concept].fields
        for name in fields:
            yield name.replace("_", " ")
            if name in bound:
                yield bound[name].label or ""
