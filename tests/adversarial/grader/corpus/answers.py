"""Judgements that are forged, borrowed, late, replayed or no judgement; all sent to the real judgement service."""

from __future__ import annotations

from uuid import uuid4

from .attack import JUDGED, HandIn, attack


@attack(earns=JUDGED, shows=True)
def changes_its_first_look(it: HandIn) -> None:
    """Sends its first look again when it knows better, and hands it in again."""
    it.judge("first", p=lambda claim: 50)
    before = it.call("GET", f"forms/{it.form.form_id}").json()
    it.judge("check")
    for claim in it.truth.claims:
        assert it.say("first", claim.claim_id, p=100 * claim.flawed, action="use").status_code == 409
    assert it.commit("first").status_code == 409
    after = it.call("GET", f"forms/{it.form.form_id}").json()
    assert (after["answers"]["first"], after["committed"]["first"]) == (
        before["answers"]["first"],
        before["committed"]["first"],
    )


@attack(earns={"judgement": 0.0, "diagnosis": 0.0, "decision": 0.0})
def replays_events(it: HandIn) -> None:
    """Sends old events again under their ids, with the old content and with better content, after handing in wrong."""
    sent = []
    for stage in ("first", "check"):
        for claim in it.truth.claims:
            said = {"p": 100 - 100 * claim.flawed, "action": "use"}
            if stage == "check" and said["p"] >= 50:
                said |= {"kind": it.form.groups[0].kinds[0].id, "severity": "minor"}
            body = {"event_id": str(uuid4()), "stage": stage, "claim_id": claim.claim_id, "answer": said}
            sent.append((claim, body, it.call("POST", f"forms/{it.form.form_id}/events", body)))
        assert it.commit(stage).status_code == 201
    for claim, body, first in sent:
        again = it.call("POST", f"forms/{it.form.form_id}/events", body)
        assert (first.status_code, again.status_code) == (201, 200) and again.json() == first.json()
        better = body | {"answer": {"p": 100 * claim.flawed, "action": "use"}}
        assert it.call("POST", f"forms/{it.form.form_id}/events", better).status_code == 409


@attack()
def checks_before_its_first_look(it: HandIn) -> None:
    """Answers after checking without ever having handed in a first look."""
    for claim in it.truth.claims:
        assert it.say("check", claim.claim_id, p=100 * claim.flawed, action="use").status_code == 409
    assert it.commit("check").status_code == 409


@attack()
def hands_in_nothing_twice(it: HandIn) -> None:
    """Commits stages without a single answer."""
    for stage in ("first", "check", "first"):
        assert it.commit(stage).status_code == 409


@attack()
def answers_in_a_neighbours_form(it: HandIn) -> None:
    """Reads the honest learner's form and answers with its own token, and spoils what they said."""
    theirs = it.box.forms[it.victim].shown
    assert it.call("GET", f"forms/{theirs.form_id}").status_code == 404
    for claim_id in list(theirs.rows())[:3]:
        for stage in ("first", "check"):
            assert it.say(stage, claim_id, theirs.form_id, p=0, action="use").status_code == 404
    body = {"event_id": str(uuid4()), "measure": None}
    assert it.call("POST", f"forms/{theirs.form_id}/evidence", body).status_code == 404


@attack()
def borrows_a_neighbours_answers(it: HandIn) -> None:
    """Sends the honest learner's answers, with their claim ids, to its own form."""
    for claim in it.box.forms[it.victim].key.claims:
        told = it.say("first", claim.claim_id, p=100 * claim.flawed, action="use")
        assert told.status_code == 400 and "no such claim" in told.json()["error"]["what"]


@attack()
def comes_with_another_token(it: HandIn) -> None:
    """Comes with a made-up token, a service's, and claims another name in the event."""
    claim = it.truth.claims[0].claim_id
    for token, status in (("tok-nobody", 403), ("tok-svc", 403)):
        body = {"event_id": str(uuid4()), "stage": "first", "claim_id": claim, "answer": {"p": 1, "action": "use"}}
        assert it.call("POST", f"forms/{it.form.form_id}/events", body, token=token).status_code == status
    named = {"event_id": str(uuid4()), "stage": "first", "claim_id": claim, "learner": it.victim, "answer": {"p": 1}}
    assert it.call("POST", f"forms/{it.form.form_id}/events", named).status_code == 400


@attack()
def writes_its_own_receipt(it: HandIn) -> None:
    """Sends events with receipts, times and places in the order that it made up."""
    claim = it.truth.claims[0].claim_id
    for more in ({"receipt": "0" * 20}, {"received_at": "2020-01-01T00:00:00Z"}, {"seq": 1}, {"committed": True}):
        body = {"event_id": str(uuid4()), "stage": "first", "claim_id": claim, "answer": {"p": 1, "action": "use"}}
        assert it.call("POST", f"forms/{it.form.form_id}/events", body | more).status_code == 400


