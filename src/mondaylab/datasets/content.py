"""What a file holds, judged by its content: a table in any dress, something that is no text, or text to read."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet table"),
    (b"ARROW1", "an Arrow table"),
    (b"FEA1", "a Feather table"),
    (b"ORC", "an ORC table"),
    (b"Obj\x01", "an Avro table"),
    (b"\x89HDF", "an HDF5 file"),
    (b"PK\x03\x04", "a zipped file or a workbook (xlsx, ods)"),
    (b"PK\x05\x06", "an empty zipped file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (xls, doc)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"7z\xbc\xaf", "a 7z file"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
)
_TABULAR_SUFFIX = re.compile(
    r"\.(csv|tsv|tab|psv|dsv|jsonl?|ndjson|geojson|xlsx?|xlsm|xlsb|ods|numbers|parquet|feather|arrow|orc|avro"
    r"|sqlite3?|db3?|mdb|accdb|duckdb|dbf|sav|dta|sas7bdat|rds|rdata|pkl|pickle|h5|hdf5?|xml|sql|dump|vcf|ldif|ics"
    r"|zip|gz|bz2|xz|zst|7z)$",
    re.IGNORECASE,
)
SEPARATORS = {
    ";": "semicolons",
    "\t": "tabs",
    "|": "pipes",
    "^": "carets",
    "~": "tildes",
    "\x1f": "unit separators",
    "\x01": "control characters",
    "¦": "broken bars",
}
"""What stands between cells where it is no comma, and its name."""

_LOOKED_AT = 150_000  # characters: enough lines to judge by, whatever the file's size
_LONG_LINE = 4_000  # characters of a line that say enough of it; keeps every search below linear
_MOST = 0.8  # the share of lines that have to agree; a title above a table or a note below it does not hide it
_CONTACT = re.compile(r"\w@\w|\+?\d[\d ()/.\-]{6,}\d")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|?[\s:|+=\-]+\|?\s*$")
_GAP = re.compile(r"(?<![.!?:\s])\s{2,}(?=\S)")
_FIELD = re.compile(r"^\s*[\"']?([\w .\-/]{1,40})[\"']?\s*(?::|=)\s*\S")
_STATEMENT = re.compile(r"^\s*(INSERT\s+INTO|COPY\s+\S+.*FROM\s+stdin|REPLACE\s+INTO)\b", re.IGNORECASE)
_CARD = re.compile(r"^(BEGIN:(VCARD|VEVENT|VCALENDAR)|dn: \S)", re.MULTILINE)
_MARK = re.compile(r"^\s*(#|[-*+>] |\d+[.)] )")


def no_text(data: bytes) -> str | None:
    """What a file is that is no UTF-8 text, in words; None if it is text."""
    for magic, words in _MAGIC:
        if data.startswith(magic):
            return words
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "UTF-32 text"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or _every_other_is_zero(data[:4096]):
        return "UTF-16 text"
    if b"\0" in data:
        return "a binary file (it holds zero bytes)"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "not UTF-8 text"
    return None


def _every_other_is_zero(data: bytes) -> bool:
    return len(data) >= 4 and max(data[0::2].count(0), data[1::2].count(0)) > 0.4 * len(data) / 2


def named_like_a_table(name: str) -> bool:
    """Whether a file's suffix promises a table or an archive, whatever it holds."""
    return _TABULAR_SUFFIX.search(name) is not None


