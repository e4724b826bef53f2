"""``mondaylab grade export``: a cohort's results as a table."""

from __future__ import annotations

from pathlib import Path

import click

from mondaylab.cli.contract import Result, reports
from mondaylab.settings import Site


def _words(result: Result) -> str:
    return f"{result['rows']} rows of {result['table']} written to {result['out']}; it names learners"


@click.command("export")
@click.argument("cohort")
@click.argument("lab", required=False)
@click.option("--table", type=click.Choice(["learners", "judgements"]), default="learners", show_default=True)
@click.option("--format", "form", default="csv", show_default=True, help="csv, json, or one that a package adds.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file.")
@reports(_words)
def export(cohort: str, lab: str | None, table: str, form: str, out: Path) -> Result:
    """Write the results of COHORT, in LAB or in all its labs, as one table.

    "learners" has one row a learner and lab: how far, counts, points by cell. "judgements" has one row a judged
    statement with its truth, so the lab has to be closed. Both name learners: the file is readable by you only, and
    personal data. In CSV no text is run as a formula: it gets an apostrophe before it.

    \b
    Example:
      mondaylab grade export finance-demo --format csv --out finance-demo.csv
      mondaylab grade export finance-demo weekly_margin_memo --table judgements --format json --out judged.json
    """
    from mondaylab.grader.report import export as tables  # noqa: PLC0415  late: keeps `mondaylab --help` quick
    from mondaylab.grader.report.lab_report import open_labs  # noqa: PLC0415

    site = Site.find()
    tables.exporter(form)  # a format that is not there is said before the work
    views = open_labs(site, cohort, lab)
    found = tables.exported(site, cohort, views, "judgements" if table == "judgements" else "learners")
    tables.write_table(found, form, out)
    labs = [view.lab for view in views]
    return {"cohort": cohort, "labs": labs, "table": table, "format": form, "rows": len(found.rows), "out": str(out)}
