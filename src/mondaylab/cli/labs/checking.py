"""``mondaylab labs check``: which labs a company can run; of a build, nbval and the gates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mondaylab.cli.contract import Result, error_words, progress, reports
from mondaylab.settings import Site


def build_named(site: Site, target: str, quarter: str | None, company: str | None) -> Path:
    """The build folder that a person means: a folder with a report, or a lab, a quarter and a company.

    Raises:
        NotFound: There is no such build.
        click.UsageError: A lab is named without a quarter, or a folder with a company.
    """
    from mondaylab.labs.building.builds import EMBEDDED, REPORT, built  # noqa: PLC0415

    folder = Path(target)
    if (folder / REPORT).is_file():
        if company is not None:
            raise click.UsageError("a build folder says itself whose data it is made of: leave --company out")
        return folder.resolve()
    if quarter is None:
        raise click.UsageError(f"{target} is no build folder; for a lab add --quarter")
    return built(site, target, quarter, company=company or EMBEDDED)


def _words(result: Result) -> str:
    return _coverage_words(result) if "companies" in result else _check_words(result)


def _coverage_words(result: Result) -> str:
    lines = []
    for company in result["companies"]:
        lines.append(company["company"])
        lines += [f"  {lab['lab']:32} {_covered(lab)}" for lab in company["labs"]]
        lines += [f"  assumed: {words}" for words in company["assumed"]]
    lines = lines or ["No company is bound yet: write datasets/<company>/bindings.yaml"]
    lines += ["grader/scoring.yaml"] if result["roles"] else []
    lines += [f"  {role['role']:32} cannot be graded: {error_words(role['error'])}" for role in result["roles"]]
    return "\n".join(lines)


def _covered(lab: dict[str, Any]) -> str:
    if lab["error"] is not None:
        return f"cannot be read: {error_words(lab['error'])}"
    return f"lacks {', '.join(lab['missing'])}" if lab["missing"] else "can run"


def _check_words(result: Result) -> str:
    gates: dict[str, Any] = result["gates"]
    verdict = "passes" if result["passed"] else "FAILS"
    lines = [
        f"{result['lab']} {result['quarter']} on {result['snapshot']}: {verdict}",
        f"  {'nbval':26} {'passed' if result['nbval'] is None else 'FAILED: ' + result['nbval']}",
    ]
    lines += [f"  {'stale':26} {words}" for words in result["stale"]]
    lines += [f"  {_gate(gate)}\n  {'':26} {gate['said']}" for gate in gates["gates"]]
    return "\n".join([*lines, f"{gates['claims']} claims of {gates['seeds']} forms"])


def _gate(gate: dict[str, Any]) -> str:
    state = "passed" if gate["passed"] else "FAILED" if gate["enough"] else "TOO FEW"
    parts = [f"{gate['name']:26} {state}"]
    if gate["value"] is not None:
        parts.append(_figure(gate["value"]))
    if gate["low"] is not None and gate["high"] is not None:
        parts.append(f"[{_figure(gate['low'])}, {_figure(gate['high'])}]")
    if gate["bound"] is not None:
        parts.append(f"bound {_figure(gate['bound'])}")
    return "  ".join([*parts, f"n {gate['n']:,}"])


def _figure(value: float) -> str:
    return f"{value:.3g}"


def _coverage(company: str | None) -> Result:
    from mondaylab.labs.coverage import bound_companies, coverage, scoring_faults  # noqa: PLC0415  late: for a quick --help

    site = Site.find()
    names = bound_companies(site) if company is None else [company]
    companies = [coverage(site, name).model_dump(mode="json") for name in names]
    roles = [{"role": role, "error": error.as_dict()} for role, error in scoring_faults(site).items()]
    return {"companies": companies, "roles": roles}


@click.command("check")
@click.argument("build", metavar="[LAB|DIR]", required=False)
@click.option("--quarter", help="Such as 2026Q4; not needed for a build folder.")
@click.option("--seeds", type=click.IntRange(min=10), default=200, show_default=True, help="Forms that the gates draw.")
@click.option(
    "--learners",
    type=click.IntRange(min=2),
    default=200,
    show_default=True,
    help="Learners of one cohort that it has to have forms for.",
)
@click.option("--company", help="Whose build, demo if not given; without LAB: only this company's labs.")
@reports(_words, lambda result: not result.get("passed", True))
def check(build: str | None, quarter: str | None, seeds: int, learners: int, company: str | None) -> Result:
    """Check a built lab: every cell gives the same output again, and its score cannot be had by tricks.

    Writes gates.json beside the build's report; a release asks for it. Exit code 1 when anything fails. Without LAB it
    tells which labs each company can run, which concepts and fields it has not bound for the others, and which roles
    grader/scoring.yaml leaves without grades.

    \b
    Example:
      mondaylab labs check
      mondaylab labs check finance/weekly_margin_memo --quarter 2026Q4
    """
    if build is None:
        return _coverage(company)
    from mondaylab.labs.quarterly.checks import check_build  # noqa: PLC0415  late: keeps `mondaylab --help` quick

    site = Site.find()
    folder = build_named(site, build, quarter, company)
    return check_build(site, folder, seeds=seeds, learners=learners, say=progress).model_dump(mode="json")
