"""The judgement store's three tables, and an engine that never calls an answer saved before it is on disk."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url

WRITING = {"mondaylab_writing": True}
"""Execution option of a connection that will write: SQLite then takes its write lock at once."""
BUSY_SECONDS = 15
"""How long a writer waits for another before it gives up."""

metadata = sa.MetaData()

forms = sa.Table(
    "forms",
    metadata,
    sa.Column("form_id", sa.String(200), primary_key=True),
    sa.Column("cohort", sa.String(200), nullable=False),
    sa.Column("learner", sa.String(200), nullable=False, index=True),
    sa.Column("lab", sa.String(200), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("registered_at", sa.String(40), nullable=False),
    sa.UniqueConstraint("cohort", "lab", "learner", "attempt"),
)

# appended to, never updated: what is in force is the latest event of its kind
events = sa.Table(
    "events",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("form_id", sa.ForeignKey("forms.form_id"), nullable=False),
    sa.Column("event_id", sa.String(36), nullable=False),
    sa.Column("learner", sa.String(200), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("stage", sa.String(20)),
    sa.Column("claim_id", sa.String(200)),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("receipt", sa.String(40), nullable=False),
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.UniqueConstraint("form_id", "event_id"),
    sqlite_autoincrement=True,
)

closings = sa.Table(
    "closings",
    metadata,
    sa.Column("cohort", sa.String(200), primary_key=True),
    sa.Column("lab", sa.String(200), primary_key=True),
    sa.Column("closed_at", sa.String(40), nullable=False),
)


def engine(url: str) -> Engine:
    """An engine with the tables made; a SQLite file is created readable by its owner only."""
    address = make_url(url)
    made = _sqlite(address) if address.get_backend_name() == "sqlite" else sa.create_engine(address, pool_pre_ping=True)
    with made.connect().execution_options(**WRITING) as db, db.begin():
        metadata.create_all(db)
    return made


def _sqlite(address: URL) -> Engine:
    if address.database:
        path = Path(address.database)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # the -wal and -shm files take over these permissions. Never open a database that exists: closing any descriptor
        # of it drops all of this process's POSIX locks on it, and another process could then remove a log in use
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    made = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    sa.event.listen(made, "connect", _prepare)
    sa.event.listen(made, "begin", _begin)
    return made


def _prepare(connection: Any, _record: Any) -> None:
    """Takes transactions out of the driver's hands, and asks SQLite for durable commits."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # a deferred transaction that reads first and writes later could find its snapshot outdated
    writing = connection.get_execution_options().get("mondaylab_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
