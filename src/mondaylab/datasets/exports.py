"""Raw exports: read strictly, as text, so that nothing is guessed, shifted or silently dropped.

What is refused is told by table, column position, row number and count: no cell and no name that the policy lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mondaylab.datasets.content import named_like_a_table, no_text, table_in
from mondaylab.datasets.delimited import TEXT_BYTES, Delimited, positions_in_words, raw_bytes
from mondaylab.datasets.filenames import FileNames
from mondaylab.datasets.known import fold
from mondaylab.datasets.policy import Policy
from mondaylab.errors import NotFound, Refused


@dataclass(frozen=True)
class Exports:
    """One quarter's raw files.

    Attributes:
        tables: Raw tables by name, every cell a string, blanks as "".
        texts: Text files by file name.
    """

    tables: Mapping[str, pd.DataFrame]
    texts: Mapping[str, str]


def read(folder: Path, policy: Policy) -> Exports:
    """Reads a folder of raw exports whose files and columns are exactly those that the policy lists.

    Raises:
        NotFound: There is no such folder.
        Refused: A file or column is not listed, a listed one is missing, a table is not clean CSV, or a text is a table
            or no text. All problems are named at once, without a cell or an unknown name.
    """
    if not folder.is_dir():
        fix = f"mondaylab data export --company {policy.company} --quarter {folder.name}"
        raise NotFound("no raw exports", where=folder, fix=fix)
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror})", where=folder, fix="let this account read it") from None
    tables, problems = _tables(folder, policy)
    texts, text_problems = _texts(folder, policy)
    names = FileNames(policy, tables, [path.name for path in paths])
    problems = [*_missing(folder, policy), *_strangers(paths, policy, names), *problems, *text_problems]
    if problems:
        raise Refused(
            "; ".join(problems), where=folder, fix=f"change datasets/{policy.company}/policy.yaml or the export"
        )
    return Exports(tables, texts)


def _missing(folder: Path, policy: Policy) -> list[str]:
    listed = sorted({f"{name}.csv" for name in policy.tables} | set(policy.texts))
    return [
        f"{name} is listed in the policy and missing from the export"
        for name in listed
        if not (folder / name).is_file()
    ]


def _strangers(paths: list[Path], policy: Policy, names: FileNames) -> list[str]:
    """Files that the policy does not list, with the line to add: never one that would publish a table as text."""
    listed = {f"{name}.csv" for name in policy.tables} | set(policy.texts)
    tables = {fold(name): name for name in policy.tables}
    problems = []
    for path in paths:
        shown = names.shown(path.name)
        stem, _, suffix = path.name.rpartition(".")
        if path.is_symlink() or not path.is_file():
            problems.append(f"{shown} is not a plain file")
        elif path.name not in listed and path.name not in policy.withheld:
            twin = tables.get(fold(stem)) if suffix.lower() == "csv" else None
            if twin is not None:
                problems.append(
                    f"{shown} is not in the policy: it would be table {twin} a second time, or needs another spelling"
                    f" (the table's file is {twin}.csv, the suffix in lower case; remove or rename this one)"
                )
            else:
                problems.append(f"{shown} is not in the policy ({_place_for(path, names.name(path.name))})")
    return problems


def _place_for(path: Path, name: str) -> str:
    """What to do about a file that is not listed."""
    withhold = f"'{name}' under 'withheld'"
    if path.suffix == ".csv":
        return f"add 'tables: {name.removesuffix('.csv')}: columns: ...', or {withhold}"
    if path.suffix.lower() == ".csv":
        return f"rename it so that its suffix is .csv in lower case, and list its columns; or add {withhold}"
    try:
        data = raw_bytes(path, TEXT_BYTES)
    except Refused as error:
        return f"it {error.what}: add {withhold}"
    found = no_text(data)
    if found is not None:
        return f"it is {found}: export its tables as CSV, or add {withhold}"
    table = table_in(data.decode("utf-8"))
    if table is not None or named_like_a_table(path.name):
        words = f"it holds {table}" if table else "it is named like a table"
        return f"{words}: export it as CSV in a file named TABLE.csv and list its columns, or add {withhold}"
    return f"add 'texts: {name}: scrub', or {withhold}"


def _tables(folder: Path, policy: Policy) -> tuple[dict[str, pd.DataFrame], list[str]]:
    tables: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    ended: dict[str, bool] = {}
    for name, rules in policy.tables.items():
        if not (folder / f"{name}.csv").is_file():
            continue
        try:
            file = Delimited(folder / f"{name}.csv")
            wrong = _column_problems(name, file, list(rules.columns))
            problems += wrong
            if not wrong:
                tables[name] = file.frame()
                ended[name] = file.ended
        except Refused as error:
            problems.append(f"{name}.csv {error.what} ({error.fix})")
    if any(ended.values()):
        problems += [
            f"{name}.csv is cut: its last line is not ended, as it is in other tables (export it again)"
            for name, whole in ended.items()
            if not whole
        ]
    return tables, problems


def _column_problems(table: str, file: Delimited, listed: list[str]) -> list[str]:
    names = file.names
    separator = file.separator(listed)
    if separator is not None:
        return [f"{table}.csv is separated by {separator}, not by commas (export it with commas)"]
    if not any(name in listed for name in names):
        return [
            f"{table}.csv has no header line that the policy knows: none of its {len(names)} columns is listed"
            f" (export it with its header, separated by commas)"
        ]
    problems = [f"table {table}: column {name!r} occurs twice" for name in listed if names.count(name) > 1]
    unknown = {place for place, name in enumerate(names, 1) if name not in listed}
    missing = [name for name in listed if name not in names]
    if unknown:
        problems.append(_unknown(table, names, unknown, missing))
    problems += [
        f"table {table}: column {name!r} is listed in the policy and missing from the export"
        f" (remove its line under 'tables: {table}: columns:')"
        for name in missing
    ]
    return problems


def _unknown(table: str, names: list[str], places: set[int], missing: list[str]) -> str:
    """Columns that the policy lacks, by position: their names are part of the export."""
    verb = "is" if len(places) == 1 else "are"
    nearly = {_bare(name): name for name in missing}
    like = [
        f"column {place} differs from {nearly[_bare(names[place - 1])]!r} in spelling only"
        for place in sorted(places)
        if _bare(names[place - 1]) in nearly
    ]
    fix = (
        "correct the header"
        if like
        else f"look up the header and add under 'tables: {table}: columns:' a line 'NAME: {{do: drop, holds: other}}',"
        " or another action"
    )
    return (
        f"table {table}: {positions_in_words(places)} of {len(names)} {verb} not in the policy"
        f" ({'; '.join([*like, fix])})"
    )


def _bare(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _texts(folder: Path, policy: Policy) -> tuple[dict[str, str], list[str]]:
    texts: dict[str, str] = {}
    problems: list[str] = []
    for name in policy.texts:
        if (folder / name).is_file():
            try:
                texts[name] = _text(folder / name, prose=name in policy.prose)
            except Refused as error:
                problems.append(f"{name} {error.what} ({error.fix})")
    return texts, problems


def _text(path: Path, *, prose: bool) -> str:
    data = raw_bytes(path, TEXT_BYTES)
    found = no_text(data)
    if found is not None:
        raise Refused(f"is {found}", fix="save it as UTF-8 text, or list it under 'withheld'")
    text = data.decode("utf-8").lstrip("\ufeff")
    table = table_in(text)
    if not prose and (table is not None or named_like_a_table(path.name)):
        raise Refused(
            f"holds {table}, not a text" if table else "is named like a table, not like a text",
            # that a policy can say 'prose:' is in the docs only: advice here must not publish a table when followed
            fix="export it as CSV and list its columns under 'tables:', or list it under 'withheld'",
        )
    return text
