"""The screen decides nothing itself: what it takes is what the adopter is given, and it writes the command's file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.adopt_page import talk
from tests.support.authoring_site import CANARY, TOLD, checkout, few_exports, thirteen_sentences
from tests.support.places import LAB, QUARTER

from mondaylab.authoring.author import Workplace
from mondaylab.authoring.meaning import Meaning, menus
from mondaylab.authoring.screen import AdoptScreen
from mondaylab.cli import main
from mondaylab.errors import Refused
from mondaylab.labs.adopting.adopter import adopt
from mondaylab.labs.adopting.decisions import Decisions
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import Answer, AnswerStore
from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.records import content_hash
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

VAGUE = (
    "It came to 31.2 %, and fell. In week 43, net sales were 5 EUR. A fine week, due to rain. Orders rose. 12,345 EUR."
)


def do(screen: AdoptScreen, order: str, *texts: str, **more: Any) -> dict[str, Any]:
    """The screen's answer to an order; the first that it says is that it has heard."""
    answers = talk(screen, {"do": order, "id": 1, **more}, [one.encode() for one in texts])
    assert [*answers[0]] == ["heard"]
    return answers[-1]


def paste(screen: AdoptScreen, text: str, prompt: str = "", **more: Any) -> dict[str, Any]:
    return do(screen, "paste", text, prompt, **{**TOLD, **more})


# -- one implementation
@pytest.fixture(scope="module")
def vague(at: Workplace) -> Iterator[AdoptScreen]:
    screen = AdoptScreen(at)
    assert paste(screen, VAGUE)["error"] is None
    yield screen
    screen.close()


@settings(max_examples=15)
@given(st.data())
def test_any_decisions_on_the_screen_are_the_same_given_to_the_adopter(vague: AdoptScreen, data: st.DataObject):
    vague.sitting = type(vague.sitting)(vague.sitting.answered, "one", {})
    answered, known = vague.sitting.answered, menus(vague.sitting.answered)
    places = st.integers(1, len(vague.sitting.adoption.entries) + 1)
    items = [one["item"] for one in vague.state()["answer"]["must_state"]]
    cuts = [{}, *({"region": name} for name in known["members"]["region"][:2]), {"category": "Nobody"}]
    meaning = st.fixed_dictionaries(
        {
            "measure": st.sampled_from(["margin", "net", "orders", "nothing"]),
            "cut": st.sampled_from(cuts),
            "when": st.sampled_from(["week", "week before", "quarter"]),
            "against": st.sampled_from(["", "week before", known["whole"]]),
        }
    )
    means: dict[int, str] = {}
    nothing: set[int] = set()
    states: dict[str, tuple[int, ...]] = {}
    for _ in range(data.draw(st.integers(1, 5))):
        order, number = data.draw(st.sampled_from(["mean", "nothing", "undo", "state"])), data.draw(places)
        wanted = means.copy(), nothing.copy(), states.copy()
        more: dict[str, Any] = {}
        stated = adopt(answered, "one", Decisions(means=means, not_claims=frozenset(nothing), states=states))
        means.pop(number, None) if order != "state" else None
        nothing.discard(number) if order != "state" else None
        match order:
            case "mean":
                more = {"meaning": data.draw(meaning)}
                means[number] = Meaning.model_validate(more["meaning"]).words()
            case "nothing":
                nothing.add(number)
            case "state":
                more = {"item": data.draw(st.sampled_from([*items, "the mood"])), "on": data.draw(st.booleans())}
                names = stated.states.get(more["item"], ())
                now = {one.number for one in stated.pieces if one.claim in names}
                states[more["item"]] = tuple(sorted(now | {number} if more["on"] else now - {number}))
        told = do(vague, order, number=number, **more)
        decisions = Decisions(means=means, not_claims=frozenset(nothing), states=states)
        try:
            if number > len(stated.entries):
                raise Refused("there is no such place")
            expected = adopt(answered, "one", decisions)
        except Refused:
            assert told["error"] is not None
            means, nothing, states = wanted
        else:
            assert told["error"] is None
            assert vague.sitting.adoption == expected and vague.sitting.decisions == decisions
            assert told["state"]["answer"]["ready"] == (expected.text is not None)
    typed = Decisions.parsed(
        nothing,
        [f"{number}: {said}" for number, said in means.items()],
        [f"{item}={','.join(map(str, numbers))}" for item, numbers in states.items() if numbers],
    )
    now = vague.sitting.decisions
    assert (typed.means, typed.not_claims) == (now.means, now.not_claims)


