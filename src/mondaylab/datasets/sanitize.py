"""Raw exports in, a snapshot out, or nothing: every check passes before anything is published."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from mondaylab.datasets import clearance, exports, pseudonyms
from mondaylab.datasets.columns import Columns, Outcome
from mondaylab.datasets.exports import Exports
from mondaylab.datasets.freetext import Scrubber, placeholder_counts
from mondaylab.datasets.integrity.check import check
from mondaylab.datasets.known import known_values
from mondaylab.datasets.latest import latest, point_latest
from mondaylab.datasets.policy import Policy, Pseudonym
from mondaylab.datasets.pseudonyms import Pseudonyms
from mondaylab.datasets.snapshot import MANIFEST, Entry, Manifest, Snapshot, hash_of
from mondaylab.errors import NotFound, Refused
from mondaylab.files import write_file
from mondaylab.quarter import Quarter
from mondaylab.settings import Site

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ColumnReport:
    """What became of one column; holds no raw value."""

    table: str
    column: str
    note: str
    distinct: int
    blank: int


@dataclass(frozen=True)
class Sanitized:
    """A snapshot in memory, checked and ready to be published.

    Attributes:
        tables: Sanitized tables by name.
        texts: Sanitized texts by file name.
        report: One entry a raw column and text, in the policy's order.
        accepted: What is odd about the rows and accepted by the policy, with its reasons.
    """

    tables: Mapping[str, pd.DataFrame]
    texts: Mapping[str, str]
    report: tuple[ColumnReport, ...]
    accepted: tuple[str, ...] = ()


def sanitize(site: Site, company: str, quarter: str, progress: Progress = lambda _: None) -> Snapshot:
    """Makes the snapshot of one quarter, or returns the one that exists for the same exports, policy and secret.

    Raises:
        NotFound: No policy, or no raw exports.
        Refused: Something is not listed, does not fit, would leak, or an existing snapshot was altered. Nothing is
            written then.
    """
    policy, raw = _inputs(site, company, quarter, progress)
    secret, before = pseudonyms.secret(site, company), _rows_before(site, company, quarter)
    made = prepared(policy, raw, secret, Quarter.parse(quarter), progress, before=before)
    progress("write the snapshot")
    return _publish(site, company, quarter, policy, made)


def rehearse(
    site: Site,
    company: str,
    quarter: str,
    progress: Progress = lambda _: None,
    each: Callable[[ColumnReport], None] = lambda _: None,
) -> Sanitized:
    """Everything that `sanitize` does and checks, without writing: pseudonyms are made with a throw-away secret.

    Args:
        site: The installation.
        company: Its folder under ``datasets/``.
        quarter: Such as ``2026Q4``.
        progress: Gets one line a step.
        each: Gets what would become of every column, refused ones too, before a refusal is raised.
    """
    policy, raw = _inputs(site, company, quarter, progress)
    before = _rows_before(site, company, quarter)
    return prepared(policy, raw, os.urandom(32), Quarter.parse(quarter), progress, each, before)


def _inputs(site: Site, company: str, quarter: str, progress: Progress) -> tuple[Policy, Exports]:
    policy = Policy.of(site.company(company))
    if policy.company != company:
        raise Refused(f"the policy is {policy.company}'s", where=site.company(company) / "policy.yaml")
    progress(f"read the raw exports of {company} for {quarter}")
    return policy, exports.read(site.raw / company / str(Quarter.parse(quarter)), policy)


def _rows_before(site: Site, company: str, quarter: str) -> dict[str, int]:
    """Table -> rows in the latest snapshot of the quarter before; empty if there is none."""
    try:
        found = Snapshot.open(latest(site, company, str(Quarter.parse(quarter).previous)))
    except NotFound:
        return {}
    return {Path(path).stem: entry.rows for path, entry in found.manifest.files.items() if path.startswith("tables/")}


def prepared(
    policy: Policy,
    raw: Exports,
    secret: bytes,
    quarter: Quarter,
    progress: Progress = lambda _: None,
    each: Callable[[ColumnReport], None] = lambda _: None,
    before: Mapping[str, int] | None = None,
) -> Sanitized:
    """Applies a policy to exports and checks the result: rows, joins, leaks.

    Args:
        policy: What becomes of each column.
        raw: The exports.
        secret: Makes the pseudonyms.
        quarter: Which quarter the exports are of.
        progress: Gets one line a step, and one a line of the policy that nothing needs.
        each: Gets what would become of every column, refused ones too, before a refusal is raised.
        before: Table -> rows in the quarter before, if known.

    Raises:
        Refused: The rows are not what a quarter's export has, a cell does not fit its column's action (all such
            columns are named), a join broke, or a known personal value came through.
    """
    progress("check the rows")
    checked = check(policy, raw.tables, quarter, before)
    known = known_values(raw.tables, policy)
    names = Pseudonyms(secret, quarter)
    for domain, values in sorted(known.identifiers.items()):
        names.mapping(domain, values, policy.domains[domain].prefix)
    scrubber = Scrubber(
        known,
        policy,
        lambda domain, value: names.of(domain, value, policy.domains[domain].prefix),
        year=quarter.year,
    )
    progress("apply the policy")
    tables, report, problems = _applied(policy, raw, Columns(policy, names, scrubber))
    texts, text_report = _texts(policy, raw, scrubber)
    for row in (*report, *text_report):
        each(row)
    if problems:
        problems = [*checked.problems, *problems]
        raise Refused("; ".join(problems), where="raw exports", fix=_fix(policy, checked.problems))
    progress("check rows and joins")
    _check_joins(policy, raw.tables, tables)
    progress("search for anything that came through")
    cleared = clearance.cleared(policy, known, tables, texts, year=quarter.year, pseudonyms=names)
    if checked.problems:  # after the leaks: these matter more, and one message names one kind of trouble
        raise Refused("; ".join(checked.problems), where="raw exports", fix=_fix(policy, checked.problems))
    for sentence in (*checked.unneeded, *cleared.unneeded):
        progress(f"warning: {sentence}")
    return Sanitized(
        {name: _sorted(policy, name, frame) for name, frame in tables.items()},
        texts,
        (*report, *text_report),
        (
            *checked.accepted,
            *cleared.overruled,
            *(f"{name}: looks like a table, is none: {why}" for name, why in policy.prose.items()),
        ),
    )


def _fix(policy: Policy, about_rows: tuple[str, ...]) -> str:
    place = f"datasets/{policy.company}/policy.yaml"
    if not about_rows:
        return f"see {place}"
    return (
        f"export again what is wrong; what is right as it is, accept in {place} under 'tables: TABLE:' with a line"
        " 'accepts: [{finding: NAME, column: COLUMN, why: REASON}]'; NAME is the word in brackets"
    )


def _applied(
    policy: Policy, raw: Exports, columns: Columns
) -> tuple[dict[str, pd.DataFrame], list[ColumnReport], list[str]]:
    """Sanitized tables, what became of each column, and the columns whose cells did not fit."""
    tables: dict[str, pd.DataFrame] = {}
    report: list[ColumnReport] = []
    problems: list[str] = []
    for table, rules in policy.tables.items():
        kept: dict[str, pd.Series] = {}
        for name, action in rules.columns.items():
            cells = raw.tables[table][name]
            try:
                outcome = columns.apply(action, cells)
            except Refused as error:
                line = f"line '{name}: {{do: {action.do}, ...}}' under 'tables: {table}: columns:'"
                problems.append(f"table {table}: column {name!r}: {error.what} ({line}: {error.fix})")
                outcome = Outcome(None, f"REFUSED: {error.what}")
            if outcome.values is not None:
                kept[name] = outcome.values
            blank = int((cells.str.strip() == "").sum())
            report.append(ColumnReport(table, name, outcome.note, cells.nunique(), blank))
        tables[table] = pd.DataFrame(kept)
    return tables, report, problems


def _texts(policy: Policy, raw: Exports, scrubber: Scrubber) -> tuple[dict[str, str], list[ColumnReport]]:
    texts: dict[str, str] = {}
    report = []
    for name, do in policy.texts.items():
        texts[name], note = raw.texts[name], "kept"
        if do == "scrub":
            texts[name], found = scrubber.scrub(raw.texts[name])
            note = f"scrubbed: {placeholder_counts(found)}"
        report.append(ColumnReport(name, "(text)", note, 1, 0))
    return texts, report


def _check_joins(policy: Policy, raw: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]) -> None:
    """Rows keep their number; every pair of columns of one domain matches exactly as many rows as before."""
    for name, frame in tables.items():
        if len(frame) != len(raw[name]):
            raise Refused(f"table {name} had {len(raw[name])} rows and has {len(frame)}", where="after-check")
    for domain, places in _users(policy).items():
        before = {place: raw[place[0]][place[1]].str.strip().to_numpy(object) for place in places}
        after = {place: tables[place[0]][place[1]].fillna("").to_numpy(object) for place in places}
        was, now = _matching_rows(before), _matching_rows(after)
        for (left, right), rows in was.items():
            if now[left, right] != rows:
                pair = f"{'.'.join(left)} matched {rows} rows of {'.'.join(right)}"
                raise Refused(f"domain {domain}: {pair} and matches {now[left, right]}", where="after-check")


_Place = tuple[str, str]


def _users(policy: Policy) -> dict[str, list[_Place]]:
    """Domain -> (table, column) of every column that holds its identifiers."""
    users: dict[str, list[_Place]] = {}
    for table, column, action in policy.actions():
        if isinstance(action, Pseudonym):
            for domain in action.all_domains():
                users.setdefault(domain, []).append((table, column))
    return users


def _matching_rows(columns: Mapping[_Place, np.ndarray]) -> dict[tuple[_Place, _Place], int]:
    """For each pair of columns, how many rows of the first hold a value of the second; with itself: distinct values."""
    values = {place: set(cells.tolist()) - {""} for place, cells in columns.items()}
    return {
        (left, right): len(values[left]) if left == right else sum(map(values[right].__contains__, cells.tolist()))
        for left, cells in columns.items()
        for right in columns
    }


def _sorted(policy: Policy, table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in an order that tells nothing about the raw order: as the policy says, then by pseudonym."""
    rules = policy.tables[table]
    ids = [name for name, action in rules.columns.items() if isinstance(action, Pseudonym)]
    keys = [*rules.order_by, *(name for name in ids if name not in rules.order_by)]
    return frame.sort_values(keys, kind="stable", ignore_index=True) if keys else frame.reset_index(drop=True)


