"""The judgement store's tables, and an engine that never calls an answer saved before it is on disk."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url

from mondaylab.errors import Refused

WRITING = {"mondaylab_writing": True}
"""Execution option of a connection that will write: one at a time does, from its first statement to its commit."""
BUSY_SECONDS = 15
"""How long a writer waits for another before it gives up."""
WRITER = int.from_bytes(b"judging", "big")
"""PostgreSQL: number of the advisory lock that the one writer of a database holds."""

metadata = sa.MetaData()

# PostgreSQL would sort by the database's language, and counts characters where SQLite does not
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# SQLite numbers rows by itself only in a column of this very type
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

forms = sa.Table(
    "forms",
    metadata,
    sa.Column("form_id", _NAME, primary_key=True),
    sa.Column("cohort", _NAME, nullable=False),
    sa.Column("learner", _NAME, nullable=False, index=True),
    sa.Column("lab", _NAME, nullable=False),
    sa.Column("attempt", _NUMBER, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("registered_at", sa.String(40), nullable=False),
    sa.UniqueConstraint("cohort", "lab", "learner", "attempt"),
)

# appended to, never updated: what is in force is the latest event of its kind
events = sa.Table(
    "events",
    metadata,
    sa.Column("seq", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("form_id", sa.ForeignKey("forms.form_id"), nullable=False),
    sa.Column("event_id", sa.String(36), nullable=False),
    sa.Column("learner", _NAME, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("stage", sa.String(20)),
    sa.Column("claim_id", _NAME),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("receipt", sa.String(40), nullable=False),
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.UniqueConstraint("form_id", "event_id"),
    sqlite_autoincrement=True,
)

closings = sa.Table(
    "closings",
    metadata,
    sa.Column("cohort", _NAME, primary_key=True),
    sa.Column("lab", _NAME, primary_key=True),
    sa.Column("closed_at", sa.String(40), nullable=False),
)

# appended to, never updated: when folders were handed in
hand_ins = sa.Table(
    "hand_ins",
    metadata,
    sa.Column("seq", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("cohort", _NAME, nullable=False),
    sa.Column("learner", _NAME, nullable=False),
    sa.Column("assignment", _NAME, nullable=False),
    sa.Column("folder", _NAME, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("witness", sa.String(20), nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.UniqueConstraint("cohort", "learner", "folder"),
    sqlite_autoincrement=True,
)

feedback_releases = sa.Table(
    "feedback_releases",
    metadata,
    sa.Column("cohort", _NAME, primary_key=True),
    sa.Column("assignment", _NAME, primary_key=True),
    sa.Column("released_at", sa.String(40), nullable=False),
)


def engine(url: str) -> Engine:
    """An engine with the tables made; a SQLite file is created readable by its owner only.

    Raises:
        Refused: It is neither SQLite nor PostgreSQL, PostgreSQL's driver cannot be loaded, or a PostgreSQL database has
            another encoding than UTF-8.
    """
    address = make_url(url)
    match address.get_backend_name():
        case "sqlite":
            made = _sqlite(address)
        case "postgresql":
            made = _postgresql(address)
        case other:
            # nothing would hold its writers apart
            raise Refused(f"judgements cannot be kept in {other}", fix="use a sqlite: or a postgresql: address")
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
    sa.event.listen(made, "connect", _prepare_sqlite)
    sa.event.listen(made, "begin", _begin_sqlite)
    return made


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Takes transactions out of the driver's hands, and asks SQLite for durable commits."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # a deferred transaction that reads first and writes later could find its snapshot outdated
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _postgresql(address: URL) -> Engine:
    try:
        made = sa.create_engine(
            address.set(drivername="postgresql+psycopg"),
            connect_args={"client_encoding": "utf8", "connect_timeout": BUSY_SECONDS},
            # every statement sees all that is committed: a writer that had to wait must not judge by an older snapshot
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
        )
    except ImportError as error:
        raise Refused(
            "PostgreSQL's driver psycopg cannot be loaded", fix="pip install 'mondaylab[postgres]'"
        ) from error
    sa.event.listen(made, "connect", _prepare_postgresql)
    sa.event.listen(made, "begin", _begin_postgresql)
    return made


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """Asks PostgreSQL for durable commits, and that a writer which hangs does not hold up the others for good."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise Refused(f"the database keeps text as {encoding}", fix="createdb --template=template0 --encoding=UTF8 ...")
    wait = f"{BUSY_SECONDS}s"
    with connection.cursor() as cursor:
        for name in ("lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute("SELECT set_config(%s, %s, false)", (name, wait))
        # every other setting of it waits for the disk, and some for a standby as well
        durable = "SELECT set_config(name, 'on', false) FROM pg_settings WHERE name = %s AND setting = 'off'"
        cursor.execute(durable, ("synchronous_commit",))
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    # rows that are not there yet cannot be locked: not a form's first registration, not a closing, not a table.
    # One writer at a time also makes the order of events the order they were committed in
    if _writes(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("mondaylab_writing", False))
