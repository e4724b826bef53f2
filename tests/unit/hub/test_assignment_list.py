"""What a learner's assignment list is told: refusals and warnings in words, receipts, no traceback, no path."""

from __future__ import annotations

import json

import pytest
from tests.support.exchange_world import LAB, World

from mondaylab.hub import exchange
from mondaylab.hub.assignment_list import PlainAssignmentList


@pytest.fixture
def learner(world: World, monkeypatch: pytest.MonkeyPatch) -> PlainAssignmentList:
    """The list of lena's server, with the configuration of a jail."""
    world.learner("lena", exchange.FetchAssignment).start()
    home = world.home("lena")
    config = home / "nbgrader_config.py"
    config.write_text(
        "from mondaylab.hub.exchange_base import plug_in\n"
        "c = get_config()\n"
        "c.CourseDirectory.student_id = 'lena'\n"
        f"c.Exchange.root = {str(home.parent / 'exchange')!r}\n"
        f"c.Exchange.assignment_dir = {str(home)!r}\n"
        "c.Exchange.personal = True\n"
        "plug_in(c)\n"
    )
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home))
    made = PlainAssignmentList()
    made.root_dir = str(home)
    return made


def answer(world: World, name: str = f"{LAB}.ipynb") -> None:
    cell = {"cell_type": "code", "source": "mine = 1", "metadata": {"nbgrader": {"grade_id": "evidence_answer"}}}
    (world.home("lena") / LAB / name).write_text(json.dumps({"cells": [cell]}))


def test_a_sound_hand_in_is_listed_with_its_receipt(learner: PlainAssignmentList, world: World) -> None:
    answer(world)
    assert learner.submit_assignment("fin-1", LAB) == {"success": True}
    (entry,) = learner.list_assignments("fin-1")["value"][1:]
    assert "; 1 file handed in" in entry["submissions"][0]["timestamp"]


def test_a_copy_is_told_and_all_is_handed_in(learner: PlainAssignmentList, world: World) -> None:
    release = world.site.exchange / "fin-1" / "outbound" / LAB / f"{LAB}.ipynb"
    cell = {"cell_type": "code", "source": "# answer", "metadata": {"nbgrader": {"grade_id": "evidence_answer"}}}
    release.write_text(json.dumps({"cells": [cell]}))
    (world.home("lena") / LAB / f"{LAB}.ipynb").write_text(release.read_text())
    answer(world, f"{LAB}-Copy1.ipynb")
    told = learner.submit_assignment("fin-1", LAB)
    assert not told["success"]
    assert told["value"].startswith("It WAS submitted")
    assert f"{LAB}-Copy1.ipynb" in told["value"] and "which is graded, is as it was released" in told["value"]
    (folder,) = world.inbox("lena")
    assert (folder / f"{LAB}-Copy1.ipynb").exists()
    assert "Copy1" in learner.list_submitted_assignments("fin-1")["value"][0]["submissions"][0]["timestamp"]


@pytest.mark.parametrize("trouble", ["renamed", "too large", "no such course", "no folder to hand in to"])
def test_a_refusal_is_one_in_words(learner: PlainAssignmentList, world: World, trouble: str) -> None:
    work, course = world.home("lena") / LAB, "fin-1"
    if trouble == "renamed":
        (work / f"{LAB}.ipynb").rename(work / "mine.ipynb")
    elif trouble == "too large":
        (work / "big").write_bytes(b"x" * (21 << 20))
    elif trouble == "no such course":
        course = "../fin-1"
    else:
        exchange_folder = world.home("lena").parent / "exchange" / "fin-1" / "inbound"
        exchange_folder.unlink()
        exchange_folder.write_text("a file")
    told = learner.submit_assignment(course, LAB)
    assert not told["success"]
    for hidden in ("Traceback", str(world.tmp_path), 'File "'):
        assert hidden not in told["value"]
    words = {"renamed": "give the notebook its name back", "too large": "big is larger than 20 MB"}
    words |= {"no such course": "is not a plain name", "no folder to hand in to": "cannot be read or written"}
    assert words[trouble] in told["value"]


class Broken(exchange.Submit):
    def copy_files(self) -> None:
        raise ZeroDivisionError(str(self.root))


def test_a_failure_of_our_own_is_a_sentence(learner: PlainAssignmentList, world: World) -> None:
    with (world.home("lena") / "nbgrader_config.py").open("a") as config:
        config.write(f"c.ExchangeFactory.submit = '{__name__}.Broken'\n")
    told = learner.submit_assignment("fin-1", LAB)
    assert told == {"success": False, "value": told["value"]}
    assert told["value"].startswith("Something went wrong on the way")
