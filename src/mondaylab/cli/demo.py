"""``mondaylab demo``: the whole lab on the fictitious company."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from mondaylab.cli.contract import Result, progress, reports
from mondaylab.errors import MondaylabError
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.hub.demo import Steps


def _words(result: Result) -> str:
    if "scores" not in result:
        return "Stopped; nothing of it is still running."
    scores = ", ".join(f"{name} {share:.2f}" for name, share in result["scores"].items())
    return f"{result['lab']} on {result['snapshot']}: {result['claims']} claims each. Judgement: {scores}."


@click.command("demo")
@click.option("--headless", is_flag=True, help="Play scripted learners and an instructor through it, then stop.")
@click.option("--port", default=8000, show_default=True, help="Public port on 127.0.0.1 (0 with --headless: any).")
@click.option(
    "--origins",
    type=click.Choice(["subdomains", "path"]),
    default="subdomains",
    show_default=True,
    help="As for mondaylab hub run; path is for browsers that do not know names below localhost (Safari).",
)
@reports(_words)
def command(headless: bool, port: int, origins: str) -> Result:
    """Make a fictitious company, sanitize its data, build a lab, open a cohort and run the hub.

    Steps that are already done are skipped. Ctrl-C stops everything.

    \b
    Example:
      mondaylab demo
      mondaylab demo --headless --json
    """
    from mondaylab.hub.demo import Steps, demo_cohort, open_cohort, prepare  # noqa: PLC0415  late: --help stays quick
    from mondaylab.hub.models.fetching import fetched_meanwhile  # noqa: PLC0415

    site = Site.find()
    steps = Steps(progress)
    cohort = demo_cohort(site)
    with ExitStack() as held:
        if not headless:  # scripted learners ask nobody
            held.enter_context(fetched_meanwhile(site, progress))
        released = prepare(site, cohort, steps)
        open_cohort(site, cohort, steps)
        base = {"snapshot": released.snapshot, "lab": released.lab}
        if headless:
            return base | _play(site, port, origins, steps)
        _serve(site, port, origins)
        return base | {"seconds": steps.seconds}


def _play(site: Site, port: int, origins: str, steps: Steps) -> dict[str, object]:
    from mondaylab.hub.demo import open_cohort  # noqa: PLC0415
    from mondaylab.hub.origins import Origins  # noqa: PLC0415
    from mondaylab.hub.rehearsal.play import rehearsal_cohort, rehearsal_site, rehearse  # noqa: PLC0415
    from mondaylab.hub.run import running_hub  # noqa: PLC0415

    stage = rehearsal_site(site)
    cohort = rehearsal_cohort(stage)
    issued = open_cohort(stage, cohort, steps, "rehearsal")
    with ExitStack() as held:
        with steps.step("hub", "the hub on a state of its own"):
            hub = held.enter_context(running_hub(stage, port=port, origins=Origins(origins), say=progress))
        outcome = rehearse(stage, cohort, issued, hub.settings.addresses, steps)
    outcome.check()
    return {
        "claims": outcome.claims,
        "scores": outcome.scores,
        "oracle": outcome.oracle,
        "seconds": steps.seconds,
    }


def _serve(site: Site, port: int, origins: str) -> None:
    from mondaylab.hub.accounts import Accounts  # noqa: PLC0415
    from mondaylab.hub.demo import demo_cohort  # noqa: PLC0415
    from mondaylab.hub.origins import Origins  # noqa: PLC0415
    from mondaylab.hub.run import RunningHub, run_hub  # noqa: PLC0415

    def ready(hub: RunningHub) -> None:
        cohort, passwords = demo_cohort(site), Accounts(site).initial_passwords()
        progress(f"\nmondaylab is at {hub.url}   (Ctrl-C stops everything)\n")
        for name in (*cohort.learners, *cohort.instructors):
            role = "instructor" if name in cohort.instructors else "learner"
            progress(f"  {role:10}  {name:8}  {passwords.get(name, '(changed)')}")
        progress(
            f"\nTry first: sign in as {cohort.learners[0]}, open Nbgrader > Assignment List, fetch the lab,"
            " judge, submit."
            f"\nThen sign in as {cohort.instructors[0]}: collect and autograde in formgrader, close the lab, release"
            "\nfeedback, and fetch it as the learner.\n"
        )

    if run_hub(site, ready=ready, port=port, origins=Origins(origins), say=progress) != 0:
        raise MondaylabError("the hub ended by itself", where=site.logs / "hub.log", fix="mondaylab hub check")