def _publish(site: Site, company: str, quarter: str, policy: Policy, made: Sanitized) -> Snapshot:
    """Writes into a staging folder, verifies what was written, renames it into place."""
    home = site.snapshots / company
    home.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=home, prefix=".staged."))
    try:
        files = _written(staged, made)
        manifest = Manifest.of(company, quarter, policy.identity(), files, made.accepted, steward=policy.steward)
        write_file(staged / MANIFEST, manifest.text())
        Snapshot.open(staged).verify()
        staged.chmod(0o755)
        final = home / manifest.id
        try:
            os.rename(staged, final)
        except OSError:
            if not final.is_dir():
                raise
        snapshot = Snapshot.open(final)
        snapshot.verify()
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    point_latest(site, company, quarter, snapshot.id)
    return snapshot


def _written(folder: Path, made: Sanitized) -> dict[str, Entry]:
    """Writes the files without waiting for the disk: one lost in a crash is refused by its hash, and made again."""
    files = {}
    (folder / "tables").mkdir()
    (folder / "texts").mkdir()
    for name, frame in made.tables.items():
        data = parquet_bytes(frame)
        (folder / "tables" / f"{name}.parquet").write_bytes(data)
        columns = tuple(str(column) for column in frame.columns)
        files[f"tables/{name}.parquet"] = Entry(sha256=hash_of(data), rows=len(frame), columns=columns)
    for name, text in made.texts.items():
        (folder / "texts" / name).write_bytes(text.encode())
        files[f"texts/{name}"] = Entry(sha256=hash_of(text.encode()), rows=text.count("\n"))
    return files


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as Parquet; equal frames give equal bytes with one version of pyarrow and pandas."""
    buffer = io.BytesIO()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pa.parquet.write_table(table, buffer, compression="snappy", version="2.6")
    return buffer.getvalue()
