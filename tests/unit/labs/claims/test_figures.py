"""Figures: one that is asked for again gives the measure that it gave."""

from __future__ import annotations

from datetime import date

from mondaylab.labs.claims.figures import Figure
from mondaylab.measures import Aggregate, Minus, Ratio

NET = Aggregate(how="sum", entity="order_line", field="net", where={"status": ("completed",)})
COST = Aggregate(how="sum", entity="order_line", field="cost")
MARGIN = Ratio(top=Minus(left=NET, right=COST), bottom=NET)


def test_a_figure_gives_the_same_measure_again_and_another_for_anything_that_differs():
    figure = Figure(MARGIN, "growth", {"region": "North"}, date(2026, 11, 2))
    again = Figure(MARGIN, "growth", {"region": "North"}, date(2026, 11, 2))
    assert figure.measure() is again.measure()
    others = [
        figure.with_(view="points"),
        figure.with_(cut={"region": "South"}),
        figure.with_(week=date(2026, 11, 9)),
        figure.with_(before=14),
        figure.with_(base=MARGIN.model_copy(update={"bottom": COST})),
    ]
    assert all(other.measure() != figure.measure() for other in others)
    equal = figure.with_(base=MARGIN.model_copy(deep=True))
    assert equal.measure() == figure.measure()
