"""Charts in drafts: the spec is the chart, its picture holds shapes and words alone, its numbers always stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from threading import Event
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.drafts_in_form import BARS, draft_of, each_format
from tests.support.places import ROOT

from mondaylab.errors import Refused
from mondaylab.forms.formats import html_of, pictured, text_of
from mondaylab.forms.native import chart_picture
from mondaylab.forms.native.chart import NOT_DRAWN
from mondaylab.forms.native.chart_spec import Chart, chart_or_none
from mondaylab.forms.native.draw_charts import ticks
from mondaylab.forms.shown import ShownDraft
from mondaylab.labs.claims.chart_ways import round_above

DRAFT = next(draft for draft in each_format() if draft.format == "chart")
NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def picture() -> str:
    """The real renderer's, once."""
    return chart_picture.pictures([BARS.spec()])[BARS.spec()]


def with_picture(picture: str) -> ShownDraft:
    return DRAFT.model_copy(update={"pictures": {BARS.spec(): picture}})


@given(
    bars=st.dictionaries(NAMES, st.floats(1000, 1e9), min_size=3, max_size=10),
    title=NAMES,
    start=st.integers(0, 1000),
    decimals=st.integers(0, 2),
)
def test_what_a_spec_says_is_read_back_as_it_was_written(bars, title, start, decimals):
    chart = Chart(bars, title, float(start), 1e9 + 0.5, decimals)
    read = Chart.read(chart.spec())
    assert read == chart and list(read.bars) == list(bars), "the order is part of it"
    assert json.loads(chart.spec())["encoding"]["y"]["sort"] is None, "and the renderer keeps it"


@given(start=st.integers(0, 10**7), steps=st.integers(1, 10**6), decimals=st.integers(0, 3))
def test_labels_at_the_axis_are_all_different_and_each_stands_where_its_number_is(start, steps, decimals):
    first = start / 10**decimals
    end = round_above(first, first + steps / 10**decimals)
    told = ticks(first, max(end, first + 10**-decimals), decimals)
    labels = [f"{one:,.{decimals}f}" for one in told]
    assert len(set(labels)) == len(labels) >= 2 and told[0] == first
    assert all(abs(float(label.replace(",", "")) - one) <= 1e-6 for label, one in zip(labels, told, strict=True))


SPEC = json.loads(BARS.spec())


@pytest.mark.parametrize(
    "spec",
    [
        "{}",
        "SELECT 1",
        '{"$schema":' + "[" * 5000,
        json.dumps(SPEC),  # other spaces
        json.dumps(SPEC | {"data": {"url": "https://example.org/x.csv"}}, separators=(",", ":")),
        json.dumps(SPEC | {"transform": [{"filter": "datum.value > 1000"}]}, separators=(",", ":")),
        json.dumps(SPEC | {"usermeta": {"x": 1}}, separators=(",", ":")),
        BARS.spec().replace('"sort":null', '"sort":"x"'),
        BARS.spec().replace('"datum":500', '"datum":0'),
        BARS.spec().replace("2184", "NaN"),
        BARS.spec().replace("2184", "2501"),
        BARS.spec().replace("905", "499"),
        BARS.spec().replace("Carlow", "Brakke & Sons"),
        Chart({"a": 1.0, "b": 2.0}, "number", 0, 3).spec(),
        Chart({str(n): 1.0 for n in range(11)}, "number", 0, 3).spec(),
        Chart({"a": 1.0, "b": 2.0, "c": 1.0}, "number", 3, 3).spec(),
    ],
)
def test_whatever_else_a_spec_could_say_is_refused(spec):
    """Else the picture could show what is not read back: other rows, another order, a bar from elsewhere."""
    with pytest.raises(Refused):
        Chart.read(spec)
    assert chart_or_none(spec) is None and chart_picture.pictures([spec]) == {}


