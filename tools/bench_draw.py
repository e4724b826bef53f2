"""Drawing: forms of every lab, beside papermill's time for the lab's notebook in the same run."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import papermill

from mondaylab.labs.building.build import DATA_VARIABLE, data_folder
from mondaylab.labs.building.builds import build_folder, declared_labs
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.labs.sources.notebook import read_notebook
from mondaylab.settings import Site

FORMS = 500
PARTS = 5
"""A lab's forms are drawn in so many parts, with papermill's run after each, so that both meet the same machine."""


def bench_draw(site: Site, quarter: str, built: Path, say: Callable[[str], None]) -> dict[str, dict[str, float]]:
    """Lab -> seconds for its forms, a form's processor time in ms, papermill's seconds, and the ratio of the two."""
    return {lab: _of_lab(site, lab, quarter, built, say) for lab in declared_labs(site)}


def _of_lab(site: Site, lab: str, quarter: str, built: Path, say: Callable[[str], None]) -> dict[str, float]:
    material = Material.open(site, lab, company="demo", quarter=quarter)
    notebook, data = read_notebook(site, lab), {lab: build_folder(site, lab, quarter, built, company="demo") / "data"}
    drawn = spent = 0.0
    floors = []
    with data_folder(data, quarter) as folder:
        os.environ[DATA_VARIABLE] = str(folder)
        for part in range(PARTS):
            began, worked = time.perf_counter(), time.process_time()
            for number in range(part, FORMS, PARTS):
                draw_form(material, b"b" * 32, cohort="bench", learner=f"learner{number}", attempt=1)
            drawn += time.perf_counter() - began
            spent += time.process_time() - worked
            began = time.perf_counter()
            papermill.execute_notebook(
                notebook, None, parameters={"quarter": quarter}, kernel_name="python3", progress_bar=False
            )
            floors.append(time.perf_counter() - began)
    floor = statistics.median(floors)
    say(f"draw {lab}: {FORMS} forms {drawn:.1f} s, papermill {floor:.2f} s")
    return {
        "forms": FORMS,
        "ours_s": round(drawn, 2),
        "form_ms": round(1000 * spent / FORMS, 1),
        "papermill_s": round(floor, 3),
        "ratio": round(drawn / floor, 2),
    }
