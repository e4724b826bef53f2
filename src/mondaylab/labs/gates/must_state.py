"""The gate on what drafts must state: the handbook lists it, a sound draft states it all, a flawed one lacks one."""

from __future__ import annotations

from collections.abc import Iterator

from mondaylab.forms.keys import ClaimKey
from mondaylab.labs.drawing.form import Form
from mondaylab.labs.drawing.handbook_lists import as_stated, must_state_problems, ruled_out
from mondaylab.labs.drawing.plan import together
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.truth import counted
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import DraftTemplate


def must_state_gate(material: Material, sample: Sample) -> Gate:
    """Holds every draft of the forms against the list that it must state.

    What a sentence says is known by the claim that it comes from; that it is about nothing that the handbook rules out,
    by its words.
    """
    drafts = material.declaration.drafts
    problems = [
        f"draft {draft.id}: {said}"
        for draft in drafts
        for one in as_stated(draft)
        for said in must_state_problems(material, one)
    ]
    checked = 0
    for form in sample.forms:
        there = {key.draft_id for key in form.key.claims}  # some may take turns
        for draft in (one for one in drafts if one.id in there):
            problems += (f"draft {draft.id}: {said}" for said in _of_draft(material, draft, form))
            checked += 1
    lists = dict.fromkeys(draft.must_state.section for draft in drafts)
    return counted(
        "must_state",
        problems,
        checked,
        f"Every sound draft states all that handbook {', '.join(lists)} lists, every other one lacks one thing of it, "
        f"and none needs what must not be used ({checked:,} drafts)",
        "write must_state in lab.toml as the handbook lists it, each bullet with a claim that states it",
    )


def _of_draft(material: Material, draft: DraftTemplate, form: Form) -> Iterator[str]:
    keys = [key for key in form.key.claims if key.draft_id == draft.id]
    stated = {key.template: key for key in keys}
    missing = stated.pop(f"{draft.id}.missing")
    version = next((one for one in draft.versions if one.version == form.versions.get(draft.id)), None)
    items = (draft if version is None else draft.following(version)).must_state.items
    lacking = [item for item, claims in items.items() if not claims or not stated.keys() >= set(claims)]
    if not missing.flawed and lacking:
        yield f"it is called whole and does not state {', '.join(map(repr, lacking))}"
    by_itself = version is not None and version.answer is not None
    if missing.flawed and not ((len(lacking) == 1 or by_itself) and _named(missing, together(lacking))):
        said = ", ".join(map(repr, lacking)) or "nothing"
        yield f"it lacks {said}, and its key says “{missing.why}”"
    for item, claims in items.items():
        for name in stated.keys() & set(claims):
            if criterion := ruled_out(material, draft, stated[name].text):
                yield f"{item!r} is stated by {stated[name].text!r}, and {criterion!r} must not be used"


def _named(missing: ClaimKey, item: str) -> bool:
    return missing.why.startswith(f"Left out: {item} (")
