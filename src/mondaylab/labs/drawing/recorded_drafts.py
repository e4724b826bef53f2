"""Recorded drafts in a form: which are used, and how the form's plan and their sentences are brought together."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mondaylab.errors import Refused
from mondaylab.forms.shown import Provenance
from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.number import NumberTemplate
from mondaylab.labs.claims.slots import Slices, slot_words
from mondaylab.labs.claims.wording import spelled
from mondaylab.labs.drawing.plan import MIN_OPERATORS, Plan
from mondaylab.labs.recorded.asked import figure_of
from mondaylab.labs.recorded.checking import CheckedDraft, CheckedSentence
from mondaylab.labs.writer import ClaimWriter

CHANCE = 0.5
"""How likely a draft that has recordings is a recorded one."""
_TRIES = 40
"""Recordings that are tried for one draft."""
_TURNED = {"rose": "fell", "fell": "rose"}


@dataclass(frozen=True)
class Recorded:
    """A recorded draft in a form.

    Attributes:
        draft: The recording, checked.
        claims: Template id -> its claim, sound, with the planned flaw seeded, or flawed by nature.
    """

    draft: CheckedDraft
    claims: Mapping[str, Claim]

    @property
    def subject(self) -> Slices:
        """What the whole draft is about."""
        return Slices(self.draft.subject, self.draft.week)


@dataclass(frozen=True)
class Cast:
    """A form's plan with the recordings that go with it.

    Attributes:
        plan: With the same rows flawed as before.
        weeks: Draft -> reporting week, all different.
        recorded: Draft -> recording; drafts that are not in it are simulated.
    """

    plan: Plan
    weeks: Mapping[str, date]
    recorded: Mapping[str, Recorded]


def cast(
    writer: ClaimWriter,
    plan: Plan,
    weeks: Mapping[str, date],
    recordings: Sequence[CheckedDraft],
    rng: random.Random,
    taken: frozenset[str],
) -> Cast:
    """Chooses recordings for a form; a draft for which none fits the plan stays simulated.

    A recording fits when every change goes the way that the plan's coin says, planned flaws can be seeded in its
    sentences, and the flaws that its model made lie on rows that the plan wants flawed, where they replace seeded ones.

    Args:
        writer: Of the lab on its snapshot.
        plan: The form's.
        weeks: The form's.
        recordings: Checked ones of this lab and snapshot.
        rng: Of this form alone.
        taken: Keys of the recordings that other learners have.
    """
    made = Cast(plan, weeks, {})
    free = sorted((one for one in recordings if one.key not in taken), key=lambda one: one.key)
    choices = {template.id: rng.randrange(997) for template in plan.templates}
    for draft in writer.lab.drafts:
        wanted = rng.random() < CHANCE
        candidates = [one for one in free if one.draft == draft.id]
        rng.shuffle(candidates)
        for candidate in candidates[:_TRIES] if wanted else []:
            fitted = _Fitting(writer, choices).with_(made, candidate)
            if fitted is not None:
                made = fitted
                break
    return made


def origin_of(recorded: Recorded | None) -> Provenance:
    """What is shown of where a draft came from; without a recording it is simulated."""
    if recorded is None:
        return Provenance(source="simulated")
    return Provenance(source="recorded", model=recorded.draft.model, recorded=recorded.draft.recorded)


class _Fitting:
    """Tries one more recording in a form."""

    def __init__(self, writer: ClaimWriter, choices: Mapping[str, int]) -> None:
        self._writer, self._choices = writer, choices

    def with_(self, before: Cast, candidate: CheckedDraft) -> Cast | None:
        """The cast with the candidate, or none when it does not fit."""
        drafts = {**{name: one.draft for name, one in before.recorded.items()}, candidate.draft: candidate}
        weeks = _moved(before, candidate)
        plan = self._adapted(before.plan, list(drafts.values()))
        if weeks is None or plan is None or not self._others_fit(plan, candidate):
            return None
        recorded: dict[str, Recorded] = {}
        for name, draft in drafts.items():
            claims = self._claims(plan, draft)
            if not claims:
                return None
            recorded[name] = Recorded(draft, claims)
        facts = [claim.fact for one in recorded.values() for claim in one.claims.values()]
        return Cast(plan, weeks, recorded) if len(set(facts)) == len(facts) else None

    def _adapted(self, plan: Plan, drafts: Sequence[CheckedDraft]) -> Plan | None:
        """The plan with the models' own flaws in it; none if it holds one of these rows for sound.

        Which rows are flawed the plan decides alone: were it the models, a claim that they often get wrong would be
        flawed more often than others, and its words would tell.
        """
        present = {template.id for template in plan.templates}
        natural = {
            sentence.claim: sentence.operator
            for draft in drafts
            for sentence in draft.sentences
            if sentence.operator is not None and sentence.claim in present
        }
        operators: dict[str, str | None] = {**plan.operators, **natural}
        kinds = len(set(operators.values())) + bool(plan.omitted)
        fits = natural.keys() <= plan.operators.keys() and kinds >= MIN_OPERATORS
        return replace(plan, operators=operators) if fits else None

    def _others_fit(self, plan: Plan, draft: CheckedDraft) -> bool:
        """Whether the draft's other claims about its subject can be stated as planned."""
        template = next(one for one in self._writer.lab.drafts if one.id == draft.draft)
        words = slot_words({name: self._writer.lab.slots[name] for name in template.about})
        subject, said = Slices(draft.subject, draft.week), {sentence.claim for sentence in draft.sentences}
        return all(
            self._writer.statements(one, subject, plan.operators.get(one.id), plan.ways.get(one.id))
            for one in plan.templates
            if words and one.draft == draft.draft and one.id not in said and set(one.slot_names()) <= words
        )

    def _claims(self, plan: Plan, draft: CheckedDraft) -> dict[str, Claim] | None:
        """The recorded claims that the plan has room for; none when one of them does not go as planned."""
        present = {template.id for template in plan.templates}
        claims: dict[str, Claim] = {}
        for sentence in draft.sentences:
            if sentence.claim not in present:
                continue
            template, slices = figure_of(self._writer, sentence.claim), Slices(sentence.slots, draft.week)
            way = plan.ways.get(template.id)
            claim: Claim | None
            if sentence.operator is not None:
                claim = natural_claim(self._writer, template, slices, sentence)
            else:
                made = self._writer.write(
                    template, slices, plan.operators.get(template.id), self._choices[template.id], way
                )
                claim = None if made is None else _worded(made, template, sentence)
            if claim is None or template.direction(claim.statement) not in (None, way):
                return None
            claims[template.id] = claim
        return claims


