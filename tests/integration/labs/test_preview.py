"""The preview: what a learner sees, the key beside it, a page that nothing breaks out of, kept from learners."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from mondaylab.cli import main
from mondaylab.errors import Refused
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.preview import as_html, as_text, preview, write_preview
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"


@pytest.fixture(scope="module")
def page(finance):
    return preview(finance, 3)


def test_every_row_stands_once_with_its_truth(finance, page):
    form = draw_form(finance, b"mondaylab preview 3", cohort="preview", learner="nobody", attempt=1)
    rows = [row for draft in page.drafts for row in draft.rows]
    assert [row.text for row in rows] == [row.text for row in form.shown.rows().values()]
    keys = {claim.claim_id: claim for claim in form.key.claims}
    for row, claim_id in zip(rows, form.shown.rows(), strict=True):
        key = keys[claim_id]
        assert (row.state == "flawed") == key.flawed and row.operator == key.operator
        assert (row.state == "foil") == (key.foil and not key.flawed)
        assert row.why == key.why and row.query == key.query
    flawed = sum(claim.flawed for claim in form.key.claims)
    assert page.summary.startswith(f"{len(rows)} rows to judge, {flawed} of them flawed")


def test_the_text_and_the_page_hold_drafts_provenance_key_and_tasks(page):
    text, html = as_text(page), as_html(page)
    for draft in page.drafts:
        assert draft.title in text and draft.title in html
        assert "Simulated draft" in draft.provenance and text.count(draft.provenance) >= 1
        for row in draft.rows:
            assert row.text in text
            assert row.operator is None or (row.operator in text and row.operator in html)
    assert page.tasks and all(task.text in text for task in page.tasks)
    assert html.count("Simulated draft") == len(page.drafts)


def test_the_page_needs_no_network_and_no_script(page):
    html = as_html(page)
    assert "default-src 'none'" in html and "<script" not in html
    assert not re.findall(r"(?:src|href)=", html) and "url(" not in html and "@import" not in html


def test_what_a_lab_says_is_escaped(page):
    draft = page.drafts[0]
    evil = "<img src=x onerror=alert(1)>"
    rows = [type(draft.rows[0])(1, evil, "flawed", evil, evil, evil, evil, evil, evil)]
    parts = tuple(type(draft.parts[0])(None, row) for row in rows)
    html = as_html(type(page)(**{**vars(page), "title": evil, "drafts": (type(draft)(evil, evil, evil, parts),)}))
    assert "<img" not in html and "&lt;img" in html


def test_a_seed_gives_the_same_preview_and_another_another(finance, page):
    assert preview(finance, 3) == page
    assert preview(finance, 4).drafts != page.drafts


@pytest.mark.parametrize("place", ["homes/anna", "builds/finance", "exchange/c", "courses/c", "releases/finance"])
def test_a_key_is_not_written_where_learners_get_files_from(tmp_path, place):
    site = Site(tmp_path, tmp_path / "var")
    with pytest.raises(Refused, match="holds a key"):
        write_preview(site, site.var / place / "p.html", "x")
    (site.var / place).mkdir(parents=True)
    (tmp_path / "link").symlink_to(site.var / place)
    for path in (tmp_path / "link" / "p.html", site.var / "logs" / ".." / place / "p.html"):
        with pytest.raises(Refused, match="holds a key"):
            write_preview(site, path, "x")
    assert not list((site.var / place).iterdir())


def test_the_command_writes_a_page_that_only_its_owner_reads(demo_site, finance, tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(demo_site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(demo_site.var))
    out = tmp_path / "p.html"
    result = CliRunner().invoke(main, ["labs", "preview", LAB, "--quarter", QUARTER, "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    assert out.stat().st_mode & 0o777 == 0o600 and out.read_text().startswith("<!doctype html>")
    assert json.loads(result.stdout)["preview"]["lab"] == LAB
    refused = ["labs", "preview", LAB, "--quarter", QUARTER, "--out", str(demo_site.homes / "p.html")]
    assert CliRunner().invoke(main, refused).exit_code == 1
    assert not (demo_site.homes / "p.html").exists()


def test_the_page_fits_narrow_and_wide_in_a_real_browser(page, chromium, tmp_path):
    path = tmp_path / "p.html"
    path.write_text(as_html(page))
    for width in (360, 1280):
        tab = chromium.new_page(viewport={"width": width, "height": 900})
        tab.goto(path.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.locator(".key .verdict").count() == sum(len(d.rows) for d in page.drafts) + len(page.warm_up)
        tab.close()
