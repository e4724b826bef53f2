"""Gates on guessing: no strategy that never looks at the data may earn a tenth of the judgement points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.sample import Floats, Sample
from mondaylab.labs.gates.skill import Estimate, form_skills, mean_estimate, recalibrated
from mondaylab.labs.gates.strategies import STRATEGIES, Strategy

MAX_SKILL = 0.10
"""The upper 95 % bound of a strategy's mean skill must not pass it."""
_NAMED = 4
"""So many claim templates are named when a gate fails."""


@dataclass(frozen=True)
class Best:
    """The best use of a strategy.

    Attributes:
        skill: Its mean skill over forms.
        p: Row -> its probability.
    """

    skill: Estimate
    p: Floats


def shortcut_gates(sample: Sample) -> list[Gate]:
    """One gate a strategy, on the best use that can be made of it."""
    return [_gate(strategy, sample) for strategy in STRATEGIES]


def best_use(strategy: Strategy, sample: Sample) -> Best:
    """A strategy raw or recalibrated on other forms: whichever could earn more.

    The 95 % interval comes from drawing whole forms again; the folds stay as they are.
    """
    uses = []
    for guess in strategy.guesses(sample):
        for p in (guess.raw, recalibrated(sample, guess.cells)):
            uses.append(Best(mean_estimate(form_skills(sample, p)), p))
    return max(uses, key=lambda use: use.skill.high)


def earned_on(sample: Sample, p: Floats) -> list[tuple[str, float]]:
    """Claim templates with what a guess earns on each, most first: they add up to the mean skill.

    What a row earns is its Brier score's distance to that of its form's share of flawed rows, over q (1 - q) and the
    form's rows.
    """
    q = sample.share[sample.form]
    spread = q * (1.0 - q)
    scored = spread > 0
    size = np.bincount(sample.form, minlength=len(sample.forms))[sample.form]
    gain = ((q - sample.flawed) ** 2 - (p - sample.flawed) ** 2)[scored] / (spread * size)[scored]
    forms = max(1, len(np.unique(sample.form[scored])))
    total = np.bincount(sample.template[scored], weights=gain) / forms
    names = {int(code): row.key.template for code, row in zip(sample.template, sample.rows, strict=True)}
    return sorted(((names[code], float(each)) for code, each in enumerate(total)), key=lambda pair: -pair[1])


def _gate(strategy: Strategy, sample: Sample) -> Gate:
    best = best_use(strategy, sample)
    skill, passed = best.skill, best.skill.high <= MAX_SKILL
    said = (
        f"Guessing from {strategy.by} earns {skill.value:.1%} of the judgement points, at most {skill.high:.1%} "
        f"(allowed: {MAX_SKILL:.0%}; {len(sample.forms)} forms)."
    )
    if not passed:
        most = ", ".join(f"{name} ({earned:.1%})" for name, earned in earned_on(sample, best.p)[:_NAMED] if earned > 0)
        said += f" It earns most on {most}. Next: {strategy.fix}."
    return Gate(
        name=f"shortcut_{strategy.name}",
        passed=passed,
        value=skill.value,
        low=skill.low,
        high=skill.high,
        bound=MAX_SKILL,
        n=len(sample.forms),
        said=said,
    )
