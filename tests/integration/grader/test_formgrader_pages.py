"""Formgrader's pages in a real browser: every button works under the content policy, and nothing complains."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import httpx
import pytest
from jupyter_server.serverapp import JUPYTER_SERVICE_HANDLERS
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader import handlers as nbgrader_pages
from playwright.sync_api import expect
from tests.support.formgrader import TOKEN, formgrader

from mondaylab.grader.autograde.batch import Batch
from mondaylab.grader.formgrader.handlers import Static
from mondaylab.grader.formgrader.routes import routes

NAME = "weekly_margin_memo"


@pytest.fixture(scope="module")
def server(own_box, tmp_path_factory):
    for learner in ("careful", "perfect"):
        notebook = own_box.answered(
            oversight_check_point="I check **the margins** in [the ledger](https://x.example/a)."
        )
        own_box.hand_in(learner, notebook)
    list(Batch.open(own_box.site, own_box.cohort, own_box.lab).run(["careful", "perfect"], jobs=1))
    with formgrader(own_box, tmp_path_factory.mktemp("server")) as base:
        yield base


@pytest.fixture(scope="module")
def page(server, chromium):
    view = chromium.new_page(viewport={"width": 1280, "height": 1000})
    view.complaints = []
    view.on("console", lambda line: line.type in ("error", "warning") and view.complaints.append(line.text))
    view.on("pageerror", lambda error: view.complaints.append(str(error)))
    view.goto(f"{server}/?token={TOKEN}")
    yield view
    assert not view.complaints
    view.close()


def test_every_list_is_there(page, server):
    for path, told in {
        "": NAME,
        f"manage_submissions/{NAME}": "careful",
        "gradebook": NAME,
        f"gradebook/{NAME}": NAME,
        f"gradebook/{NAME}/{NAME}": "Submission #1",
        "manage_students": "careful",
        "manage_students/careful": NAME,
        f"manage_students/careful/{NAME}": NAME,
    }.items():
        page.goto(f"{server}/formgrader/{path}")
        expect(page.locator("#main-table")).to_contain_text(told)
        expect(page.locator("table.dataTable")).to_be_visible()
    assert not page.complaints


def test_marks_and_comments_are_given_by_keyboard_and_button(page, server, own_box):
    page.goto(f"{server}/formgrader/gradebook/{NAME}/{NAME}")
    expect(page.locator("table.dataTable")).to_be_visible()
    page.click("#toggle_names")
    page.locator("a.name-shown", has_text="careful").click()
    box = page.locator("#oversight_check_point")
    expect(page.locator("body")).to_contain_text("I check the margins in the ledger https://x.example/a")
    with page.expect_response("**/api/grade/*"):
        box.fill("2")
        box.press("Tab")
    with page.expect_response("**/api/comment/*"):
        page.locator("#oversight_check_point-comment").fill("Say <b>when</b>.")
        page.locator("#oversight_check_point-comment").blur()
    panel = page.locator(".nbgrader_cell", has=page.locator("#oversight_disclosure"))
    with page.expect_response("**/api/grade/*"):
        panel.locator(".full-credit").click()
    page.locator("span.glyphicon-eye-open").click()
    expect(page.locator("span.name-shown").first).to_be_visible()
    marks = own_box.marks("careful")
    assert marks["oversight_check_point"].points == 2 and not marks["oversight_disclosure"].needs_manual
    page.reload()
    expect(page.locator("#oversight_check_point-comment")).to_have_value("Say <b>when</b>.")
    with page.expect_response("**/flag") as flagged:  # the page says it for half a second only
        page.keyboard.press("Control+Shift+F")
    assert flagged.value.ok
    page.click(".help")
    expect(page.locator("#help-dialog")).to_contain_text("Flag the submission")
    expect(page.locator("#help-dialog")).to_have_css(
        "opacity", "1"
    )  # Bootstrap does not hear a click while it fades in
    page.locator("#help-dialog button.btn").click()
    expect(page.locator("#help-dialog")).to_be_hidden()
    before = page.url
    page.click("text=Next")
    page.wait_for_url(lambda url: url != before)
    assert not page.complaints


def test_no_mark_is_taken_before_the_stored_ones_have_come(page, server):
    page.goto(f"{server}/formgrader/gradebook/{NAME}/{NAME}")
    box, held = page.locator("#oversight_check_point"), []
    page.route("**/api/grades*", lambda route: held.append(route))  # noqa: PLW0108 - it refuses a built-in

    def stored_marks():
        while not held:
            page.wait_for_timeout(20)
        return held.pop()

    page.click("a:visible >> text=Submission #1")
    marks = stored_marks()
    expect(page.locator("#oversight_check_point-comment")).to_be_disabled()
    expect(box).to_be_disabled()
    expect(page.locator(".full-credit:enabled")).to_have_count(0)
    marks.continue_()
    expect(box).to_be_enabled()
    expect(page.locator(".full-credit:enabled")).not_to_have_count(0)
    page.reload()
    stored_marks().fulfill(status=500, body="{}")
    expect(page.locator("#statusmessage")).to_contain_text("Reload the page")
    expect(box).to_be_disabled()
    page.unroute("**/api/grades*")
    assert len(page.complaints) == 1 and "500" in page.complaints.pop()


def test_the_buttons_of_the_lists_work(page, server):
    page.goto(f"{server}/formgrader/manage_submissions/{NAME}")
    row = page.locator("tr", has=page.locator("td", has_text="careful"))
    row.locator(".autograde a").click()
    expect(page.locator(".modal.in")).to_contain_text("Successfully autograded", timeout=60_000)
    page.locator(".modal.in .modal-footer button").click()
    page.goto(f"{server}/formgrader/manage_students")
    expect(page.locator("table.dataTable")).to_be_visible()  # the button moves while its list is filled
    page.click("#add-student")
    expect(page.locator(".modal.in")).to_be_visible()
    page.goto(f"{server}/formgrader/manage_assignments")
    expect(page.locator("table.dataTable")).to_be_visible()
    page.click("#add-assignment")
    expect(page.locator(".modal.in")).to_be_visible()
    expect(page.locator("#create-error")).to_be_hidden()
    assert not page.complaints


# -- what else a Jupyter server would answer
def addresses(pattern: str) -> str:
    """An address that a route's pattern takes."""
    address = re.sub(r"\(\?P<\w+>|[()^$]|\?:", "", pattern)
    address = re.sub(r"\[\^?[^\]]*\]\+?\*?|\\w\+(-\\w\+)*|\.\*|\.\+|\\w", "x", address)
    return re.sub(r"[\\?*+|].*", "", address)