def table_in(text: str) -> str | None:
    """What table a text is, in words without a cell of it; None if it is text to read.

    A document that holds a small table of rules is text; one that is mostly rows, or has rows about people, is not.
    """
    text = text.lstrip("\ufeff")[:_LOOKED_AT]
    lines = [line[:_LONG_LINE] for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    for look in (_data_notation, _marked_up, _statements, _delimited, _drawn, _aligned, _records, _listed):
        found = look(text, lines)
        if found is not None:
            return found
    return None


def _data_notation(text: str, lines: list[str]) -> str | None:
    start = text.lstrip()[:1]
    if start in ("{", "["):
        if sum(_is_json(line) for line in lines[:50]) >= _MOST * len(lines[:50]):
            return "a table of JSON lines"
        if re.match(r"\[\s*[\[{]|\{\s*\"", text.lstrip()):
            return "a JSON document"
    return "a file of contacts or entries" if _CARD.search(text) else None


def _is_json(line: str) -> bool:
    line = line.strip().rstrip(",")
    if line[:1] not in ("{", "["):
        return False
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _marked_up(text: str, lines: list[str]) -> str | None:
    if text.lstrip().startswith("<?xml"):
        return "an XML document"
    rows = len(re.findall(r"<tr[\s>]", text, re.IGNORECASE))
    cells = sum(map(len, re.findall(r"<t[dh][^<>]*>([^<]*)", text, re.IGNORECASE)))
    prose = len(re.sub(r"<[^<>]*>|\s", "", text))
    if rows >= 3 and (cells > prose / 2 or rows >= 50):
        return f"an HTML table of {rows} rows"
    tags = Counter(re.findall(r"^[ \t]*<(\w+)[\s>/]", text, re.MULTILINE))
    if text.lstrip().startswith("<") and rows == 0 and tags and not re.search(r"<(p|h1|body|html)\b", text, re.I):
        return "an XML document"
    return None


def _statements(text: str, lines: list[str]) -> str | None:
    return "a database dump" if any(_STATEMENT.match(line) for line in lines) else None


def _delimited(text: str, lines: list[str]) -> str | None:
    drawn = sum(bool(_ROW.match(line)) for line in lines) > len(lines) / 2
    for mark, words in (*SEPARATORS.items(), (",", "commas")):
        if mark == "|" and drawn:
            continue
        columns = _columns_by(mark, text, lines)
        if columns:
            return f"a table of {columns} columns separated by {words}"
    return None


def _columns_by(mark: str, text: str, lines: list[str]) -> int:
    """How many columns a separator makes of most lines; 0 if it does not, or as prose does."""
    if text.count(mark) < (1 if mark == "\t" else 2):
        return 0
    rows = [row for row in _split(mark, text, lines) if any(cell.strip() for cell in row)]
    columns, times = max(Counter(map(len, rows)).items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    if columns < 2 or times < _MOST * len(rows):
        return 0
    after = [cell for row in rows for cell in row[1:]]
    prosaic = mark in ",;" and sum(cell.startswith(" ") for cell in after) > len(after) / 2
    if prosaic and (columns < 3 or times < 3 or _sentences(lines)):
        return 0
    if columns == 2 and (times < (3 if mark == "," else 2) or _sentences(lines)):
        return 0
    return columns if columns > 2 or times > 1 else 0


def _split(mark: str, text: str, lines: list[str]) -> list[list[str]]:
    """Rows as CSV quotes them; plain lines where the quotes do not close, as in prose."""
    try:
        return list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=mark, strict=True))
    except csv.Error:
        return [line.strip("\t").split(mark) if mark == "\t" else line.split(mark) for line in lines]


def _sentences(lines: list[str]) -> bool:
    return sum(line.rstrip().endswith((".", "!", "?", ":", ",")) for line in lines) > len(lines) / 4


def _drawn(text: str, lines: list[str]) -> str | None:
    """Tables in Markdown or drawn with pipes: most of the text, very long, or with rows about people."""
    rows = [line for line in lines if _ROW.match(line) or (line.count("|") >= 2 and not line.startswith("    "))]
    body = [line for line in rows if not _RULE.match(line)]
    contacts = sum(bool(_CONTACT.search(line)) for line in body)
    if len(body) >= 3 and (len(rows) > len(lines) / 2 or len(body) >= 50 or contacts > max(2, len(body) / 2)):
        return f"a table of {len(body)} rows drawn with pipes"
    return None


def _aligned(text: str, lines: list[str]) -> str | None:
    parts = Counter(len(_GAP.split(line.strip())) for line in lines)
    columns, times = max(parts.items(), key=lambda item: (item[1], item[0]))
    if columns >= 2 and times >= 3 and times >= _MOST * len(lines):
        return f"a table of {columns} columns of fixed width"
    return None


def _records(text: str, lines: list[str]) -> str | None:
    """The same few names, each before a colon, again and again."""
    names = [match[1].strip().lower() for line in lines if (match := _FIELD.match(line))]
    again = [name for name, times in Counter(names).items() if times >= 3]
    if len(again) >= 2 and sum(name in again for name in names) >= _MOST * len(lines):
        return f"records of {len(again)} fields, one a line"
    return None


def _listed(text: str, lines: list[str]) -> str | None:
    """One column: short lines that are no sentences and no headings."""
    short = [line for line in lines if len(line.split()) <= 4 and not line.rstrip().endswith((".", "!", "?", ":"))]
    if len(lines) >= 5 and len(short) >= 0.9 * len(lines) and sum(map(bool, map(_MARK.match, lines))) < len(lines) / 5:
        return "a list of one column"
    return None
