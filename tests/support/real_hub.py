"""A real hub on a free port with its own state, and people who use it over HTTP."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import websocket
from tests.support.places import ROOT

from mondaylab.hub.accounts import Accounts
from mondaylab.hub.checks import user_namespaces
from mondaylab.hub.cohorts import declared_cohort
from mondaylab.hub.provision import apply
from mondaylab.hub.run import RunningHub, running_hub
from mondaylab.settings import Site

DORA = "dora.b@example.com"
"""A learner with a name as directories have them."""


class Loopback(httpx.HTTPTransport):
    """Connects to this machine whatever the name, and sends the name: not every machine resolves it."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers.setdefault("Host", request.url.netloc.decode())
        here = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1"),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return super().handle_request(here)


class Person:
    """Somebody with a browser's cookies: logs in through the hub's form, starts a lab, runs cells."""

    def __init__(self, hub: RunningHub, name: str, password: str) -> None:
        self.hub, self.name = hub, name
        self.http = httpx.Client(base_url=hub.url, follow_redirects=True, timeout=60, transport=Loopback())
        # a browser, too, gives secure cookies to the machine that it runs on; httpx asks another jar, without this rule
        self.http.cookies.jar.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.http.event_hooks["request"].append(self._add_cookies)
        self.http.get("hub/login")
        form = {"username": name, "password": password, "_xsrf": self.xsrf("/hub/")}
        self.landed = self.http.post("hub/login", params={"_xsrf": form["_xsrf"], "next": "/hub/home"}, data=form)

    def xsrf(self, path: str) -> str:
        return next((c.value or "" for c in self.http.cookies.jar if c.name == "_xsrf" and c.path == path), "")

    def at(self, path: str) -> str:
        """The whole address of a path of the hub, a service or a server."""
        return self.hub.settings.addresses.of(path)

    def _add_cookies(self, request: httpx.Request) -> None:
        request.headers.pop("Cookie", None)
        self.http.cookies.set_cookie_header(request)

    @property
    def logged_in(self) -> bool:
        return any(c.name.endswith("jupyterhub-hub-login") for c in self.http.cookies.jar)

    def start_lab(self) -> None:
        base = f"/user/{self.name}/"
        answer = self.http.post(f"hub/api/users/{self.name}/server", headers={"X-XSRFToken": self.xsrf("/hub/")})
        assert answer.status_code in (201, 202), answer.text
        for _ in range(400):
            user = self.http.get(f"hub/api/users/{self.name}").json()
            if user["servers"].get("", {}).get("ready"):
                break
            assert user["servers"].get(""), "the server did not start"
            time.sleep(0.2)
        page = self.http.get(self.at(f"{base}lab"))
        assert page.status_code == 200, page.text[:300]

    def api(self, method: str, path: str, **options: Any) -> httpx.Response:
        base = f"/user/{self.name}/"
        return self.http.request(method, self.at(f"{base}{path}"), headers={"X-XSRFToken": self.xsrf(base)}, **options)

    def run(self, code: str, *, timeout: float = 60) -> str:
        """Runs code in a new kernel over the websocket, through the proxy; everything it printed or raised."""
        kernel = self.api("POST", "api/kernels", json={"name": "python3"}).json()["id"]
        place = self.at(f"/user/{self.name}/api/kernels/{kernel}/channels")
        asked = self.http.build_request("GET", place)
        self._add_cookies(asked)
        cookies = asked.headers["Cookie"]
        host, local = urlsplit(place).netloc, self.hub.settings.local
        address = place.replace("http", "ws", 1).replace(host, urlsplit(local).netloc, 1)
        origin = self.at(f"/user/{self.name}/").removesuffix(f"/user/{self.name}/")
        channel = websocket.create_connection(address, cookie=cookies, timeout=timeout, host=host, origin=origin)
        message = str(uuid.uuid4())
        header = {
            "msg_id": message,
            "msg_type": "execute_request",
            "username": self.name,
            "session": "s",
            "version": "5.3",
        }
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": True}
        request = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        channel.send(json.dumps(request))
        said = ""
        try:
            while True:
                got = json.loads(channel.recv())
                if got["parent_header"].get("msg_id") != message:
                    continue
                if got["msg_type"] == "stream":
                    said += got["content"]["text"]
                if got["msg_type"] == "error":
                    said += "\n".join(got["content"]["traceback"])
                if got["msg_type"] == "status" and got["content"]["execution_state"] == "idle":
                    return said
        finally:
            channel.close()
            self.api("DELETE", f"api/kernels/{kernel}")


class RealHub:
    """A running hub and its people."""

    def __init__(self, site: Site, hub: RunningHub) -> None:
        self.site, self.hub = site, hub
        self._people: dict[str, Person] = {}

    def person(self, name: str) -> Person:
        """The person, logged in once a module."""
        if name not in self._people:
            self._people[name] = Person(self.hub, name, self.password(name))
        return self._people[name]

    def stranger(self, name: str, password: str) -> Person:
        """Somebody who tries this name and password."""
        return Person(self.hub, name, password)

    def password(self, name: str) -> str:
        return Accounts(self.site).initial_passwords()[name]


@pytest.fixture(scope="module")
def real_hub(tmp_path_factory: pytest.TempPathFactory, proxy: Path) -> Iterator[RealHub]:
    """One hub for the module; skipped, loudly, where no jail can be made."""
    problem = user_namespaces()
    if problem is not None:
        pytest.skip(f"NO REAL HUB TESTED: user namespaces do not work here: {problem}")
    site = Site(ROOT, tmp_path_factory.mktemp("hub-var"))
    (site.var / "proxy").symlink_to(proxy)
    cohort = declared_cohort(site, "finance-demo")
    apply(site, cohort.model_copy(update={"learners": (*cohort.learners, DORA)}))
    with ExitStack() as held:
        with pytest.MonkeyPatch.context() as company:
            # as in a company: a proxy is named, and nothing says that it is not for this machine
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
                for spelled in (name, name.lower()):
                    company.setenv(spelled, "http://127.0.0.1:9")
            for spelled in ("NO_PROXY", "no_proxy"):
                company.delenv(spelled, raising=False)
            hub = held.enter_context(running_hub(site, port=0))
        yield RealHub(site, hub)
