"""The Brier skill score: one formula for what the grader pays, what the gates hold a guess to, what a report shows."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", float, NDArray[np.float64])


def brier_skill_score(loss: Number, share: Number) -> Number:
    """1 - BS / (q (1 - q)), unclipped, in (-inf, 1]: 1 is perfect, 0 is what always saying the share of flaws earns.

    A. H. Murphy, "A new vector partition of the probability score", Journal of Applied Meteorology 12 (1973), 595-600.

    Args:
        loss: Brier score BS, in [0, 1]; a number or an array.
        share: Share q of flawed rows, in the open interval (0, 1).
    """
    return 1.0 - loss / (share * (1.0 - share))