def test_a_picture_holds_each_bar_at_its_length_and_nothing_that_could_run(picture):
    root = ElementTree.fromstring(picture)
    tags = {one.tag for one in root.iter()}
    assert tags <= {"div", "svg", "g", "path", "line", "text"}
    kept = {"class", "width", "height", "viewBox", "role", "aria-label", "transform", "d", "x2", "y2", "text-anchor"}
    assert {name for one in root.iter() for name in one.attrib} <= kept, "no colour, no link, no handler"
    parts = [BARS.part(name) for name in BARS.bars]
    for one in root:
        bars = next(inner for inner in one.iter("g") if inner.get("class") == "chart-bars")
        drawn = [float(bar.get("d").split("h")[1].split("v")[0]) for bar in bars]
        assert [round(long / drawn[0], 3) for long in drawn] == [round(part / parts[0], 3) for part in parts]
        assert one.get("role") == "img" and "2,184" in one.get("aria-label") and "from 500 to" in one.get("aria-label")
        numbers = [text.text for text in one.iter("text")]
        assert numbers[0] == "500", "where it begins is written at the axis"
    assert [one.get("width") for one in root] == ["560", "240"], "one for a narrow column: it is never scaled"


@pytest.mark.parametrize("mark", ["<script", "<foreignObject", "onload", "href", "<style"])
def test_a_member_that_is_markup_is_harmless_and_stays_readable(picture, mark):
    inside = "<foreignObject><style>*{}</style></foreignObject>"
    evil = picture.replace("</svg>", f'<script>x()</script><a href="javascript:x()">{inside}</a></svg>')
    evil = evil.replace("<path", '<path onload="x()"')
    html = html_of(with_picture(evil)).partition("</style>")[2]
    assert mark not in html and "<svg" in html, "a picture comes over the wire: it is cleaned as everything is"
    assert "Aldrin &lt;/svg&gt;&lt;script&gt;alert(1)" in html
    assert mark not in html_of(with_picture(picture)).partition("</style>")[2]


def test_the_picture_survives_cleaning_with_its_label_and_the_numbers_below(picture):
    html = html_of(with_picture(picture))
    assert picture.count("<path") == html.count("<path") == 6 and 'viewBox="0 0 560' in html
    assert 'role="img"' in html and "<summary>The chart's numbers</summary>" in html.replace("&#39;", "'")
    assert '<td class="num">2,184</td>' in html and "$schema" not in html


def test_where_it_cannot_be_drawn_the_numbers_stand_open_and_a_line_says_so(monkeypatch):
    afresh(monkeypatch)
    monkeypatch.setattr(chart_picture.sys, "executable", "/nowhere/python")
    html = html_of(with_picture(""))
    assert NOT_DRAWN in html and "<details" not in html and '<td class="num">1,730</td>' in html


def afresh(monkeypatch) -> None:
    """As if nothing had been drawn, asked for or told yet."""
    for name, empty in (("_drawn", {}), ("_failed", {}), ("_asked", {}), ("_told", set())):
        monkeypatch.setattr(chart_picture, name, empty)


def test_a_chart_that_cannot_be_drawn_takes_no_other_s_picture(monkeypatch):
    afresh(monkeypatch)
    odd = replace(BARS, bars={"a\x0bb": 600.0, "c": 700.0, "d": 800.0}).spec()
    made = chart_picture.pictures([odd, BARS.spec()])
    assert made.keys() == {odd, BARS.spec()} and "\x0b" not in made[odd]
    assert 'aria-label="Bar chart, number: a b 600' in made[odd]
    assert chart_picture._both_or_none(BARS.spec(), ["<svg", "<svg"]) is None
    assert chart_picture._both_or_none(BARS.spec(), "ValueError: of this chart alone") is None


def test_why_is_told_once_and_a_chart_that_failed_starts_no_process_for_minutes(monkeypatch, capsys):
    afresh(monkeypatch)
    monkeypatch.setattr(chart_picture.sys, "executable", "/nowhere/python")
    other = replace(BARS, title="another").spec()
    assert chart_picture.pictures([BARS.spec()]) == chart_picture.pictures([other]) == {}
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1 and "/nowhere/python" in told[0]
    monkeypatch.undo()
    monkeypatch.setattr(chart_picture, "_drawn", {})
    monkeypatch.setattr(chart_picture, "_failed", {BARS.spec(): chart_picture.monotonic()})
    monkeypatch.setattr(chart_picture, "_rendered", lambda specs: pytest.fail("not again so soon"))
    assert chart_picture.pictures([BARS.spec()]) == {}
    assert chart_picture.pictures_in_time([BARS.spec()]) == {BARS.spec(): ""}


