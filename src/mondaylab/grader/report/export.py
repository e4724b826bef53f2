"""A cohort's results as a table: one row a learner, or one row a judgement. It names learners: personal data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from nbgrader.api import Gradebook

from mondaylab.errors import NotFound, Refused
from mondaylab.extensions import extensions
from mondaylab.files import write_file
from mondaylab.forms.keys import ClaimKey
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.course.gradebook import Marked, read_marked
from mondaylab.grader.report.cohort_view import LabView, LearnerView
from mondaylab.grader.report.item_statistics import JudgedForm, judged_forms, state
from mondaylab.grader.verdicts import Counts, verdicts
from mondaylab.judging.answers import Answer
from mondaylab.settings import Site

Cell = str | int | float | bool | None
Table = Literal["learners", "judgements"]
_WHOSE = ("cohort", "lab", "learner")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a cell begins that a spreadsheet would run; full-width signs too."""


@dataclass(frozen=True)
class Exported:
    """A table.

    Attributes:
        columns: Their names.
        rows: One value a column each.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def exported(site: Site, cohort: str, views: Sequence[LabView], table: Table) -> Exported:
    """A cohort's results as a table.

    Args:
        site: The installation.
        cohort: Cohort id.
        views: Its labs, as `lab_report.open_labs` gives them.
        table: Which.

    Raises:
        Refused: Judgements are wanted of a lab that is still open: their table is its key.
    """
    if table == "judgements":
        still = [view.lab for view in views if not view.closed]
        if still:
            raise Refused(
                f"{', '.join(still)} is still open for {cohort}: a table of judgements holds the truth of every form",
                fix=f"mondaylab cohort close {cohort} {still[0]}, or export --table learners",
            )
        rows: Callable[[CohortLab, LabView], Iterator[dict[str, Cell]]] = _judgements
    else:
        rows = _learners
    found = list[dict[str, Cell]]()
    for view in views:
        with CohortLab(site, cohort, view.lab) as cohort_lab:
            found += rows(cohort_lab, view)
    columns = list(dict.fromkeys([*_WHOSE, *(name for one in found for name in one)]))
    return Exported(tuple(columns), tuple(tuple(one.get(name) for name in columns) for one in found))


def _learners(cohort_lab: CohortLab, view: LabView) -> Iterator[dict[str, Cell]]:
    forms = {form.learner: form for form in judged_forms(cohort_lab)}
    with Gradebook(cohort_lab.gradebook, cohort_lab.cohort) as gradebook:
        for one in view.learners:
            marked = read_marked(gradebook, cohort_lab.assignment, cohort_lab.assignment, one.learner)
            yield _learner(cohort_lab.cohort, view, one, forms.get(one.learner), marked)


def _learner(cohort: str, view: LabView, one: LearnerView, form: JudgedForm | None, marked: Marked) -> dict[str, Cell]:
    """One learner's line; what is not known yet is empty, never zero."""
    counts = None if form is None else Counts.of(verdicts(form.claims, form.answers).values())
    graded = one.graded is not None
    line: dict[str, Cell] = {
        "cohort": cohort,
        "lab": view.lab,
        "learner": one.learner,
        "fetched": one.fetched,
        "first_look": one.first,
        "after_checking": one.check,
        "handed_in": one.handed_in,
        "graded": graded,
        "cells_waiting": one.waiting if graded else None,
    }
    for name in ("flawed", "caught", "missed", "sound", "trusted", "doubted"):
        line[name] = None if counts is None else int(getattr(counts, name))
    given = [mark.points for mark in marked.marks.values()] if graded else []
    line["points"] = round(max(0.0, sum(given) - marked.penalty), 2) if graded else None
    line["max_points"] = round(sum(mark.max_points for mark in marked.marks.values()), 2) if graded else None
    for name, mark in marked.marks.items():
        waits = mark.needs_manual and not mark.by_hand
        line[f"points_{name}"] = round(mark.points, 2) if graded and not waits else None
    return line


def _judgements(cohort_lab: CohortLab, _: LabView) -> Iterator[dict[str, Cell]]:
    for form in judged_forms(cohort_lab):
        for claim in form.claims:
            first, check = (said.get(claim.claim_id) for said in (form.first, form.answers))
            yield {
                "cohort": cohort_lab.cohort,
                "lab": cohort_lab.lab,
                "learner": form.learner,
                **_judgement(claim, first, check),
            }


def _judgement(claim: ClaimKey, first: Answer | None, check: Answer | None) -> dict[str, Cell]:
    first, check = first or Answer(), check or Answer()
    return {
        "item": f"{claim.template}|{state(claim)}",
        "draft": claim.draft_id,
        "statement": claim.text,
        "flawed": claim.flawed,
        "kind": claim.kinds[0] if claim.kinds else None,
        "severity": claim.severity,
        "stated": claim.stated,
        "truth": claim.truth,
        "unit": claim.unit,
        "first_p": first.p,
        "first_action": first.action,
        "first_note": first.note,
        "check_p": check.p,
        "check_action": check.action,
        "check_kind": check.kind,
        "check_severity": check.severity,
        "check_value": check.value,
        "check_note": check.note,
    }


def as_csv(table: Exported) -> str:
    """The table as CSV, with the mark before it by which Excel knows UTF-8; text that would be a formula is quoted."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(safe(name) for name in table.columns)
    writer.writerows([safe(value) for value in row] for row in table.rows)
    return "\ufeff" + text.getvalue()


def safe(value: Cell) -> str | int | float:
    """A cell that a spreadsheet shows and never runs: text that begins like a formula gets an apostrophe before it.

    Numbers stay numbers, also negative ones; True and False become ``true`` and ``false``, None an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value


def as_json(table: Exported) -> str:
    """The table as one JSON object, ``{"rows": [{...}]}``; JSON is run by nobody, so text stays as it is."""
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return json.dumps({"rows": rows}, ensure_ascii=False, indent=1) + "\n"


Exporter = Callable[[Exported], str | bytes]
"""What writes a table in a format of its own."""
_BUILT_IN: dict[str, Exporter] = {"csv": as_csv, "json": as_json}


def exporter(form: str) -> Exporter:
    """What writes a format: ``csv``, ``json``, or one that an installed package adds.

    Raises:
        NotFound: There is no such format.
        Refused: A package's exporter has the name of another, or is no function.
    """
    known = {**_BUILT_IN, **_brought()}
    if form not in known:
        raise NotFound(
            f"no format {form!r}",
            where=f"there are: {', '.join(known)}",
            fix="name one of these with --format, or install the package that has it",
        )
    return known[form]


@cache
def _brought() -> Mapping[str, Exporter]:
    return extensions("mondaylab.exporters", _wrong_exporter, taken=_BUILT_IN)


def _wrong_exporter(name: str, found: object) -> str | None:
    return None if callable(found) else "no function of a table"


def write_table(table: Exported, form: str, out: Path) -> None:
    """Writes the table, readable by its owner only; raises as `exporter`.

    Raises:
        Refused: What a package wrote is neither text nor bytes.
    """
    text = exporter(form)(table)
    if not isinstance(text, str | bytes):
        raise Refused(f"the exporter {form!r} gives neither text nor bytes", fix="mend the package that has it")
    write_file(out, text, mode=0o600)
