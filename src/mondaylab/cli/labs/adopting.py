"""``mondaylab labs adopt``: an answer of an assistant becomes a version of a draft, its words untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mondaylab.cli.contract import Result, reports
from mondaylab.plural import plural
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.labs.adopting.answered import Answered
    from mondaylab.labs.material import Material
    from mondaylab.labs.sources.asking import Asking


def _words(result: Result) -> str:
    lines = [f"{result['lab']} {result['quarter']}: draft {result['draft']}, version {result['version']}"]
    if result["taken_out"]:
        lines.append("taken out: " + ", ".join(result["taken_out"]))
    if result["scrubbed_by"] == "words":
        from mondaylab.labs.adopting.scrubbing import BY_WORDS  # noqa: PLC0415  late: keeps `mondaylab --help` quick

        lines.append(BY_WORDS)
    for sentence in result["sentences"]:
        lines.append(f"  {sentence['words']!r}")
        lines += [f"    {_row(row)}" for row in sentence["rows"]]
    lines += [f"  {item}: {', '.join(names) or 'not stated'}" for item, names in result["states"].items()]
    if result["needs"]:
        lines.append(f"{plural(len(result['needs']), 'thing needs', 'things need')} a person, nothing is written:")
        lines += [f"  {_need(need)}" for need in result["needs"]]
        return "\n".join(lines)
    if result["stands_only_as_it_came"]:
        lines.append("it stands only as it came, for no other slices: " + "; ".join(result["stands_only_as_it_came"]))
    return "\n".join([*lines, f"{'written' if result['written'] else 'would be written'}: {result['file']}"])


def _row(row: dict[str, Any]) -> str:
    told = f"{row['number']:>3}  {row['status']:16} {row['words']!r}"
    if row["data_says"] is not None:
        told += f": text says {row['text_says']}, data says {row['data_says']}"
    if row["why"] is not None:
        told += f": {row['why']}"
    return told if row["span"] is None else f"{told}\n         [{row['span']}]({row['claim']})"


def _need(need: dict[str, Any]) -> str:
    number = "" if need["number"] is None else f"{need['number']}  "
    words = f"{need['words']!r}: " if need["words"] else ""
    return f"{number}{words}{need['what']} ({need['decide'] or 'no option decides it'})"


@click.command("adopt")
@click.argument("lab")
@click.option("--company", default="demo", show_default=True, help="Whose data.")
@click.option("--quarter", required=True, help="Such as 2026Q4.")
@click.option("--recorded", type=(str, int), metavar="REQUEST NUMBER", help="An answer that labs record kept.")
@click.option("--model", help="Who answered; of a recorded answer only where several models did.")
@click.option("--text", type=click.File("rb"), help="A file with an answer from elsewhere; - reads it from stdin.")
@click.option("--request", help="Of the lab's asking.toml: what was asked for in the text.")
@click.option("--about", multiple=True, metavar="SLOT=NAME", help="What the text is about; once for each slot.")
@click.option("--week", type=click.IntRange(1, 53), help="Calendar week that the text is about.")
@click.option("--tool", help="The product that the text came from.")
@click.option("--answered", type=click.DateTime(["%Y-%m-%d"]), help="The day of the answer.")
@click.option("--prompt", help="What was asked; the request's own words if not given.")
@click.option("--draft", help="Which draft it is a version of; the request's if not given.")
@click.option("--name", help="The version's name; made of model, request and number if not given.")
@click.option("--not-a-claim", type=int, multiple=True, metavar="NUMBER", help="This place of the list states nothing.")
@click.option(
    "--means", multiple=True, metavar="'NUMBER: MEASURE, ...'", help="Which figure is meant; never its value."
)
@click.option("--states", multiple=True, metavar="ITEM=NUMBER", help="Which claim states what the draft must state.")
@click.option("--replace", is_flag=True, help="Take the place of a version of this name.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show each sentence with what is understood and true.")
@reports(_words, lambda result: bool(result["needs"]))
def adopt(
    lab: str,
    company: str,
    quarter: str,
    recorded: tuple[str, int] | None,
    model: str | None,
    draft: str | None,
    name: str | None,
    not_a_claim: tuple[int, ...],
    means: tuple[str, ...],
    states: tuple[str, ...],
    replace: bool,
    dry_run: bool,
    **pasted: Any,
) -> Result:
    """Make a real answer of an assistant a version of one of LAB's drafts.

    Its words stay as they came. What each claim means is found by the words, whether it is true is computed, and a
    wrong one keeps its error, named by its kind. What is not understood is listed with a number, and with the option
    that decides it; nobody types a truth. A text from elsewhere is scrubbed first, by the company's policy.

    Which figure is meant is said as MEASURE[, FIELD=NAME ...][, week | week before | quarter | whole company], and a
    change or a comparison ends with: against week before, against whole company, or against FIELD=NAME.

    Exit code 1 when something still needs a person; nothing is written then.

    \b
    Example:
      mondaylab labs adopt finance/weekly_margin_memo --quarter 2026Q4 --recorded category 5 --dry-run
      mondaylab labs adopt finance/weekly_margin_memo --quarter 2026Q4 --recorded region 3 --not-a-claim 4
      mondaylab labs adopt finance/weekly_margin_memo --quarter 2026Q4 --text answer.txt --request region
        --about region=Central --week 43 --tool "Sales Copilot" --model "not stated" --answered 2026-11-17 --dry-run
    """
    _check_options(recorded, model, pasted)
    from mondaylab.labs.adopting.adopter import adopt as made_of  # noqa: PLC0415  late: keeps `mondaylab --help` quick
    from mondaylab.labs.adopting.decisions import Decisions  # noqa: PLC0415
    from mondaylab.labs.adopting.placing import check, free_place, place  # noqa: PLC0415
    from mondaylab.labs.adopting.report import report  # noqa: PLC0415
    from mondaylab.labs.adopting.scrubbing import names_are_known  # noqa: PLC0415
    from mondaylab.labs.material import Material  # noqa: PLC0415
    from mondaylab.labs.sources.asking import Asking  # noqa: PLC0415

    site = Site.find()
    material = Material.open(site, lab, company=company, quarter=quarter)
    asking = Asking.of(site.lab(lab), material.declaration, material.bindings.currency)
    if recorded is not None:
        answered, version = _recorded(site, material, asking, recorded, model)
        taken: dict[str, int] = {}
        scrubbed_by = None
    else:
        answered, version, taken = _pasted(site, material, asking, model or "", pasted)
        scrubbed_by = "names" if names_are_known(site) else "words"
    answered = answered.of_draft(draft)
    version = name or version
    path = free_place(site.lab(lab), answered, version, replace=replace)
    adoption = made_of(answered, version, Decisions.parsed(not_a_claim, means, states))
    if adoption.text is not None:
        if dry_run:
            check(material, site.lab(lab), answered, version, adoption.text)
        else:
            place(material, site.lab(lab), answered, version, adoption.text, replace=replace)
    written = adoption.text is not None and not dry_run
    head = {"lab": lab, "quarter": quarter, "draft": answered.draft, "version": version, "scrubbed_by": scrubbed_by}
    return {**head, "file": str(path), "written": written, **report(answered, adoption, taken)}


def _check_options(recorded: tuple[str, int] | None, model: str | None, pasted: dict[str, Any]) -> None:
    for key, value in {"model": model, **pasted}.items():
        if isinstance(value, str) and not value.strip():
            raise click.UsageError(f"--{key} is empty")
    if recorded is not None:
        if given := [f"--{key}" for key, value in pasted.items() if value]:
            raise click.UsageError(f"{given[0]} goes with --text: what --recorded names is kept with all of that")
        return
    needed = {key: pasted[key] for key in ("text", "request", "answered")} | {"model": model}
    if pasted["text"] is None:
        raise click.UsageError("give --recorded REQUEST NUMBER, or --text FILE")
    if missing := [f"--{key}" for key, value in needed.items() if value is None]:
        raise click.UsageError(f"--text needs {', '.join(missing)} as well")


def _recorded(
    site: Site, material: Material, asking: Asking, recorded: tuple[str, int], model: str | None
) -> tuple[Answered, str]:
    from mondaylab.labs.adopting.recorded import found_answer, plain_version, recorded_answer  # noqa: PLC0415
    from mondaylab.labs.recorded.answers import AnswerStore  # noqa: PLC0415

    quarter, company = str(material.quarter), material.bindings.company
    store = AnswerStore(site, company=company, lab=material.name, quarter=quarter)
    answer = found_answer(store, asking, *recorded, snapshot=material.snapshot.id, model=model)
    return recorded_answer(material, asking, answer), plain_version(answer.model, *recorded)


def _pasted(
    site: Site, material: Material, asking: Asking, model: str, pasted: dict[str, Any]
) -> tuple[Answered, str, dict[str, int]]:
    from mondaylab.labs.adopting.pasted import Pasted, pasted_answer, raw_text  # noqa: PLC0415
    from mondaylab.labs.adopting.recorded import plain_version  # noqa: PLC0415

    paste = Pasted(
        request=pasted["request"],
        about=pasted["about"],
        week=pasted["week"],
        model=model,
        tool=pasted["tool"],
        answered=pasted["answered"].date(),
    )
    answered, taken = pasted_answer(site, material, asking, paste, raw_text(pasted["text"]), pasted["prompt"])
    return answered, plain_version(paste.tool or paste.model, paste.request, answered.subject.words()["week"]), taken