def natural_claim(writer: ClaimWriter, template: NumberTemplate, slices: Slices, sentence: CheckedSentence) -> Claim:
    """A model's own wrong sentence as a claim.

    Raises:
        Refused: The data says that it is true, or it carries no label.
    """
    statement = {"value": sentence.stated}
    true = writer.write(template, slices, None, 0)
    if sentence.operator is None or true is None or template.holds(writer.facts, slices, statement):
        raise Refused(f"{sentence.text!r} is not wrong", where=f"claim {template.id}")
    entry, numbers = writer.flaws.entry(sentence.operator), template.numbers(writer.facts, slices, statement)
    values = (None, None) if numbers is None else (numbers.truth, numbers.stated)
    return replace(
        true,
        text=sentence.text,
        judged_as=sentence.text,
        words=slices.words() | template.words(statement),
        statement=statement,
        flawed=True,
        operator=sentence.operator,
        why=template.why(writer.facts, slices, statement, entry.says),
        numbers=numbers,
        severity=writer.flaws.severity(sentence.operator, truth=values[0], stated=values[1]),
        foil=False,
    )


_DIRECTION = r"\b(rose|fell)\b"


def _worded(claim: Claim, template: NumberTemplate, sentence: CheckedSentence) -> Claim | None:
    """The claim in the recorded words, its value in the place of the recorded one; none if that place is not plain."""
    old = spelled(sentence.stated, template.display)
    if sentence.text.count(old) != 1 or claim.numbers is None:
        return None
    text = sentence.text.replace(old, spelled(claim.numbers.stated, template.display))
    if template.direction(claim.statement) != template.direction({"value": sentence.stated}):
        if len(re.findall(_DIRECTION, text, re.IGNORECASE)) != 1:  # a name may hold the word, such as Rose Vases
            return None
        text = re.sub(_DIRECTION, lambda found: _matching(found[0]), text, flags=re.IGNORECASE)
    return replace(claim, text=text, judged_as=text)


def _matching(word: str) -> str:
    turned = _TURNED[word.lower()]
    return turned.upper() if word.isupper() else turned.capitalize() if word[0].isupper() else turned


def _moved(before: Cast, candidate: CheckedDraft) -> dict[str, date] | None:
    """The weeks with the recording's own; a simulated draft that had it takes the one that became free."""
    weeks = dict(before.weeks)
    freed, weeks[candidate.draft] = weeks[candidate.draft], candidate.week
    for name, week in before.weeks.items():
        if name != candidate.draft and week == candidate.week:
            if name in before.recorded:
                return None
            weeks[name] = freed
    return weeks
