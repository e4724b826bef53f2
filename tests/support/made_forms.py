"""Forms made without a lab: nothing in them tells sound from flawed, until a test makes something tell."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from mondaylab.forms.keys import ClaimKey, FormKey
from mondaylab.forms.shown import DraftPart, Provenance, ShownClaim, ShownDraft, ShownForm
from mondaylab.labs.drawing.form import Form
from mondaylab.labs.gates.composition import composition_gates
from mondaylab.labs.gates.giveaway import giveaway_gates
from mondaylab.labs.gates.leak import leak_gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.shortcuts import shortcut_gates
from mondaylab.labs.gates.truth import numbers_gate, truth_gate
from mondaylab.labs.gates.ways import ways_gate

OPERATORS = tuple(f"wrong_{letter}" for letter in "abcdefghijk")
REGIONS = ("North", "South", "East", "West", "Centre", "Coast")
DRAFTS = ("memo", "answer", "note")
CLAIMS, FORMS = 5, 80
SUBJECTS = ("sales", "margin", "freight", "orders", "returns", "units", "cost", "stock", "wages", "rent", "visits",
            "calls", "quotes", "claims", "tickets")  # fmt: skip


@dataclass
class Made:
    """One claim while it is made; tests change it before it becomes a record."""

    rng: random.Random
    template: int
    draft: int
    flawed: bool
    operator: str | None
    region: str
    phrasing: int
    truth: float
    stated: float
    decimals: int = 1
    before: str = ""
    after: str = ""
    foil: bool = False
    way: bool = True
    extra: str = ""
    key: dict = field(default_factory=dict)

    def text(self) -> str:
        subject = SUBJECTS[self.template]
        number = f"{self.stated:,.{self.decimals}f} EUR"
        said = (
            f"The {subject} of {self.region} came to {number}",
            f"In {self.region} we had {subject} of {number}",
        )[self.phrasing]
        return " ".join(part for part in (self.before, said, self.after) if part) + "." + self.extra


Change = Callable[[Made], None]


def make_form(
    number: int,
    *,
    change: Change = lambda _: None,
    order: Callable[[Made], float] | None = None,
    flawed: Callable[[random.Random], int] | None = None,
    prone: Callable[[int], float] = lambda _: 1.0,
    operators: tuple[str, ...] = OPERATORS,
    claims: int = CLAIMS,
    opening: str = "Hello.",
) -> Form:
    """One form of 15 claims and three "nothing is missing" rows."""
    rng = random.Random(f"form {number}")
    wrong = (flawed or (lambda r: r.randint(5, 8)))(rng)
    rows = [(draft, draft * claims + place) for draft in range(len(DRAFTS)) for place in range(claims)]
    rows += [(draft, -1) for draft in range(len(DRAFTS))]
    chosen = set()
    while len(chosen) < wrong:
        row = rng.choice(rows)
        if rng.random() < (prone(row[1]) if row[1] >= 0 else 1.0):
            chosen.add(row)
    names = rng.sample(operators, k=len(operators))
    seeded = {row: names[place % len(names)] for place, row in enumerate(sorted(chosen))}
    drafts, keys, ways = [], [], {}
    foils, coin = 2, random.Random(f"ways {number}")
    for draft in range(len(DRAFTS)):
        made = []
        for _, template in (row for row in rows if row[0] == draft and row[1] >= 0):
            operator = seeded.get((draft, template))
            truth, other = (round(rng.uniform(20_000, 80_000), 1) for _ in range(2))
            while abs(other - truth) < 1:
                other = round(rng.uniform(20_000, 80_000), 1)
            one = Made(rng, template % len(SUBJECTS), draft, operator is not None, operator, rng.choice(REGIONS),
                       rng.randrange(2), truth, truth if operator is None else other)  # fmt: skip
            if operator is None and foils:
                one.foil, foils = True, foils - 1
            one.way = coin.random() < 0.5
            change(one)
            made.append(one)
        rng.shuffle(made)
        if order is not None:
            made.sort(key=order)
        shown, truths = _draft(rng, draft, made, seeded.get((draft, -1)), opening)
        drafts.append(shown)
        keys += truths
        ways |= {claim.claim_id: one.way for claim, one in zip(shown.claims, made, strict=True)}
    form_id = f"f{rng.getrandbits(64):016x}"
    return Form(
        ShownForm(form_id=form_id, lab="role/lab", title="Lab", quarter="2026Q4", snapshot="snap", attempt=1,
                  drafts=tuple(drafts), groups=(), sample_data=True),
        FormKey(form_id=form_id, cohort="co", learner=f"l{number}", lab="role/lab", quarter="2026Q4", attempt=1,
                company="demo", snapshot="snap", claims=tuple(keys), canary=f"canary-{rng.getrandbits(96):024x}"),
        frozenset(f"fact {rng.randrange(2000)}" for _ in range(16)),
        ways=ways,
    )  # fmt: skip


def _draft(
    rng: random.Random, draft: int, made: list[Made], missing: str | None, opening: str
) -> tuple[ShownDraft, list[ClaimKey]]:
    name, shown, keys = DRAFTS[draft], [], []
    for one in made:
        claim_id = f"c{rng.getrandbits(40):010x}"
        shown.append(ShownClaim(claim_id=claim_id, text=one.text(), unit="EUR"))
        values = {"claim_id": claim_id, "draft_id": name, "template": f"{name}_{SUBJECTS[one.template]}",
                  "text": one.text(), "flawed": one.flawed, "operator": one.operator, "foil": one.foil,
                  "stated": one.stated, "truth": one.truth, "unit": "EUR", "tolerance": 0.05,
                  "why": f"Because of {claim_id}.", "query": f"query {claim_id}"}  # fmt: skip
        keys.append(ClaimKey(**values | _fault(one.operator) | one.key))
    claim_id, text = f"c{rng.getrandbits(40):010x}", "Nothing material is missing from this draft."
    keys.append(ClaimKey(claim_id=claim_id, draft_id=name, template=f"{name}.missing", text=text,
                         flawed=missing is not None, operator=missing, why=f"Because of {claim_id}.",
                         query="the brief", **_fault(missing)))  # fmt: skip
    parts = [DraftPart(text=f"{opening} ")]
    parts += [part for claim in shown for part in (DraftPart(claim_id=claim.claim_id), DraftPart(text=" "))]
    week, week_id = rng.randint(41, 52), f"m{rng.getrandbits(40):010x}"
    return ShownDraft(draft_id=name, title=f"Memo, week {week}", audience=f"whoever asked for {week_id}",
                      parts=(DraftPart(tag="p", parts=tuple(parts)),),
                      provenance=Provenance(source="simulated"), claims=tuple(shown),
                      missing=ShownClaim(claim_id=claim_id, text=text)), keys  # fmt: skip


def _fault(operator: str | None) -> dict:
    return {} if operator is None else {"kinds": ("number",), "group": "figures", "severity": "material"}


@pytest.fixture(scope="session")
def make() -> Callable[..., Sample]:
    """Makes a sample of forms; arguments as `make_form`."""

    def make(forms: int = FORMS, names: tuple[str, ...] = REGIONS, **how) -> Sample:
        return Sample.of([make_form(number, **how) for number in range(forms)], names)

    return make


@pytest.fixture(scope="session")
def failing() -> Callable[..., set[str]]:
    """The names of the gates that a sample fails."""

    def failing(sample: Sample) -> set[str]:
        gates = [
            *composition_gates(sample, sample.forms[:12]),
            truth_gate(sample),
            numbers_gate(sample),
            leak_gate(sample, OPERATORS),
            *shortcut_gates(sample),
            *giveaway_gates(sample, min_claims=1000),
            ways_gate(sample),
        ]
        return {gate.name for gate in gates if not gate.passed}

    return failing
