"""The table of where a new thing goes names files and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TABLE = (ROOT / "CONTRIBUTING.md").read_text().split("## Where does a new … go?")[1]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line.startswith("| ")]
WANTED = {"kind of claim", "flaw operator", "graded cell", "format of a draft", "role", "lab", "company", "hub spawner"}
WANTED |= {"concept, or a field of one", "kind of measure", "CLI command", "page of the docs", "test"}
_PATH = re.compile(r"`([\w./<>-]+/[\w./<>-]*)`")


def there(path: str) -> bool:
    """Whether a path is there; of one that is still to be made (``<name>``), the folder it goes to."""
    certain = path.split("<")[0].rpartition("/")[0] if "<" in path else path
    return (ROOT / certain).exists() or (ROOT / "src" / "mondaylab" / certain).exists()


def test_every_kind_of_thing_has_a_row():
    assert {row[0] for row in ROWS} >= WANTED


@pytest.mark.parametrize("row", ROWS[1:], ids=lambda row: row[0])
def test_what_a_row_names_is_there(row):
    _, goes_to, proved_by = row
    paths = _PATH.findall(goes_to) + _PATH.findall(proved_by)
    assert not [path for path in paths if not there(path)]
