"""Making a new lab from the template, with the graded cells that its role has."""

from __future__ import annotations

import re
import string
from pathlib import Path

from mondaylab.errors import Refused
from mondaylab.files import staged_folder, write_file
from mondaylab.forms.scoring import ScoringRules
from mondaylab.labs.scaffold.role import new_role
from mondaylab.labs.sources.cells import graded_cells
from mondaylab.labs.sources.manuscript import FOLDER
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name

_TEMPLATE = Path(__file__).parent / "template"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class NewLab(Record):
    """What was made, or would be."""

    lab: str
    folder: str
    files: tuple[str, ...]
    block: str = ""
    """What was, or would be, put into ``grader/scoring.yaml`` for the role; empty if it has its block already."""
    next: tuple[str, ...]
    """What to do next, in order."""
    dry_run: bool


def new_lab(site: Site, lab: str, *, add_role: str | None = None, dry_run: bool = False) -> NewLab:
    """Makes ``labs/<role>/<name>`` with a small, whole lab in it: two drafts, claims, tasks.

    Args:
        site: The installation.
        lab: ``<role>/<name>``, both of small letters, digits and ``_``.
        add_role: The lab's role once more, to give it usual cells and costs if ``grader/scoring.yaml`` has none: so
            that a slip of the pen makes no role.
        dry_run: Only say what would be made.

    Raises:
        NotFound: The role has no graded cells in ``grader/scoring.yaml``.
        Refused: The name is malformed or taken, or something is wrong with what the file says of the role.
    """
    role, _, name = lab.partition("/")
    if not (_NAME.fullmatch(role) and _NAME.fullmatch(name)):
        raise Refused(
            f"{lab!r} is not a lab's name", fix="write it as role/name in small letters, such as finance/cash_forecast"
        )
    folder = site.lab(lab)
    if folder.exists():
        raise Refused(f"there is a lab {lab} already", where=folder, fix="choose another name")
    same = sorted(path for path in (site.root / "labs").glob(f"*/{plain_name(name)}") if path.is_dir())
    if same:
        raise Refused(f"another role has a lab {name} already", where=same[0], fix="choose another name")
    if add_role not in (None, role):
        raise Refused(f"{lab} is a lab of role {role}, not {add_role}", fix="name the same role twice, or leave it out")
    known = add_role is None or role in ScoringRules.of(site).known
    added = None if known else new_role(site, role)
    files = _rendered(lab, graded_cells(site, lab) if added is None else list(added.rules.points()))
    if not dry_run:
        if added is not None:
            added.write()
        with staged_folder(folder) as stage:
            for file, text in files.items():
                (stage / file).parent.mkdir(parents=True, exist_ok=True)
                write_file(stage / file, text)
    return NewLab(
        lab=lab,
        folder=str(folder),
        files=tuple(files),
        block="" if added is None else added.block,
        next=_next(lab, new_role=added is not None),
        dry_run=dry_run,
    )


def _rendered(lab: str, graded: list[str]) -> dict[str, str]:
    role, _, name = lab.partition("/")
    coding = "validator" in graded
    by_hand = [cell for cell in graded if cell.startswith("oversight_")]
    scored = [cell for cell in graded if cell not in by_hand]
    words = {
        "lab": lab,
        "role": role,
        "title": name.replace("_", " ").capitalize(),
        "coding": _read("coding.py.in") if coding else "",
        "validator": _read("validator.toml.in") if coding else "",
        "assistant": _assistant(scored="prompt" in graded),
        "costs": _COSTS if "decision" in graded else "",
        "oversight": _oversight(by_hand),
        "graded": "\n".join(f'\n# %% task="{cell}"\n# {cell.replace("_", " ")}' for cell in scored),
    }
    files = {file: string.Template(_read(f"{file}.in")).substitute(words) for file in ("lab.toml", "lab.py")}
    written = sorted((_TEMPLATE / FOLDER).glob("*/*.md"))
    return files | {str(path.relative_to(_TEMPLATE)): path.read_text("utf-8") for path in written}


_COSTS = """#
# Your actions after checking count too. *Author: say in one sentence what they cost in your role, as
# grader/scoring.yaml has it: a needless check, a flaw put right, a wrong statement that goes out.*
"""


def _assistant(*, scored: bool) -> str:
    counts = """#
# Your prompt counts, not the answer: a quarter for each of these, nothing with something private in it. Write it as one
# plain text in quotes, in English.
"""
    words = {"counts": counts if scored else "", "task": ' task="prompt_answer"' if scored else ""}
    return string.Template(_read("assistant.py.in")).substitute(words)


def _oversight(cells: list[str]) -> str:
    if not cells:
        return ""
    lines = ["", "# %% [markdown]", "# ## 6. Who checks, and how", "#"]
    lines += ["# Your instructor reads these. A few sentences each."]
    for cell in cells:
        asked = cell.removeprefix("oversight_").replace("_", " ")
        lines += ["", f'# %% [markdown] task="{cell}"', f"# **{asked.capitalize()}** *(author: ask it as a question)*"]
    return "\n".join([*lines, ""])


def _read(name: str) -> str:
    return (_TEMPLATE / name).read_text("utf-8")


def _next(lab: str, *, new_role: bool) -> tuple[str, ...]:
    costs = "edit grader/scoring.yaml: points and costs of the new role, with somebody who does the work"
    return (
        *([costs] if new_role else []),
        f"mondaylab labs build {lab} --quarter QUARTER      it builds as it is",
        f"mondaylab labs preview {lab} --quarter QUARTER    what a learner sees, and the key",
        f"edit labs/{lab}/lab.toml: your own measures, drafts and claims; build after every change",
        f"edit labs/{lab}/drafts: what the drafts say, several versions each",
        f"edit labs/{lab}/lab.py: the brief, in your own words; its table of meanings must fit the measures",
        f"mondaylab labs check {lab} --quarter QUARTER      nbval and the gates; it has to pass",
        f"mondaylab labs release {lab} --quarter QUARTER    what new cohorts get",
    )
