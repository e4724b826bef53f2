"""Plain files: what is one, what is refused, and what editors leave about."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from mondaylab.errors import Refused
from mondaylab.files import file_hash
from mondaylab.labs.building.places import declared_labs
from mondaylab.plain import _copy_file, check_plain, copy_plain
from mondaylab.settings import Site


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    folder = tmp_path / "labs/finance/memo"
    (folder / "drafts/note").mkdir(parents=True)
    (folder / "lab.toml").write_text("")
    (folder / "drafts/note/a.md").write_text("")
    return folder


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


PLANTED = {
    "a symbolic link": lambda path: path.symlink_to("/etc/hosts"),
    "a symbolic link to a folder": lambda path: path.symlink_to("/etc"),
    "a symbolic link that leads nowhere": lambda path: path.symlink_to("/nowhere"),
    "a hard link": lambda path: path.hardlink_to(path.parents[1 if path.parent.name == "memo" else 3] / "beside"),
    "a pipe": os.mkfifo,
    "a socket": _socket,
}


@pytest.mark.parametrize("place", ["x", "drafts/note/x.md"])
@pytest.mark.parametrize("kind", PLANTED)
def test_whatever_is_no_plain_file_is_refused_with_its_place(lab, kind, place) -> None:
    (lab.parent / "beside").touch()
    check_plain(lab)
    PLANTED[kind](lab / place)
    with pytest.raises(Refused, match=f"no plain file: {' '.join(kind.split()[:2])}") as caught:
        check_plain(lab)
    assert caught.value.where == str(lab / place)
    with pytest.raises(Refused):
        Site(lab.parents[2], lab / "var").lab("finance/memo")


def test_a_lab_that_is_a_link_itself_is_refused_and_one_that_is_not_there_is_not(lab) -> None:
    site = Site(lab.parents[2], lab / "var")
    (lab.parent / "other").symlink_to(lab)
    with pytest.raises(Refused, match="a symbolic link"):
        site.lab("finance/other")
    assert site.lab("finance/none") == lab.parent / "none"


def test_frozen_copies_are_taken_as_they_are(lab) -> None:
    (lab / "x").symlink_to("/etc/hosts")
    Site(lab.parents[2], lab / "var").at(lab.parents[2]).lab("finance/memo")


@pytest.mark.parametrize("name", [".#lab.toml", ".ipynb_checkpoints", "drafts/note/.#a.md", "__pycache__"])
def test_what_editors_leave_about_is_passed_over(lab, name) -> None:
    (lab / name).symlink_to("paula@lab.7:1")
    check_plain(lab)


@pytest.mark.parametrize("name", [".ipynb_checkpoints", "Untitled Folder"])
def test_what_no_command_could_name_is_no_lab(lab, name) -> None:
    (lab.parent / name).mkdir()
    (lab.parent / name / "lab.toml").touch()
    assert declared_labs(Site(lab.parents[2], lab / "var")) == ["finance/memo"]


@pytest.mark.parametrize(
    "name", [".git", ".GitAttributes", ".gitignore", ".jupytext.toml", "jupytext.toml", "Jupytext.py"]
)
@pytest.mark.parametrize("place", ["labs/finance", "labs/finance/memo", "labs/finance/memo/drafts"])
def test_what_git_or_jupytext_obeys_is_refused(tmp_path, lab, place, name) -> None:
    (tmp_path / place / name).touch()
    with pytest.raises(Refused, match="git or jupytext would obey") as caught:
        Site(tmp_path, tmp_path / "var").lab("finance/memo")
    assert caught.value.where == str(tmp_path / place)


@pytest.mark.parametrize("name", [b"a\nb", b"a\x1b[2J", b"\xff", "a\u202eb".encode()])
def test_a_name_that_nobody_reads_as_it_stands_is_refused(lab, name) -> None:
    Path(os.fsdecode(os.fsencode(lab / "drafts") + b"/" + name)).touch()
    with pytest.raises(Refused, match="no plain name") as caught:
        check_plain(lab)
    assert str(caught.value).isprintable()


def test_names_cannot_make_two_labs_have_one_hash(lab) -> None:
    """A hash is over lines of names and hashes: a name with a line's end would stand for two files."""
    first = lab / "a.py"
    first.write_text("x")
    line = f"{first.relative_to(lab.parent)} {file_hash(first)}\n{lab.name}/b.py"
    (lab.parent / line).parent.mkdir(parents=True)
    (lab.parent / line).touch()
    first.unlink()
    with pytest.raises(Refused, match="no plain name"):
        check_plain(lab)


def test_folders_too_deep_to_be_looked_at_are_refused(lab) -> None:
    here = Path.cwd()
    os.chdir(lab)
    try:
        for _ in range(20):
            Path("d" * 250).mkdir()
            os.chdir("d" * 250)
    finally:
        os.chdir(here)
    with pytest.raises(Refused, match="cannot be looked at"):
        check_plain(lab)
    with pytest.raises(Refused, match="20 folders"):
        check_plain(_deep(lab.parent / "other"))


def _deep(folder: Path) -> Path:
    folder.joinpath(*"d" * 21).mkdir(parents=True)
    return folder


def test_a_copy_has_what_is_plain_and_no_link_that_came_meanwhile(lab, monkeypatch) -> None:
    (lab / ".ipynb_checkpoints").mkdir()
    copy_plain(lab, lab.parent / "copy")
    assert sorted(path.name for path in (lab.parent / "copy").iterdir()) == ["drafts", "lab.toml"]
    (lab / "x").symlink_to("/etc/hosts")
    monkeypatch.setattr("mondaylab.plain.check_plain", lambda folder: folder == lab or check_plain(folder))
    with pytest.raises(Refused, match="a symbolic link"):
        copy_plain(lab, lab.parent / "again")


def test_a_file_that_cannot_be_read_is_refused(lab) -> None:
    with pytest.raises(Refused, match="cannot be copied"):
        copy_plain(lab, lab.parent)  # it is there already: as any other error of the system


@pytest.mark.parametrize("kind", ["a symbolic link", "a pipe", "a socket"])
def test_what_takes_a_files_place_while_it_is_copied_is_neither_followed_nor_waited_for(lab, kind) -> None:
    (lab / "secret").write_text("canary")
    PLANTED[kind](lab / "lab.md") if kind != "a symbolic link" else (lab / "lab.md").symlink_to(lab / "secret")
    try:
        _copy_file(str(lab / "lab.md"), str(lab / "copy"))
    except OSError:
        assert kind != "a pipe" and not (lab / "copy").exists()
    else:
        assert kind == "a pipe" and (lab / "copy").read_bytes() == b""