def test_the_screen_writes_the_file_that_the_command_writes(
    demo_site: Site, finance: Material, tmp_path: Path, site: Site, at: Workplace
):
    text = thirteen_sentences(finance)
    screen = AdoptScreen(at)
    told = paste(screen, text)
    assert told["state"]["phase"] == "paste" and told["state"]["answer"]["taken"] == ["1 e-mail address"]
    rows = do(screen, "bind")["state"]["answer"]["rows"]
    assert [row["state"] for row in rows].count("wrong") == 1 and len(rows) >= 12
    number = next(row["number"] for row in rows if row["state"] == "open")
    place = do(screen, "look", number=number)["place"]
    assert place["can_mean"] and place["proposals"] and not place["can_be_nothing"]
    refused = do(screen, "add", replace=False)
    assert "needs you" in refused["error"]["what"] and refused["error"]["fix"]
    meaning = {"measure": "cost", "cut": {"region": "Central"}, "when": "week", "against": ""}
    assert do(screen, "mean", number=number, meaning=meaning)["state"]["answer"]["ready"]
    preview = do(screen, "preview")["state"]["preview"]
    assert [one["source"] for one in preview["drafts"]] == ["recorded", "simulated"]
    assert all("claim" in one["html"] for one in preview["drafts"])
    assert "no name of a version" in do(screen, "rename", name="../up")["error"]["what"]
    assert do(screen, "rename", name="mine")["error"] is None
    added = do(screen, "add", replace=False)["state"]
    assert added["phase"] == "added" and added["preview"]["added"].endswith("drafts/memo/mine.md")
    mine = site.lab(LAB) / "drafts" / "memo" / "mine.md"

    other = checkout(demo_site, tmp_path)
    few_exports(other)
    environment = {ROOT_VARIABLE: str(other.root), VAR_VARIABLE: str(other.var)}
    command = ["labs", "adopt", LAB, "--quarter", QUARTER, "--text", "-", "--request", "region", "--name", "mine"]
    command += ["--about", "region=Central", "--week", "43", "--tool", "Sales Copilot", "--model", "not stated"]
    command += ["--answered", "2026-11-17", "--means", f"{number}: {Meaning.model_validate(meaning).words()}"]
    done = CliRunner().invoke(main, command, env=environment, input=text)
    assert done.exit_code == 0, done.output
    assert (other.lab(LAB) / "drafts" / "memo" / "mine.md").read_bytes() == mine.read_bytes()

    # the next one on the same screen: the lab has the first by now
    assert do(screen, "restart")["state"]["answer"] is None
    paste(screen, text)
    do(screen, "mean", number=number, meaning=meaning)
    do(screen, "rename", name="mine")
    assert "another name" in do(screen, "add", replace=False)["error"]["fix"]
    assert do(screen, "add", replace=True)["state"]["phase"] == "added"
    paste(screen, text.replace("Hi, here", "Hello, here"))
    do(screen, "mean", number=number, meaning=meaning)
    do(screen, "rename", name="second")
    assert do(screen, "add", replace=False)["error"] is None
    second = mine.with_name("second.md")
    assert {one["id"] for one in Manuscript.read(mine).templates}.isdisjoint(
        one["id"] for one in Manuscript.read(second).templates
    )
    mine.unlink()
    second.unlink()
    screen.close()


# -- recorded answers
@pytest.fixture
def recorded(site: Site, at: Workplace) -> Iterator[list[Answer]]:
    store = AnswerStore(site, company="demo", lab=LAB, quarter=QUARTER)
    kept = []
    for number, day, finish in ((1, "2026-11-28", "stop"), (2, "2026-11-29", "length"), (3, "2026-11-30", "stop")):
        asked = TextAsker(at.material, at.asking).ask(at.asking.request("region"), number)
        text = "Net sales came to €5."
        told = {"model_asked": "m", "model": "m-1", "recorded": day, "finish": finish, "seconds": 1.0}
        kept.append(
            store.put(Answer.model_validate({**told, "text": text, "asked": asked, "sha256": content_hash(text)}))
        )
    yield kept
    for path in store.folder.glob("*.json"):
        path.unlink()


