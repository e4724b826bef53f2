"""A learner who imports the authors' room gets nothing from it: what it needs is in no jail."""

from __future__ import annotations

import pytest
from tests.support.places import LAB, QUARTER, ROOT

TRY = f"""
import os, sys
sys.path.insert(0, {str(ROOT / "src")!r})
from pathlib import Path
from mondaylab.errors import MondaylabError
from mondaylab.authoring import Author
for root in (None, {str(ROOT)!r}, "made up"):
    if root is not None:
        os.environ["MONDAYLAB_ROOT"] = root
    if root == "made up":
        for name in ("hub_config", "labs/{LAB}", "grader", "datasets/demo"):
            (Path.home() / root / name).mkdir(parents=True)
        os.environ["MONDAYLAB_ROOT"] = str(Path.home() / root)
        (Path.home() / root / "datasets/demo/bindings.yaml").write_text("company: demo\\nentities: {{}}\\n")
    try:
        lab = Author({LAB!r}, quarter={QUARTER!r})
    except MondaylabError as error:
        print("refused", error.what)
    else:
        print("OPENED", lab)
"""


@pytest.mark.e2e
def test_nothing_opens_in_a_learner_s_jail(prison):
    done = prison.run(TRY)
    lines = done.stdout.splitlines()
    assert len(lines) == 3 and all(line.startswith("refused") for line in lines), done.stdout + done.stderr
    assert prison.secret not in done.stdout + done.stderr
