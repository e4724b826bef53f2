"""The ledger of hand-ins: what was handed in, and when, kept where the learner who handed it in cannot write.

A hand-in's folder carries its time in its name, which the learner's own side writes, and the file system's times do not
survive a copy. So the service notes what Submit tells it by its own clock. The folder's name and a digest of its
content bind the note to the folder, wherever that is copied to later.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from mondaylab.errors import NotFound, Refused
from mondaylab.judging import rules
from mondaylab.judging.handed_in import HandIn, Noted, Witness
from mondaylab.judging.tables import feedback_releases, forms, hand_ins

MOST = 2000
"""Hand-ins of one learner in one cohort that are noted."""


def note(db: Connection, learner: str, hand_in: HandIn, at: str, witness: Witness) -> tuple[Noted, bool]:
    """Writes a line, or finds the one that is there.

    Args:
        db: A connection that writes.
        learner: Whose, as the hub or the folder says.
        hand_in: What.
        at: When, ISO 8601 with its zone.
        witness: Who says so.

    Returns:
        The line, and whether it is new.

    Raises:
        NotFound: The learner has no form in the cohort, and so no business to hand in there.
        Conflict: The folder is noted with other content.
        Refused: The learner has handed in too often.
    """
    own = sa.and_(hand_ins.c.cohort == hand_in.cohort, hand_ins.c.learner == learner)
    row = db.execute(sa.select(hand_ins).where(own, hand_ins.c.folder == hand_in.folder)).mappings().one_or_none()
    if row is not None:
        if (row["assignment"], row["digest"]) != (hand_in.assignment, hand_in.digest):
            raise rules.Conflict("this hand-in is noted with other content", where="folder")
        return _noted(row), False
    if witness == "service":
        _refuse_stranger(db, learner, hand_in.cohort)
    if db.execute(sa.select(sa.func.count()).select_from(hand_ins).where(own)).scalar_one() >= MOST:
        raise Refused(f"more than {MOST} hand-ins", where=hand_in.assignment, fix="ask your instructor")
    out = released(db, hand_in.cohort, hand_in.assignment)
    values = {
        "learner": learner,
        **hand_in.model_dump(),
        "at": at,
        "witness": witness,
        "late": out is not None and datetime.fromisoformat(at) > out,
    }
    db.execute(sa.insert(hand_ins).values(**values))
    (made,) = db.execute(sa.select(hand_ins).where(own, hand_ins.c.folder == hand_in.folder)).mappings()
    return _noted(made), True


def lines(db: Connection, cohort: str, assignment: str) -> list[Noted]:
    """The ledger of one assignment, oldest line first."""
    query = sa.select(hand_ins).where(hand_ins.c.cohort == cohort, hand_ins.c.assignment == assignment)
    return [_noted(row) for row in db.execute(query.order_by(hand_ins.c.seq)).mappings()]


def released(db: Connection, cohort: str, assignment: str) -> datetime | None:
    """When feedback on an assignment was first given out to anybody of the cohort."""
    query = sa.select(feedback_releases.c.released_at).where(
        feedback_releases.c.cohort == cohort, feedback_releases.c.assignment == assignment
    )
    found = db.execute(query).scalar_one_or_none()
    return datetime.fromisoformat(found) if found is not None else None


def release(db: Connection, cohort: str, assignment: str, at: str) -> None:
    """Notes that feedback is out; a second release changes nothing."""
    if released(db, cohort, assignment) is None:
        db.execute(sa.insert(feedback_releases).values(cohort=cohort, assignment=assignment, released_at=at))


def _refuse_stranger(db: Connection, learner: str, cohort: str) -> None:
    query = sa.select(forms.c.form_id).where(forms.c.cohort == cohort, forms.c.learner == learner).limit(1)
    if db.execute(query).first() is None:
        raise NotFound("no such cohort", where="cohort")


def _noted(row: RowMapping) -> Noted:
    told = {name: row[name] for name in ("cohort", "assignment", "folder", "digest")}
    kept = {name: row[name] for name in ("learner", "at", "witness", "late")}
    return Noted.model_validate({"hand_in": told, **kept})
