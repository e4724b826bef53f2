"""``mondaylab grade report``: the cohort page, and the items for the next build."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.settings import Site

PAGE = "index.html"
ITEMS = "items.json"


def _words(result: Result) -> str:
    lines = []
    for lab in result["labs"]:
        lines.append(f"{lab['lab']}: {lab['headline']}")
        plan = lab["plan"]
        if plan["retired"] or plan["weights"]:
            lines.append(f"  next build: {len(plan['retired'])} items retired, {len(plan['weights'])} drawn less often")
    if not result["labs"]:
        lines.append("No lab is open to this cohort yet.")
    return "\n".join([*lines, *(f"written: {path}" for path in result["files"])])


@click.command("report")
@click.argument("cohort")
@click.argument("lab", required=False)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for both files.")
@reports(_words)
def report(cohort: str, lab: str | None, out: Path) -> Result:
    """Tell what the answers of COHORT say, in LAB or in all its labs: a page for people, items for the next build.

    Writes OUT/index.html, which needs no network and names nobody, and OUT/items.json for "mondaylab labs build
    --items". What fewer than five people said is shown nowhere. With --json also every figure.

    \b
    Example:
      mondaylab grade report finance-demo weekly_margin_memo --out report
      mondaylab labs build --quarter 2027Q1 --items report/items.json
    """
    from mondaylab.files import write_file  # noqa: PLC0415  late: keeps `mondaylab --help` quick
    from mondaylab.grader.report.lab_report import item_statistics_of, lab_report, open_labs  # noqa: PLC0415
    from mondaylab.grader.report.page import render  # noqa: PLC0415
    from mondaylab.grader.report.words import headline  # noqa: PLC0415

    site, made = Site.find(), datetime.now(UTC)
    found = []
    for view in open_labs(site, cohort, lab):
        progress(f"{view.lab} …")
        found.append(lab_report(site, cohort, view))
    page, items = render(cohort, found, made=made), item_statistics_of(tuple(found))
    write_file(out / PAGE, page)
    write_file(out / ITEMS, items.canonical())
    labs = [
        {**one.model_dump(mode="json"), "headline": headline(one), "plan": items.plan(one.lab).model_dump(mode="json")}
        for one in found
    ]
    return {"cohort": cohort, "made": made.isoformat(), "labs": labs, "files": [str(out / PAGE), str(out / ITEMS)]}
