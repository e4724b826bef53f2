"""Recording against a scripted endpoint on real HTTP: what is asked, kept, replayed and refused, and what fails."""

from __future__ import annotations

import json
import socket
import stat
from dataclasses import replace

import pytest
from tests.support.scripted_model import KEY, completion

from mondaylab.datasets.snapshot import Snapshot
from mondaylab.errors import Refused
from mondaylab.labs.recorded.answers import AnswerStore
from mondaylab.labs.recording.endpoint import FAILURES, Endpoint
from mondaylab.labs.recording.texts import TextsReport, record_texts

pytestmark = pytest.mark.usefixtures("no_environment")
WELL = completion("All went well.")


@pytest.fixture
def no_environment(monkeypatch):
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):  # as in a company: loopback is never asked through one
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")


@pytest.fixture
def run(finance, asking, store, script):
    """`run(number=1, model="scripted", …)`: the lab is recorded from the script."""

    def recorded(material=finance, requests=asking, source=None, **options) -> TextsReport:
        options = {"model": "scripted", "number": 1} | options
        return record_texts(material, requests, store, source or script.endpoint, **options)

    return recorded


def no_endpoint() -> Endpoint:
    raise AssertionError("asked for an endpoint")


def states(report: TextsReport) -> list[str]:
    return [text.state for text in report.texts]


def test_what_is_recorded_is_replayed_without_a_network_and_costs_nothing_more(run, script, monkeypatch):
    script.answers = [completion("All went well."), completion("Not all went well.")]
    report = run(number=2, prices=(0.5, 2.0))
    assert states(report) == ["asked", "asked"]
    assert {text.answer.model for text in report.texts} == {"scripted-1.5b-2026-11-01"}
    assert (report.tokens_in, report.tokens_out) == (800, 100)
    assert report.cost == pytest.approx((800 * 0.5 + 100 * 2.0) / 1e6)

    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    again = run(source=no_endpoint, number=2, prices=(0.5, 2.0))
    assert states(again) == ["replayed", "replayed"]
    assert again.cost == 0 and again.cost_of_all == report.cost and again.tokens_in == 0
    assert [text.model_copy(update={"state": "asked"}) for text in again.texts] == list(report.texts)


def test_more_of_each_ask_only_for_those_that_are_new(run, script):
    script.answers = [WELL]
    run()
    assert states(run(number=3)) == ["replayed", "asked", "asked"]
    assert len(script.asked) == 3
    assert states(run(model="another")) == ["asked"]


def test_what_is_sent_is_bounded_and_holds_no_secret(run, script, finance):
    script.answers = [WELL]
    run()
    body = script.asked[0]
    assert 0 < body["max_tokens"] < 1000
    prompt = "\n".join(message["content"] for message in body["messages"])
    assert not [name for name in finance.flaws.operators if name in prompt]
    assert KEY not in prompt and body["authorization"] == f"Bearer {KEY}"
    assert not {"cache_prompt", "repeat_penalty"} & body.keys()
    run(model="other", source=lambda: script.endpoint(local=True))
    assert script.asked[1]["cache_prompt"] is False


def test_an_answer_is_its_owners_alone_and_holds_no_key(run, store, script):
    script.answers = [WELL]
    run()
    (path,) = store.folder.glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(place.stat().st_mode) for place in (store.folder, store.folder.parent)} == {0o700}
    assert KEY not in path.read_text()


def test_a_changed_answer_is_refused_where_it_is_asked_for_and_named_elsewhere(run, store, script):
    script.answers = [WELL]
    run()
    (path,) = store.folder.glob("*.json")
    whole = path.read_text()
    kept = json.loads(whole)
    for changed in (
        {**kept, "text": "All went badly."},
        {**kept, "asked": {**kept["asked"], "subject": {"region": "x"}}},
    ):
        path.write_text(json.dumps(changed))
        with pytest.raises(Refused, match="changed after it was made"):
            run()
        other = run(model="other")
        assert len(other.damaged) == 1 and "changed after it was made" in other.damaged[0]
        assert path.stem not in [answer.key for answer in store.all()]
    path.write_text(whole)
    assert states(run()) == ["replayed"]


@pytest.mark.parametrize(
    "answer",
    [
        completion("It rose, and", finish="length"),
        completion("", finish="content_filter"),
        completion(None, refusal="I cannot help with that."),
    ],
)
def test_an_answer_that_is_none_is_kept_and_not_usable(run, script, answer):
    script.answers = [answer]
    (text,) = run().texts
    assert text.state == "asked" and not text.usable
    assert states(run()) == ["replayed"] and len(script.asked) == 1


@pytest.mark.parametrize(
    "answer, code",
    [(429, "rate_limited"), (500, "endpoint"), (503, "endpoint"), (2.0, "timeout"), (b"<html>", "endpoint"),
     (completion(None), "empty")],
)  # fmt: skip
def test_a_failed_call_is_told_kept_nothing_of_and_asked_again(run, store, script, answer, code):
    script.answers, patience = [answer], 1.0 if code == "timeout" else 30.0
    report = run(source=lambda: script.endpoint(timeout=patience))
    assert [(text.state, text.says) for text in report.texts] == [("failed", FAILURES[code])]
    assert report.failed and store.all() == []
    script.answers = [WELL]
    assert states(run()) == ["asked"]


