"""``mondaylab labs build`` and ``list``."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mondaylab.cli.contract import Result, error_words, progress, reports
from mondaylab.errors import MondaylabError, NotFound
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.labs.building.warm_processes import Warm


def parameters_of(given: tuple[str, ...]) -> dict[str, object]:
    """``NAME=VALUE`` pairs as values.

    Raises:
        click.BadParameter: One is not such a pair.
    """
    values: dict[str, object] = {}
    for item in given:
        name, equals, text = item.partition("=")
        if not equals:
            raise click.BadParameter(f"{item!r} is not NAME=VALUE")
        values[name] = _value(text)
    return values


def _value(text: str) -> object:
    """``3`` is an int, ``0.5`` a float, ``true`` a bool, the rest text, as papermill's own -p reads them."""
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:  # not of this kind; try the next
            continue
    return text


def _build_words(result: Result) -> str:
    width = max((len(lab["lab"]) for lab in result["labs"]), default=0)
    lines = []
    for lab in result["labs"]:
        report = lab["report"]
        what = f"{report['cells']} cells on {report['snapshot']}" if report else "no build"
        if lab["state"] == "failed":
            what = (
                f"the last good build stays: {what}"
                if report
                else f"no build of it on data of {result['company']} exists"
            )
        lines.append(f"{lab['lab']:{width}}  {lab['state']:9}  {lab['seconds']:6.2f} s  {what}")
        if lab["error"]:
            lines.append(f"{'':{width}}  {error_words(lab['error'])}")
        if report and report["items"]["retired"]:
            lines.append(f"{'':{width}}  retired: {', '.join(report['items']['retired'])}")
        if report:
            lines += [f"{'':{width}}  stale: {words}" for words in report["stale"]]
    counts = Counter(lab["state"] for lab in result["labs"])
    return "\n".join([*lines, f"{result['quarter']}: " + ", ".join(f"{n} {state}" for state, n in counts.items())])


@click.command("build")
@click.argument("labs", nargs=-1)
@click.option("--company", default="demo", show_default=True, help="Whose data.")
@click.option("--quarter", required=True, help="Such as 2026Q4.")
@click.option("--snapshot", help="Snapshot id; the quarter's latest if not given.")
@click.option("--out", type=click.Path(path_type=Path), help="Where builds go instead of var/builds.")
@click.option("--jobs", type=click.IntRange(min=1), help="Labs at a time; processors + 1 if not given.")
@click.option("--items", type=click.Path(path_type=Path), help="Item statistics from grading: retires what fails.")
@click.option(
    "--reviewed", multiple=True, metavar="HASH", help="Of a lab that authors in the hub changed: you read it."
)
@click.option("-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A declared parameter.")
@reports(_build_words, lambda result: any(lab["state"] == "failed" for lab in result["labs"]))
def build(
    labs: tuple[str, ...],
    company: str,
    quarter: str,
    snapshot: str | None,
    out: Path | None,
    jobs: int | None,
    items: Path | None,
    reviewed: tuple[str, ...],
    parameters: tuple[str, ...],
) -> Result:
    """Build LABS (all of labs/ if none is named) for a quarter; what has not changed is not built again.

    A lab that fails stops no other; its last good build stays, and the exit code is 1. A build runs the lab's own code
    with your rights: of roles with authors in the hub nothing is built that was changed and that nobody has read.

    \b
    Example:
      mondaylab labs build --quarter 2026Q4
      mondaylab labs build finance/weekly_margin_memo --quarter 2026Q4 --items items.json
    """
    from mondaylab.labs.building.places import declared_labs  # noqa: PLC0415  late: keeps `mondaylab --help` quick

    site = Site.find()
    names = list(labs) or declared_labs(site)
    if not names:
        raise NotFound("there is no lab to build", where=site.root / "labs", fix="mondaylab labs new ROLE/NAME")
    given: dict[str, Any] = {}
    if (site.hub / "authors").is_dir():
        from mondaylab.hub.reviewed import refuse_unreviewed  # noqa: PLC0415  only where there are authors

        given["review"] = partial(refuse_unreviewed, company=company, quarter=quarter, reviewed=reviewed)
    # where somebody else may write labs, nothing in them is looked at before they are copied, which the batch does
    with nullcontext() if given else _early(site, names, company, quarter, out) as warm:
        from mondaylab.forms.items import ItemStatistics  # noqa: PLC0415
        from mondaylab.labs.building.batch import Order, build_labs  # noqa: PLC0415

        order = Order(
            quarter=quarter,
            company=company,
            snapshot=snapshot,
            parameters=parameters_of(parameters),
            out=None if out is None else out.resolve(),
            items=None if items is None else ItemStatistics.read_json(items),
        )
        outcomes = build_labs(site, names, order, jobs=jobs, say=progress, warm=warm, **given)
    return {"quarter": quarter, "company": company, "labs": [outcome.model_dump(mode="json") for outcome in outcomes]}


