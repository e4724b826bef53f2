"""The exchange's seven operations, from a learner's side and from the instructor's, on plain folders."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from nbgrader.exchange import ExchangeError
from tests.support.exchange_world import World

from mondaylab.hub import exchange
from mondaylab.judging.store import JudgementStore

LAB = "weekly_margin_memo"


def test_release_is_whole_and_replaced_only_when_asked(world: World) -> None:
    (world.course / "release" / LAB / "extra.txt").write_text("new")
    with pytest.raises(ExchangeError, match="released already"):
        world.instructor(exchange.ReleaseAssignment).start()
    world.instructor(exchange.ReleaseAssignment, force=True).start()
    assert (world.site.exchange / "fin-1" / "outbound" / LAB / "extra.txt").exists()


def test_fetch_keeps_what_is_there_and_brings_back_what_is_missing(world: World) -> None:
    world.learner("lena", exchange.FetchAssignment).start()
    notebook = world.home("lena") / LAB / f"{LAB}.ipynb"
    notebook.unlink()
    (notebook.parent / "notes.txt").write_text("mine")
    with pytest.raises(ExchangeError, match="copy of"):
        world.learner("lena", exchange.FetchAssignment).start()
    world.learner("lena", exchange.FetchAssignment, replace_missing_files=True).start()
    assert notebook.exists()
    assert (notebook.parent / "notes.txt").read_text() == "mine"


def test_the_folder_says_who_handed_in_whatever_the_learner_claims(world: World) -> None:
    world.learner("lena", exchange.FetchAssignment)
    world.handed_in("omar", text="omar's", claims="lena")
    world.instructor(exchange.Collect).start()
    assert (world.course / "submitted" / "omar" / LAB / "notes.txt").read_text() == "omar's"
    assert not (world.course / "submitted" / "lena").exists()


def test_latest_hand_in_is_collected_and_then_kept(world: World) -> None:
    world.handed_in("lena", text="first")
    world.instructor(exchange.Collect).start()
    world.handed_in("lena", text="second")
    taken = world.course / "submitted" / "lena" / LAB / "notes.txt"
    world.instructor(exchange.Collect).start()
    assert taken.read_text() == "first"
    world.instructor(exchange.Collect, update=True).start()
    assert taken.read_text() == "second"
    assert len(world.inbox("lena")) == 2


def test_empty_or_renamed_work_is_not_handed_in(world: World) -> None:
    world.learner("lena", exchange.FetchAssignment).start()
    notebook = world.home("lena") / LAB / f"{LAB}.ipynb"
    notebook.rename(notebook.with_name("mine.ipynb"))
    with pytest.raises(ExchangeError, match="give the notebook its name back"):
        world.learner("lena", exchange.Submit).start()
    assert world.inbox("lena") == []


def test_feedback_and_time_of_before_are_not_handed_in(world: World) -> None:
    world.learner("lena", exchange.FetchAssignment).start()
    work = world.home("lena") / LAB
    (work / "feedback" / "x").mkdir(parents=True)
    (work / "timestamp.txt").write_text("2000-01-01 00:00:00.000000 UTC")
    (work / ".secret").write_text("x")
    world.learner("lena", exchange.Submit).start()
    (folder,) = world.inbox("lena")
    assert sorted(path.name for path in folder.iterdir()) == [".receipt.json", "timestamp.txt", f"{LAB}.ipynb"]
    assert not (folder / "timestamp.txt").read_text().startswith("2000")


def test_one_bad_hand_in_stops_no_other(world: World) -> None:
    world.handed_in("lena")
    inbox = world.site.exchange / "fin-1" / "inbound" / "omar"
    bad = inbox / f"{LAB}+{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())}.000000 UTC+00"
    bad.mkdir()
    (bad / f"{LAB}.ipynb").symlink_to("/etc/passwd")
    with pytest.raises(ExchangeError, match="omar: the submission holds no notebook"):
        world.instructor(exchange.Collect).start()
    assert (world.course / "submitted" / "lena" / LAB / f"{LAB}.ipynb").exists()
    assert not (world.course / "submitted" / "omar" / LAB).exists()


def test_what_is_no_hand_in_is_passed_over(world: World) -> None:
    world.handed_in("lena")
    inbox = world.site.exchange / "fin-1" / "inbound" / "lena"
    (inbox / "a+b+c").mkdir()
    (inbox / f"{LAB}+2026-12-01 00:00:00.000000 UTC+link").symlink_to(world.course)
    os.mkfifo(inbox / f"{LAB}+2026-12-01 00:00:00.000000 UTC+pipe")
    (submitted,) = world.learner("lena", exchange.List, cached=True).start()
    assert len(submitted["submissions"]) == 1
    world.instructor(exchange.Collect).start()
    assert (world.course / "submitted" / "lena" / LAB / f"{LAB}.ipynb").exists()


def test_an_earlier_time_cannot_be_claimed(world: World) -> None:
    world.handed_in("lena", text="true")
    (folder,) = world.inbox("lena")
    folder.rename(folder.with_name(f"{LAB}+2020-01-01 00:00:00.000000 UTC+00"))
    world.instructor(exchange.Collect).start()
    stamp = (world.course / "submitted" / "lena" / LAB / "timestamp.txt").read_text()
    assert not stamp.startswith("2020")


def given_back(world: World) -> None:
    world.handed_in("lena")
    world.instructor(exchange.Collect).start()
    page = world.course / "feedback" / "lena" / LAB
    page.mkdir(parents=True)
    (page / f"{LAB}.html").write_text("lena's feedback")


def test_feedback_waits_until_the_lab_is_closed(world: World) -> None:
    given_back(world)
    with pytest.raises(ExchangeError, match=r"still open.*mondaylab cohort close"):
        world.instructor(exchange.ReleaseFeedback).start()
    with pytest.raises(ExchangeError, match="no feedback"):
        world.learner("lena", exchange.FetchFeedback).start()


def test_feedback_reaches_its_owner_and_the_list_says_so(world: World) -> None:
    given_back(world)
    JudgementStore(world.site.judgement_database).close("fin-1", f"finance/{LAB}")
    world.instructor(exchange.ReleaseFeedback).start()
    (before,) = world.learner("lena", exchange.List, cached=True).start()
    assert before["submissions"][0]["has_exchange_feedback"]
    assert not before["submissions"][0]["has_local_feedback"]
    world.learner("lena", exchange.FetchFeedback).start()
    (after,) = world.learner("lena", exchange.List, cached=True).start()
    local = Path(after["submissions"][0]["local_feedback_path"])
    assert (local / f"{LAB}.html").read_text() == "lena's feedback"
    assert list((world.site.exchange / "fin-1" / "feedback" / "omar").iterdir()) == []


def test_changed_feedback_is_offered_again(world: World) -> None:
    given_back(world)
    JudgementStore(world.site.judgement_database).close("fin-1", f"finance/{LAB}")
    world.instructor(exchange.ReleaseFeedback).start()
    world.learner("lena", exchange.FetchFeedback).start()
    (world.course / "feedback" / "lena" / LAB / f"{LAB}.html").write_text("better")
    world.instructor(exchange.ReleaseFeedback).start()
    (listed,) = world.learner("lena", exchange.List, cached=True).start()
    assert listed["submissions"][0]["feedback_updated"]


def test_list_has_what_the_labextension_reads(world: World) -> None:
    (released,) = world.learner("lena", exchange.List).start()
    assert (released["status"], released["course_id"], released["assignment_id"]) == ("released", "fin-1", LAB)
    world.handed_in("lena")
    (fetched,) = world.learner("lena", exchange.List).start()
    assert fetched["status"] == "fetched"
    assert fetched["notebooks"] == [
        {"notebook_id": LAB, "path": str(world.home("lena") / LAB / f"{LAB}.ipynb")},
    ]
    (submitted,) = world.learner("lena", exchange.List, cached=True).start()
    expected = {"course_id", "student_id", "assignment_id", "timestamp", "status", "path", "notebooks"}
    expected |= {"has_local_feedback", "has_exchange_feedback", "feedback_updated", "local_feedback_path"}
    assert expected <= set(submitted["submissions"][0])
    assert submitted["submissions"][0]["local_feedback_path"] is None


def test_instructor_lists_all_and_takes_a_release_back_but_no_hand_in(world: World) -> None:
    world.handed_in("lena")
    world.handed_in("omar")
    assert {one["student_id"] for one in world.instructor(exchange.List, inbound=True).start()} == {"lena", "omar"}
    with pytest.raises(ExchangeError, match="never removed"):
        world.instructor(exchange.List, inbound=True, remove=True).start()
    (removed,) = world.instructor(exchange.List, remove=True).start()
    assert removed["status"] == "removed"
    assert world.learner("lena", exchange.List).start() == []


@pytest.mark.parametrize("name", ["../omar", "a/b", ".hidden", ""])
def test_names_that_lead_elsewhere_are_refused(world: World, name: str) -> None:
    fetch = world.learner("lena", exchange.FetchAssignment)
    fetch.coursedir.assignment_id = name
    with pytest.raises(ExchangeError, match="plain name"):
        fetch.start()
    listing = world.learner("lena", exchange.List)
    listing.coursedir.course_id = name or "../x"
    with pytest.raises(ExchangeError, match="plain name"):
        listing.start()
