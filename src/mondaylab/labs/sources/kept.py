"""Copies of ``lab.toml`` that builds keep, in today's words: a cohort's late comer gets a form of the old release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mondaylab.forms.shown import DraftPart
from mondaylab.labs.sources.manuscript import Manuscript

_VERSION = "kept"


def kept(data: Mapping[str, Any]) -> dict[str, Any]:
    """A build's copy as it would be written now.

    Before drafts took what they must state from the handbook, the brief said it. A cause of before figures were taken
    apart is left out: its forms are drawn, and a key needs nothing of it. Before there were manuscripts, a draft was an
    opening, its claims one after the other, each in one of its phrasings, and a closing.
    """
    claims = [claim for claim in data.get("claims", []) if not _old_cause(claim)]
    drafts = [_draft(draft, claims) for draft in data.get("drafts", [])]
    return {**data, "drafts": drafts, "claims": [_claim(claim) for claim in claims]}


def _draft(draft: Any, claims: list[Any]) -> Any:
    if not isinstance(draft, dict):
        return draft
    now = dict(draft)
    if isinstance(now.get("must_state"), str):
        now["must_state"] = {"section": "", "items": {"what the brief says": now["must_state"]}}
    if "opening" in now and "closing" in now:
        own = [one for one in claims if isinstance(one, dict) and one.get("draft") == now.get("id")]
        now["versions"] = [_listed(str(now.pop("opening")), own, str(now.pop("closing"))).model_dump(mode="json")]
    return now


def _listed(opening: str, claims: list[dict[str, Any]], closing: str) -> Manuscript:
    said = [DraftPart(claim_id=str(one["id"]), text=one["phrasings"][0]) for one in claims if one.get("phrasings")]
    spaced = [part for one in said for part in (one, DraftPart(text=" "))]
    parts = (DraftPart(text=f"{opening} "), *spaced, DraftPart(text=closing))
    return Manuscript(version=_VERSION, parts=(DraftPart(tag="p", parts=parts),))


def _claim(claim: Any) -> Any:
    if not isinstance(claim, dict) or not claim.get("phrasings"):
        return claim
    return {**{key: value for key, value in claim.items() if key != "phrasings"}, "judged_as": claim["phrasings"][0]}


def _old_cause(claim: Any) -> bool:
    return isinstance(claim, dict) and claim.get("kind") == "cause" and "threshold" in claim
