"""The whole lab on the fictitious company, step by step; each step is skipped when it is already done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from mondaylab.datasets.demo_company.export import generate
from mondaylab.datasets.latest import latest
from mondaylab.datasets.sanitize import sanitize
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.errors import MondaylabError
from mondaylab.hub import provision
from mondaylab.hub.cohorts import Cohort, declared_cohort
from mondaylab.hub.made import PACKAGE, Made, inputs_hash
from mondaylab.hub.opening import open_lab_to
from mondaylab.hub.proxy import ensure_proxy
from mondaylab.hub.reviewed import refuse_unreviewed
from mondaylab.labs.building.batch import Order, build_labs
from mondaylab.labs.building.build import check_executed
from mondaylab.labs.building.builds import BuildReport
from mondaylab.labs.drawing.issuing import Issued
from mondaylab.labs.quarterly.releases import Release, current, current_release, make_release
from mondaylab.quarter import Quarter
from mondaylab.settings import Site

Say = Callable[[str], None]


@dataclass
class Steps:
    """Runs named steps, tells them, and keeps how long each took."""

    say: Say
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, words: str) -> Iterator[None]:
        """One step: `name` in the result, `words` for the person watching."""
        self.say(f"{len(self.seconds) + 1}. {words}")
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 2)


def prepare(site: Site, cohort: Cohort, steps: Steps) -> Release:
    """Makes exports, snapshots and the built lab of a cohort; returns its release.

    Raises:
        MondaylabError: A step refuses; what was made before it stays, and the next run goes on from there.
    """
    made, lab = Made(site), cohort.labs[0]
    quarters = [str(Quarter.parse(cohort.quarter).previous), cohort.quarter]
    with steps.step("proxy", "proxy: node and configurable-http-proxy"):
        ensure_proxy(site, steps.say)
    with steps.step("export", f"raw exports of {cohort.company} for {' and '.join(quarters)}"):
        for quarter in quarters:
            _export(site, cohort.company, quarter, made)
    with steps.step("sanitize", "sanitize them into snapshots"):
        for quarter in quarters:
            _sanitize(site, cohort.company, quarter, made, steps.say)
    with steps.step("build", f"build {lab} for {cohort.quarter}"):
        return _released(site, lab, _build(site, lab, cohort), steps.say)


def open_cohort(site: Site, cohort: Cohort, steps: Steps, name: str = "cohort") -> Issued:
    """Accounts, groups, course, forms and the released lab of a cohort; `name` is the step's."""
    with steps.step(name, f"cohort {cohort.cohort}: accounts, course, forms, released lab"):
        provision.apply(site, cohort)
        return open_lab_to(site, cohort, cohort.labs[0])


def demo_cohort(site: Site) -> Cohort:
    """The cohort that the demo opens."""
    return declared_cohort(site, "finance-demo")


def _export(site: Site, company: str, quarter: str, made: Made) -> None:
    """Exports once: a raw export is what a steward has seen, so it is not regenerated under them."""
    inputs = inputs_hash([site.company(company) / "company.yaml", PACKAGE / "datasets" / "demo_company", quarter])
    if not (made.is_current(f"export {quarter}", inputs) and (site.raw / company / quarter).is_dir()):
        generate(site, company, quarter)
        made.done(f"export {quarter}", inputs)


def _sanitize(site: Site, company: str, quarter: str, made: Made, say: Say) -> None:
    raw, policy = site.raw / company / quarter, site.company(company) / "policy.yaml"
    inputs = inputs_hash([raw, policy, PACKAGE / "datasets"])
    if made.is_current(f"sanitize {quarter}", inputs):
        Snapshot.open(latest(site, company, quarter)).verify()
        return
    sanitize(site, company, quarter, lambda words: say(f"   {quarter}: {words}"))
    made.done(f"sanitize {quarter}", inputs)


def _build(site: Site, lab: str, cohort: Cohort) -> BuildReport:
    """Builds the lab if anything it is made from has changed; what is built is held against nbval once."""
    review = partial(refuse_unreviewed, company=cohort.company, quarter=cohort.quarter)
    [outcome] = build_labs(site, [lab], Order(cohort.quarter, company=cohort.company), review=review)
    if outcome.error is not None or outcome.report is None:
        error = outcome.error or {}
        raise MondaylabError(error.get("what") or "not built", where=error.get("where"), fix=error.get("fix"))
    if outcome.state == "built":
        check_executed(site, lab, cohort.quarter, company=cohort.company)
    return outcome.report


def _released(site: Site, lab: str, report: BuildReport, say: Say) -> Release:
    """Releases what was built, if that is not what new cohorts get already.

    The gates draw 200 forms, which takes minutes: the demo goes without, and its release says so for good.
    """
    company = report.company
    pointed = current(site, lab, company=company)
    if pointed is None or Release.of(current_release(site, lab, company=company)).made_from != report.made_from:
        step = make_release(site, lab, report.quarter, company=company, unchecked=True)
        if step.unchecked:
            say(f"   released without its gates; to run them: mondaylab labs check {lab} --quarter {report.quarter}")
    return Release.of(current_release(site, lab, company=company))
