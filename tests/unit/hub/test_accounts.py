"""Accounts: hashes, files, throttling."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from tornado.web import HTTPError

from mondaylab.errors import NotFound, Refused
from mondaylab.hub.accounts import Accounts, generated_password
from mondaylab.hub.authenticator import LocalAuthenticator, Throttle
from mondaylab.hub.words import WORDS


def test_generated_password_opens_its_account_and_no_other(site) -> None:
    accounts = Accounts(site)
    lena, omar = accounts.create("lena"), accounts.create("omar")
    assert accounts.verify("lena", lena)
    assert not accounts.verify("lena", omar)
    assert not accounts.verify("mallory", lena)
    assert not accounts.verify("lena", "")


def test_password_is_nowhere_in_the_accounts_file(site) -> None:
    password = Accounts(site).create("lena")
    text = (site.hub / "accounts.json").read_text()
    assert password not in text
    assert json.loads(text)["accounts"]["lena"]["hashed"]


def test_files_are_for_the_hub_alone(site) -> None:
    Accounts(site).create("lena")
    assert site.hub.stat().st_mode & 0o077 == 0
    for name in ("accounts.json", "initial_passwords.json"):
        assert (site.hub / name).stat().st_mode & 0o077 == 0


def test_accounts_that_others_can_read_are_refused(site) -> None:
    accounts = Accounts(site)
    password = accounts.create("lena")
    (site.hub / "accounts.json").chmod(0o644)
    with pytest.raises(Refused, match="readable by others"):
        accounts.verify("lena", password)


def test_an_account_is_made_once(site) -> None:
    accounts = Accounts(site)
    password = accounts.create("lena")
    with pytest.raises(Refused, match="exists"):
        accounts.create("lena")
    assert accounts.initial_passwords() == {"lena": password}


def test_changed_password_is_not_kept_in_the_clear(site) -> None:
    accounts = Accounts(site)
    old = accounts.create("lena")
    accounts.set_password("lena", "correct horse battery")
    assert accounts.verify("lena", "correct horse battery")
    assert not accounts.verify("lena", old)
    assert accounts.initial_passwords() == {}
    with pytest.raises(Refused, match="too short"):
        accounts.set_password("lena", "short")
    with pytest.raises(NotFound):
        accounts.set_password("omar", "correct horse battery")


def test_removed_account_cannot_log_in(site) -> None:
    accounts = Accounts(site)
    password = accounts.create("lena")
    accounts.remove("lena")
    assert not accounts.verify("lena", password)
    assert accounts.names() == []
    assert accounts.initial_passwords() == {}


def test_unknown_name_takes_as_long(site) -> None:
    accounts = Accounts(site)
    accounts.create("lena")

    def seconds(name: str) -> float:
        took = []
        for _ in range(5):
            began = time.process_time()
            accounts.verify(name, "wrong")
            took.append(time.process_time() - began)
        return min(took)

    known, unknown = seconds("lena"), seconds("mallory")
    assert 0.5 < known / unknown < 2


def test_passwords_are_readable_and_differ() -> None:
    made = {generated_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password.split("-")) == 4 for password in made)
    assert len(set(WORDS)) == 256


def test_throttle_lets_five_through_then_doubles_its_wait() -> None:
    throttle = Throttle()
    for _ in range(4):
        throttle.failed("lena", 100.0)
        assert throttle.wait("lena", 100.0) == 0
    throttle.failed("lena", 100.0)
    assert throttle.wait("lena", 100.0) == 2
    throttle.failed("lena", 102.0)
    assert throttle.wait("lena", 102.0) == 4
    for _ in range(20):
        throttle.failed("lena", 200.0)
    assert throttle.wait("lena", 200.0) == 60
    assert throttle.wait("omar", 200.0) == 0
    throttle.succeeded("lena")
    assert throttle.wait("lena", 200.0) == 0


def test_login_is_refused_for_a_while_after_many_wrong_passwords(site) -> None:
    password = Accounts(site).create("lena")
    authenticator = LocalAuthenticator(root=str(site.root), var=str(site.var))

    def login(word: str):
        return asyncio.run(authenticator.authenticate(None, {"username": "lena", "password": word}))

    assert login(password) == {"name": "lena", "groups": []}
    assert [login("wrong") for _ in range(5)] == [None] * 5
    with pytest.raises(HTTPError) as refused:
        login(password)
    assert refused.value.status_code == 429
