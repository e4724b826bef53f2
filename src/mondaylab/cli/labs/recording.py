"""``mondaylab labs record``: a model words the facts of a lab's drafts, and what it says is checked."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.settings import Site


def _words(result: Result) -> str:
    lines = [f"{result['lab']} {result['quarter']} on {result['snapshot']}: {result['model'] or 'no model named'}"]
    for draft in result["drafts"]:
        lines.append(f"  {draft['draft']} {draft['number']}: {_told(draft)}")
        if draft["prompt"]:
            lines += [f"    {line}" for line in draft["prompt"].splitlines()]
        for sentence in draft["sentences"]:
            what = sentence["operator"] or "sound"
            lines.append(f"    {what:14} {sentence['claim']}: {sentence['text']}")
        for refusal in draft["refused"]:
            where = "" if refusal["claim"] is None else f" {refusal['claim']}:"
            lines.append(f"    {'refused':14}{where} {refusal['says']} ({refusal['code']}) {refusal['text']!r}")
    lines += [f"  nothing to ask for {name}: none of its claims is a figure" for name in result["nothing_to_ask"]]
    lines += [
        f"  stale: {one['draft']} {one['number']} of {one['recorded']} by {one['model']}, {one['why']}"
        for one in result["stale"]
    ]
    lines += [f"  damaged: {text}" for text in result["damaged"]]
    return "\n".join([*lines, _sums(result)])


def _told(draft: dict[str, Any]) -> str:
    if draft["state"] == "failed":
        return f"failed, {draft['says']}"
    if draft["state"] == "to_ask":
        return "to be asked"
    flawed = sum(sentence["operator"] is not None for sentence in draft["sentences"])
    sound = len(draft["sentences"]) - flawed
    return f"{draft['state']}, {sound} sound, {flawed} flawed by nature, {len(draft['refused'])} refused"


def _sums(result: Result) -> str:
    states = Counter(draft["state"] for draft in result["drafts"])
    codes = Counter(refusal["code"] for draft in result["drafts"] for refusal in draft["refused"])
    words = [", ".join(f"{count} {state.replace('_', ' ')}" for state, count in states.items()) or "nothing"]
    if codes:
        words.append("refused: " + ", ".join(f"{count} {code}" for code, count in codes.most_common()))
    words.append(f"{result['tokens_in']:,} tokens in, {result['tokens_out']:,} out in this run")
    if result["cost"] is not None:
        words.append(f"cost {result['cost']:.4f} in this run, {result['cost_of_all']:.4f} for all of these")
    return "; ".join(words)


@click.command("record")
@click.argument("lab")
@click.option("--company", default="demo", show_default=True, help="Whose data.")
@click.option("--quarter", required=True, help="Such as 2026Q4.")
@click.option("--drafts", type=click.IntRange(1, 500), default=3, show_default=True, help="Of each draft template.")
@click.option("--source", default="endpoint", show_default=True, help="What is asked; packages add others.")
@click.option("--base-url", help="OpenAI-compatible endpoint; OPENAI_BASE_URL if not given.")
@click.option("--model", help="As the endpoint calls it; its only one if not given.")
@click.option("--timeout", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds for a call.")
@click.option("--llama", is_flag=True, help="The endpoint is llama.cpp: switch its prompt cache off.")
@click.option("--price-in", type=click.FloatRange(min=0), help="Price of a million tokens sent.")
@click.option("--price-out", type=click.FloatRange(min=0), help="Price of a million tokens answered.")
@click.option("--dry-run", is_flag=True, help="Ask nothing; show what would be sent.")
@reports(_words, lambda result: any(draft["state"] == "failed" for draft in result["drafts"]))
def record(
    lab: str,
    company: str,
    quarter: str,
    drafts: int,
    source: str,
    base_url: str | None,
    model: str | None,
    timeout: float,
    llama: bool,
    price_in: float | None,
    price_out: float | None,
    dry_run: bool,
) -> Result:
    """Ask a model to word the figures of LAB's drafts, and check each sentence against the data.

    What is recorded already is not asked again. The key is taken from OPENAI_API_KEY. Exit code 1 when a call failed;
    run it again to ask for the rest.

    \b
    Example:
      mondaylab labs record finance/weekly_margin_memo --quarter 2026Q4 --dry-run
    """
    if (price_in is None) != (price_out is None):
        raise click.UsageError("--price-in and --price-out go together")
    if source != "endpoint" and (base_url is not None or llama):
        raise click.UsageError("--base-url and --llama are the endpoint's: they go without another --source")
    from mondaylab.labs.material import Material  # noqa: PLC0415  late: keeps `mondaylab --help` quick
    from mondaylab.labs.recorded.store import RecordStore  # noqa: PLC0415
    from mondaylab.labs.recording.endpoint import Endpoint  # noqa: PLC0415
    from mondaylab.labs.recording.session import record_drafts  # noqa: PLC0415
    from mondaylab.labs.recording.sources import ENDPOINT, DraftSource, draft_source  # noqa: PLC0415

    def endpoint() -> DraftSource:
        return Endpoint.of(base_url, timeout=timeout, local=llama)

    make = endpoint if source == ENDPOINT else draft_source(source)  # a name that is none is told before a dry run too
    site = Site.find()
    material = Material.open(site, lab, company=company, quarter=quarter)
    return record_drafts(
        material,
        RecordStore(site, company=company, lab=lab, quarter=quarter),
        make,
        model=model,
        drafts=drafts,
        dry_run=dry_run,
        prices=None if price_in is None or price_out is None else (price_in, price_out),
        say=progress,
    ).model_dump(mode="json")
