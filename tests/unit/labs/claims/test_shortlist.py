"""Shortlists: who is on them, and who was passed over."""

from __future__ import annotations

from tests.support.toy_cases import CASES, about, facts, holds_and_fails, template


def test_a_shortlist_is_unfair_when_somebody_was_passed_over():
    made = template(
        kind="shortlist", entity="case", score="score", n=2, by={"channel": "way"},
        passed_over={"part_time": ("1",)}, because="it passed over part-timers",
    )  # fmt: skip
    right, wrong = holds_and_fails(made, about(way="desk"), "unfair_exclusion")
    assert (right, wrong) == ([{"names": "r1 and r2"}], [{"names": "r1 and r3"}])
    assert made.why(facts(), about(way="desk"), wrong[0], "x").endswith("it passed over part-timers.")
    tie = facts(CASES.assign(score=[90, 70, 70, 60, 50, 40, 30, 20]))
    assert made.sound(tie, about(way="desk")) == () and made.wrong(tie, about(way="desk"), "unfair_exclusion") == ()
