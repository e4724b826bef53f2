"""The cohort page of the real service: who gets in, what it shows, and how a lab is closed."""

from __future__ import annotations

import re

import httpx
import pytest
from tests.support.formgrader import formgrader

from mondaylab.grader.autograde.batch import Batch
from mondaylab.judging.store import JudgementStore


@pytest.fixture(scope="module")
def server(own_box, tmp_path_factory):
    notebook = own_box.released()
    for criterion in ("check_point", "accountability", "disclosure"):
        own_box.cell(notebook, f"oversight_{criterion}").source += "\n\nI check the margins against the ledger."
    own_box.hand_in("careful", notebook)
    Batch.open(own_box.site, own_box.cohort, own_box.lab).grade("careful")
    with formgrader(own_box, tmp_path_factory.mktemp("server")) as base:
        yield base


@pytest.fixture
def client(server):
    with httpx.Client(base_url=server, headers={"Authorization": "token secret"}) as one:
        yield one


def _closed(box) -> bool:
    store = JudgementStore(box.site.judgement_database)
    try:
        return store.closed(box.cohort, box.lab)
    finally:
        store.dispose()


def test_strangers_see_and_close_nothing(server, own_box):
    lab = "?lab=finance/weekly_margin_memo"
    for path in ("/mondaylab/cohort", f"/mondaylab/cohort/close{lab}", f"/mondaylab/cohort/report{lab}"):
        assert httpx.get(server + path).status_code in (302, 403)
    answer = httpx.post(server + "/mondaylab/cohort/close", json={"lab": own_box.lab})
    assert answer.status_code in (302, 403)
    assert not _closed(own_box)


def test_the_page_shows_where_everyone_is(client, own_box):
    answer = client.get("/mondaylab/cohort")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    rows = {name: re.search(rf'<th scope="row">{name}</th>(.*?)</tr>', answer.text)[1] for name in own_box.forms}
    assert rows["careful"].count("committed") == 2 and "3 cells" in rows["careful"]
    assert rows["silent"].count("not begun") == 2 and "not graded" in rows["silent"]
    assert "To grade by hand" in answer.text and "Close the lab" in answer.text


def test_the_report_is_one_click_away_and_the_page_of_the_command(client, own_box):
    link = re.search(r'href="([^"]+/report\?lab=[^"]+)"', client.get("/mondaylab/cohort").text)[1]
    answer = client.get(httpx.URL(str(client.base_url)).join(link))
    assert answer.status_code == 200 and "default-src 'none'" in answer.headers["content-security-policy"]
    assert (
        "4 of 5 have handed in" in answer.text
        and "formgrader/gradebook/weekly_margin_memo/weekly_margin_memo" in answer.text
    )
    assert all(name not in answer.text for name in own_box.forms), "it names nobody"
    assert client.get("/mondaylab/cohort/report?lab=finance/other").status_code == 404


def test_closing_takes_a_form_with_the_xsrf_token(client, own_box):
    """Without the token a page elsewhere could close a lab; with it the button works, and the page says so."""
    path = "/mondaylab/cohort/close"
    with httpx.Client(base_url=str(client.base_url), cookies={}) as browser:
        browser.get("/?token=secret", follow_redirects=True)
        assert browser.post(path, data={"lab": own_box.lab}).status_code == 403
        assert not _closed(own_box)
        question = browser.get(path, params={"lab": own_box.lab})
        assert "cannot be undone" in question.text
        token = re.search(r'name="_xsrf" value="([^"]+)"', question.text)[1]
        assert browser.post(path, data={"lab": "finance/other", "_xsrf": token}).status_code == 404
        done = browser.post(path, data={"lab": own_box.lab, "_xsrf": token})
        assert done.status_code == 303
    assert _closed(own_box)
    assert "Close the lab" not in client.get("/mondaylab/cohort").text
    again = client.post(path, json={"lab": own_box.lab})
    assert again.json() == {"lab": own_box.lab, "closed": True}


@pytest.mark.parametrize("body", [b"no json", b"[]", b"{}", b'{"lab": 3}', b'{"lab": "../x"}'])
def test_other_bodies_close_nothing(client, body):
    answer = client.post("/mondaylab/cohort/close", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 404)
