"""One figure of the evidence builder: what is aggregated over which rows, filtered how, in which days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import ipywidgets as widgets
from pandas.api.types import is_numeric_dtype

from mondaylab.errors import Refused
from mondaylab.judging.narrow import within_notebook
from mondaylab.measures import Aggregate, Period
from mondaylab.measures.catalog import Catalog
from mondaylab.quarter import Quarter

How = Literal["sum", "mean", "median", "min", "max", "count", "distinct"]
HOWS: dict[How, str] = {
    "sum": "sum of",
    "mean": "mean of",
    "median": "median of",
    "min": "smallest",
    "max": "largest",
    "count": "number of rows",
    "distinct": "number of different",
}
NO_FILTER = ""
FILTERS = 3
"""How many filters a figure can have."""
MEMBERS = 80
"""A field with more values than this is no filter: nobody picks from a list that long."""


class Term(widgets.VBox):
    """Menus for one figure.

    Args:
        catalog: The lab's tables as concepts.
        quarter: Gives the weeks to choose from.
        name: Its letter.
        changed: Called after any change.
    """

    def __init__(self, catalog: Catalog, quarter: Quarter, name: str, changed: Callable[[], None]) -> None:
        self._catalog = catalog
        self._changed = changed
        self._quiet = False
        entities = catalog.bindings.entities
        self._how = widgets.Dropdown(options=[(words, how) for how, words in HOWS.items()], description=name)
        self._entity = widgets.Dropdown(
            options=[(entity.label or key, key) for key, entity in entities.items()], description="of each"
        )
        self._field = widgets.Dropdown(description="field")
        self._filters = [
            (widgets.Dropdown(description="where"), widgets.SelectMultiple(description="is", rows=4))
            for _ in range(FILTERS)
        ]
        weeks = [(f"week {day.isocalendar().week}, from {day.isoformat()}", day) for day in quarter.full_weeks()]
        self._span = widgets.Dropdown(
            options=[("the whole quarter", "all"), ("one week", "week"), ("from … to", "days")], description="in"
        )
        self._week = widgets.Dropdown(options=weeks, description="week")
        self._start = widgets.DatePicker(description="from", value=quarter.start)
        self._end = widgets.DatePicker(description="to", value=quarter.end)
        rows = [
            widgets.HBox([self._how, self._field, self._entity]),
            *(widgets.HBox(list(pair)) for pair in self._filters),
            widgets.HBox([self._span, self._week, self._start, self._end]),
        ]
        super().__init__(rows)
        self.layout.border_left = "3px solid var(--jp-border-color1, #bdbdbd)"
        self.layout.margin = "4px 0 4px 0"
        for row in rows:
            row.layout.flex_flow = "row wrap"
            within_notebook(*row.children)
        self._fill_entity()
        self._entity.observe(self._on_entity, names="value")
        self._how.observe(self._on_how, names="value")
        for field, members in self._filters:
            field.observe(self._on_filter, names="value")
            members.observe(self._tell, names="value")
        for menu in (self._field, self._span, self._week, self._start, self._end):
            menu.observe(self._tell, names="value")

    @property
    def aggregate(self) -> Aggregate:
        """The figure as the menus stand.

        Raises:
            Refused: A filter has no value chosen, or the days run backwards.
        """
        where: dict[str, tuple[str, ...]] = {}
        for field, members in self._filters:
            if field.value == NO_FILTER:
                continue
            if not members.value:
                raise Refused(f"choose at least one {field.label}")
            where[field.value] = tuple(members.value)
        how: How = self._how.value
        field_name = None if how == "count" else self._field.value
        if how != "count" and field_name is None:
            raise Refused(f"{self._entity.label} has no field to take the {HOWS[how]}")
        return Aggregate(how=how, entity=self._entity.value, field=field_name, where=where, period=self._period())

    def show(self, aggregate: Aggregate) -> None:
        """Sets the menus to a figure; what this data does not offer is left out."""
        self._quiet = True
        try:
            if aggregate.entity in self._catalog.bindings.entities:
                self._entity.value = aggregate.entity
            self._how.value = aggregate.how
            self._fill_fields()
            if aggregate.field in _values(self._field):
                self._field.value = aggregate.field
            for field, _ in self._filters:
                field.value = NO_FILTER
            offered = _values(self._filters[0][0])
            wanted = [(name, chosen) for name, chosen in aggregate.where.items() if name in offered]
            for (field, members), (name, chosen) in zip(self._filters, wanted, strict=False):
                field.value = name
                members.value = tuple(one for one in chosen if one in members.options)
            self._show_period(aggregate.period)
        finally:
            self._quiet = False
        self._tell()

    def _show_period(self, period: Period | None) -> None:
        if period is None:
            self._span.value = "all"
        elif period == Period.week(period.start) and period.start in _values(self._week):
            self._span.value, self._week.value = "week", period.start
        else:
            self._span.value, self._start.value, self._end.value = "days", period.start, period.end

    def _period(self) -> Period | None:
        if self._span.value == "all":
            return None
        if self._span.value == "week":
            return Period.week(self._week.value)
        start: date | None = self._start.value
        end: date | None = self._end.value
        if start is None or end is None or end < start:
            raise Refused("the days must run forwards, from … to")
        return Period(start=start, end=end)

    def _label(self, field: str) -> str:
        return self._catalog.bindings.entity(self._entity.value).fields[field].label or field.replace("_", " ")

    def _fill_entity(self) -> None:
        entity = self._catalog.bindings.entity(self._entity.value)
        self._fill_fields()
        frame = self._catalog.frame(self._entity.value)
        words = [name for name in entity.fields if not is_numeric_dtype(frame[name])]
        few = [name for name in words if frame[name].nunique() <= MEMBERS]
        for field, members in self._filters:
            field.options = [("(no filter)", NO_FILTER), *((self._label(name), name) for name in few)]
            field.value = NO_FILTER
            members.options = ()
        if entity.date is None:
            self._span.value = "all"
        self._span.disabled = entity.date is None
        self._show_needed()

    def _fill_fields(self) -> None:
        entity = self._catalog.bindings.entity(self._entity.value)
        frame = self._catalog.frame(self._entity.value)
        anything = self._how.value == "distinct"
        before = self._field.value
        names = [name for name in entity.fields if anything or is_numeric_dtype(frame[name])]
        self._field.options = [(self._label(name), name) for name in names]
        self._field.value = before if before in names else next(iter(names), None)

    def _show_needed(self) -> None:
        self._field.layout.display = "none" if self._how.value == "count" else None
        chosen = [field.value != NO_FILTER for field, _ in self._filters]
        for number, (field, members) in enumerate(self._filters):
            field.layout.display = None if number == 0 or chosen[number - 1] or chosen[number] else "none"
            members.layout.display = None if chosen[number] else "none"
        self._week.layout.display = None if self._span.value == "week" else "none"
        for picker in (self._start, self._end):
            picker.layout.display = None if self._span.value == "days" else "none"

    def _on_entity(self, _change: Any) -> None:
        self._fill_entity()
        self._tell()

    def _on_how(self, _change: Any) -> None:
        self._fill_fields()
        self._tell()

    def _on_filter(self, change: Any) -> None:
        for field, members in self._filters:
            if field is change["owner"]:
                members.options = (
                    () if field.value == NO_FILTER else self._catalog.members(self._entity.value, field.value)
                )
        self._tell()

    def _tell(self, _change: Any = None) -> None:
        self._show_needed()
        if not self._quiet:
            self._changed()


def _values(menu: Any) -> list[Any]:
    return [value for _, value in menu.options]
