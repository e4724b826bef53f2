"""A company's endpoint: what of its setting is refused, in words, and that nobody is asked then."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from tests.support.places import ROOT

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.hub.assistant import model_of
from mondaylab.hub.checks import check
from mondaylab.hub.models import endpoint
from mondaylab.hub.models.endpoint import CompanyModel, Endpoint, is_set, proxy_of
from mondaylab.hub.models.fetching import fetched_meanwhile
from mondaylab.hub.models.running import EmbeddedModel, NotReady, Upstream
from mondaylab.settings import Site

KEY = "sk-not-to-be-shown-1234567890"
GOOD = {"address": "https://models.company.example/v1", "key_file": "endpoint.key", "model": "company-large"}


@pytest.fixture
def site(tmp_path, monkeypatch) -> Site:
    (tmp_path / "ports").write_text("1024\n")
    monkeypatch.setattr(endpoint, "_OPEN_PORTS", tmp_path / "ports")
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    made = Site(tmp_path / "root", tmp_path / "var")
    made.hub_config.mkdir(parents=True)
    made.hub.mkdir(parents=True, mode=0o700)
    put_key(made.hub / "endpoint.key")
    return made


def put_key(path: Path, text: str | bytes = f"{KEY}\n", mode: int = 0o600) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)


def put(site: Site, **fields: object) -> None:
    lines = [f"{name}: {value}" for name, value in (GOOD | fields).items() if value is not None]
    (site.hub_config / "endpoint.yaml").write_text("\n".join(lines))


def upstream(model) -> Upstream:
    return asyncio.run(model.upstream())


def test_without_the_file_the_model_of_this_machine_answers(site) -> None:
    assert Endpoint.of(site) is None and not is_set(site)
    assert isinstance(model_of(site), EmbeddedModel)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://models.company.example/v1", "https://models.company.example/v1"),
        ("https://models.company.example:8443/openai/v1/", "https://models.company.example:8443/openai/v1"),
        ("https://localhost:8443/v1", "https://localhost:8443/v1"),
        ("http://127.0.0.1:880/v1", "http://127.0.0.1:880/v1"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:880/v1", "http://[::1]:880/v1"),
    ],
)
def test_a_right_setting_is_asked(site, address, asked) -> None:
    put(site, address=address, at_once=3)
    model = model_of(site)
    assert upstream(model) == Upstream(asked, KEY, "company-large") and model.places == 3


@pytest.mark.parametrize(
    "address",
    [
        "http://models.company.example/v1",
        "http://127.0.0.1.evil.example/v1",
        "http://10.0.0.4/v1",
        "ftp://models.company.example/v1",
        "models.company.example/v1",
        "https:///v1",
        '"https://me:secret@models.company.example/v1"',
        "https://models.company.example/v1?api-version=1",
        '"https://models.company.example/v1#x"',
        '"https://models.company.example:99999/v1"',
        '"https://models.company.example/v1 "',
        '"https://mödels.company.example/v1"',
        '""',
    ],
)
def test_other_addresses_are_refused_and_nobody_is_asked(site, address) -> None:
    put(site, address=address)
    with pytest.raises(Refused) as refused:
        Endpoint.of(site)
    assert refused.value.where.endswith("endpoint.yaml") and refused.value.fix and "secret" not in str(refused.value)
    with pytest.raises(NotReady, match="not set up in order"):
        upstream(model_of(site))


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("http://127.0.0.1:1024/v1", 1024),
        ("http://localhost:8080/v1", 1024),
        ("http://[::1]:8080/v1", 1024),
        ("http://localhost/v1", 80),
        ("http://localhost/v1", 0),
    ],
)
def test_a_port_that_a_learners_program_may_take_is_refused(site, tmp_path, address, first) -> None:
    """Whoever listens there first is sent the key."""
    (tmp_path / "ports").write_text(f"{first}\n")
    put(site, address=address)
    with pytest.raises(Refused, match="any program on this machine") as refused:
        Endpoint.of(site)
    assert f"below {first}" in refused.value.fix


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"modle": "x"}, "modle"),
        ({"key": KEY}, "key"),
        ({"model": None}, "model"),
        ({"model": '""'}, "model"),
        ({"key_file": None}, "key_file"),
        ({"at_once": 0}, "at_once"),
        ({"at_once": "many"}, "at_once"),
    ],
)
def test_unknown_missing_and_wrong_fields_are_named(site, fields, told) -> None:
    put(site, **fields)
    with pytest.raises(Refused, match=told) as refused:
        Endpoint.of(site)
    assert KEY not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "address: [", "address: a\naddress: b\n"])
def test_a_damaged_file_never_falls_back_to_another_model(site, text) -> None:
    (site.hub_config / "endpoint.yaml").write_text(text)
    with pytest.raises(Refused):
        Endpoint.of(site)
    assert isinstance(model_of(site), CompanyModel)


def test_a_link_that_leads_nowhere_is_no_reason_to_ask_another_model(site) -> None:
    (site.hub_config / "endpoint.yaml").symlink_to("elsewhere.yaml")
    with pytest.raises(MondaylabError):
        Endpoint.of(site)
    assert isinstance(model_of(site), CompanyModel)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_can_read_or_change_is_refused(site, mode) -> None:
    put(site)
    (site.hub / "endpoint.key").chmod(mode)
    with pytest.raises(Refused, match="others can read") as refused:
        Endpoint.of(site).key(site)
    assert "chmod 600" in refused.value.fix and KEY not in str(refused.value)


@pytest.mark.parametrize("text", ["", "\n", "two keys", f"{KEY}\n{KEY}\n", "kéy", b"\xff\xfe", "x" * 5000, "a\x00b"])
def test_a_file_without_just_one_key_is_refused(site, text) -> None:
    put(site)
    put_key(site.hub / "endpoint.key", text)
    with pytest.raises(Refused):
        Endpoint.of(site).key(site)


def test_a_key_file_that_is_missing_or_none_is_told(site) -> None:
    put(site, key_file="not-there.key")
    with pytest.raises(NotFound, match="not here"):
        Endpoint.of(site).key(site)
    (site.hub / "folder").mkdir(mode=0o700)
    os.mkfifo(site.hub / "pipe", 0o600)
    for name in ("folder", "pipe"):
        put(site, key_file=name)
        with pytest.raises(Refused, match=r"no file|directory"):
            Endpoint.of(site).key(site)


def test_a_key_that_learners_servers_would_see_is_refused_through_a_link_too(site) -> None:
    """A jail runs as the hub's user: permissions alone keep nobody out of what it shows."""
    seen = site.root / "src"
    seen.mkdir()
    put_key(seen / "endpoint.key")
    (site.hub / "linked.key").symlink_to(seen / "endpoint.key")
    for named in (str(seen / "endpoint.key"), "linked.key"):
        put(site, key_file=named)
        with pytest.raises(Refused, match="learners' servers see"):
            Endpoint.of(site).key(site)


