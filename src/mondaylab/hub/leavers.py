"""Leavers: whose account or right is gone loses the server that runs, and the tokens, without anybody's asking."""

from __future__ import annotations

from typing import Any

from jupyterhub import orm

from mondaylab.errors import MondaylabError
from mondaylab.hub.accounts import Accounts
from mondaylab.hub.authenticator import LocalAuthenticator
from mondaylab.hub.authors import applied_authors, standing
from mondaylab.hub.cohorts import applied
from mondaylab.settings import Site

EVERY = 5.0
"""Seconds between two looks."""


async def see_off(hub: Any, site: Site) -> list[str]:
    """Stops servers of, and forgets, whoever has no account; stops those of whoever lost what theirs was opened for.

    A token that is asked about afterwards is nobody's. A home, and what was written, stays.

    Args:
        hub: The running hub's application, JupyterHub's own.
        site: The installation.

    Returns:
        Whom it concerned.
    """
    # who has an account elsewhere, with an authenticator that an administrator chose, is in no file of ours
    ours = isinstance(hub.authenticator, LocalAuthenticator)
    accounts = Accounts(site)
    known = {*accounts.names()}
    ours = ours and (bool(known) or accounts.kept())  # a file that is lost says of nobody that they left
    gone = {str(name) for (name,) in hub.db.query(orm.User.name)} - known if ours else set()
    try:
        cohorts, authors = applied(site), applied_authors(site)
    except MondaylabError as error:  # what servers were opened for is not known; who has no account still has to go
        hub.log.warning("mondaylab: looking for accounts that are gone only: %s", error)
        running, cohorts, authors = set[str](), {}, {}
    else:
        running = {str(one.user.name) for one in hub.db.query(orm.Spawner).filter(orm.Spawner.server_id.isnot(None))}
    seen = []
    for name in sorted(gone | running):
        user = hub.users[name]
        lost = {*getattr(user.spawner, "opened_as", ())} - {*standing(name, cohorts, authors)}
        if user.spawner.pending or not (lost or name in gone):
            continue  # one that is just starting or stopping is looked at again
        try:
            await _see_off(hub, user, forget=name in gone)
        except Exception:  # whatever it is, it must not keep the others in
            hub.log.exception("mondaylab: %s could not be seen off; trying again", name)
        else:
            seen.append(name)
    return seen


async def _see_off(hub: Any, user: Any, *, forget: bool) -> None:
    why = "no account" if forget else "not what their server was opened for now"
    hub.log.warning("mondaylab: seeing off %s: %s", user.name, why)
    if user.spawner.active:
        await hub.proxy.delete_user(user)
        await user.stop()
    if forget:
        await user.delete_spawners()
        hub.users.delete(user)  # and with the row all tokens
