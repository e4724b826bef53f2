"""This machine's own addresses, and an environment in which no proxy is asked for them."""

from __future__ import annotations

import urllib.request

import httpx
import pytest

from mondaylab.loopback import is_loopback, unproxied

DEAD = "http://127.0.0.1:9"
PROXIES = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"), DEAD)


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.8.9.1", True),
        ("http://localhost:1", True),
        ("http://LENA.mondaylab.localhost:8000/user/lena/", True),
        ("http://localhost./", True),
        ("http://[::1]:8080/v1", True),
        ("https://ai.company.example/v1", False),
        ("http://localhost.company.example", False),
        ("http://127.0.0.1.company.example", False),
        ("http://10.0.0.1", False),
        ("http://[half", False),
        ("no address", False),
    ],
)
def test_what_is_of_this_machine(address, ours):
    assert is_loopback(address) == ours


@pytest.mark.parametrize("before", [{}, {"NO_PROXY": "a.example"}, {"no_proxy": "a.example, b.example"}])
def test_no_client_asks_a_proxy_for_this_machine_and_all_do_for_others(monkeypatch, before):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in unproxied({**PROXIES, **before}).items():
        monkeypatch.setenv(name, value)
    with httpx.Client() as client:
        own = client._transport_for_url(httpx.URL("http://ai.company.example"))
        for host in ("127.0.0.1", "localhost", "lena.mondaylab.localhost", "[::1]"):
            assert client._transport_for_url(httpx.URL(f"http://{host}:8000")) is client._transport
        assert own is not client._transport
    for host in ("127.0.0.1:8000", "localhost", "lena.mondaylab.localhost", *(["a.example"] if before else [])):
        assert urllib.request.proxy_bypass_environment(host)
    assert not urllib.request.proxy_bypass_environment("ai.company.example")


def test_said_twice_it_stays_the_same():
    once = unproxied({"NO_PROXY": "a.example", "PATH": "/bin"})
    assert unproxied(once) == once
    assert (
        once["PATH"] == "/bin"
        and once["NO_PROXY"] == once["no_proxy"] == "a.example,127.0.0.1,localhost,.localhost,::1"
    )
