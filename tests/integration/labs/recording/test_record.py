"""Recording against a scripted endpoint on real HTTP: what is asked, kept, replayed and refused, and what fails."""

from __future__ import annotations

import json
import socket
import stat
from dataclasses import replace

import pytest
from tests.support.scripted_model import KEY, completion, said

from mondaylab.errors import Refused
from mondaylab.labs.recorded.store import RecordStore
from mondaylab.labs.recording.endpoint import Endpoint
from mondaylab.labs.recording.session import record_drafts, requests

pytestmark = pytest.mark.usefixtures("no_environment")


@pytest.fixture
def no_environment(monkeypatch):
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):  # as in a company: loopback is never asked through one
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")


def truth_of(fact) -> float:
    return float(fact.value.strip("€").split()[0].replace(",", ""))


def true_sentences(asked) -> list[tuple[str, str, float]]:
    made = []
    for fact in asked.facts:
        what = {"memo_net": "net sales", "memo_margin": "gross margin", "memo_points": "gross margin"}[fact.claim]
        value = truth_of(fact)
        if fact.direction:
            text = (
                f"Against the week before, gross margin on {' in '.join(fact.about)} {fact.direction} by {fact.value}."
            )
        elif fact.claim == "memo_net":
            text = f"Net sales in {fact.about[0]} came to {fact.value}."
        else:
            text = f"The {what} of {fact.about[0]} was {fact.value} in {fact.about[1]}."
        made.append((fact.claim, text, value))
    return made


def run(memo, store, script, **options):
    return record_drafts(memo, store, script.endpoint, **{"model": "scripted", "drafts": 1} | options)


def no_endpoint() -> Endpoint:
    raise AssertionError("asked for an endpoint")


def test_true_sentences_are_recorded_as_sound_and_replayed_without_a_network(memo, store, script, monkeypatch):
    wanted, _ = requests(memo, 2)
    script.answers = [said(*true_sentences(asked)) for asked in wanted]
    report = run(memo, store, script, drafts=2, prices=(0.5, 2.0))
    assert [draft.state for draft in report.drafts] == ["asked", "asked"]
    for draft in report.drafts:
        assert [sentence.operator for sentence in draft.sentences] == [None] * 3
        assert draft.refused == () and draft.model == "scripted-1.5b-2026-11-01"
    assert (report.tokens_in, report.tokens_out) == (800, 100)
    assert report.cost == pytest.approx((800 * 0.5 + 100 * 2.0) / 1e6)

    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    again = record_drafts(memo, store, no_endpoint, model="scripted", drafts=2, prices=(0.5, 2.0))
    assert [draft.state for draft in again.drafts] == ["replayed", "replayed"]
    assert again.cost == 0 and again.cost_of_all == report.cost and again.tokens_in == 0
    assert [d.model_copy(update={"state": "asked"}) for d in again.drafts] == list(report.drafts)


def test_more_drafts_ask_only_for_those_that_are_new(memo, store, script):
    script.answers = [completion("no JSON")]
    run(memo, store, script, drafts=1)
    report = run(memo, store, script, drafts=3)
    assert [draft.state for draft in report.drafts] == ["replayed", "asked", "asked"]
    assert len(script.asked) == 3
    other = run(memo, store, script, drafts=1, model="another")
    assert other.drafts[0].state == "asked"


def test_what_is_sent_is_bounded_and_holds_no_secret(memo, store, script, finance):
    script.answers = [completion("no JSON")]
    run(memo, store, script)
    body = script.asked[0]
    assert body["temperature"] == 0 and 0 < body["max_tokens"] < 1000
    items = body["response_format"]["json_schema"]["schema"]["properties"]["sentences"]
    assert items["maxItems"] == 3 and items["items"]["properties"]["text"]["maxLength"] == 240
    prompt = "\n".join(message["content"] for message in body["messages"])
    assert not [name for name in finance.flaws.operators if name in prompt]
    assert KEY not in prompt and body["authorization"] == f"Bearer {KEY}"
    assert "cache_prompt" not in body
    script.answers = [completion("no JSON")]
    record_drafts(memo, store, lambda: script.endpoint(local=True), model="other", drafts=1)
    assert script.asked[1]["cache_prompt"] is False


