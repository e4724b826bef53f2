"""All gates of a lab: does its score mean judgement, and not a trick?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mondaylab.labs.drawing.form import Form
from mondaylab.labs.gates.baseline import baseline_gate
from mondaylab.labs.gates.capacity import LEARNERS, capacity_gate, draw_cohort
from mondaylab.labs.gates.composition import composition_gates, drawn_gate
from mondaylab.labs.gates.evidence import evidence_gate
from mondaylab.labs.gates.giveaway import giveaway_gates
from mondaylab.labs.gates.leak import leak_gate
from mondaylab.labs.gates.must_state import must_state_gate
from mondaylab.labs.gates.queries import queries_gate
from mondaylab.labs.gates.report import Gate, GateReport
from mondaylab.labs.gates.sample import Sample, draw_sample, secret
from mondaylab.labs.gates.shortcuts import shortcut_gates
from mondaylab.labs.gates.truth import numbers_gate, truth_gate
from mondaylab.labs.gates.twins import twins_gate
from mondaylab.labs.gates.ways import ways_gate
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.baselines import Baseline


def check_lab(
    material: Material,
    *,
    seeds: int = 200,
    learners: int = LEARNERS,
    say: Callable[[str], None] = lambda _: None,
    baseline: Baseline | None = None,
) -> GateReport:
    """Draws forms and holds them against every gate.

    Args:
        material: The lab on a snapshot.
        seeds: Forms to draw, each from a secret of its own. Fewer than about 130 hold too few claims to pass.
        learners: Learners of one cohort that the lab has to have forms for, any two of which share few facts.
        say: Told of progress, in plain words.
        baseline: A model's answers, if one is configured.

    Raises:
        Refused: Fewer than half of the forms could be drawn.
    """
    sample, refused = draw_sample(material, seeds, say)
    say(f"{material.name}: {len(sample.rows):,} rows, now the gates")
    cohort, ended = draw_cohort(material, learners, say)
    gates = [
        drawn_gate(seeds, refused),
        capacity_gate(cohort, learners, ended),
        *form_gates(
            sample,
            cohort,
            operators=material.flaws.operators,
            secrets=[secret(seed) for seed in range(seeds)],
        ),
        must_state_gate(material, sample),
        twins_gate(material),
        queries_gate(material, sample),
        evidence_gate(material, sample),
        baseline_gate(sample, baseline),
    ]
    return GateReport(
        lab=material.name,
        quarter=str(material.quarter),
        company=material.bindings.company,
        snapshot=material.snapshot.id,
        seeds=seeds,
        claims=int(sample.claims().sum()),
        gates=tuple(gates),
    )


def form_gates(
    sample: Sample, cohort: Sequence[Form], *, operators: Iterable[str], secrets: Iterable[bytes] = ()
) -> list[Gate]:
    """Every gate that forms alone decide.

    Args:
        sample: The drawn forms.
        cohort: Forms drawn for one cohort; empty when there is no such set.
        operators: Names of flaw operators, which no learner may see.
        secrets: What the forms were drawn from.
    """
    return [
        *composition_gates(sample, cohort),
        truth_gate(sample),
        numbers_gate(sample),
        leak_gate(sample, operators, secrets),
        *shortcut_gates(sample),
        *giveaway_gates(sample),
        ways_gate(sample),
    ]
