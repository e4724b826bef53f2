"""The page on the architecture says what is so: the floors are those that imports are held to, the modules exist."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text()
CONTRACTS = {"layers": "### The whole engine", "labs": "### Rooms in `labs`", "grader": "### Rooms in `grader`"}


def section(heading: str) -> str:
    return re.split(r"\n##+ ", PAGE.split(f"{heading}\n", 1)[1])[0]


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(("contract", "heading"), CONTRACTS.items())
def test_the_floors_are_those_that_imports_are_held_to(contract, heading):
    held = configparser.ConfigParser()
    held.read(ROOT / ".importlinter")
    layers = held[f"importlinter:contract:{contract}"]["layers"].split("\n")
    wanted = [re.findall(r"\w+", layer) for layer in layers if layer.strip()]
    assert [re.findall(r"`(\w+)`", row[0]) for row in rows(section(heading))] == wanted


def test_every_word_of_the_engine_has_its_module():
    words = rows(section("## Words"))
    assert len(words) >= 30 and len({row[0] for row in words}) == len(words)
    missing = [row[0] for row in words if not (ROOT / "src" / "mondaylab" / row[2].strip("`")).is_file()]
    assert not missing