def test_a_recording_is_its_owners_alone_and_holds_no_key(memo, store, script):
    script.answers = [completion("no JSON")]
    run(memo, store, script)
    (path,) = store.folder.glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert KEY not in path.read_text()


def test_a_changed_recording_is_named_and_not_used(memo, store, script):
    script.answers = [said(*true_sentences(requests(memo, 1)[0][0]))]
    run(memo, store, script)
    (path,) = store.folder.glob("*.json")
    data = json.loads(path.read_text())
    data["asked"]["facts"][0]["value"] = "€1"
    path.write_text(json.dumps(data))
    assert store.all() == []
    assert "was changed after it was made" in store.damaged()[0]
    with pytest.raises(Refused, match="was changed after it was made"):
        run(memo, store, script)


ANSWERS = {
    "not_json": completion('{"sentences": ['),
    "wrong_shape": completion('{"sentences": [{"claim": "memo_net"}]}'),
    "cut_off": completion('{"sentences": [', finish="length"),
    "filtered": completion("", finish="content_filter"),
    "model_refused": completion(None, refusal="I cannot help with that."),
}


@pytest.mark.parametrize("code", ANSWERS)
def test_an_answer_that_cannot_be_read_is_kept_and_refused_as_a_whole(memo, store, script, code):
    script.answers = [ANSWERS[code]]
    (draft,) = run(memo, store, script).drafts
    assert draft.sentences == () and [(one.claim, one.code) for one in draft.refused] == [(None, code)]
    assert run(memo, store, script).drafts[0].state == "replayed"
    assert len(script.asked) == 1


def test_deep_json_and_absurd_numbers_are_refused(memo, store, script):
    script.answers = [completion("[" * 15000), said(("memo_net", "x", 1e300)), completion('{"sentences": [NaN]}')]
    report = run(memo, store, script, drafts=3)
    assert {one.code for draft in report.drafts for one in draft.refused} <= {"not_json", "wrong_shape"}
    assert all(draft.refused for draft in report.drafts)


@pytest.mark.parametrize(
    "answer, code",
    [(429, "rate_limited"), (500, "endpoint"), (503, "endpoint"), (2.0, "timeout"), (b"<html>", "endpoint"),
     (completion(None), "empty")],
)  # fmt: skip
def test_a_failed_call_is_told_kept_nothing_of_and_asked_again(memo, store, script, answer, code):
    script.answers, patience = [answer], 1.0 if code == "timeout" else 30.0
    report = record_drafts(memo, store, lambda: script.endpoint(timeout=patience), model="scripted", drafts=1)
    assert [(draft.state, draft.failure) for draft in report.drafts] == [("failed", code)]
    assert report.failed and store.all() == []
    script.answers = [completion("no JSON")]
    assert run(memo, store, script).drafts[0].state == "asked"


