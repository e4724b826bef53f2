"""Gains from one attempt to the next."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mondaylab.grader.metrics import paired_gain
from mondaylab.grader.metrics.gain import hedges

FEW = settings(max_examples=25)  # a case takes long to draw


def test_gain_by_hand():
    pre, post = np.zeros(20), np.tile([1.0, 3.0], 10)
    found = paired_gain(pre, post)
    assert found.mean.value == 2.0
    sd = math.sqrt(20 / 19)
    assert found.d_z.value == pytest.approx(2 / sd * hedges(19))
    # the usual approximation of Hedges' factor, good to three digits
    assert hedges(19) == pytest.approx(1 - 3 / (4 * 19 - 1), abs=1e-3)
    assert found.d_z.low < found.d_z.value < found.d_z.high


@FEW
@given(arrays(np.float64, 25, elements=st.floats(-100, 100)), st.floats(0.1, 50), st.floats(-50, 50))
def test_d_z_knows_no_unit(gains, scale, offset):
    pre = np.arange(25.0)
    a, b = paired_gain(pre, pre + gains), paired_gain(pre * scale + offset, (pre + gains) * scale + offset)
    if a.d_z.enough and b.d_z.enough and np.std(gains) > 1e-6:
        assert b.d_z.value == pytest.approx(a.d_z.value, rel=1e-6, abs=1e-9)
        back = paired_gain(pre + gains, pre)
        assert back.d_z.value == pytest.approx(-a.d_z.value)
