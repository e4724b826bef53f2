"""The proxy's installation: done once, again after a new lock, and never half."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mondaylab.errors import MondaylabError, NotFound
from mondaylab.hub import proxy
from mondaylab.settings import Site

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def here(tmp_path: Path) -> Site:
    source = tmp_path / "hub_config" / "proxy"
    source.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        (source / name).write_text((ROOT / "hub_config" / "proxy" / name).read_text())
    return Site(tmp_path, tmp_path / "var")


@pytest.fixture
def installs(monkeypatch) -> list[Path]:
    done: list[Path] = []

    def install(_source: Path, folder: Path) -> None:
        done.append(folder)
        script = folder / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"
        script.parent.mkdir(parents=True)
        script.touch()

    monkeypatch.setattr(proxy, "_install", install)
    return done


def test_it_is_installed_once_for_a_lock(here, installs) -> None:
    first = proxy.ensure_proxy(here)
    assert proxy.ensure_proxy(here) == first
    assert len(installs) == 1
    (here.hub_config / "proxy" / "package-lock.json").write_text("{}")
    proxy.ensure_proxy(here)
    assert len(installs) == 2


def test_it_is_the_real_node_not_the_python_wrapper(here, installs) -> None:
    node = Path(proxy.ensure_proxy(here)[0])
    assert node.read_bytes()[:4] == b"\x7fELF"


def test_half_an_installation_is_none(here, monkeypatch) -> None:
    def fail(_source: Path, folder: Path) -> None:
        (folder / "half").touch()
        raise MondaylabError("npm failed")

    monkeypatch.setattr(proxy, "_install", fail)
    with pytest.raises(MondaylabError, match="npm failed"):
        proxy.ensure_proxy(here)
    assert not (here.var / "proxy").exists()
    assert list(here.var.iterdir()) == []


def test_npm_that_fails_says_why(here) -> None:
    (here.hub_config / "proxy" / "package-lock.json").write_text("{}")
    with pytest.raises(MondaylabError, match="npm could not install"):
        proxy.ensure_proxy(here)
    (here.hub_config / "proxy" / "package-lock.json").unlink()
    with pytest.raises(NotFound, match="package lock"):
        proxy.ensure_proxy(here)


def test_lock_pins_every_package_by_hash_and_names_no_address() -> None:
    lock = json.loads((ROOT / "hub_config" / "proxy" / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages["node_modules/configurable-http-proxy"]["version"] == "5.3.0"
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