def test_an_endpoint_that_keeps_failing_is_left_alone(memo, store, script):
    script.answers = [500]
    report = run(memo, store, script, drafts=5)
    assert [draft.state for draft in report.drafts] == ["failed"] * 3 + ["to_ask"] * 2
    assert len(script.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_an_endpoint_that_will_never_answer_is_a_refusal_without_the_key(memo, store, script, status):
    script.answers = [status]
    with pytest.raises(Refused, match=f"the endpoint answered {status}") as error:
        run(memo, store, script)
    assert KEY not in str(error.value)


def refusal(parameter: str | None, words: str, status: int = 400):
    """OpenAI's own shape of an error."""
    error = {"message": words, "type": "invalid_request_error", "param": parameter, "code": "unsupported_parameter"}
    return lambda body: (status, {"error": error}) if "max_tokens" in body else said()


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
def test_an_endpoint_that_knows_the_limit_by_its_newer_name_is_asked_by_that(memo, store, script, answer):
    script.answers = [answer]
    endpoint = script.endpoint()
    record_drafts(memo, store, lambda: endpoint, model="scripted", drafts=2)
    limits = [[name for name in ("max_tokens", "max_completion_tokens") if name in body] for body in script.asked]
    assert limits == [["max_tokens"], *[["max_completion_tokens"]] * 2]  # it is told once
    assert script.asked[0]["max_tokens"] == script.asked[1]["max_completion_tokens"]
    assert len(store.all()) == 2


@pytest.mark.parametrize(
    ("parameter", "named", "calls"),
    [("max_tokens", "max_tokens", 2), ("temperature", "temperature", 1), (KEY, None, 1), (["x"], None, 1)],
)
def test_a_parameter_that_is_refused_is_named(memo, store, script, parameter, named, calls):
    script.answers = [(400, {"error": {"message": f"no {KEY}", "param": parameter, "code": "unsupported_value"}})]
    with pytest.raises(Refused) as caught:
        run(memo, store, script)
    assert ("refuses the parameter" in str(caught.value)) == (named is not None)
    assert (named or "the endpoint answered 400") in str(caught.value)
    assert KEY not in str(caught.value) and len(script.asked) == calls


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "ftp://127.0.0.1:9"])
def test_a_proxy_that_cannot_be_used_is_a_refusal_and_does_not_matter_on_loopback(
    memo, store, script, monkeypatch, proxy
):
    for name in ("all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy)
    script.answers = [said()]
    run(memo, store, script)
    assert len(store.all()) == 1
    with pytest.raises(Refused, match="the proxy that the environment names cannot be used"):
        Endpoint("https://ai.company.example/v1", KEY, retries=0).only_model()


def test_no_endpoint_no_key_no_server(memo, store, script):
    with pytest.raises(Refused, match=r"no endpoint to ask.*OPENAI_BASE_URL"):
        Endpoint.of(None, {"OPENAI_BASE_URL": ""})
    with pytest.raises(Refused, match=r"no key for the endpoint.*OPENAI_API_KEY"):
        Endpoint.of("http://127.0.0.1:1/v1", {})
    with pytest.raises(Refused, match="must start with http"):
        Endpoint.of("file:///etc/passwd", {"OPENAI_API_KEY": "x"})
    dead = Endpoint.of("http://127.0.0.1:1/v1", {"OPENAI_API_KEY": "x"}, timeout=2.0, retries=0)
    with pytest.raises(Refused, match="does not answer"):
        record_drafts(memo, store, lambda: dead, model="m", drafts=1)


def test_without_a_name_the_endpoints_only_model_is_asked(memo, store, script):
    script.answers = [completion("no JSON")]
    assert run(memo, store, script, model=None).model == "scripted"


def test_a_dry_run_shows_the_prompt_and_asks_nothing(memo, store):
    report = record_drafts(memo, store, no_endpoint, drafts=2, dry_run=True)
    assert [draft.state for draft in report.drafts] == ["to_ask"] * 2
    assert "memo_net" in report.drafts[0].prompt
    assert not store.folder.exists()


def test_recordings_of_other_data_or_of_another_declaration_are_named_stale(memo, store, script):
    script.answers = [completion("no JSON")]
    run(memo, store, script)
    assert run(memo, store, script).stale == ()
    lab = memo.declaration.model_copy(update={"minutes": 36})
    changed = run(replace(memo, declaration=lab), store, script)
    assert [one.why for one in changed.stale] == ["the lab was declared otherwise"]
    assert changed.drafts[0].state == "asked"


def test_a_lab_name_cannot_leave_the_store(demo_site):
    with pytest.raises(Refused):
        RecordStore(demo_site, company="..", lab="finance/x", quarter="2026Q4")
