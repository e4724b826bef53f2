"""Draws charts in a process of its own: Vega-Lite specs on standard input, SVG on standard output, both as JSON.

The renderer needs more address space than a jail leaves, and ends its process where it finds none. Run by its path.
"""

from __future__ import annotations

import json
import sys

import vl_convert

WIDTH, STEP = 560, 30
"""Of the whole picture, and from bar to bar, in pixels."""
LABELS = 170
"""The longest name beside a bar; what is longer ends in dots, and the table has it whole."""
CONFIG = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "bar": {"height": {"band": 0.66}},
    "axis": {"labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal", "labelLimit": LABELS},
    "axisX": {"grid": True, "ticks": False, "tickCount": 5, "labelPadding": 8, "titlePadding": 8, "domain": False},
    "axisY": {"grid": False, "ticks": False, "labelPadding": 10},
}


def drawn(spec: str) -> str:
    """A chart as SVG; its colours are left to the style sheet of the page."""
    said = {
        **json.loads(spec),
        "width": WIDTH,
        "height": {"step": STEP},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 0, "top": 4, "right": 16, "bottom": 4},
    }
    return vl_convert.vegalite_to_svg(said, config=CONFIG, allowed_base_urls=[])


if __name__ == "__main__":
    json.dump([drawn(spec) for spec in json.load(sys.stdin)], sys.stdout)
