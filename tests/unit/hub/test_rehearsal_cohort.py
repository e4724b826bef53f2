"""The rehearsal plays the demo's cohort with scripts for learners, and is no cohort that people see."""

from __future__ import annotations

from mondaylab.hub.cohorts import readable
from mondaylab.hub.demo import demo_cohort
from mondaylab.hub.rehearsal.learner import SCRIPTS
from mondaylab.hub.rehearsal.play import rehearsal_cohort


def test_it_is_the_demos_cohort_with_a_learner_a_script(site):
    played, demo = rehearsal_cohort(site), demo_cohort(site)
    assert played.learners == tuple(script.name for script in SCRIPTS)
    assert (played.company, played.role, played.quarter, played.labs) == (
        demo.company,
        demo.role,
        demo.quarter,
        demo.labs,
    )
    assert not set(played.learners + played.instructors) & set(demo.learners + demo.instructors)


def test_it_is_not_among_the_cohorts_that_people_wrote(site):
    assert rehearsal_cohort(site).cohort not in readable(site)[0]
