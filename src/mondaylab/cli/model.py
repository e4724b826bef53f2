"""``mondaylab model``: which models may run here, and getting one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.errors import MondaylabError, Refused
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.hub.models.weights import Weights

_NAME = click.argument("name", required=False)


@click.group()
def command() -> None:
    """Fetch the assistant's model, see what is here (admins).

    \b
    Example:
      mondaylab model list
      mondaylab model fetch
    """


def _weights(name: str | None) -> tuple[str, Weights]:
    """The model that was named, or the default."""
    from mondaylab.hub.models.catalog import Catalog  # noqa: PLC0415  late, as everything of the hub
    from mondaylab.hub.models.weights import Weights  # noqa: PLC0415

    site = Site.find()
    name, model = Catalog.of(site).named(name)
    return name, Weights(site, model)


def _list_lines(result: Result) -> str:
    lines = []
    for one in result["models"]:
        mark = " (default)" if one["default"] else ""
        lines.append(
            f"{one['state']:<12} {one['name']}{mark}: {one['how_far']}, {one['licence']}, from {one['source']}"
        )
        lines.append(f"{'':<12} takes {one['memory_mb']:,} MB of memory; {one['writes']}")
    return "\n".join(lines)


@command.command("list")
@reports(_list_lines)
def show() -> Result:
    """Which models may run here, and how much of each is here.

    \b
    Example:
      mondaylab model list --json
    """
    from mondaylab.hub.models.catalog import Catalog  # noqa: PLC0415  late, as everything of the hub
    from mondaylab.hub.models.weights import Weights  # noqa: PLC0415

    site = Site.find()
    catalog = Catalog.of(site)
    found = []
    for name, model in catalog.models.items():
        weights = Weights(site, model)
        told = model.model_dump(include={"licence", "source", "memory_mb", "writes", "bytes", "sha256"})
        told |= {"state": weights.state, "here": weights.here, "how_far": weights.how_far}
        found.append({"name": name, "default": name == catalog.default, **told})
    return {"models": found}


def _fetch_line(result: Result) -> str:
    if result["dry_run"]:
        if result["parts_missing"] == 0:
            return f"{result['name']}: nothing would be fetched; {result['file']} would be looked at"
        parts = f"{(result['bytes'] - result['here']) // 1_000_000:,} MB in {result['parts_missing']} parts"
        return f"{result['name']}: {parts} would be fetched into {result['file']}"
    return f"{result['name']} is here and is what its makers published: {result['file']}"


@command.command()
@_NAME
@click.option("--dry-run", is_flag=True, help="Say what would be fetched, and fetch nothing.")
@reports(_fetch_line)
def fetch(name: str | None, dry_run: bool) -> Result:
    """Fetch a model (NAME; without it the default). A run that was stopped is gone on with.

    \b
    Example:
      mondaylab model fetch --dry-run
      mondaylab model fetch
    """
    name, weights = _weights(name)
    before = weights.here
    missing = weights.parts_missing
    if not dry_run:
        weights.fetch(progress)
    return {
        "name": name,
        "file": str(weights.path),
        "state": weights.state,
        "bytes": weights.model.bytes,
        "here": before,
        "parts_missing": missing,
        "dry_run": dry_run,
    }


@command.command()
@click.option("--threads", type=click.IntRange(min=1), default=2, show_default=True, help="Processor threads.")
@reports(lambda result: f"{result['name']} no longer answers.")
def serve(threads: int) -> Result:
    """Let the fetched model answer on this machine, as for `labs record`, until Ctrl-C.

    It says where it answers, and a key that is made anew each time: put both into another terminal.

    \b
    Example:
      mondaylab model serve
    """
    from mondaylab.hub.models.running import NotReady, fetched  # noqa: PLC0415  late, as everything of the hub
    from mondaylab.hub.models.serving import serve_until_stopped  # noqa: PLC0415

    wrong: list[MondaylabError] = []
    try:
        chosen = fetched(Site.find(), wrong.append)
    except NotReady as problem:
        if wrong:
            raise wrong[0] from problem
        raise Refused("no model is here that could answer", fix="mondaylab model fetch") from problem
    for error in wrong:
        progress(str(error))

    def ready(url: str, key: str) -> None:
        progress(f"{chosen.name} answers until Ctrl-C. In another terminal:")
        progress(f"export OPENAI_BASE_URL={url} OPENAI_API_KEY={key}")

    progress(f"loading {chosen.name}")
    serve_until_stopped(chosen, threads, ready)
    return {"name": chosen.name, "file": str(chosen.path)}


@command.command()
@_NAME
@reports(lambda result: f"{result['name']} is, byte for byte, what its makers published: {result['file']}")
def check(name: str | None) -> Result:
    """Hold the file of a model (NAME; without it the default) against its makers' hash.

    \b
    Example:
      mondaylab model check
    """
    name, weights = _weights(name)
    weights.check()
    return {"name": name, "file": str(weights.path), "sha256": weights.model.sha256}
