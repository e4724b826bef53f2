"""A small form by hand: two drafts, six rows, two flaws."""

from __future__ import annotations

import pytest

from mondaylab.forms.keys import ClaimKey, FormKey
from mondaylab.forms.scoring import DiagnosisRules
from mondaylab.forms.shown import DraftPart, FlawGroup, FlawKind, Provenance, ShownClaim, ShownDraft, ShownForm
from mondaylab.judging.answers import Answer, FormAnswers

GROUPS = (
    FlawGroup(
        id="figures",
        label="Figures",
        kinds=(FlawKind(id="number", label="wrong number"), FlawKind(id="unit", label="unit")),
    ),
    FlawGroup(id="care", label="Care", kinds=(FlawKind(id="policy", label="policy breach"),)),
)


def _claim(claim_id: str, *, flawed: bool, **more) -> ClaimKey:
    return ClaimKey(
        claim_id=claim_id,
        draft_id="d1",
        template=claim_id,
        text=f"Text of {claim_id}.",
        flawed=flawed,
        why=f"Why {claim_id}.",
        query=f"query {claim_id}",
        **more,
    )


@pytest.fixture
def key() -> FormKey:
    claims = (
        _claim("a", flawed=False, stated=10, truth=10, unit="EUR", tolerance=0.5),
        _claim(
            "b",
            flawed=True,
            kinds=("number",),
            group="figures",
            severity="critical",
            stated=20,
            truth=30,
            unit="EUR",
            tolerance=0.5,
        ),
        _claim("m1", flawed=False),
        _claim("c", flawed=True, kinds=("policy",), group="care", severity="minor"),
        _claim("d", flawed=False),
        _claim("m2", flawed=False),
    )
    return FormKey(
        form_id="f1",
        cohort="co",
        learner="lena",
        lab="finance/memo",
        quarter="2026Q4",
        attempt=1,
        company="demo",
        snapshot="demo-2026Q4-abc",
        claims=claims,
        canary="canary",
    )


@pytest.fixture
def form(key) -> ShownForm:
    def row(claim_id: str) -> ShownClaim:
        unit = next(claim.unit for claim in key.claims if claim.claim_id == claim_id)
        return ShownClaim(claim_id=claim_id, text=f"Text of {claim_id}.", unit=unit)

    def draft(name: str, ids: str, missing: str) -> ShownDraft:
        return ShownDraft(
            draft_id=name,
            title=f"Draft {name}",
            audience="the CFO",
            provenance=Provenance(source="simulated"),
            parts=tuple(DraftPart(claim_id=one) for one in ids),
            claims=tuple(row(one) for one in ids),
            missing=row(missing),
        )

    drafts = (draft("d1", "ab", "m1"), draft("d2", "cd", "m2"))
    return ShownForm(
        form_id="f1",
        lab="finance/memo",
        title="Memo",
        quarter="2026Q4",
        snapshot="demo-2026Q4-abc",
        attempt=1,
        drafts=drafts,
        groups=GROUPS,
        sample_data=True,
    )


@pytest.fixture
def groups() -> dict[str, str]:
    return {"number": "figures", "unit": "figures", "policy": "care"}


@pytest.fixture
def diagnosis_rules() -> DiagnosisRules:
    weights = {"minor": 1, "material": 2, "critical": 3}
    return DiagnosisRules(kind=0.5, severity=0.25, value=0.25, same_group=0.5, severity_weights=weights)


@pytest.fixture
def answers() -> FormAnswers:
    """Catches b with everything right, misses c, doubts d; leaves m2 out."""
    check = {
        "a": Answer(p=10, action="use"),
        "b": Answer(p=90, action="fix", kind="number", severity="critical", value=30.2),
        "m1": Answer(p=20, action="use"),
        "c": Answer(p=30, action="use"),
        "d": Answer(p=70, action="verify", kind="unit", severity="minor"),
    }
    first = {claim_id: Answer(p=40, action="verify") for claim_id in "abcd"}
    return FormAnswers(first=first, check=check)
