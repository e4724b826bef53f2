"""The check of a build: nbval on its notebook, the gates on its forms, and ``gates.json`` beside its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mondaylab.errors import NotFound, Refused
from mondaylab.files import write_file
from mondaylab.forms.scoring import ScoringRules
from mondaylab.labs.building.builds import BuildReport, build_command
from mondaylab.labs.building.inputs import inputs_of
from mondaylab.labs.recorded.baselines import Baseline, BaselineStore
from mondaylab.records import Record
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.labs.gates import GateReport
    from mondaylab.labs.material import Material

Say = Callable[[str], None]
SEEDS = 200
LEARNERS = 200


class CheckReport(Record):
    """``gates.json`` of a build."""

    FILE: ClassVar[str] = "gates.json"

    lab: str
    quarter: str
    company: str
    snapshot: str
    made_from: str
    """The inputs' hash of the very build that was checked."""
    stale: tuple[str, ...] = ()
    """In words, how many adopted answers are of other data: no failure."""
    nbval: str | None
    """What nbval found wrong; none: every cell gave the same output again."""
    gates: dict[str, Any]
    """The gates' report (`mondaylab.labs.gates.GateReport`): every figure with its interval, bound and words."""
    passed: bool
    """Whether nbval and every gate passed."""

    @property
    def baseline(self) -> str | None:
        """What a model earns that sees the words alone, in words; none where none was asked."""
        told = (one for one in self.gates.get("gates", ()) if one["name"] == "ai_baseline" and one["n"])
        return next((str(one["said"]) for one in told), None)


def check_build(
    site: Site, folder: Path, *, seeds: int = SEEDS, learners: int = LEARNERS, say: Say = lambda _: None
) -> CheckReport:
    """Checks a build and writes what was found beside its report, passed or not.

    Args:
        site: The installation that it was built in.
        folder: The build.
        seeds: Forms that the gates draw.
        learners: Learners of one cohort that the lab has to have forms for.
        say: Gets progress.

    Raises:
        NotFound: There is no build in the folder.
        Refused: Something is wrong with the role's block of ``grader/scoring.yaml``, or the sources are not those that
            it was built from: the gates would look at another lab.
    """
    report = BuildReport.of(folder)
    ScoringRules.of(site).role(report.lab)  # what cannot be graded need not be measured
    material = _material(site, report, folder)
    say(f"{report.lab}: nbval")
    nbval = _nbval(folder, report)
    say(f"{report.lab}: gates over {seeds} forms")
    store = BaselineStore(site, company=report.company, lab=report.lab, quarter=report.quarter)
    gates = _gates(site, material, seeds, learners, say, store.newest(report.snapshot))
    check = CheckReport(
        lab=report.lab,
        quarter=report.quarter,
        company=report.company,
        snapshot=report.snapshot,
        made_from=report.made_from,
        stale=report.stale,
        nbval=nbval,
        gates=gates.model_dump(mode="json"),
        passed=nbval is None and gates.passed,
    )
    write_file(folder / CheckReport.FILE, check.canonical())
    return check


def passed_check(folder: Path, made_from: str) -> CheckReport:
    """The check of exactly this build, which passed.

    Args:
        folder: The build.
        made_from: Its report's.

    Raises:
        Refused: It was not checked, it failed, or what was checked was another build.
    """
    path = folder / CheckReport.FILE
    try:
        check = CheckReport.read_json(path)
    except NotFound:
        raise Refused("the build was not checked", where=folder, fix=f"mondaylab labs check {folder}") from None
    if check.made_from != made_from:
        raise Refused("another build was checked, not this one", where=path, fix=f"mondaylab labs check {folder}")
    if not check.passed:
        raise Refused("the build did not pass its check", where=path, fix=f"mondaylab labs check {folder}")
    return check


def _material(site: Site, report: BuildReport, folder: Path) -> Material:
    from mondaylab.labs.building.frozen import open_build  # noqa: PLC0415  reading a check needs no data

    made = report.inputs
    now = inputs_of(
        site,
        report.lab,
        company=report.company,
        quarter=report.quarter,
        snapshot=report.snapshot,
        parameters=made.parameters,
        items=made.items,
    )
    if now.hash != report.made_from:
        raise Refused(
            f"{report.lab} was built from other sources: {', '.join(now.changed(made))} changed since",
            where=folder,
            fix=build_command(report.lab, report.quarter, report.company),
        )
    return open_build(site, folder)


def _nbval(folder: Path, report: BuildReport) -> str | None:
    from mondaylab.labs.building.build import check_folder  # noqa: PLC0415  papermill comes with it

    try:
        check_folder(folder, report.lab, report.quarter)
    except Refused as error:
        return error.what
    return None


def _gates(
    site: Site, material: Material, seeds: int, learners: int, say: Say, baseline: Baseline | None
) -> GateReport:
    from mondaylab.labs.gates import check_lab  # noqa: PLC0415  scikit-learn comes with it
    from mondaylab.labs.gates.adopted_names import adopted_names_gate  # noqa: PLC0415

    drawn = check_lab(material, seeds=seeds, learners=learners, say=say, baseline=baseline)
    say(f"{material.name}: names in adopted answers")
    return drawn.model_copy(update={"gates": (*drawn.gates, adopted_names_gate(site, material))})
