"""``mondaylab grade COHORT LAB``: score a cohort's submissions without opening formgrader."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.errors import MondaylabError, NotFound
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.grader.autograde.batch import Batch, Done
    from mondaylab.grader.cells.score import CellScore

_EVERY_SECONDS = 2.0


def _words(result: Result) -> str:
    lines = [f"{result['lab']} in {result['cohort']}{', dry run: nothing was written' if result['dry_run'] else ''}"]
    for one in result["submissions"]:
        if one["state"] == "failed":
            lines.append(f"  {one['learner']:16} failed: {_cause(one['error'])}")
            continue
        points = "  ".join(
            f"{cell['grade_id']} {'not graded' if cell['state'] != 'scored' else format(cell['points'], 'g')}"
            for cell in one["cells"]
        )
        note = "  (unchanged)" if one["state"] == "unchanged" else ""
        lines.append(f"  {one['learner']:16} {points}{note}")
    if not result["submissions"]:
        return "\n".join([*lines, "  no submission was collected yet"])
    counts = Counter(one["state"] for one in result["submissions"])
    lines.append("  " + ", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
    return "\n".join(lines)


def _cause(error: dict[str, Any]) -> str:
    return str(MondaylabError(error["what"], where=error["where"], fix=error["fix"]))


def _any_failed(result: Result) -> bool:
    return any(one["state"] == "failed" for one in result["submissions"])


@click.command("run")
@click.argument("cohort")
@click.argument("lab")
@click.option("--learner", help="Only this learner.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Submissions at a time; one a processor if not given.")
@click.option("--force", is_flag=True, help="Grade what has not changed since it was graded, too.")
@click.option("--feedback", is_flag=True, help="Then write the feedback pages; the lab has to be closed.")
@click.option("--dry-run", is_flag=True, help="Score and show; write nothing into the gradebook.")
@reports(_words, failed=_any_failed)
def run(
    cohort: str, lab: str, learner: str | None, jobs: int | None, force: bool, feedback: bool, dry_run: bool
) -> Result:
    """Score the collected submissions of LAB in COHORT and write them into nbgrader's gradebook.

    The same scorer as formgrader's Autograde. A submission that cannot be graded is named with its reason, and the
    others go on; what has not changed since it was graded is left as it is. It can be stopped at any moment and
    started again. Exit code 1 when a submission failed.

    The word "run" may be left out, unless the cohort is called like a command.

    \b
    Example:
      mondaylab grade finance-demo weekly_margin_memo --jobs 2
      mondaylab grade run finance-demo weekly_margin_memo --dry-run
    """
    from mondaylab.grader.autograde.batch import Batch  # noqa: PLC0415  late: keeps `mondaylab --help` quick

    with Batch.open(Site.find(), cohort, lab) as batch:
        learners = batch.learners()
        if learner is not None:
            if learner not in learners:
                raise NotFound(f"{learner} has no submission of {batch.lab}", fix="collect in formgrader first")
            learners = [learner]
        if dry_run:
            told = [_scored(batch, name) for name in learners]
        else:
            told = _graded(batch, learners, jobs=jobs, force=force, feedback=feedback)
    told.sort(key=lambda one: str(one["learner"]))
    return {"cohort": cohort, "lab": batch.lab, "dry_run": dry_run, "submissions": told}


def _graded(
    batch: Batch, learners: list[str], *, jobs: int | None, force: bool, feedback: bool
) -> list[dict[str, Any]]:
    if feedback:
        batch.check_closed()  # before hours of work, not after
    meter = Meter("graded", len(learners))
    told = {}
    for done in batch.run(learners, jobs=jobs, force=force):
        told[done.learner] = _plain(done)
        meter.count(failed=done.state == "failed")
    if feedback:
        graded = [name for name in learners if told[name]["state"] != "failed"]
        meter = Meter("pages written", len(graded))
        for learner, error in batch.feedback(graded, jobs=jobs):
            if error is not None:
                told[learner] |= {"state": "failed", "error": error.as_dict()}
            meter.count(failed=error is not None)
    return list(told.values())


def _plain(done: Done) -> dict[str, Any]:
    if done.error is not None:
        return {"learner": done.learner, "state": done.state, "error": done.error.as_dict()}
    cells = [_cell(score) for score in done.scores.values()]
    return {"learner": done.learner, "state": done.state, "cells": cells}


def _cell(score: CellScore) -> dict[str, Any]:
    """A score without what the learner wrote: that is for the person who grades it in formgrader."""
    return score.model_dump(mode="json", exclude={"found": {"__all__": {"text"}}})


def _scored(batch: Batch, learner: str) -> dict[str, Any]:
    progress(f"{learner} …")
    try:
        scores = batch.score(learner)
    except MondaylabError as error:
        return {"learner": learner, "state": "failed", "error": error.as_dict()}
    cells = [_cell(score) for score in scores.values()]
    state = "graded" if all(cell["state"] == "scored" for cell in cells) else "needs a person"
    return {"learner": learner, "state": state, "cells": cells}


class Meter:
    """Progress on stderr: how many, how many failed, how long it will take; not more often than people read."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._done = self._failed = 0
        self._began = self._told = time.monotonic()

    def count(self, *, failed: bool) -> None:
        """One more is done."""
        self._done += 1
        self._failed += failed
        now = time.monotonic()
        if self._done < self._total and now - self._told < _EVERY_SECONDS:
            return
        self._told = now
        took = now - self._began
        left = round(took / self._done * (self._total - self._done))
        time_words = f"{left // 60}:{left % 60:02d} left" if self._done < self._total else f"in {took:.1f} s"
        failed_words = f", {self._failed} failed" if self._failed else ""
        progress(f"{self._done}/{self._total} {self._what}{failed_words}, {time_words}")
