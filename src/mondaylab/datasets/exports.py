"""Raw exports: read strictly, as text, so that nothing is guessed, shifted or silently dropped."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv

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
        Refused: A file or column is not listed, a listed one is missing, or a file is not clean CSV or UTF-8. All
            problems are named at once.
    """
    if not folder.is_dir():
        raise NotFound("no raw exports", where=folder, fix="export the quarter first: mondaylab data export --help")
    problems = _file_problems(folder, policy)
    tables, texts = {}, {}
    for name in policy.tables:
        if (folder / f"{name}.csv").is_file():
            tables[name] = _table(folder / f"{name}.csv")
            problems += _column_problems(name, list(tables[name].columns), policy)
    for name in policy.texts:
        if (folder / name).is_file():
            texts[name] = _text(folder / name)
    if problems:
        raise Refused(
            "; ".join(problems), where=folder, fix=f"change datasets/{policy.company}/policy.yaml or the export"
        )
    return Exports(tables, texts)


def _file_problems(folder: Path, policy: Policy) -> list[str]:
    listed = {f"{name}.csv" for name in policy.tables} | set(policy.texts)
    problems = []
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file():
            problems.append(f"{path.name} is not a plain file")
        elif path.name not in listed and path.name not in policy.withheld:
            place = f"'tables: {path.stem}: columns: ...'" if path.suffix == ".csv" else f"'texts: {path.name}: scrub'"
            problems.append(f"{path.name} is not in the policy (add {place}, or '{path.name}' under 'withheld')")
    for name in sorted(listed):
        if not (folder / name).is_file():
            problems.append(f"{name} is listed in the policy and missing from the export")
    return problems


def _column_problems(table: str, columns: list[str], policy: Policy) -> list[str]:
    listed = policy.tables[table].columns
    problems = [
        f"table {table}: column {name!r} occurs twice" for name in sorted({c for c in columns if columns.count(c) > 1})
    ]
    problems += [
        f"table {table}: column {name!r} is not in the policy"
        f" (add under 'tables: {table}: columns:' a line '{name}: {{do: drop, holds: other}}', or another action)"
        for name in columns
        if name not in listed
    ]
    problems += [
        f"table {table}: column {name!r} is listed in the policy and missing from the export"
        f" (remove its line under 'tables: {table}: columns:')"
        for name in listed
        if name not in columns
    ]
    return problems


def _table(path: Path) -> pd.DataFrame:
    text = _text(path).removeprefix("\ufeff")
    if "\0" in text:
        raise Refused("holds zero bytes", where=path, fix="export it as UTF-8 CSV")
    names = next(csv.reader(io.StringIO(text)), [])
    if not names:
        raise Refused("is empty", where=path, fix="export it with a header line")
    if len(set(names)) != len(names):
        # the caller names the duplicate; the rows do not matter any more
        return pd.DataFrame([], columns=names, dtype="str")
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(text.encode()),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        # Arrow's message may quote the row, which is private: only its first words, which name the problem
        raise Refused(f"not clean CSV ({str(error).split(':')[0]})", where=path, fix="export it as UTF-8 CSV") from None
    return pd.DataFrame({name: table.column(name).to_pandas().astype("str") for name in names})


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not UTF-8 text", where=path, fix="save it as UTF-8") from None
