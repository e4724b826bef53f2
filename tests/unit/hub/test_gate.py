"""Which requests the hub turns away."""

from __future__ import annotations

import pytest

from mondaylab.hub.gate import turned
from mondaylab.hub.origins import Addresses

APART = Addresses(hub="http://mondaylab.localhost:8000")
OWN = {"Host": "mondaylab.localhost:8000"}
FOREIGN = "http://tomek.mondaylab.localhost:8000"


@pytest.mark.parametrize(
    ("method", "uri", "headers", "status"),
    [
        ("GET", "/hub/home", {}, None),
        ("GET", "/hub/home", {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-site"}, None),
        ("GET", "/hub/static/a.css", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "same-site"}, None),
        ("POST", "/hub/login", {"Origin": "http://mondaylab.localhost:8000"}, None),
        ("POST", "/hub/login", {}, None),
        ("POST", "/hub/login", {"Origin": FOREIGN}, 403),
        ("POST", "/hub/login", {"Origin": "null"}, 403),
        ("POST", "/hub/login", {"Origin": "http://mondaylab.localhost:8001"}, 403),
        ("DELETE", "/hub/api/users/lena/server", {"Sec-Fetch-Site": "same-site"}, 403),
        ("GET", "/hub/token", {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-site"}, 403),
        ("GET", "/hub/token", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "cross-site"}, 403),
        (
            "GET",
            "/hub/token",
            {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "iframe"},
            403,
        ),
        ("GET", "/hub/token", {"Host": "tomek.mondaylab.localhost:8000"}, 302),
        ("GET", "/", {"Host": "127.0.0.1:8000"}, 302),
        ("GET", "/hub/api/user", {"Host": "tomek.mondaylab.localhost:8000", "Sec-Fetch-Mode": "cors"}, 503),
        ("GET", "/favicon.ico", {"Host": "tomek.mondaylab.localhost:8000", "Sec-Fetch-Mode": "no-cors"}, 204),
        ("POST", "/hub/login", {"Host": "tomek.mondaylab.localhost:8000"}, 503),
        ("POST", "/hub/api/users/lena/activity", {"Host": "127.0.0.1:4000"}, None),
        ("GET", "/services/finance-demo/formgrader/", {}, 302),
    ],
)
def test_who_may_ask_the_hub(method, uri, headers, status) -> None:
    answer = turned(method, uri, {**OWN, **headers}, APART, "127.0.0.1:4000")
    assert (answer.status if answer else None) == status
    assert not answer or status != 302 or answer.to.startswith("http://")
