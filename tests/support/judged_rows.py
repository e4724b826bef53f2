"""Rows that somebody judged: their truth, what was said of them, and all figures that come of it."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mondaylab.grader.metrics import Estimate
from mondaylab.records import Record

SIZES = st.integers(60, 90)

Y, P = np.tile([1, 0, 0], 30), np.tile([0.7, 0.2, 0.4, 0.5, 0.1, 0.3], 15)


def estimates(record: Record) -> list[Estimate]:
    """All figures of a record, however deep."""
    if isinstance(record, Estimate):
        return [record]
    found = []
    for name in type(record).model_fields:
        value = getattr(record, name)
        parts = value if isinstance(value, tuple) else (value,)
        found += [one for part in parts if isinstance(part, Record) for one in estimates(part)]
    return found


@st.composite
def judged(draw):
    """Truth with at least six of each class, probabilities that are not all the same, flags that are not either."""
    n = draw(SIZES)
    flaws = draw(st.integers(6, n - 6))
    y = np.repeat([1.0, 0.0], [flaws, n - flaws])
    p = draw(arrays(np.float64, n, elements=st.integers(0, 100).map(lambda percent: percent / 100)))
    p[0], p[1] = 0.2, 0.7
    return y, p, p >= 0.5
