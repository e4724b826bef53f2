"""Local accounts: names with scrypt hashes in ``var/hub/accounts.json``, readable by the hub alone."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mondaylab.errors import NotFound, Refused
from mondaylab.files import write_file
from mondaylab.hub.words import WORDS
from mondaylab.people import account_name
from mondaylab.records import Record, json_data
from mondaylab.settings import Site

_COST, _BLOCK, _LANES = 2**14, 8, 1  # scrypt N, r, p: 16 MB and about 50 ms a try


class Account(Record):
    """One person who may log in.

    The password itself is not here: only its scrypt hash (RFC 7914, N = 2^14, r = 8, p = 1) with its own salt.
    """

    salt: str
    """16 random bytes, hex."""
    hashed: str
    """32 bytes, hex."""
    created: datetime


class AccountFile(Record):
    """All accounts, by name."""

    accounts: dict[str, Account] = {}


class Accounts:
    """The accounts of one installation.

    Two files in ``var/hub``, both 0600: ``accounts.json``, and ``initial_passwords.json`` with the generated passwords
    that were not handed over yet (so that a second run of the demo can show them again).
    """

    def __init__(self, site: Site) -> None:
        self._folder = site.hub
        self._file = site.hub / "accounts.json"
        self._initial = site.hub / "initial_passwords.json"

    def names(self) -> list[str]:
        """Every account, sorted."""
        return sorted(self._read().accounts)

    def kept(self) -> bool:
        """Whether there is a file of accounts, be it one of none."""
        return self._file.exists()

    def create(self, name: str) -> str:
        """Makes an account and returns its generated password: three words and two digits.

        Raises:
            Refused: There is such an account, or the name is not allowed.
        """
        account_name(name)
        with self._locked():
            if name in self._read().accounts:
                raise Refused(f"account {name} exists", fix="choose another name")
            password = generated_password()
            self._put(name, password)
        return password

    def set_password(self, name: str, password: str) -> None:
        """Gives an existing account another password, which is not kept in the clear.

        Raises:
            NotFound: There is no such account.
            Refused: The password has fewer than 10 characters.
        """
        if len(password) < 10:
            raise Refused("the password is too short", fix="use 10 characters or more")
        with self._locked():
            if name not in self._read().accounts:
                raise NotFound(f"no account {name}")
            self._put(name, password, keep=False)

    def remove(self, name: str) -> None:
        """Takes an account away; the person's home and work stay.

        Raises:
            NotFound: There is no such account.
        """
        with self._locked():
            accounts = dict(self._read().accounts)
            if accounts.pop(name, None) is None:
                raise NotFound(f"no account {name}")
            self._write(AccountFile(accounts=accounts))
            self._keep_initial(name, None)

    def verify(self, name: str, password: str) -> bool:
        """Whether the password is the account's; takes as long for a name that does not exist."""
        account = self._read().accounts.get(name)
        salt = bytes.fromhex(account.salt) if account else b"no such account."
        expected = bytes.fromhex(account.hashed) if account else bytes(32)
        same = hmac.compare_digest(_hash(password, salt), expected)
        return same and account is not None

    def initial_passwords(self) -> dict[str, str]:
        """Generated passwords by name, of accounts whose password was not changed since."""
        if not self._initial.exists():
            return {}
        _refuse_readable(self._initial)
        known: dict[str, str] = json_data(self._initial)
        return known

    # -- files
    def _read(self) -> AccountFile:
        if not self._file.exists():
            return AccountFile()
        _refuse_readable(self._file)
        return AccountFile.read_json(self._file)

    def _write(self, content: AccountFile) -> None:
        write_file(self._file, json.dumps(content.model_dump(mode="json"), indent=1, sort_keys=True), mode=0o600)

    def _put(self, name: str, password: str, *, keep: bool = True) -> None:
        salt = os.urandom(16)
        account = Account(salt=salt.hex(), hashed=_hash(password, salt).hex(), created=datetime.now(UTC))
        self._write(AccountFile(accounts={**self._read().accounts, name: account}))
        self._keep_initial(name, password if keep else None)

    def _keep_initial(self, name: str, password: str | None) -> None:
        known = self.initial_passwords()
        known.pop(name, None)
        if password is not None:
            known[name] = password
        write_file(self._initial, json.dumps(known, indent=1, sort_keys=True), mode=0o600)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, also between processes."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "accounts.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def generated_password() -> str:
    """Three words and two digits, such as ``amber-lantern-willow-47``: 31 bits, enough behind a throttled login."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), f"{secrets.randbelow(100):02}"])


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, dklen=32)


def _refuse_readable(path: Path) -> None:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Refused("accounts are readable by others", where=path, fix="find out who opened the file, then chmod 600")