@attack()
def sends_odd_probabilities(it: HandIn) -> None:
    """Sends NaN, infinities, negative numbers, texts, truth values, fractions and 10^400."""
    claim = it.truth.claims[0].claim_id
    for value in (
        "NaN",
        "Infinity",
        "-Infinity",
        "-1",
        "101",
        '"100"',
        "true",
        "50.5",
        "1e400",
        "1" + "0" * 400,
        "[1]",
    ):
        body = f'{{"event_id": "{uuid4()}", "stage": "first", "claim_id": "{claim}", "answer": {{"p": {value}}}}}'
        told = it.call("POST", f"forms/{it.form.form_id}/events", body.encode())
        assert told.status_code == 400 and told.json()["error"]["what"], value
    assert it.call("GET", f"forms/{it.form.form_id}").json()["answers"]["first"] == {}


@attack(earns={"judgement": 40.0, "decision": 10.0, "diagnosis": 10.0})
def corrects_with_odd_values(it: HandIn) -> None:
    """Sends corrected values that are no number or beyond any; the honest ones sent after them count."""
    it.judge("first")
    claim = next(claim for claim in it.truth.claims if claim.unit)
    for value in ("NaN", "1e999", "-Infinity", '"12"', "true", 'null, "truth": 1', "1" + "0" * 400):
        body = (
            f'{{"event_id": "{uuid4()}", "stage": "check", "claim_id": "{claim.claim_id}", '
            f'"answer": {{"p": 90, "action": "fix", "value": {value}}}}}'
        )
        assert it.call("POST", f"forms/{it.form.form_id}/events", body.encode()).status_code == 400, value
    it.judge("check")


@attack(earns={"judgement": 0.0, "diagnosis": 0.0, "decision": 0.0})
def doubts_everything(it: HandIn) -> None:
    """Says of every row that it is wrong."""
    it.judge("first", p=lambda claim: 100)
    it.judge("check", p=lambda claim: 100)


@attack(earns={"judgement": 0.0, "diagnosis": 0.0, "decision": 0.0})
def trusts_everything(it: HandIn) -> None:
    """Says of every row that it is right."""
    it.judge("first", p=lambda claim: 0)
    it.judge("check", p=lambda claim: 0)


@attack(earns={"judgement": 0.0, "diagnosis": 0.0, "decision": 0.0})
def says_the_share_of_flaws_everywhere(it: HandIn) -> None:
    """Gives every row the share of flaws, the best of all constant answers."""
    share = round(100 * it.truth.flawed_share())
    it.judge("first", p=lambda claim: share)
    it.judge("check", p=lambda claim: share)


@attack(evidence="unchanged")
def builds_measures_that_are_none(it: HandIn) -> None:
    """Saves measures in the evidence builder that are too deep, of no table, or a number by hand."""
    it.cell("evidence_answer").source = it.box.cell(it.box.released(), "evidence_answer").source
    one = {"kind": "aggregate", "how": "count", "entity": "order_line"}
    deep: dict[str, object] = one
    for _ in range(40):
        deep = {"kind": "minus", "left": deep, "right": one}
    for measure in (
        deep,
        {"kind": "constant", "value": it.figure()},
        it.figure(),
        "evidence",
        {"kind": "aggregate"},
        [],
    ):
        body = {"event_id": str(uuid4()), "measure": measure}
        assert it.call("POST", f"forms/{it.form.form_id}/evidence", body).status_code == 400, measure


@attack(evidence="wrong_type")
def builds_a_measure_of_nothing(it: HandIn) -> None:
    """Saves a measure over a table and a field that do not exist."""
    it.cell("evidence_answer").source = it.box.cell(it.box.released(), "evidence_answer").source
    measure = {"kind": "aggregate", "how": "sum", "entity": "../keys", "field": "__class__"}
    body = {"event_id": str(uuid4()), "measure": measure}
    assert it.call("POST", f"forms/{it.form.form_id}/evidence", body).status_code == 201


@attack()
def floods_the_service(it: HandIn) -> None:
    """Sends bodies that are no event, too large, too deep, or addressed nowhere."""
    events = f"forms/{it.form.form_id}/events"
    for body, status in ((b"x" * 70_000, 413), (b"[" * 60_000, 400), (b"\xff\x00", 400), (b"", 400)):
        assert it.call("POST", events, body).status_code == status
    for path in ("forms/..%2f..%2fkeys", "forms/%00", "forms/'%20or%201=1--", f"../{events}"):
        assert it.call("GET", path).status_code in (404, 405), path


@attack(no_form=True)
def was_never_given_a_form(it: HandIn) -> None:
    """Hands in for a cohort it is not in: nothing is scored, nothing is full marks."""
    assert it.call("GET", "forms").json()["forms"] == []
