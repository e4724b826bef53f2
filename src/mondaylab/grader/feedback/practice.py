"""What to practise next: one or two concrete things, from the flaws that were missed and the rows wrongly doubted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from mondaylab.forms.keys import ClaimKey
from mondaylab.forms.shown import FlawGroup
from mondaylab.grader.verdicts import verdicts
from mondaylab.judging.answers import Answer
from mondaylab.plural import plural
from mondaylab.records import Record

MOST = 3
_SEVERITY = {"critical": 3, "material": 2, "minor": 1}


class Exercise(Record):
    """One entry of ``practice.yaml``."""

    title: str
    text: str


class Practice(Record):
    """``grader/feedback/practice.yaml``."""

    kinds: dict[str, Exercise]
    """Flaw kind -> what helps to see it."""
    false_alarm: Exercise
    other: Exercise
    """For a missed kind that the file does not list."""
    nothing_missed: Exercise


class Suggestion(Record):
    """An exercise with the reason it is suggested."""

    title: str
    text: str
    because: str


def suggestions(
    claims: Sequence[ClaimKey], answers: Mapping[str, Answer], groups: Sequence[FlawGroup], practice: Practice
) -> tuple[Suggestion, ...]:
    """At most `MOST` things to practise: missed kinds by how bad they were, then false alarms."""
    came_to = verdicts(claims, answers)
    labels = {kind.id: kind.label for group in groups for kind in group.kinds}
    missed: Counter[str] = Counter()
    weight: Counter[str] = Counter()
    for claim in claims:
        if came_to[claim.claim_id] == "missed" and claim.kinds:
            missed[claim.kinds[0]] += 1
            weight[claim.kinds[0]] += _SEVERITY.get(claim.severity or "", 2)
    doubted = sum(one == "doubted" for one in came_to.values())
    found = []
    for kind, _ in weight.most_common(MOST - bool(doubted)):
        exercise = practice.kinds.get(kind, practice.other)
        because = f"You missed {plural(missed[kind], 'flaw')} of the kind {labels.get(kind, kind)}."
        found.append(Suggestion(title=exercise.title, text=exercise.text, because=because))
    if doubted:
        exercise = practice.false_alarm
        because = f"You doubted {plural(doubted, 'sound statement')}."
        found.append(Suggestion(title=exercise.title, text=exercise.text, because=because))
    if not found:
        exercise = practice.nothing_missed
        found.append(Suggestion(title=exercise.title, text=exercise.text, because="You missed nothing."))
    return tuple(found)
