"""Plain files: what is one, what is refused, and what editors leave about."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from mondaylab.errors import Refused
from mondaylab.labs.building.places import declared_labs
from mondaylab.plain import check_plain
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
