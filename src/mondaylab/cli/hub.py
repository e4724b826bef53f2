"""``mondaylab hub``: run and check the hub."""

from __future__ import annotations

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.errors import MondaylabError
from mondaylab.settings import Site

_ORIGINS = click.option(
    "--origins",
    type=click.Choice(["subdomains", "path"]),
    default="subdomains",
    show_default=True,
    help="An origin for each server and service, or paths of one (see docs/users/admin.md for what that gives up).",
)
_PUBLIC = click.option(
    "--public", default="", metavar="URL", help="Your own address of the hub, such as https://lab.company.example."
)
_PORT = click.option("--port", default=8000, show_default=True, help="Public port on 127.0.0.1.")


@click.group()
def command() -> None:
    """Run and check the hub (admins).

    \b
    Example:
      mondaylab hub check
      mondaylab hub run
    """


@command.command()
@_PORT
@_ORIGINS
@_PUBLIC
@reports(lambda _: "Stopped; nothing of it is still running.")
def run(port: int, origins: str, public: str) -> Result:
    """Run the hub until Ctrl-C; then every process of it has stopped.

    \b
    Example:
      mondaylab hub run --port 8000
      mondaylab hub run --public https://lab.company.example
    """
    from mondaylab.hub.origins import Origins  # noqa: PLC0415  heavy: only for this command
    from mondaylab.hub.run import RunningHub, run_hub  # noqa: PLC0415  heavy: only for this command

    address = ""

    def ready(hub: RunningHub) -> None:
        nonlocal address
        address = hub.url
        progress(f"The hub runs at {hub.url} - Ctrl-C stops it. Its log: {hub.log}")

    site = Site.find()
    if run_hub(site, port=port, origins=Origins(origins), public=public, ready=ready, say=progress) != 0:
        raise MondaylabError("the hub ended by itself", where=site.logs / "hub.log", fix="mondaylab hub check")
    return {"address": address, "stopped": True}


def _lines(result: Result) -> str:
    return "\n".join(f"{'warn' if one['warns'] else 'ok':5} {one['name']}: {one['said']}" for one in result["checks"])


@command.command()
@_PORT
@_ORIGINS
@_PUBLIC
@reports(_lines)
def check(port: int, origins: str, public: str) -> Result:
    """Look at everything the hub needs: jails, node, cohorts, configuration, origins, port, permissions.

    \b
    Example:
      mondaylab hub check --json
    """
    from mondaylab.hub.checks import check as look  # noqa: PLC0415  heavy: only for this command
    from mondaylab.hub.origins import Origins  # noqa: PLC0415  heavy: only for this command

    found = look(Site.find(), port=port, origins=Origins(origins), public=public)
    for one in (one for one in found if not one.ok):
        progress(f"FAIL  {one.name}: {one.said}")
    failed = [one.name for one in found if not one.ok]
    if failed:
        raise MondaylabError(f"{len(failed)} of {len(found)} checks failed: {', '.join(failed)}")
    return {"checks": [one.model_dump() for one in found]}
