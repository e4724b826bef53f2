"""Pictures of charts: drawn in a process of their own, then reduced to shapes and words without any colour."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from xml.etree import ElementTree

from mondaylab.forms.native.chart_spec import Chart, chart_or_none

SECONDS = 20.0
"""So long drawing may take before the numbers alone are shown."""
PATIENCE = 3.5
"""So long a form waits for its pictures when it is handed out: a class that opens a lab at once still gets its forms,
and whoever opens it anew the pictures, which are drawn meanwhile."""
PATIENCE_OF_PAGES = 10.0
"""The same for a page that is made once: a preview, a page of feedback."""
AGAIN = 300.0
"""So long a chart that could not be drawn is not tried again: each try starts a process."""
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
_CONTROLS = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""
_KEPT = {
    "g": ("transform",),
    "path": ("d",),
    "line": ("transform", "x2", "y2"),
    "text": ("transform", "text-anchor"),
}
"""Everything else is left out: no link, no script, nothing that loads."""
_drawn: dict[str, str] = {}
_failed: dict[str, float] = {}
"""Spec -> when it could not be drawn."""
_told: set[str] = set()
"""Reasons that were told: each once."""
_drawing = Lock()
_asked: dict[str, Event] = {}
"""Spec -> set when whoever draws it has ended."""
_asking = Lock()


def pictures(specs: Iterable[str]) -> dict[str, str]:
    """Spec -> its picture as SVG, for two widths; a chart that cannot be drawn has none."""
    wanted = list(dict.fromkeys(specs))
    with _drawing:
        new = [spec for spec in wanted if spec not in _drawn and _may_be_tried(spec)]
        made = dict(zip(new, _rendered(new), strict=True)) if new else {}
        for spec, svg in made.items():
            if svg is None:
                _failed[spec] = monotonic()
            else:
                _drawn[spec] = svg
        for known in (_drawn, _failed):
            while len(known) > max(_MOST, len(wanted)):
                del known[next(iter(known))]
        return {spec: _drawn[spec] for spec in wanted if spec in _drawn}


def pictures_in_time(specs: Iterable[str], seconds: float = PATIENCE) -> dict[str, str]:
    """The same, or what there is of them by then; the others are empty, and are drawn on."""
    wanted, until = list(dict.fromkeys(specs)), monotonic() + seconds
    with _asking:
        new = [spec for spec in wanted if spec not in _drawn and spec not in _asked and _may_be_tried(spec)]
        if new:
            _asked.update(dict.fromkeys(new, done := Event()))
            # a daemon: who ends does not wait for pictures that nobody will see
            Thread(target=_draw_on, args=(new, done), name="charts", daemon=True).start()
        waited_for = {id(_asked[spec]): _asked[spec] for spec in wanted if spec in _asked}
    for each in waited_for.values():
        each.wait(max(0.0, until - monotonic()))
    return {spec: _drawn.get(spec, "") for spec in wanted}


def _draw_on(specs: list[str], done: Event) -> None:
    try:
        pictures(specs)
    finally:
        with _asking:
            for spec in specs:
                _asked.pop(spec, None)
        done.set()


def _may_be_tried(spec: str) -> bool:
    """Whether a chart is one, and did not fail lately."""
    return monotonic() - _failed.get(spec, -AGAIN) >= AGAIN and chart_or_none(spec) is not None


def _rendered(specs: list[str]) -> list[str | None]:
    """The pictures of specs, all from one process; it sees no variable of ours, and need not outlive its work."""
    program = [sys.executable, "-I", str(Path(__file__).with_name("draw_charts.py"))]
    try:
        ended = subprocess.run(
            program, input=json.dumps(specs).encode(), capture_output=True, timeout=SECONDS, check=True, env={}
        )
        told = json.loads(ended.stdout)
        return [_both_or_none(spec, made) for spec, made in zip(specs, told, strict=True)]
    except (OSError, subprocess.SubprocessError, ValueError, TypeError) as error:
        _tell(error)  # a jail, a machine without the renderer: the numbers stand as a table
        return [None] * len(specs)


def _both_or_none(spec: str, made: list[str] | str) -> str | None:
    """The picture of one spec: what is wrong with it takes no other's."""
    try:
        wide, narrow = _svgs(made)
        return _both(spec, wide, narrow)
    except (ValueError, TypeError, ElementTree.ParseError) as error:
        _tell(error)
        return None


def _svgs(made: list[str] | str) -> list[str]:
    if isinstance(made, str):
        raise ValueError(made)  # noqa: TRY004  why the renderer did not draw it
    return made


def _tell(error: Exception) -> None:
    """Says once why a chart could not be drawn."""
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, subprocess.CalledProcessError) and error.stderr:
        reason += f": {error.stderr.decode(errors='replace').strip().splitlines()[-1]}"
    if reason not in _told and len(_told) < _MOST:
        _told.add(reason)
        print(f"mondaylab: a chart could not be drawn, its numbers are shown instead: {reason[:400]}", file=sys.stderr)


def _both(spec: str, wide: str, narrow: str) -> str:
    """The picture for a wide column and for a narrow one: it is never scaled; the style sheet shows one of them."""
    label = escape(_CONTROLS.sub(" ", Chart.read(spec).label()))
    drawn = (_reduced(svg, name, label) for svg, name in ((wide, "chart-wide"), (narrow, "chart-narrow")))
    return f'<div class="chart-scroll">{"".join(drawn)}</div>'


def _reduced(svg: str, name: str, label: str) -> str:
    """Shapes and words of a picture, under a label that states the values."""
    root = ElementTree.fromstring(_CONTROLS.sub(" ", svg))  # noqa: S314  the renderer's own, of a spec that was read before
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
