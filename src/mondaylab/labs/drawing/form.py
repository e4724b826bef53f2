"""Forms: one learner's version of a lab, drawn by HMAC(cohort secret, learner, attempt), and its key."""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mondaylab.errors import Refused
from mondaylab.forms.keys import ClaimKey, EvidenceKey, FormKey, ValidatorKey
from mondaylab.forms.shown import LooksIn, ShownClaim, ShownDraft, ShownForm, ShownQuestion, WarmUp
from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.wording import phrase, spelled
from mondaylab.labs.drawing.answers import answer_origin
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.evidence import draw_evidence
from mondaylab.labs.drawing.left_over import left_over
from mondaylab.labs.drawing.own_sheet import draw_own_sheet
from mondaylab.labs.drawing.plan import MIN_FOILS, MIN_OPERATORS, PREVALENCE, CannotDraw, Plan, Planner, tossed_again
from mondaylab.labs.drawing.shown_draft import shown_draft, unit_of, written
from mondaylab.labs.drawing.trials import practice_claims
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import DraftTemplate, ValidatorTask, WarmUpTemplate
from mondaylab.labs.sources.manuscript import Manuscript

_PLANS = 10
"""Plans that are tried for one form before the lab is said not to give one."""
_STRICT_PLANS = 5
"""The later ones take what there is: a lab whose data goes one way only can still be drawn."""
_DRAWS_A_PLAN = 4
"""So many draws are tried of one plan. A new one after each that failed would leave few of the plans that are hard to
carry out, such as a sound claim about what is seldom the cause: naming it would then tell a flaw."""
NOTHING_MISSING = "Nothing material is missing from this draft."


