"""``mondaylab labs preview``: a form and its key, for those who write labs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.settings import Site


@click.command("preview")
@click.argument("lab")
@click.option("--company", default="demo", show_default=True, help="Whose data.")
@click.option("--quarter", required=True, help="Such as 2026Q4.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which form; no learner ever gets one of these.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Also write it as a page (FILE.html).")
@reports(lambda result: str(result["words"]))
def preview(lab: str, company: str, quarter: str, seed: int, out: Path | None) -> Result:
    """Show what a learner of LAB will see and, beside it, the key. It is for authors, never for learners.

    It shows the lab's files as they stand, and says so where no build was made from these; a lab that cannot be built
    is refused as the build refuses it.

    \b
    Example:
      mondaylab labs preview finance/weekly_margin_memo --quarter 2026Q4 --out ~/preview.html
    """
    from mondaylab.labs.preview import as_html, as_text, preview_of, write_preview  # noqa: PLC0415  late: for a quick --help

    site = Site.find()
    page = preview_of(site, lab, company=company, quarter=quarter, seed=seed)
    if out is not None:
        write_preview(site, out, as_html(page))
        progress(f"wrote {out}, readable by you only")
    return {"preview": asdict(page), "out": None if out is None else str(out), "words": as_text(page)}