def test_recorded_answers_are_listed_newest_first_with_whether_they_are_valid(
    screen: AdoptScreen, recorded: list[Answer]
):
    listed = do(screen, "show")["state"]["choices"]["recorded"]
    assert [one["number"] for one in listed] == [3, 2, 1]
    assert [one["why_not"] is None for one in listed] == [True, False, True]
    told = do(screen, "recorded", key=recorded[1].key)
    assert "did not come to its end" in told["error"]["what"] and told["state"]["answer"] is None
    opened = do(screen, "recorded", key=recorded[2].key)["state"]
    assert opened["phase"] == "bind" and opened["answer"]["tool"] is None and opened["answer"]["rows"]
    for key in ("0" * 64, "../up", None):
        assert do(screen, "recorded", key=key)["error"] is not None


def test_of_many_recorded_answers_the_newest_are_listed(
    screen: AdoptScreen, recorded: list[Answer], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mondaylab.authoring.kept._LISTED", 2)
    choices = do(screen, "show")["state"]["choices"]
    assert [one["number"] for one in choices["recorded"]] == [3, 2] and choices["older"] == 1


def test_a_recorded_answer_that_nobody_foresaw_hides_no_other(site: Site, screen: AdoptScreen, recorded: list[Answer]):
    store = AnswerStore(site, company="demo", lab=LAB, quarter=QUARTER)
    store.put(recorded[0].model_copy(update={"recorded": "some day"}))
    listed = do(screen, "show")["state"]["choices"]["recorded"]
    assert {one["number"]: one["why_not"] is None for one in listed} == {1: False, 2: False, 3: True}


def test_without_recorded_answers_the_command_that_records_some_is_told(screen: AdoptScreen):
    choices = do(screen, "show")["state"]["choices"]
    assert choices["recorded"] == [] and choices["record"].startswith("mondaylab labs record ")


# -- what is told, and what is not
def test_an_error_says_what_where_and_what_next(screen: AdoptScreen):
    told = paste(screen, "Net sales were 5 EUR.", about={"region": "Mars"})
    assert told["error"]["where"] == "what it is about" and "there are" in told["error"]["what"]
    assert told["state"]["answer"] is None
    told = paste(screen, "")
    assert "--" not in json.dumps(told["error"])


@pytest.mark.parametrize(
    "message",
    [{"do": "mean"}, {"do": "mean", "number": 1, "meaning": "net"}, {"do": "look"}, {"do": "add"}, {"do": 7}, {}, 5],
)
def test_no_message_brings_it_down(screen: AdoptScreen, message: Any):
    paste(screen, VAGUE)
    before = screen.sitting.adoption
    answers = talk(screen, message)
    assert len(answers) == 2 and screen.sitting.adoption == before


def test_an_order_before_there_is_an_answer_is_refused(screen: AdoptScreen):
    for order in ("mean", "preview", "add", "look", "undo"):
        assert do(screen, order, number=1)["error"]["fix"]


def test_nothing_of_a_text_is_state_that_a_notebook_keeps(
    screen: AdoptScreen, site: Site, finance: Material, found_in: Callable[..., list[str]], caplog: Any
):
    caplog.set_level(1)
    text = thirteen_sentences(finance)
    told = [paste(screen, f"{text}\\_ {CANARY}"), paste(screen, text, f"For {CANARY}"), do(screen, "bind")]
    assert "escaped sign" in told[0]["error"]["what"]
    told.append(do(screen, "look", number=1))
    kept = json.dumps([screen.get_state(), screen.told.get_state()], default=str)
    assert "net sales in Central" not in kept
    for said in (kept, json.dumps(told), caplog.text, repr(screen), str(vars(screen))):
        assert CANARY.partition("@")[0] not in said
    own = [path for path in site.var.iterdir() if not path.is_symlink()]
    assert not [hit for place in [site.root / "labs", *own] for hit in found_in(place, [CANARY])]


def test_what_nobody_foresaw_repeats_nothing(screen: AdoptScreen, monkeypatch: pytest.MonkeyPatch, caplog: Any):
    def breaks(*_args: Any, **_more: Any) -> None:
        raise ValueError(f"near {CANARY}")

    monkeypatch.setattr("mondaylab.authoring.paste.pasted_answer", breaks)
    told = paste(screen, f"Write to {CANARY}.")
    assert "ValueError" in told["error"]["what"]
    assert CANARY not in json.dumps(told) + caplog.text


def test_a_state_that_cannot_be_told_is_an_error_and_no_silence(screen: AdoptScreen, monkeypatch: pytest.MonkeyPatch):
    def breaks(*_args: Any) -> None:
        raise ValueError(f"near {CANARY}")

    monkeypatch.setattr(AdoptScreen, "state", breaks)
    told = do(screen, "show")
    assert told["state"] is None and "ValueError" in told["error"]["what"] and told["answers"] == 1
    assert CANARY not in json.dumps(told)


@pytest.mark.parametrize("field", ["tool", pytest.param("model", marks=pytest.mark.deep)])
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Chi\x00ara", "an invisible sign"),
        ("Chi\\_ara", "an escaped sign"),
        ("Chi\nlot", "a line break"),
        ("Chi\u2028ara", "a line break"),
        ("Chi lot " * 13, "more than 100 characters"),
    ],
)
def test_a_tool_or_model_is_a_name_of_one_line(screen: AdoptScreen, field: str, name: str, what: str):
    error = paste(screen, VAGUE, **{field: name})["error"]
    assert what in error["what"] and error["where"] == f"the {field}" and error["fix"]
    assert "Chi" not in json.dumps(error) and screen.sitting is None


