"""The look-up on the demo company's tables, and how its rows look and behave in Chromium, in light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from mondaylab.datasets.latest import latest
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.judging.case_file import case_page, find_case
from mondaylab.judging.look_up import LookUp, view_html
from mondaylab.judging.prompt_check import check_prompt, known_ids, known_words
from mondaylab.judging.rows import STYLE
from mondaylab.judging.selection import Filter, Query, kind_of, related, select, shared_keys
from mondaylab.quarter import Quarter
from mondaylab.settings import Site

# what JupyterLab 4 sets for its two themes
THEMES = {
    "light": "--jp-layout-color0:#fff;--jp-layout-color1:#fff;--jp-layout-color2:#eee;--jp-border-color2:#e0e0e0;"
    "--jp-ui-font-color1:rgba(0,0,0,.87);--jp-warn-color0:#e65100",
    "dark": "--jp-layout-color0:#111;--jp-layout-color1:#212121;--jp-layout-color2:#424242;--jp-border-color2:#616161;"
    "--jp-ui-font-color1:#fff;--jp-warn-color0:#f57c00",
}
# JupyterLab's own rules for tables in outputs
OUTPUTS = (
    ".jp-RenderedHTMLCommon :is(td, th, tr) { text-align: right; vertical-align: middle; padding: .5em }"
    ".jp-RenderedHTMLCommon tbody tr:nth-child(odd) { background: #f5f5f5 }"
)
Show = Callable[..., Page]


@pytest.fixture(scope="module")
def tables(demo_site: Site) -> dict[str, pd.DataFrame]:
    return Snapshot.open(latest(demo_site, "demo", "2026Q4")).tables()


@pytest.fixture
def show(chromium: Browser) -> Iterator[Show]:
    """Shows a fragment as JupyterLab would, in one of its themes."""
    problems: list[str] = []
    context = chromium.new_context(viewport={"width": 900, "height": 900})

    def put(html: str, theme: str = "light") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.append(f"asked for {request.url}"))
        page.set_content(
            f'<!doctype html><html lang="en"><style>:root {{ {THEMES[theme]} }} {OUTPUTS}'
            "body { margin: 0; padding: 12px; background: var(--jp-layout-color0); color: var(--jp-ui-font-color1) }"
            f'</style><body data-jp-theme-light="{str(theme == "light").lower()}">'
            f'<div class="jp-RenderedHTMLCommon">{html}</div></body></html>'
        )
        return page

    yield put
    context.close()
    assert problems == []


def test_every_table_opens_and_every_key_leads_somewhere(tables: dict[str, pd.DataFrame]):
    look_up = LookUp(tables)
    for name, frame in tables.items():
        look_up._table.value = name
        assert look_up.view is not None
        assert look_up.view.matches == len(frame)
        for column in shared_keys(tables, name):
            assert kind_of(frame[column]) == "text"
    line = tables["order_lines"].iloc[0]
    to = {(one.table, one.column) for one in related(tables, "order_lines", line)}
    assert {("orders", "order_id"), ("products", "product_id")} <= to


def test_cases_of_both_new_labs(tables: dict[str, pd.DataFrame]):
    one = tables["returns"].dropna(subset="ticket_id").iloc[0]
    parts = {part.table: part for part in find_case(tables, one["return_id"])}
    assert {"returns", "orders", "tickets", "customers", "products"} <= parts.keys()
    assert all(part.count == 1 for part in parts.values())
    assert parts["tickets"].rows["ticket_id"].tolist() == [one["ticket_id"]]
    someone = tables["applications"].iloc[0]
    assert {part.table for part in find_case(tables, someone["application_id"])} >= {"applications", "vacancies"}


def test_a_prompt_with_an_id_of_the_data_is_stopped(tables: dict[str, pd.DataFrame]):
    words, ids = known_words(tables, Quarter(2026, 4)), known_ids(tables)
    for table, column in (("customers", "customer_id"), ("employees", "employee_id"), ("returns", "return_id")):
        told = check_prompt(f"Summarise {tables[table][column].iloc[5]} please.", words=words, ids=ids).checks[-1]
        assert not told.passed
        assert "identifier" in told.reason
    # what stands in the tables as words is nobody's name
    for carrier in tables["shipments"]["carrier"].unique():
        assert check_prompt(f"Ask for offers from {carrier}.", words=words, ids=ids).checks[-1].passed


def test_header_stays_numbers_stand_right_and_the_page_does_not_scroll(show: Show, tables: dict[str, pd.DataFrame]):
    page = show(STYLE + view_html(select(tables, Query(table="returns", sort="line_value", summarise="line_value"))))
    box = page.get_by_role("region")
    head, cell = page.locator("thead th").nth(15), page.locator("tbody tr").first.locator("td").nth(14)
    assert head.inner_text().startswith("line value")
    assert head.get_attribute("aria-sort") == "ascending"
    for part in (head, cell):
        assert part.evaluate("e => getComputedStyle(e).textAlign") == "right"
    assert page.locator("tbody td").first.evaluate("e => getComputedStyle(e).textAlign") == "left"
    top = head.bounding_box()["y"]
    first = page.locator("tbody th").first
    left = first.bounding_box()["x"]
    box.focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.box').scrollTop > 100")
    page.wait_for_function("document.querySelector('.box').scrollLeft > 10")
    assert abs(head.bounding_box()["y"] - top) < 1
    assert abs(first.bounding_box()["x"] - left) < 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rows = f"{len(tables['returns']):,}"
    expect(page.get_by_role("status")).to_contain_text(f"{rows} of {rows} rows; the first 50 are shown.")


CONTRAST = """() => {
  const light = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number)
    return [[r, g, b], a]
  }
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const [rgb, a] = light(getComputedStyle(e).backgroundColor)
      if (a === 1) return rgb
    }
    return [255, 255, 255]
  }
  return Math.min(...[...document.querySelectorAll('th, td, p, h4, li')].map((e) => {
    const back = ground(e), [ink, a] = light(getComputedStyle(e).color)
    const [one, two] = [luminance(ink.map((c, i) => c * a + back[i] * (1 - a))), luminance(back)]
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05)
  }))
}"""


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable_in_both_themes(show: Show, tables: dict[str, pd.DataFrame], theme: str):
    view = select(tables, Query(table="returns", filters=(Filter(column="reason", value="damaged"),)))
    case = case_page(tables, tables["returns"]["return_id"].iloc[0])
    report = check_prompt("Write a short reply.", words=set(), ids=lambda token: False)
    page = show(STYLE + view_html(view) + case._repr_html_() + report._repr_html_(), theme)
    assert page.evaluate(CONTRAST) >= 4.5
    background = page.locator("tbody td").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert (background == "rgb(255, 255, 255)") is (theme == "light")


def test_markup_in_the_data_stays_text(show: Show):
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    frame = pd.DataFrame({f"{nasty}_id": [nasty, "b"], "n": [1, 2]})
    page = show(
        STYLE + view_html(select({"t": frame}, Query(table="t"))) + case_page({"t": frame}, nasty)._repr_html_()
    )
    assert page.locator("img, script").count() == 0
    assert nasty in page.locator("tbody th").first.inner_text()
