"""Forecasts: a range is as wide as the weeks before ask for."""

from __future__ import annotations

import pandas as pd
from tests.support.toy_cases import EUR, FIELDS, about, facts, holds_and_fails, template

from mondaylab.quarter import Quarter


def test_a_forecast_is_judged_by_the_quarters_weeks():
    weeks = Quarter.parse("2026Q4").full_weeks()
    # from week to week: by 20 % (fair at 40, fair at 30), but for one leap
    values = [100, 120, 100, 120, 100, 120, 100, 120, 100, 120, 240, 200]
    calm = pd.DataFrame({"amount": values[: len(weeks)], "asked": pd.to_datetime(weeks[: len(values)])})
    wild = calm.assign(amount=[100, 180] * 6)
    made = template(kind="forecast", measure="amount", by={"period": "week"}, display=EUR)
    rest = {name: "x" for name in FIELDS if name not in ("amount", "asked")} | {"case_id": range(len(calm))}
    right, wrong = holds_and_fails(made, about(), "overconfident_forecast", facts(calm.assign(**rest)))
    assert ([said["half_width"] for said in right], wrong) == ([0.3, 0.4], [])
    right, wrong = holds_and_fails(made, about(), "overconfident_forecast", facts(wild.assign(**rest)))
    # 180 after 100 is a rise of 80 %, 100 after 180 a fall of 44 %: neither range ever held
    assert (right, [said["half_width"] for said in wrong]) == ([], [0.3, 0.4])
    assert {"low", "high"} == set(made.words(wrong[0]))
    # a week in which nothing was sold: from 100 to 240 over the gap is no move of one week
    gap = calm.assign(amount=[100, 120, 100, 120, 100, 0, 240, 200, 240, 200, 240, 200], **rest)
    said = {"low": 70.0, "high": 130.0, "half_width": 0.3}
    assert made.why(facts(gap), about(), said, None).startswith(
        "Fair: a range this wide would have held in 100% of the 9 "
    )
