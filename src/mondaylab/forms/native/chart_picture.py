"""Pictures of charts: drawn in a process of their own, then reduced to shapes and words without any colour."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from html import escape
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

from mondaylab.forms.native.chart_spec import Chart, chart_or_none

SECONDS = 20.0
"""So long drawing may take before the numbers alone are shown."""
PATIENCE = 3.5
"""So long a form waits for its pictures when it is handed out: a class that opens a lab at once still gets its forms,
and whoever opens it anew the pictures, which are drawn meanwhile."""
_MOST = 1000
"""Pictures that are kept; a cohort's forms show some of the same."""
_ROLES = {
    "role-axis-grid": "chart-grid",
    "role-axis-label": "chart-name",
    "role-axis-title": "chart-title",
    "role-axis-domain": "chart-line",
    "role-mark": "chart-bars",
}
"""The renderer's word for a group of marks -> the style sheet's."""
_KEPT = {
    "g": ("transform",),
    "path": ("d",),
    "line": ("transform", "x2", "y2"),
    "text": ("transform", "text-anchor"),
}
"""Everything else is left out: no link, no script, nothing that loads."""
_drawn: dict[str, str] = {}
_drawing = Lock()
_pool = ThreadPoolExecutor(1, thread_name_prefix="charts")


def pictures(specs: Iterable[str]) -> dict[str, str]:
    """Spec -> its picture as SVG, for two widths; a chart that cannot be drawn has none."""
    wanted = list(dict.fromkeys(specs))
    with _drawing:
        new = [spec for spec in wanted if spec not in _drawn and chart_or_none(spec) is not None]
        made = dict(zip(new, _rendered(new), strict=True)) if new else {}
        for spec, svg in made.items():
            if svg is not None:
                _drawn[spec] = svg
        while len(_drawn) > max(_MOST, len(wanted)):
            del _drawn[next(iter(_drawn))]
        return {spec: _drawn[spec] for spec in wanted if spec in _drawn}


def pictures_in_time(specs: Iterable[str], seconds: float = PATIENCE) -> dict[str, str]:
    """The same, or what there is of them by then; the others are empty, and are drawn on."""
    wanted = list(specs)
    if not all(spec in _drawn for spec in wanted):
        with suppress(TimeoutError):
            _pool.submit(pictures, wanted).result(seconds)
    return {spec: _drawn.get(spec, "") for spec in wanted}


def _rendered(specs: list[str]) -> list[str | None]:
    """The pictures of specs, all from one process; it sees no variable of ours, and need not outlive its work."""
    program = [sys.executable, "-I", str(Path(__file__).with_name("draw_charts.py"))]
    try:
        ended = subprocess.run(
            program, input=json.dumps(specs).encode(), capture_output=True, timeout=SECONDS, check=True, env={}
        )
        told = json.loads(ended.stdout)
        return [_both(spec, *made) for spec, made in zip(specs, told, strict=True)]
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, ElementTree.ParseError):
        return [None] * len(specs)  # a jail, a machine without the renderer: the numbers stand as a table


def _both(spec: str, wide: str, narrow: str) -> str:
    """The picture for a wide column and for a narrow one: it is never scaled; the style sheet shows one of them."""
    label = escape(Chart.read(spec).label())
    drawn = (_reduced(svg, name, label) for svg, name in ((wide, "chart-wide"), (narrow, "chart-narrow")))
    return f'<div class="chart-scroll">{"".join(drawn)}</div>'


def _reduced(svg: str, name: str, label: str) -> str:
    """Shapes and words of a picture, under a label that states the values."""
    root = ElementTree.fromstring(svg)  # noqa: S314  the renderer's own, of a spec that was read before
    wide, high = (f"{float(root.get(side, '0')):g}" for side in ("width", "height"))
    size = f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
    inner = "".join(_shapes(root))
    return f'<svg class="chart-picture {name}" {size} role="img" aria-label="{label}">{inner}</svg>'


def _shapes(parent: ElementTree.Element) -> Iterator[str]:
    for one in parent:
        tag = one.tag.rpartition("}")[2]
        role = one.get("class", "").split()
        if tag not in _KEPT or {"background", "foreground"} & {*role}:
            continue
        told = {name: value for name in _KEPT[tag] if (value := one.get(name))}
        if named := [_ROLES[word] for word in role if word in _ROLES]:
            told["class"] = named[0]
        inner = "".join(_shapes(one)) or escape((one.text or "").strip())
        if inner or tag in ("path", "line"):
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in told.items())
            yield f"<{tag}{attributes}>{inner}</{tag}>"
