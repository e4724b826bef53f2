"""What learners would get of an answer before it is added: a form that has it as it came, and one of other slices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mondaylab.authoring.author import Workplace
from mondaylab.authoring.sitting import Sitting
from mondaylab.errors import MondaylabError, Refused
from mondaylab.forms.formats import html_of
from mondaylab.forms.shown import ShownDraft
from mondaylab.labs.adopting.placing import check, tried
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.records import Record

TRIES = 12
"""Forms that are drawn to find one that has the answer: what is left out of a form is a matter of chance."""


class DrawnDraft(Record):
    """One form's draft, as a learner sees it, without truth."""

    title: str
    provenance: str
    source: str
    """As in `mondaylab.forms.shown.Provenance`."""
    html: str | None
    """Plain elements only, cleaned; see `mondaylab.forms.formats`. None: no form has it so."""
    why_not: str | None = None


def drawn_drafts(workplace: Workplace, sitting: Sitting) -> tuple[DrawnDraft, ...]:
    """The draft as it came and, if its words vary, drawn for other slices.

    Raises:
        Refused: Something still needs its author, or the file would not stand all checks.
    """
    text = sitting.adoption.text
    if text is None:
        raise Refused("something still needs you", where="the list", fix="decide what is marked with ?")
    at, folder = workplace.material, workplace.site.lab(workplace.lab)
    check(at, folder, sitting.answered, sitting.version, text)
    lab = tried(at, folder, sitting.answered, sitting.version, text)
    came = _first(_came(lab, sitting))
    if sitting.adoption.fixed:
        return (came,)
    return came, _first(_varied(lab, sitting))


def _came(lab: Material, sitting: Sitting) -> Iterator[ShownDraft]:
    for draft in _drawn(_alone(lab, sitting, by_hand=True, recorded=1.0), sitting):
        if draft.provenance.source == "recorded":
            yield draft


def _varied(lab: Material, sitting: Sitting) -> Iterator[ShownDraft]:
    return _drawn(_alone(lab, sitting, by_hand=False, recorded=0.0), sitting)


def _alone(lab: Material, sitting: Sitting, *, by_hand: bool, recorded: float) -> Material:
    """The lab in which the draft has no answer but this one, with what somebody wrote or without."""

    def kept(version: Manuscript) -> bool:
        return version.version == sitting.version or (by_hand and version.answer is None)

    drafts = tuple(
        one.model_copy(update={"versions": tuple(filter(kept, one.versions))})
        if one.id == sitting.answered.draft
        else one
        for one in lab.declaration.drafts
    )
    return replace(lab, declaration=lab.declaration.model_copy(update={"drafts": drafts, "recorded": recorded}))


def _drawn(lab: Material, sitting: Sitting) -> Iterator[ShownDraft]:
    """The draft of forms that follow this version.

    Raises:
        MondaylabError: No form of the lab could be drawn at all.
    """
    failed: MondaylabError | None = None
    for number in range(TRIES):
        secret = f"mondaylab preview {number}".encode()
        try:
            form = draw_form(lab, secret, cohort="preview", learner="nobody", attempt=1)
        except MondaylabError as error:
            failed = error
            continue
        if form.versions[sitting.answered.draft] == sitting.version:
            yield next(one for one in form.shown.drafts if one.draft_id == sitting.answered.draft)
    if failed is not None:
        raise failed


def _first(drafts: Iterator[ShownDraft]) -> DrawnDraft:
    try:
        draft = next(drafts, None)
    except MondaylabError as error:
        return DrawnDraft(title="", provenance="", source="none", html=None, why_not=error.what)
    if draft is None:
        return DrawnDraft(title="", provenance="", source="none", html=None, why_not=f"none of {TRIES} forms had it so")
    numbers = {claim.claim_id: place for place, claim in enumerate(draft.claims, start=1)}
    return DrawnDraft(
        title=draft.title,
        provenance=draft.provenance.words(),
        source=draft.provenance.source,
        html=html_of(draft, numbers),
    )
