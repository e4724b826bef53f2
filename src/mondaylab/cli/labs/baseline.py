"""``mondaylab labs baseline``: what a model earns that judges the rows of a lab by their text alone."""

from __future__ import annotations

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.settings import Site


def _words(result: Result) -> str:
    lines = [
        f"{result['lab']} {result['quarter']} on {result['snapshot']}: {result['model'] or 'no model named'}",
        f"  {result['rows']} rows of {result['forms']} forms, {result['asked']} asked in this run, "
        f"{result['to_ask']} left",
    ]
    if result["failure"]:
        lines.append(f"  failed: {result['failure']}; run it again to ask for the rest")
    lines += [f"    {line}" for line in (result["first"] or "").splitlines()]
    if result["gate"] is not None:
        lines.append(f"  {result['gate']['said']}")
    return "\n".join(lines)


@click.command("baseline")
@click.argument("lab")
@click.option("--company", default="demo", show_default=True, help="Whose data.")
@click.option("--quarter", required=True, help="Such as 2026Q4.")
@click.option("--forms", type=click.IntRange(10, 200), default=10, show_default=True, help="Forms to ask about.")
@click.option("--base-url", help="OpenAI-compatible endpoint; OPENAI_BASE_URL if not given.")
@click.option("--model", help="As the endpoint calls it; its only one if not given.")
@click.option("--timeout", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds for a call.")
@click.option("--llama", is_flag=True, help="The endpoint is llama.cpp: switch its prompt cache off.")
@click.option("--dry-run", is_flag=True, help="Ask nothing; show what would be sent for the first row.")
@reports(_words, lambda result: result["failure"] is not None)
def baseline(
    lab: str,
    company: str,
    quarter: str,
    forms: int,
    base_url: str | None,
    model: str | None,
    timeout: float,
    llama: bool,
    dry_run: bool,
) -> Result:
    """Ask a model how likely each row of LAB's forms is wrong, each told alone and without data.

    What it earns is what can be had by the words alone; `labs check` puts it into its report with model and date. The
    forms are those that the gates draw; no learner ever gets one. What was answered is not asked again. The key is
    taken from OPENAI_API_KEY. Exit code 1 when a call failed; run it again to ask for the rest.

    \b
    Example:
      mondaylab labs baseline finance/weekly_margin_memo --quarter 2026Q4 --dry-run
      mondaylab labs baseline finance/weekly_margin_memo --quarter 2026Q4 --llama
    """
    from mondaylab.labs.material import Material  # noqa: PLC0415  late: keeps `mondaylab --help` quick
    from mondaylab.labs.recorded.baselines import BaselineStore  # noqa: PLC0415
    from mondaylab.labs.recording.baseline import record_baseline  # noqa: PLC0415
    from mondaylab.labs.recording.endpoint import Endpoint  # noqa: PLC0415

    site = Site.find()
    report = record_baseline(
        Material.open(site, lab, company=company, quarter=quarter),
        BaselineStore(site, company=company, lab=lab, quarter=quarter),
        lambda: Endpoint.of(base_url, timeout=timeout, local=llama),
        forms=forms,
        model=model,
        dry_run=dry_run,
        say=progress,
    )
    return report.model_dump(mode="json")
