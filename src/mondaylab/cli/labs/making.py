"""``mondaylab labs new``: a lab that builds, to make one's own."""

from __future__ import annotations

import click

from mondaylab.cli.contract import Result, reports
from mondaylab.settings import Site


def _words(result: Result) -> str:
    verb = "would make" if result["dry_run"] else "made"
    lines = [f"{verb} {result['folder']}: {', '.join(result['files'])}", "", "Next:"]
    return "\n".join([*lines, *(f"  {number}. {step}" for number, step in enumerate(result["next"], 1))])


@click.command("new")
@click.argument("lab", metavar="ROLE/NAME")
@click.option("--dry-run", is_flag=True, help="Only say what would be made.")
@reports(_words)
def new(lab: str, dry_run: bool) -> Result:
    """Make a small, whole lab that builds, and say what to do with it next.

    \b
    Example:
      mondaylab labs new finance/cash_forecast
    """
    from mondaylab.labs.scaffold.make import new_lab  # noqa: PLC0415  late: keeps `mondaylab --help` quick

    return new_lab(Site.find(), lab, dry_run=dry_run).model_dump(mode="json")
