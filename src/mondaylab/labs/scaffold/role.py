"""A role's block for ``grader/scoring.yaml``: usual cells, points and costs, below the roles that stand there."""

from __future__ import annotations

import shutil
import string
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from mondaylab.errors import MondaylabError, Refused
from mondaylab.files import write_file
from mondaylab.forms.scoring import FILE, WHERE, RoleRules, ScoringRules
from mondaylab.settings import Site

_BLOCK = Path(__file__).parent / "template" / "role.yaml.in"


@dataclass(frozen=True)
class NewRole:
    """A role to be added.

    Attributes:
        block: Its lines, as they will stand in the file.
        rules: What they say.
        path: The file.
        text: The whole file with the block in it.
    """

    block: str
    rules: RoleRules
    path: Path
    text: str

    def write(self) -> None:
        """Puts the block into the file."""
        write_file(self.path, self.text, mode=self.path.stat().st_mode & 0o777)


def new_role(site: Site, role: str) -> NewRole:
    """A block for a role that the file lacks, below the other roles; nothing is written yet.

    Args:
        site: The installation.
        role: Small letters, digits and ``_``.

    Raises:
        NotFound: There is no ``grader/scoring.yaml``.
        Refused: It cannot be read, or its roles are not written so that a block can be put below them.
    """
    path = site.grader / FILE
    before = ScoringRules.of(site)
    name = role if yaml.safe_load(role) == role else f'"{role}"'  # on, no and null are no names to YAML
    plain = string.Template(_BLOCK.read_text("utf-8")).substitute(role=name)
    block, text = _placed(path.read_bytes().decode(), plain)
    after = _read(site, text)
    if after is None or role not in after.roles or _others(after, role) != _others(before, role):
        raise Refused(
            f"role {role!r} cannot be put into {WHERE}: its roles are not written one below the other",
            where=path,
            fix=f"write it there by hand:\n{plain}",
        )
    return NewRole(block, after.roles[role], path, text)


def _placed(text: str, block: str) -> tuple[str, str]:
    """The block as deep as other roles stand, and the text with it below the last of them."""
    lines = text.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines, 1) if line.startswith("roles:")), len(lines))
    last, depth = start, "  "
    for number, line in enumerate(lines[start:], start + 1):
        if line.strip() and line[0] not in " #":  # the next key at the top
            break
        if line.startswith(" ") and line.strip():
            depth = line[: len(line) - len(line.lstrip())] if last == start else depth
            last = number
    end = "\r\n" if "\r\n" in text else "\n"
    deeper = "".join(f"{depth}{line}{end}" for line in block.splitlines())
    above = "".join(lines[:last])
    between = end if above.endswith("\n") else end * 2
    return deeper, f"{above}{between}{deeper}{''.join(lines[last:])}"


def _read(site: Site, text: str) -> ScoringRules | None:
    """What the rules would be with that text; none if it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="mondaylab-role-") as folder:
        tried = Site(Path(folder), site.var)
        shutil.copytree(site.grader, tried.grader, ignore=lambda _, names: {*names} - {"flaws.yaml"})
        write_file(tried.grader / FILE, text)
        try:
            return ScoringRules.of(tried)
        except MondaylabError:
            return None


def _others(rules: ScoringRules, role: str) -> tuple[object, set[str]]:
    """Everything but the role: what must be as it was."""
    kept = {name: block for name, block in rules.roles.items() if name != role}
    return rules.model_copy(update={"roles": kept}).model_dump(), {*rules.faults} - {role}
