"""The append-only list of events: writing one, and reading what is in force after all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.engine import Connection, RowMapping

from mondaylab.judging import rules
from mondaylab.judging.answers import (
    Answer,
    AnswerEvent,
    CommitEvent,
    Event,
    EvidenceEvent,
    FormAnswers,
    PromptEvent,
    Receipt,
    Saved,
)
from mondaylab.judging.tables import events
from mondaylab.measures import Measure
from mondaylab.records import content_hash

_MEASURE: TypeAdapter[Measure | None] = TypeAdapter(Measure | None)


def now() -> str:
    """The store's clock: UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def read(db: Connection, form_ids: list[str]) -> list[RowMapping]:
    """All events of these forms, oldest first."""
    query = sa.select(events).where(events.c.form_id.in_(form_ids)).order_by(events.c.seq)
    return list(db.execute(query).mappings())


def commits(db: Connection, form_ids: list[str]) -> dict[tuple[str, str], datetime]:
    """When stages were handed in: (form id, stage) -> time."""
    query = sa.select(events).where(events.c.form_id.in_(form_ids), events.c.kind == "commit")
    return {
        (row["form_id"], row["stage"]): datetime.fromisoformat(row["received_at"])
        for row in db.execute(query).mappings()
    }


def _content(event: Event) -> tuple[str, str | None, str | None, dict[str, Any] | None]:
    """An event's kind, stage, claim and body as stored."""
    match event:
        case AnswerEvent():
            return "answer", event.stage, event.claim_id, event.answer.model_dump(mode="json")
        case CommitEvent():
            return "commit", event.stage, None, None
        case EvidenceEvent():
            return "evidence", None, None, _MEASURE.dump_python(event.measure, mode="json")
        case PromptEvent():
            return "prompt", None, None, {"text": event.prompt}


def repeated(db: Connection, form_id: str, event: Event) -> Receipt | None:
    """The receipt of the event if it is already stored; another event under its id is a conflict."""
    query = sa.select(events).where(events.c.form_id == form_id, events.c.event_id == str(event.event_id))
    row = db.execute(query).mappings().one_or_none()
    if row is None:
        return None
    if (row["kind"], row["stage"], row["claim_id"], json.loads(row["body"])) != _content(event):
        raise rules.Conflict("this event id was used before, with other content", where="event_id")
    return Receipt(receipt=row["receipt"], seq=row["seq"], event_id=row["event_id"], received_at=row["received_at"])


def append(db: Connection, form_id: str, learner: str, event: Event) -> Receipt:
    """Writes an event at the end of the list; the caller has checked that it may be."""
    kind, stage, claim_id, body = _content(event)
    values = {
        "form_id": form_id,
        "event_id": str(event.event_id),
        "learner": learner,
        "kind": kind,
        "stage": stage,
        "claim_id": claim_id,
        "body": json.dumps(body, allow_nan=False),
        "received_at": now(),
    }
    receipt = content_hash(values)[:20]
    seq = db.execute(sa.insert(events).values(**values, receipt=receipt).returning(events.c.seq)).scalar_one()
    return Receipt(receipt=receipt, seq=seq, event_id=event.event_id, received_at=values["received_at"])


def fold(told: Iterable[RowMapping]) -> FormAnswers:
    """What is in force after these events, oldest first."""
    answers: dict[str, dict[str, Answer]] = {"first": {}, "check": {}}
    saved: dict[str, dict[str, Saved]] = {"first": {}, "check": {}}
    committed: dict[str, str] = {}
    evidence = prompt = None
    for row in told:
        body = json.loads(row["body"])
        if row["kind"] == "answer":
            answers[row["stage"]][row["claim_id"]] = Answer.model_validate(body)
            saved[row["stage"]][row["claim_id"]] = Saved(event_id=row["event_id"], received_at=row["received_at"])
        elif row["kind"] == "commit":
            committed[row["stage"]] = row["received_at"]
        elif row["kind"] == "prompt":
            prompt = body["text"]
        else:
            evidence = _MEASURE.validate_python(body)
    return FormAnswers.model_validate(
        {
            "first": answers["first"],
            "check": answers["check"],
            "saved": saved,
            "first_committed": committed.get("first"),
            "check_committed": committed.get("check"),
            "evidence": evidence,
            "prompt": prompt,
        }
    )
