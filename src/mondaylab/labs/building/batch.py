"""Building many labs: side by side in worker processes, only those that changed, one bad lab never stopping another."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Literal, cast

from mondaylab.datasets.latest import latest
from mondaylab.errors import MondaylabError, Refused
from mondaylab.extensions import blaming
from mondaylab.forms.items import ItemPlan, ItemStatistics
from mondaylab.labs.building.builds import EMBEDDED, BuildReport, build_folder, report_of
from mondaylab.labs.building.inputs import Inputs, common_inputs, inputs_of
from mondaylab.labs.building.places import notebook_source
from mondaylab.labs.building.warm_builds import begin, outcome
from mondaylab.labs.building.warm_processes import Warm, shared_imports, warm_processes
from mondaylab.plain import copy_plain
from mondaylab.quarter import Quarter
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name

Say = Callable[[str], None]
Review = Callable[[Site, str], None]
"""Looks at the copy of a lab (the installation with it, and its name) before anything of it runs; raises to refuse."""


class Outcome(Record):
    """What became of one lab."""

    lab: str
    state: Literal["built", "unchanged", "failed"]
    seconds: float
    report: BuildReport | None = None
    """Of the build that lies there now: the new one, the unchanged one, or after a failure the last good one."""
    error: dict[str, str | None] | None = None
    """What, where and fix, if it failed."""


@dataclass(frozen=True)
class Order:
    """One run of builds.

    Attributes:
        quarter: Such as ``2026Q4``.
        company: Whose data.
        snapshot: Snapshot id; none: the latest of the quarter.
        parameters: Values for declared papermill parameters besides ``quarter``.
        out: Where builds go instead of ``var/builds``.
        items: What grading found out about items.
    """

    quarter: str
    company: str = EMBEDDED
    snapshot: str | None = None
    parameters: Mapping[str, object] | None = None
    out: Path | None = None
    items: ItemStatistics | None = None


@dataclass(frozen=True)
class _Job:
    site: Site
    lab: str
    order: Order
    snapshot: str
    inputs: Inputs
    kernels: Path | None = None
    """Where warm kernels are to be had."""


def build_labs(
    site: Site,
    labs: Sequence[str],
    order: Order,
    *,
    jobs: int | None = None,
    say: Say = lambda _: None,
    warm: Warm | None = None,
    review: Review = lambda _site, _lab: None,
) -> list[Outcome]:
    """Builds labs, each at most once, and skips those whose inputs are what they were made from.

    Each is copied first, and only the copy is looked at, hashed, run and kept: others may write in ``labs/`` meanwhile.

    Args:
        site: The installation.
        labs: ``<role>/<lab>`` each.
        order: For which quarter, on what data.
        jobs: Worker processes; one more than there are processors if none is given.
        say: Gets one line for each thing that begins or ends.
        warm: Where builds and kernels are forked from, if that was started already; ended when all are built.
        review: Whether a lab may run.

    Returns:
        One outcome a lab, in the order given. A lab that fails is an outcome too; it raises nothing.

    Raises:
        NotFound: There is no snapshot of that quarter.
        Refused: Quarter or snapshot are malformed, or do not belong together.
    """
    with _copies(site) as copies:

        def as_edited(words: str) -> str:
            return words.replace(str(copies.root), str(site.root))

        outcomes = _build_copies(site, copies, labs, order, jobs, lambda words: say(as_edited(words)), warm, review)
    for lab, one in outcomes.items():
        if one.error is not None:
            error = {key: words and as_edited(words) for key, words in one.error.items()}
            outcomes[lab] = one.model_copy(update={"error": error})
    return [outcomes[lab] for lab in dict.fromkeys(labs)]


@contextmanager
def _copies(site: Site) -> Iterator[Site]:
    """The installation with no lab yet: labs are copied there. All else that a build reads is no author's to write."""
    with tempfile.TemporaryDirectory(prefix="mondaylab-labs-") as place:  # 0700
        for name in ("datasets", "grader"):
            Path(place, name).symlink_to(site.root / name)
        yield replace(site, root=Path(place))


def _build_copies(
    site: Site,
    copies: Site,
    labs: Sequence[str],
    order: Order,
    jobs: int | None,
    say: Say,
    warm: Warm | None,
    review: Review,
) -> dict[str, Outcome]:
    snapshot = _snapshot(site, order)
    common = common_inputs()
    outcomes: dict[str, Outcome] = {}
    waiting: list[_Job] = []
    for lab in dict.fromkeys(labs):
        began = time.monotonic()
        try:
            _copy(site, copies, lab)
            review(copies, lab)
            job = _job(copies, lab, order, snapshot, common)
            before = report_of(build_folder(site, lab, order.quarter, order.out, company=order.company))
        except MondaylabError as error:
            outcomes[lab] = _failed(site, lab, order, error, began)
            say(f"{lab}: failed: {error}")
            continue
        if before is not None and before.made_from == job.inputs.hash:
            outcomes[lab] = Outcome(lab=lab, state="unchanged", seconds=_since(began), report=before)
            say(f"{lab}: unchanged")
        else:
            why = "" if before is None else f" again: {', '.join(job.inputs.changed(before.inputs))} changed"
            say(f"{lab}: building{why}")
            waiting.append(job)
    for done in _run(waiting, min(jobs or _workers(), len(waiting)), warm):
        outcomes[done.lab] = done
        words = f"built in {done.seconds:.1f} s" if done.error is None else f"failed: {done.error['what']}"
        say(f"{done.lab}: {words}")
    return outcomes


