"""Forms for a gate are drawn as a cohort's are, and counted to the end of what the lab has."""

from __future__ import annotations

import pytest

from mondaylab.errors import Refused
from mondaylab.labs.drawing import cohort_forms as module
from mondaylab.labs.drawing.cohort_forms import draw_forms
from mondaylab.labs.drawing.plan import CannotDraw
from mondaylab.labs.gates.capacity import draw_cohort
from mondaylab.labs.gates.sample import secret

LEARNERS = [f"learner{number}" for number in range(80)]


def draw(material, learners: int):
    return draw_forms(material, secret(0), cohort="gates", learners=LEARNERS[:learners], attempt=1)


@pytest.fixture
def only(finance, monkeypatch):
    """Makes every form one of a few, or none at all, from a learner's number and how often it was drawn again."""
    form = module.draw_form(finance, secret(0), cohort="gates", learner="learner0", attempt=1)

    def use(facts):
        def draw_form(*_, learner: str, redraw: int, **__):
            facts_of = facts(int(learner.removeprefix("learner")), redraw)
            return module.Form(form.shown, form.key, frozenset(facts_of))

        monkeypatch.setattr(module, "draw_form", draw_form)

    return use


def test_the_count_is_of_what_a_cohort_would_get(finance):
    drawn, ended = draw_cohort(finance, 3)
    assert ended is None and list(drawn) == draw(finance, 3)


def test_a_lab_is_counted_to_its_end_and_a_cohort_of_one_more_is_refused(finance, only):
    only(lambda number, redraw: {f"week {(7 * number + redraw) % 9}"})
    drawn, ended = draw_cohort(finance, 200)
    assert len(drawn) == 9 and ended is None
    assert len(draw(finance, 9)) == 9
    with pytest.raises(Refused, match=r"gives 9 forms any two of which .*, and there are 10 learners\. Next: .* to 9 "):
        draw(finance, 10)


def test_forms_may_share_a_quarter_of_their_facts_and_no_more(finance, only):
    only(lambda number, redraw: {"total", *(f"{number} {fact}" for fact in range(3))})
    assert len(draw_cohort(finance, 5)[0]) == 5
    only(lambda number, redraw: {"total", *(f"{number} {fact}" for fact in range(2))})
    assert len(draw_cohort(finance, 5)[0]) == 1


def test_what_else_ends_the_count_is_kept_and_progress_is_told(finance, only):
    def facts(number: int, redraw: int) -> set[str]:
        if number == 60:
            raise Refused("no slices left")
        return {f"{number}"}

    only(facts)
    told: list[str] = []
    drawn, ended = draw_cohort(finance, 200, told.append)
    assert len(drawn) == 60 and ended == "no slices left"
    assert told == [f"{finance.name}: 50 of 200 forms of one cohort drawn"]


def test_a_draw_without_room_is_tried_again_and_a_lab_that_has_none_says_so(finance, only):
    tried: list[int] = []

    def facts(number: int, redraw: int) -> set[str]:
        tried.append(redraw)
        if redraw < 2 or number == 7:
            raise CannotDraw("no week fits")
        return {f"{number}"}

    only(facts)
    drawn, ended = draw_cohort(finance, 20)
    assert len(drawn) == 7 and ended == "no week fits"
    assert tried[-4:] == [2, 0, 1, 2], "who waits for the refusal of a lab that cannot be drawn waits for three draws"
    with pytest.raises(CannotDraw, match="no week fits"):
        draw(finance, 8)
