"""Every lab can be solved: a colleague's checking from text, brief, tables and handbook agrees with every key."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.sampled import sampled

from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.settings import Site

LABS = ("finance/weekly_margin_memo", "support/refund_reply", "people/screening_summary")
SECRET = b"w" * 32


def disagreements(site: Site, lab: str, quarter: str, forms: int) -> tuple[int, list[tuple]]:
    """How many statements were checked in that many forms, and those where solution and key differ.

    A statement that the solution does not know, or does not judge, is an error: its patterns cover every phrasing.
    """
    source = Path(site.root) / "labs" / lab / "solution.py"
    solution: dict = {}
    exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), solution)
    material = Material.open(site, lab, company="demo", quarter=quarter)
    tables, checked, differing = material.lab_tables, 0, []
    for number in range(forms):
        form = draw_form(material, SECRET, cohort="co", learner=f"l{number}", attempt=1)
        verdicts = solution["judge_form"](form.shown, tables, material.handbook.text)
        assert set(verdicts) == set(form.shown.rows())
        checked += len(verdicts)
        differing += [
            (row.template, row.text, row.flawed, row.operator, row.why)
            for row in form.key.claims
            if verdicts[row.claim_id] != row.flawed
        ]
    return checked, differing


@pytest.mark.parametrize("lab", sampled(LABS, 3))
def test_a_colleague_with_pandas_and_the_brief_agrees_with_the_keys(demo_site, lab):
    checked, differing = disagreements(demo_site, lab, "2026Q4", forms=6)
    assert checked >= 6 * 15
    assert differing == []


@pytest.mark.deep
@pytest.mark.parametrize("quarter", ["2026Q3", "2026Q4"])
@pytest.mark.parametrize("lab", LABS)
def test_the_agreement_holds_over_many_forms_and_both_quarters(demo_site, lab, quarter):
    checked, differing = disagreements(demo_site, lab, quarter, forms=150)
    assert checked >= 150 * 15
    assert differing == []
