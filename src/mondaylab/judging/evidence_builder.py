"""The evidence builder: a measure put together from menus, for people who do not code."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from mondaylab.errors import MondaylabError
from mondaylab.forms.shown import ShownQuestion
from mondaylab.judging.narrow import within_notebook
from mondaylab.judging.term import Term
from mondaylab.measures import Aggregate, Growth, Measure, Minus, Ratio, describe, leaves
from mondaylab.measures.catalog import Catalog
from mondaylab.quarter import Quarter

SHAPES: dict[str, tuple[str, int]] = {
    "one": ("A", 1),
    "minus": ("A minus B", 2),
    "ratio": ("A divided by B", 2),
    "margin": ("A minus B, divided by C", 3),
    "growth": ("change from B to A, divided by B", 2),
}
"""Shape -> its words and how many figures it takes."""


class EvidenceBuilder(widgets.VBox):
    """Menus for up to three figures and how they are put together; shows the measure in words and its value now.

    Args:
        catalog: The lab's tables as concepts.
        quarter: Gives the weeks to choose from.
        saved: The measure saved before, if any; the menus open on it.
        save: Saves a measure and returns a receipt; ``None`` where there is no judgement service.
        question: What is asked, if known.
    """

    def __init__(
        self,
        catalog: Catalog,
        quarter: Quarter,
        saved: Measure | None = None,
        save: Callable[[Measure | None], str] | None = None,
        question: ShownQuestion | None = None,
    ) -> None:
        self._catalog = catalog
        self._save = save
        self._unit = question.unit if question else None
        self._terms = [Term(catalog, quarter, name, self._refresh) for name in "ABC"]
        self._shape = widgets.Dropdown(
            options=[(words, shape) for shape, (words, _) in SHAPES.items()], description="Compute", value="one"
        )
        self._result = widgets.HTML()
        self._told = widgets.HTML()
        self._button = widgets.Button(description="Save as my evidence", button_style="primary", disabled=save is None)
        self._button.layout.width = "auto"
        self._copy = widgets.Button(description="Copy A to the others", tooltip="Then change only what differs")
        self._copy.layout.width = "auto"
        within_notebook(self._shape)
        task = widgets.HTML(f"<p>{escape(question.text)}</p>" if question else "")
        super().__init__(
            [
                task,
                widgets.HBox([self._shape, self._copy], layout={"flex_flow": "row wrap"}),
                *self._terms,
                self._result,
                widgets.HBox([self._button, self._told], layout={"flex_flow": "row wrap"}),
            ]
        )
        self._note = ""
        if saved is not None:
            self._open(saved)
        self._shape.observe(self._refresh, names="value")
        self._button.on_click(self._on_save)
        self._copy.on_click(self._on_copy)
        self._tell("Open this lab in the hub to save." if save is None else self._note)
        self._refresh()

    @property
    def measure(self) -> Measure:
        """The measure as the menus stand.

        Raises:
            Refused: A figure is incomplete, such as a period that ends before it begins.
        """
        a, b, c = self._terms
        match self._shape.value:
            case "one":
                return a.aggregate
            case "minus":
                return Minus(left=a.aggregate, right=b.aggregate)
            case "ratio":
                return Ratio(top=a.aggregate, bottom=b.aggregate)
            case "margin":
                return Ratio(top=Minus(left=a.aggregate, right=b.aggregate), bottom=c.aggregate)
            case _:
                return Growth(now=a.aggregate, before=b.aggregate)

    def value_now(self) -> float:
        """The measure's value on the tables as they are; raises as `measure`, or if there is no value."""
        return self._catalog.evaluate(self.measure)

    def _open(self, saved: Measure) -> None:
        opened = parts(saved)
        if opened is None:
            self._note = "Your saved evidence was not made with these menus; saving here replaces it."
            return
        shape, aggregates = opened
        self._shape.value = shape
        for term, aggregate in zip(self._terms, aggregates, strict=False):
            term.show(aggregate)
        self._note = "Saved before; the menus show it."

    def _refresh(self, _change: Any = None) -> None:
        used = SHAPES[self._shape.value][1]
        for number, term in enumerate(self._terms):
            term.layout.display = None if number < used else "none"
        self._copy.layout.display = None if used > 1 else "none"
        try:
            words = describe(self.measure)
        except MondaylabError as error:
            self._result.value = f"<p><b>Not complete:</b> {escape(error.what)}</p>"
            return
        try:
            value = f"<b>{self._figure(self.value_now())}</b>"
        except MondaylabError as error:
            value = f"<b>No value:</b> {escape(error.what)}"
        self._result.value = f"<p><code>{escape(words)}</code></p><p>On your tables now: {value}</p>"

    def _figure(self, value: float) -> str:
        text = f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.2f}"
        relative = self._shape.value in {"ratio", "margin", "growth"}
        if relative and self._unit in {None, "%"}:
            return f"{text} = {100 * value:,.2f} %"
        return text

    def _on_copy(self, _button: Any) -> None:
        try:
            source = self._terms[0].aggregate
        except MondaylabError as error:
            self._tell(error.what)
            return
        for term in self._terms[1:]:
            term.show(source)

    def _on_save(self, _button: Any) -> None:
        if self._save is None:
            return
        try:
            self.value_now()  # a measure without a value here has none on redrawn data either
            receipt = self._save(self.measure)
        except MondaylabError as error:
            self._tell(f"Not saved: {error}")
            return
        self._tell(f"Saved. Receipt {receipt}")

    def _tell(self, words: str) -> None:
        self._told.value = escape(words)


def parts(measure: Measure) -> tuple[str, list[Aggregate]] | None:
    """A measure as a shape and its figures; ``None`` if the menus cannot make it."""
    plain = all(not part.bounds and part.how not in ("quantile", "range") for part in leaves(measure))
    return _shaped(measure) if plain else None


def _shaped(measure: Measure) -> tuple[str, list[Aggregate]] | None:
    match measure:
        case Aggregate():
            return "one", [measure]
        case Minus(left=Aggregate() as left, right=Aggregate() as right):
            return "minus", [left, right]
        case Ratio(top=Aggregate() as top, bottom=Aggregate() as bottom):
            return "ratio", [top, bottom]
        case Ratio(top=Minus(left=Aggregate() as left, right=Aggregate() as right), bottom=Aggregate() as bottom):
            return "margin", [left, right, bottom]
        case Growth(now=Aggregate() as now, before=Aggregate() as before):
            return "growth", [now, before]
        case _:
            return None
