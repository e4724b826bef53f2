"""The shared ground: records, quarters, files."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import NotFound, Refused
from mondaylab.files import staged_folder, write_file
from mondaylab.quarter import Quarter
from mondaylab.records import Record, content_hash
from mondaylab.settings import Site, plain_name

QUARTERS = st.builds(Quarter, st.integers(2001, 2098), st.integers(1, 4))


@given(QUARTERS)
def test_a_quarter_reads_back_and_meets_its_neighbours(quarter):
    assert Quarter.parse(str(quarter)) == quarter
    assert quarter.next.previous == quarter
    assert quarter.end + timedelta(days=1) == quarter.next.start
    weeks = quarter.full_weeks()
    assert 12 <= len(weeks) <= 13
    assert all(week.weekday() == 0 for week in weeks)
    assert quarter.start <= weeks[0] and weeks[-1] + timedelta(days=6) <= quarter.end


def test_the_last_quarter_of_2026():
    assert (Quarter.parse("2026Q4").start, Quarter.parse("2026Q4").end) == (date(2026, 10, 1), date(2026, 12, 31))


@pytest.mark.parametrize("text", ["2026", "2026Q5", "2026Q0", "2026q4", " 2026Q4", "1999Q1", "2026Q4x"])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(Refused, match="write it as 2026Q4"):
        Quarter.parse(text)


class Toy(Record):
    name: str
    share: float = 0.5


def test_an_unknown_or_wrong_field_is_named_and_its_value_is_not_echoed(tmp_path):
    path = tmp_path / "toy.yaml"
    path.write_text("name: 3\nsecret_colour: crimson\n")
    with pytest.raises(Refused) as caught:
        Toy.read_yaml(path)
    assert "secret_colour" in str(caught.value) and "name" in str(caught.value)
    assert "crimson" not in str(caught.value)


@pytest.mark.parametrize("text", ["- a\n", "name: [", "name: x\nshare: .nan\n"])
def test_what_is_no_such_record_is_refused(tmp_path, text):
    path = tmp_path / "toy.yaml"
    path.write_text(text)
    with pytest.raises(Refused, match=r"toy\.yaml"):
        Toy.read_yaml(path)


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        Toy.read_json(tmp_path / "no.json")


def test_the_hash_follows_content_not_spelling():
    assert content_hash({"a": 1, "b": [2]}) == content_hash({"b": [2], "a": 1}) != content_hash({"a": 1, "b": 2})


def test_a_failed_stage_leaves_the_old_folder(tmp_path):
    place = tmp_path / "build"
    with staged_folder(place) as stage:
        (stage / "x").write_text("old")
    with pytest.raises(RuntimeError), staged_folder(place) as stage:
        (stage / "x").write_text("half")
        raise RuntimeError
    assert (place / "x").read_text() == "old"
    with staged_folder(place) as stage:
        (stage / "y").write_text("new")
    assert [path.name for path in place.iterdir()] == ["y"]
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_a_file_has_its_mode_from_the_start(tmp_path):
    write_file(tmp_path / "deep" / "key", "truth", mode=0o600)
    assert (tmp_path / "deep" / "key").stat().st_mode & 0o777 == 0o600


@given(st.text(max_size=12))
def test_a_plain_name_is_one_harmless_path_segment(text):
    try:
        name = plain_name(text)
    except Refused:
        return
    assert name == text and "/" not in name and not name.startswith(".") and name.isascii()


def test_outside_a_checkout_the_way_out_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv("MONDAYLAB_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFound, match="change to the checkout, or set MONDAYLAB_ROOT"):
        Site.find()
