"""An author on the real hub: signs in, works in the jail, is let in nowhere else, and is gone when removed."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.support.authoring_site import FOLDERS
from tests.support.places import LAB, QUARTER, ROOT
from tests.support.real_hub import RealHub

from mondaylab.hub.authors import Authors, apply_authors
from mondaylab.hub.checks import user_namespaces
from mondaylab.hub.cohorts import declared_cohort
from mondaylab.hub.provision import apply
from mondaylab.hub.run import running_hub
from mondaylab.settings import Site

pytestmark = [pytest.mark.e2e, pytest.mark.deep]
COHORT, CANARY = "finance-demo", "canary-9b33e1"


def authors(*names: str, company: str = "demo") -> Authors:
    return Authors(role="finance", company=company, authors=names)


@pytest.fixture(scope="module")
def hub(demo_site: Site, tmp_path_factory: pytest.TempPathFactory, proxy: Path) -> Iterator[RealHub]:
    """A hub on a checkout of its own, whose labs may be written to."""
    if (problem := user_namespaces()) is not None:
        pytest.skip(f"NO REAL HUB TESTED: user namespaces do not work here: {problem}")
    root = tmp_path_factory.mktemp("authors-hub")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, root / name)
    (root / "src").symlink_to(ROOT / "src")
    site = Site(root, root / "var")
    site.var.mkdir()
    site.proxy.symlink_to(proxy)
    shutil.copytree(demo_site.snapshots, site.snapshots, copy_function=os.link)
    apply(site, declared_cohort(site, COHORT))
    (site.keys / COHORT).mkdir(parents=True, exist_ok=True)
    (site.keys / COHORT / "form-1.json").write_text(CANARY)
    apply_authors(site, authors("paula"))
    with running_hub(site, port=0) as running:
        yield RealHub(site, running)


@pytest.fixture(scope="module")
def paula(hub):
    author = hub.person("paula")
    author.start_lab()
    return author


@pytest.fixture(scope="module")
def lena(hub):
    learner = hub.person("lena")
    learner.start_lab()
    return learner


def test_works_on_the_labs_of_the_role_and_sees_no_key(hub, paula) -> None:
    said = paula.run(
        f"import sys; sys.path.insert(0, {str(hub.site.root / 'src')!r})\n"
        "import os, subprocess\n"
        "from mondaylab.authoring import Author\n"
        f"lab = Author({LAB!r}, quarter={QUARTER!r})\n"
        "print(lab.adopt().state()['phase'], *sorted(os.listdir('/srv')), *sorted(os.listdir('/srv/mondaylab/labs')))\n"
        f"open('/srv/mondaylab/labs/{LAB}/notes.txt', 'w').write('mine')\n"
        f"print(*subprocess.run(['grep', '-rIl', {CANARY!r}, '/home', '/srv', '/run', '/tmp', '/etc'],"
        " capture_output=True, text=True).stdout.split(), 'searched')\n"
        "print(*sorted(name for name in os.environ if name.startswith(('MONDAYLAB_', 'OPENAI_'))))",
        timeout=180,
    )
    assert said.splitlines() == ["paste jupyter mondaylab finance", "searched", "MONDAYLAB_ROOT"], said
    assert (hub.site.lab(LAB) / "notes.txt").read_text() == "mine"
    assert paula.api("GET", "api/contents/labs/finance").status_code == 200  # as the file browser asks


def token_of(person) -> str:
    return person.run("import os; print(os.environ['JUPYTERHUB_API_TOKEN'])").strip()


def ask(hub: RealHub, service: str, path: str, token: str, body: object = None) -> int:
    """The status that a service answers with, asked at its own port."""
    address = f"http://127.0.0.1:{hub.hub.settings.ports[service]}{path}"
    headers = {"Authorization": f"Bearer {token}"}
    method = "GET" if body is None else "POST"
    return httpx.request(method, address, headers=headers, json=body, trust_env=False, timeout=60).status_code


def test_the_token_opens_no_service(hub, paula, lena) -> None:
    token, learner = token_of(paula), token_of(lena)
    hand_in = {"cohort": COHORT, "assignment": "weekly_margin_memo", "folder": "x+y+z", "digest": "0" * 64}
    judgement = "/services/judgement/api/"
    assert ask(hub, "judgement", f"{judgement}forms", learner) == 200
    assert ask(hub, "judgement", f"{judgement}forms", token) == 403
    assert ask(hub, "judgement", f"{judgement}hand-ins", token, hand_in) == 403
    models = "/services/assistant/v1/models"
    assert ask(hub, "assistant", models, learner) != 403
    assert ask(hub, "assistant", models, token) == 403
    assert ask(hub, "assistant", "/services/assistant/v1/chat/completions", token, {"messages": []}) == 403
    for place in ("formgrader/", "mondaylab/cohort", "formgrader/api/assignments"):
        path = f"/services/{COHORT}/{place}"
        assert ask(hub, COHORT, path, token) in (302, 403)
        assert paula.http.get(paula.at(path)).status_code == 403


def scopes(hub: RealHub, token: str, name: str) -> set[str]:
    told = httpx.get(
        f"http://127.0.0.1:{hub.hub.settings.ports['hub']}/hub/api/user",
        headers={"Authorization": f"token {token}"},
        trust_env=False,
    )
    return {scope.replace(name, "NAME") for scope in told.json()["scopes"]}


def test_the_token_can_no_more_than_a_learners(hub, paula, lena) -> None:
    assert scopes(hub, token_of(paula), "paula") == scopes(hub, token_of(lena), "lena")
    assert paula.http.get("hub/api/users").status_code == 403
    assert paula.http.get(paula.at("/user/lena/api/contents")).status_code in (403, 404)


def until(true: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def asked_as(hub: RealHub, token: str) -> int:
    address = f"http://127.0.0.1:{hub.hub.settings.ports['hub']}/hub/api/user"
    return httpx.get(address, headers={"Authorization": f"token {token}"}, trust_env=False).status_code


def test_who_is_given_other_data_or_loses_the_role_loses_the_server_and_the_tokens(hub, paula, lena) -> None:
    """Last in the module."""
    token = token_of(paula)
    headers = {"X-XSRFToken": paula.xsrf("/hub/")}
    minted = paula.http.post("hub/api/users/paula/tokens", headers=headers, json={}).json()["token"]
    assert asked_as(hub, token) == asked_as(hub, minted) == 200
    apply_authors(hub.site, authors("paula", company="other"))
    assert until(lambda: asked_as(hub, token) == 403), "the server still runs"
    assert asked_as(hub, minted) == 200
    paula.start_lab()
    assert paula.run("import os; print(*os.listdir('/srv/mondaylab/var'))").strip() == "builds"
    token = token_of(paula)

    apply_authors(hub.site, authors())
    assert until(lambda: asked_as(hub, token) == 403 and asked_as(hub, minted) == 403), "the tokens still open the hub"
    assert until(lambda: not servers_of("paula"), 10)
    answer = paula.http.post("hub/api/users/paula/server", headers={"X-XSRFToken": paula.xsrf("/hub/")})
    assert answer.status_code in (403, 404), answer.text
    assert lena.run("print('still here')").strip() == "still here"
    log = (hub.site.logs / "hub.log").read_text()
    assert "seeing off paula" in log and "seeing off lena" not in log


def servers_of(name: str) -> list[str]:
    """Command lines of jails that hold this person's home."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if f"/home/{name}" in words and any(word.endswith("bwrap") for word in words):
            found.append(json.dumps(words[:1]))
    return found
