"""Frozen sources: a build's own copies of what people edit, so that its forms and grades never follow a later edit."""

from __future__ import annotations

import shutil
from pathlib import Path

from mondaylab.errors import NotFound, Refused
from mondaylab.labs.building.builds import BuildReport, build_command
from mondaylab.labs.building.inputs import Inputs, edited_inputs
from mondaylab.labs.material import Material
from mondaylab.plain import copy_plain
from mondaylab.settings import Site

SOURCES = "sources"
_GRADER = ("flaws.yaml", "scoring.yaml")


def frozen_site(site: Site, build: Path) -> Site:
    """The installation as a build or a release saw it.

    Raises:
        NotFound: The build is of a version before builds kept their sources.
    """
    sources = build / SOURCES
    if not sources.is_dir():
        again = "mondaylab labs build LAB --quarter QUARTER, then mondaylab labs release LAB --quarter QUARTER"
        raise NotFound("this build keeps no sources", where=build, fix=again)
    return site.at(sources)


def open_build(site: Site, build: Path) -> Material:
    """The lab exactly as it was built: its sources then, its snapshot, and what was retired.

    Args:
        site: The installation.
        build: Folder of a build or of a release.

    Raises:
        NotFound: There is no build, it keeps no sources, or its snapshot is gone.
        Refused: A part of it is damaged.
    """
    report = BuildReport.of(build)
    return Material.open(
        frozen_site(site, build),
        report.lab,
        company=report.company,
        quarter=report.quarter,
        snapshot=report.snapshot,
        before=report.inputs.previous,
        items=report.items,
    )


def freeze(site: Site, material: Material, build: Path, inputs: Inputs) -> None:
    """Copies what people edit and this build is made from below the build.

    Raises:
        Refused: Somebody edited it since the inputs were hashed.
    """
    lab, company = material.name, material.bindings.company
    copies = site.at(build / SOURCES)
    copy_plain(site.lab(lab), copies.lab(lab))
    files = [(site.company(company) / "bindings.yaml", copies.company(company) / "bindings.yaml")]
    files += [(site.grader / name, copies.grader / name) for name in _GRADER]
    for source, target in files:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    now = edited_inputs(copies, lab, company=company)
    changed = sorted(name for name, found in now.items() if found != getattr(inputs, name))
    if changed:
        raise Refused(
            f"{lab} was edited while it was built ({', '.join(changed)})",
            fix=build_command(lab, str(material.quarter), company),
        )
