"""Leavers: who is seen off, and who is not, on JupyterHub's own tables."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace

import pytest
from jupyterhub import orm

from mondaylab.errors import Refused
from mondaylab.files import write_file
from mondaylab.hub.accounts import Accounts
from mondaylab.hub.authenticator import LocalAuthenticator
from mondaylab.hub.authors import Authors, applied_authors, apply_authors, standing
from mondaylab.hub.cohorts import Cohort, applied
from mondaylab.hub.leavers import see_off
from mondaylab.hub.provision import apply
from mondaylab.hub.spawner import JailedSpawner
from mondaylab.settings import Site

PAULA = Authors(role="finance", company="demo", authors=("paula",))
COHORT = Cohort(
    cohort="c1", company="demo", role="finance", quarter="2026Q4", labs=(), learners=("lena",), instructors=("iris",)
)


class Users(dict):
    def delete(self, user) -> None:
        del self[user.name]


@pytest.fixture
def site(tmp_path) -> Site:
    for folder in ("labs/finance", "labs/people", "hub_config"):
        (tmp_path / folder).mkdir(parents=True)
    site = Site(tmp_path, tmp_path / "var")
    apply_authors(site, PAULA)
    apply(site, COHORT)
    return site


@pytest.fixture
def hub(site):
    """What `see_off` asks of a hub in which Paula, Lena and Iris are known, and the first two run servers."""

    async def nothing(*_: object) -> None: ...

    db = orm.new_session_factory("sqlite:///:memory:")()
    users, stopped = Users(), []
    for name in ("paula", "lena", "iris"):
        kept = orm.User(name=name)
        db.add(kept)
        if name != "iris":
            server = orm.Server()
            db.add(server)
            db.flush()
            db.add(orm.Spawner(name="", user=kept, server_id=server.id))

        async def stop(name: str = name) -> None:
            stopped.append(name)

        opened = tuple(standing(name, applied(site), applied_authors(site)))
        spawner = SimpleNamespace(opened_as=opened, pending=None, active=name != "iris")
        users[name] = SimpleNamespace(name=name, spawner=spawner, stop=stop, delete_spawners=nothing)
    db.commit()
    return SimpleNamespace(
        db=db,
        users=users,
        stopped=stopped,
        log=logging.getLogger("hub"),
        proxy=SimpleNamespace(delete_user=nothing),
        authenticator=LocalAuthenticator(root=str(site.root), var=str(site.var)),
    )


def looked(hub, site: Site) -> list[str]:
    return asyncio.run(see_off(hub, site))


def test_nobody_is_seen_off_who_is_what_they_were(hub, site) -> None:
    assert looked(hub, site) == [] and hub.stopped == []


def test_who_has_no_account_is_forgotten(hub, site) -> None:
    Accounts(site).remove("iris")
    Accounts(site).remove("lena")
    assert looked(hub, site) == ["iris", "lena"] and hub.stopped == ["lena"]
    assert set(hub.users) == {"paula"}


def test_a_file_of_accounts_that_is_gone_says_of_nobody_that_they_left(hub, site) -> None:
    path = site.hub / "accounts.json"
    kept = path.read_bytes()
    path.unlink()
    assert looked(hub, site) == [] and set(hub.users) == {"paula", "lena", "iris"}
    write_file(path, "", mode=0o600)
    with pytest.raises(Refused):
        looked(hub, site)
    write_file(path, kept, mode=0o600)
    assert looked(hub, site) == [] and set(hub.users) == {"paula", "lena", "iris"}
    for name in ("iris", "lena", "paula"):
        Accounts(site).remove(name)
    assert looked(hub, site) == ["iris", "lena", "paula"], "the last account that is removed is one"


def test_a_damaged_record_of_a_cohort_keeps_nobody_in_whose_account_is_gone(hub, site) -> None:
    Accounts(site).remove("paula")
    (site.hub / "cohorts" / "c1.json").write_text("{")
    assert looked(hub, site) == ["paula"], "and nobody else, whose groups cannot be known"


def test_another_company_or_role_ends_an_authors_server(hub, site) -> None:
    apply_authors(site, PAULA.model_copy(update={"company": "other"}))
    assert looked(hub, site) == ["paula"] and set(hub.users) == {"paula", "lena", "iris"}
    hub.users["paula"].spawner.opened_as = tuple(standing("paula", applied(site), applied_authors(site)))
    assert looked(hub, site) == []
    apply_authors(site, PAULA.model_copy(update={"authors": ()}))
    apply_authors(site, Authors(role="people", company="other", authors=("paula",)))
    assert looked(hub, site) == ["paula"]


def test_a_learner_who_becomes_an_author_between_two_looks_loses_the_learners_server(hub, site) -> None:
    apply(site, COHORT.model_copy(update={"learners": ()}))
    apply_authors(site, PAULA.model_copy(update={"authors": ("paula", "lena")}))
    assert looked(hub, site) == ["lena"] and hub.stopped == ["lena"] and "lena" in hub.users


def test_a_hub_that_starts_again_knows_what_a_server_was_opened_for() -> None:
    spawner = JailedSpawner()
    spawner.load_state({"opened_as": ["nbgrader-c1"], "pid": 0})
    assert spawner.opened_as == ("nbgrader-c1",)
