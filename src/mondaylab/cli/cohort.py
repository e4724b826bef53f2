"""``mondaylab cohort``: who learns what; plan and apply; close a lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mondaylab.cli.applied import applied_words
from mondaylab.cli.contract import Result, progress, reports
from mondaylab.errors import NotFound
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.hub.cohorts import Cohort
    from mondaylab.judging.answers import Progress


@click.group()
def command() -> None:
    """Learners, instructors, courses; close a lab (admins, instructors).

    A cohort is written in hub_config/cohorts/<cohort>.yaml; what is applied of it is what the hub serves.

    \b
    Example:
      mondaylab cohort plan finance-demo
      mondaylab cohort apply finance-demo
      mondaylab cohort close finance-demo weekly_margin_memo
    """


def _list_words(result: Result) -> str:
    rows = [
        f"{one['cohort']}  {one['state']:12}  {one['learners']} learners  {one['title']}" for one in result["cohorts"]
    ]
    told = [f"{one['cohort']}  cannot be read; why stands above" for one in result["broken"]]
    return "\n".join([*rows, *told]) or "No cohort is written yet: hub_config/cohorts/<cohort>.yaml"


@command.command("list")
@reports(_list_words)
def list_() -> Result:
    """All cohorts and whether they are applied as written.

    A file that cannot be read is told beside the others ("broken" in --json), and is no failure of the list.

    \b
    Example:
      mondaylab cohort list --json
    """
    from mondaylab.hub.cohorts import applied, readable  # noqa: PLC0415  late: --help stays quick

    site = Site.find()
    (written, broken), served = readable(site), applied(site)
    for error in broken.values():
        progress(f"mondaylab: {error}")
    rows = []
    for name in sorted({*written, *served}):
        cohort = written.get(name) or served[name]
        state = "applied" if served.get(name) == cohort else "not applied" if name not in served else "changed"
        state = state if name in written else "broken" if name in broken else "not written"
        rows.append({"cohort": name, "title": cohort.title, "state": state, "learners": len(cohort.learners)})
    return {"cohorts": rows, "broken": [{"cohort": name, **error.as_dict()} for name, error in broken.items()]}


def _plan_words(result: Result) -> str:
    return "\n".join(result["changes"]) or "Nothing to change."


@command.command()
@click.argument("cohort")
@reports(_plan_words)
def plan(cohort: str) -> Result:
    """What apply would change; changes nothing.

    \b
    Example:
      mondaylab cohort plan finance-demo
    """
    from mondaylab.hub import provision  # noqa: PLC0415  late: --help stays quick
    from mondaylab.hub.cohorts import declared_cohort  # noqa: PLC0415

    site = Site.find()
    return {"changes": [change.what for change in provision.plan(site, declared_cohort(site, cohort))]}


@command.command()
@click.argument("cohort")
@click.option("--dry-run", is_flag=True, help="The same as plan.")
@reports(applied_words)
def apply(cohort: str, dry_run: bool) -> Result:
    """Make the cohort as its file says: accounts, course, gradebook, exchange, homes. Nobody's work is deleted.

    A running hub serves a new cohort after it was started again.

    \b
    Example:
      mondaylab cohort apply finance-demo
    """
    from mondaylab.hub import provision  # noqa: PLC0415  late: --help stays quick
    from mondaylab.hub.accounts import Accounts  # noqa: PLC0415
    from mondaylab.hub.cohorts import declared_cohort  # noqa: PLC0415

    site = Site.find()
    wanted = declared_cohort(site, cohort)
    if dry_run:
        return {"changes": [change.what for change in provision.plan(site, wanted)], "new_accounts": {}}
    before = set(Accounts(site).names())
    changes = provision.apply(site, wanted, say=progress)
    passwords = Accounts(site).initial_passwords()
    return {"changes": changes, "new_accounts": {name: passwords[name] for name in passwords if name not in before}}


def _open_words(result: Result) -> str:
    forms = f"{result['forms']} forms of {result['release']}"
    return f"{result['lab']} is open to {result['cohort']}: {forms}, the lab can be fetched."


@command.command("open")
@click.argument("cohort")
@click.argument("lab")
@click.option("--release", help="An older release of it; the current one if not given.")
@reports(_open_words)
def open_lab(cohort: str, lab: str, release: str | None) -> Result:
    """Give a cohort one of its labs: a form for each learner, and the assignment to fetch.

    The lab was released for the cohort's quarter before (mondaylab labs release). Again, it adds learners who joined;
    what a learner has stays, and whoever joins gets the same release.

    \b
    Example:
      mondaylab cohort open finance-demo finance/weekly_margin_memo
    """
    from mondaylab.hub.opening import open_lab_to  # noqa: PLC0415  late: --help stays quick

    site = Site.find()
    record = open_lab_to(site, _applied(site, cohort), lab, release)
    return {
        "cohort": cohort,
        "lab": lab,
        "release": record.release,
        "forms": len(record.forms),
        "most_shared": record.most_shared,
    }


def _show_words(result: Result) -> str:
    lines = [
        f"{key}: {', '.join(value) if isinstance(value, list) else value}" for key, value in result["cohort"].items()
    ]
    for lab in result["labs"]:
        lines.append(f"{lab['lab']}: {'closed' if lab['closed'] else 'open'}")
        lines += [f"  {row['learner']:12} {row['state']}" for row in lab["progress"]]
    return "\n".join(lines)


@command.command()
@click.argument("cohort")
@reports(_show_words)
def show(cohort: str) -> Result:
    """A cohort, its labs, and how far each learner is.

    \b
    Example:
      mondaylab cohort show finance-demo
    """
    from mondaylab.judging.store import JudgementStore  # noqa: PLC0415  late: --help stays quick

    site = Site.find()
    found = _applied(site, cohort)
    labs = []
    with JudgementStore(site.judgement_database) as store:
        for lab in found.labs:
            rows = [{"learner": one.learner, "state": _state(one)} for one in store.progress(cohort, lab)]
            labs.append({"lab": lab, "closed": store.closed(cohort, lab), "progress": rows})
    return {"cohort": found.model_dump(mode="json"), "labs": labs}


@command.command()
@click.argument("cohort")
@click.argument("lab", required=False)
@click.option("--dry-run", is_flag=True, help="Say what would be closed, and close nothing.")
@reports(lambda result: f"{result['lab']} is {'open; it would be closed' if result['dry_run'] else 'closed'}.")
def close(cohort: str, lab: str | None, dry_run: bool) -> Result:
    """Close a lab for the whole cohort: nobody can change a judgement any more, and feedback can be released.

    LAB is its id or its name; it may be left out when the cohort has one lab.

    \b
    Example:
      mondaylab cohort close finance-demo finance/weekly_margin_memo
    """
    from mondaylab.judging.store import JudgementStore  # noqa: PLC0415  late: --help stays quick

    site = Site.find()
    found = _applied(site, cohort)
    name = _lab(found, lab)
    if not dry_run:
        with JudgementStore(site.judgement_database) as store:
            store.close(cohort, name)
    return {"cohort": cohort, "lab": name, "dry_run": dry_run}


def _applied(site: Site, name: str) -> Cohort:
    from mondaylab.hub.cohorts import applied  # noqa: PLC0415  late: --help stays quick

    served = applied(site)
    if name not in served:
        raise NotFound(f"cohort {name} is not applied", fix=f"mondaylab cohort apply {name}")
    return served[name]


def _lab(cohort: Cohort, wanted: str | None) -> str:
    """The id of the wanted lab, given as an id, a name, or not at all when there is only one."""
    if wanted is None and len(cohort.labs) == 1:
        return cohort.labs[0]
    for name, lab in cohort.assignments().items():
        if wanted in (name, lab):
            return lab
    raise NotFound(
        f"cohort {cohort.cohort} has no lab {wanted or ''}".rstrip(), fix=f"one of: {', '.join(cohort.labs)}"
    )


def _state(progress: Progress) -> str:
    """How far one learner is, in words."""
    if progress.check_committed is not None:
        return "finished judging"
    if progress.first_committed is not None:
        return f"after checking: {progress.check_answered} of {progress.rows} rows"
    return f"first look: {progress.first_answered} of {progress.rows} rows"
