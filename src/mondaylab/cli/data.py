"""``mondaylab data``: raw exports to sanitized snapshots."""

from __future__ import annotations

from pathlib import Path

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.errors import NotFound, Refused
from mondaylab.quarter import Quarter
from mondaylab.settings import Site

_company = click.option("--company", default="demo", show_default=True, help="Folder under datasets/.")
_quarter = click.option("--quarter", required=True, help="Such as 2026Q4.")


@click.group()
def command() -> None:
    """Raw exports to sanitized snapshots (data stewards).

    \b
    Example, the fictitious company:
      mondaylab data export --quarter 2026Q4
      mondaylab data sanitize --quarter 2026Q4 --dry-run
      mondaylab data sanitize --quarter 2026Q4
      mondaylab data check --quarter 2026Q4
    """


@command.command()
@_company
@_quarter
@reports(lambda result: f"{len(result['files'])} raw files in {result['folder']}")
def export(company: str, quarter: str) -> Result:
    """Generate the fictitious company's raw exports; for a real one, say where its exports go.

    \b
    Example:
      mondaylab data export --company demo --quarter 2026Q4
    """
    site = Site.find()
    folder = site.raw / company / str(Quarter.parse(quarter))
    if not (site.company(company) / "company.yaml").is_file():
        if not site.company(company).is_dir():
            raise NotFound(
                f"no company {company!r}", where=site.root / "datasets", fix="make its folder and policy.yaml"
            )
        raise Refused(
            f"{company} is a real company: its exports come from its own systems",
            where=folder,
            fix="put there one UTF-8 CSV file a table, and the texts that its policy.yaml lists, then sanitize",
        )
    # only here: generating needs numpy and pandas, the other paths do not
    from mondaylab.datasets.demo_company import generate  # noqa: PLC0415 -- keeps `--help` quick

    progress(f"generate the raw exports of {company} for {quarter}")
    made = generate(site, company, quarter)
    return {"folder": str(made), "files": sorted(path.name for path in made.iterdir())}


def _line(row: Result) -> str:
    return f"{row['table']:<12} {row['column']:<22} {row['note']} ({row['distinct']} distinct, {row['blank']} blank)"


def _words_of_sanitize(result: Result) -> str:
    if result["dry_run"]:
        words = [*map(_line, result["columns"]), "", *map(_accepted, result["accepted"])]
        return "\n".join([*words, "Dry run: every check passed, nothing was written."])
    made = f"snapshot {result['snapshot']} in {result['folder']}, signed for by {result['steward']}"
    return "\n".join([*map(_accepted, result["accepted"]), made])


def _accepted(sentence: str) -> str:
    return f"accepted: {sentence}"


@command.command()
@_company
@_quarter
@click.option("--dry-run", is_flag=True, help="Say per column what would happen and what is refused; write nothing.")
@reports(_words_of_sanitize)
def sanitize(company: str, quarter: str, dry_run: bool) -> Result:
    """Apply datasets/<company>/policy.yaml to the raw exports of a quarter: a snapshot, or nothing.

    A file, table or column that the policy does not list refuses. So does a cell that does not fit its column's
    action, a join that would break, and any known personal value that would come through.

    \b
    So do rows that a quarter's export does not have, unless the policy accepts them under 'tables: TABLE: accepts:'
    with {finding: NAME, column: COLUMN, why: REASON, share: at most this share of the rows}. NAME is one of
      blank_rows rows_twice total_row blank_column     rows that are none, or are there twice
      key_twice blank_key                              see 'key: [COLUMN]' (or 'key: []') of a table
      null_like_ids ids_as_numbers orphans             identifiers that are none, or point nowhere
      domains_apart                                    one join, two domains
      outside_quarter ends_early fewer_rows            another quarter's rows, or too few
      rounded_numbers hidden_characters formulas markup
    and 'least_rows: 0' lets a table be empty, 'most_lost: 0.6' lets it lose 60 % of last quarter's rows.

    \b
    Actions of a policy, one a column:
      {do: keep, type: number|integer|date|datetime}    as it is, if every cell is of that type
      {do: keep, type: choice, values: [...]}           one of these texts
      {do: keep, type: code, pattern: '[A-Z]{2}'}       text of this form
      {do: keep, type: text, public: 'why'}             any text; 'public' if names may stand in it
      {do: drop, holds: person|first_name|last_name|email|phone|iban|street|postcode|
                        city|company|birth_date|number|other}
      {do: pseudonym, domain: customer}                 keyed pseudonym; joins survive
      {do: pseudonym, domains: [order, supplier]}       the domain whose pattern fits
      {do: scrub}                                       free text with [PERSON], [PHONE], ...
      {do: bin, width: 5000}  {do: year}  {do: month}  {do: prefix, length: 2}
      {do: group, groups: {North: [Kiel, Husum], South: [Ulm]}}

    \b
    Example:
      mondaylab data sanitize --company demo --quarter 2026Q4 --dry-run
    """
    from mondaylab.datasets import sanitize as work  # noqa: PLC0415 -- keeps `--help` quick

    site = Site.find()
    if dry_run:
        rows: list[Result] = []
        try:
            made = work.rehearse(site, company, quarter, progress, lambda row: rows.append(vars(row)))
        except Refused:
            for row in rows:
                progress(_line(row))
            raise
        nothing = {"steward": None, "snapshot": None, "folder": None}
        return {"dry_run": True, "columns": rows, "accepted": made.accepted, **nothing}
    snapshot = work.sanitize(site, company, quarter, progress)
    return {
        "dry_run": False,
        "columns": [],
        "accepted": snapshot.manifest.accepted,
        "steward": snapshot.manifest.steward,
        "snapshot": snapshot.id,
        "folder": str(snapshot.folder),
    }


@command.command()
@_company
@click.option("--quarter", help="Check the latest snapshot of this quarter.")
@click.option("--folder", type=click.Path(path_type=Path), help="Check this snapshot instead.")
@reports(lambda result: f"{result['snapshot']}: {len(result['tables'])} tables, {result['rows']:,} rows, unaltered")
def check(company: str, quarter: str | None, folder: Path | None) -> Result:
    """Verify that a snapshot is what was sanitized: every file, byte for byte.

    \b
    Example:
      mondaylab data check --company demo --quarter 2026Q4
    """
    from mondaylab.datasets.latest import latest  # noqa: PLC0415 -- keeps `--help` quick
    from mondaylab.datasets.snapshot import Snapshot  # noqa: PLC0415 -- likewise

    if (quarter is None) == (folder is None):
        raise Refused("say which snapshot", fix="give --quarter, or --folder")
    where = folder if folder is not None else latest(Site.find(), company, str(Quarter.parse(str(quarter))))
    snapshot = Snapshot.open(where)
    snapshot.verify()
    tables = {
        path.removeprefix("tables/").removesuffix(".parquet"): entry.rows
        for path, entry in snapshot.manifest.files.items()
        if path.startswith("tables/")
    }
    return {
        "snapshot": snapshot.id,
        "folder": str(snapshot.folder),
        "created": snapshot.manifest.created,
        "tables": tables,
        "rows": sum(tables.values()),
    }