def jupyter_routes() -> list[str]:
    """Every route of Jupyter's own services, as a server without our list has them."""
    listed = []
    for modules in JUPYTER_SERVICE_HANDLERS.values():
        for module in modules or ():
            listed += [route[0] for route in getattr(import_module(module), "default_handlers", [])]
    return [*listed, *(route[0] for route in nbgrader_pages.default_handlers if "Files" in route[1].__name__)]


@pytest.fixture(scope="module")
def client(server):
    with httpx.Client(base_url=server, headers={"Authorization": f"token {TOKEN}"}) as one:
        yield one


def test_nothing_of_a_jupyter_server_is_left(client, own_box):
    (own_box.course.folder / "autograded" / "careful" / NAME / "page.html").write_text("<script>1</script>")
    with Gradebook(own_box.database) as gradebook:
        submission = gradebook.find_submission_notebook(NAME, NAME, "careful").id
    by_hand = [
        *(
            "files/gradebook.db",
            "files/nbgrader_config.py",
            "view/gradebook.db",
            "api/contents/gradebook.db",
            "lab",
            "tree",
        ),
        *(
            "doc",
            "edit/nbgrader_config.py",
            "notebooks/x.ipynb",
            "nbconvert/html/x.ipynb",
            "terminals/1",
            "api/terminals",
        ),
        *(
            "lab/api/settings",
            "api/kernels",
            "api/sessions",
            "api/kernelspecs",
            "metrics",
            "api/metrics/v1",
            "custom/x.js",
        ),
        *("static/style/style.min.css", "static/favicon.ico", "api/status", "api", "api/me", "api/security/csp-report"),
        *("api/events", "api/spec.yaml", "api/shutdown", "api/config/x", "kernelspecs/python3/logo.png", "lsp/status"),
        *(f"formgrader/submissions/{submission}/page.html", f"formgrader/submissions/{submission}/{NAME}.ipynb"),
        *(f"formgrader/submissions/{submission}/..%2F..%2F..%2Fgradebook.db", "formgrader/submissions/components/x.js"),
        *("formgrader/static/..%2Fhandlers.py", "formgrader/static/package.json", "formgrader/ours/..%2Fhandlers.py"),
        *("formgrader/gradebook/..%2Fx", "formgrader/api/student/..%2Fx", "formgrader/manage_students/.hidden"),
    ]
    asked = sorted({*by_hand, *(addresses(one).lstrip("/") for one in jupyter_routes())} - {""})
    assert len(asked) > 50
    for method in ("GET", "POST", "PUT", "DELETE"):
        answered = {path: client.request(method, f"/{path}").status_code for path in asked}
        refused = {404} if method == "GET" else {403, 404, 405}
        assert set(answered.values()) <= refused, {path: code for path, code in answered.items() if code not in refused}


@pytest.fixture(scope="module")
def stranger(server):
    """Somebody without a token, who keeps no cookie either."""
    with httpx.Client(base_url=server) as one:

        def ask(method: str, path: str) -> httpx.Response:
            one.cookies.clear()
            return one.request(method, path)

        yield ask


