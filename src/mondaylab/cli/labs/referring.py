"""``mondaylab labs reference``: what a lab is written with, as this installation takes it."""

from __future__ import annotations

from pathlib import Path

import click

from mondaylab.cli.contract import Result, reports
from mondaylab.files import write_file
from mondaylab.settings import Site


def _words(result: Result) -> str:
    return str(result["page"]) if result["out"] is None else f"written to {result['out']}"


@click.command("reference")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the page there, as Markdown.")
@reports(_words)
def reference(out: Path | None) -> Result:
    """Print every kind of claim, flaw operator, measure, task and graded cell with its keys and words.

    It is read from the code that checks your lab, so it also lists what installed packages add.

    \b
    Example:
      mondaylab labs reference --out reference.md
    """
    from mondaylab.labs import reference as work  # noqa: PLC0415  late: keeps `mondaylab --help` quick

    sections = work.reference(Site.find())
    page = work.markdown(sections)
    if out is not None:
        write_file(out, page)
    told = [one.model_dump(mode="json") for one in sections]
    return {"sections": told, "page": page, "out": None if out is None else str(out)}
