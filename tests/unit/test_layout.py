"""Tests lie where their module lies: the rule of tests/README.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.places import ROOT

PACKAGE = ROOT / "src" / "mondaylab"
ROOMS = ("unit", "integration", "adversarial")
# folders that mirror no package: what they are about lies elsewhere
ELSEWHERE = {
    "shared": PACKAGE,  # modules of the shared ground, which has no folder of its own
    "docs": ROOT / "docs",
}
# unit tests of several modules together, and what holds these together
SPANNING = {
    "grader/metrics/test_coverage.py": "intervals of every metric hold the truth as often as they say",
    "grader/metrics/test_metrics.py": "laws that every metric keeps",
    "labs/claims/test_kinds.py": "laws that every kind of claim keeps",
    "labs/gates/test_gates_fail.py": "every gate fails for what it is there for",
    "measures/test_joins.py": "a measure over a join, from measure to operator",
    "measures/test_measure_laws.py": "laws that every measure keeps",
    "test_layout.py": "all of them",
}


def modules_in(room: str, root: Path = ROOT / "tests") -> Iterator[Path]:
    """The test modules of a room, by their path in it."""
    return (path.relative_to(root / room) for path in sorted((root / room).rglob("test_*.py")))


def mirrored(folder: Path) -> Path:
    """The folder of the source that a folder of tests is about."""
    return ELSEWHERE.get(str(folder), PACKAGE / folder)


def misplaced(room: str, tests: Iterator[Path]) -> list[str]:
    """What breaks the rule, in words."""
    found = []
    for test in tests:
        folder, about = mirrored(test.parent), test.stem.removeprefix("test_")
        if not folder.is_dir():
            found.append(f"{room}/{test}: there is no {folder.relative_to(ROOT)}")
        elif room == "unit" and str(test) not in SPANNING and not is_module(folder, about):
            found.append(f"{room}/{test}: {folder.relative_to(ROOT)} has no module {about}")
    return found


def is_module(folder: Path, name: str) -> bool:
    return (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()


@pytest.mark.parametrize("room", ROOMS)
def test_tests_lie_where_their_module_lies(room: str) -> None:
    assert misplaced(room, modules_in(room)) == []


def test_what_spans_several_modules_is_still_there() -> None:
    assert set(SPANNING) <= {str(test) for test in modules_in("unit")}


def test_a_misplaced_test_is_named() -> None:
    tests = [Path("hub/test_jail.py"), Path("hub/test_gaol.py"), Path("labs/forms/test_form.py")]
    assert misplaced("unit", iter(tests)) == [
        "unit/hub/test_gaol.py: src/mondaylab/hub has no module gaol",
        "unit/labs/forms/test_form.py: there is no src/mondaylab/labs/forms",
    ]


def test_a_conftest_holds_fixtures_only_and_is_imported_by_nobody() -> None:
    """What is shared is a module of tests/support: a conftest belongs to its folder, and pytest alone loads it."""
    places = sorted((ROOT / "tests").rglob("*.py"))
    importing = [
        path for path in places if any(_imports_conftest(line) for line in path.read_text("utf-8").split("\n"))
    ]
    assert [str(path.relative_to(ROOT)) for path in importing] == []
    classes = [path for path in places if path.name == "conftest.py" and "\nclass " in path.read_text("utf-8")]
    assert [str(path.relative_to(ROOT)) for path in classes] == []


def _imports_conftest(line: str) -> bool:
    return line.lstrip().startswith(("from ", "import ")) and "conftest" in line
