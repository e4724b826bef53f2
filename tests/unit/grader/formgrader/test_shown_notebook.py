"""A notebook on the grading page: what is shown of it, whatever it holds."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from nbformat import from_dict

from mondaylab.grader.formgrader.shown_notebook import MOST_CELLS, MOST_RENDERED, shown

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda one: (
        st.lists(one, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "cell_type", "source", "outputs", "data", "text/plain", "metadata", "nbgrader", "text"]
            ),
            one,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
def test_no_notebook_breaks_the_page(cells):
    for cell in shown(from_dict({"cells": cells})):
        assert "<script" not in cell.body


def _shown(**cell):
    return shown(from_dict({"cells": [cell]}))[0]


def test_a_cell_to_grade_has_its_marks_and_others_have_none():
    about = {"grade_id": "a", "grade": True, "solution": True, "points": 5}
    graded = _shown(cell_type="markdown", source=["one ", "two"], metadata={"nbgrader": about}).marked
    assert (graded.grade_id, graded.points, graded.commented) == ("a", 5.0, True)
    test = _shown(cell_type="code", source="", metadata={"nbgrader": {**about, "solution": False}}).marked
    assert (test.label, test.commented) == ("a", False)
    for other in ({}, {"nbgrader": 3}, {"nbgrader": {**about, "grade_id": 7}}, {"nbgrader": {"grade_id": "a"}}):
        assert _shown(cell_type="markdown", source="", metadata=other).marked is None


def test_our_score_is_rendered_and_what_looks_like_it_is_not():
    score = {"grade_id": "x", "state": "scored", "points": 1, "max_points": 2, "code": "ok", "reason": "r"}
    data = {"text/markdown": "**1 of 2.**", "text/plain": "1.0"}
    for metadata, words in (
        ({"mondaylab": score}, "<strong>1 of 2.</strong>"),
        ({"mondaylab": {"a": 1}}, "<pre>1.0</pre>"),
    ):
        output = {"output_type": "execute_result", "data": data, "metadata": metadata}
        assert words in _shown(cell_type="code", source="", outputs=[output]).outputs[0]


def test_a_huge_notebook_is_cut_and_shown_as_typed():
    cells = [{"cell_type": "markdown", "source": "*a* " + "word " * 1_600}] * (MOST_CELLS + 50)
    made = shown(from_dict({"cells": cells}))
    assert len(made) == MOST_CELLS
    rendered = [cell for cell in made if "<em>" in cell.body]
    assert 0 < len(rendered) <= MOST_RENDERED // 8_000 and "*a*" in made[-1].body
    assert len(json.dumps([cell.body for cell in made])) < 10_000_000
