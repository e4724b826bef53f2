"""``mondaylab labs record``: a model is asked as people at work ask it, and what it claims is checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.settings import Site


def _words(result: Result) -> str:
    lines = [f"{result['lab']} {result['quarter']} on {result['snapshot']}: {result['model'] or 'no model named'}"]
    for text in result["texts"]:
        lines.append(f"  {text['request']} {text['number']}: {_state(text)}")
        lines += [f"    {line}" for line in (text["prompt"] or "").splitlines()]
        if text["judged"] is not None:
            lines += [f"    {line}" for line in _claimed(text["judged"])]
    lines.append(", ".join(f"{count} {what}" for what, count in result["counts"].items()))
    if result["kinds"]:
        lines.append("wrong: " + ", ".join(f"{count} {kind}" for kind, count in result["kinds"].items()))
    lines += [
        f"stale: {one['request']} {one['number']} of {one['recorded']} by {one['model']}: {one['why']}"
        for one in result["stale"]
    ]
    lines += [f"damaged: {text}" for text in result["damaged"]]
    return "\n".join([*lines, _spent(result)])


def _spent(result: Result) -> str:
    words = f"{result['tokens_in']:,} tokens in, {result['tokens_out']:,} out in this run"
    if result["cost"] is None:
        return words
    return f"{words}; cost {result['cost']:.4f} in this run, {result['cost_of_all']:.4f} for all of these"


def _state(text: dict[str, Any]) -> str:
    if text["judged"] is None:
        return "to be asked" if text["state"] == "to_ask" else f"failed, {text['says']}"
    if text["answer"]["finish"] != "stop":
        return f"{text['state']}, not usable: it did not come to its end"
    return f"{text['state']}, {'usable' if text['usable'] else 'not usable as it is'}"


def _claimed(judged: dict[str, Any]) -> list[str]:
    """Each sentence, and under it a line for each claim and each doubt, in reading order."""
    from mondaylab.labs.binding.claims import DOUBTS  # noqa: PLC0415  late: of these commands only this one needs it

    text = judged["bound"]["text"]

    def said(one: dict[str, Any]) -> str:
        return repr(" ".join(text[one["start"] : one["end"]].split()))

    told = [
        (one["claim"]["start"], one["operator"] or "holds", said(one["claim"]), _true(one)) for one in judged["claims"]
    ]
    told += [(one["start"], "not settled", said(one), _meant(one)) for one in judged["undecided"]]
    lines = []
    for sentence in judged["bound"]["sentences"]:
        doubts = [(one["start"], "look yourself", said(one), DOUBTS[one["why"]]) for one in sentence["doubts"]]
        inside = [one for one in told if sentence["start"] <= one[0] < sentence["end"]]
        lines.append(said(sentence))
        lines += [f"  {what:15} {words} {why}".rstrip() for _, what, words, why in sorted([*inside, *doubts])]
    return lines


def _meant(claim: dict[str, Any]) -> str:
    """Which figure a claim is about, and against which."""
    about, against = claim["about"], claim["against"]
    whose = _figure(about)
    return f"= {whose}" if against is None else f"= {whose}, against {_figure(against)}"


def _figure(about: dict[str, Any]) -> str:
    whose = ", ".join(about["cut"].values()) or "whole company"
    when = "the quarter" if about["week"] is None else f"week {date.fromisoformat(about['week']).isocalendar().week}"
    return f"{about['measure']} of {whose} in {when}"


def _true(judged: dict[str, Any]) -> str:
    told = _meant(judged["claim"])
    return told if judged["truth"] is None else f"{told}: {judged['truth']:,.2f} {judged['claim']['unit']}".rstrip()


def _failed(result: Result) -> bool:
    return any(text["state"] == "failed" for text in result["texts"])


@click.command("record")
@click.argument("lab")
@click.option("--company", default="demo", show_default=True, help="Whose data.")
@click.option("--quarter", required=True, help="Such as 2026Q4.")
@click.option("--each", type=click.IntRange(1, 500), default=3, show_default=True, help="Answers to each request.")
@click.option("--request", "only", multiple=True, help="Ask only this one of asking.toml; give it again for more.")
@click.option("--source", default="endpoint", show_default=True, help="What is asked; packages add others.")
@click.option("--base-url", help="OpenAI-compatible endpoint; OPENAI_BASE_URL if not given.")
@click.option("--model", help="As the endpoint calls it; its only one if not given.")
@click.option("--timeout", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds for a call.")
@click.option("--llama", is_flag=True, help="The endpoint is llama.cpp: switch its prompt cache off.")
@click.option("--price-in", type=click.FloatRange(min=0), help="Price of a million tokens sent.")
@click.option("--price-out", type=click.FloatRange(min=0), help="Price of a million tokens answered.")
@click.option("--dry-run", is_flag=True, help="Ask nothing; show what would be sent.")
@reports(_words, _failed)
def record(
    lab: str,
    company: str,
    quarter: str,
    each: int,
    only: tuple[str, ...],
    source: str,
    base_url: str | None,
    model: str | None,
    timeout: float,
    llama: bool,
    price_in: float | None,
    price_out: float | None,
    dry_run: bool,
) -> Result:
    """Ask a model what LAB's asking.toml says that people ask it, and hold what it claims against the data.

    With each request goes a sheet of true figures. What an answer claims is found by its words; what is not clear is
    told, for a person to look at. Answers are kept as they came. A dry run without --model knows none of them.

    What is recorded already is not asked again. Answers on other data, or to a request that was changed, are told as
    stale; new ones are asked for. The key is taken from OPENAI_API_KEY. Exit code 1 when a call failed; run it again to
    ask for the rest.

    \b
    Example:
      mondaylab labs record finance/weekly_margin_memo --quarter 2026Q4 --dry-run
      mondaylab labs record finance/weekly_margin_memo --quarter 2026Q4 --each 8
    """
    if (price_in is None) != (price_out is None):
        raise click.UsageError("--price-in and --price-out go together")
    if source != "endpoint" and (base_url is not None or llama):
        raise click.UsageError("--base-url and --llama are the endpoint's: they go without another --source")
    from mondaylab.labs.material import Material  # noqa: PLC0415  late: keeps `mondaylab --help` quick
    from mondaylab.labs.recorded.answers import AnswerStore  # noqa: PLC0415
    from mondaylab.labs.recording.endpoint import Endpoint  # noqa: PLC0415
    from mondaylab.labs.recording.sources import ENDPOINT, TextSource, text_source  # noqa: PLC0415
    from mondaylab.labs.recording.texts import record_texts  # noqa: PLC0415
    from mondaylab.labs.sources.asking import Asking  # noqa: PLC0415

    def endpoint() -> Endpoint:
        return Endpoint.of(base_url, timeout=timeout, local=llama)

    make: Callable[[], TextSource] = (
        endpoint if source == ENDPOINT else text_source(source)
    )  # a name that is none is told before a dry run too
    site = Site.find()
    material = Material.open(site, lab, company=company, quarter=quarter)
    report = record_texts(
        material,
        Asking.of(site.lab(lab), material.declaration, material.bindings.currency),
        AnswerStore(site, company=company, lab=lab, quarter=quarter),
        make,
        model=model,
        number=each,
        only=only,
        dry_run=dry_run,
        prices=None if price_in is None or price_out is None else (price_in, price_out),
        say=progress,
    )
    texts = [text.model_dump(mode="json") | {"usable": text.usable} for text in report.texts]
    return report.model_dump(mode="json") | {"texts": texts, "counts": report.counts(), "kinds": report.kinds()}
