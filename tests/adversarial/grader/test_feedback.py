"""Feedback tells the truth: to its own learner, after the lab is closed, and with nothing in it that runs."""

from __future__ import annotations

import html
import re

import pytest
from nbgrader.api import Gradebook

from mondaylab.errors import Refused
from mondaylab.grader.autograde.batch import Batch

EVIL = "</pre><script>alert(3)</script><img src=x onerror=alert(4)>{{ 7*7 }}"


@pytest.fixture(scope="module")
def pages(own_box, right_validator):
    box = own_box
    for learner in ("perfect", "careful"):
        notebook = box.answered(validator_answer=right_validator)
        box.cell(notebook, "oversight_check_point").source += EVIL
        box.hand_in(learner, notebook)
    list(Batch.open(box.site, box.cohort, box.lab).run(["perfect", "careful"], jobs=1))
    with Gradebook(box.database) as gradebook:
        comment = gradebook.find_comment("oversight_check_point", box.name, box.name, "perfect")
        comment.manual_comment = EVIL
        gradebook.db.commit()
    with pytest.raises(Refused):
        box.course.generate_feedback(box.name)
    assert not list(box.course.folder.glob("feedback/**/*.html")), "nothing is written while the lab is open"
    box.store.close(box.cohort, box.lab)
    box.course.generate_feedback(box.name)
    found = {path.parents[1].name: path.read_text() for path in box.course.folder.glob("feedback/*/*/*.html")}
    assert set(found) == {"perfect", "careful"}
    return found


def test_what_people_wrote_is_escaped(pages):
    """Puts markup into notes, answers and comments."""
    page = pages["perfect"]
    assert "<script" not in page and "<img" not in page and "onerror=alert(4)>" not in page
    assert html.escape("<script>alert(1)</script>", quote=False).replace("'", "&#39;") in page
    assert page.count("&lt;script&gt;alert(3)") == 2, "the answer and the comment"
    assert "{{ 7*7 }}" in page


def test_nothing_runs_and_nothing_is_fetched(pages):
    for page in pages.values():
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
        assert policy.startswith("default-src 'none'") and "script" not in policy
        assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?(https?:|//)""", page)
        assert not re.search(r"\son[a-z]+\s*=\s*[\"']", page)


def test_it_holds_the_learners_own_form_only(pages, own_box):
    """Looks in one learner's page for another's: ids, and figures that occur in the other form alone."""
    mine, other = own_box.forms["careful"].key, own_box.forms["perfect"].key
    page = pages["careful"]
    assert mine.form_id in page and other.form_id not in page
    assert not any(claim.claim_id in page for claim in other.claims)
    own_words = " ".join([*(c.text + c.why + c.query for c in mine.claims)])
    for claim in other.claims:
        if claim.why not in own_words and claim.text not in own_words:
            assert html.escape(claim.text) not in page or claim.text in own_words


def test_no_key_material_beyond_the_truth(pages, own_box):
    """Looks for canaries, operator names and seeds."""
    operators = {claim.operator for form in own_box.forms.values() for claim in form.key.claims if claim.operator}
    for page in pages.values():
        assert not any(form.key.canary in page for form in own_box.forms.values())
        # stale is also the name of a kind of flaw, which feedback tells
        assert not any(operator in page for operator in operators if "_" in operator)


def test_a_page_for_a_form_that_is_not_the_learners_is_refused(pages, own_box):
    """Swaps form ids in an autograded notebook."""
    path = own_box.course.folder / "autograded" / "careful" / own_box.name / f"{own_box.name}.ipynb"
    path.chmod(0o644)
    before = path.read_text()
    path.write_text(before.replace(own_box.forms["careful"].key.form_id, own_box.forms["perfect"].key.form_id))
    with pytest.raises(Refused):
        own_box.course.generate_feedback(own_box.name, "careful")
    path.write_text(before)
    own_box.course.generate_feedback(own_box.name, "careful")
