"""Plan and apply: what has to change on this machine so that a cohort is as its file says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import sqlalchemy

from mondaylab.files import write_file
from mondaylab.hub.accounts import Accounts
from mondaylab.hub.authors import refuse_authors
from mondaylab.hub.change import Change, make_changes, private_folders, short
from mondaylab.hub.cohorts import Cohort, applied, applied_file
from mondaylab.settings import Site

_COURSE_CONFIG = """\
# Written by `mondaylab cohort apply {cohort}`; edit grader/nbgrader_config.py in the checkout instead.
from pathlib import Path

from mondaylab.hub.exchange_base import plug_in

c = get_config()
plug_in(c)
c.CourseDirectory.course_id = {cohort!r}
c.CourseDirectory.root = {course!r}
c.Exchange.root = {exchange!r}
if Path({grader!r}).is_file():
    load_subconfig({grader!r})
"""


def plan(site: Site, cohort: Cohort) -> list[Change]:
    """What `apply` would do, in order; empty when all is as it should be. Changes nothing.

    Raises:
        Refused: Somebody of it writes labs.
    """
    refuse_authors(site, cohort)
    return [*_accounts(site, cohort), *_folders(site, cohort), *_course(site, cohort), *_record(site, cohort)]


def apply(site: Site, cohort: Cohort, say: Callable[[str], None] = lambda _: None) -> list[str]:
    """Makes the cohort as its file says; doing it again changes nothing.

    Nobody's work is ever deleted: a person who left loses the account and the groups, not the home or the grades.

    Args:
        site: The installation.
        cohort: The wanted state.
        say: Called with each change before it is made.

    Returns:
        The changes that were made.
    """
    return make_changes(plan(site, cohort), say)


def _accounts(site: Site, cohort: Cohort) -> Iterator[Change]:
    accounts = Accounts(site)
    known = set(accounts.names())
    for name in (*cohort.instructors, *cohort.learners):
        if name not in known:
            yield Change("account", f"add account {name}", partial(accounts.create, name))
    after = {**applied(site), cohort.cohort: cohort}
    before = applied(site).get(cohort.cohort)
    here = {*before.learners, *before.instructors} if before else set()
    wanted = {name for c in after.values() for name in (*c.learners, *c.instructors)}
    for name in sorted((here - wanted) & known):
        yield Change("account", f"remove account {name} (home and work stay)", partial(accounts.remove, name))


def _folders(site: Site, cohort: Cohort) -> Iterator[Change]:
    exchange = site.exchange / cohort.cohort
    private = [site.hub, site.homes, site.exchange, site.courses, site.keys, site.logs]
    private += [exchange, exchange / "outbound", exchange / "inbound", exchange / "feedback"]
    private += [site.courses / cohort.cohort, site.courses / cohort.cohort / "source"]
    for learner in cohort.learners:
        private += [exchange / "inbound" / learner, exchange / "feedback" / learner, site.homes / learner]
    yield from private_folders(site, private)


def _course(site: Site, cohort: Cohort) -> Iterator[Change]:
    course = site.courses / cohort.cohort
    path, text = course / "nbgrader_config.py", course_config(site, cohort)
    if not path.is_file() or path.read_text("utf-8") != text:
        yield Change("file", f"write {short(site, path)}", lambda: write_file(path, text, mode=0o600))
    database = course / "gradebook.db"
    known = _students(database) if database.is_file() else set()
    missing = [name for name in cohort.learners if name not in known]
    if missing:
        yield Change(
            "student",
            f"enter in the gradebook: {', '.join(missing)}",
            lambda: _enter(database, cohort.cohort, missing),
        )


def _record(site: Site, cohort: Cohort) -> Iterator[Change]:
    if applied(site).get(cohort.cohort) != cohort:
        path = applied_file(site, cohort.cohort)
        what = f"{'update' if path.exists() else 'open'} cohort {cohort.cohort}"
        yield Change("cohort", what, lambda: write_file(path, cohort.canonical(), mode=0o600))


def course_config(site: Site, cohort: Cohort) -> str:
    """The text of the course's ``nbgrader_config.py``: who it is, our exchange, then ``grader/nbgrader_config.py``."""
    return _COURSE_CONFIG.format(
        cohort=cohort.cohort,
        course=str(site.courses / cohort.cohort),
        exchange=str(site.exchange),
        grader=str(site.grader / "nbgrader_config.py"),
    )


def _students(database: Path) -> set[str]:
    """Who is in a gradebook, read directly: nbgrader needs seconds to open one, and would write to it."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as gradebook:
        return {str(row[0]) for row in gradebook.execute("SELECT id FROM student")}


def _enter(database: Path, course: str, names: list[str]) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415  takes seconds: only when there is somebody to enter

    if not database.is_file():
        _new_gradebook(database)
    with Gradebook(f"sqlite:///{database}", course) as gradebook:
        for name in names:
            gradebook.update_or_create_student(name)


def _new_gradebook(database: Path) -> None:
    """An empty gradebook at nbgrader's current schema.

    nbgrader would find the schema's version by running ``alembic``, which takes seconds and is not on every PATH.
    """
    import nbgrader  # noqa: PLC0415  as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from nbgrader.api import Base  # noqa: PLC0415

    head = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head()
    database.touch(mode=0o600)
    engine = sqlalchemy.create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        connection.execute(sqlalchemy.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(sqlalchemy.text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    engine.dispose()
