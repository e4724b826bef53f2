"""The rehearsal: four scripted learners and an instructor, from sign-in to feedback, on a state of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mondaylab.errors import Refused
from mondaylab.forms.keys import ClaimKey
from mondaylab.grader.cells.judgement import judgement_points_share
from mondaylab.hub.accounts import Accounts
from mondaylab.hub.cohorts import Cohort
from mondaylab.hub.demo import Steps, demo_cohort
from mondaylab.hub.origins import Addresses
from mondaylab.hub.rehearsal.instructor import Instructor
from mondaylab.hub.rehearsal.learner import SCRIPTS, Lesson, fetch_feedback, play
from mondaylab.hub.rehearsal.visitor import Visitor
from mondaylab.labs.building.frozen import frozen_site
from mondaylab.labs.drawing.issuing import Issued, keys_of
from mondaylab.labs.quarterly.releases import release_folder
from mondaylab.settings import Site
from mondaylab.texts import read_text

SHARED = ("raw", "snapshots", "builds", "releases", "proxy", "secrets")
"""State that a rehearsal reads from the installation; all else (hub, accounts, keys, courses, homes) is its own."""


@dataclass(frozen=True)
class Outcome:
    """What a rehearsal showed.

    Attributes:
        claims: Rows that each learner judged.
        scores: Learner -> share of the judgement points in nbgrader's gradebook, in [0, 1].
        decisions: Learner -> share of the decision points, likewise.
        prompts: Learner -> share of the prompt's points, likewise.
        oracle: The scorer's share for judging every row as the key says: must be 1.
    """

    claims: int
    scores: dict[str, float]
    decisions: dict[str, float]
    prompts: dict[str, float]
    oracle: float

    def check(self) -> None:
        """Holds the scores against what each way of judging must earn.

        Raises:
            Refused: A score lies outside; the message names all that do.
        """
        wrong = [
            f"{script.name} got {self.scores[script.name]}, not {script.earns[0]} to {script.earns[1]}"
            for script in SCRIPTS
            if not script.earns[0] <= self.scores[script.name] <= script.earns[1]
        ]
        for script in SCRIPTS:
            decided, asked = self.decisions[script.name], self.prompts[script.name]
            if (decided > 0) != script.checks or (script.name == "perfect" and decided != 1):
                wrong.append(f"{script.name} got {decided} for what they did with each row")
            if asked != float(script.checks):
                wrong.append(f"{script.name} got {asked} for the prompt")
        if self.oracle != 1:
            wrong.append(f"the key itself got {self.oracle}, not 1")
        if wrong:
            raise Refused("; ".join(wrong), where="the points of the rehearsal")


def rehearsal_site(site: Site, var: Path | None = None) -> Site:
    """A fresh state folder (``var/rehearsal`` if none is given) that shares data and builds with `site`."""
    var = var or site.rehearsal
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True, mode=0o700)
    for name in SHARED:
        (var / name).symlink_to(site.var / name)
    return Site(site.root, var)


def rehearsal_cohort(site: Site) -> Cohort:
    """The cohort that is played: the demo's, with a script for each learner. It has no file, as nobody edits it."""
    played = {
        "cohort": "finance-rehearsal",
        "title": "Rehearsal of the finance lab",
        "instructors": ("prompter",),
        "learners": tuple(script.name for script in SCRIPTS),
    }
    return Cohort.parse(demo_cohort(site).model_dump() | played, where="the rehearsal's cohort")


def rehearse(site: Site, cohort: Cohort, issued: Issued, addresses: Addresses, steps: Steps) -> Outcome:
    """Plays the whole way through a running hub.

    Args:
        site: The rehearsal's own installation state.
        cohort: Applied, with the lab released.
        issued: The forms of the cohort.
        addresses: Of the running hub.
        steps: Tells progress and keeps times.

    Raises:
        Refused: Any step was refused, or feedback says something it must not.
    """
    return asyncio.run(_rehearse(site, cohort, issued, addresses, steps))


def released_solution(site: Site, issued: Issued) -> str:
    """The worked solution that the release keeps: it is run here, and what lies in ``labs/`` nobody may have read."""
    kept = frozen_site(site, release_folder(site, issued.lab, issued.release))
    return read_text(kept.lab(issued.lab) / "solution.py")


async def _rehearse(site: Site, cohort: Cohort, issued: Issued, addresses: Addresses, steps: Steps) -> Outcome:
    passwords = Accounts(site).initial_passwords()
    lesson = Lesson(cohort.cohort, issued.lab, issued.quarter, released_solution(site, issued))
    claims = {}
    with steps.step("learners", f"{len(SCRIPTS)} learners fetch, judge, answer and submit"):

        async def one(number: int) -> None:
            script = SCRIPTS[number]
            async with Visitor(addresses, script.name, passwords[script.name]) as visitor:
                claims[script.name] = await play(script, visitor, lesson)
                steps.say(f"   {script.name} submitted")

        # a team that starts together: what six people do to a hub at nine o'clock
        await asyncio.gather(*(one(number) for number in range(len(SCRIPTS))))
    shares: dict[str, dict[str, float]] = {}
    name = cohort.instructors[0]
    async with Visitor(addresses, name, passwords[name]) as visitor:
        instructor = Instructor(visitor, lesson)
        with steps.step("grade", "the instructor collects, autogrades and grades by rubric"):
            submitted = await instructor.collect()
            missing = sorted({script.name for script in SCRIPTS} - set(submitted))
            if missing:
                raise Refused(f"not collected: {', '.join(missing)}", where="formgrader")
            for script in SCRIPTS:
                await instructor.autograde(script.name)
                if not await instructor.grade_by_hand(script.name):
                    raise Refused(f"{script.name} has no cell to grade by hand", where="formgrader")
                shares[script.name] = await instructor.shares(script.name, ("judgement", "decision", "prompt"))
        with steps.step("feedback", "the instructor closes the lab, releases feedback; the learners fetch it"):
            await instructor.close()
            await instructor.release_feedback()
            await asyncio.gather(*(_read_feedback(script.name, passwords, addresses, lesson) for script in SCRIPTS))
    oracle = min(_oracle_share(key.claims) for key in keys_of(site, cohort.cohort, issued).values())
    scores, decisions, prompts = (
        {learner: round(mine[cell], 4) for learner, mine in shares.items()}
        for cell in ("judgement", "decision", "prompt")
    )
    return Outcome(min(claims.values()), scores, decisions, prompts, oracle)


async def _read_feedback(learner: str, passwords: dict[str, str], addresses: Addresses, lesson: Lesson) -> None:
    async with Visitor(addresses, learner, passwords[learner]) as visitor:
        page = await fetch_feedback(visitor, lesson)
        await visitor.stop_server()
    if "<h1" not in page or "http://" in page.replace("http://www.w3.org", ""):
        raise Refused("the feedback page has no finding, or loads something from outside", where=learner)


def _oracle_share(claims: Sequence[ClaimKey]) -> float:
    return judgement_points_share([float(claim.flawed) for claim in claims], [claim.flawed for claim in claims])
