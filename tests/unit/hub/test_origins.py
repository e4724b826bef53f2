"""Addresses of the hub's parts, and which requests the hub turns away."""

from __future__ import annotations

import pytest

from mondaylab.errors import Refused
from mondaylab.hub.checks import check
from mondaylab.hub.origins import GIVES_UP, Addresses, Origins, public_address, turned

APART = Addresses(hub="http://mondaylab.localhost:8000")
PATH = Addresses(hub="http://127.0.0.1:8000", origins=Origins.PATH)
OWN = {"Host": "mondaylab.localhost:8000"}
FOREIGN = "http://tomek.mondaylab.localhost:8000"


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("/hub/home", "http://mondaylab.localhost:8000/hub/home"),
        ("/user/lena/lab", "http://lena.mondaylab.localhost:8000/user/lena/lab"),
        ("/services/judgement/", "http://judgement--service.mondaylab.localhost:8000/services/judgement/"),
    ],
)
def test_every_part_has_an_address_of_its_own(path, whole) -> None:
    assert APART.of(path) == whole
    assert PATH.of(path) == f"http://127.0.0.1:8000{path}"


def test_no_account_takes_a_services_name() -> None:
    names = ("services", "judgement", "judgement--service", "hub", "a.b", "a@b", "lena")
    taken = {APART.origin("user", name) for name in names}
    assert len(taken) == len(names)
    assert not taken & {APART.origin("service", name) for name in names} | {APART.hub} & taken


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


@pytest.mark.parametrize(
    "told", ["lab.company.example", "ftp://lab", "https://", "https://a/b", "https://a:x", "https://u@a"]
)
def test_what_is_no_address_is_refused(told) -> None:
    with pytest.raises(Refused, match="no address of a hub"):
        public_address(told)
    assert public_address("https://Lab.company.example/") == "https://lab.company.example"


def test_check_says_what_one_origin_gives_up(site) -> None:
    found = {one.name: one for one in check(site, port=0, origins=Origins.PATH)}["origins"]
    assert found.ok and found.warns and found.said == GIVES_UP
    assert "can act as whoever opens it, a learner's own server included" in found.said
    apart = {one.name: one for one in check(site, port=0)}["origins"]
    assert apart.ok and not apart.warns and "Safari" in apart.said


@pytest.mark.parametrize("public", ["https://192.0.2.1", "https://nowhere.invalid", "lab"])
def test_check_refuses_an_address_without_names_below_it(site, public) -> None:
    assert not {one.name: one for one in check(site, port=0, public=public)}["origins"].ok
