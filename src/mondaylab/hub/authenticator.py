"""Login with a local account; groups come from the cohorts and authors that were applied."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyterhub.auth import Authenticator
from tornado.web import HTTPError
from traitlets import Unicode

from mondaylab.hub.accounts import Accounts
from mondaylab.hub.authors import author_groups
from mondaylab.hub.cohorts import applied, groups_of
from mondaylab.settings import Site

_FREE_TRIES = 5
_LONGEST_WAIT = 60.0
_MOST_NAMES = 10_000


@dataclass
class _Tries:
    failed: int = 0
    refused_until: float = 0.0


class Throttle:
    """Slows down guessing, per name: five tries at once, then a wait that doubles from 2 seconds up to a minute."""

    def __init__(self) -> None:
        self._tries: dict[str, _Tries] = {}

    def wait(self, name: str, now: float) -> float:
        """Seconds until this name may be tried again; 0 if now."""
        tries = self._tries.get(name)
        return max(0.0, tries.refused_until - now) if tries else 0.0

    def failed(self, name: str, now: float) -> None:
        """Notes a wrong password, for names that do not exist as well."""
        if len(self._tries) > _MOST_NAMES:
            self._tries = {n: t for n, t in self._tries.items() if t.refused_until > now}
        tries = self._tries.setdefault(name, _Tries())
        tries.failed += 1
        if tries.failed >= _FREE_TRIES:
            tries.refused_until = now + min(_LONGEST_WAIT, 2.0 ** (tries.failed - _FREE_TRIES + 1))

    def succeeded(self, name: str) -> None:
        """Forgets the wrong tries."""
        self._tries.pop(name, None)


class LocalAuthenticator(Authenticator):
    """Checks name and password against ``var/hub/accounts.json``; whoever is not in that file cannot log in."""

    root = Unicode(help="The checkout.").tag(config=True)
    var = Unicode(help="The installation's state.").tag(config=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._throttle = Throttle()

    @property
    def site(self) -> Site:
        """The installation."""
        return Site(Path(self.root), Path(self.var))

    async def authenticate(self, handler: Any, data: dict[str, str]) -> dict[str, Any] | None:
        name, password = self.normalize_username(data["username"])[:200], data["password"][:1000]
        wait = self._throttle.wait(name, time.monotonic())
        if wait > 0:
            raise HTTPError(429, f"Too many wrong passwords for this name. Try again in {wait:.0f} s.")
        if not await asyncio.to_thread(Accounts(self.site).verify, name, password):
            self._throttle.failed(name, time.monotonic())
            return None
        self._throttle.succeeded(name)
        return self._model(name)

    async def refresh_user(self, user: Any, handler: Any = None) -> dict[str, Any] | bool:
        known = user.name in Accounts(self.site).names()
        return self._model(user.name) if known else False

    def _model(self, name: str) -> dict[str, Any]:
        return {"name": name, "groups": groups_of(applied(self.site), name) + author_groups(self.site, name)}
