"""Addresses of the hub's parts, and which requests the hub turns away."""

from __future__ import annotations

import pytest
from tests.support.sampled import sampled

from mondaylab.errors import Refused
from mondaylab.hub.checks import check
from mondaylab.hub.origins import GIVES_UP, Addresses, Origins, public_address

APART = Addresses(hub="http://mondaylab.localhost:8000")
PATH = Addresses(hub="http://127.0.0.1:8000", origins=Origins.PATH)


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
    "told", ["lab.company.example", "ftp://lab", "https://", "https://a/b", "https://a:x", "https://u@a"]
)
def test_what_is_no_address_is_refused(told) -> None:
    with pytest.raises(Refused, match="no address of a hub"):
        public_address(told)
    assert public_address("https://Lab.company.example/") == "https://lab.company.example"


@pytest.mark.parametrize("told", ["http://lab.company.example", "http://10.0.0.7:8000", "http://localhost.example"])
def test_a_name_that_leaves_the_machine_needs_tls(told) -> None:
    with pytest.raises(Refused, match=r"needs TLS.*over https only"):
        public_address(told)


@pytest.mark.parametrize("told", ["http://mondaylab.localhost:8000", "http://localhost:8000", "http://127.0.0.1"])
def test_one_that_stays_on_the_machine_does_not(told) -> None:
    assert public_address(told) == told


def test_check_says_what_one_origin_gives_up(site) -> None:
    found = {one.name: one for one in check(site, port=0, origins=Origins.PATH)}["origins"]
    assert found.ok and found.warns and found.said == GIVES_UP
    assert "can act as whoever opens it, a learner's own server included" in found.said
    apart = {one.name: one for one in check(site, port=0)}["origins"]
    assert apart.ok and not apart.warns and "Safari" in apart.said


@pytest.mark.parametrize("public", sampled(["https://192.0.2.1", "https://nowhere.invalid", "lab"], 3))
def test_check_refuses_an_address_without_names_below_it(site, public) -> None:
    assert not {one.name: one for one in check(site, port=0, public=public)}["origins"].ok
