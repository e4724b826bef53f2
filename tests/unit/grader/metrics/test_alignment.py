"""Alignment of a person's and an assistant's answers with outcomes, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mondaylab.grader.metrics import alignment


def test_alignment_by_hand():
    person, ai = np.repeat([0, 0, 1, 1], 20), np.repeat([0, 1, 0, 1], 20)
    outcome = np.concatenate([np.repeat([1, 0], [k, 20 - k]) for k in (6, 4, 10, 8)])
    found = alignment(person, ai, outcome)
    # rates .3 .2 .5 .4: the ordered pairs are four cells with themselves and five more; drops .1 and .1
    assert found.eae.value == pytest.approx(0.2 / 9) and found.mae.value == pytest.approx(0.1) and found.cells == 4
