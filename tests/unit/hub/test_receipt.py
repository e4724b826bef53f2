"""When something was handed in, and what came too late: by the service's clock, after any copy and any restore."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.exchange import ExchangeError
from tests.support.exchange_world import LAB, ROOT, World

from mondaylab.files import file_hash
from mondaylab.forms.shown import ShownForm
from mondaylab.grader.handed_in.collected import read_collected
from mondaylab.hub import exchange
from mondaylab.hub.receipt import read_receipt
from mondaylab.judging.handed_in import HandIn
from mondaylab.judging.service import create_app
from mondaylab.judging.store import JudgementStore
from mondaylab.settings import Site

FORM = ShownForm.read_json(ROOT / "tests" / "unit" / "judging" / "form.json")


@pytest.fixture
def served(world: World, real_server, monkeypatch: pytest.MonkeyPatch) -> World:
    """The service runs, and the environment is a learner's: the token is the learner's name."""
    store = JudgementStore(world.site.judgement_database)
    for number, name in enumerate(("lena", "omar")):
        store.register(FORM.model_copy(update={"form_id": f"f{number}"}), "fin-1", name)
    address = real_server(create_app(store, lambda token: token if token in ("lena", "omar") else None))
    monkeypatch.setenv("MONDAYLAB_JUDGEMENT_URL", f"{address}/services/judgement")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "lena")
    return world


def copied(world: World) -> World:
    """The whole state in another place, as a restore leaves it: every change time is new."""
    place = world.tmp_path / "elsewhere"
    shutil.copytree(world.site.var, place / "var", symlinks=True)
    return World(Site(ROOT, place / "var"), place)


def stamp(world: World, learner: str = "lena") -> str:
    return (world.course / "submitted" / learner / LAB / "timestamp.txt").read_text()


def renamed(folder: Path, time: str) -> Path:
    return folder.rename(folder.with_name(f"{LAB}+{time}+{folder.name.rsplit('+', 1)[1]}"))


def grade(world: World, text: str = "feedback") -> None:
    page = world.course / "feedback" / "lena" / LAB
    page.mkdir(parents=True, exist_ok=True)
    (page / f"{LAB}.html").write_text(text)


def close(world: World) -> None:
    with JudgementStore(world.site.judgement_database) as store:
        store.close("fin-1", f"finance/{LAB}")


def yesterday(world: World, monkeypatch: pytest.MonkeyPatch) -> float:
    """Hands in as of yesterday, by the service's clock and by the learner's."""
    then = datetime.now(UTC) - timedelta(days=1)
    monkeypatch.setattr("mondaylab.judging.journal.now", lambda: then.isoformat(timespec="milliseconds"))
    monkeypatch.setattr("mondaylab.hub.exchange.time.time", then.timestamp)
    world.handed_in("lena")
    monkeypatch.undo()
    return then.timestamp()


def test_a_restored_hand_in_keeps_its_time(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    then = datetime.fromtimestamp(yesterday(served, monkeypatch), UTC)
    restored = copied(served)
    restored.instructor(exchange.Collect).start()
    assert stamp(restored).startswith(f"{then:%Y-%m-%d %H:%M}")
    assert read_collected(restored.course / "submitted" / "lena" / LAB).confirmed


def test_a_hand_in_that_nobody_noted_keeps_the_time_of_its_first_collect(world: World) -> None:
    world.handed_in("lena")
    world.instructor(exchange.Collect).start()
    before = stamp(world)
    assert not read_collected(world.course / "submitted" / "lena" / LAB).confirmed
    assert not read_receipt(world.inbox("lena")[0]).noted
    restored = copied(world)
    shutil.rmtree(restored.course / "submitted")
    os.utime(restored.inbox("lena")[0], (0, 0))
    restored.instructor(exchange.Collect).start()
    assert stamp(restored) == before


def test_the_service_says_when_whatever_the_name_claims(served: World) -> None:
    """A learner who hands in by hand, and tells the service, gets the service's time; a rename gets the present."""
    served.handed_in("lena")
    early = renamed(served.inbox("lena")[0], "2020-01-01 00:00:00.000000 UTC")
    with JudgementStore(served.site.judgement_database) as store:
        told = HandIn(cohort="fin-1", assignment=LAB, folder=early.name, digest="0" * 64)
        store.note_hand_in("lena", told)
    served.instructor(exchange.Collect).start()
    assert not stamp(served).startswith("2020")


