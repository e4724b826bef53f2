from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets.pseudonyms import Pseudonyms, secret, secret_path
from mondaylab.errors import Refused
from mondaylab.settings import Site

KEY, OTHER = b"k" * 32, b"o" * 32
values = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() != "")


@given(st.sets(values.map(str.strip), max_size=40))
def test_different_values_get_different_pseudonyms(found: set[str]) -> None:
    mapping = Pseudonyms(KEY).mapping("customer", found, "C")
    assert len(set(mapping.values())) == len(found)
    assert all(made.startswith("C") and len(made) == 13 and made.isalnum() for made in mapping.values())


@given(values)
def test_a_pseudonym_depends_on_key_domain_and_value_only(value: str) -> None:
    names = Pseudonyms(KEY)
    made = names.of("customer", value)
    assert made == Pseudonyms(KEY).of("customer", value)
    assert made == names.of("customer", f"  {value} ")
    assert made == names.mapping("customer", [value])[value]
    assert made != Pseudonyms(OTHER).of("customer", value)
    assert made != names.of("order", value)
    assert value.strip() not in made or len(value.strip()) < 3


@given(values, values)
def test_domain_and_value_cannot_run_together(domain: str, value: str) -> None:
    names = Pseudonyms(KEY)
    assert names.of(domain + value[:1], value[1:] + "x") != names.of(domain, value + "x")


def test_blank_stays_blank() -> None:
    assert Pseudonyms(KEY).of("customer", "  ", "C") == ""


def test_values_that_differ_in_spaces_are_one() -> None:
    mapping = Pseudonyms(KEY).mapping("customer", ["A1", "A1 "])
    assert mapping["A1"] == mapping["A1 "]


def test_a_collision_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Pseudonyms(KEY)
    monkeypatch.setattr(Pseudonyms, "of", lambda *_: "C000000000000")
    with pytest.raises(Refused, match="two values of domain 'customer'"):
        names.mapping("customer", ["A", "B"])


def test_a_short_key_refuses() -> None:
    with pytest.raises(Refused):
        Pseudonyms(b"short")


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    site = Site(tmp_path, tmp_path / "var")
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: secret(site, "demo"), range(8)))
    assert len(made) == 1
    assert len(made.pop()) == 32
    path = secret_path(site, "demo")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["demo.key"]
    assert secret(site, "other") != secret(site, "demo")


def test_a_secret_that_others_can_read_refuses(tmp_path: Path) -> None:
    site = Site(tmp_path, tmp_path / "var")
    secret(site, "demo")
    secret_path(site, "demo").chmod(0o640)
    with pytest.raises(Refused, match="readable by others"):
        secret(site, "demo")


def test_a_damaged_secret_refuses(tmp_path: Path) -> None:
    site = Site(tmp_path, tmp_path / "var")
    secret(site, "demo")
    secret_path(site, "demo").write_bytes(b"short")
    with pytest.raises(Refused, match="damaged"):
        secret(site, "demo")