def _early(
    site: Site, labs: list[str], company: str, quarter: str, out: Path | None
) -> AbstractContextManager[Warm | None]:
    """Starts what builds are forked from, ahead of all else, where a lab was never built and so will be."""
    from mondaylab.labs.building.places import REPORT, build_folder, notebook_source  # noqa: PLC0415
    from mondaylab.labs.building.warm_processes import shared_imports, warm_processes  # noqa: PLC0415

    try:
        if all((build_folder(site, lab, quarter, out, company=company) / REPORT).is_file() for lab in labs):
            return nullcontext()
    except MondaylabError:  # a name that is none: the batch says so
        return nullcontext()
    # the batch hashes this package while the server is at pandas, so before the server imports what is hashed; to wait
    # for the hash would take longer than what it guards against, an edit in that second
    return warm_processes(shared_imports(notebook_source(site, lab) for lab in labs))


def _list_words(result: Result) -> str:
    if not result["labs"]:
        return "No lab yet. Next: mondaylab labs new ROLE/NAME"
    lines = []
    for lab in result["labs"]:
        builds = ", ".join(f"{build['quarter']} ({build['company']})" for build in lab["builds"]) or "nothing"
        gets = ", ".join(f"{release} ({company})" for company, release in lab["current"].items()) or "nothing"
        lines.append(f"{lab['lab']}: built for {builds}; new cohorts get {gets}")
        lines += [f"  {record['release']}: {record['unchecked']}" for record in lab["releases"] if record["unchecked"]]
    return "\n".join(lines)


@click.command("list")
@reports(_list_words)
def listed() -> Result:
    """List all labs, their builds, and the release that a new cohort of each company gets.

    \b
    Example:
      mondaylab labs list
    """
    from mondaylab.labs.building.builds import declared_labs  # noqa: PLC0415
    from mondaylab.labs.quarterly.releases import all_releases, current  # noqa: PLC0415

    site = Site.find()
    labs = []
    for lab in declared_labs(site):
        releases = all_releases(site, lab)
        pointed = {
            company: current(site, lab, company=company) for company in sorted({one.company for one in releases})
        }
        entry: dict[str, Any] = {"lab": lab, "builds": _builds(site, lab)}
        entry["current"] = {company: one.release for company, one in pointed.items() if one is not None}
        entry["releases"] = [record.model_dump(mode="json", exclude={"files"}) for record in releases]
        labs.append(entry)
    return {"labs": labs}


def _builds(site: Site, lab: str) -> list[dict[str, str]]:
    from mondaylab.labs.building.builds import (  # noqa: PLC0415
        build_folder,
        built_companies,
        built_quarters,
        report_of,
    )

    found = []
    for company in built_companies(site, lab):
        for quarter in built_quarters(site, lab, company=company):
            report = report_of(build_folder(site, lab, quarter, company=company))
            made = {"snapshot": report.snapshot, "made_from": report.made_from} if report else {}
            found.append({"company": company, "quarter": quarter} | made)
    return found
