"""The quarterly build of one lab: its data folder, and its notebook executed by papermill."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from mondaylab.errors import NotFound, Refused
from mondaylab.files import staged_folder, write_file
from mondaylab.labs.material import Material
from mondaylab.labs.source import checked_parameters, read_notebook
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name

DATA_VARIABLE = "MONDAYLAB_DATA"


class BuildReport(Record):
    """``report.json`` of a build."""

    lab: str
    quarter: str
    company: str
    snapshot: str
    cells: int
    """Code cells that papermill executed."""
    tables: tuple[str, ...]


def build_folder(site: Site, lab: str, quarter: str) -> Path:
    """``builds/<role>/<lab>/<quarter>``."""
    role, _, name = lab.partition("/")
    return site.builds / plain_name(role) / plain_name(name) / plain_name(quarter)


def built(site: Site, lab: str, quarter: str) -> Path:
    """The folder of a finished build.

    Raises:
        NotFound: The lab was not built for that quarter.
    """
    folder = build_folder(site, lab, quarter)
    if not (folder / "report.json").is_file():
        raise NotFound(
            f"{lab} is not built for {quarter}", where=folder, fix=f"mondaylab labs build {lab} --quarter {quarter}"
        )
    return folder


def build_lab(site: Site, material: Material, parameters: Mapping[str, object] | None = None) -> BuildReport:
    """Builds a lab for its material's quarter; the last good build stays in place if this one fails.

    Args:
        site: Where builds go.
        material: The lab on its snapshot.
        parameters: Values for declared papermill parameters besides ``quarter``.

    Raises:
        Refused: A parameter is wrong, or a cell raised; the error names the cell and shows its last line.
    """
    quarter = str(material.quarter)
    values = checked_parameters(material.declaration, {"quarter": quarter, **(parameters or {})}, lab=material.name)
    notebook = read_notebook(site, material.name)
    with staged_folder(build_folder(site, material.name, quarter)) as stage:
        write_data(site, material, stage / "data")
        executed = _execute(notebook, values, material, stage)
        nbformat.write(executed, stage / "lab.ipynb")
        report = BuildReport(
            lab=material.name,
            quarter=quarter,
            company=material.bindings.company,
            snapshot=material.snapshot.id,
            cells=sum(cell.cell_type == "code" for cell in executed.cells),
            tables=tuple(sorted(material.tables)),
        )
        write_file(stage / "report.json", report.canonical())
    return report


def write_data(site: Site, material: Material, folder: Path) -> None:
    """What a learner's jail may see of the snapshot: the lab's own tables, the handbook, the bindings, the manifest."""
    source = material.snapshot.folder
    for name in ("tables", "texts"):
        (folder / name).mkdir(parents=True)
    shutil.copyfile(source / "manifest.json", folder / "manifest.json")
    for table in material.tables:
        shutil.copyfile(source / "tables" / f"{table}.parquet", folder / "tables" / f"{table}.parquet")
    for text in material.declaration.attachments:
        shutil.copyfile(source / "texts" / f"{text}.md", folder / "texts" / f"{text}.md")
    shutil.copyfile(site.company(material.bindings.company) / "bindings.yaml", folder / "bindings.yaml")


def check_executed(site: Site, lab: str, quarter: str) -> None:
    """Runs nbval over the executed notebook: every cell must give the same output again.

    Raises:
        Refused: One does not; the error carries nbval's own words.
    """
    folder = built(site, lab, quarter)
    with data_folder({lab: folder / "data"}, quarter) as data:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-cell-timeout=120"]
            + ["-c", os.devnull, "--rootdir", str(folder), "-p", "no:cacheprovider", "-p", "no:xdist"]
            + [str(folder / "lab.ipynb")],
            env={**_environment(), DATA_VARIABLE: str(data)},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode != 0:
        raise Refused(f"nbval: {_tail(run.stdout or run.stderr)}", where=folder / "lab.ipynb")


@contextmanager
def data_folder(labs: Mapping[str, Path], quarter: str) -> Iterator[Path]:
    """A temporary folder laid out as `MONDAYLAB_DATA` is in a jail: ``<role>/<lab>/<quarter>``."""
    with tempfile.TemporaryDirectory(prefix="mondaylab-data-") as place:
        for lab, folder in labs.items():
            parent = Path(place, *lab.split("/"))
            parent.mkdir(parents=True)
            (parent / quarter).symlink_to(folder.resolve())
        yield Path(place)


def _execute(
    notebook: nbformat.NotebookNode, values: dict[str, object], material: Material, stage: Path
) -> nbformat.NotebookNode:
    quarter = str(material.quarter)
    before = dict(os.environ)
    with data_folder({material.name: stage / "data"}, quarter) as data:
        # papermill's kernel inherits this process's environment; it gets the data and no trace of a hub or a model
        os.environ.clear()
        os.environ.update({**_environment(), DATA_VARIABLE: str(data)})
        try:
            return papermill.execute_notebook(
                notebook, None, parameters=values, kernel_name="python3", cwd=str(stage), progress_bar=False
            )
        except PapermillExecutionError as error:
            raise Refused(
                f"cell {error.cell_index} raised {error.ename}: {error.evalue}", where=f"{material.name} {quarter}"
            ) from None
        finally:
            os.environ.clear()
            os.environ.update(before)


def _environment() -> dict[str, str]:
    """This process's environment without what would tie a build to a hub or a model."""
    hidden = ("JUPYTERHUB_", "OPENAI_", "MONDAYLAB_JUDGEMENT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}


def _tail(text: str, lines: int = 12) -> str:
    return "\n".join(text.strip().splitlines()[-lines:])
