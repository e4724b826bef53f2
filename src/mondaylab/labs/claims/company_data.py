"""What claims stand on: the data as concepts, its reporting weeks, the handbook, and last quarter's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mondaylab.concepts.handbook import Handbook
from mondaylab.measures import Measure
from mondaylab.measures.catalog import Catalog, NoValue


@dataclass(frozen=True)
class CompanyData:
    """What templates and flaw operators may look at.

    Attributes:
        catalog: The snapshot's tables as concepts.
        weeks: Mondays of the quarter's full weeks, in order.
        handbook: The company's policy handbook.
        previous: The quarter before, as concepts; none when there is no such snapshot.
        previous_weeks: Its weeks, in order.
    """

    catalog: Catalog
    weeks: list[date]
    handbook: Handbook
    previous: Catalog | None = None
    previous_weeks: tuple[date, ...] = ()

    def value(self, measure: Measure) -> float | None:
        """The measure's value, or none where it has none."""
        return value_or_none(self.catalog, measure)


def value_or_none(catalog: Catalog, measure: Measure) -> float | None:
    """The measure's value on a catalog; none where it has no rows or divides by zero.

    Raises:
        Refused: It names a concept or field that the company lacks.
    """
    try:
        return catalog.evaluate(measure)
    except NoValue:
        return None
