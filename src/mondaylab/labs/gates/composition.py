"""Gates on what a form is made of: how many rows, how many flawed, how many kinds, foils, shared facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mondaylab.labs.drawing.cohort_forms import MAX_SHARED_FACTS, most_shared
from mondaylab.labs.drawing.form import Form
from mondaylab.labs.drawing.plan import MIN_FOILS, MIN_OPERATORS, PREVALENCE
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.skill import mean_estimate

ROWS = (12, 20)
"""Least and greatest number of judged rows in a practice lab's form."""
MIN_OVERALL = 8
"""Flaw operators over all forms."""
MAX_SAME = 0.6
"""At most this share of the forms has the same share of flawed rows: it varies, so that nobody can count on it."""


def composition_gates(sample: Sample, cohort: Sequence[Form]) -> list[Gate]:
    """All of them; `cohort` is as many forms as a cohort has, drawn as a cohort's are."""
    return [_rows(sample), _prevalence(sample), _foils(sample), *_kinds(sample), _shared(cohort)]


def drawn_gate(seeds: int, refused: Sequence[str]) -> Gate:
    """Every learner gets a form."""
    said = f"{seeds - len(refused)} of {seeds} forms could be drawn."
    if refused:
        reason, times = Counter(refused).most_common(1)[0]
        said += f" Most often ({times} times): {reason}. Next: give claims more slices or operators."
    return Gate(name="drawn", passed=not refused, value=len(refused) / seeds, bound=0.0, n=seeds, said=said)


def _rows(sample: Sample) -> Gate:
    # the row "nothing is missing" of each draft is judged too, but is no claim
    counts = [sum(len(draft.claims) for draft in form.shown.drafts) for form in sample.forms]
    low, high = min(counts), max(counts)
    passed = ROWS[0] <= low and high <= ROWS[1]
    said = f"A form has {_from_to(low, high)} claims (allowed: {ROWS[0]}-{ROWS[1]})."
    if not passed:
        said += " Next: take claims out of the drafts, or put some in."
    worst = low if low < ROWS[0] else high
    bound = ROWS[0] if low < ROWS[0] else ROWS[1]
    return Gate(name="claims", passed=passed, value=worst, bound=bound, n=len(counts), said=said)


def _prevalence(sample: Sample) -> Gate:
    shares = sample.share
    low, high = float(shares.min()), float(shares.max())
    same = Counter(round(float(share), 6) for share in shares).most_common(1)[0][1] / len(shares)
    inside = PREVALENCE[0] <= low and high <= PREVALENCE[1]
    mean = mean_estimate(shares)
    said = (
        f"{low:.0%} to {high:.0%} of a form's rows are flawed, {mean.value:.0%} on average "
        f"(allowed: {PREVALENCE[0]:.0%}-{PREVALENCE[1]:.0%}, in every form)."
    )
    if not inside:
        said += " Next: give fewer or more claims an operator."
    if same > MAX_SAME:
        said += f" {same:.0%} of the forms have the same share, which learners would come to know. Next: let it vary."
    return Gate(
        name="prevalence",
        passed=inside and same <= MAX_SAME,
        value=mean.value,
        low=mean.low,
        high=mean.high,
        bound=PREVALENCE[0] if low < PREVALENCE[0] else PREVALENCE[1],
        n=len(shares),
        said=said,
    )


def _foils(sample: Sample) -> Gate:
    counts = [sum(claim.foil and not claim.flawed for claim in form.key.claims) for form in sample.forms]
    passed = min(counts) >= MIN_FOILS
    said = f"A form has {_from_to(min(counts), max(counts))} foils, true claims that look wrong (at least {MIN_FOILS})."
    if not passed:
        said += " Next: mark more claim templates as foils."
    return Gate(name="foils", passed=passed, value=min(counts), bound=MIN_FOILS, n=len(counts), said=said)


def _kinds(sample: Sample) -> list[Gate]:
    operators = [{claim.operator for claim in form.key.claims if claim.operator} for form in sample.forms]
    counts, overall = [len(names) for names in operators], len(set[str | None]().union(*operators))
    each = f"A form has {_from_to(min(counts), max(counts))} different flaws (at least {MIN_OPERATORS})."
    every = f"All forms together have {overall} different flaws (at least {MIN_OVERALL})."
    fix = " Next: give claims more operators."
    in_form, in_all = min(counts) >= MIN_OPERATORS, overall >= MIN_OVERALL
    return [
        Gate(
            name="kinds",
            passed=in_form,
            value=min(counts),
            bound=MIN_OPERATORS,
            n=len(counts),
            said=each if in_form else each + fix,
        ),
        Gate(
            name="kinds_overall",
            passed=in_all,
            value=overall,
            bound=MIN_OVERALL,
            n=len(counts),
            said=every if in_all else every + fix,
        ),
    ]


def _shared(cohort: Sequence[Form]) -> Gate:
    """Fewer than two forms means that `draw_forms` found no cohort's worth of them: that fails."""
    pairs = len(cohort) * (len(cohort) - 1) // 2
    most = most_shared(list(cohort))
    passed = pairs > 0 and most <= MAX_SHARED_FACTS
    if pairs:
        said = f"Two learners of a cohort share at most {most:.0%} of their facts (allowed: {MAX_SHARED_FACTS:.0%})."
    else:
        said = f"No cohort could be drawn whose forms share at most {MAX_SHARED_FACTS:.0%} of their facts."
    return Gate(
        name="shared_facts",
        passed=passed,
        value=most if pairs else None,
        bound=MAX_SHARED_FACTS,
        n=pairs,
        said=said if passed else f"{said} Next: give the lab more slots or claim templates.",
    )


def _from_to(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
