"""A flaw of figures: the weekend is left out of the week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.figures import Figure
from mondaylab.measures import Aggregate, Measure, Period, rewritten


def weekend_left_out(figure: Figure, data: CompanyData) -> Iterator[Measure]:
    """The same figure from Monday to Friday."""
    if figure.week is None:
        return
    weekdays = Period(start=figure.week, end=figure.week + timedelta(days=4))

    def cut_short(part: Aggregate) -> Measure:
        return part.model_copy(update={"period": weekdays}) if part.period == Period.week(figure.week) else part

    yield rewritten(figure.measure(), cut_short)
