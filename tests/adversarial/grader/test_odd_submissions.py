"""Honest work in an odd form, graded as one batch: it earns what its learner earned, or waits for a person."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbgrader.api import Comment, Gradebook
from sqlalchemy.exc import SAWarning
from tests.support.sampled import sampled, tried

from mondaylab.forms.cells import declared_cells
from mondaylab.forms.keys import KeyStore
from mondaylab.grader.autograde.batch import Batch
from mondaylab.grader.cells.optional import LEFT_OUT
from mondaylab.grader.handed_in.by_hand import COMMENT
from mondaylab.grader.report import cohort_view
from mondaylab.grader.report import html as pages

from .odd import ODD, THEMES, Odd
from .odd.odd import ANSWERED, MINE, WRITTEN, Handed
from .test_corpus import give_forms, good

UNTOUCHED, AGAIN = "untouched", "careful"
NAMED = ("works_in_a_copy", "splits_its_work", "writes_below", "was_cut_off", "pastes_a_screenshot")  # by tests here
JUDGED = [name for name, cell in declared_cells().items() if cell.scored_from == "judgement"]
FIRST = {one.theme: name for name, one in reversed(ODD.items())}
# one of each theme is tried each time, and what the batch holds anyhow: with nothing, all or one cell that waits
SOME = {*FIRST.values(), *NAMED}
everyone = pytest.mark.parametrize(
    "odd",
    [
        pytest.param(one, id=f"{one.theme}-{name}", marks=() if name in SOME else pytest.mark.deep)
        for name, one in ODD.items()
    ],
)


@pytest.fixture(scope="module")
def run(own_box: Any, request: pytest.FixtureRequest):
    """The batch, graded; learner -> what became of it."""
    box, solution = own_box, dict[str, Any]()
    batch = {one.name: one for one in (*tried(request, "odd"), *(ODD[name] for name in NAMED))}
    exec((box.site.lab(box.lab) / "solution.py").read_text("utf-8"), solution)
    give_forms(box, [*batch, UNTOUCHED])
    for name, one in batch.items():
        whole = good(box, solution, name)
        for grade_id in WRITTEN:
            box.cell(whole, grade_id).source += f"\n\n{MINE}"
        it = Handed(box, name, whole)
        one.make(it)
        it.finish()
    Handed(box, UNTOUCHED, box.released()).finish()
    Handed(box, AGAIN, box.released()).finish()
    give_another_attempt(box, AGAIN)
    done = Batch.open(box.site, box.cohort, box.name).run([*batch, UNTOUCHED, AGAIN], jobs=1)
    return box, {one.learner: one for one in done}


def give_another_attempt(box: Any, learner: str) -> None:
    """A new form beside the one that was judged, as when a lab was built once more."""
    form, key = box.forms[learner].shown, box.forms[learner].key
    form = form.model_copy(update={"form_id": f"{form.form_id}0", "attempt": form.attempt + 1})
    KeyStore(box.site).put(key.model_copy(update={"form_id": form.form_id, "canary": "canary-another"}))
    box.store.register(form, box.cohort, learner)


def text_of(box: Any, learner: str) -> str:
    """All that the grading person is shown of a submission, as plain text."""
    notebook = box.autograded(learner)
    shown = [cell.source for cell in notebook.cells]
    for cell in notebook.cells:
        shown += [output.data["text/markdown"] for output in cell.get("outputs", [])]
    return "\n".join(shown)


def test_there_are_enough_of_them():
    assert len(ODD) >= 60 and {one.theme for one in ODD.values()} == set(THEMES)


@everyone
def test_it_earns_what_its_learner_earned_or_waits(run: Any, odd: Odd):
    box, done = run
    assert done[odd.name].error is None
    assert done[odd.name].state == ("needs a person" if odd.waits else "graded")
    marks = box.marks(odd.name)
    for cell, points in ANSWERED.items():
        score = done[odd.name].scores[cell]
        if cell in odd.waits:
            assert score.state == "not graded" and marks[cell].needs_manual and score.found, (cell, score.reason)
        else:
            assert (score.state, score.points) == ("scored", points), (cell, score.code, score.reason)
    assert all(marks[grade_id].needs_manual for grade_id in WRITTEN)


@everyone
def test_the_person_is_shown_what_stands_there(run: Any, odd: Odd):
    box, done = run
    shown = text_of(box, odd.name)
    for words in odd.shows:
        assert words in shown or words.replace("'", "&#x27;") in shown, words
    for score in done[odd.name].scores.values():
        assert not any(one.text and one.text in f"{score.reason} {score.details}" for one in score.found)


def test_only_what_holds_nothing_of_the_learners_is_a_zero(run: Any):
    box, done = run
    assert done[UNTOUCHED].state == "graded"
    codes = {cell: done[UNTOUCHED].scores[cell].code for cell in ANSWERED}
    assert codes.pop("validator") == LEFT_OUT  # optional: it counts as the rest does, and the rest is nothing
    assert set(codes.values()) == {"unchanged"}
    marks = box.marks(UNTOUCHED)
    assert not any(marks[cell].needs_manual or marks[cell].points for cell in (*ANSWERED, *WRITTEN))


def test_what_was_judged_in_an_earlier_attempt_waits(run: Any):
    _, done = run
    assert {done[AGAIN].scores[cell].code for cell in JUDGED} == {"earlier attempt"}
    assert {done[UNTOUCHED].scores[cell].state for cell in JUDGED} == {"scored"}


def test_the_cohort_page_names_the_cells(run: Any):
    box, _ = run
    (lab,) = cohort_view.labs(box.site, box.cohort)
    told = {one.learner: one for one in lab.learners}
    assert told["works_in_a_copy"].not_found == ("prompt", "evidence", "validator")
    assert told["splits_its_work"].not_found == ("validator",)
    assert told[UNTOUCHED].not_found == () and told[UNTOUCHED].waiting == 0
    page = pages.render("cohort.html.j2", cohort=box.cohort, base="/", labs=(lab,))
    assert "splits_its_work: 4 cells; validator: no answer was found in its place" in page


@pytest.mark.parametrize("learner", sampled(["works_in_a_copy", "writes_below", "was_cut_off", UNTOUCHED], 4))
def test_formgraders_button_comes_to_the_same(run: Any, learner: str):
    box, _ = run
    marks, notebook = box.marks(learner), box.autograded(learner)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        box.course.autograde(box.name, learner)
    assert box.marks(learner) == marks
    assert box.autograded(learner) == notebook
    with Gradebook(box.database) as gradebook:
        said = {gradebook.find_comment(one, box.name, box.name, learner).auto_comment for one in WRITTEN}
        assert gradebook.db.query(Comment).count()
    assert said == ({"No response."} if learner == UNTOUCHED else {COMMENT})


def test_a_screenshot_is_on_the_grading_page_and_nothing_that_runs(run: Any):
    box, _ = run
    cell = box.cell(box.autograded("pastes_a_screenshot"), WRITTEN[0])
    assert list(cell.attachments) == ["picture-0.png"] and list(cell.attachments["picture-0.png"]) == ["image/png"]
    renderer = IPythonRenderer(escape=False, attachments=cell.attachments)  # raises where a picture is not there
    assert "data:image/png;base64,iVBOR" in MarkdownWithMath(renderer=renderer).render(cell.source)


def test_no_feedback_page_of_them_shows_where_anything_lies(run: Any):
    """The last test here: it closes the lab."""
    box, done = run
    box.store.close(box.cohort, box.lab)
    batch = Batch.open(box.site, box.cohort, box.name)
    assert not [error for _, error in batch.feedback(done, jobs=1) if error is not None]
    pages = [page.read_text() for page in box.course.folder.glob(f"feedback/*/{box.name}/{box.name}.html")]
    assert len(pages) == len(done)
    for text in (*pages, *map(str, done.values())):
        assert "Traceback (most" not in text and "site-packages" not in text
        assert str(box.site.var) not in text and str(box.site.root) not in text
