"""Firefox, as a distribution ships it: a learner signs in, opens the lab, judges the drafts, and it is kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.lab_page import CLAIMS, answers
from tests.support.firefox import FIREFOX, Firefox

from mondaylab.hub.accounts import Accounts

pytestmark = [pytest.mark.e2e, pytest.mark.deep]
LEARNER = "lena"


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    if not FIREFOX.exists():
        pytest.skip(f"NO FIREFOX: {FIREFOX} is missing (apt-get install firefox-esr)")
    browser = Firefox(tmp_path)
    try:
        yield browser
        if shots := os.environ.get("MONDAYLAB_SHOTS"):
            Path(shots, "20-firefox.png").write_bytes(browser.picture())
    finally:
        browser.close()


def test_a_learner_judges_in_firefox(served, firefox):
    form, notebook = served.form(LEARNER), served.fetched(LEARNER)
    firefox.open(f"{served.hub.url}hub/login")
    firefox.click("input[name=username]")
    firefox.type(LEARNER)
    firefox.click("input[name=password]")
    firefox.type(Accounts(served.site).initial_passwords()[LEARNER])
    firefox.click("#login_submit")
    firefox.wait("#jp-main-dock-panel")
    firefox.open(served.at(notebook))
    firefox.wait(".jp-StatusBar-TextItem", "Idle")
    firefox.click(".lm-MenuBar-itemLabel", "Run")
    firefox.click(".lm-Menu-itemLabel", "Run All Cells")
    firefox.wait(CLAIMS)
    for draft in form.drafts:
        firefox.click(f"[role=tablist][aria-label=Drafts] [role=tab][title='{draft.title}']")
        for claim in draft.claims:
            firefox.click(f"[role=tabpanel] [data-claim='{claim.claim_id}']")
            firefox.type("3v")
    firefox.wait("section.panel header .save [role=status]", "Saved")
    kept = answers(served, form).first
    assert {kept[claim.claim_id].p for draft in form.drafts for claim in draft.claims} == {30}
