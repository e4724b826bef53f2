"""``mondaylab labs items``: what cohorts' answers say about a lab's items, for the next build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mondaylab.cli.contract import Result, reports
from mondaylab.errors import NotFound
from mondaylab.settings import Site


def _words(result: Result) -> str:
    lines = []
    for lab in result["labs"]:
        plan = result["plans"][lab["lab"]]
        lines.append(f"{lab['lab']}: {len(lab['items'])} items answered")
        lines += [f"  {_item(item, plan)}" for item in lab["items"]]
    if not result["labs"]:
        lines.append("Nobody has handed in a judgement after checking yet.")
    return "\n".join([*lines, *([f"written to {result['out']}"] if result["out"] else [])])


def _item(item: dict[str, Any], plan: dict[str, Any]) -> str:
    told = "-" if item["discrimination"] is None else f"{item['discrimination']:+.2f}"
    weight = plan["weights"].get(item["item"])
    mark = "  retired" if item["item"] in plan["retired"] else f"  drawn {weight:.2f} as often" if weight else ""
    return f"{item['item']:44} n {item['n']:4}  right {item['difficulty']:.0%}  tells apart {told}{mark}"


@click.command("items")
@click.argument("cohorts", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Also write them for labs build --items.")
@reports(_words)
def items(cohorts: tuple[str, ...], out: Path | None) -> Result:
    """Tell of COHORTS' answers how hard each item is, and whether it tells good judgement from bad.

    An item is a claim template in one flaw state. From 30 answers on, what tells nobody from nobody is retired by the
    next build, and what tells little is drawn less often.

    \b
    Example:
      mondaylab labs items finance-demo --out items.json
      mondaylab labs build --quarter 2026Q4 --items items.json
    """
    from mondaylab.files import write_file  # noqa: PLC0415  late: keeps `mondaylab --help` quick
    from mondaylab.grader.report.item_statistics import statistics_of  # noqa: PLC0415
    from mondaylab.hub.cohorts import applied  # noqa: PLC0415

    site = Site.find()
    served = applied(site)
    unknown = sorted(set(cohorts) - set(served))
    if unknown:
        raise NotFound(f"no such cohort is applied: {', '.join(unknown)}", fix="mondaylab cohort list")
    found = statistics_of(site, [(name, served[name].labs) for name in dict.fromkeys(cohorts)])
    if out is not None:
        write_file(out, found.canonical())
    plans = {lab.lab: found.plan(lab.lab).model_dump(mode="json") for lab in found.labs}
    return {**found.model_dump(mode="json"), "plans": plans, "out": None if out is None else str(out)}
