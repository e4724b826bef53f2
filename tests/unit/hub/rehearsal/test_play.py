"""A rehearsal whose scores are not what the ways of judging earn is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from mondaylab.errors import Refused
from mondaylab.files import file_hash, write_file
from mondaylab.hub.cohorts import readable
from mondaylab.hub.demo import demo_cohort
from mondaylab.hub.rehearsal.learner import SCRIPTS
from mondaylab.hub.rehearsal.play import Outcome, rehearsal_cohort, released_solution
from mondaylab.labs.drawing.issuing import Issued
from mondaylab.labs.quarterly.releases import Release
from mondaylab.settings import Site

GOOD = {"perfect": 0.95, "careful": 0.56, "trusting": 0.0, "flagging": 0.0}
DECISIONS = {"perfect": 1.0, "careful": 0.4, "trusting": 0.0, "flagging": 0.0}
PROMPTS = {"perfect": 1.0, "careful": 1.0, "trusting": 0.0, "flagging": 0.0}


def outcome(*, scores=GOOD, decisions=DECISIONS, prompts=PROMPTS, oracle=1.0) -> Outcome:
    return Outcome(19, scores, decisions, prompts, oracle)


def test_scores_inside_their_bars_pass():
    outcome().check()


@pytest.mark.parametrize(
    "wrong",
    [{"perfect": 0.89}, {"careful": 0.34}, {"careful": 0.95}, {"trusting": 0.01}, {"flagging": 0.01}],
    ids=str,
)
def test_a_score_outside_its_bar_is_refused_by_name(wrong: dict[str, float]):
    with pytest.raises(Refused, match=f": {next(iter(wrong))} got"):
        outcome(scores=GOOD | wrong).check()


def test_a_key_that_does_not_earn_everything_is_refused():
    with pytest.raises(Refused, match="the key itself"):
        outcome(oracle=0.99).check()


@pytest.mark.parametrize("wrong", [{"perfect": 0.99}, {"careful": 0.0}, {"trusting": 0.1}, {"flagging": 0.1}], ids=str)
def test_actions_that_earn_what_they_must_not_are_refused(wrong: dict[str, float]):
    with pytest.raises(Refused, match=f"{next(iter(wrong))} got .* for what they did with each row"):
        outcome(decisions=DECISIONS | wrong).check()


@pytest.mark.parametrize("wrong", [{"careful": 0.75}, {"trusting": 0.25}], ids=str)
def test_a_prompt_that_earns_what_it_must_not_is_refused(wrong: dict[str, float]):
    with pytest.raises(Refused, match=f"{next(iter(wrong))} got .* for the prompt"):
        outcome(prompts=PROMPTS | wrong).check()


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


def test_the_solution_that_is_run_is_the_releases(tmp_path):
    site, kept = Site(tmp_path, tmp_path / "var"), Path("sources/labs/finance/memo/solution.py")
    release = site.releases / "finance/memo/r"
    for path, text in ((tmp_path / "labs/finance/memo/solution.py", "edited"), (release / kept, "kept")):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    told = dict.fromkeys(("release", "lab", "quarter", "company", "snapshot", "made_from", "released"), "x")
    write_file(release / "release.json", Release(**told, files={str(kept): file_hash(release / kept)}).canonical())
    issued = Issued(lab="finance/memo", quarter="2026Q4", forms={}, most_shared=0, release="r")
    assert released_solution(site, issued) == "kept"