@dataclass(frozen=True)
class Form:
    """A form as shown and its key, with the hashes of the facts it rests on and the recordings it uses."""

    shown: ShownForm
    key: FormKey
    facts: frozenset[str]
    recordings: frozenset[str] = frozenset()
    versions: Mapping[str, str] = field(default_factory=dict)
    """Draft -> the version that it follows."""
    ways: Mapping[str, bool] = field(default_factory=dict)
    """Claim id -> which of two ways it goes (see `Template.direction`); none for a claim that has no two."""
    claims: tuple[Claim, ...] = ()
    """Its claims as they were drawn, with what they state."""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Claim id -> its words that are texts and no values (see `Template.texts`), by name; most have none."""


class Seed:
    """Everything random about one form, from one secret; nothing of it can be guessed without the secret."""

    def __init__(self, secret: bytes, *parts: str) -> None:
        self._root = hmac.digest(secret, "\x1f".join(parts).encode(), hashlib.sha256)

    def word(self, purpose: str, length: int) -> str:
        """`length` hex digits for a purpose."""
        return hmac.new(self._root, purpose.encode(), hashlib.sha256).hexdigest()[:length]

    def rng(self, purpose: str) -> random.Random:
        """A generator for a purpose."""
        return random.Random(self.word(purpose, 64))  # noqa: S311  the seed is an HMAC; the stream never leaves us


def draw_form(
    material: Material,
    secret: bytes,
    *,
    cohort: str,
    learner: str,
    attempt: int,
    redraw: int = 0,
    taken: frozenset[str] = frozenset(),
) -> Form:
    """Draws one learner's form.

    Args:
        material: The lab on its snapshot.
        secret: The cohort's.
        cohort: Cohort id.
        learner: Learner name.
        attempt: 1 for the first.
        redraw: Raised by one when a form must be drawn again (too many facts shared with another).
        taken: Recordings that other learners have: nobody else gets them as they came.

    Raises:
        Refused: The lab cannot give a valid form on this data.
    """
    names = (cohort, material.name, material.snapshot.id, learner, str(attempt), str(redraw))
    seed = Seed(secret, *names, material.declared)
    parts = _drawn_parts(material, seed, taken)
    form_id = f"f{seed.word('form', 16)}"
    validator = material.declaration.validator
    shown = ShownForm(
        form_id=form_id,
        lab=material.name,
        title=material.declaration.title,
        quarter=str(material.quarter),
        snapshot=material.snapshot.id,
        attempt=attempt,
        drafts=parts.drafts,
        groups=material.flaws.groups,
        warm_up=tuple(drawn_warm_up(item, parts.drawer) for item in material.declaration.warm_up),
        evidence=parts.question,
        validator=None if validator is None else _validator_question(material, validator, seed),
        sheet=draw_own_sheet(material, parts.claims, parts.evidence, seed.rng("sheet")),
        # builds from before companies had to say it went out as sample data
        sample_data=material.bindings.sample_data is not False,
    )
    key = FormKey(
        form_id=form_id,
        cohort=cohort,
        learner=learner,
        lab=material.name,
        quarter=str(material.quarter),
        attempt=attempt,
        company=material.bindings.company,
        snapshot=material.snapshot.id,
        claims=parts.keys,
        evidence=parts.evidence,
        validator=None if validator is None else ValidatorKey(template=validator.claim),
        canary=f"canary-{seed.word('canary', 24)}",
    )
    check_form(key)
    facts = frozenset(claim.fact for claim in parts.claims)
    return Form(shown, key, facts, parts.recordings, parts.versions, parts.ways, parts.claims, parts.texts)


@dataclass(frozen=True)
class _Parts:
    drawer: Drawer
    drafts: tuple[ShownDraft, ...]
    keys: tuple[ClaimKey, ...]
    recordings: frozenset[str]
    versions: Mapping[str, str]
    ways: Mapping[str, bool]
    claims: tuple[Claim, ...]
    texts: Mapping[str, Mapping[str, str]]
    evidence: EvidenceKey | None
    question: ShownQuestion | None


def _drawn_parts(material: Material, seed: Seed, taken: frozenset[str]) -> _Parts:
    """Draws until a plan is carried out: now and then a week or a record leaves no room for one.

    Any other refusal, such as a predicate that contradicts its own statement, is a defect and ends the draw.
    """
    failed: list[CannotDraw] = []
    writer = material.writer()
    for number in range(_PLANS):
        try:
            planner = Planner(writer, seed.rng(f"plan {number}"))
            plan = planner.plan(taken, recorded=number < _STRICT_PLANS)  # long and flawless ones leave no room
        except CannotDraw as error:
            failed.append(error)
            continue
        for again in range(_DRAWS_A_PLAN):
            drawer = Drawer(writer, seed.rng(f"claims {number} {again}"), strict=number < _STRICT_PLANS)
            try:
                return _draw_parts(material, seed, drawer, tossed_again(plan, drawer.rng) if again else plan)
            except CannotDraw as error:
                failed.append(error)
    raise failed[-1]


def _draw_parts(material: Material, seed: Seed, drawer: Drawer, plan: Plan) -> _Parts:
    """Draws claims draft by draft, with ids that mean nothing."""
    weeks = drawer.weeks(plan)
    for name, claims in plan.came.items():
        drawer.reserve(_came_about(plan.versions[name]), claims.values())
    free = set(drawer.writer.data.weeks[1:]) - {*weeks.values()}
    drafts: list[ShownDraft] = []
    keys: list[ClaimKey] = []
    stated: list[Claim] = []
    ways: dict[str, bool] = {}
    texts: dict[str, Mapping[str, str]] = {}
    looks_in = {one.id: one.looks_in(material.declaration.measures) for one in material.declaration.claims}
    beside = {one.id: one.shown_beside for one in material.declaration.claims}
    for declared in (one for one in material.declaration.drafts if one.id not in plan.absent):
        version, as_it_came = plan.versions[declared.id], declared.id in plan.came
        draft = declared.following(version)
        if as_it_came:
            subject = _came_about(version)
        else:
            subject = drawer.subject(draft, plan, [weeks[draft.id], *sorted(free)])
            free = (free | {weeks[draft.id]}) - {subject.week}
        drawn = _claims_of(draft, subject, plan, drawer, seed)
        missing = ShownClaim(
            claim_id=f"c{seed.word(f'missing {draft.id}', 10)}", text=NOTHING_MISSING, looks_in=LooksIn()
        )
        origin = answer_origin(version, as_it_came=as_it_came)
        shown = shown_draft(draft, written(version, drawn), drawn, missing, subject, origin, looks_in, beside)
        ids = dict(drawn.values())
        drafts.append(shown)
        keys += [_claim_key(draft.id, one.claim_id, ids[one.claim_id], material) for one in shown.claims]
        keys.append(_missing_key(declared, missing.claim_id, plan, material))
        stated += ids.values()
        ways |= _ways(material, drawn)
        texts |= _texts(material, drawn)
    if problems := _problems(keys):  # an operator that these data did not allow gave way to another
        raise CannotDraw("; ".join(problems), where=material.name)
    evidence, question = draw_evidence(material, drawer)
    recordings = frozenset(plan.versions[name].source for name in plan.came)
    versions = {name: one.version for name, one in plan.versions.items()}
    return _Parts(
        drawer,
        tuple(drafts),
        tuple(keys),
        recordings,
        versions,
        ways,
        tuple(stated),
        texts,
        evidence,
        question,
    )


def _came_about(version: Manuscript) -> Slices:
    """What an answer is about.

    Raises:
        Refused: The version is none.
    """
    if version.answer is None:
        raise Refused("nobody's answer", where=version.version)
    return version.answer.slices


def _claims_of(
    draft: DraftTemplate, subject: Slices, plan: Plan, drawer: Drawer, seed: Seed
) -> dict[str, tuple[str, Claim]]:
    """Template id -> the claim of a draft, under an id that means nothing."""
    came = plan.came.get(draft.id)
    claims: dict[str, tuple[str, Claim]] = {}
    stated: list[tuple[Template, Claim]] = []
    for template in plan.templates:
        if template.draft == draft.id:
            claim = drawer.claim(template, subject, plan) if came is None else came[template.id]
            claims[template.id] = (f"c{seed.word(f'claim {template.id}', 10)}", claim)
            stated.append((template, claim))
    if given_away := left_over(drawer.writer.facts, stated):
        raise CannotDraw(given_away, where=drawer.lab.title, fix="cut one of them by other fields")
    return claims


def _ways(material: Material, claims: Mapping[str, tuple[str, Claim]]) -> dict[str, bool]:
    """Claim id -> which way it goes, of those that have two."""
    told = (
        (claim_id, material.declaration.claim(name).direction(claim.statement))
        for name, (claim_id, claim) in claims.items()
    )
    return {claim_id: way for claim_id, way in told if way is not None}


def _texts(material: Material, claims: Mapping[str, tuple[str, Claim]]) -> dict[str, Mapping[str, str]]:
    """Claim id -> its words that are texts, of those that have some."""
    told = ((*drawn, material.declaration.claim(name)) for name, drawn in claims.items())
    return {claim_id: template.read_as(claim.words) for claim_id, claim, template in told if template.texts}


def _validator_question(material: Material, task: ValidatorTask, seed: Seed) -> ShownQuestion:
    practice = practice_claims(material, task.claim, seed.rng("practice"))
    return ShownQuestion(text=task.question, examples=tuple(practice))


def check_form(key: FormKey) -> None:
    """Holds a form against what every form must have.

    Raises:
        Refused: Prevalence, operators or foils are out of bounds.
    """
    if problems := _problems(key.claims):
        raise Refused("; ".join(problems), where=key.lab)


def _problems(claims: Sequence[ClaimKey]) -> list[str]:
    share = sum(claim.flawed for claim in claims) / len(claims)
    operators = {claim.operator for claim in claims if claim.operator}
    foils = sum(claim.foil for claim in claims)
    problems = []
    if not PREVALENCE[0] <= share <= PREVALENCE[1]:
        problems.append(f"{share:.0%} of the rows are flawed (25-45 % wanted)")
    if len(operators) < MIN_OPERATORS:
        problems.append(f"{len(operators)} flaw operators (at least {MIN_OPERATORS} wanted)")
    if foils < MIN_FOILS:
        problems.append(f"{foils} foils (at least {MIN_FOILS} wanted)")
    return problems


def _claim_key(draft_id: str, claim_id: str, claim: Claim, material: Material) -> ClaimKey:
    flaws: tuple[str, ...] = ()
    if claim.operator is not None:
        flaws = (material.declaration.claim(claim.template).weighed_as(claim.operator, claim.statement), claim.operator)
    return ClaimKey(
        claim_id=claim_id,
        draft_id=draft_id,
        template=claim.template,
        text=claim.judged_as,
        words=tuple(dict.fromkeys(claim.words.values())),
        flawed=claim.flawed,
        operator=claim.operator,
        foil=claim.foil,
        kinds=material.flaws.kinds(*flaws),
        group=material.flaws.group_of(flaws[0]) if flaws else None,
        severity=claim.severity,
        stated=None if claim.numbers is None else claim.numbers.stated,
        truth=None if claim.numbers is None else claim.numbers.truth,
        unit=unit_of(claim),
        tolerance=0.0 if claim.numbers is None else claim.numbers.tolerance,
        why=claim.why,
        query=claim.query,
    )


def _missing_key(draft: DraftTemplate, claim_id: str, plan: Plan, material: Material) -> ClaimKey:
    left_out = plan.omitted.get(draft.id)
    operator = None if left_out is None else "omitted_fact"
    must = draft.must_state
    section = f"handbook {must.section}" if must.section else "the brief"
    title = f": {material.handbook.title(must.section)}" if must.section in material.handbook.sections else ""
    return ClaimKey(
        claim_id=claim_id,
        draft_id=draft.id,
        template=f"{draft.id}.missing",
        text=NOTHING_MISSING,
        flawed=operator is not None,
        operator=operator,
        kinds=() if operator is None else material.flaws.entry(operator).kinds,
        group=None if operator is None else material.flaws.group_of(operator),
        severity=None if operator is None else material.flaws.severity(operator),
        why=(
            f"The draft states what it must ({section}): {', '.join(must.items)}."
            if left_out is None
            else f"Left out: {left_out} ({section})."
        ),
        query=f"{section}{title}; the brief tells what states it",
    )


def drawn_warm_up(item: WarmUpTemplate, drawer: Drawer) -> WarmUp:
    """One warm-up claim about slices of its own.

    Raises:
        Refused: It cannot be worded, or the data gives it no value.
    """
    drawn = drawer.slice_of(item.by, drawer.rng.choice(drawer.writer.data.weeks[1:]))
    week = drawn.week if "period" in item.by else None
    measure = Figure(drawer.lab.measures[item.measure], "plain", drawn.cut(item.by), week).measure()
    value = drawer.writer.data.catalog.evaluate(measure)
    if value < 0:
        raise Refused("a warm-up claim has no word for a value below zero", where=item.phrasing)
    stated, truth = item.display.shown(value * item.factor), item.display.shown(value)
    words = drawn.words() | {"value": spelled(stated, item.display)}
    why = f"The data gives {spelled(truth, item.display)}."
    return WarmUp(text=phrase(item.phrasing, words, where="warm_up"), flawed=stated != truth, why=why)
