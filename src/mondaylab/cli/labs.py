"""``mondaylab labs``: from a snapshot to a built lab."""

from __future__ import annotations

import time
from typing import Any

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.settings import Site


@click.group("labs")
def command() -> None:
    """Build labs for a quarter, and look at them.

    \b
    Example:
      mondaylab labs build finance/weekly_margin_memo --quarter 2026Q4 --cohort finance-demo
    """


def _words(result: Result) -> str:
    lines = [
        f"{lab['lab']}: {lab['cells']} cells on {lab['snapshot']}, {lab['seconds']:.1f} s" for lab in result["labs"]
    ]
    for lab in result["labs"]:
        if "forms" in lab:
            lines.append(
                f"  {lab['forms']} forms for {result['cohort']}, sharing at most {lab['most_shared']:.0%} of facts"
            )
    return "\n".join(lines)


def _parameters(given: tuple[str, ...]) -> dict[str, object]:
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


@command.command("build")
@click.argument("labs", nargs=-1, required=True)
@click.option("--company", default="demo", show_default=True, help="Whose data.")
@click.option("--quarter", required=True, help="Such as 2026Q4.")
@click.option("--cohort", help="Also draw a form for each learner of this cohort.")
@click.option("-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A declared parameter.")
@reports(_words)
def build(labs: tuple[str, ...], company: str, quarter: str, cohort: str | None, parameters: tuple[str, ...]) -> Result:
    """Build LABS for a quarter with papermill; with --cohort, issue forms and keys.

    \b
    Example:
      mondaylab labs build finance/weekly_margin_memo --quarter 2026Q4
    """
    from mondaylab.hub.cohorts import declared_cohort  # noqa: PLC0415  late: keeps `mondaylab --help` quick
    from mondaylab.labs.build import build_lab  # noqa: PLC0415
    from mondaylab.labs.issuing import issue_forms  # noqa: PLC0415
    from mondaylab.labs.material import Material  # noqa: PLC0415

    site = Site.find()
    done = []
    for lab in labs:
        began = time.monotonic()
        progress(f"building {lab} for {quarter}")
        material = Material.open(site, lab, company=company, quarter=quarter)
        entry: dict[str, Any] = build_lab(site, material, _parameters(parameters)).model_dump(mode="json")
        if cohort is not None:
            record = issue_forms(site, material, cohort=cohort, learners=declared_cohort(site, cohort).learners)
            entry |= {"forms": len(record.forms), "most_shared": record.most_shared}
        done.append(entry | {"seconds": round(time.monotonic() - began, 3)})
    return {"labs": done, "cohort": cohort}


@command.command("check")
@click.argument("lab")
@click.option("--quarter", required=True, help="Such as 2026Q4.")
@reports(lambda result: f"{result['lab']}: nbval passes")
def check(lab: str, quarter: str) -> Result:
    """Run nbval over a built lab: every cell must give the same output again.

    \b
    Example:
      mondaylab labs check finance/weekly_margin_memo --quarter 2026Q4
    """
    from mondaylab.labs.build import check_executed  # noqa: PLC0415

    check_executed(Site.find(), lab, quarter)
    return {"lab": lab, "quarter": quarter, "nbval": "passed"}
