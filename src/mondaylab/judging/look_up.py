"""The look-up: a lab's tables for people who do not code. Choose a table, filter, sort, read, follow a row."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from mondaylab.errors import MondaylabError
from mondaylab.judging.narrow import within_notebook
from mondaylab.judging.rows import NONE, STYLE, number, record_html, rows_html, shown, spoken
from mondaylab.judging.selection import (
    FILTERS,
    HOWS,
    Filter,
    Query,
    Related,
    Summary,
    Tables,
    View,
    kind_of,
    related,
    select,
)

PICKED = 60
"""A column with more values than this offers none to pick; they are typed."""
NOTHING = ""
_ORDERS = (("small to large, A to Z, old to new", False), ("large to small, Z to A, new to old", True))


class FilterRow(widgets.HBox):
    """One condition: column, question, value."""

    def __init__(self, number: int, changed: Any) -> None:
        self._changed = changed
        self._quiet = False
        self.column = _menu("Where" if number == 1 else "and")
        self.how = _menu("condition")
        # told when typing is done: at Enter, Tab or a pick
        self.value = widgets.Combobox(
            description="value", placeholder="type or pick", continuous_update=False, ensure_option=False
        )
        for control in (self.column, self.how, self.value):
            control.style.description_width = "auto"
        within_notebook(self.value)
        self.column.layout.width = "17rem"
        self.how.layout.width = "13rem"
        self.value.layout.width = "19rem"
        super().__init__([self.column, self.how, self.value])
        self.layout.flex_flow = "row wrap"
        self.column.observe(self._on_column, names="value")
        self.how.observe(self._on_change, names="value")
        self.value.observe(self._on_change, names="value")

    @property
    def filter(self) -> Filter | None:
        """The condition as the menus stand; none without a column."""
        if self.column.value == NOTHING:
            return None
        return Filter(column=self.column.value, how=self.how.value, value=self.value.value)

    def show(self, frame: Any, condition: Filter | None) -> None:
        """Offers a table's columns, set to a condition or to none. Nobody is told."""
        self._quiet = True
        self._frame = frame
        self.column.options = [("(no filter)", NOTHING), *((spoken(name), str(name)) for name in frame.columns)]
        self.column.value = condition.column if condition else NOTHING
        self._offer()
        if condition:
            self.how.value, self.value.value = condition.how, condition.value
        self._quiet = False

    def _offer(self) -> None:
        self.value.value = ""
        chosen = self.column.value != NOTHING
        self.how.layout.display = self.value.layout.display = None if chosen else "none"
        if not chosen:
            return
        values = self._frame[self.column.value]
        _fill(self.how, HOWS[kind_of(values)])
        distinct = values.drop_duplicates().sort_values()
        texts = shown(distinct) if len(distinct) <= PICKED else []
        self.value.options = tuple(dict.fromkeys(text for text in texts if text != NONE))

    def _on_column(self, _change: Any) -> None:
        if not self._quiet:
            self._quiet = True
            self._offer()
            self._quiet = False
            self._changed()

    def _on_change(self, _change: Any) -> None:
        self.value.disabled = self.how.value == "is empty"
        if not self._quiet:
            self._changed()


