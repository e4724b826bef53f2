"""The whole hub on a free port: login, jail, kernel, hand-out and hand-in, formgrader, and nothing left at the end."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook
from tests.support.real_hub import DORA

from mondaylab.grader.handed_in.collected import COLLECTED
from mondaylab.judging.store import JudgementStore

pytestmark = pytest.mark.e2e
COHORT, LAB = "finance-demo", "weekly_margin_memo"


@pytest.fixture(scope="module")
def released(real_hub):
    """A released assignment with one notebook, handed out from formgrader by the instructor."""
    course = real_hub.site.courses / COHORT
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1", id="one")])
    for step in ("source", "release"):
        folder = course / step / LAB
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / f"{LAB}.ipynb")
    answer = formgrader(real_hub.person("iris"), f"assignment/{LAB}/release")
    assert answer["success"], answer
    return LAB


def formgrader(instructor, path: str) -> dict:
    base = f"/services/{COHORT}/"
    instructor.http.get(instructor.at(f"{base}formgrader/"))
    headers = {"X-XSRFToken": instructor.xsrf(base)}
    answer = instructor.http.post(instructor.at(f"{base}formgrader/api/{path}"), headers=headers)
    assert answer.status_code == 200, answer.text[:500]
    return answer.json()


@pytest.fixture(scope="module")
def lena(real_hub):
    learner = real_hub.person("lena")
    learner.start_lab()
    return learner


def test_only_the_right_password_opens_the_hub(real_hub) -> None:
    assert real_hub.person("lena").logged_in
    assert not real_hub.stranger("lena", "wrong-password-00").logged_in
    assert not real_hub.stranger("mallory", real_hub.password("lena")).logged_in


def test_cells_run_in_the_jail(real_hub, lena) -> None:
    said = lena.run("import os, getpass; print(os.getcwd(), getpass.getuser(), os.getuid(), os.getpid() < 50)")
    assert said.split() == ["/home/lena", "lena", "1000", "True"]
    assert str(real_hub.site.var) not in lena.run("print(open('/proc/self/mountinfo').read().split(' - ')[0])")


def test_environment_holds_what_was_promised_and_nothing_else(real_hub, lena) -> None:
    names = set(lena.run("import os; print(*os.environ)").split())
    assert {"MONDAYLAB_JUDGEMENT_URL", "MONDAYLAB_DATA", "OPENAI_BASE_URL", "OPENAI_API_KEY"} <= names
    assert not {name for name in names if name.startswith("MONDAYLAB_")} - {"MONDAYLAB_JUDGEMENT_URL", "MONDAYLAB_DATA"}
    assert "CONFIGPROXY_AUTH_TOKEN" not in names


def test_judgement_service_knows_the_learner_by_the_jails_token(lena) -> None:
    said = lena.run(
        "import os, urllib.request as u\n"
        "url = os.environ['MONDAYLAB_JUDGEMENT_URL'] + '/api/forms'\n"
        "r = u.Request(url, headers={'Authorization': 'token ' + os.environ['JUPYTERHUB_API_TOKEN']})\n"
        "print(u.urlopen(r, timeout=10).read().decode())"
    )
    assert said.strip() == '{"forms":[]}'


def test_kernels_listen_on_no_port(lena) -> None:
    said = lena.run(
        "import json, glob, ipykernel\n"
        "print({json.load(open(f))['transport'] for f in glob.glob('/tmp/jupyter/kernel-*.json')})"
    )
    assert said.strip() == "{'ipc'}"


def test_killed_service_is_back_within_seconds(real_hub, lena) -> None:
    keeper = next(p for p in psutil.Process(real_hub.hub.pid).children() if "judgement" in p.cmdline())
    keeper.children()[0].kill()
    address = f"{real_hub.hub.settings.local}/services/judgement/"
    host = {"Host": urlsplit(real_hub.hub.settings.addresses.of("/services/judgement/")).netloc}
    end = time.monotonic() + 15
    while time.monotonic() < end:
        time.sleep(0.2)
        if keeper.children() and httpx.get(address, headers=host).status_code < 500:
            break
    assert httpx.get(address, headers=host).status_code < 500
    assert keeper.is_running()


def test_learner_sees_the_hand_out_and_fetches_it(released, lena) -> None:
    listed = lena.api("GET", "assignments", params={"course_id": COHORT}).json()
    assert [(one["assignment_id"], one["status"]) for one in listed["value"]] == [(LAB, "released")]
    fetched = lena.api("POST", "assignments/fetch", json={"course_id": COHORT, "assignment_id": LAB}).json()
    assert fetched["success"]
    assert [one["status"] for one in fetched["value"]] == ["fetched"]
    assert fetched["value"][0]["notebooks"][0]["path"] == f"{LAB}/{LAB}.ipynb"


@pytest.fixture(scope="module")
def dora(real_hub):
    """A learner called as a directory has her, who signs in with capitals as people do."""
    assert real_hub.stranger(DORA.title(), real_hub.password(DORA)).logged_in
    learner = real_hub.person(DORA)
    learner.start_lab()
    return learner


def test_a_name_of_a_directory_works_as_any_other(real_hub, released, dora, lena) -> None:
    said = dora.run(
        "import os, getpass, openai, urllib.request as u\n"
        "url, key = os.environ['MONDAYLAB_JUDGEMENT_URL'] + '/api/forms', os.environ['JUPYTERHUB_API_TOKEN']\n"
        "forms = u.urlopen(u.Request(url, headers={'Authorization': 'token ' + key}), timeout=10).read().decode()\n"
        "print(os.getcwd(), getpass.getuser(), os.environ['JUPYTERHUB_USER'], forms)\n"
        "os.environ['HTTP_PROXY'] = os.environ['ALL_PROXY'] = 'http://127.0.0.1:9'\n"
        "try:\n"
        "    openai.OpenAI(max_retries=0).chat.completions.create(model='x', messages=[], max_tokens='many')\n"
        "except openai.APIStatusError as error:\n"
        "    print(error.status_code)"
    )
    assert said.split() == [f"/home/{DORA}", DORA, DORA, '{"forms":[]}', "400"]
    wanted = {"course_id": COHORT, "assignment_id": LAB}
    assert dora.api("POST", "assignments/fetch", json=wanted).json()["success"]
    submitted = dora.api("POST", "assignments/submit", json=wanted).json()
    assert submitted["value"].startswith("It WAS submitted") and "as it was released" in submitted["value"]
    assert dora.http.get(dora.at("/user/lena/api/contents")).status_code in (403, 404)
    assert lena.http.get(lena.at(f"/user/{DORA}/api/contents")).status_code in (403, 404)


def test_hand_in_is_collected_and_feedback_comes_back_to_its_owner_alone(real_hub, released, lena, dora) -> None:
    wanted = {"course_id": COHORT, "assignment_id": LAB}
    lena.run(f"import os; os.symlink('/etc/passwd', os.path.expanduser('~/{LAB}/link.txt'))")
    lena.run(
        f"import nbformat, os; place = os.path.expanduser('~/{LAB}/{LAB}.ipynb'); book = nbformat.read(place, 4)\n"
        "book.cells[0].source = '2 + 2'; nbformat.write(book, place)"
    )
    submitted = lena.api("POST", "assignments/submit", json=wanted).json()
    told = submitted["value"]  # nbgrader's dialog opens only for what did not succeed; it begins with what did
    assert told.startswith("It WAS submitted") and "Left out, as they are no plain files: link.txt" in told
    listed = lena.api("GET", "assignments", params={"course_id": COHORT}).json()["value"]
    assert [one["status"] for one in listed] == ["fetched", "submitted"]

    instructor = real_hub.person("iris")
    assert formgrader(instructor, f"assignment/{LAB}/collect")["success"]
    course = real_hub.site.courses / COHORT
    taken = course / "submitted" / "lena" / LAB
    assert sorted(path.name for path in taken.iterdir()) == [COLLECTED, "timestamp.txt", f"{LAB}.ipynb"]
    assert (course / "submitted" / DORA / LAB / f"{LAB}.ipynb").is_file()

    page = course / "feedback" / "lena" / LAB
    page.mkdir(parents=True)
    (page / f"{LAB}.html").write_text("<p>caught 3 of 4</p>")
    refused = formgrader(instructor, f"assignment/{LAB}/release_feedback")
    assert not refused["success"]
    assert "still open" in refused["error"] + refused["log"]

    JudgementStore(real_hub.site.judgement_database).close(COHORT, f"finance/{LAB}")
    given = formgrader(instructor, f"assignment/{LAB}/release_feedback")
    assert given["success"], given
    back = lena.api("POST", "assignments/fetch_feedback", json=wanted).json()
    submission = next(one for one in back["value"] if one["status"] == "submitted")["submissions"][0]
    assert submission["has_local_feedback"]
    local = Path(submission["local_feedback_path"], f"{LAB}.html")
    assert lena.run(f"print(open('/home/lena/{local}').read())").strip() == "<p>caught 3 of 4</p>"
    assert not list((real_hub.site.exchange / COHORT / "feedback" / "omar").iterdir())


def test_formgrader_is_the_instructors(real_hub) -> None:
    address = f"/services/{COHORT}/formgrader/"
    instructor = real_hub.person("iris")
    page = instructor.http.get(instructor.at(address))
    assert page.status_code == 200
    assert "Manage Assignments" in page.text and "does not answer" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'nonce-")
    assert f"connect-src {urlsplit(instructor.at(address)).netloc}/services/{COHORT}/;" in policy
    assert real_hub.person("lena").http.get(instructor.at(address)).status_code == 403


def test_formgrader_answers_nothing_else(real_hub, released) -> None:
    """No file, not even read; and every change wants the token that pages elsewhere cannot have."""
    instructor = real_hub.person("iris")
    base = f"/services/{COHORT}/"
    instructor.http.get(instructor.at(f"{base}formgrader/"))
    token = {"X-XSRFToken": instructor.xsrf(base)}

    def status(method: str, place: str, **headers: str) -> int:
        return instructor.http.request(method, instructor.at(f"{base}{place}"), headers=headers, json={}).status_code

    for place in (
        "api/contents/nbgrader_config.py",
        "api/contents/gradebook.db",
        "files/gradebook.db",
        "lab",
        "metrics",
    ):
        assert status("GET", place, **token) == 404
    for place in ("api/contents/new.py", "api/kernels", "api/terminals", "api/sessions"):
        assert [status(method, place, **token) for method in ("POST", "PUT", "DELETE", "PATCH")] == [404] * 4
    assert status("POST", f"formgrader/api/assignment/{LAB}/collect") == 403
    assert status("POST", f"formgrader/api/assignment/{LAB}/collect", **token, Origin="http://evil.example") == 403


def minted(person) -> list[str]:
    """The tokens that the person asked the hub for, besides those of signing in."""
    tokens = person.http.get(f"hub/api/users/{person.name}/tokens").json()["api_tokens"]
    return [one["id"] for one in tokens if one["oauth_client"] == "JupyterHub"]


def test_script_in_an_answer_gets_no_token(real_hub, released, chromium) -> None:
    """The finding itself: an answer read the hub's token page and minted a token as the instructor who opened it."""
    exploit = (
        "<script>fetch('/hub/token').then(r => r.text()).then(t => fetch('/hub/api/users/iris/tokens', {method: 'POST',"
        " headers: {'X-XSRFToken': document.cookie}}))</script><img src=x onerror=\"location='/hub/token'\">"
    )
    course = real_hub.site.courses / COHORT
    about = {"grade_id": "o", "grade": True, "solution": True, "locked": False, "points": 5, "schema_version": 3}
    about |= {"task": False, "cell_type": "markdown"}
    cell = nbformat.v4.new_markdown_cell(f"My answer. {exploit}", metadata={"nbgrader": about})
    folder = course / "autograded" / "tomek" / LAB
    folder.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / f"{LAB}.ipynb")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", COHORT) as gradebook:
        gradebook.update_or_create_assignment(LAB)
        gradebook.update_or_create_notebook(LAB, LAB)
        gradebook.add_submission(LAB, "tomek")
        submission = gradebook.find_submission_notebook(LAB, LAB, "tomek").id
    instructor = real_hub.person("iris")
    before = minted(instructor)
    page = chromium.new_page()
    page.goto(f"{real_hub.hub.url}hub/login")
    page.fill("[name=username]", "iris")
    page.fill("[name=password]", real_hub.password("iris"))
    page.click("[type=submit]")
    page.wait_for_url("**/mondaylab/cohort")
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto(instructor.at(f"/services/{COHORT}/formgrader/submissions/{submission}/"), wait_until="networkidle")
    assert "My answer." in page.inner_text("#notebook .nbgrader_cell .panel-body")
    assert [url for url in asked if "/hub/" in url] == [] and complaints == []
    assert minted(instructor) == before
    page.close()


