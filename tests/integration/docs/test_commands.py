"""Every command in README.md and docs/ runs, in an order in which a reader would come to it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mondaylab.cli import main
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("datasets", "labs", "grader", "hub_config")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES += [ROOT / folder / "README.md" for folder in FOLDERS]
ORDER = [
    "steward",
    "practitioner",
    "write_a_lab",
    "adopt_an_answer",
    "extend",
    "admin",
    "connect_an_endpoint",
    "instructor",
    "report_on_a_class",
]
ORDER += ["learner", "lead", "README", "CONTRIBUTING"]
"""Pages with commands; others have none."""
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_TOML = re.compile(r"```toml\n(.*?)```", re.DOTALL)
_SAID = re.compile(r"```markdown\n(.*?)```", re.DOTALL)
_SAVED = re.compile(r"`answer\.txt`, such as\n\n```text\n(.*?)```", re.DOTALL)
HOWTO = ROOT / "docs" / "howto" / "write_a_lab.md"
GATED = ("mondaylab labs check finance/cash", "mondaylab labs release finance/cash")
"""Commands of the how-to that draw 200 forms, or need that done: the deep test runs the whole page as it stands."""

SMALL = {"customers: 1200": "customers: 400", "orders_a_quarter: 8600": "orders_a_quarter: 2600"}
"""The demo company with fewer rows: that commands run does not hang on how many there are."""


def lines_of(block: str) -> list[str]:
    return [said for line in block.splitlines() if (said := line.partition("#")[0].strip())]


def test_pages_are_known_and_their_links_lead_somewhere():
    assert set(ORDER) <= {page.stem for page in PAGES}
    for page in PAGES:
        assert page.stem in ORDER or not _BLOCK.search(page.read_text()), f"{page.name} has commands, ORDER lacks it"
        told = re.sub(
            r"```.*?```|`[^`\n]+`", "", page.read_text(), flags=re.DOTALL
        )  # manuscripts have links of their own
        for link in re.findall(r"\]\(([^)#]+)\)", told):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_make_commands_are_targets():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    mentioned = set(re.findall(r"`?make (\w+)", (ROOT / "README.md").read_text()))
    assert mentioned <= targets and {"demo", "test"} <= mentioned


def in_this_process(folder: Path, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Exit code and all that is printed of a command, called where the reader would stand."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(main, words, env=environment)
    return done.exit_code, f"{done.output}{done.exception or ''}"


def in_its_own(folder: Path, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """The same as a reader's shell runs it."""
    command = [Path(sys.executable).parent / "mondaylab", *words]
    whole = {**os.environ, **environment}
    done = subprocess.run(command, env=whole, cwd=folder, capture_output=True, text=True, timeout=1200, check=False)
    return done.returncode, done.stdout + done.stderr


class Checkout:
    """A copy of the folders that people edit, with a state of its own: what pages say is done in it.

    `run` is one of the two above: a process for each command takes a second, to import, for each.
    """

    def __init__(self, root: Path, run: Callable[[Path, list[str], dict[str, str]], tuple[int, str]]) -> None:
        self.root, self.run = root, run
        for part in FOLDERS:
            shutil.copytree(ROOT / part, root / part)
        (root / "src").symlink_to(ROOT / "src")
        self.environment = {ROOT_VARIABLE: str(root), VAR_VARIABLE: str(root / "var")}

    def with_few_rows(self) -> None:
        settings = self.root / "datasets" / "demo" / "company.yaml"
        text = settings.read_text("utf-8")
        for whole, few in SMALL.items():
            assert whole in text
            text = text.replace(whole, few)
        settings.write_text(text, "utf-8")

    def follow(self, page: Path, *, skipping: tuple[str, ...] = ()) -> list[str]:
        """Runs a page from top to bottom; what it says to add to a file of the lab is added where it says so."""
        ran = []
        if (saved := _SAVED.search(page.read_text())) is not None:
            (self.root / "answer.txt").write_text(saved[1], "utf-8")
        for block in re.finditer(f"{_BLOCK.pattern}|{_TOML.pattern}|{_SAID.pattern}", page.read_text(), re.DOTALL):
            declared = "asking.toml" if "[[requests]]" in (block[2] or "") else "lab.toml"
            for text, name in ((block[2], declared), (block[3], "drafts/plan/letter.md")):
                if text is not None and page == HOWTO:
                    with (self.root / "labs" / "finance" / "cash_forecast" / name).open("a") as file:
                        file.write(f"\n{text}")
            for command in lines_of(block[1] or ""):
                # README's make commands are what continuous integration and a fresh machine run
                if not command.startswith(("make ", *skipping)):
                    words = shlex.split(command)
                    assert words[0] == "mondaylab", command
                    code, printed = self.run(self.root, words[1:], self.environment)
                    assert code == 0, f"{command}\n{printed}"
                    ran.append(command)
        return ran


def test_every_command_runs(tmp_path, proxy):
    checkout = Checkout(tmp_path, in_this_process)
    checkout.with_few_rows()
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "proxy").symlink_to(proxy)
    ran = []
    for page in sorted((one for one in PAGES if one.stem in ORDER), key=lambda page: ORDER.index(page.stem)):
        ran += checkout.follow(page, skipping=GATED)
    assert len(ran) >= 18
    assert "plan_rebate" in (tmp_path / "labs" / "finance" / "cash_forecast" / "lab.toml").read_text()


@pytest.mark.deep
def test_the_how_to_leads_to_a_released_lab_that_passes_every_gate(tmp_path):
    checkout = Checkout(tmp_path, in_its_own)
    checkout.follow(next(page for page in PAGES if page.stem == "steward"))
    assert any(command.startswith(GATED) for command in checkout.follow(HOWTO))
    [record] = (tmp_path / "var" / "releases" / "finance" / "cash_forecast").glob("*/release.json")
    assert json.loads(record.read_text())["unchecked"] is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_no_machine_path_or_registry_is_named(page):
    assert not re.search(r"/root/|/work/|/tmp/|pypi\.|registry\.npm", page.read_text())
