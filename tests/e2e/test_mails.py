"""The lab of mails and a summary in a real browser, on a wide bright screen and on a narrow dark one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.lab_page import SAVED, judge_all, open_notebook, run_all, save_state, wider_than_the_notebook
from tests.support.accessible import barriers
from tests.support.served_lab import MAIL_COHORT, MAIL_LAB

from mondaylab.forms.shown import ShownForm

pytestmark = [pytest.mark.e2e, pytest.mark.deep]


def test_a_colleague_in_support_judges_mails_and_a_summary_and_checks_a_claim(served_mails):
    """Every format that the finance lab lacks, on a wide bright screen, then on a narrow dark one: no barrier."""
    served, (learner,) = served_mails, MAIL_COHORT.learners
    form = served.form(learner, MAIL_COHORT.cohort, MAIL_LAB)
    in_turn = {"agent", "versions"}
    formats = {draft.format for draft in form.drafts}
    assert formats - in_turn == {"mail", "summary"} and len(formats & in_turn) == 1
    notebook = served.fetched(learner, MAIL_COHORT.cohort, MAIL_LAB)
    with served.signed_in(learner) as (_, page):
        page.wait_for_selector("#jp-main-dock-panel", timeout=180_000)
        open_notebook(served, page, notebook)
        expect(
            page.locator(".jp-InputPlaceholder").first
        ).to_be_visible()  # who writes no code sees no call of a widget
        run_all(page)
        judge_all(page, form, dict.fromkeys(form.rows(), "4v"))
        expect(save_state(page)).to_have_text(SAVED)
        page.click("button:has-text('Commit first look')")
        expect(page.locator("text=First look committed").first).to_be_visible()
        page.click(".jp-SideBar.jp-mod-left .lm-TabBar-tab[title*='File Browser']")  # away: the notebook has the width
        expect(page.locator("#filebrowser")).to_be_hidden()
        for theme, width in (("light", 1280), ("dark", 400)):
            page.emulate_media(color_scheme=theme)
            expect(page.locator("body")).to_have_attribute("data-jp-theme-light", str(theme == "light").lower())
            page.set_viewport_size({"width": width, "height": 900})
            look_at_all(served, page, form, f"{theme}-{width}")


def look_at_all(served, page: Page, form: ShownForm, screen: str) -> None:
    """Each draft in its format, and a claim looked up and come back to."""
    claim = page.locator("[role=tabpanel] [data-claim]").first
    for number, draft in enumerate(form.drafts):
        page.click(f"[role=tablist][aria-label=Drafts] [role=tab][title='{draft.title}']")
        expect(claim).to_have_attribute("data-claim", draft.claims[0].claim_id)
        served.shot(page, f"17-{draft.format}-{number}-{screen}")
        assert barriers(page, "section.panel") == []
        assert wider_than_the_notebook(page) == []
    claim.click()
    page.click("button:has-text('Check this')")
    back = page.get_by_role("button", name="Back to the claim")
    expect(back).to_be_in_viewport()
    served.shot(page, f"18-check-this-{screen}")
    assert wider_than_the_notebook(page) == []
    back.click()
    expect(claim).to_be_in_viewport()
    expect(claim).to_be_focused()
    served.shot(page, f"19-back-{screen}")
    page.get_by_role("button", name="Save as my evidence").scroll_into_view_if_needed()
    served.shot(page, f"20-evidence-{screen}")
    assert wider_than_the_notebook(page) == []


def test_nobody_complains(served_mails):
    assert not served_mails.seen.complaints, "\n".join(served_mails.seen.complaints)