def test_a_page_does_not_wait_without_limit_and_each_chart_is_drawn_once(monkeypatch, picture):
    afresh(monkeypatch)
    free, asked = Event(), []

    def rendered(specs):
        asked.extend(specs)
        free.wait(60)
        return [picture] * len(specs)

    monkeypatch.setattr(chart_picture, "_rendered", rendered)
    monkeypatch.setattr("mondaylab.forms.native.chart.PATIENCE_OF_PAGES", 0.05)
    assert NOT_DRAWN in html_of(with_picture("")) and NOT_DRAWN in html_of(with_picture(""))
    free.set()
    assert chart_picture.pictures_in_time([BARS.spec()], 60) == {BARS.spec(): picture} and asked == [BARS.spec()]


def test_who_ends_does_not_wait_for_pictures():
    code = (
        "import time, sys; from mondaylab.forms.native import chart_picture as c;"
        "c._rendered = lambda specs: time.sleep(60);"
        f"c.pictures_in_time([{BARS.spec()!r}], 0.05)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit")
def test_a_jail_leaves_the_renderer_no_room_and_the_learner_sees_the_numbers():
    code = (
        "from tests.support.drafts_in_form import each_format; from mondaylab.forms.formats import html_of;"
        "print(html_of(next(one for one in each_format() if one.format == 'chart')))"
    )
    made = subprocess.run(
        ["/usr/bin/prlimit", f"--as={4096 << 20}", sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert NOT_DRAWN in made.stdout and "1,730" in made.stdout, "the process that asked for a picture goes on"


def test_a_form_is_handed_out_with_its_pictures_and_kept_without(monkeypatch, picture):
    monkeypatch.setattr(chart_picture, "_drawn", {BARS.spec(): picture})
    memo = draft_of("Hello.")
    form = type("Form", (), {"drafts": (memo, DRAFT), "model_copy": lambda _, update: update})()
    told = pictured(form)["drafts"]
    assert told[0] == memo and told[1].pictures == {BARS.spec(): picture}
    assert "pictures" not in DRAFT.model_dump(mode="json"), "what is stored, hashed and compared has none"
    assert ShownDraft.model_validate_json(told[1].canonical()).pictures == {BARS.spec(): picture}


def test_a_form_does_not_wait_long_for_its_pictures_which_are_drawn_meanwhile(monkeypatch, picture):
    drawn, free = {}, Event()
    afresh(monkeypatch)
    monkeypatch.setattr(chart_picture, "_drawn", drawn)
    monkeypatch.setattr(chart_picture, "_rendered", lambda specs: free.wait(60) and [picture] * len(specs))
    assert chart_picture.pictures_in_time([BARS.spec()], 0.05) == {BARS.spec(): ""}
    free.set()
    assert chart_picture.pictures_in_time([BARS.spec()], 60) == {BARS.spec(): picture} == drawn


def test_text_tells_order_axis_and_values():
    assert text_of(DRAFT, {"b1": 1}).splitlines() == [
        "carriers.pdf", "", "The bars show shipments, the longest bar first [1]:", "",
        "Bar chart, number",
        "  Aldrin </svg><script>alert(1)</script>  2,184",
        "  Brakke & Sons                           1,730",
        "  Carlow                                    905",
        "  Bars from top to bottom; the axis goes from 500 to 2,500.",
        "", "They begin at 500.",
    ]  # fmt: skip


def test_code_in_such_a_draft_stays_code():
    shown = draft_of("```\nSELECT 1\n```", format="chart")
    assert "1  SELECT 1" in text_of(shown) and '<span class="code-line">SELECT 1</span>' in html_of(shown)


def test_no_module_of_ours_loads_the_renderer():
    """It is run by its path, in a process of its own: hub, service, grader and kernels never pay for it."""
    source = ROOT / "src" / "mondaylab"
    users = [
        path.name for path in source.rglob("*.py") if re.search(r"^\s*(import|from) vl_convert", path.read_text(), re.M)
    ]
    assert users == ["draw_charts.py"]
    imported = re.compile(r"(import|from) .*draw_charts")
    assert not [path for path in source.rglob("*.py") if imported.search(path.read_text())]