def test_every_route_asks_who_comes_and_answers_guarded(stranger, client):
    for pattern, handler, _ in routes("/", []):
        path = addresses(pattern)
        answer = stranger("GET", path)
        assert answer.status_code in ((404,) if handler is Static else (302, 403, 405)), path
        assert stranger("POST", path).status_code in (403, 404, 405), path
        for one in (answer, client.get(path)):
            assert one.headers["x-content-type-options"] == "nosniff" and "unsafe-eval" not in str(one.headers)
            policy = one.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy
            assert "script-src 'unsafe-inline'" not in policy and "x-jupyterhub" not in one.text.lower()
            assert str(Path(__file__).parents[3]) not in one.text and "Traceback" not in one.text


def test_a_nonce_is_used_once(client):
    texts = [client.get("/formgrader/gradebook") for _ in range(2)]
    nonces = [re.search(r"script-src 'nonce-([^']+)'", one.headers["content-security-policy"])[1] for one in texts]
    assert nonces[0] != nonces[1] and all(
        f'nonce="{one}"' in text.text for one, text in zip(nonces, texts, strict=True)
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
)
def test_no_other_page_can_change_anything(server, own_box, headers):
    """With the instructor's cookie, as a page elsewhere would ask; without these headers the token is missing."""
    with httpx.Client(base_url=server) as browser:
        browser.get(f"/formgrader/gradebook?token={TOKEN}")
        token = browser.cookies.get("_xsrf")
        if headers:
            headers = {**headers, "X-XSRFToken": token}
        for method, path in (
            ("POST", f"/formgrader/api/submission/{NAME}/perfect/autograde"),
            ("PUT", "/formgrader/api/student/mallory"),
            ("POST", "/mondaylab/cohort/close"),
        ):
            assert browser.request(method, path, json={"lab": own_box.lab}, headers=headers).status_code == 403
        assert browser.put("/formgrader/api/student/new", json={}, headers={"X-XSRFToken": token}).status_code == 200


@pytest.mark.parametrize("kind", ["iframe", "embed", "object", "frame"])
def test_no_page_is_framed(client, kind):
    assert client.get("/formgrader/gradebook", headers={"Sec-Fetch-Dest": kind}).status_code == 403


def test_no_configuration_of_a_links_choice_is_run(client, tmp_path):
    """nbgrader's first page loads, and so runs, the configuration of any folder that `path` names."""
    (tmp_path / "nbgrader_config.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    answer = client.get("/formgrader/", params={"path": str(tmp_path)})
    assert answer.headers["location"].endswith("/formgrader/manage_assignments")
    assert client.get("/formgrader/manage_assignments").status_code == 200
    assert not (tmp_path / "ran").exists()


def test_a_notebook_that_cannot_be_read_breaks_no_page(client, own_box):
    path = own_box.course.folder / "autograded" / "perfect" / NAME / f"{NAME}.ipynb"
    path.chmod(0o644)  # nbgrader leaves it read-only
    kept = path.read_bytes()
    with Gradebook(own_box.database) as gradebook:
        submission = gradebook.find_submission_notebook(NAME, NAME, "perfect").id
    for broken in (
        b"",
        b"{",
        b"[]",
        b'{"cells": 3}',
        b"\xff\xfe",
        b'{"nbformat": 4, "nbformat_minor": 5, "cells": [3, {}]}',
    ):
        path.write_bytes(broken)
        answer = client.get(f"/formgrader/submissions/{submission}/")
        assert answer.status_code == 200 and str(own_box.course.folder) not in answer.text, broken
    path.unlink()
    answer = client.get(f"/formgrader/submissions/{submission}/")
    assert answer.status_code == 404 and "cannot be read" in answer.text
    path.write_bytes(kept)


@pytest.mark.deep
def test_the_service_does_not_start_with_a_route_too_many(own_box, tmp_path):
    added = "import mondaylab.grader.formgrader.routes as r\nkept = r.install\n"
    added += "def install(app, *a):\n    kept(app, *a)\n    app.web_app.add_handlers('.*', [('/x', r.NoSuchPage)])\n"
    added += "r.install = install\nfrom mondaylab.grader.formgrader import server\n"
    added += "server.FormgraderServer.launch_instance()\n"
    environment = {
        **os.environ,
        "MONDAYLAB_ROOT": str(own_box.site.root),
        "MONDAYLAB_VAR": str(own_box.site.var),
        "MONDAYLAB_COHORT": own_box.cohort,
        "HOME": str(tmp_path),
    }
    command = [
        sys.executable,
        "-c",
        added,
        "--allow-root",
        "--no-browser",
        f"--ServerApp.root_dir={own_box.course.folder}",
    ]
    ended = subprocess.run(
        command, check=False, env=environment, cwd=own_box.course.folder, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode != 0 and "added a route" in ended.stderr
