"""The AI baseline: what a configured model earns that judges every row from its text alone. Recorded, no bound."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Sample
from mondaylab.labs.gates.skill import form_skills, mean_estimate
from mondaylab.records import Record

UNANSWERED = 0.5
"""What a row counts as that the model gave no probability for: "I do not know", as for a learner."""


class Baseline(Record):
    """A model's answers to the rows, each asked by its text alone."""

    model: str = Field(min_length=1)
    asked: str = Field(min_length=1)
    """ISO date on which it was asked."""
    p: dict[str, float]
    """Sentence -> probability that it is flawed, in [0, 1]."""


def baseline_gate(sample: Sample, baseline: Baseline | None) -> Gate:
    """The model's mean skill; without a model there is no figure, and none is invented."""
    if baseline is None:
        return Gate(name="ai_baseline", passed=True, n=0, said="No model is configured; not measured.")
    answered = [row.said in baseline.p for row in sample.rows]
    p = np.array([min(1.0, max(0.0, baseline.p.get(row.said, UNANSWERED))) for row in sample.rows])
    skill = mean_estimate(form_skills(sample, p))
    said = (
        f"{baseline.model}, asked on {baseline.asked} with the text alone, earns {skill.value:.1%} of the judgement "
        f"points ({sum(answered):,} of {len(answered):,} rows answered); recorded, no bound."
    )
    return Gate(
        name="ai_baseline",
        passed=True,
        value=skill.value,
        low=skill.low,
        high=skill.high,
        n=len(sample.forms),
        said=said,
    )