def _snapshot(site: Site, order: Order) -> str:
    quarter = str(Quarter.parse(order.quarter))
    if order.snapshot is None:
        return latest(site, order.company, quarter).name
    if not order.snapshot.startswith(f"{order.company}-{quarter}-"):
        raise Refused(
            f"snapshot {order.snapshot} is not one of {order.company} for {quarter}",
            fix=f"name one that begins with {order.company}-{quarter}-",
        )
    return plain_name(order.snapshot)


def _copy(site: Site, copies: Site, lab: str) -> None:
    """Copies a lab; one that is not there hashes as empty, and its build says so."""
    if lab.count("/") != 1:
        raise Refused(f"{lab!r} is not a lab", fix="write it as role/name, such as finance/weekly_margin_memo")
    folder = site.lab(lab)
    if folder.is_dir():
        copy_plain(folder, copies.root / "labs" / lab)


def _job(site: Site, lab: str, order: Order, snapshot: str, common: Mapping[str, str]) -> _Job:
    inputs = inputs_of(
        site,
        lab,
        company=order.company,
        quarter=order.quarter,
        snapshot=snapshot,
        parameters=order.parameters or {},
        items=_items(order, lab).hash,
        common=common,
    )
    return _Job(site, lab, order, snapshot, inputs)


def _run(jobs: list[_Job], workers: int, warm: Warm | None) -> Iterator[Outcome]:
    """Runs the jobs in processes; a job whose process dies fails alone."""
    if not jobs:
        return
    died, again = list[_Job](), list[_Job]()
    with nullcontext(warm) if warm else _warm(jobs) as servers:
        yield from _side_by_side(jobs, workers, servers, died)
        servers.end()  # whoever opened them may keep them open; what follows wants their memory
    if not died:
        return
    # memory that was too short for many at once may be enough for one
    began = time.monotonic()
    with _warm(died) as servers:
        yield from _side_by_side(died, 1, servers, again)
    for job in again:
        refused = Refused("the process that built it died", where=job.lab, fix="look for a lack of memory")
        yield _failed(job.site, job.lab, job.order, refused, began)


def _warm(jobs: list[_Job]) -> AbstractContextManager[Warm]:
    return warm_processes(shared_imports(notebook_source(job.site, job.lab) for job in jobs))


def _side_by_side(jobs: list[_Job], workers: int, warm: Warm, died: list[_Job]) -> Iterator[Outcome]:
    """Builds so many at a time; whose process dies is added to `died`."""
    waiting, running = deque(jobs), dict[Connection, _Job]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                job = replace(waiting.popleft(), kernels=warm.kernels)
                try:
                    running[begin(warm.builds, _build, job)] = job
                except OSError:
                    died.append(job)
            for connection in wait([*running]) if running else ():  # of none, it would wait for ever
                job = running.pop(cast(Connection, connection))
                try:
                    yield cast(Outcome, outcome(cast(Connection, connection)))
                except (OSError, EOFError):
                    died.append(job)
    finally:
        for left in running:  # whatever stopped us stops them
            left.close()


def _build(job: _Job) -> Outcome:
    """One build, in a worker process."""
    began, order = time.monotonic(), job.order
    try:
        from mondaylab.labs.building.build import build_lab  # noqa: PLC0415  papermill is for workers; a skip needs none of it
        from mondaylab.labs.material import Material  # noqa: PLC0415

        with blaming():
            material = Material.open(
                job.site,
                job.lab,
                company=order.company,
                quarter=order.quarter,
                snapshot=job.snapshot,
                items=_items(order, job.lab),
            )
            report = build_lab(job.site, material, order.parameters, out=order.out, inputs=job.inputs, warm=job.kernels)
    except MondaylabError as error:
        return _failed(job.site, job.lab, order, error, began)
    except Exception as error:  # a defect of ours must not stop the other labs either
        traceback.print_exc(file=sys.stderr)
        fault = Refused(f"{type(error).__name__}: {error}", where=job.lab, fix="report it; the traceback is above")
        return _failed(job.site, job.lab, order, fault, began)
    return Outcome(lab=job.lab, state="built", seconds=_since(began), report=report)


def _items(order: Order, lab: str) -> ItemPlan:
    return ItemPlan() if order.items is None else order.items.plan(lab)


def _failed(site: Site, lab: str, order: Order, error: MondaylabError, began: float) -> Outcome:
    try:
        kept = report_of(build_folder(site, lab, order.quarter, order.out, company=order.company))
    except MondaylabError:  # not even a name that could have a folder
        kept = None
    return Outcome(lab=lab, state="failed", seconds=_since(began), report=kept, error=error.as_dict())


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)


def _workers() -> int:
    """One more than the processors that we may use: a build waits for its kernel now and then."""
    return len(os.sched_getaffinity(0)) + 1
