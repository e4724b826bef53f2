"""Adopted answers are searched for whom the exports know, where they are; what is found is told by its line only."""

from __future__ import annotations

import shutil

import pytest
from tests.support import authoring_site
from tests.support.places import LAB, QUARTER

from mondaylab.labs.gates.adopted_names import adopted_names_gate
from mondaylab.labs.material import Material
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.settings import Site


@pytest.fixture
def site(demo_site: Site, tmp_path) -> Site:
    made = authoring_site.checkout(demo_site, tmp_path)
    authoring_site.few_exports(made)
    return made


def somebody(site: Site) -> str:
    lines = (site.raw / "demo" / QUARTER / "customers.csv").read_text("utf-8").splitlines()
    return next(iter(lines[1:])).split(",")[lines[0].split(",").index("contact_name")].strip()


def test_a_name_that_was_left_is_found_by_file_and_line(site: Site, finance: Material) -> None:
    gate = adopted_names_gate(site, finance)
    assert gate.passed and gate.n >= 10, gate.said
    adopted = next(
        one for one in sorted(site.lab(LAB).glob("drafts/*/*.md")) if Manuscript.read(one).answer is not None
    )
    name, lines = somebody(site), adopted.read_text("utf-8").splitlines()
    adopted.write_text("\n".join([*lines, "", name.replace(" ", "\n"), "agrees.", ""]), "utf-8")
    gate = adopted_names_gate(site, finance)
    assert not gate.passed and f"{adopted.parent.name}/{adopted.name}, line {len(lines) + 2}" in gate.said
    assert not [part for part in name.split() if part in gate.said]


def test_without_exports_it_says_so_and_with_broken_ones_it_fails(site: Site, finance: Material) -> None:
    (site.raw / "demo" / QUARTER / "customers.csv").write_text("nonsense\n", "utf-8")
    assert not adopted_names_gate(site, finance).passed
    policy = site.company("demo") / "policy.yaml"
    policy.rename(policy.with_suffix(".gone"))
    assert not adopted_names_gate(site, finance).passed
    shutil.rmtree(site.raw)
    gate = adopted_names_gate(site, finance)
    assert gate.passed and gate.n == 0 and "not searched" in gate.said
