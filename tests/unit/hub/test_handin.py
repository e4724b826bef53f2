"""Copying a learner's folder: whatever lies in it, nothing outside is read and nothing is half there."""

from __future__ import annotations

import os
import socket
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.bounds import Bounds
from mondaylab.errors import NotFound, Refused
from mondaylab.hub.handin import changed_at, copy_folder, submission_time

names = st.text(string.ascii_letters + string.digits + "_ .", min_size=1, max_size=12).filter(
    lambda name: name.strip(".") and name == name.strip()
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "data").mkdir(parents=True)
    (folder / "lab.ipynb").write_text("{}")
    (folder / "data" / "notes.txt").write_text("mine")
    return folder


def test_plain_files_arrive(source: Path, tmp_path: Path) -> None:
    copied = copy_folder(source, tmp_path / "copy", bounds=Bounds())
    assert copied.files == ("data/notes.txt", "lab.ipynb")
    assert (tmp_path / "copy" / "data" / "notes.txt").read_text() == "mine"


@given(tree=st.dictionaries(names, st.binary(max_size=50), max_size=6))
def test_copy_is_what_was_there(tree: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.mktemp("tree")
    (base / "source").mkdir()
    for name, content in tree.items():
        (base / "source" / name).write_bytes(content)
    copied = copy_folder(base / "source", base / "copy", bounds=Bounds())
    assert {path.name: path.read_bytes() for path in (base / "copy").iterdir()} == tree
    assert not copied.left_out


def test_nothing_is_followed_or_waited_for(source: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    (source / "link.txt").symlink_to(secret)
    (source / "folder").symlink_to(tmp_path)
    os.mkfifo(source / "pipe")
    (source / "gone").symlink_to("nowhere")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(source / "socket"))
        copied = copy_folder(source, tmp_path / "copy", bounds=Bounds())
    assert copied.files == ("data/notes.txt", "lab.ipynb")
    assert copied.left_out == ("folder", "gone", "link.txt", "pipe", "socket")
    assert not any(path.is_symlink() for path in (tmp_path / "copy").rglob("*"))


def test_a_link_in_place_of_the_folder_is_no_folder(source: Path, tmp_path: Path) -> None:
    (tmp_path / "submission").symlink_to(source)
    with pytest.raises(NotFound):
        copy_folder(tmp_path / "submission", tmp_path / "copy", bounds=Bounds())


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (Bounds(file_mb=0), "larger than 0 MB"),
        (Bounds(total_mb=0), "more than 0 MB"),
        (Bounds(files=1), "more than 1 files"),
        (Bounds(depth=0), "deeper than 0"),
    ],
)
def test_too_much_is_refused_and_leaves_nothing(source: Path, tmp_path: Path, bounds: Bounds, said: str) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "before.txt").write_text("before")
    with pytest.raises(Refused, match=said):
        copy_folder(source, tmp_path / "copy", bounds=bounds)
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["before.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "source"]


def test_a_sparse_giant_is_refused_by_what_is_read(source: Path, tmp_path: Path) -> None:
    with (source / "giant").open("wb") as giant:
        giant.truncate(1 << 40)
    with pytest.raises(Refused, match="larger than 2 MB"):
        copy_folder(source, tmp_path / "copy", bounds=Bounds(file_mb=2))


@pytest.mark.parametrize("name", ["new\nline", "tab\t", "-rf", "x" * 151, "bad\udcff"])
def test_names_that_would_harm_elsewhere_are_left_out(source: Path, tmp_path: Path, name: str) -> None:
    (source / name).write_text("x")
    copied = copy_folder(source, tmp_path / "copy", bounds=Bounds())
    assert copied.files == ("data/notes.txt", "lab.ipynb")
    assert len(copied.left_out) == 1
    assert copied.left_out[0].isascii()


def test_what_is_ignored_is_not_mentioned(source: Path, tmp_path: Path) -> None:
    (source / "__pycache__").mkdir()
    copied = copy_folder(source, tmp_path / "copy", bounds=Bounds(), ignore=["__pycache__", "*.txt"])
    assert copied.files == ("lab.ipynb",)
    assert copied.left_out == ()


def test_time_of_a_hand_in_cannot_be_set_back(source: Path) -> None:
    now = changed_at(source)
    assert submission_time(source, now - 30) == now - 30
    assert submission_time(source, now - 86400) == now
    os.utime(source, (now - 86400, now - 86400))
    assert submission_time(source, now - 86400) >= now
