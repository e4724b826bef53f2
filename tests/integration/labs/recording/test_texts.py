"""Whole texts: asked for with a sheet of true figures, kept as they came, replayed, bound and judged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from tests.support.scripted_model import KEY, completion

from mondaylab.cli.labs.recording import record
from mondaylab.errors import Refused
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import AnswerStore
from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.labs.recording.texts import judged_answer, record_texts
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"


@pytest.fixture
def site(demo_site: Site, tmp_path) -> Site:
    (tmp_path / "snapshots").symlink_to(demo_site.snapshots)
    return replace(demo_site, var=tmp_path)


@pytest.fixture(scope="module")
def asking(demo_site: Site, finance: Material) -> Asking:
    whole = Asking.of(demo_site.lab(LAB), finance.declaration, finance.bindings.currency)
    return whole.model_copy(update={"requests": (whole.request("region"),)})


def store_of(site: Site) -> AnswerStore:
    return AnswerStore(site, company="demo", lab=LAB, quarter=QUARTER)


def true_text(asking: Asking, finance: Material) -> tuple[str, str]:
    """What the first request's sheet says of net sales, in a sentence; and the region."""
    asked = TextAsker(finance, asking).ask(asking.request("region"), 1)
    line = next(line for line in asked.messages[1]["content"].splitlines() if line.startswith("- Net sales"))
    now = line.split(": ")[1].split(" in week")[0]
    return f"Net sales in {asked.subject['region']} came to {now}.", asked.subject["region"]


def test_an_answer_is_kept_as_it_came_and_what_it_claims_is_held_against_the_data(script, site, finance, asking):
    sound, region = true_text(asking, finance)
    text = f"  {sound}\nThe gross margin in {region} was 99.9 %. \n"
    script.answers = [completion(text)]
    report = record_texts(finance, asking, store_of(site), script.endpoint, model="m", number=1)
    (one,) = report.texts
    assert one.state == "asked" and one.answer is not None and one.answer.text == text
    assert [(claim.claim.about.measure, claim.flawed, claim.operator) for claim in one.judged.claims] == [
        ("net", False, None),
        ("margin", True, "wrong_number"),
    ]
    assert one.usable and report.counts()["wrong"] == 1
    (sent,) = script.asked
    assert sent["seed"] == 1 and sent["temperature"] > 0 and "response_format" not in sent
    assert sent["messages"][1]["content"] == one.answer.asked.messages[1]["content"]
    again = record_texts(finance, asking, store_of(site), script.endpoint, model="m", number=1)
    assert again.texts[0].state == "replayed" and again.texts[0].judged == one.judged and len(script.asked) == 1


@pytest.mark.parametrize(
    ("text", "finish"),
    [
        ("Net sales rose because of the weather.", "stop"),  # a reason, which nobody can hold against figures
        ("All went well.", "stop"),  # nothing to judge
        ("The gross margin was 99.9 %.", "length"),  # not whole
    ],
)
def test_a_text_that_is_cut_off_or_not_understood_throughout_is_not_usable(script, site, finance, asking, text, finish):
    script.answers = [completion(text, finish=finish)]
    (one,) = record_texts(finance, asking, store_of(site), script.endpoint, model="m", number=1).texts
    assert one.answer is not None and not one.usable


def test_other_numbers_ask_about_other_subjects_the_same_each_time(finance, asking):
    request = asking.request("region")
    asked = [TextAsker(finance, asking).ask(request, number) for number in range(1, 7)]
    assert asked == [TextAsker(finance, asking).ask(request, number) for number in range(1, 7)]
    assert len({(one.week, *one.subject.values()) for one in asked}) > 3


def test_a_changed_answer_is_refused(script, site, finance, asking):
    script.answers = [completion("All went well.")]
    record_texts(finance, asking, store_of(site), script.endpoint, model="m", number=1)
    (path,) = store_of(site).folder.glob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600
    whole = path.read_text()
    kept = json.loads(whole)
    kept["asked"]["subject"] = {"region": "Nowhere"}
    path.write_text(json.dumps(kept))
    with pytest.raises(Refused, match="changed after it was made"):
        record_texts(finance, asking, store_of(site), script.endpoint, model="m", number=1)
    kept["asked"]["subject"] = json.loads(whole)["asked"]["subject"]
    path.write_text(json.dumps({**kept, "text": "All went badly."}))
    with pytest.raises(Refused, match="changed after it was made"):
        record_texts(finance, asking, store_of(site), script.endpoint, model="m", number=1)
    path.write_text(whole)
    assert (
        record_texts(finance, asking, store_of(site), script.endpoint, model="m", number=1).texts[0].state == "replayed"
    )


def test_the_command_tells_each_claim_and_what_to_look_at(script, site, finance, asking, monkeypatch):
    for name, value in (("MONDAYLAB_ROOT", site.root), ("MONDAYLAB_VAR", site.var), ("OPENAI_API_KEY", KEY)):
        monkeypatch.setenv(name, str(value))
    sound, _ = true_text(asking, finance)
    script.answers = [completion(f"{sound} It rose thanks to the weather.")]
    words = [LAB, "--quarter", QUARTER, "--whole", "--drafts", "1", "--model", "m"]
    shown = CliRunner().invoke(record, [*words, "--dry-run"])
    assert shown.exit_code == 0 and "- Net sales, " in shown.stdout and not script.asked
    done = CliRunner().invoke(record, [*words, "--base-url", script.url])
    assert done.exit_code == 0, done.output
    assert "holds" in done.stdout and "look yourself" in done.stdout and "it gives a reason" in done.stdout
    assert CliRunner().invoke(record, [*words, "--source", "other"]).exit_code == 2
    script.answers = [completion("Net sales were " + "9" * 400 + ".")]
    odd = CliRunner().invoke(record, [*words[:-1], "odd", "--base-url", script.url, "--json"])
    told = json.loads(odd.stdout)
    assert odd.exit_code == 0 and told["counts"] == {"answers": 3, "usable": 0, "claims": 0, "doubtful": 3, "wrong": 0}
    script.answers = [429]
    failed = CliRunner().invoke(
        record, [LAB, "--quarter", QUARTER, "--whole", "--model", "x", "--base-url", script.url]
    )
    assert failed.exit_code == 1 and "failed" in failed.stdout and KEY not in failed.output


@pytest.mark.parametrize(
    ("factor", "shown", "operator"),
    [
        (1, "€{:,.0f}", None),
        (10, "€{:,.0f}", "wrong_scale"),
        (1, "${:,.0f}", "wrong_unit"),
        (1.37, "€{:,.0f}", "wrong_number"),
    ],
)
def test_a_wrong_number_is_called_what_was_done_to_it(finance, asking, factor, shown, operator):
    asked = TextAsker(finance, asking).ask(asking.request("region"), 1)
    line = next(line for line in asked.messages[1]["content"].splitlines() if line.startswith("- Net sales"))
    now = float(line.split(": €")[1].split(" in week")[0].replace(",", ""))
    (claim,) = judged_answer(finance, asking, asked, f"Net sales were {shown.format(now * factor)}.").claims
    assert (claim.operator, claim.flawed) == (operator, operator is not None)
