"""What a lab's notebook becomes for nbgrader: marks and points go in, and what a build hid stays hidden."""

from __future__ import annotations

import jupytext
from nbformat import NotebookNode
from tests.support.places import ROOT

from mondaylab.forms.scoring import ScoringRules
from mondaylab.grader.course.assignment import nbgrader_source
from mondaylab.labs.sources.notebook import collapse_calls
from mondaylab.settings import Site

LAB = "support/refund_reply"
WIDGETS = {"lab.warm_up()", "lab.look_up()", "lab.judge()", "lab.evidence_builder()"}


def test_the_calls_of_widgets_reach_learners_who_write_no_code_collapsed():
    lab = jupytext.read(ROOT / "labs" / LAB / "lab.py", fmt="py:percent")
    lab.metadata.kernelspec = NotebookNode(name="python3", display_name="Python 3", language="python")
    collapse_calls(lab)
    handed_out = nbgrader_source(lab, ScoringRules.of(Site(ROOT, ROOT / "var")).role(LAB).points())
    hidden = [cell for cell in handed_out.cells if cell.metadata.get("jupyter")]
    assert {cell.source for cell in hidden} == WIDGETS
    assert all(cell.metadata == {"jupyter": {"source_hidden": True}} for cell in hidden)
    assert any("nbgrader" in cell.metadata for cell in handed_out.cells)
