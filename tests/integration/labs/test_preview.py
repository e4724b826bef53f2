"""The preview: what a learner sees, the key beside it, a page that nothing breaks out of, kept from learners."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from tests.support.accessible import barriers

from mondaylab.cli import main
from mondaylab.datasets.latest import latest
from mondaylab.errors import Refused
from mondaylab.labs.building.builds import build_folder
from mondaylab.labs.building.inputs import inputs_of
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.preview import as_html, as_text, preview, unbuilt, write_preview
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
        assert draft.provenance.startswith(("Simulated", "Recorded")) and text.count(draft.provenance) >= 1
        for row in draft.rows:
            assert row.text in text
            assert row.operator is None or (row.operator in text and row.operator in html)
    assert page.tasks and all(task.text in text for task in page.tasks)
    assert all(draft.provenance in html for draft in page.drafts)


def test_the_page_needs_no_network_and_no_script(page):
    html = as_html(page)
    assert "default-src 'none'" in html and "<script" not in html
    assert not re.findall(r"(?:src|href)=", html) and "url(" not in html and "@import" not in html


def test_what_a_lab_says_is_escaped(page):
    draft = page.drafts[0]
    evil = "<img src=x onerror=alert(1)>"
    rows = [type(draft.rows[0])(1, evil, "flawed", evil, evil, evil, evil, evil, evil, evil)]
    told = replace(draft, title=evil, audience=evil, provenance=evil, label=evil, prompt=evil, rows=tuple(rows))
    html = as_html(replace(page, title=evil, drafts=(told,)))
    assert "<img" not in html and "&lt;img" in html


def test_a_draft_stands_in_its_own_form_with_the_numbers_of_its_rows(finance, page):
    form = draw_form(finance, b"mondaylab preview 3", cohort="preview", learner="nobody", attempt=1)
    text, html = as_text(page), as_html(page)
    for draft, shown in zip(page.drafts, form.shown.drafts, strict=True):
        assert f"As {draft.label}:" in html
        for row, claim in zip(draft.rows, shown.claims, strict=False):
            assert f'<sup class="claim-number">{row.number}</sup>' in html and f"[{row.number}]" in text
            assert claim.judged_as is None or (f"judged as: {claim.judged_as}" in text and "Judged as: " in html)


def test_a_seed_gives_the_same_preview_and_another_another(finance, page):
    assert preview(finance, 3) == page
    assert preview(finance, 4).drafts != page.drafts


@pytest.mark.parametrize("place", ["homes/anna", "builds/demo", "exchange/c", "courses/c", "releases/finance"])
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


@pytest.fixture(scope="module")
def bench(demo_site, tmp_path_factory) -> Site:
    """A checkout with a build of the lab that was made from other sources, or so its report says."""
    root = tmp_path_factory.mktemp("preview")
    for part in ("datasets", "grader", "hub_config", f"labs/{LAB}"):
        shutil.copytree(demo_site.root / part, root / part)
    site = Site(root, root / "var")
    site.var.mkdir()
    site.snapshots.symlink_to(demo_site.snapshots)
    return site


def built(site: Site, **changed: str) -> None:
    """A build as far as a report tells of one."""
    folder = build_folder(site, LAB, QUARTER, company="demo")
    snapshot = latest(site, "demo", QUARTER).name
    inputs = inputs_of(site, LAB, company="demo", quarter=QUARTER, snapshot=snapshot, parameters={})
    told = {"lab": LAB, "quarter": QUARTER, "company": "demo", "snapshot": snapshot, "cells": 1, "tables": []}
    report = {**told, "inputs": inputs.model_dump() | changed, "made_from": inputs.hash}
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for file, text in (("report.json", json.dumps(report)), ("lab.ipynb", "{}"), ("data/manifest.json", "{}")):
        (folder / file).write_text(text)


def test_it_says_where_no_build_has_what_it_shows(bench, finance, page, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(bench.root))
    monkeypatch.setenv(VAR_VARIABLE, str(bench.var))
    command = f"mondaylab labs build {LAB} --quarter {QUARTER}"
    assert unbuilt(bench, finance) == f"Not built: this shows the lab's files as they stand. Next: {command}"
    built(bench)
    assert unbuilt(bench, finance) is None
    built(bench, lab="x")
    said = CliRunner().invoke(main, ["labs", "preview", LAB, "--quarter", QUARTER])
    assert said.exit_code == 0 and "Not what is built: the lab's own folder changed since." in said.stdout
    html = as_html(replace(page, unbuilt="<b>Not</b> built"))
    assert "&lt;b&gt;Not" in html and "Not built" not in as_html(page)


def test_what_cannot_be_built_is_not_shown(bench, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(bench.root))
    monkeypatch.setenv(VAR_VARIABLE, str(bench.var))
    path = bench.lab(LAB) / "lab.toml"
    kept = path.read_text()
    try:
        path.write_text(kept.replace("{value}", "{gain}", 1))
        said = CliRunner().invoke(main, ["labs", "preview", LAB, "--quarter", QUARTER])
    finally:
        path.write_text(kept)
    assert said.exit_code == 1 and said.stdout == ""
    assert "no word for gain" in said.stderr and "words there are: " in said.stderr


@pytest.mark.deep
def test_the_page_fits_narrow_and_wide_in_a_real_browser(page, chromium, tmp_path):
    path = tmp_path / "p.html"
    path.write_text(as_html(page))
    for width in (360, 1280):
        tab = chromium.new_page(viewport={"width": width, "height": 900})
        tab.goto(path.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(tab) == []
        assert tab.locator(".key .verdict").count() == sum(len(d.rows) for d in page.drafts) + len(page.warm_up)
        tab.close()
