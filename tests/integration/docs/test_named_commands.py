"""Every command that an error, a help text, a page or a file of the four folders names can be typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.docs.named_commands import Named, commands, known_targets, problem, targets, texts_of_code

ROOT = Path(__file__).resolve().parents[3]
TARGETS = known_targets(ROOT / "Makefile")
PAGES = [*(page for page in ROOT.glob("*.md") if page.stem != "CHANGELOG"), *(ROOT / "docs").rglob("*.md")]
EDITED = [path for part in ("datasets", "labs", "grader", "hub_config") for path in (ROOT / part).rglob("*")]
OTHERS = [path for path in (ROOT / "src").rglob("*") if path.suffix != ".py"]
_EXAMPLE = re.compile(r"^ {6}(mondaylab .*)$", re.MULTILINE)
_FILLED_IN = re.compile(r"\{\{.*?\}\}")
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def in_code() -> Iterator[Named]:
    """What the program says: whole commands in its messages and in the examples of its help, mentions elsewhere."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for text, line, document in texts_of_code(path):
            where = f"{path.relative_to(ROOT)}:{line}"
            yield from commands(text, where, whole=not document, any_word=not document)
            if document:
                for example in _EXAMPLE.findall(text):
                    yield from commands(example, where, whole=True, any_word=True)


def in_files() -> Iterator[Named]:
    """What pages, templates and the files that people edit say; the commands of a page's blocks are whole."""
    for path in sorted({*PAGES, *EDITED, *OTHERS}):
        if path.suffix in {".md", ".yaml", ".toml", ".py", ".j2", ".js", ".json"} and "__pycache__" not in path.parts:
            text, where = _FILLED_IN.sub("X", path.read_text("utf-8")), str(path.relative_to(ROOT))
            yield from commands(text, where, whole=False, any_word=False)
            for block in _BLOCK.findall(text):
                yield from commands(block, where, whole=True, any_word=True)


@pytest.mark.parametrize(("named", "least"), [(in_code, 100), (in_files, 60)])
def test_every_command_that_is_named_exists(named, least):
    found = list(named())
    wrong = [f"{one.where}: mondaylab {one.words}: {said}" for one in found if (said := problem(one))]
    assert not wrong, "\n".join(wrong)
    assert len(found) >= least, "the search finds what it should"


def test_every_target_of_make_that_is_named_exists():
    named = {target: str(path) for path in PAGES for target in targets(path.read_text())}
    for path in (ROOT / "src").rglob("*.py"):
        for text, line, _ in texts_of_code(path):
            named |= dict.fromkeys(targets(text), f"{path}:{line}")
    assert {"demo", "test", "quick", "setup"} <= set(named)
    assert not {target: where for target, where in named.items() if target not in TARGETS}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Next: mondaylab hub start", "no command 'start'"),
        ("mondaylab cohort open finance-demo", "lacks LAB"),
        ("mondaylab labs build X --quarters 2026Q4", "No such option"),
        ("mondaylab data sanitize", "lacks quarter"),
        ("mondaylab lab check X", "no command 'lab'"),
        ("mondaylab cohort apply X repairs it", "too much"),
        ("mondaylab labs", "which of its commands"),
        ("mondaylab grade finance-demo", "lacks LAB"),
    ],
)
def test_what_nobody_can_type_is_found(said, why):
    [named] = commands(said, "a message", whole=True, any_word=True)
    assert why in (problem(named) or "")


def test_a_mention_may_leave_out_what_a_command_needs():
    text = "`mondaylab data sanitize`, `mondaylab labs build --items` and (mondaylab grade) are spoken of"
    named = list(commands(text, "a page", whole=False, any_word=False))
    assert len(named) == 3 and not [said for one in named if (said := problem(one))]
