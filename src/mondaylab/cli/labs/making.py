"""``mondaylab labs new``: a lab that builds, to make one's own."""

from __future__ import annotations

import click

from mondaylab.cli.contract import Result, reports
from mondaylab.settings import Site


def _words(result: Result) -> str:
    verb = "would make" if result["dry_run"] else "made"
    lines = [f"{verb} {result['folder']}: {', '.join(result['files'])}"]
    if result["block"]:
        added = "would add" if result["dry_run"] else "added"
        lines += ["", f"{added} to grader/scoring.yaml, below the other roles:", result["block"].rstrip()]
    lines += ["", "Next:"]
    return "\n".join([*lines, *(f"  {number}. {step}" for number, step in enumerate(result["next"], 1))])


@click.command("new")
@click.argument("lab", metavar="ROLE/NAME")
@click.option("--role", help="The role once more, if it is new: gets cells, points and costs in grader/scoring.yaml.")
@click.option("--dry-run", is_flag=True, help="Only say what would be made.")
@reports(_words)
def new(lab: str, role: str | None, dry_run: bool) -> Result:
    """Make a small, whole lab that builds, and say what to do with it next.

    A role that grader/scoring.yaml does not have yet is named twice, with --role: its block is written too.

    \b
    Example:
      mondaylab labs new finance/cash_forecast
      mondaylab labs new sales/offer_mail --role sales --dry-run
    """
    from mondaylab.labs.scaffold.make import new_lab  # noqa: PLC0415  late: keeps `mondaylab --help` quick

    return new_lab(Site.find(), lab, add_role=role, dry_run=dry_run).model_dump(mode="json")
