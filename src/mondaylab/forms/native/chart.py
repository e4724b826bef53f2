"""Charts: a page that the assistant made, its charts with their numbers, and what it says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from mondaylab.forms.draft_format import DraftFormat
from mondaylab.forms.native.chart_picture import PATIENCE_OF_PAGES, pictures_in_time
from mondaylab.forms.native.chart_spec import Chart, chart_or_none
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import ShownDraft
from mondaylab.records import Record

NUMBERS = "The chart's numbers"
NOT_DRAWN = "The chart could not be drawn here; these are its numbers."
_CODE = re.compile(r'<pre class="code-lines"[^>]*><span class="code-line">([^<]*)</span></pre>')
_LINE = re.compile(r"^ +1  (\{.+\})$", re.MULTILINE)


class ChartLayout(Record):
    """What stands around a page of charts."""

    file: str = ""
    """The file's name, such as ``charts.pdf``."""


def _specs(draft: ShownDraft) -> Iterator[str]:
    """The specs of a draft's charts, in reading order."""
    for part in draft.parts:
        for one in part.walk():
            text = "".join(piece.text or "" for piece in one.parts) if one.tag == "pre" else ""
            if chart_or_none(text) is not None:
                yield text


def _pictures(draft: ShownDraft) -> dict[str, str]:
    """Spec -> picture: those that the draft brings along, or drawn now."""
    brought = {spec: picture for spec in _specs(draft) if (picture := draft.pictures.get(spec))}
    return pictures_in_time((spec for spec in _specs(draft) if spec not in brought), PATIENCE_OF_PAGES) | brought


def _handed_out(draft: ShownDraft) -> dict[str, str]:
    return pictures_in_time(_specs(draft))


def _html(body: str, layout: ChartLayout, draft: ShownDraft) -> str:
    drawn = _pictures(draft)

    def shown(code: re.Match[str]) -> str:
        spec = unescape(code[1])
        chart = chart_or_none(spec)
        return code[0] if chart is None else figure(chart, drawn.get(spec) or None)

    file = f'<p class="chart-file"><b>{escape(layout.file)}</b></p>' if layout.file else ""
    return f'<div class="chart-sheet">{file}{_CODE.sub(shown, body)}</div>'


def figure(chart: Chart, picture: str | None) -> str:
    """A chart as HTML: its picture and, folded below, its numbers; without a picture these stand open."""
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="num">{chart.spelled(value)}</td></tr>'
        for name, value in chart.bars.items()
    )
    head = f'<thead><tr><th scope="col">Bar</th><th scope="col" class="num">{escape(chart.title)}</th></tr></thead>'
    table = f"<table>{head}<tbody>{rows}</tbody></table><p>{chart.axis_words()}</p>"
    if picture is None:
        return f'<figure class="chart-figure"><p>{NOT_DRAWN}</p>{table}</figure>'
    folded = f'<details class="chart-numbers"><summary>{NUMBERS}</summary>{table}</details>'
    return f'<figure class="chart-figure">{picture}{folded}</figure>'


def _text(body: str, layout: ChartLayout, _: ShownDraft) -> str:
    def shown(line: re.Match[str]) -> str:
        chart = chart_or_none(line[1])
        return line[0] if chart is None else chart.text()

    told = _LINE.sub(shown, body)
    return f"{layout.file}\n\n{told}" if layout.file else told


CHART = DraftFormat(
    label="page of charts",
    html=_html,
    text=_text,
    layout=ChartLayout,
    panel=beside("chart.js"),
    style=beside("chart.css"),
    pictures=_handed_out,
)
