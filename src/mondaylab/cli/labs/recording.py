"""``mondaylab labs record``: a model words the facts of a lab's drafts, and what it says is checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.labs.material import Material
    from mondaylab.labs.recording.endpoint import Endpoint


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


def _words_of_whole(result: Result) -> str:
    lines = [f"{result['lab']} {result['quarter']} on {result['snapshot']}: {result['model'] or 'no model named'}"]
    for text in result["texts"]:
        lines.append(f"  {text['request']} {text['number']}: {_state(text)}")
        lines += [f"    {line}" for line in (text["prompt"] or "").splitlines()]
        if text["judged"] is not None:
            lines += [f"    {line}" for line in _claimed(text["judged"])]
    lines.append(", ".join(f"{count} {what}" for what, count in result["counts"].items()))
    if result["kinds"]:
        lines.append("wrong: " + ", ".join(f"{count} {kind}" for kind, count in result["kinds"].items()))
    return "\n".join(lines)


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


def _told_of_either(result: Result) -> str:
    return _words_of_whole(result) if "texts" in result else _words(result)


def _failed(result: Result) -> bool:
    return any(one["state"] == "failed" for one in result.get("texts", result.get("drafts", ())))


def _whole(
    site: Site, material: Material, endpoint: Callable[[], Endpoint], *, model: str | None, number: int, dry_run: bool
) -> Result:
    from mondaylab.labs.recorded.answers import AnswerStore  # noqa: PLC0415
    from mondaylab.labs.recording.texts import record_texts  # noqa: PLC0415
    from mondaylab.labs.sources.asking import Asking  # noqa: PLC0415

    asking = Asking.of(site.lab(material.name), material.declaration, material.bindings.currency)
    quarter, company = str(material.quarter), material.bindings.company
    store = AnswerStore(site, company=company, lab=material.name, quarter=quarter)
    report = record_texts(material, asking, store, endpoint, model=model, number=number, dry_run=dry_run, say=progress)
    texts = [text.model_dump(mode="json") | {"usable": text.usable} for text in report.texts]
    return report.model_dump(mode="json") | {"texts": texts, "counts": report.counts(), "kinds": report.kinds()}


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
@click.option("--whole", is_flag=True, help="Ask for whole texts in the model's own words, as LAB's asking.toml says.")
@reports(_told_of_either, _failed)
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
    whole: bool,
) -> Result:
    """Ask a model to word the figures of LAB's drafts, and check each sentence against the data.

    With --whole it is asked for texts as people at work ask for them, with a sheet of figures; what each answer claims
    is found by its words and held against the data. Answers are kept as they came. A dry run without --model does not
    know which answers are there.

    What is recorded already is not asked again. The key is taken from OPENAI_API_KEY. Exit code 1 when a call failed;
    run it again to ask for the rest.

    \b
    Example:
      mondaylab labs record finance/weekly_margin_memo --quarter 2026Q4 --dry-run
      mondaylab labs record finance/weekly_margin_memo --quarter 2026Q4 --whole --dry-run
    """
    if (price_in is None) != (price_out is None):
        raise click.UsageError("--price-in and --price-out go together")
    if source != "endpoint" and (base_url is not None or llama):
        raise click.UsageError("--base-url and --llama are the endpoint's: they go without another --source")
    if whole and (source != "endpoint" or price_in is not None):
        raise click.UsageError("--whole asks the endpoint, and knows no prices: leave --source and the prices out")
    from mondaylab.labs.material import Material  # noqa: PLC0415  late: keeps `mondaylab --help` quick
    from mondaylab.labs.recorded.store import RecordStore  # noqa: PLC0415
    from mondaylab.labs.recording.endpoint import Endpoint  # noqa: PLC0415
    from mondaylab.labs.recording.session import record_drafts  # noqa: PLC0415
    from mondaylab.labs.recording.sources import ENDPOINT, DraftSource, draft_source  # noqa: PLC0415

    def endpoint() -> Endpoint:
        return Endpoint.of(base_url, timeout=timeout, local=llama)

    make: Callable[[], DraftSource] = (
        endpoint if source == ENDPOINT else draft_source(source)
    )  # a name that is none is told before a dry run too
    site = Site.find()
    material = Material.open(site, lab, company=company, quarter=quarter)
    if whole:
        return _whole(site, material, endpoint, model=model, number=drafts, dry_run=dry_run)
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
