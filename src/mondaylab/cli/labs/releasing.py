"""``mondaylab labs release`` and ``rollback``: what a new cohort gets."""

from __future__ import annotations

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.settings import Site


def _words(result: Result) -> str:
    if not result["changed"]:
        text = f"{result['lab']}: {result['now']} is what new cohorts get already"
    else:
        verb = "would get" if result["dry_run"] else "get"
        text = f"{result['lab']}: new cohorts {verb} {result['now']} (was {result['was'] or 'nothing'})"
    return f"{text}; running cohorts keep theirs" + (f"\n{result['unchecked']}" if result["unchecked"] else "")


@click.command("release")
@click.argument("lab")
@click.option("--quarter", required=True, help="Which build, such as 2026Q4.")
@click.option("--company", default="demo", show_default=True, help="Whose build, and whose new cohorts.")
@click.option("--unchecked", is_flag=True, help="Release without a passed check; the record says so for good.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@reports(_words)
def release(lab: str, quarter: str, company: str, unchecked: bool, dry_run: bool) -> Result:
    """Make a checked build of LAB what a new cohort gets: an immutable copy of it.

    \b
    Example:
      mondaylab labs release finance/weekly_margin_memo --quarter 2026Q4
    """
    from mondaylab.labs.quarterly.releases import make_release  # noqa: PLC0415  late: keeps `mondaylab --help` quick

    step = make_release(Site.find(), lab, quarter, company=company, unchecked=unchecked, dry_run=dry_run)
    if step.unchecked:
        progress(f"mondaylab: {step.unchecked}")
    return step.model_dump(mode="json")


@click.command("rollback")
@click.argument("lab")
@click.option("--company", default="demo", show_default=True, help="Whose new cohorts.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@reports(_words)
def rollback(lab: str, company: str, dry_run: bool) -> Result:
    """Go back to the release of LAB before the current one, for new cohorts.

    \b
    Example:
      mondaylab labs rollback finance/weekly_margin_memo --dry-run
    """
    from mondaylab.labs.quarterly.releases import roll_back  # noqa: PLC0415

    return roll_back(Site.find(), lab, company=company, dry_run=dry_run).model_dump(mode="json")
