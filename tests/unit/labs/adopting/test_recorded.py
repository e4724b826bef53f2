"""A version's name is one that its claims can begin with."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from mondaylab.labs.adopting.recorded import plain_version


def test_a_name_says_whose_answer_to_what_it_is():
    assert plain_version("Qwen2.5-Coder 1.5B", "region", 3) == "qwen2_5_coder_1_5b_region_3"


@given(st.text(min_size=1), st.integers(1, 9))
def test_any_model_gives_a_name(model, number):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", plain_version(model, "region", number))