def test_a_model_is_read_as_a_tool_is(screen: AdoptScreen):
    error = paste(screen, VAGUE, model="Chi\nlot")["error"]
    assert (error["what"], error["where"]) == ("it holds a line break", "the model")


# -- adding
@pytest.fixture
def ready(screen: AdoptScreen, site: Site, finance: Material) -> Iterator[AdoptScreen]:
    """A screen whose answer can be added; what it adds is taken away again."""
    folder = site.lab(LAB) / "drafts" / "memo"
    before = {*folder.glob("*.md")}
    rows = paste(screen, thirteen_sentences(finance))["state"]["answer"]["rows"]
    number = next(row["number"] for row in rows if row["state"] == "open")
    meaning = {"measure": "cost", "cut": {"region": "Central"}, "when": "week", "against": ""}
    do(screen, "mean", number=number, meaning=meaning)
    assert do(screen, "preview")["state"]["answer"]["ready"]
    yield screen
    for path in {*folder.glob("*.md")} - before:
        path.unlink()


def test_the_name_that_is_typed_is_the_one_that_is_added(ready: AdoptScreen):
    assert "no name of a version" in do(ready, "add", name="../up")["error"]["what"]
    assert "no name of a version" in do(ready, "add", name="")["error"]["what"]
    assert do(ready, "add", name="one")["state"]["preview"]["added"].endswith("/one.md")
    do(ready, "rename", name="two")
    told = do(ready, "add", name="one", replace=True)
    assert "another name" in told["error"]["fix"], "the tick was for another file"
    assert told["state"]["preview"]["taken"] and told["state"]["answer"]["version"] == "one"


def test_what_is_changed_after_it_was_added_is_not_added(ready: AdoptScreen):
    added = do(ready, "add", name="one")
    assert do(ready, "add", name="one") == added, "a second press"
    renamed = do(ready, "rename", name="two")["state"]
    assert renamed["phase"] == "preview" and renamed["preview"]["added"] is None
    do(ready, "rename", name="one")
    assert do(ready, "add", replace=True)["state"]["phase"] == "added"
    assert do(ready, "undo", number=1)["state"]["phase"] == "bind"
    again = do(ready, "preview")["state"]["preview"]
    assert again["added"] is None and again["taken"]


@pytest.mark.deep
def test_a_name_that_no_file_can_have_is_told_in_the_preview(ready: AdoptScreen):
    ready.sitting.rename("a" * 81)
    told = do(ready, "preview")
    assert "no name of a version" in told["error"]["what"] and told["state"]["phase"] == "preview"


def test_no_row_is_without_its_words_and_all_words_are_in_a_row(screen: AdoptScreen):
    text = "Net sales came to 5 EUR, due to rain, and gross margin was 31.2 %. It fell unchanged. So be it."
    rows = paste(screen, text)["state"]["answer"]["rows"]
    assert all(row["words"] or row["before"] for row in rows) and not any(row["before"][:1] == "," for row in rows)
    told = "".join(row["before"] + row["words"] + row["after"] for row in rows)
    assert [one for one in text.split() if one not in told] == []


def test_a_page_that_is_loaded_again_is_told_all_that_was_decided(screen: AdoptScreen):
    paste(screen, VAGUE)
    meaning = {"measure": "margin", "cut": {}, "when": "week", "against": ""}
    decided = do(screen, "mean", number=1, meaning=meaning)["state"]
    assert do(screen, "show")["state"] == decided
    assert do(screen, "look", number=1)["place"]["decided"]
