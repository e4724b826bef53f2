"""Which cells a lab's notebook shows collapsed."""

from __future__ import annotations

import jupytext
import pytest
from tests.support.places import ROOT

from mondaylab.labs.sources.notebook import collapse_calls

FOR_READERS = """# %%
lab = open_lab("support/refund_reply")

# %% [markdown]
# lab.judge()

# %% tags=["nbval-ignore-output"]
# the panel
lab.judge()

# %%
lab.find_in_handbook("voucher")

# %%
print(lab.evidence_task)

# %% task="prompt_answer"
prompt = "Write a reply."

# %% task="judgement"
# marked by program
"""
FOR_CODERS = f"""{FOR_READERS}
# %% task="evidence_answer"
def evidence(tables):
    return 0
"""


@pytest.mark.parametrize(("source", "hidden"), [(FOR_READERS, [2]), (FOR_CODERS, [])])
def test_a_cell_that_only_calls_a_widget_is_collapsed_for_who_writes_no_code(source: str, hidden: list[int]):
    notebook = jupytext.reads(source, fmt="py:percent")
    collapse_calls(notebook)
    told = [n for n, cell in enumerate(notebook.cells) if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert told == hidden


@pytest.mark.parametrize("lab", ["support/refund_reply", "people/screening_summary", "finance/weekly_margin_memo"])
def test_of_the_shipped_labs_the_panels_are_collapsed_but_where_learners_code(lab: str):
    notebook = jupytext.read(ROOT / "labs" / lab / "lab.py", fmt="py:percent")
    collapse_calls(notebook)
    told = {cell.source for cell in notebook.cells if cell.metadata.get("jupyter", {}).get("source_hidden")}
    widgets = {"lab.warm_up()", "lab.look_up()", "lab.judge()", "lab.evidence_builder()"}
    assert told == (set() if lab.startswith("finance") else widgets)
