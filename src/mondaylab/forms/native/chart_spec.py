"""A chart is its spec: Vega-Lite with its data in it. What it says is read back from there, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from mondaylab.errors import Refused

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""Says which language a spec is written in; nobody loads it."""
FEWEST, MOST = 3, 10
"""Bars of a chart."""
BEGINNING = '{"$schema":'
"""What every spec begins with."""


@dataclass(frozen=True)
class Chart:
    """Lying bars over one value axis.

    Attributes:
        bars: Name -> value, from top to bottom.
        title: What stands at the value axis.
        start: Where that axis begins.
        end: Where it ends.
        decimals: Of the values.
    """

    bars: Mapping[str, float]
    title: str
    start: float
    end: float
    decimals: int = 0

    @classmethod
    def read(cls, spec: str) -> Chart:
        """The chart that a spec says.

        Raises:
            Refused: It is no spec of such a chart, or is written in another way than `spec` writes it.
        """
        try:
            told = json.loads(spec)
            axis = told["encoding"]["x"]
            start, end = axis["scale"]["domain"]
            rows = [(str(one["bar"]), float(one["value"])) for one in told["data"]["values"]]
            decimals = int(axis["axis"]["format"].removeprefix(",.").removesuffix("f"))
            chart = cls(dict(rows), str(axis["title"]), float(start), float(end), decimals)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Refused("no spec of a chart as drafts show them", where=spec[:80]) from None
        numbers = (*chart.bars.values(), chart.start, chart.end)
        sound = FEWEST <= len(rows) <= MOST and all(map(isfinite, numbers)) and chart.start < chart.end
        # a bar that ends beyond the axis would be drawn out of the picture, or not at all
        sound = sound and all(chart.start <= value <= chart.end for value in chart.bars.values())
        if not sound or chart.spec() != spec:
            raise Refused("the chart's spec says something that no reader of it knows", where=spec[:80])
        return chart

    def spec(self) -> str:
        """The chart as Vega-Lite, always in the same letters."""
        values = [{"bar": name, "value": _plain(value)} for name, value in self.bars.items()]
        start, end = _plain(self.start), _plain(self.end)
        x = {
            "field": "value",
            "type": "quantitative",
            "title": self.title,
            "scale": {"domain": [start, end], "nice": False, "zero": False},
            "axis": {"format": f",.{self.decimals}f"},
        }
        told: dict[str, Any] = {
            "$schema": SCHEMA,
            "data": {"values": values},
            "mark": "bar",
            "encoding": {
                "y": {"field": "bar", "type": "nominal", "sort": None, "title": None},
                "x": x,
                "x2": {"datum": start},
            },
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @property
    def length(self) -> float:
        """Of the value axis."""
        return self.end - self.start

    def part(self, name: str) -> float:
        """How far along the axis a bar reaches, as a part of its length."""
        return (self.bars[name] - self.start) / self.length

    def spelled(self, value: float) -> str:
        """A number of it in words."""
        return f"{value:,.{self.decimals}f}"

    def axis_words(self) -> str:
        """Where the bars begin and how they are ordered, in a sentence."""
        start, end = self.spelled(self.start), self.spelled(self.end)
        return f"Bars from top to bottom; the axis goes from {start} to {end}."

    def label(self) -> str:
        """All of it in one line, for whoever does not see it."""
        told = ", ".join(f"{name} {self.spelled(value)}" for name, value in self.bars.items())
        return f"Bar chart, {self.title}: {told}. {self.axis_words()}"

    def text(self) -> str:
        """The chart for a terminal: a small table with its order and its axis."""
        rows = [(name, self.spelled(value)) for name, value in self.bars.items()]
        wide, long = (max(len(row[side]) for row in rows) for side in (0, 1))
        lines = [f"  {name:{wide}}  {value:>{long}}" for name, value in rows]
        return "\n".join((f"Bar chart, {self.title}", *lines, f"  {self.axis_words()}"))


def chart_or_none(text: str) -> Chart | None:
    """The chart that a piece of a draft says, if it says one."""
    if not text.startswith(BEGINNING):
        return None
    try:
        return Chart.read(text)
    except Refused:
        return None


def _plain(value: float) -> float | int:
    """Whole numbers without decimals, and no minus before a zero."""
    return int(value) if float(value).is_integer() else value