def test_content_that_was_changed_after_it_was_noted_is_as_late_as_the_change(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday(served, monkeypatch)
    (served.inbox("lena")[0] / "notes.txt").write_text("better")
    served.instructor(exchange.Collect).start()
    assert stamp(served).startswith(f"{datetime.now(UTC):%Y-%m-%d}")
    assert not read_collected(served.course / "submitted" / "lena" / LAB).confirmed


@pytest.mark.parametrize("noted", [True, False])
def test_what_is_handed_in_after_feedback_is_told_as_late_and_changes_nothing(
    served: World, monkeypatch: pytest.MonkeyPatch, *, noted: bool
) -> None:
    served.handed_in("lena", text="first")
    served.instructor(exchange.Collect).start()
    grade(served)
    close(served)
    served.instructor(exchange.ReleaseFeedback).start()
    before = {path: file_hash(path) for path in (served.course / "submitted").rglob("*") if path.is_file()}
    if not noted:
        monkeypatch.delenv("MONDAYLAB_JUDGEMENT_URL")
    served.handed_in("lena", text="second")
    late = max(served.inbox("lena"), key=lambda path: path.name)
    (told,) = (one for one in read_receipt(late).warnings if "late" in one)
    assert "does not change your result" in told
    served.instructor(exchange.Collect, update=True).start()
    assert {path: file_hash(path) for path in (served.course / "submitted").rglob("*") if path.is_file()} == before
    with JudgementStore(served.site.judgement_database) as store:
        assert [line.late for line in store.hand_ins("fin-1", LAB)] == [False, True]


def test_a_first_hand_in_after_feedback_is_not_collected(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    served.handed_in("lena")
    served.instructor(exchange.Collect).start()
    grade(served)
    close(served)
    served.instructor(exchange.ReleaseFeedback).start()
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "omar")
    served.handed_in("omar")
    assert any("late" in one for one in read_receipt(served.inbox("omar")[0]).warnings)
    served.instructor(exchange.Collect).start()
    assert not (served.course / "submitted" / "omar").exists()


def test_feedback_is_found_again_after_a_restore(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    yesterday(served, monkeypatch)
    served.instructor(exchange.Collect).start()
    grade(served, "lena's feedback")
    close(served)
    served.instructor(exchange.ReleaseFeedback).start()
    for place in (served, copied(served)):
        (listed,) = place.learner("lena", exchange.List, cached=True).start()
        assert listed["submissions"][0]["has_exchange_feedback"]
        place.learner("lena", exchange.FetchFeedback).start()
        (listed,) = place.learner("lena", exchange.List, cached=True).start()
        local = Path(listed["submissions"][0]["local_feedback_path"])
        assert [path.name for path in local.iterdir()] == [f"{LAB}.html"]
        assert (local / f"{LAB}.html").read_text() == "lena's feedback"
        place.instructor(exchange.ReleaseFeedback).start()  # again, in the same folder
        assert len(list((place.site.exchange / "fin-1" / "feedback" / "lena" / LAB).iterdir())) == 1


def test_feedback_of_before_the_ledger_is_found_by_its_time(world: World) -> None:
    world.handed_in("lena")
    name = world.inbox("lena")[0].name.split("+")[1]
    given = world.site.exchange / "fin-1" / "feedback" / "lena" / LAB / name
    given.mkdir(parents=True)
    (given / f"{LAB}.html").write_text("old")
    (listed,) = world.learner("lena", exchange.List, cached=True).start()
    assert listed["submissions"][0]["has_exchange_feedback"]


def test_who_is_no_learner_is_told_and_not_entered(world: World) -> None:
    world.handed_in("lena")
    inbound = world.site.exchange / "fin-1" / "inbound"
    (mine,) = world.inbox("lena")
    for stray in ("left.long.ago", "ärger", "two words", "-rf"):
        shutil.copytree(mine, inbound / stray / mine.name)
    (inbound / "a_file").write_text("x")
    with pytest.raises(ExchangeError, match=r"collected all but 4.*left\.long\.ago: is no learner of this cohort"):
        world.instructor(exchange.Collect).start()
    assert [path.name for path in (world.course / "submitted").iterdir()] == ["lena"]
    with JudgementStore(world.site.judgement_database) as store:
        assert {line.learner for line in store.hand_ins("fin-1", LAB)} == {"lena"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("timestamp.txt", b"\xff\xfe no time"),
        ("feedback", b"a file where a folder is looked for"),
        (".receipt.json", b"[" * 100_000),
        ("big.txt", b"x" * (21 << 20)),
        (f"{LAB}.html", b"<script>"),
    ],
)
def test_odd_files_stop_no_list_and_no_other(world: World, name: str, content: bytes) -> None:
    world.handed_in("lena")
    world.handed_in("omar")
    (world.inbox("omar")[0] / name).write_bytes(content)
    try:
        world.instructor(exchange.Collect).start()
    except ExchangeError as error:
        assert str(world.tmp_path) not in str(error)
    assert (world.course / "submitted" / "lena" / LAB / f"{LAB}.ipynb").exists()
    for one in (world.instructor(exchange.List, inbound=True), world.learner("omar", exchange.List, cached=True)):
        assert any(entry["student_id"] == "omar" for entry in one.start())


def test_no_refusal_shows_where_the_site_lies(world: World) -> None:
    world.learner("lena", exchange.FetchAssignment).start()
    notebook = world.home("lena") / LAB / f"{LAB}.ipynb"
    (notebook.parent / "big").write_bytes(b"x" * (21 << 20))
    operations = [lambda: world.instructor(exchange.ReleaseAssignment), lambda: world.learner("lena", exchange.Submit)]
    operations.append(lambda: world.learner("lena", exchange.FetchAssignment))
    operations.append(lambda: world.instructor(exchange.ReleaseFeedback))
    for made in operations:
        with pytest.raises(ExchangeError) as refused:
            made().start()
        assert str(world.tmp_path) not in str(refused.value), refused.value


def test_the_receipt_is_a_line_and_words(world: World) -> None:
    world.learner("lena", exchange.FetchAssignment).start()
    work = world.home("lena") / LAB
    (work / "link").symlink_to("/etc/passwd")
    (work / f"{LAB}.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": "mine", "metadata": {}}]}))
    world.learner("lena", exchange.Submit).start()
    receipt = read_receipt(world.inbox("lena")[0])
    assert receipt.warnings == ()
    assert receipt.line().endswith("1 file handed in; left out: link; the time is not confirmed yet")
    assert "Left out, as they are no plain files: link." in receipt.words()