class LookUp(widgets.VBox):
    """Menus over the lab's tables, and the rows that they find.

    Nothing is kept: run the cell again, and it opens on the first table.

    Args:
        tables: The lab's tables by name.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._before: list[Query] = []
        self._quiet = True
        self._table = _menu(
            "Table", [(f"{spoken(name)} ({len(frame):,} rows)", name) for name, frame in tables.items()]
        )
        self._filters = [FilterRow(position, self._refresh) for position in range(1, FILTERS + 1)]
        self._sort = _menu("Sort by")
        self._order = _menu("order", _ORDERS)
        self._sum = _menu("Add up")
        self._distinct = _menu("Count different")
        self._group = _menu("Group by")
        self._across = _menu("side by side")
        self._clear = _button("Clear", "Take away all filters, the order, the sum and the groups")
        self._look = _button("Show", "Shows the rows without a filter")
        self._about = widgets.HTML()
        self.back_to_claim = _button("Back to the claim", "Up to the panel, where it is judged")
        """Shown while a claim is checked; whoever opened the look-up for it listens."""
        self._checked = widgets.HBox(
            [self._about, self.back_to_claim], layout={"display": "none", "flex_flow": "row wrap"}
        )
        self._result = widgets.HTML(layout={"width": "100%"})
        self._row = _menu("Row")
        self._related = _menu("leads to")
        self._go = _button("Show these rows", "Opens the rows of the other table that have the same key")
        self._back = _button("Back", "To what you looked at before")
        self._follow = widgets.HBox([self._row, self._related, self._go])
        for control, width in ((self._table, 22), (self._sort, 17), (self._order, 20), (self._sum, 17),
                               (self._distinct, 19), (self._group, 17), (self._across, 17)):  # fmt: skip
            control.layout.width = f"{width}rem"
        self._row.layout.width, self._related.layout.width = "24rem", "30rem"
        figures = widgets.HBox([self._sum, self._distinct, self._group, self._across])
        order = widgets.HBox([self._sort, self._order, self._look, self._clear, self._back])
        rows = [figures, order, self._follow]
        for row in rows:
            row.layout.flex_flow = "row wrap"
        shown_above = [widgets.HTML(STYLE), self._checked, self._table, *self._filters, figures, order]
        super().__init__([*shown_above, self._result, self._follow])
        self.view: View | None = None
        """What is shown; none where the menus do not fit together."""
        if tables:
            self._table.observe(self._on_table, names="value")
            for control in (self._sort, self._order, self._sum, self._distinct, self._group, self._across):
                control.observe(self._refresh, names="value")
            self._row.observe(self._offer_related, names="value")
            self._clear.on_click(lambda _: self.show(Query(table=self._table.value)))
            self._look.on_click(lambda _: self._refresh())
            self._go.on_click(lambda _: self._on_go())
            self._back.on_click(lambda _: self._on_back())
            self.show(Query(table=next(iter(tables))))
        else:
            self._result.value = _told("This lab has no tables.")

    @property
    def tables(self) -> Tables:
        """What the first menu offers, by name."""
        return self._tables

    @property
    def query(self) -> Query:
        """The query as the menus stand."""
        return Query(
            table=self._table.value,
            filters=tuple(one for row in self._filters if (one := row.filter) is not None),
            sort=self._sort.value or None,
            descending=self._order.value,
            summarise=self._sum.value or None,
            distinct=self._distinct.value or None,
            group=self._group.value or None,
            across=(self._across.value or None) if self._group.value else None,
        )

    def show(self, query: Query) -> None:
        """Sets the menus to a query and shows what it finds."""
        self._set(query)
        self._refresh()

    def open_at(self, query: Query, about: str, *, found: bool) -> None:
        """Sets the menus for somebody who has something to check.

        Args:
            query: Where to begin.
            about: What is to be checked, said above the menus.
            found: Whether what it finds is shown at once; if not, a first choice shows it.
        """
        self._before.clear()
        self._about.value = f'<div class="mdl-rows"><p class="about">{escape(about)}</p></div>'
        self._checked.layout.display = None
        self._set(query)
        self._arrange()
        if found:
            self._refresh()
            return
        self.view = None
        self._result.value = _told("Choose what the claim is about: a filter, a group, an order. Show shows all rows.")
        self._offer_rows()

    def _set(self, query: Query) -> None:
        self._quiet = True
        frame = self._tables[query.table]
        self._table.value = query.table
        for position, row in enumerate(self._filters):
            row.show(frame, query.filters[position] if position < len(query.filters) else None)
        names = [(spoken(name), str(name)) for name in frame.columns]
        self._sort.options = [("(as stored)", NOTHING), *names]
        self._sort.value, self._order.value = query.sort or NOTHING, query.descending
        numbers = [(label, name) for label, name in names if kind_of(frame[name]) == "number"]
        self._sum.options = [("(nothing)", NOTHING), *numbers]
        self._sum.value = query.summarise or NOTHING
        self._distinct.options = [("(nothing)", NOTHING), *names]
        self._distinct.value = query.distinct or NOTHING
        self._group.options = self._across.options = [("(no groups)", NOTHING), *names]
        self._group.value, self._across.value = query.group or NOTHING, query.across or NOTHING
        self._quiet = False

    def follow(self, target: Related) -> None:
        """Opens the rows that belong to a shown one; *Back* returns."""
        self._before.append(self.query)
        self.show(Query(table=target.table, filters=(Filter(column=target.column, value=target.value),)))

    def _refresh(self, _change: Any = None) -> None:
        if self._quiet:
            return
        self._arrange()
        try:
            self.view = select(self._tables, self.query)
        except MondaylabError as error:
            self.view = None
            self._result.value = _told(f"{error.what}. Next: {error.fix}" if error.fix else error.what)
        else:
            self._result.value = view_html(self.view) if self.view.matches else self._empty(self.view)
        self._offer_rows()

    def _arrange(self) -> None:
        """Shows the menus that can be used now."""
        used = [row.filter is not None for row in self._filters]
        for position, row in enumerate(self._filters):
            row.layout.display = None if position == 0 or used[position] or used[position - 1] else "none"
        self._order.layout.display = None if self._sort.value else "none"
        self._back.layout.display = None if self._before else "none"
        self._across.layout.display = None if self._group.value else "none"

    def _empty(self, view: View) -> str:
        """No row matches: says which condition alone already finds nothing."""
        queries = [Query(table=view.query.table, filters=(one,)) for one in view.query.filters]
        alone = [query.filters[0] for query in queries if not select(self._tables, query).matches]
        why = "".join(f" On its own, “{_said(one)}” finds nothing." for one in alone)
        return _told(f"No row matches; loosen a filter.{why}")

    def _offer_rows(self) -> None:
        view = self.view
        rows = [] if view is None else shown(view.rows.iloc[:, 0])
        _fill(self._row, [(f"{position}. {text}", position - 1) for position, text in enumerate(rows, start=1)])
        self._offer_related()

    def _offer_related(self, _change: Any = None) -> None:
        found: tuple[Related, ...] = ()
        if self.view is not None and self._row.value is not None:
            found = related(self._tables, self.view.query.table, self.view.rows.iloc[self._row.value])
        _fill(self._related, [(_lead(one), one) for one in found])
        self._related.disabled = self._go.disabled = not found
        self._follow.layout.display = None if self._shows_rows() else "none"

    def _shows_rows(self) -> bool:
        return self.view is not None and self.view.matches > 0 and self.view.groups is None

    def _on_table(self, change: Any) -> None:
        if not self._quiet:
            self.show(Query(table=change["new"]))

    def _on_go(self) -> None:
        if self._related.value is not None:
            self.follow(self._related.value)

    def _on_back(self) -> None:
        if self._before:
            self.show(self._before.pop())


def view_html(view: View) -> str:
    """How many rows match, the figures of the column added up, and the rows."""
    query = view.query
    count = f"<b>{view.matches:,}</b> of {view.total:,} rows"
    conditions = " and ".join(_said(one) for one in query.filters if one.value.strip() or one.how == "is empty")
    where = f" where {escape(conditions)}" if conditions else ""
    part = f"; the first {len(view.rows)} are shown" if len(view.rows) < view.matches else ""
    total = f"<p>{escape(summary_words(view.summary))}</p>" if view.summary else ""
    if query.distinct is not None and view.distinct is not None:
        total += f"<p>{escape(f'Different {spoken(query.distinct)}: {view.distinct:,}.')}</p>"
    caption = f"{spoken(query.table)}{f' where {conditions}' if conditions else ''}"
    if view.groups is not None:
        part, table = f", in {len(view.groups)} groups", rows_html(view.groups, f"{caption}, in groups")
    elif view.matches == 1:
        table = record_html(view.rows, caption)
    else:
        table = rows_html(view.rows, caption, sort=query.sort, descending=query.descending)
    return f'<div class="mdl-rows"><p role="status">{count}{where}{part}.</p>{total}{table}</div>'


def summary_words(summary: Summary) -> str:
    """The figures of a column of numbers in a line."""
    name = spoken(summary.column)
    if summary.n == 0:
        return f"{name}: no row that matches has a value."
    figures = {"sum": summary.sum, "mean": summary.mean, "smallest": summary.min, "largest": summary.max}
    said = ", ".join(f"{word} {number(value)}" for word, value in figures.items() if value is not None)
    return f"{name} of {summary.n:,} {'row' if summary.n == 1 else 'rows'}: {said}."


def _said(one: Filter) -> str:
    return f"{spoken(one.column)} {one.how}" + ("" if one.how == "is empty" else f" {one.value.strip()}")


def _lead(one: Related) -> str:
    rows = "row" if one.count == 1 else "rows"
    return f"{one.count:,} {rows} of {spoken(one.table)} with this {spoken(one.column)}"


def _told(words: str) -> str:
    return f'<div class="mdl-rows"><p class="told" role="status">{escape(words)}</p></div>'


def _menu(label: str, options: Any = ()) -> Any:
    menu = widgets.Dropdown(description=label, options=options, style={"description_width": "auto"})
    within_notebook(menu)
    return menu


def _fill(menu: Any, options: Sequence[Any]) -> None:
    """New options, the first one chosen: a menu that was empty would else stay without a choice."""
    menu.options = options
    menu.index = 0 if options else None


def _button(label: str, told: str) -> Any:
    return widgets.Button(description=label, tooltip=told, layout={"width": "auto"})
