"""Builds on disk: where they lie, what each says about itself. Reading one loads no data and no notebook tools."""

from __future__ import annotations

from pathlib import Path

from mondaylab.errors import NotFound, Refused
from mondaylab.forms.items import ItemPlan
from mondaylab.labs.building.inputs import Inputs
from mondaylab.labs.building.places import EMBEDDED, REPORT, build_folder, declared_labs
from mondaylab.records import Record
from mondaylab.settings import Site

__all__ = [
    "EMBEDDED",
    "REPORT",
    "BuildReport",
    "build_command",
    "build_folder",
    "built",
    "built_companies",
    "built_quarters",
    "declared_labs",
    "record_command",
    "report_of",
    "whose",
]


class BuildReport(Record):
    """``report.json`` of a build."""

    lab: str
    quarter: str
    company: str
    snapshot: str
    cells: int
    """Code cells that papermill executed."""
    tables: tuple[str, ...]
    inputs: Inputs
    """What it was made from."""
    made_from: str
    """The inputs' hash: a build with the same one need not be made again."""
    items: ItemPlan = ItemPlan()
    """What grading found out about its items: forms are drawn accordingly."""
    stale: tuple[str, ...] = ()
    """In words, how many adopted answers are of other data; nothing if all are of these."""

    @classmethod
    def of(cls, folder: Path) -> BuildReport:
        """Reads a build folder's report.

        Raises:
            NotFound: There is none.
            Refused: It is damaged, or from a version before builds said what they were made from.
        """
        return cls.read_json(folder / REPORT)


def build_command(lab: str, quarter: str, company: str | None = None) -> str:
    """The command that builds a lab, for those who have to."""
    return f"mondaylab labs build {lab} --quarter {quarter}{whose(company)}"


def record_command(lab: str, quarter: str, company: str | None = None) -> str:
    """The command that asks a lab's assistant anew."""
    return f"mondaylab labs record {lab} --quarter {quarter}{whose(company)}"


def whose(company: str | None) -> str:
    """The end of a command that names a company, where one has to be named."""
    return "" if company in (None, EMBEDDED) else f" --company {company}"


def built(site: Site, lab: str, quarter: str, *, company: str) -> Path:
    """The folder of a finished build.

    Raises:
        NotFound: The lab was not built for that quarter on the company's data.
    """
    folder = build_folder(site, lab, quarter, company=company)
    if not (folder / REPORT).is_file():
        what = f"{lab} is not built for {quarter} on data of {company}"
        raise NotFound(what, where=folder, fix=build_command(lab, quarter, company))
    return folder


def report_of(folder: Path) -> BuildReport | None:
    """The report of a whole build, or none if there is no build, or one that says too little to be relied on."""
    parts = (folder / REPORT, folder / "lab.ipynb", folder / "data" / "manifest.json")
    if not all(part.is_file() for part in parts):
        return None
    try:
        return BuildReport.of(folder)
    except Refused:  # damaged or of an older version: it is made again
        return None


def built_quarters(site: Site, lab: str, *, company: str) -> list[str]:
    """The quarters that a lab is built for on a company's data, sorted."""
    return sorted(path.parent.name for path in build_folder(site, lab, "x", company=company).parent.glob(f"*/{REPORT}"))


def built_companies(site: Site, lab: str) -> list[str]:
    """The companies on whose data a lab is built for some quarter, sorted."""
    found = (path.name for path in site.builds.glob("*") if path.is_dir())
    return sorted(company for company in found if built_quarters(site, lab, company=company))
