"""A snapshot that was touched after sanitizing is refused, whoever touched it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from mondaylab.datasets.sanitize import parquet_bytes, sanitize
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.errors import Refused
from mondaylab.settings import Site


@pytest.fixture
def folder(sanitized: Snapshot, tmp_path: Path) -> Path:
    shutil.copytree(sanitized.folder, tmp_path / "copy")
    return tmp_path / "copy"


def raise_net(folder: Path) -> None:
    path = folder / "tables" / "order_lines.parquet"
    frame = pd.read_parquet(path)
    frame.loc[0, "net_amount"] += 0.01
    path.write_bytes(parquet_bytes(frame))


def flip_a_bit(folder: Path) -> None:
    path = folder / "tables" / "order_lines.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(folder: Path) -> None:
    path = folder / "tables" / "order_lines.parquet"
    path.write_bytes(path.read_bytes()[:-8])


def swap(folder: Path) -> None:
    shutil.copy(folder / "tables" / "orders.parquet", folder / "tables" / "order_lines.parquet")


def remove(folder: Path) -> None:
    (folder / "tables" / "order_lines.parquet").unlink()


@pytest.mark.parametrize("change", [raise_net, flip_a_bit, truncate, swap, remove])
def test_a_touched_table(folder: Path, change: Callable[[Path], None]) -> None:
    change(folder)
    snapshot = Snapshot.open(folder)
    with pytest.raises(Refused, match=r"altered after sanitizing|is missing"):
        snapshot.table("order_lines")
    with pytest.raises(Refused):
        snapshot.verify()
    assert len(snapshot.table("orders")) > 0  # what was not touched can still be read


def test_a_touched_text(folder: Path) -> None:
    (folder / "texts" / "handbook.md").write_text("## 2.1 Discounts\n\nAnything goes.\n", "utf-8")
    with pytest.raises(Refused, match="altered"):
        Snapshot.open(folder).text("handbook")


def test_an_added_file(folder: Path) -> None:
    (folder / "texts" / "more.md").write_text("x")
    with pytest.raises(Refused, match="does not belong"):
        Snapshot.open(folder).verify()


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["files"]["tables/order_lines.parquet"].update(sha256="0" * 64),
        lambda m: m["files"]["tables/order_lines.parquet"].update(rows=1),
        lambda m: m["files"].pop("tables/tickets.parquet"),
        lambda m: m.update(quarter="2026Q3"),
        lambda m: m.update(company="other"),
        lambda m: m.update(policy="0" * 64),
        lambda m: m.update(id="demo-2026Q4-000000000000"),
        lambda m: m.update(format=2),
        lambda m: m.update(note="all is well"),
        lambda m: m.pop("policy"),
    ],
)
def test_a_touched_manifest(folder: Path, change: Callable[[dict], object]) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(Refused):
        Snapshot.open(folder)


def test_a_manifest_that_leads_out_of_the_folder(folder: Path) -> None:
    with pytest.raises(Refused, match="plain name"):
        Snapshot.open(folder).table("../../secret")
    with pytest.raises(Refused, match="plain name"):
        Snapshot.open(folder).text("../manifest.json")


@pytest.mark.deep
def test_sanitizing_again_does_not_bless_an_altered_snapshot(site: Site) -> None:
    made = sanitize(site, "demo", "2026Q4")
    raise_net(made.folder)
    with pytest.raises(Refused, match="altered"):
        sanitize(site, "demo", "2026Q4")
    shutil.rmtree(made.folder)
    assert sanitize(site, "demo", "2026Q4").id == made.id
