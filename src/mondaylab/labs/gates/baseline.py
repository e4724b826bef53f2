"""The AI baseline: what a configured model earns that judges every row from its text alone. Recorded, no bound."""

from __future__ import annotations

import numpy as np

from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Row, Sample
from mondaylab.labs.gates.skill import form_skills, mean_estimate
from mondaylab.labs.recorded.baselines import Baseline

UNANSWERED = 0.5
"""What a row counts as that the model gave no probability for: "I do not know", as for a learner."""


def questions(sample: Sample, form: int) -> list[str]:
    """What a model is told of each row of a form, in the order of its rows.

    A claim is told alone, with what stands beside it to be held against, such as a query; *nothing material is
    missing* is about the whole draft, so its claims go with it.

    Args:
        sample: The forms.
        form: Which of them.
    """
    rows = sample.rows_of(form)
    return [_question(row, [one for one in rows if one.draft == row.draft and not one.missing]) for row in rows]


def _question(row: Row, claims: list[Row]) -> str:
    about = f"{row.title}\n\n"
    if row.missing:
        about += "".join(f"- {one.said}\n" for one in claims) + "\n"
    elif row.code:
        about += f"What the statement is about:\n\n{row.code}\n\n"
    return f"{about}Statement: {row.said}"


def baseline_gate(sample: Sample, baseline: Baseline | None) -> Gate:
    """The model's mean skill over the forms it was asked about; without a model no figure, and none is invented."""
    if baseline is None:
        said = "No model was asked; not measured. To ask one: mondaylab labs baseline LAB --quarter QUARTER"
        return Gate(name="ai_baseline", passed=True, n=0, said=said)
    told = {form: questions(sample, form) for form in range(len(sample.forms))}
    # a row may stand in several forms: one that was not asked about whole would count its other rows as not known
    asked = [form for form, rows in told.items() if all(map(baseline.asked_about, rows))]
    if not asked:
        said = f"{baseline.model}, asked on {baseline.asked}, was asked about no whole form of these; not measured."
        return Gate(name="ai_baseline", passed=True, n=0, said=said)
    part = Sample.of((sample.forms[form] for form in asked), sample.names)
    rows = [baseline.p(one) for form in asked for one in told[form]]
    skill = mean_estimate(form_skills(part, np.array([UNANSWERED if p is None else p for p in rows])))
    said = (
        f"{baseline.model}, asked on {baseline.asked} with the text alone, earns {skill.value:.1%} of the judgement "
        f"points in {len(asked)} forms ({sum(p is not None for p in rows):,} of {len(rows):,} rows answered with a "
        "number); recorded, no bound."
    )
    return Gate(
        name="ai_baseline", passed=True, value=skill.value, low=skill.low, high=skill.high, n=len(asked), said=said
    )
