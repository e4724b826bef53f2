"""The quarterly build of one lab: its data folder, and its notebook executed by papermill."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
import papermill
import yaml
from papermill.exceptions import PapermillExecutionError

from mondaylab.errors import Refused
from mondaylab.files import staged_folder, write_file
from mondaylab.forms.cells import declared_cells
from mondaylab.forms.formats import draft_formats
from mondaylab.labs.building.builds import REPORT, BuildReport, build_folder, built
from mondaylab.labs.building.contents import Contents
from mondaylab.labs.building.environment import kernel_environment
from mondaylab.labs.building.frozen import freeze
from mondaylab.labs.building.inputs import Inputs, inputs_of
from mondaylab.labs.building.kernels import private_kernel
from mondaylab.labs.building.proofread import proofread
from mondaylab.labs.building.stale_answers import stale_answers
from mondaylab.labs.claims.registry import flaw_operators
from mondaylab.labs.material import Material
from mondaylab.labs.sources.cells import SourceCell, check_source
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.labs.sources.notebook import checked_parameters, collapse_calls, read_notebook
from mondaylab.settings import Site

__all__ = ["DATA_VARIABLE", "BuildReport", "build_folder", "build_lab", "built", "check_executed", "data_folder"]

DATA_VARIABLE = "MONDAYLAB_DATA"
_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
"""For a lab.py whose header names none; papermill and nbgrader both ask for it."""
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r"Cell In\[\d+\], line (\d+)")


def build_lab(
    site: Site,
    material: Material,
    parameters: Mapping[str, object] | None = None,
    *,
    out: Path | None = None,
    inputs: Inputs | None = None,
    warm: Path | None = None,
) -> BuildReport:
    """Builds a lab for its material's quarter; the last good build stays in place if this one fails.

    Args:
        site: Where sources are, and builds go.
        material: The lab on its snapshot.
        parameters: Values for declared papermill parameters besides ``quarter``.
        out: Where builds go instead of ``var/builds``.
        inputs: Hashes of what it is made from, if they were taken already; taken before anything is read otherwise.
        warm: The socket `Warm.kernels`, to start the kernel from.

    Raises:
        Refused: A parameter or the source is wrong, or a cell raised; the error names cell and line.
    """
    quarter, lab = str(material.quarter), material.name
    company = material.bindings.company
    if inputs is None:
        given = dict(parameters or {})
        inputs = inputs_of(
            site,
            lab,
            company=company,
            quarter=quarter,
            snapshot=material.snapshot.id,
            parameters=given,
            items=material.items.hash,
        )
    values = checked_parameters(material.declaration, {"quarter": quarter, **(parameters or {})}, lab=lab)
    cells = check_source(site, lab, material.declaration.parameters, material.declaration.minutes)
    proofread(site, material)
    notebook = read_notebook(site, lab)
    collapse_calls(notebook)
    notebook.metadata.setdefault("kernelspec", dict(_KERNEL))
    with staged_folder(build_folder(site, lab, quarter, out, company=company)) as stage:
        write_data(material, stage / "data")
        executed = _execute(notebook, values, material, stage, _Source(site.lab(lab) / "lab.py", cells), warm)
        nbformat.write(executed, stage / "lab.ipynb")
        write_file(stage / Contents.FILE, Contents.of(material).canonical())
        freeze(site, material, stage, inputs)
        report = BuildReport(
            lab=lab,
            quarter=quarter,
            company=company,
            snapshot=material.snapshot.id,
            cells=sum(cell.cell_type == "code" for cell in executed.cells),
            tables=tuple(sorted(material.tables)),
            inputs=inputs,
            made_from=inputs.hash,
            items=material.items,
            stale=tuple(stale_answers(material)),
        )
        write_file(stage / REPORT, report.canonical())
    return report


def make_ready() -> None:
    """Does what a process otherwise does for its first build: asks packages what they add, and compiles schemas."""
    first: tuple[Callable[[], object], ...] = (
        LabDeclaration.model_rebuild,
        flaw_operators,
        declared_cells,
        draft_formats,
        partial(nbformat.v4.new_markdown_cell, ""),
    )
    for step in first:
        with suppress(Exception, SystemExit):  # whatever a package raises, the build that asks again says so
            step()


def write_data(material: Material, folder: Path) -> None:
    """What a learner's jail may see of the snapshot: the lab's own tables, the handbook, the bindings, the manifest."""
    source = material.snapshot.folder
    for name in ("tables", "texts"):
        (folder / name).mkdir(parents=True)
    write_file(folder / "manifest.json", material.snapshot.manifest.for_learners())
    for table in material.tables:
        shutil.copyfile(source / "tables" / f"{table}.parquet", folder / "tables" / f"{table}.parquet")
    for text in material.declaration.attachments:
        shutil.copyfile(source / "texts" / f"{text}.md", folder / "texts" / f"{text}.md")
    # only what the lab uses: of another concept its learners have no table to ask
    mine = material.bindings.only(material.declaration.entities)
    write_file(
        folder / "bindings.yaml", yaml.safe_dump(mine.model_dump(mode="json", exclude={"sample_data"}), sort_keys=False)
    )


def check_executed(site: Site, lab: str, quarter: str, *, company: str) -> None:
    """Runs nbval over the executed notebook of a build, as `check_folder` does.

    Raises:
        NotFound: The lab is not built.
        Refused: A cell gives another output.
    """
    check_folder(built(site, lab, quarter, company=company), lab, quarter)


def check_folder(folder: Path, lab: str, quarter: str) -> None:
    """Runs nbval over a build folder's executed notebook: every cell must give the same output again.

    Raises:
        Refused: One does not; the error carries nbval's own words.
    """
    with data_folder({lab: folder / "data"}, quarter) as data:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-cell-timeout=120"]
            + ["-c", os.devnull, "--rootdir", str(folder), "-p", "no:cacheprovider", "-p", "no:xdist"]
            + [str(folder / "lab.ipynb")],
            env={**kernel_environment(), DATA_VARIABLE: str(data)},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode != 0:
        raise Refused(f"nbval: {_failures(run.stdout or run.stderr)}", where=folder / "lab.ipynb")


@contextmanager
def data_folder(labs: Mapping[str, Path], quarter: str) -> Iterator[Path]:
    """A temporary folder laid out as `MONDAYLAB_DATA` is in a jail: ``<role>/<lab>/<quarter>``."""
    with tempfile.TemporaryDirectory(prefix="mondaylab-data-") as place:
        for lab, folder in labs.items():
            parent = Path(place, *lab.split("/"))
            parent.mkdir(parents=True)
            (parent / quarter).symlink_to(folder.resolve())
        yield Path(place)


@dataclass(frozen=True)
class _Source:
    """Where the notebook's cells stand in ``lab.py``."""

    path: Path
    cells: list[SourceCell]

    def refusal(self, error: PapermillExecutionError) -> Refused:
        """The error of a cell, with its line in ``lab.py`` rather than in the notebook."""
        # papermill puts its cell of values right behind the one that is tagged
        values = 1 + next(index for index, cell in enumerate(self.cells) if "parameters" in cell.tags)
        index = error.cell_index - (error.cell_index > values)
        said = f"{error.ename}: {_ANSI.sub('', str(error.evalue))}"
        if error.cell_index == values:
            return Refused(f"the cell of given parameters raised {said}", where=self.path)
        cell = self.cells[index]
        frame = _FRAME.search(_ANSI.sub("", "\n".join(error.traceback)))
        line = cell.code_line + int(frame[1]) - 1 if frame else cell.line
        return Refused(f"cell {cell.number} raised {said}", where=f"{self.path}:{line}")


def _execute(
    notebook: nbformat.NotebookNode,
    values: dict[str, object],
    material: Material,
    stage: Path,
    source: _Source,
    warm: Path | None,
) -> nbformat.NotebookNode:
    quarter = str(material.quarter)
    with (
        data_folder({material.name: stage / "data"}, quarter) as data,
        private_kernel({**kernel_environment(), DATA_VARIABLE: str(data)}, warm) as kernel,
    ):
        try:
            return papermill.execute_notebook(
                notebook,
                None,
                parameters=values,
                kernel_name="python3",
                kernel_manager_class=kernel,
                # papermill's own `cwd` would change this process's folder
                resources={"metadata": {"path": str(stage)}},
                progress_bar=False,
            )
        except PapermillExecutionError as error:
            raise source.refusal(error) from None


def _failures(report: str, lines: int = 40) -> str:
    """The part of pytest's report that says what failed, or its end if there is none."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", report).strip()
    head, found, failures = plain.partition("= FAILURES =")
    words = failures.splitlines()[1 : lines + 1] if found else head.splitlines()[-lines:]
    return "\n".join(words)
