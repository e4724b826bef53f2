"""What a person made of the AI's advice, between first look and after checking."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mondaylab.grader.metrics.checks import Floats, binary, columns, complete
from mondaylab.grader.metrics.estimate import Proportion
from mondaylab.grader.metrics.intervals import rate
from mondaylab.records import Record


class Reliance(Record):
    """Reliance on advice; each rate's n is the rows that it is about."""

    rair: Proportion
    """Relative AI reliance: right in the end, of the rows where the person was wrong at first and the AI right."""
    rsr: Proportion
    """Relative self-reliance: right in the end, of the rows where the person was right at first and the AI wrong."""
    over_reliance: Proportion
    """Wrong in the end, of all rows where the AI was wrong."""
    under_reliance: Proportion
    """Wrong in the end, of all rows where the AI was right."""
    gained: Proportion
    """Right in the end, of all rows where the person was wrong at first."""
    kept: Proportion
    """Right in the end, of all rows where the person was right at first."""


def reliance(first_right: ArrayLike, ai_right: ArrayLike, final_right: ArrayLike) -> Reliance:
    """RAIR, RSR, over- and under-reliance of two-way decisions.

    M. Schemmer, N. Kuehl, C. Benz, A. Bartos, G. Satzger, "Appropriate reliance on AI advice: conceptualization and the
    effect of explanations", IUI '23 (2023), 410-422 (RAIR, RSR); H. Vasconcelos et al., "Explanations can reduce
    overreliance on AI systems during decision-making", PACM HCI 7, CSCW1 (2023), 129 (over-reliance: ending wrong where
    the AI is; under-reliance is its mirror). Intervals: `wilson`, each from 6 rows.

    Args:
        first_right: Row -> whether the first look was right.
        ai_right: Row -> whether the AI's advice was.
        final_right: Row -> whether the judgement after checking was.

    Returns:
        The rates; with a missing value anywhere, none.

    Raises:
        Refused: Unequal lengths, or values other than true and false.
    """
    first, ai, final = columns("reliance", first_right, ai_right, final_right)
    binary("reliance", first, ai, final)
    whole = complete(first, ai, final) == len(first)
    wrong = 1 - final

    def share(rows: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], of: Floats) -> Proportion:
        known = rows & np.isfinite(of)
        count, n = int(of[known].sum()), int(known.sum())
        return rate(count, n) if whole else Proportion(n=n, count=count, reason="missing values")

    return Reliance(
        rair=share((first == 0) & (ai == 1), final),
        rsr=share((first == 1) & (ai == 0), final),
        over_reliance=share(ai == 0, wrong),
        under_reliance=share(ai == 1, wrong),
        gained=share(first == 0, final),
        kept=share(first == 1, final),
    )
