"""What goes wrong around submissions: one learner's trouble is that learner's alone, and nobody is given a zero for it.

What submissions themselves try is in the corpus.
"""

from __future__ import annotations

import pytest

from mondaylab.errors import Refused
from mondaylab.grader.autograde.batch import Batch


def test_one_bad_submission_does_not_stop_the_rest(box):
    """A key that anybody could have read stops one learner's grading, not the batch."""
    for learner in ("perfect", "trusting"):
        box.hand_in(learner, box.released())
    path = box.site.keys / box.cohort / f"{box.forms['trusting'].key.form_id}.json"
    path.chmod(0o644)
    try:
        batch = Batch.open(box.site, box.cohort, box.name)
        graded = {learner: batch.grade(learner) for learner in ("trusting", "perfect")}
    finally:
        path.chmod(0o600)
    assert all(score.state == "not graded" for score in graded["trusting"].values())
    assert graded["perfect"]["judgement"].points > 37


def test_folders_by_names_of_nobody_do_not_stop_the_rest(own_box):
    """Puts folders into submitted/ whose names are formulas or script, as an unpacked archive may."""
    box, names = own_box, ("=cmd|calc", "<img src=x>", "a b")
    for learner in (*names, "perfect"):
        box.hand_in(learner, box.released())
    batch = Batch.open(box.site, box.cohort, box.name)
    done = {one.learner: one for one in batch.run(batch.learners(), jobs=1)}
    assert set(done) >= {*names, "perfect"} and done["perfect"].state == "graded"
    for name in names:
        assert done[name].state == "failed" and "is nobody's folder" in done[name].error.what
    assert not [path.name for path in (box.course.folder / "autograded").iterdir() if path.name in names]


def test_a_lost_judgement_store_grades_nothing(own_box):
    """Without the store nobody is given zero for what they said."""
    own_box.hand_in("perfect", own_box.released())
    own_box.store.dispose()
    for path in own_box.site.hub.glob("judgements.sqlite*"):
        path.unlink()
    database = own_box.site.hub / "judgements.sqlite"
    database.write_bytes(b"not a database, and long enough to be looked at as one" * 100)
    with pytest.raises(Refused):
        own_box.autograde("perfect")
