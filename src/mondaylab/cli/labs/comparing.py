"""``mondaylab labs diff``: what changed since last quarter."""

from __future__ import annotations

from pathlib import Path

import click

from mondaylab.cli.contract import Result, reports
from mondaylab.errors import NotFound
from mondaylab.settings import Site


def _words(result: Result) -> str:
    return result["words"] if not result["alone"] else "\n".join([result["words"], *map(_alone, result["alone"])])


def _alone(entry: dict[str, str]) -> str:
    return f"{entry['lab']}: built for {entry['quarter']} only"


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.argument("lab", required=False)
@click.option("--company", help="Whose builds, demo if not given.")
@reports(_words)
def diff(old: str, new: str, lab: str | None, company: str | None) -> Result:
    """Tell what changed between two builds of LAB (of every lab built for both, if none is named).

    OLD and NEW are quarters or build folders: data, the biggest moves of the lab's figures, drafts and claim templates,
    measures, sections of the policy handbook, items that are new or retired.

    \b
    Example:
      mondaylab labs diff 2026Q3 2026Q4 finance/weekly_margin_memo
    """
    from mondaylab.labs.building.builds import EMBEDDED, REPORT, built, built_quarters, declared_labs, whose  # noqa: PLC0415
    from mondaylab.labs.quarterly.differences import Side, differences, in_words  # noqa: PLC0415

    site = Site.find()
    if (Path(old) / REPORT).is_file() or (Path(new) / REPORT).is_file():
        if lab is not None or company is not None:
            raise click.UsageError("a build folder is of one lab and one company: leave LAB and --company out")
        pairs, alone = [(Path(old), Path(new))], []
    else:
        company = company or EMBEDDED
        labs = declared_labs(site) if lab is None else [lab]
        quarters = {name: built_quarters(site, name, company=company) for name in labs}
        both = [name for name in labs if lab is not None or {old, new} <= set(quarters[name])]
        alone = [
            {"lab": name, "quarter": quarter}
            for name in labs
            if name not in both
            for quarter in (old, new)
            if quarter in quarters[name]
        ]
        if not both:
            raise NotFound(
                f"no lab is built for both {old} and {new} on data of {company}",
                fix=f"mondaylab labs build --quarter {old}{whose(company)}",
            )
        pairs = [(built(site, name, old, company=company), built(site, name, new, company=company)) for name in both]
    found = [differences(Side.of(before), Side.of(after)) for before, after in pairs]
    return {
        "labs": [one.model_dump(mode="json") for one in found],
        "alone": alone,
        "words": "\n\n".join(in_words(one) for one in found),
    }
