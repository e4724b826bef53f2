"""``mondaylab grade``: score a cohort's submissions without opening formgrader."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.errors import MondaylabError, NotFound
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.grader.batch import Batch


def _words(result: Result) -> str:
    lines = [f"{result['lab']} in {result['cohort']}{', dry run: nothing was written' if result['dry_run'] else ''}"]
    for one in result["submissions"]:
        if one["state"] == "failed":
            lines.append(f"  {one['learner']:16} failed: {one['error']['what']}")
            continue
        points = "  ".join(
            f"{cell['grade_id']} {'not graded' if cell['state'] != 'scored' else format(cell['points'], 'g')}"
            for cell in one["cells"]
        )
        lines.append(f"  {one['learner']:16} {points}")
    return "\n".join(lines if result["submissions"] else [*lines, "  no submission was collected yet"])


@click.command("grade")
@click.argument("cohort")
@click.argument("lab")
@click.option("--learner", help="Only this learner.")
@click.option("--dry-run", is_flag=True, help="Score and show; write nothing into the gradebook.")
@reports(_words)
def command(cohort: str, lab: str, learner: str | None, dry_run: bool) -> Result:
    """Score the collected submissions of LAB in COHORT and write them into nbgrader's gradebook.

    The same scorer as formgrader's Autograde. A submission that cannot be graded is named with its reason, and the
    others go on.

    \b
    Example:
      mondaylab grade finance-demo weekly_margin_memo --dry-run
    """
    from mondaylab.grader.batch import Batch  # noqa: PLC0415  late: keeps `mondaylab --help` quick

    batch = Batch.open(Site.find(), cohort, lab)
    learners = batch.learners()
    if learner is not None:
        if learner not in learners:
            raise NotFound(f"{learner} has no submission of {batch.lab}", fix="collect in formgrader first")
        learners = [learner]
    done = []
    for name in learners:
        progress(f"{name} …")
        done.append(_one(batch, name, dry_run=dry_run))
    return {"cohort": cohort, "lab": batch.lab, "dry_run": dry_run, "submissions": done}


def _one(batch: Batch, learner: str, *, dry_run: bool) -> dict[str, Any]:
    began = time.monotonic()
    try:
        scores = batch.score(learner) if dry_run else batch.grade(learner)
    except MondaylabError as error:
        return {"learner": learner, "state": "failed", "error": error.as_dict()}
    cells = [score.model_dump(mode="json") for score in scores.values()]
    state = "graded" if all(cell["state"] == "scored" for cell in cells) else "needs a person"
    return {"learner": learner, "state": state, "cells": cells, "seconds": round(time.monotonic() - began, 2)}
