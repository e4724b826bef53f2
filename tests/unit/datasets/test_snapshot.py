from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from mondaylab.datasets.latest import latest, point_latest
from mondaylab.datasets.sanitize import parquet_bytes
from mondaylab.datasets.snapshot import Entry, Manifest, Snapshot, hash_of
from mondaylab.errors import NotFound, Refused
from mondaylab.files import write_file
from mondaylab.settings import Site

FRAMES = {
    "orders": pd.DataFrame({"id": ["a", "b"], "day": pd.to_datetime(["2026-10-01", None]), "net": [1.5, 2.0]}),
    "things": pd.DataFrame({"id": ["a"], "n": [1]}),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {}
    for name, frame in FRAMES.items():
        data = parquet_bytes(frame)
        write_file(tmp_path / "snap" / "tables" / f"{name}.parquet", data)
        files[f"tables/{name}.parquet"] = Entry(sha256=hash_of(data), rows=len(frame), columns=tuple(frame.columns))
    write_file(tmp_path / "snap" / "texts" / "handbook.md", "## 1.1 A\n")
    files["texts/handbook.md"] = Entry(sha256=hash_of(b"## 1.1 A\n"), rows=1)
    manifest = Manifest.of("tiny", "2026Q4", "0" * 64, files)
    write_file(tmp_path / "snap" / "manifest.json", manifest.model_dump_json())
    return tmp_path / "snap"


def test_what_was_written_is_read(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    snapshot.verify()
    assert snapshot.names() == ["orders", "things"]
    assert (snapshot.company, snapshot.quarter) == ("tiny", "2026Q4")
    assert snapshot.id.startswith("tiny-2026Q4-")
    for name, frame in snapshot.tables().items():
        pd.testing.assert_frame_equal(frame, FRAMES[name], check_dtype=False)
    assert list(snapshot.tables(["things"])) == ["things"]
    assert snapshot.text("handbook") == snapshot.text("handbook.md") == "## 1.1 A\n"


def test_a_part_of_a_snapshot_can_be_read(folder: Path) -> None:
    (folder / "tables" / "things.parquet").unlink()
    snapshot = Snapshot.open(folder)
    assert snapshot.names() == ["orders"]
    assert list(snapshot.tables()) == ["orders"]
    snapshot.verify(whole=False)
    with pytest.raises(Refused, match="is missing"):
        snapshot.table("things")
    with pytest.raises(Refused, match="missing"):
        snapshot.verify()


def test_unlisted_names_refuse(folder: Path) -> None:
    write_file(folder / "tables" / "extra.parquet", parquet_bytes(FRAMES["things"]))
    snapshot = Snapshot.open(folder)
    for name in ("extra", "nothing"):
        with pytest.raises(Refused, match="not in the snapshot"):
            snapshot.table(name)
    with pytest.raises(Refused, match="plain name"):
        snapshot.table("../manifest")
    with pytest.raises(Refused, match="not in the snapshot"):
        snapshot.text("other")
    with pytest.raises(Refused, match="does not belong"):
        snapshot.verify()


def test_the_time_is_not_part_of_the_id() -> None:
    files = {"tables/a.parquet": Entry(sha256="1" * 64, rows=1, columns=("x",))}
    one = Manifest.of("tiny", "2026Q4", "0" * 64, files)
    assert one.model_copy(update={"created": "then"}).id == Manifest.of("tiny", "2026Q4", "0" * 64, files).id
    for other in (
        Manifest.of("tiny", "2026Q3", "0" * 64, files),
        Manifest.of("tiny", "2026Q4", "1" * 64, files),
        Manifest.of("tiny", "2026Q4", "0" * 64, {"tables/b.parquet": files["tables/a.parquet"]}),
        Manifest.of("tiny", "2026Q4", "0" * 64, {"tables/a.parquet": Entry(sha256="1" * 64, rows=2, columns=("x",))}),
    ):
        assert other.id != one.id


def test_latest_is_what_was_pointed_at(folder: Path, tmp_path: Path) -> None:
    site = Site(tmp_path, tmp_path / "var")
    with pytest.raises(NotFound, match="no snapshot of tiny"):
        latest(site, "tiny", "2026Q4")
    snapshot = Snapshot.open(folder)
    point_latest(site, snapshot.company, snapshot.quarter, snapshot.id)
    assert latest(site, "tiny", "2026Q4") == site.snapshots / "tiny" / snapshot.id
    with pytest.raises(Refused):
        latest(site, "tiny", "../x")


def test_a_learners_kernel_imports_the_loader_alone() -> None:
    code = (
        "import sys, mondaylab.datasets.snapshot\n"
        "heavy = {'ahocorasick_rs', 'mondaylab.datasets.sanitize', 'mondaylab.datasets.demo_company', 'click',"
        " 'jupyterhub', 'nbgrader', 'papermill', 'sqlalchemy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
