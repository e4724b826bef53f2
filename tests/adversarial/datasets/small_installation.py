"""The small company as a steward has it: its policy and exports in an installation, sanitized through the command."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click.testing
import pytest
import yaml
from tests.adversarial.datasets import small_company as small
from tests.adversarial.datasets.small_company import Files, data

from mondaylab.cli.main import main

Mutation = Callable[[Files], None]
POLICY: dict[str, Any] = yaml.safe_load(small.POLICY)


class Company:
    """An installation with the small company, sanitized through the command."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for part in ("hub_config", "labs", "grader", "datasets/small"):
            (root / part).mkdir(parents=True)
        monkeypatch.setenv("MONDAYLAB_ROOT", str(root))
        monkeypatch.setenv("MONDAYLAB_VAR", str(root / "var"))
        self.root = root
        self.policy: dict[str, Any] = copy.deepcopy(POLICY)
        self.files = small.files()

    def run(self, *options: str, quarter: str = small.QUARTER) -> click.testing.Result:
        (self.root / "datasets" / "small" / "policy.yaml").write_text(self.policy_text())
        raw = self.root / "var" / "raw" / "small" / quarter
        raw.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (raw / name).write_bytes(content)
        return click.testing.CliRunner().invoke(
            main, ["data", "sanitize", "--company", "small", "--quarter", quarter, *options]
        )

    def refusal(self, *options: str, quarter: str = small.QUARTER) -> str:
        """The refusal in words, after checks that hold for every one."""
        before = self.published()
        answer = self.run("--json", *options, quarter=quarter)
        assert answer.exit_code == 1, answer.output
        assert isinstance(answer.exception, SystemExit), answer.exception  # no traceback
        assert self.published() == before
        error = json.loads(answer.stdout)["error"]
        said = (answer.stdout + answer.stderr).replace(str(self.root), "")
        shown = {value for value in small.raw_values(self.files, self.policy_text()) if value in said}
        assert shown - set(self.files) == set()
        assert len(said) < 6_000
        return f"{error['what']} {error['fix']}"

    def policy_text(self) -> str:
        return small.POLICY if self.policy == POLICY else yaml.safe_dump(self.policy, sort_keys=False)

    def published(self) -> list[Path]:
        return sorted((self.root / "var").glob("snapshots/*/*"))


def every(*mutations: Mutation) -> Mutation:
    def mutate(export: Files) -> None:
        for one in mutations:
            one(export)

    return mutate


def keep_lines(share: float, name: str) -> Mutation:
    def cut(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        return b"".join(lines[: int(len(lines) * share)])

    return data(name, cut)
