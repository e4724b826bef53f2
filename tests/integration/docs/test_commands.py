"""Every command in README.md and docs/ runs, in an order in which a reader would come to it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
ORDER = ["steward", "practitioner", "admin", "instructor", "learner", "lead", "README"]
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands(page: Path) -> list[str]:
    lines = [line for block in _BLOCK.findall(page.read_text()) for line in block.splitlines()]
    return [line.partition("#")[0].strip() for line in lines if line.partition("#")[0].strip()]


def test_pages_are_known_and_their_links_lead_somewhere():
    assert sorted(page.stem for page in PAGES) == sorted(ORDER)
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_make_commands_are_targets():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    mentioned = set(re.findall(r"`?make (\w+)", (ROOT / "README.md").read_text()))
    assert mentioned <= targets and {"demo", "test"} <= mentioned


def test_every_command_runs(tmp_path, proxy):
    environment = {**os.environ, "MONDAYLAB_ROOT": str(ROOT), "MONDAYLAB_VAR": str(tmp_path)}
    (tmp_path / "proxy").symlink_to(proxy)
    ran = []
    for page in sorted(PAGES, key=lambda page: ORDER.index(page.stem)):
        for command in commands(page):
            if command.startswith("make "):
                continue  # README's two commands: what continuous integration and a fresh machine run
            words = shlex.split(command)
            assert words[0] == "mondaylab", command
            done = subprocess.run(
                [Path(sys.executable).parent / words[0], *words[1:]],
                env=environment,
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            assert done.returncode == 0, f"{page.name}: {command}\n{done.stderr}"
            ran.append(command)
    assert len(ran) >= 12


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_machine_path_or_registry_is_named(page):
    assert not re.search(r"/root/|/work/|/tmp/|pypi\.|registry\.npm", page.read_text())
