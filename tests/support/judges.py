"""Simulated judges of claims, in the normal model of detection theory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import special


@dataclass(frozen=True)
class Judge:
    """Feels evidence x ~ N(d y, 1), reports a probability made of it, and flags from the criterion on.

    Attributes:
        d: Sensitivity; 0 guesses, with any probability as likely as any other.
        c: Criterion: flags where x > d / 2 + c.
        gain: How strongly evidence is felt; 1 is calibrated, more is overconfident.
        lean: What is added to the log odds; < 0 trusts too much.
    """

    d: float
    c: float = 0.0
    gain: float = 1.0
    lean: float = 0.0

    def look(self, flawed: np.ndarray, rng: np.random.Generator, share: float) -> tuple[np.ndarray, np.ndarray]:
        """Probability (in whole percent, as the panel takes it) and flag, in the shape of `flawed`."""
        x = rng.normal(size=flawed.shape) + self.d * flawed
        flagged = x > self.d / 2 + self.c
        if self.d == 0:
            return np.round(rng.uniform(size=flawed.shape), 2), flagged
        odds = self.gain * (self.d * (x - self.d / 2) + np.log(share / (1 - share))) + self.lean
        return np.round(special.expit(odds), 2), flagged


@pytest.fixture(scope="session")
def judges() -> dict[str, Judge]:
    return {
        "very careful": Judge(d=2.6),
        "careful": Judge(d=2.0),
        "overconfident": Judge(d=1.5, gain=2.0),
        "hasty": Judge(d=0.8),
        "trusting": Judge(d=1.0, c=0.7, lean=-1.5),
        "cynical": Judge(d=1.0, c=-0.7, lean=1.5),
        "guessing": Judge(d=0.0),
    }
