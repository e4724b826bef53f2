"""The map of an installation."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parents[3] / "src" / "mondaylab"


def test_nobody_else_knows_where_state_lies():
    """A folder of ``var/`` that `Site` does not name is one that nobody backs up, guards or finds."""
    asks = re.compile(r"\bvar\s*/\s*[\"f(]")
    found = [
        f"{path.relative_to(SOURCES)}:{number}"
        for path in SOURCES.rglob("*.py")
        if path.name != "settings.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if asks.search(line)
    ]
    assert found == []
