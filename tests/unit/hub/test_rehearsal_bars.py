"""A rehearsal whose scores are not what the ways of judging earn is refused."""

from __future__ import annotations

import pytest

from mondaylab.errors import Refused
from mondaylab.hub.rehearsal.play import Outcome

GOOD = {"perfect": 0.95, "careful": 0.56, "trusting": 0.0, "flagging": 0.0}


def test_scores_inside_their_bars_pass():
    Outcome(claims=19, scores=GOOD, oracle=1.0).check()


@pytest.mark.parametrize(
    "wrong",
    [{"perfect": 0.89}, {"careful": 0.34}, {"careful": 0.95}, {"trusting": 0.01}, {"flagging": 0.01}],
    ids=str,
)
def test_a_score_outside_its_bar_is_refused_by_name(wrong: dict[str, float]):
    with pytest.raises(Refused, match=f": {next(iter(wrong))} got"):
        Outcome(claims=19, scores=GOOD | wrong, oracle=1.0).check()


def test_a_key_that_does_not_earn_everything_is_refused():
    with pytest.raises(Refused, match="the key itself"):
        Outcome(claims=19, scores=GOOD, oracle=0.99).check()
