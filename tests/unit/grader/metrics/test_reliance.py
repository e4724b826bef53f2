"""Reliance on an assistant, by hand."""

from __future__ import annotations

import numpy as np

from mondaylab.grader.metrics import reliance


def test_reliance_by_hand():
    rows = [  # first, AI, final, times
        (0, 1, 1, 6),
        (0, 1, 0, 2),  # RAIR 6 of 8
        (1, 0, 1, 7),
        (1, 0, 0, 3),  # RSR 7 of 10
        (0, 0, 0, 5),
        (0, 0, 1, 1),
        (1, 1, 1, 9),
        (1, 1, 0, 1),
    ]
    first, ai, final = (np.repeat([row[i] for row in rows], [row[3] for row in rows]) for i in range(3))
    found = reliance(first, ai, final)
    assert {name: (one.count, one.n) for name, one in found} == {
        "rair": (6, 8),
        "rsr": (7, 10),
        "over_reliance": (8, 16),
        "under_reliance": (3, 18),
        "gained": (7, 14),
        "kept": (16, 20),
    }
