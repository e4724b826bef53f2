"""`mondaylab labs adopt` as a person runs it: what it refuses, never stores, and never replaces."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.support import authoring_site
from tests.support.places import LAB, QUARTER
from tests.support.real_answers import CATEGORY, answer_of

from mondaylab.cli import main
from mondaylab.datasets import exports
from mondaylab.datasets.policy import Policy
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import AnswerStore
from mondaylab.labs.sources.asking import Asking
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site


@pytest.fixture
def checkout(demo_site: Site, tmp_path: Path) -> Site:
    return authoring_site.checkout(demo_site, tmp_path)


def run(site: Site, *words: str, text: str = "") -> Result:
    environment = {ROOT_VARIABLE: str(site.root), VAR_VARIABLE: str(site.var)}
    command = ["labs", "adopt", LAB, "--quarter", QUARTER, *words]
    return CliRunner().invoke(main, command, env=environment, input=text)


@pytest.fixture
def kept(checkout: Site, finance: Material, asking: Asking) -> Site:
    """With a recorded answer, and one that did not come to its end."""
    store = AnswerStore(checkout, company="demo", lab=LAB, quarter=QUARTER)
    store.put(answer_of(finance, asking, "category", 5, str(CATEGORY["text"])))
    cut_off = answer_of(finance, asking, "category", 6, "Net sales were")
    store.put(cut_off.model_copy(update={"finish": "length"}))
    return checkout


def manuscripts(site: Site) -> dict[Path, str]:
    return {path: path.read_text() for path in site.lab(LAB).rglob("*") if path.is_file()}


def test_a_recorded_answer_is_adopted_once_a_person_has_said_what_it_states(kept: Site):
    before = manuscripts(kept)
    refused = run(kept, "--recorded", "category", "5", "--not-a-claim", "1", "--json")
    assert refused.exit_code == 1 and manuscripts(kept) == before
    told = json.loads(refused.stdout)
    assert told["needs"][0]["decide"] is None and not told["written"]
    dry = run(kept, "--recorded", "category", "5", "--states", "the week's total=1", "--dry-run")
    assert dry.exit_code == 0 and "would be written" in dry.stdout and manuscripts(kept) == before
    done = run(kept, "--recorded", "category", "5", "--states", "the week's total=1", "--name", "real", "--json")
    assert done.exit_code == 0, done.output
    path = kept.lab(LAB) / "drafts" / "memo" / "real.md"
    assert json.loads(done.stdout)["file"] == str(path)
    assert {*manuscripts(kept)} - {*before} == {path}
    answer = Manuscript.read(path).answer
    assert answer is not None and answer.model == "m-1" and answer.week == date(2026, 11, 16) and answer.given
    again = run(kept, "--recorded", "category", "5", "--states", "the week's total=1", "--name", "real")
    assert again.exit_code == 1 and "--replace" in again.stderr
    anew = run(kept, "--recorded", "category", "5", "--states", "the week's total=2", "--name", "real", "--replace")
    assert anew.exit_code == 0 and Manuscript.read(path).answer != answer


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--recorded", "category", "6"), "did not come to its end"),
        (("--recorded", "category", "7"), "no answer 7"),
        (("--recorded", "category", "5", "--states", "the mood=1"), "nothing that the draft must state"),
        (("--recorded", "category", "5", "--means", "1: net"), "says clearly"),
        (("--recorded", "category", "5", "--name", "../up"), "no name of a version"),
        (("--recorded", "category", "5", "--draft", "poem"), "no draft 'poem'"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(kept: Site, words: tuple[str, ...], what: str):
    before = manuscripts(kept)
    done = run(kept, *words)
    assert done.exit_code == 1 and what in done.stderr
    assert manuscripts(kept) == before


@pytest.mark.parametrize("words", [(), ("--text", "-"), ("--recorded", "category", "5", "--week", "43")])
def test_options_that_do_not_go_together_are_a_usage_error(checkout: Site, words: tuple[str, ...]):
    assert run(checkout, *words).exit_code == 2


def somebody(site: Site) -> tuple[str, str]:
    """Name and phone number of a person of the company."""
    policy = Policy.of(site.company("demo"))
    people = exports.read(site.raw / "demo" / QUARTER, policy).tables["customers"]
    row = people[people["contact_name"].str.strip().str.count(" ") == 1].iloc[0]
    return str(row["contact_name"]).strip(), str(row["contact_phone"]).strip()


def pasted(site: Site, text: str, *words: str) -> Result:
    told: list[Any] = ["--text", "-", "--request", "category", "--about", "region=South", "--about", "category=Tools"]
    told += ["--week", "47", "--tool", "Sales Copilot", "--model", "not stated", "--answered", "2026-11-17"]
    return run(site, *told, *words, text=text)


def test_a_pasted_text_is_scrubbed_before_anything_else(checkout: Site, found_in: Callable[..., list[str]]):
    name, phone = somebody(checkout)
    text = f"{CATEGORY['text']!s} Ask {name} ({phone}).\n"
    asked = f"How did Tools do in South in week 47? For {name}"
    done = pasted(checkout, text, "--prompt", asked, "--states", "the week's total=1", "--name", "pasted")
    assert done.exit_code == 0, done.output
    assert "taken out: 2 names of people, 1 phone number" in done.stdout
    refused = pasted(checkout, f"{text} {name} is the best.", "--name", "refused")
    assert refused.exit_code == 1
    for one in (done, refused):
        assert not [part for part in (*name.split(), phone) if part in one.output]
    mine = [checkout.lab(LAB), *(path for path in checkout.var.iterdir() if not path.is_symlink())]
    assert not [hit for place in mine for hit in found_in(place, [*name.split(), phone])]
    answer = Manuscript.read(checkout.lab(LAB) / "drafts" / "memo" / "pasted.md").answer
    assert answer is not None and answer.tool == "Sales Copilot"
    assert answer.prompt == "How did {category} do in {region} in {week}? For «PERSON»"


def test_with_exports_of_no_such_quarter_nothing_is_pasted(checkout: Site):
    authoring_site.few_exports(checkout)
    shutil.rmtree(checkout.raw / "demo" / QUARTER)
    done = pasted(checkout, "Anna Baker says net sales were €5.")
    assert done.exit_code == 1 and "raw exports" in done.stderr and "Anna" not in done.output


def test_without_any_exports_words_decide_and_nobody_can_find_out_who_stands_in_them(checkout: Site):
    name, _ = somebody(checkout)
    told = f"{CATEGORY['text']!s} Ask {name}, or Quxley Zzyzx.\n"
    checkout.raw.unlink()
    done = pasted(checkout, told, "--states", "the week's total=1", "--name", "pasted")
    assert done.exit_code == 0 and "No raw exports are here" in done.stdout, done.output
    written = (checkout.lab(LAB) / "drafts" / "memo" / "pasted.md").read_text("utf-8")
    assert not [part for part in (*name.split(), "Quxley", "Zzyzx") if part in written + done.output]
    assert {*re.findall("«.*?»", written)} <= {"«WORD»", "«PERSON»"} and written.count("«") <= 3


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--about", "carrier=Corvo Express"), "about other slots"),
        (("--about", "category=Nobody"), "no category of that name"),
        (("--week", "1"), "none of the quarter's"),
    ],
)
def test_a_paste_is_about_what_the_data_has(checkout: Site, words: tuple[str, ...], what: str):
    done = pasted(checkout, "Net sales were €5.", *words)
    assert done.exit_code == 1 and what in done.stderr


def test_what_somebody_wrote_is_never_replaced(kept: Site):
    before = manuscripts(kept)
    memos = (path for path in before if path.parent.name == "memo" and path.suffix == ".md")
    by_hand = next(path for path in memos if not path.read_text("utf-8").startswith("+++"))
    done = run(kept, "--recorded", "category", "5", "--name", by_hand.stem, "--replace")
    assert done.exit_code == 1 and "somebody wrote it" in done.stderr and manuscripts(kept) == before


@pytest.mark.parametrize("words", [("--prompt", ""), ("--model", " ")])
def test_what_is_empty_is_a_usage_error(checkout: Site, words: tuple[str, ...]):
    assert pasted(checkout, "Net sales were €5.", *words).exit_code == 2


def test_a_model_that_is_a_person_is_refused(checkout: Site):
    authoring_site.few_exports(checkout)
    name, _ = somebody(checkout)
    done = pasted(checkout, "Net sales were €5.", "--tool", name)
    assert done.exit_code == 1 and "personal" in done.stderr and name not in done.output