def test_instructor_lands_on_the_cohort_page_and_gets_no_lab(real_hub) -> None:
    instructor = real_hub.person("iris")
    assert f"/services/{COHORT}/mondaylab/cohort" in str(instructor.http.get("/").url)
    answer = instructor.http.post("hub/api/users/iris/server", headers={"X-XSRFToken": instructor.xsrf("/hub/")})
    assert answer.status_code == 400
    assert "has no lab server" in answer.text


def test_learner_gets_no_elses_server(real_hub, lena) -> None:
    tomek = real_hub.person("tomek")
    assert tomek.http.get(tomek.at("/user/lena/api/contents")).status_code in (403, 404)
    assert tomek.http.get("hub/api/users/lena").status_code in (403, 404)
    assert tomek.http.get("hub/api/users").status_code == 403


def test_no_screen_is_offered_that_would_be_refused(lena) -> None:
    page = lena.http.get(lena.at("/user/lena/lab")).text
    for plugin in ("formgrader", "create-assignment", "course-list"):
        assert f"@jupyter/nbgrader:{plugin}" in page.partition("disabledExtensions")[2][:2000]


def test_state_is_private(real_hub) -> None:
    var = real_hub.site.var
    assert all(
        (var / name).stat().st_mode & 0o077 == 0 for name in ("hub", "homes", "keys", "courses", "exchange", "logs")
    )


def test_zz_nothing_is_left_when_the_hub_is_killed(real_hub, lena) -> None:
    """Last in the module: without a chance to clean up, every process of the hub still goes."""
    family = psutil.Process(real_hub.hub.pid).children(recursive=True)
    assert any("bwrap" in process.name() for process in family)
    os.kill(real_hub.hub.pid, signal.SIGKILL)
    _, left = psutil.wait_procs(family, timeout=10)
    assert [process.cmdline() for process in left if process.status() != psutil.STATUS_ZOMBIE] == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(real_hub.hub.settings.local)