def test_nothing_is_fetched_beside_an_endpoint_nor_beside_a_broken_one(site) -> None:
    put(site)
    said: list[str] = []
    with fetched_meanwhile(site, said.append, {"MODEL": "any"}):
        assert not site.models.exists()
    assert "company-large at models.company.example" in said[0] and KEY not in said[0]
    (site.hub / "endpoint.key").unlink()
    with pytest.raises(NotFound), fetched_meanwhile(site, pytest.fail, {}):
        pytest.fail("it began")


def test_hub_check_says_which_answers_and_what_is_wrong(site) -> None:
    shutil.copytree(ROOT / "hub_config", site.hub_config, dirs_exist_ok=True)

    def told():
        return next(one for one in check(site, port=0) if one.name == "assistant")

    put(site)
    assert told().ok and told().said.startswith("company-large at models.company.example is asked")
    put(site, address="http://models.company.example/v1")
    assert not told().ok and "Next:" in told().said
    put(site)
    (site.hub / "endpoint.key").chmod(0o644)
    assert not told().ok and KEY not in told().said


@pytest.mark.parametrize(
    ("address", "environment", "way"),
    [
        ("https://a.example/v1", {"HTTPS_PROXY": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ("https://a.example/v1", {"https_proxy": "proxy.example:3128"}, "http://proxy.example:3128"),
        ("https://a.example/v1", {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": ".example"}, None),
        ("https://a.example/v1", {"ALL_PROXY": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ("http://127.0.0.1:8080/v1", {"HTTP_PROXY": "http://proxy.example:3128"}, None),
        ("https://a.example/v1", {}, None),
    ],
)
def test_the_companys_proxy_is_on_the_way_to_other_machines_only(monkeypatch, address, environment, way) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_of(address) == way


@pytest.mark.parametrize(
    "proxy", ["socks5://proxy.example:1080", "http://[::1", "http://proxy.example:99999", "http://", "proxy.example:x"]
)
def test_a_proxy_that_cannot_be_used_is_told_wherever_a_setting_is_looked_at(site, monkeypatch, capsys, proxy) -> None:
    put(site)
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(Refused, match="proxy"):
        proxy_of("https://a.example/v1")
    with pytest.raises(Refused, match="proxy"), fetched_meanwhile(site, pytest.fail, {}):
        pytest.fail("it began")
    with pytest.raises(NotReady, match="not set up in order"):
        upstream(model_of(site))
    assert "proxy" in capsys.readouterr().out


def test_hub_check_tells_such_a_proxy_too(site, monkeypatch) -> None:
    shutil.copytree(ROOT / "hub_config", site.hub_config, dirs_exist_ok=True)
    put(site)
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:99999")
    told = next(one for one in check(site, port=0) if one.name == "assistant")
    assert not told.ok and "proxy" in told.said