def test_an_endpoint_that_keeps_failing_is_left_alone(run, script):
    script.answers = [500]
    assert states(run(number=5)) == ["failed"] * 3 + ["to_ask"] * 2
    assert len(script.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_an_endpoint_that_will_never_answer_is_a_refusal_without_the_key(run, script, status):
    script.answers = [status]
    with pytest.raises(Refused, match=f"the endpoint answered {status}") as error:
        run()
    assert KEY not in str(error.value)


def refusal(parameter: str | None, words: str, status: int = 400):
    """OpenAI's own shape of an error."""
    error = {"message": words, "type": "invalid_request_error", "param": parameter, "code": "unsupported_parameter"}
    return lambda body: (status, {"error": error}) if "max_tokens" in body else WELL


UNSUPPORTED = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
)


@pytest.mark.parametrize(
    "answer",
    [
        refusal("max_tokens", UNSUPPORTED),
        refusal(None, UNSUPPORTED),
        refusal(None, "max_tokens: extra inputs are not permitted", 422),
    ],
)
def test_an_endpoint_that_knows_the_limit_by_its_newer_name_is_asked_by_that(run, store, script, answer):
    script.answers = [answer]
    endpoint = script.endpoint()
    run(source=lambda: endpoint, number=2)
    limits = [[name for name in ("max_tokens", "max_completion_tokens") if name in body] for body in script.asked]
    assert limits == [["max_tokens"], *[["max_completion_tokens"]] * 2]  # it is told once
    assert script.asked[0]["max_tokens"] == script.asked[1]["max_completion_tokens"]
    assert len(store.all()) == 2


@pytest.mark.parametrize(
    ("parameter", "named", "calls"),
    [("max_tokens", "max_tokens", 2), ("temperature", "temperature", 1), (KEY, None, 1), (["x"], None, 1)],
)
def test_a_parameter_that_is_refused_is_named(run, script, parameter, named, calls):
    script.answers = [(400, {"error": {"message": f"no {KEY}", "param": parameter, "code": "unsupported_value"}})]
    with pytest.raises(Refused) as caught:
        run()
    assert ("refuses the parameter" in str(caught.value)) == (named is not None)
    assert (named or "the endpoint answered 400") in str(caught.value)
    assert KEY not in str(caught.value) and len(script.asked) == calls


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "ftp://127.0.0.1:9"])
def test_a_proxy_that_cannot_be_used_is_a_refusal_and_does_not_matter_on_loopback(
    run, store, script, monkeypatch, proxy
):
    for name in ("all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy)
    script.answers = [WELL]
    run()
    assert len(store.all()) == 1
    with pytest.raises(Refused, match="the proxy that the environment names cannot be used"):
        Endpoint("https://ai.company.example/v1", KEY, retries=0).only_model()


def test_no_endpoint_no_key_no_server(run):
    with pytest.raises(Refused, match=r"no endpoint to ask.*OPENAI_BASE_URL"):
        Endpoint.of(None, {"OPENAI_BASE_URL": ""})
    with pytest.raises(Refused, match=r"no key for the endpoint.*OPENAI_API_KEY"):
        Endpoint.of("http://127.0.0.1:1/v1", {})
    with pytest.raises(Refused, match="must start with http"):
        Endpoint.of("file:///etc/passwd", {"OPENAI_API_KEY": "x"})
    dead = Endpoint.of("http://127.0.0.1:1/v1", {"OPENAI_API_KEY": "x"}, timeout=2.0, retries=0)
    with pytest.raises(Refused, match="does not answer"):
        run(source=lambda: dead)


def test_without_a_name_the_endpoints_only_model_is_asked(run, script):
    script.answers = [WELL]
    assert run(model=None).model == "scripted"


def test_a_dry_run_shows_the_prompt_and_asks_nothing(run, store):
    report = run(source=no_endpoint, number=2, dry_run=True)
    assert states(report) == ["to_ask"] * 2
    assert "Net sales" in report.texts[0].prompt
    assert not store.folder.exists()


def test_answers_on_other_data_or_to_a_changed_request_are_named_stale_and_asked_anew(
    run, store, script, finance, asking
):
    script.answers = [WELL]
    run(number=3)
    assert run(number=1).stale == (), "what is asked less often is not out of date"

    manifest = finance.snapshot.manifest.model_copy(update={"id": "demo-2026Q4-000000000000"})
    later = run(replace(finance, snapshot=Snapshot(finance.snapshot.folder, manifest)))
    assert states(later) == ["asked"]
    assert [one.why for one in later.stale] == [f"made on snapshot {finance.snapshot.id}"] * 3

    other = asking.requests[0].model_copy(update={"ask": "How did {region} do in {week}?"})
    reworded = run(requests=asking.model_copy(update={"requests": (other,)}))
    assert states(reworded) == ["asked"]
    assert sorted((one.number, one.why) for one in reworded.stale) == [
        (1, "its request was changed"),
        (1, "made on snapshot demo-2026Q4-000000000000"),
        (2, "its request was changed"),
        (3, "its request was changed"),
    ]

    renamed = run(requests=asking.model_copy(update={"requests": (other.model_copy(update={"id": "how"}),)}))
    assert {one.why for one in renamed.stale if one.number > 1} == {"its request was taken out"}


def test_a_source_that_answers_something_else_is_refused(run, script, store):
    class Mixed(Endpoint):
        def ask_text(self, asked, model):
            return super().ask_text(asked.model_copy(update={"number": 9}), model)

    script.answers = [WELL]
    with pytest.raises(Refused, match="something else than an answer to what it was asked"):
        run(source=lambda: Mixed(script.url, KEY))
    assert store.all() == []


def test_a_lab_name_cannot_leave_the_store(demo_site):
    with pytest.raises(Refused):
        AnswerStore(demo_site, company="..", lab="finance/x", quarter="2026Q4")
