"""Where judgements lie: forms as shown, an append-only list of events, and which labs are closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, RowMapping

from mondaylab.errors import NotFound, Refused
from mondaylab.forms.shown import ShownForm
from mondaylab.judging import hand_ins, journal, rules, tables
from mondaylab.judging.answers import (
    AnswerEvent,
    CommitEvent,
    EvidenceEvent,
    FormAnswers,
    FormState,
    Progress,
    PromptEvent,
    Receipt,
)
from mondaylab.judging.handed_in import HandIn, Noted
from mondaylab.judging.tables import closings, forms


class JudgementStore:
    """Judgements in SQLite or PostgreSQL. Every rule is checked inside the transaction that writes, one at a time.

    When a method that writes returns, the change is on disk (SQLite runs with ``synchronous=FULL``, PostgreSQL with
    ``synchronous_commit=on`` or what its server asks beyond that).

    Args:
        url: SQLAlchemy URL, such as ``sqlite:////srv/var/hub/judgements.sqlite`` or
            ``postgresql://hub:secret@db.example/judgements``. That PostgreSQL role must be allowed to make tables.

    Raises:
        Refused: As `tables.engine`.
    """

    def __init__(self, url: str) -> None:
        self._engine: Engine = tables.engine(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.dispose()

    def dispose(self) -> None:
        """Closes the pooled connections."""
        self._engine.dispose()

    # -- forms
    def register(self, form: ShownForm, cohort: str, learner: str) -> None:
        """Makes a form known as this learner's; the same again changes nothing.

        Raises:
            Refused: The form id, or this attempt of this learner, is already another form.
        """
        row = {
            "form_id": form.form_id,
            "cohort": cohort,
            "learner": learner,
            "lab": form.lab,
            "attempt": form.attempt,
            "title": form.title,
            "shown": form.canonical(),
        }
        known_as = sa.or_(
            forms.c.form_id == form.form_id,
            sa.and_(
                forms.c.cohort == cohort,
                forms.c.lab == form.lab,
                forms.c.learner == learner,
                forms.c.attempt == form.attempt,
            ),
        )
        with self._writing() as db:
            for known in db.execute(sa.select(forms).where(known_as)).mappings():
                if {name: known[name] for name in row} != row:
                    raise Refused(
                        f"attempt {form.attempt} of {learner} in {cohort} is already another form",
                        where=form.lab,
                        fix="restore all of var/, keys, forms and judgements, from one backup",
                    )
                return
            db.execute(sa.insert(forms).values(**row, registered_at=journal.now()))

    def forms_of(self, learner: str) -> list[FormState]:
        """A learner's own forms, by cohort, lab and attempt."""
        with self._reading() as db:
            found = db.execute(sa.select(forms).where(forms.c.learner == learner).order_by(*_ORDER)).mappings().all()
            stamps = journal.commits(db, [row["form_id"] for row in found])
            closed = {(row.cohort, row.lab) for row in db.execute(sa.select(closings))}
        return [
            FormState(
                form_id=row["form_id"],
                cohort=row["cohort"],
                lab=row["lab"],
                title=row["title"],
                attempt=row["attempt"],
                first_committed=stamps.get((row["form_id"], "first")),
                check_committed=stamps.get((row["form_id"], "check")),
                closed=(row["cohort"], row["lab"]) in closed,
            )
            for row in found
        ]

    def form(self, form_id: str) -> ShownForm:
        """The form as shown.

        Raises:
            NotFound: There is none of that id.
        """
        with self._reading() as db:
            return _shown(_form_row(db, form_id))

    def owner(self, form_id: str) -> str:
        """The learner whose form it is; raises as `form`."""
        with self._reading() as db:
            return str(_form_row(db, form_id)["learner"])

    def cohort(self, form_id: str) -> str:
        """The cohort it belongs to; raises as `form`."""
        with self._reading() as db:
            return str(_form_row(db, form_id)["cohort"])

    def latest_form(self, cohort: str, lab: str, learner: str) -> str | None:
        """Id of the learner's newest attempt at a lab, if there is one."""
        query = sa.select(forms.c.form_id).where(
            forms.c.cohort == cohort, forms.c.lab == lab, forms.c.learner == learner
        )
        with self._reading() as db:
            return db.execute(query.order_by(forms.c.attempt.desc()).limit(1)).scalar_one_or_none()

    # -- what learners say
    def record(self, form_id: str, learner: str, event: AnswerEvent) -> tuple[Receipt, bool]:
        """Appends an answer.

        Returns:
            The receipt, and whether the event is new (an event sent twice gets its first receipt again).

        Raises:
            NotFound: The learner has no such form; another learner's form is not told apart from none.
            Conflict: The event id is known with other content.
            Locked: The stage is not open (any more), or the lab is closed.
            Refused: The form does not ask for this answer.
        """
        with self._writing() as db:
            row = _own_form(db, form_id, learner)
            known = journal.repeated(db, form_id, event)
            if known is not None:
                return known, False
            rules.check_open(_stamps(db, form_id), event.stage, closed=_is_closed(db, row["cohort"], row["lab"]))
            rules.check_answer(_shown(row), event.stage, event.claim_id, event.answer)
            return journal.append(db, form_id, learner, event), True

    def commit(self, form_id: str, learner: str, event: CommitEvent) -> tuple[Receipt, bool]:
        """Hands in and locks a stage; returns and raises as `record`, and:

        Raises:
            Incomplete: Rows are not fully judged; `missing` names them.
        """
        with self._writing() as db:
            row = _own_form(db, form_id, learner)
            known = journal.repeated(db, form_id, event)
            if known is not None:
                return known, False
            so_far = journal.fold(journal.read(db, [form_id]))
            rules.check_open(so_far, event.stage, closed=_is_closed(db, row["cohort"], row["lab"]))
            missing = rules.missing(_shown(row), event.stage, so_far.stage(event.stage))
            if missing:
                raise rules.Incomplete(missing)
            return journal.append(db, form_id, learner, event), True

    def record_evidence(self, form_id: str, learner: str, event: EvidenceEvent) -> tuple[Receipt, bool]:
        """Appends the measure from the evidence builder; open until the lab is closed. As `record` otherwise."""
        if event.measure is not None:
            rules.check_measure(event.measure)
        return self._until_closed(form_id, learner, event)

    def record_prompt(self, form_id: str, learner: str, event: PromptEvent) -> tuple[Receipt, bool]:
        """Appends the prompt that the notebook's check read; open until the lab is closed. As `record` otherwise."""
        return self._until_closed(form_id, learner, event)

    def _until_closed(self, form_id: str, learner: str, event: EvidenceEvent | PromptEvent) -> tuple[Receipt, bool]:
        with self._writing() as db:
            row = _own_form(db, form_id, learner)
            known = journal.repeated(db, form_id, event)
            if known is not None:
                return known, False
            if _is_closed(db, row["cohort"], row["lab"]):
                raise rules.Locked("this lab is closed")
            return journal.append(db, form_id, learner, event), True

    def answers(self, form_id: str) -> FormAnswers:
        """Everything in force for a form; raises as `form`."""
        with self._reading() as db:
            _form_row(db, form_id)
            return journal.fold(journal.read(db, [form_id]))

    # -- a cohort
    def close(self, cohort: str, lab: str) -> None:
        """Closes a lab for the whole cohort: nothing changes any more. Closing twice changes nothing."""
        with self._writing() as db:
            if not _is_closed(db, cohort, lab):
                db.execute(sa.insert(closings).values(cohort=cohort, lab=lab, closed_at=journal.now()))

    def closed(self, cohort: str, lab: str) -> bool:
        """Whether the lab is closed for the cohort."""
        with self._reading() as db:
            return _is_closed(db, cohort, lab)

    def progress(self, cohort: str, lab: str) -> list[Progress]:
        """How far each learner is, by learner and attempt."""
        with self._reading() as db:
            query = sa.select(forms).where(forms.c.cohort == cohort, forms.c.lab == lab).order_by(*_ORDER)
            found = db.execute(query).mappings().all()
            told = journal.read(db, [row["form_id"] for row in found])
        lines = []
        for row in found:
            shown = _shown(row)
            answers = journal.fold(event for event in told if event["form_id"] == row["form_id"])
            total = len(shown.rows())
            lines.append(
                Progress(
                    learner=row["learner"],
                    form_id=row["form_id"],
                    attempt=row["attempt"],
                    rows=total,
                    first_answered=total - len(rules.missing(shown, "first", answers.first)),
                    check_answered=total - len(rules.missing(shown, "check", answers.check)),
                    first_committed=answers.first_committed,
                    check_committed=answers.check_committed,
                    evidence=answers.evidence is not None,
                )
            )
        return lines

    # -- hand-ins
    def note_hand_in(self, learner: str, hand_in: HandIn) -> tuple[Noted, bool]:
        """Notes a hand-in at this moment, by the store's clock; raises as `hand_ins.note`.

        Returns:
            The line of the ledger, and whether it is new: the same hand-in keeps its first time.
        """
        with self._writing() as db:
            return hand_ins.note(db, learner, hand_in, journal.now(), "service")

    def note_seen(self, learner: str, hand_in: HandIn, at: float) -> Noted:
        """Notes a hand-in that Collect found without a line, with the time that the file system gives it.

        Args:
            learner: Whose folder it lies in.
            hand_in: What was found.
            at: Seconds since the epoch.
        """
        with self._writing() as db:
            stamp = datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")
            return hand_ins.note(db, learner, hand_in, stamp, "collect")[0]

    def hand_ins(self, cohort: str, assignment: str) -> list[Noted]:
        """All that is noted of an assignment, oldest line first."""
        with self._reading() as db:
            return hand_ins.lines(db, cohort, assignment)

    def release_feedback(self, cohort: str, assignment: str) -> None:
        """Notes that feedback on an assignment is out: whatever is handed in after this is late."""
        with self._writing() as db:
            hand_ins.release(db, cohort, assignment, journal.now())

    def feedback_released(self, cohort: str, assignment: str) -> datetime | None:
        """When feedback on an assignment was first given out to anybody of the cohort."""
        with self._reading() as db:
            return hand_ins.released(db, cohort, assignment)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as db, db.begin():
            yield db

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(**tables.WRITING) as db, db.begin():
            yield db


_ORDER = (forms.c.cohort, forms.c.lab, forms.c.learner, forms.c.attempt)


def _shown(row: RowMapping) -> ShownForm:
    return ShownForm.model_validate_json(row["shown"])


def _form_row(db: Connection, form_id: str) -> RowMapping:
    row = db.execute(sa.select(forms).where(forms.c.form_id == form_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("no such form", where="form_id")
    return row


def _own_form(db: Connection, form_id: str, learner: str) -> RowMapping:
    query = sa.select(forms).where(forms.c.form_id == form_id, forms.c.learner == learner)
    row = db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("no such form", where="form_id")
    return row


def _is_closed(db: Connection, cohort: str, lab: str) -> bool:
    query = sa.select(closings.c.lab).where(closings.c.cohort == cohort, closings.c.lab == lab)
    return db.execute(query).first() is not None


def _stamps(db: Connection, form_id: str) -> FormAnswers:
    """When the form's stages were handed in, without its answers."""
    stamps = journal.commits(db, [form_id])
    return FormAnswers(first_committed=stamps.get((form_id, "first")), check_committed=stamps.get((form_id, "check")))
