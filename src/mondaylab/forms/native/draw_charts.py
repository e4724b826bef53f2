"""Draws charts in a process of its own: Vega-Lite specs on standard input, SVG on standard output, both as JSON.

The renderer needs more address space than a jail leaves, and ends its process where it finds none. Run by its path.
"""

from __future__ import annotations

import json
import re
import sys
from math import floor, log10
from typing import Any

import vl_convert

WIDTHS = {560: 200, 240: 108}
"""Of the whole picture, for a wide column and for a narrow one -> the longest name beside a bar, in pixels; what is
longer ends in dots, and the table has it whole."""
STEP = 30
"""From bar to bar."""
CONFIG = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "bar": {"height": {"band": 0.66}},
    "axis": {"labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal"},
    "axisX": {"grid": True, "ticks": False, "labelPadding": 8, "titlePadding": 8, "domain": False},
    # the page shows names in 13 pixels of its own font: room for one that is a fifth wider than the renderer's
    "axisY": {"grid": False, "ticks": False, "labelPadding": 10, "labelFontSize": 16},
}


def drawn(spec: str) -> list[str] | str:
    """A chart as SVG, once for each width, or why not; its colours are left to the style sheet of the page."""
    try:
        return [_drawn(json.loads(spec), width, labels) for width, labels in WIDTHS.items()]
    except (ValueError, KeyError, TypeError) as error:  # of this chart alone
        return f"{type(error).__name__}: {error}"


def _drawn(said: dict[str, Any], width: int, labels: int) -> str:
    rows = said["data"]["values"]
    for row in rows:
        row["bar"] = drawable(row["bar"])
    if len({row["bar"] for row in rows}) < len(rows):
        raise ValueError("two bars are drawn by the same name")
    said["encoding"]["x"]["title"] = drawable(said["encoding"]["x"]["title"])
    start, end = said["encoding"]["x"]["scale"]["domain"]
    said["encoding"]["x"]["axis"]["values"] = ticks(start, end, decimals_of(said))
    said["encoding"]["y"]["axis"] = {"labelLimit": labels}
    said |= {
        "width": width,
        "height": {"step": STEP},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 0, "top": 4, "right": 16, "bottom": 4},
    }
    return vl_convert.vegalite_to_svg(said, config=CONFIG, allowed_base_urls=[])


def drawable(name: str) -> str:
    """A name with a mark for each character that the renderer ends its process at, or that no SVG can hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", name)


def decimals_of(said: dict[str, Any]) -> int:
    """Decimals of the labels at the axis."""
    return int(said["encoding"]["x"]["axis"]["format"].removeprefix(",.").removesuffix("f"))


def ticks(start: float, end: float, decimals: int) -> list[float]:
    """Round numbers of an axis, and first of all where it begins: that is one of the things to be seen.

    None lies between two numbers that a label can write: each stands where its number is, and no two read alike.
    """
    rough = (end - start) / 4
    unit = 10.0 ** floor(log10(rough))
    step = next(times * unit for times in (1, 2, 5, 10) if times * unit >= rough * 0.999)
    step = max(step, 10.0**-decimals)
    round_ones = [step * n for n in range(floor(start / step), floor(end / step + 1e-6) + 1)]
    told = [start, *(one for one in round_ones if one > start + step / 2)]
    return [one for one in told if abs(round(one, decimals) - one) <= 1e-6 * max(step, abs(one) * 1e-6)]


if __name__ == "__main__":
    json.dump([drawn(spec) for spec in json.load(sys.stdin)], sys.stdout)
