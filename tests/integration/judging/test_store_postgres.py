"""The store's promises once more, on a real PostgreSQL server; and what only several sessions of one can get wrong."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.support import hand_made_form
from tests.unit.judging import test_store as contract

from mondaylab.errors import Refused
from mondaylab.forms.shown import ShownForm
from mondaylab.judging import rules, tables
from mondaylab.judging.answers import Answer, AnswerEvent, CommitEvent
from mondaylab.judging.store import JudgementStore

COHORT = "finance-demo"
LAB = "finance/weekly_margin_memo"
Fresh = Callable[..., str]

# -- the server
ABSENT = "PostgreSQL's server is not installed (apt-get install postgresql)"
# ends and tidies up when its standard input does, so also after a test run that was killed; at once, as nothing of it
# is kept. $0: program, $1: folder
KEEPER = """
"$0" -D "$1/data" -k "$1" -h "" -F -B 16MB -N 100 >"$1/log" 2>&1 &
read -r _
kill -QUIT $!
wait $!
cd / && rm -rf "$1"
"""


def programs() -> Path | None:
    """The folder of the newest server's programs: Debian keeps them off the PATH."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return max(found, key=lambda path: float(path.parts[-3])).parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def unprivileged() -> dict[str, Any]:
    """Options of `subprocess`: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    somebody = next(user for user in pwd.getpwall() if user.pw_name in {"postgres", "nobody"})
    return {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of this module's own, on a socket in a folder of its own; its address lacks the database's name."""
    if (bin_folder := programs()) is None:
        pytest.skip(ABSENT)
    # not pytest's folder: only its owner can look inside, and a socket's path may have 107 bytes
    folder = Path(tempfile.mkdtemp(prefix="mondaylab-pg-", dir="/tmp"))
    to_whom = {"cwd": folder, **unprivileged()}
    try:
        if "user" in to_whom:
            os.chown(folder, to_whom["user"], to_whom["group"])
        options = ["--username=hub", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        subprocess.run(
            [bin_folder / "initdb", "-D", folder / "data", *options], check=True, capture_output=True, **to_whom
        )
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, bin_folder / "postgres", folder],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for pytest; it then ends the server
            **to_whom,
        )
        try:
            address = f"postgresql+psycopg://hub@/%s?host={folder}"
            await_server(address % "postgres", folder / "log")
            yield address
        finally:
            keeper.communicate(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def await_server(url: str, log: Path) -> None:
    made = sa.create_engine(url, poolclass=sa.NullPool)
    for _ in range(300):
        try:
            made.connect().close()
        except sa.exc.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the server did not start: {log.read_text()}")


@pytest.fixture(scope="module")
def fresh(server: str) -> Iterator[Fresh]:
    """Makes an empty database and returns its address; takes options of ``CREATE DATABASE``."""
    admin = sa.create_engine(server % "postgres", isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    names = (f"hub{number}" for number in range(1, 1000))

    def make(options: str = "", *settings: str) -> str:
        name = next(names)
        with admin.connect() as db:
            db.exec_driver_sql(f"CREATE DATABASE {name} {options}")
            for setting in settings:
                db.exec_driver_sql(f"ALTER DATABASE {name} SET {setting}")
        return server % name

    yield make


@pytest.fixture
def url(fresh: Fresh) -> str:
    return fresh()


# -- the contract: the tests that the store passes on SQLite, taken over with their fixtures
store, fill = hand_made_form.store, hand_made_form.fill
says, count = contract.says, contract.count
ABOUT_FILES = "test_database_is_private_and_durable"
OWN_DATABASES = "test_no_sequence_of_events_changes_a_locked_answer"
globals().update(
    (name, test)
    for name, test in vars(contract).items()
    if name.startswith("test_") and name not in {ABOUT_FILES, OWN_DATABASES}
)


def test_the_contract_is_taken_over():
    ours = {name for name in globals() if name.startswith("test_")}
    assert {name for name in vars(contract) if name.startswith("test_")} - ours == {ABOUT_FILES, OWN_DATABASES}


@pytest.mark.deep
def test_no_sequence_of_events_changes_a_locked_answer_on_postgresql(
    fresh: Fresh, form: ShownForm, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(contract, "JudgementStore", lambda _url: JudgementStore(fresh()))
    getattr(contract, OWN_DATABASES)(tmp_path_factory, form)


# -- several at once
def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads got: a result, or the exception. They start together."""
    start = Barrier(number)

    def one(index: int) -> Any:
        start.wait(30)
        try:
            return act(index)
        except Exception as error:
            return error

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def raised(told: list[Any]) -> list[str]:
    return [repr(error) for error in told if isinstance(error, Exception)]


def test_many_open_a_new_database_at_once(fresh: Fresh):
    for _ in range(3):
        empty = fresh()
        told = at_once(8, lambda _, address=empty: JudgementStore(address).dispose())
        assert raised(told) == []


def test_many_register_one_form_at_once(store: JudgementStore, form: ShownForm):
    for attempt in range(2, 7):
        mine = form.model_copy(update={"form_id": f"f{attempt}", "attempt": attempt})
        assert raised(at_once(8, lambda _, mine=mine: store.register(mine, COHORT, "ann"))) == []
    assert len(store.forms_of("ann")) == 6


def test_many_close_a_lab_at_once(store: JudgementStore):
    for lab in "abcde":  # labs nobody has a form of
        assert raised(at_once(8, lambda _, lab=lab: store.close(COHORT, lab))) == []
        assert store.closed(COHORT, lab)


def test_an_event_waits_for_a_closing_that_began_before_it(store: JudgementStore, form: ShownForm, url: str):
    event = says(next(iter(form.rows())), p=1)
    with ThreadPoolExecutor(1) as pool:
        with store._writing() as db:
            db.execute(sa.insert(tables.closings).values(cohort=COHORT, lab=LAB, closed_at="now"))
            waiting = pool.submit(store.record, form.form_id, "ann", event)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        with pytest.raises(rules.Locked):
            waiting.result(10)
    assert count(url) == 0


def test_first_look_is_locked_once_while_others_still_write(store: JudgementStore, form: ShownForm, url: str):
    rows = list(form.rows())
    for claim_id in rows:
        store.record(form.form_id, "ann", says(claim_id, p=20, action="use"))

    def act(index: int) -> Any:
        if index < 2:
            time.sleep(0.05)
            return store.commit(form.form_id, "ann", CommitEvent(event_id=uuid4(), stage="first"))
        for p in range(100):
            store.record(form.form_id, "ann", says(rows[(index + p) % len(rows)], p=p, action="fix"))
        return "never locked"

    told = at_once(6, act)
    receipts = [result[0] for result in told[:2] if isinstance(result, tuple)]
    assert len(receipts) == 1
    assert [type(result) for result in told if not isinstance(result, tuple)] == [rules.Locked] * 5
    made = sa.create_engine(url, poolclass=sa.NullPool)
    with made.connect() as db:
        assert db.execute(sa.select(sa.func.max(tables.events.c.seq))).scalar_one() == receipts[0].seq
    assert store.answers(form.form_id).first_committed == receipts[0].received_at


WRITER = """
import sys
from uuid import uuid4
from mondaylab.judging.answers import Answer, AnswerEvent
from mondaylab.judging.store import JudgementStore
store = JudgementStore(sys.argv[1])
sys.stdin.readline()
for p in range(8):
    for claim_id in sys.argv[4:]:
        answer = Answer(p=p, note=sys.argv[3])
        store.record(sys.argv[2], "ann", AnswerEvent(event_id=uuid4(), stage="first", claim_id=claim_id, answer=answer))
"""


@pytest.mark.deep
def test_two_processes_write_at_once_and_lose_nothing(store: JudgementStore, form: ShownForm, url: str):
    rows = list(form.rows())
    command = [sys.executable, "-c", WRITER, url, form.form_id]
    writers = [subprocess.Popen([*command, name, *rows], stdin=subprocess.PIPE) for name in ("one", "two")]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    assert count(url) == 2 * 8 * len(rows)
    assert {answer.p for answer in store.answers(form.form_id).first.values()} == {7}


@pytest.mark.deep
def test_a_writer_that_dies_leaves_nothing_and_holds_nobody_up(store: JudgementStore, form: ShownForm, url: str):
    died = """
import os, sys
from mondaylab.judging import tables
from mondaylab.judging.store import JudgementStore
with JudgementStore(sys.argv[1])._writing() as db:
    db.execute(tables.closings.insert().values(cohort=sys.argv[2], lab=sys.argv[3], closed_at="now"))
    os._exit(7)
"""
    assert subprocess.run([sys.executable, "-c", died, url, COHORT, LAB], check=False).returncode == 7
    began = time.monotonic()
    assert store.record(form.form_id, "ann", says(next(iter(form.rows())), p=1))[1]
    assert time.monotonic() - began < 30
    assert not store.closed(COHORT, LAB)


# -- the same as on SQLite
def test_answers_read_back_equal(store: JudgementStore, form: ShownForm, fill: Any):
    fill(store, form, "ann", "first")
    numbered = [row.claim_id for row in form.rows().values() if row.unit is not None]
    values = [0.1, -0.0, 5e-324, 1.7976931348623157e308, 1 / 3, -12345678901234.567]
    notes = [
        "",
        "Größe 10 µm 你好 🙂",
        "'; DROP TABLE events; --",
        '\\ " % %s :name \\u0000',
        "\t\n\r\x01\x7f",
        "e\u0301",
    ]
    said = {
        claim_id: Answer(p=p, action="fix", kind="number", severity="minor", value=value, note=note)
        for claim_id, p, value, note in zip(numbered, range(50, 56), values, notes, strict=False)
    }
    for claim_id, answer in said.items():
        event = AnswerEvent(event_id=uuid4(), stage="check", claim_id=claim_id, answer=answer)
        first = store.record(form.form_id, "ann", event)
        assert store.record(form.form_id, "ann", event) == (first[0], False)
    read = store.answers(form.form_id).check
    assert read == said
    assert [str(answer.value) for answer in read.values()] == [str(answer.value) for answer in said.values()]


def test_names_sort_as_on_sqlite_whatever_the_servers_language(fresh: Fresh, form: ShownForm, tmp_path: Path):
    names = ["Zoe", "anna", "Änne", "_x", "zoe", "b-1", "B2", "b1", "n" * 255]
    try:
        english = fresh("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'")
    except sa.exc.ProgrammingError:
        pytest.skip("this PostgreSQL is older than 15: no database in another language than the machine's")
    stores = [JudgementStore(english), JudgementStore(f"sqlite:///{tmp_path / 'j.sqlite'}")]
    for made in stores:
        for name in names:
            made.register(form.model_copy(update={"form_id": f"f-{name}"}), COHORT, name)
            made.register(form.model_copy(update={"form_id": f"c-{name}"}), name, "ann")
    lists = [[line.learner for line in made.progress(COHORT, LAB)] for made in stores]
    assert lists[0] == lists[1] == sorted(names)
    cohorts = [[state.cohort for state in made.forms_of("ann")] for made in stores]
    assert cohorts[0] == cohorts[1] == sorted(names)


# -- what a server may be set to
def test_what_a_server_is_set_to_weakens_no_promise(fresh: Fresh, form: ShownForm):
    weak = ("synchronous_commit = off", "default_transaction_isolation = 'serializable'", "client_encoding = 'LATIN1'")
    made = JudgementStore(fresh("", *weak))
    with made._writing() as db:
        told = {
            name: db.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("synchronous_commit", "transaction_isolation", "client_encoding", "lock_timeout")
        }
    assert told == {
        "synchronous_commit": "on",
        "transaction_isolation": "read committed",
        "client_encoding": "UTF8",
        "lock_timeout": "15s",
    }


def test_a_stronger_promise_of_the_server_is_kept(fresh: Fresh):
    with JudgementStore(fresh("", "synchronous_commit = remote_apply"))._reading() as db:
        assert db.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "remote_apply"


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_keep_every_letter_is_refused(fresh: Fresh, encoding: str):
    with pytest.raises(Refused, match=f"{encoding}.*UTF8"):
        JudgementStore(fresh(f"TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'"))


def test_a_session_the_server_ended_is_replaced(store: JudgementStore, form: ShownForm, url: str):
    assert store.owner(form.form_id) == "ann"
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as db:
        db.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert store.record(form.form_id, "ann", says(next(iter(form.rows())), p=1))[1]


@pytest.mark.deep
def test_stores_that_nobody_disposes_of_do_not_use_up_the_server(url: str):
    for _ in range(110):  # the server takes 100
        assert not JudgementStore(url).closed(COHORT, LAB)


# -- addresses
def test_an_address_need_not_name_the_driver(url: str):
    assert not JudgementStore(url.replace("+psycopg", "")).closed(COHORT, LAB)


def test_a_missing_driver_and_other_databases_are_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Refused, match="mysql"):
        JudgementStore("mysql://hub:secret@db/hub")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(Refused, match="psycopg") as caught:
        JudgementStore("postgresql://hub:secret@db/hub")
    assert "secret" not in str(caught.value)


@pytest.mark.deep
def test_the_service_keeps_what_it_called_saved(url: str, service: Any, registered: Callable[..., ShownForm]):
    service.database = url
    form = registered(service, "ann")
    service.start()
    body = {"event_id": str(uuid4()), "stage": "first", "claim_id": next(iter(form.rows())), "answer": {"p": 30}}
    first = service.call("POST", f"forms/{form.form_id}/events", body)
    assert first.status_code == 201
    service.stop(9)
    service.start()
    again = service.call("POST", f"forms/{form.form_id}/events", body)
    assert (again.status_code, again.json()) == (200, first.json())
