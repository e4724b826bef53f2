"""Comparisons of two groups at an equal mix of cases."""

from __future__ import annotations

import pandas as pd
from tests.support.toy_cases import CASES, about, facts, holds_and_fails, template


def test_the_mix_turns_a_comparison_round():
    # desk 2 of 3 damage and 0 of 1 mind; portal 1 of 1 damage and 1 of 3 mind: portal leads within both reasons
    skewed = pd.concat([CASES, *[CASES[CASES["case_id"].isin(["r6", "r8"])]] * 4], ignore_index=True)
    made = template(
        kind="comparison", measure="rate", cases="count", group="case.channel", first="one", second="two",
        stratum="reason", names={"desk": "the desk"},
    )  # fmt: skip
    right, wrong = holds_and_fails(made, about(one="desk", two="portal"), "mix_effect", facts(skewed))
    assert right == [{"better": "portal", "worse": "the desk"}]
    assert wrong == [{"better": "the desk", "worse": "portal"}]
    # at equal pooled rates there is nothing that the mix could turn round
    assert holds_and_fails(made, about(one="desk", two="portal"), "mix_effect")[1] == []
    assert made.sound(facts(), about(one="desk", two="desk")) == ()
