from __future__ import annotations

import os

import pytest

from mondaylab.grader.handed_in.tidying import BOUNDS, REPORT, leave_out, make_way

NAME = "memo"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "ann" / NAME
    place.mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_text("{}")
    return place


def tidied(folder):
    leave_out(assignment=NAME, student="ann", notebooks=[str(folder / f"{NAME}.ipynb")])
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_plain_files_stay_and_nothing_is_said(folder):
    (folder / "more").mkdir()
    (folder / "more" / "notes.txt").write_text("mine")
    assert tidied(folder) == [f"{NAME}.ipynb", "more", "more/notes.txt"]


def test_the_notebook_is_left_as_it_is_whatever_it_is(folder):
    path = folder / f"{NAME}.ipynb"
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert tidied(folder) == [path.name] and path.is_symlink()


def test_what_is_left_out_is_said_and_the_second_time_there_is_nothing_to_do(folder):
    outside = folder.parent.parent / "outside"
    outside.mkdir()
    (outside / "theirs").write_text("theirs")
    (folder / "link").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    (folder / "-option").touch()
    with (folder / "big").open("wb") as file:
        file.truncate((BOUNDS.file_mb << 20) + 1)
    deep = folder.joinpath(*["d"] * (BOUNDS.depth + 1))
    deep.mkdir(parents=True)
    left = tidied(folder)
    assert left == sorted([f"{NAME}.ipynb", REPORT, *("/".join(["d"] * n) for n in range(1, BOUNDS.depth + 1))])
    said = (folder / REPORT).read_text().splitlines()
    assert {line.partition(": ")[0] for line in said[2:]} == {"link", "pipe", "-option", "big", "/".join(["d"] * 9)}
    assert tidied(folder) == left and (folder / REPORT).read_text().splitlines() == said
    assert (outside / "theirs").read_text() == "theirs"


def test_files_and_bytes_together_are_bounded(folder):
    for number in range(BOUNDS.files + 5):
        (folder / f"{number:04}.txt").touch()
    assert len(tidied(folder)) == BOUNDS.files + 2
    for path in folder.glob("*.txt"):
        path.unlink()
    for number in range(4):
        with (folder / f"{number}.bin").open("wb") as file:
            file.truncate(15 * 1024**2)
    assert tidied(folder) == ["0.bin", "1.bin", "2.bin", REPORT, f"{NAME}.ipynb"]


def test_a_submission_that_is_a_link_becomes_an_empty_folder(folder, tmp_path):
    linked = tmp_path / "eve" / NAME
    linked.parent.mkdir()
    linked.symlink_to(folder)
    leave_out(assignment=NAME, student="eve", notebooks=[str(linked / f"{NAME}.ipynb")])
    assert [path.name for path in linked.iterdir()] == [REPORT] and not linked.is_symlink()
    assert (folder / f"{NAME}.ipynb").is_file()


@pytest.mark.parametrize("kind", ["a file", "a file to read only", "a folder", "a link"])
def test_nothing_lies_where_the_feedback_page_goes(folder, tmp_path, kind):
    page, outside = folder / f"{NAME}.html", tmp_path / "outside.html"
    outside.write_text("theirs")
    if kind == "a folder":
        page.mkdir()
        (page / "planted.html").write_text("mine")
    elif kind == "a link":
        page.symlink_to(outside)
    else:
        page.write_text("exported by myself")
        page.chmod(0o444 if kind.endswith("only") else 0o644)
    (folder / "other.html").write_text("mine")
    make_way(assignment=NAME, student="ann", notebooks=[str(folder / f"{NAME}.ipynb")])
    assert not page.exists() and not page.is_symlink()
    assert (folder / "other.html").read_text() == "mine" and outside.read_text() == "theirs"


def test_a_folder_where_the_report_goes_makes_way(folder):
    (folder / REPORT).mkdir()
    (folder / REPORT / "planted.txt").write_text("mine")
    (folder / "link").symlink_to("/etc/passwd")
    assert tidied(folder) == [REPORT, f"{NAME}.ipynb"]
    assert "link: a link" in (folder / REPORT).read_text()


def test_what_forbids_reading_is_made_readable(folder):
    (folder / "more").mkdir()
    (folder / "more" / "notes.txt").write_text("mine")
    (folder / "more" / "notes.txt").chmod(0)
    (folder / "more").chmod(0)
    assert tidied(folder) == [f"{NAME}.ipynb", "more", "more/notes.txt"]
    assert (folder / "more" / "notes.txt").read_text() == "mine"
    assert (folder / "more" / "notes.txt").stat().st_mode & 0o400 or os.geteuid() == 0
