"""A scripted model, a request of the finance lab, and a store for what is answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support import scripted_model

from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import AnswerStore
from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

script = scripted_model.script


@pytest.fixture
def site(demo_site: Site, tmp_path: Path) -> Site:
    (tmp_path / "snapshots").symlink_to(demo_site.snapshots)
    return replace(demo_site, var=tmp_path)


@pytest.fixture
def store(site: Site, finance: Material) -> AnswerStore:
    return AnswerStore(site, company="demo", lab=finance.name, quarter=str(finance.quarter))


@pytest.fixture(scope="session")
def asking(demo_site: Site, finance: Material) -> Asking:
    """What the finance lab asks for about a region, and nothing else."""
    every = Asking.of(demo_site.lab(finance.name), finance.declaration, finance.bindings.currency)
    return every.model_copy(update={"requests": (every.request("region"),)})


@pytest.fixture
def sound(asking: Asking, finance: Material) -> tuple[str, str]:
    """What the first request's sheet says of net sales, in a sentence; and the region."""
    asked = TextAsker(finance, asking).ask(asking.request("region"), 1)
    line = next(line for line in asked.messages[1]["content"].splitlines() if line.startswith("- Net sales"))
    now = line.split(": ")[1].split(" in week")[0]
    return f"Net sales in {asked.subject['region']} came to {now}.", asked.subject["region"]
