"""The report and the export of a really graded class, and items that a real build retires because of a report."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from tests.support.accessible import barriers

from mondaylab.cli.main import main
from mondaylab.forms.keys import ClaimKey, KeyStore
from mondaylab.grader.report.lab_report import lab_report, open_labs
from mondaylab.grader.report.page import render
from mondaylab.judging import journal, tables
from mondaylab.judging.answers import Answer, AnswerEvent, CommitEvent
from mondaylab.judging.store import JudgementStore
from mondaylab.labs.building.frozen import open_build
from mondaylab.labs.drawing.form import draw_form
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE

NOTE = '=HYPERLINK("http://evil.example";"x")'
CLASS = [f"p{number:02}" for number in range(36)]


@pytest.fixture
def here(monkeypatch):
    def at(box) -> None:
        monkeypatch.setenv(ROOT_VARIABLE, str(box.site.root))
        monkeypatch.setenv(VAR_VARIABLE, str(box.site.var))

    return at


def run(*words: object, code: int = 0):
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture(scope="module")
def graded(own_box):
    """Five learners judged, four handed in, graded by the command; two wrote something that a person must read."""
    for stage in ("first", "check"):
        own_box.judge("silent", stage)
    for learner in ("perfect", "careful"):
        notebook = own_box.released()
        for criterion in ("check_point", "accountability", "disclosure"):
            own_box.cell(notebook, f"oversight_{criterion}").source += "\n\nI check it against the ledger."
        own_box.hand_in(learner, notebook)
    for learner in ("trusting", "flagging"):
        own_box.hand_in(learner, own_box.released())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(own_box.site.root))
        patch.setenv(VAR_VARIABLE, str(own_box.site.var))
        run("grade", own_box.cohort, own_box.name)
    return own_box


def test_the_report_of_a_graded_class(graded, here, tmp_path):
    here(graded)
    done = run("grade", "report", graded.cohort, graded.name, "--out", tmp_path / "out", "--json")
    told = json.loads(done.stdout)
    lab = told["labs"][0]
    assert lab["lab"] == graded.lab and lab["learners"] == 5 and lab["figures"]["learners"] == 5
    steps = {one["step"]: one["learners"] for one in lab["steps"]}
    assert steps == {"handed_in": 4, "checked": 1, "first_locked": 0, "under_way": 0, "not_started": 0}
    waiting = {cell["grade_id"]: cell["waiting"] for cell in lab["marking"]["cells"]}
    assert waiting == {f"oversight_{one}": 2 for one in ("check_point", "accountability", "disclosure")}
    assert lab["marking"]["submissions"] == 2 and lab["marking"]["to_autograde"] == 0

    keys = [graded.forms[learner].key for learner in graded.forms]
    flawed = sum(claim.flawed for key in keys for claim in key.claims)
    trusting, doubting = lab["figures"]["trusting"], lab["figures"]["doubting"]
    # perfect and silent miss nothing, careful one flaw and one sound row, trusting every flaw, flagging every sound row
    missed = sum(claim.flawed for claim in graded.forms["trusting"].key.claims) + 1
    assert trusting["check"]["n"] <= flawed and trusting["check"]["count"] <= missed
    assert trusting["check"]["n"] - trusting["check"]["count"] >= 1 and doubting["check"]["n"] > 0
    assert trusting["change"]["value"] is None, "five learners bear no figure of change"

    page = (tmp_path / "out" / "index.html").read_text()
    assert all(name not in page for name in graded.forms), "the page names nobody"
    assert "0 of 6 cells marked" in page
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {"index.html", "items.json"}
    items = json.loads((tmp_path / "out" / "items.json").read_text())
    assert {one["item"] for lab in items["labs"] for one in lab["items"]} == {
        one["item"] for one in lab["figures"]["items"]
    }


def test_several_labs_come_on_one_page(graded):
    one = lab_report(graded.site, graded.cohort, *open_labs(graded.site, graded.cohort))
    page = render(graded.cohort, [one, one], made=datetime(2026, 11, 25, tzinfo=UTC))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert page.count("<h1") == 1 and page.count("<article") == 2 and len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', page)) <= set(ids)
    assert one.baseline is None and "From the words alone" not in page, "this release was not checked with a model"
    told = one.model_copy(update={"baseline": "A model, asked on 2026-11-30, earns <2 %>"})
    page = render(graded.cohort, [told], made=datetime(2026, 11, 25, tzinfo=UTC))
    assert "From the words alone:</b> A model, asked on 2026-11-30, earns &lt;2 %&gt;" in page
    empty = render(graded.cohort, [], made=datetime(2026, 11, 25, tzinfo=UTC))
    assert "No lab is open to cohort co yet" in empty and "<article" not in empty


def test_the_page_allows_its_own_style_and_nothing_else(graded, here, tmp_path):
    here(graded)
    run("grade", "report", graded.cohort, "--out", tmp_path)
    page = (tmp_path / "index.html").read_text()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none'") and f"'sha256-{digest}'" in policy and "unsafe" not in policy
    assert not re.search(r"<script|\sstyle=|\ssrc=|https?://|\son\w+=", page)


def test_four_learners_show_nothing_of_what_they_said(box, here, tmp_path):
    here(box)
    told = json.loads(run("grade", "report", box.cohort, "--out", tmp_path, "--json").stdout)["labs"][0]
    assert told["figures"]["learners"] == 4 and told["figures"]["items"] == told["figures"]["kinds"] == []
    assert told["figures"]["trusting"] is None and told["statistics"]["items"] == []
    assert json.loads((tmp_path / "items.json").read_text()) == {"labs": []}
    assert "results show from 5 people on" in (tmp_path / "index.html").read_text()


@pytest.mark.parametrize("verb", ["report", "export"])
def test_unknown_cohorts_and_labs_are_refused_and_nothing_is_written(box, here, tmp_path, verb):
    here(box)
    out = tmp_path / "out"
    for words in (("nobody",), (box.cohort, "finance/other")):
        done = run("grade", verb, *words, "--out", out, code=1)
        assert words[-1] in done.stderr and "Next: " in done.stderr and done.stdout == ""
        error = json.loads(run("grade", verb, *words, "--out", out, "--json", code=1).stdout)["error"]
        assert all(error[part] for part in ("what", "where", "fix"))
    assert not out.exists()
    assert run("grade", verb, box.cohort, code=2).stderr


def read(path: Path) -> list[dict[str, str]]:
    assert path.stat().st_mode & 0o077 == 0, "it names learners"
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_the_export_of_learners_is_what_the_gradebook_and_the_judgements_say(graded, here, tmp_path):
    here(graded)
    told = json.loads(run("grade", "export", graded.cohort, "--out", tmp_path / "all.csv", "--json").stdout)
    lines = {one["learner"]: one for one in read(tmp_path / "all.csv")}
    assert told["rows"] == len(lines) == 5
    key = graded.forms["trusting"].key
    flaws, sound = (sum(claim.flawed is truth for claim in key.claims) for truth in (True, False))
    assert [lines["trusting"][name] for name in ("caught", "missed", "trusted", "doubted")] == [
        "0",
        str(flaws),
        str(sound),
        "0",
    ]
    assert float(lines["perfect"]["points_judgement"]) == graded.marks("perfect")["judgement"].points
    assert lines["perfect"]["points_oversight_disclosure"] == "", "not marked is not 0"
    assert lines["perfect"]["cells_waiting"] == "3" and lines["silent"]["points"] == lines["silent"]["handed_in"] == ""
    run("grade", "export", graded.cohort, graded.name, "--format", "json", "--out", tmp_path / "all.json")
    as_json = json.loads((tmp_path / "all.json").read_text())["rows"]
    assert [one["learner"] for one in as_json] == list(lines) and as_json[0]["graded"] is True


def test_judgements_are_exported_of_a_closed_lab_only_and_no_note_is_a_formula(graded, here, tmp_path):
    here(graded)
    out = tmp_path / "judged.csv"
    words = ("grade", "export", graded.cohort, "--table", "judgements", "--out", out)
    assert "still open" in run(*words, code=1).stderr and not out.exists()
    with JudgementStore(graded.site.judgement_database) as store:
        store.close(graded.cohort, graded.lab)
    run(*words)
    lines = read(out)
    assert len(lines) == sum(len(issued.key.claims) for issued in graded.forms.values())
    one, claim = lines[0], graded.forms[lines[0]["learner"]].key.claims[0]
    assert one["statement"] == claim.text and one["flawed"] == str(claim.flawed).lower()
    assert one["item"].startswith(f"{claim.template}|") and int(one["check_p"]) in (10, 90)
    assert not any(value.startswith(("=", "+", "@", "\t", "\r")) for line in lines for value in line.values())


def item_of(claim: ClaimKey) -> str:
    return f"{claim.template}|{claim.operator or ('foil' if claim.foil else 'sound')}"


def same_form(box, learners: Iterable[str]) -> ClaimKey:
    """Gives many learners copies of one form; returns the row that all get right, other than the rest."""
    issued, keys = box.forms["perfect"], KeyStore(box.site)
    others = {item_of(claim) for name, form in box.forms.items() if name != "perfect" for claim in form.key.claims}
    alone = [claim for claim in issued.key.claims if item_of(claim) not in others]
    easy = next(claim for claim in alone if not claim.template.endswith(".missing"))
    with JudgementStore(box.site.judgement_database) as store:
        for learner in learners:
            form_id = f"f{learner}"
            keys.put(issued.key.model_copy(update={"form_id": form_id, "learner": learner}))
            store.register(issued.shown.model_copy(update={"form_id": form_id}), box.cohort, learner)
    engine = tables.engine(box.site.judgement_database)
    with engine.begin() as db:
        for number, learner in enumerate(learners):
            for stage in ("first", "check"):
                for place, claim in enumerate(issued.key.claims):
                    right = claim == easy or number < 18 or (number + place) % 3 == 0
                    p = 90 if right == claim.flawed else 10
                    doubted = {"kind": "number", "severity": "minor"} if p >= 50 and stage == "check" else {}
                    note = NOTE if place == 0 else None
                    answer = Answer(p=p, action="fix" if p >= 50 else "use", note=note, **doubted)
                    event = AnswerEvent(event_id=uuid4(), stage=stage, claim_id=claim.claim_id, answer=answer)
                    journal.append(db, f"f{learner}", learner, event)
                journal.append(db, f"f{learner}", learner, CommitEvent(event_id=uuid4(), stage=stage))
    engine.dispose()
    return easy


@pytest.mark.deep
def test_a_build_retires_what_a_report_says_tells_nobody_from_nobody(template, copy_course, here, tmp_path):
    box = copy_course(template, tmp_path / "copy")
    claim = same_form(box, CLASS)
    item = item_of(claim)
    here(box)
    done = run("grade", "report", box.cohort, "--out", tmp_path / "out", "--json")
    told = json.loads(done.stdout)["labs"][0]
    assert told["plan"]["retired"] == [item] and told["signs"][item]["name"] == "retired"
    figures = next(one for one in told["figures"]["items"] if one["item"] != item and one["right_check"]["n"] >= 36)
    assert figures["rest_correlation"]["low"] > 0 and told["signs"][figures["item"]]["name"] == "good"
    assert "Retire" in (tmp_path / "out" / "index.html").read_text()

    built = run(
        "labs", "build", box.lab, "--quarter", "2026Q4", "--out", tmp_path / "builds",
        "--items", tmp_path / "out" / "items.json", "--json",
    )  # fmt: skip
    assert json.loads(built.stdout)["labs"][0]["report"]["items"]["retired"] == [item]
    material = open_build(box.site, tmp_path / "builds" / "demo" / box.lab / "2026Q4")
    for number in range(6):
        form = draw_form(material, b"s" * 32, cohort="next", learner=f"n{number}", attempt=1)
        assert item not in {item_of(one) for one in form.key.claims}

    with JudgementStore(box.site.judgement_database) as store:
        store.close(box.cohort, box.lab)
    run("grade", "export", box.cohort, "--table", "judgements", "--out", tmp_path / "judged.csv")
    notes = {one["check_note"] for one in read(tmp_path / "judged.csv")}
    assert f"'{NOTE}" in notes and NOTE not in notes


@pytest.mark.deep
def test_the_page_in_a_browser(graded, here, tmp_path, chromium):
    """Its own policy lets it be as it is; nothing scrolls sideways on a phone; dark where that is asked for.

    The last test of the module: while Playwright is there, no other event loop can run.
    """
    here(graded)
    run("grade", "report", graded.cohort, "--out", tmp_path)
    grounds = set()
    for width, scheme in ((1280, "light"), (400, "dark"), (320, "light")):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.goto((tmp_path / "index.html").as_uri())
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert said == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        named = page.eval_on_selector_all("svg[role=img]", "all => all.every(one => one.getAttribute('aria-label'))")
        assert named and page.locator("h1").count() == 1
        assert barriers(page) == []
        context.close()
    assert grounds == {"rgb(246, 247, 249)", "rgb(19, 22, 26)"}
