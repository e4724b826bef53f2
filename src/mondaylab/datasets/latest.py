"""Which snapshot of a quarter is the latest: a pointer beside the snapshots. Opens none, so it needs no pandas."""

from __future__ import annotations

from pathlib import Path

from mondaylab.errors import NotFound
from mondaylab.files import write_file
from mondaylab.settings import Site, plain_name


def latest(site: Site, company: str, quarter: str) -> Path:
    """The folder of the snapshot that was sanitized last for a quarter.

    Raises:
        NotFound: There is none.
    """
    folder = site.snapshots / plain_name(company)
    pointer = folder / f"{plain_name(quarter)}.latest"
    if not pointer.is_file():
        raise NotFound(
            f"no snapshot of {company} for {quarter}",
            where=folder,
            fix=f"mondaylab data sanitize --company {company} --quarter {quarter}",
        )
    return folder / plain_name(pointer.read_text("utf-8").strip())


def point_latest(site: Site, company: str, quarter: str, snapshot: str) -> None:
    """Makes a snapshot, named by its id, the latest of its quarter."""
    write_file(site.snapshots / company / f"{quarter}.latest", f"{snapshot}\n")
