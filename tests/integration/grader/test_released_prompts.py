"""The prompts that labs are released with are poor ones: who only touches one up must not be paid for its author's."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from mondaylab.grader.cells.lab_words import LabWords
from mondaylab.grader.cells.prompt import score_prompt
from mondaylab.grader.handed_in.answer import CellAnswer
from mondaylab.labs.building.builds import declared_labs
from mondaylab.labs.material import Material
from mondaylab.labs.scaffold.make import new_lab
from mondaylab.settings import Site

QUARTER = "2026Q4"
ROOT = Path(__file__).parents[3]


def touched_up(site: Site, lab: str) -> float:
    """Share that the lab's own prompt earns with one word more."""
    source = (site.lab(lab) / "lab.py").read_text("utf-8")
    released = re.search(r'# %% task="prompt_answer"\n(.*?)\n\n# %%', source, re.DOTALL)[1]
    material = Material.open(site, lab, company="demo", quarter=QUARTER)
    known = LabWords.of(material.lab_tables, QUARTER)
    assert score_prompt(CellAnswer("ok", released), released, lambda: known, max_points=1).code == "unchanged"
    answer = CellAnswer("ok", released.replace('"', '"Yes ', 1))
    told = score_prompt(answer, released, lambda: known, max_points=1)
    assert told.code == "ok"
    return told.points


@pytest.mark.parametrize("lab", declared_labs(Site(ROOT, ROOT / "var")))
def test_a_labs_own_prompt_earns_a_quarter_at_most(demo_site: Site, lab: str):
    assert touched_up(demo_site, lab) <= 0.25


def test_so_does_that_of_a_new_lab(demo_site: Site, tmp_path: Path):
    for part in ("datasets", "grader", "hub_config", "labs"):
        shutil.copytree(demo_site.root / part, tmp_path / part)
    site = Site(tmp_path, tmp_path / "var")
    site.var.mkdir()
    (site.var / "snapshots").symlink_to(demo_site.snapshots)
    new_lab(site, "finance/cash_forecast")
    assert touched_up(site, "finance/cash_forecast") <= 0.25
