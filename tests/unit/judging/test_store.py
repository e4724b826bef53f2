"""The store's promises: what is locked stays, what is sent twice counts once, what is refused leaves no trace."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.forms.shown import ACTIONS, SEVERITIES, ShownForm
from mondaylab.judging import hand_ins, rules
from mondaylab.judging.answers import PROMPT_LENGTH, Answer, AnswerEvent, CommitEvent, EvidenceEvent, PromptEvent
from mondaylab.judging.handed_in import HandIn
from mondaylab.judging.store import JudgementStore
from mondaylab.measures import Aggregate, Minus

LAB = "finance/weekly_margin_memo"
COHORT = "finance-demo"


def says(claim_id: str, stage: Any = "first", event_id: UUID | None = None, **answer: Any) -> AnswerEvent:
    return AnswerEvent(event_id=event_id or uuid4(), stage=stage, claim_id=claim_id, answer=Answer(**answer))


def count(url: str) -> int:
    with sa.create_engine(url).connect() as db:
        return int(db.execute(sa.text("select count(*) from events")).scalar_one())


def test_registering(store: JudgementStore, form: ShownForm):
    store.register(form, COHORT, "ann")  # the same again
    assert store.form(form.form_id) == form
    assert store.owner(form.form_id) == "ann"
    assert store.cohort(form.form_id) == COHORT
    assert store.latest_form(COHORT, LAB, "ann") == form.form_id
    assert store.latest_form(COHORT, LAB, "bob") is None
    second = form.model_copy(update={"form_id": "f2", "attempt": 2})
    store.register(second, COHORT, "ann")
    assert store.latest_form(COHORT, LAB, "ann") == "f2"
    assert [state.form_id for state in store.forms_of("ann")] == [form.form_id, "f2"]
    assert store.forms_of("bob") == []
    with pytest.raises(Refused, match="already another form"):
        store.register(form, COHORT, "bob")
    with pytest.raises(Refused, match="already another form"):
        store.register(form.model_copy(update={"form_id": "f3"}), COHORT, "ann")
    with pytest.raises(Refused, match="already another form"):
        store.register(form.model_copy(update={"title": "other"}), COHORT, "ann")
    with pytest.raises(NotFound):
        store.form("nope")
    with pytest.raises(NotFound):
        store.answers("nope")


def test_database_is_private_and_durable(store: JudgementStore, url: str):
    path = Path(sa.engine.make_url(url).database or "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with store._engine.connect() as db:
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert db.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


def test_same_event_twice_counts_once(store: JudgementStore, form: ShownForm, url: str):
    claim = next(iter(form.rows()))
    event = says(claim, p=30)
    first, new = store.record(form.form_id, "ann", event)
    again, new_again = store.record(form.form_id, "ann", event)
    assert (new, new_again) == (True, False)
    assert first == again
    assert count(url) == 1
    with pytest.raises(rules.Conflict):
        store.record(form.form_id, "ann", says(claim, p=31, event_id=event.event_id))
    with pytest.raises(rules.Conflict):
        store.commit(form.form_id, "ann", CommitEvent(event_id=event.event_id, stage="first"))
    assert count(url) == 1
    assert store.answers(form.form_id).first == {claim: Answer(p=30)}


def test_latest_answer_is_in_force(store: JudgementStore, form: ShownForm):
    claim = next(iter(form.rows()))
    for p in (10, None, 70):
        receipt, _ = store.record(form.form_id, "ann", says(claim, p=p))
    answers = store.answers(form.form_id)
    assert answers.first[claim].p == 70
    assert answers.saved["first"][claim].event_id == receipt.event_id


def refused_events(form: ShownForm) -> list[tuple[str, str, AnswerEvent]]:
    claim = next(iter(form.rows()))
    wordless = next(row.claim_id for row in form.rows().values() if row.unit is None)
    return [
        ("bob", form.form_id, says(claim, p=1)),
        ("ann", "f-other", says(claim, p=1)),
        ("ann", form.form_id, says("c-unknown", p=1)),
        ("ann", form.form_id, says(claim, "check", p=1)),
        ("ann", form.form_id, says(claim, p=90, kind="number")),
        ("ann", form.form_id, says(claim, p=90, severity="minor")),
        ("ann", form.form_id, says(claim, p=90, value=1.0)),
        ("ann", form.form_id, says(wordless, p=90, value=1.0)),
    ]


def test_refused_events_leave_no_trace(store: JudgementStore, form: ShownForm, url: str):
    for learner, form_id, event in refused_events(form):
        with pytest.raises(MondaylabError):
            store.record(form_id, learner, event)
    assert count(url) == 0


def test_another_learners_form_looks_like_none(store: JudgementStore, form: ShownForm):
    claim = next(iter(form.rows()))
    with pytest.raises(NotFound) as others:
        store.record(form.form_id, "bob", says(claim, p=1))
    with pytest.raises(NotFound) as none:
        store.record("f-nope", "bob", says(claim, p=1))
    assert str(others.value) == str(none.value)


def test_check_asks_more_of_doubted_rows(store: JudgementStore, form: ShownForm, fill: Any, url: str):
    fill(store, form, "ann", "first")
    rows = list(form.rows())
    for claim_id in rows:
        store.record(form.form_id, "ann", says(claim_id, "check", p=10, action="use"))
    store.record(form.form_id, "ann", says(rows[0], "check", p=50, action="fix"))
    store.record(form.form_id, "ann", says(rows[3], "check", p=90, action="fix", kind="number"))
    before = count(url)
    with pytest.raises(rules.Incomplete) as caught:
        store.commit(form.form_id, "ann", CommitEvent(event_id=uuid4(), stage="check"))
    assert caught.value.missing == (rows[0], rows[3])
    with pytest.raises(Refused, match="unknown kind"):
        store.record(form.form_id, "ann", says(rows[0], "check", p=50, kind="nonsense"))
    assert count(url) == before
    store.record(form.form_id, "ann", says(rows[0], "check", p=49, action="fix"))
    store.record(
        form.form_id, "ann", says(rows[3], "check", p=90, action="fix", kind="number", severity="minor", value=3)
    )
    receipt, _ = store.commit(form.form_id, "ann", CommitEvent(event_id=uuid4(), stage="check"))
    assert store.answers(form.form_id).check_committed == receipt.received_at


def test_commit_twice_is_locked_but_a_retry_is_answered(store: JudgementStore, form: ShownForm, fill: Any):
    fill(store, form, "ann", "first")
    with pytest.raises(rules.Locked):
        store.commit(form.form_id, "ann", CommitEvent(event_id=uuid4(), stage="first"))
    stamp = store.answers(form.form_id).first_committed
    assert stamp is not None
    assert store.forms_of("ann")[0].first_committed == stamp


def test_retry_of_a_stored_event_is_answered_after_the_lock(store: JudgementStore, form: ShownForm, fill: Any):
    event = says(next(iter(form.rows())), p=30)
    first, _ = store.record(form.form_id, "ann", event)
    fill(store, form, "ann", "first")
    store.close(COHORT, LAB)
    assert store.record(form.form_id, "ann", event) == (first, False)


def test_closing(store: JudgementStore, form: ShownForm, url: str):
    assert not store.closed(COHORT, LAB)
    store.close(COHORT, LAB)
    store.close(COHORT, LAB)
    assert store.closed(COHORT, LAB)
    assert not store.closed("other", LAB)
    assert store.forms_of("ann")[0].closed
    with pytest.raises(rules.Locked, match="closed"):
        store.record(form.form_id, "ann", says(next(iter(form.rows())), p=1))
    with pytest.raises(rules.Locked, match="closed"):
        store.record_evidence(form.form_id, "ann", EvidenceEvent(event_id=uuid4(), measure=None))
    with pytest.raises(rules.Locked, match="closed"):
        store.record_prompt(form.form_id, "ann", PromptEvent(event_id=uuid4(), prompt="Write."))
    assert count(url) == 0


def test_evidence_stays_open_after_the_judgement_is_in(store: JudgementStore, form: ShownForm, fill: Any):
    fill(store, form, "ann", "first")
    fill(store, form, "ann", "check")
    measure = Minus(
        left=Aggregate(how="sum", entity="order_line", field="net"), right=Aggregate(how="count", entity="order")
    )
    event = EvidenceEvent(event_id=uuid4(), measure=measure)
    first, new = store.record_evidence(form.form_id, "ann", event)
    assert new
    assert store.record_evidence(form.form_id, "ann", event) == (first, False)
    assert store.answers(form.form_id).evidence == measure
    deep: Any = Aggregate(how="count", entity="order")
    for _ in range(rules.MEASURE_DEPTH):
        deep = Minus(left=deep, right=Aggregate(how="count", entity="order"))
    with pytest.raises(Refused, match="deeply"):
        store.record_evidence(form.form_id, "ann", EvidenceEvent(event_id=uuid4(), measure=deep))
    assert store.answers(form.form_id).evidence == measure


def test_the_prompt_that_was_checked_last_is_in_force(store: JudgementStore, form: ShownForm):
    assert store.answers(form.form_id).prompt is None
    for text in ("Write the memo.", "Write it better. 🙂"):
        event = PromptEvent(event_id=uuid4(), prompt=text)
        first, new = store.record_prompt(form.form_id, "ann", event)
        assert new and store.record_prompt(form.form_id, "ann", event) == (first, False)
        assert store.answers(form.form_id).prompt == text
    assert store.answers(form.form_id).evidence is None
    with pytest.raises(NotFound):
        store.record_prompt(form.form_id, "bob", PromptEvent(event_id=uuid4(), prompt="Mine."))
    for text in ("", "x" * (PROMPT_LENGTH + 1), "\x00", "\ud800", 3):
        with pytest.raises(Refused):
            PromptEvent.parse({"event_id": str(uuid4()), "prompt": text}, where="body")


def test_progress_counts(store: JudgementStore, form: ShownForm, fill: Any):
    store.register(form.model_copy(update={"form_id": "f-bob"}), COHORT, "bob")
    fill(store, form, "ann", "first")
    store.record("f-bob", "bob", says(next(iter(form.rows())), p=30))
    ann, bob = store.progress(COHORT, LAB)
    assert (ann.learner, ann.rows, ann.first_answered, ann.check_answered) == ("ann", 19, 19, 0)
    assert ann.first_committed is not None
    assert (bob.learner, bob.first_answered, bob.first_committed) == ("bob", 0, None)


def test_concurrent_writers_lose_nothing(url: str, store: JudgementStore, form: ShownForm):
    rows = list(form.rows())

    def write(worker: int) -> None:
        mine = JudgementStore(url)
        for index, claim_id in enumerate(rows):
            mine.record(form.form_id, "ann", says(claim_id, p=(worker * 19 + index) % 101))
        mine.dispose()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert count(url) == 6 * len(rows)
    assert set(store.answers(form.form_id).first) == set(rows)


def test_one_event_sent_by_many_at_once_counts_once(url: str, store: JudgementStore, form: ShownForm):
    event = says(next(iter(form.rows())), p=42)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: store.record(form.form_id, "ann", event), range(8)))
    assert sum(new for _, new in told) == 1
    assert len({receipt.receipt for receipt, _ in told}) == 1
    assert count(url) == 1


answers = st.builds(
    Answer,
    p=st.none() | st.integers(0, 100),
    action=st.none() | st.sampled_from(ACTIONS),
    kind=st.none() | st.sampled_from(["number", "policy", "nonsense"]),
    severity=st.none() | st.sampled_from(SEVERITIES),
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
steps = st.lists(
    st.tuples(
        st.sampled_from(["answer", "answer", "answer", "complete", "commit", "close"]),
        st.sampled_from(["first", "check"]),
        st.integers(0, 20),
        answers,
        st.sampled_from(["ann", "ann", "ann", "bob"]),
        st.integers(1, 6),
    ),
    max_size=25,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_no_sequence_of_events_changes_a_locked_answer(
    tmp_path_factory: pytest.TempPathFactory, form: ShownForm, told: Any
):
    store = JudgementStore(f"sqlite:///{tmp_path_factory.mktemp('db') / 'j.sqlite'}")
    store.register(form, COHORT, "ann")
    rows = [*form.rows(), "c-unknown", "m-unknown"]
    locked: dict[str, dict[str, Answer]] = {}
    for what, stage, index, answer, learner, number in told:
        event_id = UUID(int=number) if what == "answer" and index % 3 == 0 else uuid4()
        try:
            if what == "answer":
                event = AnswerEvent(event_id=event_id, stage=stage, claim_id=rows[index], answer=answer)
                store.record(form.form_id, learner, event)
                assert learner == "ann"
                assert rows[index] in form.rows()
            elif what == "complete":
                for claim_id in form.rows():
                    store.record(form.form_id, learner, says(claim_id, stage, p=number, action="verify"))
            elif what == "commit":
                store.commit(form.form_id, learner, CommitEvent(event_id=event_id, stage=stage))
                locked.setdefault(stage, store.answers(form.form_id).stage(stage))
            else:
                store.close(COHORT, LAB)
                now = store.answers(form.form_id)
                locked = {"first": now.first, "check": now.check}
        except MondaylabError:
            pass
        now = store.answers(form.form_id)
        for name, kept in locked.items():
            assert now.stage(name) == kept
        assert not now.check or now.first_committed
    for stage in ("first", "check"):
        if now := store.answers(form.form_id).committed(stage):
            assert now
            assert rules.missing(form, stage, store.answers(form.form_id).stage(stage)) == ()
    store.dispose()


def hand_in(folder: str = "memo+2026-11-02 09:00:00.000000 UTC+aa", digest: str = "a" * 64, **fields: str) -> HandIn:
    told = {"cohort": COHORT, "assignment": "memo", "folder": folder, "digest": digest, **fields}
    return HandIn.parse(told, where="test")


def test_a_hand_in_is_noted_once_and_never_changed(store: JudgementStore):
    noted, new = store.note_hand_in("ann", hand_in())
    assert new and noted.witness == "service" and not noted.late
    assert store.note_hand_in("ann", hand_in()) == (noted, False)
    assert store.note_seen("ann", hand_in(), at=0.0) == noted, "who comes later changes no time"
    with pytest.raises(rules.Conflict, match="other content"):
        store.note_hand_in("ann", hand_in(digest="b" * 64))
    assert store.hand_ins(COHORT, "memo") == [noted]
    assert store.hand_ins(COHORT, "other") == store.hand_ins("other", "memo") == []


def test_strangers_to_a_cohort_note_nothing_there(store: JudgementStore):
    for learner, told in (("bob", hand_in()), ("ann", hand_in(cohort="other"))):
        with pytest.raises(NotFound, match="no such cohort"):
            store.note_hand_in(learner, told)
    assert store.hand_ins(COHORT, "memo") == []


def test_what_is_seen_keeps_the_time_it_was_seen_with(store: JudgementStore):
    seen = store.note_seen("bob", hand_in(), at=1_700_000_000.25)
    assert seen.at.timestamp() == 1_700_000_000.25
    assert seen.witness == "collect"


def test_after_feedback_a_hand_in_is_late(store: JudgementStore):
    store.note_hand_in("ann", hand_in())
    assert store.feedback_released(COHORT, "memo") is None
    store.release_feedback(COHORT, "memo")
    first = store.feedback_released(COHORT, "memo")
    store.release_feedback(COHORT, "memo")
    assert store.feedback_released(COHORT, "memo") == first
    late = [
        store.note_seen("ann", hand_in("memo+x+1"), at=first.timestamp() + 1).late,
        store.note_seen("ann", hand_in("memo+x+2"), at=first.timestamp() - 1).late,
        store.note_seen("ann", hand_in("other+x+3", assignment="other"), at=first.timestamp() + 1).late,
    ]
    assert late == [True, False, False]


def test_nobody_fills_the_ledger(store: JudgementStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hand_ins, "MOST", 2)
    for number in range(2):
        store.note_hand_in("ann", hand_in(f"memo+x+{number}"))
    with pytest.raises(Refused, match="more than 2 hand-ins"):
        store.note_hand_in("ann", hand_in("memo+x+2"))
    store.note_hand_in("ann", hand_in("memo+x+1"))  # the same again is no new one


@pytest.mark.parametrize(
    "fields",
    [{"folder": "a/b"}, {"folder": ""}, {"digest": "A" * 64}, {"assignment": "../x"}, {"cohort": "a b"}, {"at": "x"}],
)
def test_only_names_and_digests_are_taken(fields: dict[str, str]):
    with pytest.raises(Refused):
        hand_in(**fields)
