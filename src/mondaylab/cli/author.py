"""``mondaylab author``: who writes the labs of a role in the hub; plan and apply."""

from __future__ import annotations

import click

from mondaylab.cli.applied import applied_words
from mondaylab.cli.contract import Result, progress, reports
from mondaylab.settings import Site


@click.group()
def command() -> None:
    """Who writes the labs of a role in the hub (admins).

    It is written in hub_config/authors/<role>.yaml; what is applied of it is what the hub serves. Authors see the labs
    of their role and the sanitized data, and nothing of any cohort; they learn and teach in none.

    \b
    Example:
      mondaylab author plan finance
      mondaylab author apply finance
    """


def _list_words(result: Result) -> str:
    rows = [f"{one['role']}  {one['state']:12}  {', '.join(one['authors']) or 'nobody'}" for one in result["authors"]]
    told = [f"{one['role']}  cannot be read; why stands above" for one in result["broken"]]
    return "\n".join([*rows, *told]) or "Nobody writes labs in the hub yet: hub_config/authors/<role>.yaml"


@command.command("list")
@reports(_list_words)
def list_() -> Result:
    """Who writes labs of which role, and whether that is applied as written.

    A file that cannot be read is told beside the others ("broken" in --json), and is no failure of the list.

    \b
    Example:
      mondaylab author list --json
    """
    from mondaylab.hub.authors import applied_authors, readable_authors  # noqa: PLC0415  late: --help stays quick

    site = Site.find()
    (written, broken), served = readable_authors(site), applied_authors(site)
    for error in broken.values():
        progress(f"mondaylab: {error}")
    rows = []
    for role in sorted({*written, *served}):
        one = written.get(role) or served[role]
        state = "applied" if served.get(role) == one else "not applied" if role not in served else "changed"
        state = state if role in written else "broken" if role in broken else "not written"
        rows.append({"role": role, "company": one.company, "state": state, "authors": list(one.authors)})
    return {"authors": rows, "broken": [{"role": role, **error.as_dict()} for role, error in broken.items()]}


@command.command()
@click.argument("role")
@reports(lambda result: "\n".join(result["changes"]) or "Nothing to change.")
def plan(role: str) -> Result:
    """What apply would change; changes nothing.

    \b
    Example:
      mondaylab author plan finance
    """
    from mondaylab.hub.authors import declared_authors, plan_authors  # noqa: PLC0415  late: --help stays quick

    site = Site.find()
    return {"changes": [change.what for change in plan_authors(site, declared_authors(site, role))]}


@command.command()
@click.argument("role")
@click.option("--dry-run", is_flag=True, help="The same as plan.")
@reports(applied_words)
def apply(role: str, dry_run: bool) -> Result:
    """Make the authors of a role as its file says: accounts, groups, homes. What anybody wrote stays.

    Needs no new start of the hub. Whoever left loses a running server and all tokens within seconds.

    \b
    Example:
      mondaylab author apply finance
    """
    from mondaylab.hub.accounts import Accounts  # noqa: PLC0415  late: --help stays quick
    from mondaylab.hub.authors import apply_authors, declared_authors, plan_authors  # noqa: PLC0415

    site = Site.find()
    wanted = declared_authors(site, role)
    if dry_run:
        planned = [change.what for change in plan_authors(site, wanted)]
        for what in planned:
            progress(what)
        return {"changes": planned, "new_accounts": {}}
    before = set(Accounts(site).names())
    changes = apply_authors(site, wanted, say=progress)
    passwords = Accounts(site).initial_passwords()
    return {"changes": changes, "new_accounts": {name: passwords[name] for name in passwords if name not in before}}
