"""The feedback page's content, from a small form by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.forms.scoring import ScoringRules
from mondaylab.grader.cells.score import ScoreTable, not_graded, scored
from mondaylab.grader.course.gradebook import Mark
from mondaylab.grader.feedback.charts import FEW, Strip, bands, calibration, share_limits
from mondaylab.grader.feedback.page import GradedWork, build, render
from mondaylab.grader.feedback.practice import Practice, suggestions
from mondaylab.grader.feedback.rates import in_figures
from mondaylab.grader.feedback.words import calibration_finding
from mondaylab.grader.scorer import Judged
from mondaylab.judging.answers import Answer, FormAnswers
from mondaylab.settings import Site

ROOT = Path(__file__).resolve().parents[4]
RULES = ScoringRules.of(Site(ROOT, ROOT / "var"))
PRACTICE = Practice.read_yaml(ROOT / "grader" / "feedback" / "practice.yaml")


@pytest.fixture
def graded() -> GradedWork:
    scores = {
        "judgement": scored("judgement", 0.5, 40, reason="Half."),
        "evidence": not_graded("evidence", 10, code="missing", reason="Gone."),
    }
    marks = {
        "judgement": Mark(20, 40, False, False),
        "evidence": Mark(0, 10, True, False),
        "oversight_check_point": Mark(4, 5, False, True),
        "oversight_disclosure": Mark(0, 5, True, False),
    }
    words = {"oversight_check_point": "Good <b>step</b>."}
    return GradedWork(scores, marks, words, {"oversight_check_point": "I check."}, penalty=1.0)


@pytest.fixture
def page(form, key, answers, graded):
    return build(Judged(form, key, answers), graded, RULES, PRACTICE)


def test_the_page_leads_with_counts(page):
    assert page.headline == "You caught 1 of 2 flaws and raised 1 false alarm."
    assert "1 statement without a probability: each counts as 50" in page.note


def test_a_draft_is_shown_as_it_stood_with_the_numbers_of_its_rows(form, key, answers, graded, page):
    first, second = form.drafts
    assert '<span class="claim">Text of a.<sup class="claim-number">1</sup></span>' in page.drafts[0].stood
    number = len(first.rows()) + 1
    assert f'<sup class="claim-number">{number}</sup>' in page.drafts[1].stood
    claim = first.claims[0].model_copy(update={"judged_as": "In week 46, <a> was so."})
    mail = {"sender": "Ann & co", "to": "Bob", "subject": "A"}
    changed = first.model_copy(
        update={"format": "mail", "layout": mail, "prompt": "Write <it>.", "claims": (claim, *first.claims[1:])}
    )
    shown = build(Judged(form.model_copy(update={"drafts": (changed, second)}), key, answers), graded, RULES, PRACTICE)
    assert "Ann &amp; co" in shown.drafts[0].stood and shown.drafts[0].rows[0].judged_as == claim.judged_as
    written = render(shown)
    assert written.count("The draft as it stood") == 2 and "“Write &lt;it&gt;.”" in written
    assert "Judged as: In week 46, &lt;a&gt; was so." in written and written.count("Judged as: ") == 1


def test_rows_stand_in_draft_order_with_what_was_said(page):
    rows = [row for draft in page.drafts for row in draft.rows]
    assert [row.words for row in rows] == [
        "Rightly trusted",
        "Caught",
        "Rightly trusted",
        "Missed",
        "False alarm",
        "Not judged",
    ]
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[1].you == "Kind right (wrong number). Severity right (critical). Corrected value right (30.2 EUR)."
    assert rows[3].you == (
        "You gave it 30 and chose Use. It would have gone out. Kind: policy breach. Severity: minor. "
        "Use cost 3 here; Fix would have cost 1."
    )
    assert rows[4].you == "You gave it 70 and chose Verify. It stands. Verify cost 1 here; Use would have cost nothing."
    assert rows[1].why == "Why b." and rows[1].query == "query b"


def test_points_say_what_waits(page):
    by_label = {cell.label: cell for cell in page.cells}
    assert by_label["The figure on redrawn data"].state == "waiting"
    assert page.waiting == 2
    assert (page.total, page.out_of, page.penalty) == ("23", "60", "1")
    assert page.oversight[0].points == "4 of 5" and page.oversight[2].points == "not marked yet"


def test_rendering_escapes(page):
    text = render(page)
    assert "Good &lt;b&gt;step&lt;/b&gt;." in text
    assert "not graded yet" in text and "\N{MINUS SIGN}1" in text


def test_a_learner_who_answered_nothing_gets_a_page_too(form, key, graded):
    page = build(Judged(form, key, FormAnswers()), graded, RULES, PRACTICE)
    assert page.charts is None and "no judgement" in page.headline
    assert "You did not judge it." in render(page)


def test_suggestions_name_what_was_missed_and_doubted(form, key, answers):
    found = suggestions(key.claims, answers.check, form.groups, PRACTICE)
    assert [one.because for one in found] == [
        "You missed 1 flaw of the kind policy breach.",
        "You doubted 1 sound statement.",
    ]
    flawless = {c.claim_id: Answer(p=90 if c.flawed else 10, action="fix" if c.flawed else "use") for c in key.claims}
    assert [one.because for one in suggestions(key.claims, flawless, form.groups, PRACTICE)] == ["You missed nothing."]


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_limits_hold_the_share(hits, more):
    low, high = share_limits(hits, hits + more)
    assert 0 <= low <= high <= 1
    if hits + more:
        assert low - 1e-12 <= hits / (hits + more) <= high + 1e-12


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=60))
def test_every_row_is_one_dot_inside_the_drawing_and_in_one_band(rows):
    chart = calibration(rows, 326)
    assert len(chart.dots) == len(rows) == sum(band.n for band in chart.bands)
    assert all(0 < dot.x < chart.width and 0 < dot.y < chart.height for dot in chart.dots)
    assert all(band.enough == (band.n >= FEW) for band in chart.bands)


def test_calibration_says_no_more_than_it_can():
    assert calibration_finding(bands([(90, True)]), 1).startswith("Too few")
    fits = bands([(90, True)] * 9 + [(90, False)] + [(10, False)] * 9)
    assert "fits what was so" in calibration_finding(fits, 19)
    off = bands([(95, False)] * 8)
    assert "0 of 8 were wrong; you said 95% on average" in calibration_finding(off, 8)
    assert "no curve" not in calibration_finding(off, 60)


def test_strips_are_told_in_words():
    assert Strip(35, 85).words == "first look 35 percent, after checking 85 percent likely wrong"
    assert Strip(None, None).words == "no first look, no answer after checking"
    assert not Strip(80, 85).label_first and Strip(20, 85).label_first


def test_figures_of_a_few_statements_are_not_given_and_say_why(page):
    by_label = {one.label: one for one in page.figures}
    caught = by_label["Flaws caught"]
    assert (caught.value, caught.range) == ("Not enough data", "1 of 2 flaws: too few for a figure")
    assert by_label["Worth of your numbers"].range == "6 statements: too few for a figure"
    assert not any(one.enough for one in page.figures)
    text = render(page)
    assert "In figures" in text and "1 of 2 flaws: too few for a figure" in text


def test_figures_of_many_statements_have_their_interval_and_n(key):
    claims = [key.claims[number % 2].model_copy(update={"claim_id": f"c{number}"}) for number in range(60)]
    assert [claim.flawed for claim in claims[:2]] == [False, True]
    sure = {
        claim.claim_id: Answer(p=90 if claim.flawed else 10, action="fix" if claim.flawed else "use")
        for claim in claims
    }
    unsure = {
        claim.claim_id: Answer(p=60 if number < 40 else 40, action="verify") for number, claim in enumerate(claims)
    }
    shown = {one.label: one for one in in_figures(claims, FormAnswers(first=unsure, check=sure))}
    assert (shown["Flaws caught"].value, shown["Flaws caught"].range) == ("100%", "30 of 30 flaws, range 89% to 100%")
    assert shown["False alarms"].range == "0 of 30 sound statements, range 0% to 11%"
    assert shown["Worth of your numbers"].value == "0.96" and shown["Telling them apart"].value == "1.00"
    assert shown["Doubts kept"].range.startswith("20 of 20 flaws")
    assert shown["Doubts cleared"].range.startswith("20 of 20 sound statements")
    assert "Doubts kept" not in {one.label for one in in_figures(claims, FormAnswers(first={}, check=sure))}


def test_a_cells_tables_are_shown_escaped(form, key, answers, graded):
    table = ScoreTable(
        title="What it flagged", header=("Claims", "Flagged", "Of"), rows=(("Wrong, <b>unit</b>", 3, 9),)
    )
    scores = {"judgement": scored("judgement", 0.5, 40, reason="Half.", tables=(table,))}
    shown = build(Judged(form, key, answers), replace(graded, scores=scores), RULES, PRACTICE)
    text = render(shown)
    assert "What it flagged" in text and "Wrong, &lt;b&gt;unit&lt;/b&gt;</th><td>3</td><td>9</td>" in text


def test_the_rule_for_a_missing_answer_is_said(page):
    assert "each counts as 50 in the points" in page.note and "a flaw among them as missed" in page.note
