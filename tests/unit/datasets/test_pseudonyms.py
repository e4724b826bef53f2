from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.datasets import pseudonyms
from mondaylab.datasets.aliases import looks_like_alias
from mondaylab.datasets.pseudonyms import Pseudonyms, secret, secret_path
from mondaylab.errors import Refused
from mondaylab.quarter import Quarter
from mondaylab.records import content_hash
from mondaylab.settings import Site

QUARTER = Quarter(2026, 4)
KEY, OTHER = b"k" * 32, b"o" * 32
values = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() != "")


@given(st.dictionaries(st.sampled_from(["customer", "order", "line"]), st.sets(values.map(str.strip), max_size=40)))
def test_different_values_get_different_pseudonyms(found: dict[str, set[str]]) -> None:
    names = Pseudonyms(KEY, QUARTER)
    made = [name for domain, some in found.items() for name in names.mapping(domain, some, "C").values()]
    assert len({name.lower() for name in made}) == len(made) == sum(map(len, found.values()))
    assert all(name.startswith("C") and looks_like_alias(name) for name in made)


def test_many_values_of_many_domains_get_different_pseudonyms() -> None:
    """More than two words have room for: a third comes in, and what is dealt one by one finds what is left."""
    names = Pseudonyms(KEY, QUARTER)
    made = [*names.mapping("order", map(str, range(9000))).values()]
    made += [names.of("ticket", str(n)) for n in range(9000)]
    made += names.mapping("line", map(str, range(20_000))).values()
    assert len({name.lower() for name in made}) == 38_000
    words = [len(re.findall("[A-Z]", name)) for name in made]
    assert set(words[:9000]) == {2}
    assert sum(words[9000:18_000]) < 19_000
    assert set(words[18_000:]) == {3}


@given(values)
def test_a_pseudonym_depends_on_key_quarter_domain_and_value_only(value: str) -> None:
    names = Pseudonyms(KEY, QUARTER)
    made = names.of("customer", value)
    assert made == Pseudonyms(KEY, QUARTER).of("customer", value)
    assert made == names.of("customer", f"  {value} ")
    assert made == names.mapping("customer", [value])[value]
    assert made != names.of("order", value)
    # by chance one of 18,000 is the same
    many = [f"{value.strip()} {n}" for n in range(3)]
    for other in (Pseudonyms(OTHER, QUARTER), Pseudonyms(KEY, Quarter(2026, 3)), Pseudonyms(KEY, Quarter(2025, 4))):
        assert other.mapping("customer", many) != names.mapping("customer", many)


def test_the_order_of_the_values_makes_no_difference() -> None:
    """Several hundred of these find their first pseudonym taken by another."""
    found = [str(n) for n in range(5000)]
    mapping = Pseudonyms(KEY, QUARTER).mapping("customer", found)
    assert Pseudonyms(KEY, QUARTER).mapping("customer", found[::-1]) == mapping
    assert Pseudonyms(KEY, QUARTER).mapping("customer", [*found[2500:], *found]) == mapping
    # in every process and version: with another word, or dealt otherwise, old exports would get new pseudonyms
    assert content_hash(mapping)[:12] == "668e068a2933"


@given(st.sets(values.map(str.strip), min_size=1, max_size=30), st.integers(1, 4), st.integers(1, 4))
def test_quarters_of_a_year_have_no_pseudonym_in_common(found: set[str], one: int, other: int) -> None:
    made = [set(Pseudonyms(KEY, Quarter(2026, n)).mapping("customer", found).values()) for n in (one, other)]
    assert made[0] == made[1] if one == other else not made[0] & made[1]


def test_a_pseudonym_does_not_tell_what_comes_first_nor_what_it_was_in_the_quarter_before() -> None:
    """Values in order, and the same values in two quarters: places among the pseudonyms go together by chance only."""
    found = [f"O{n:07}" for n in range(2000)]
    places = []
    for quarter in (QUARTER, Quarter(2026, 3), Quarter(2025, 4)):
        made = Pseudonyms(KEY, quarter).mapping("order", found)
        ranked = {name: place for place, name in enumerate(sorted(made.values()))}
        places.append([ranked[made[value]] for value in found])
    for one, other in combinations([range(2000), *places], 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.08


@given(values, values)
def test_domain_and_value_cannot_run_together(domain: str, value: str) -> None:
    names = Pseudonyms(KEY, QUARTER)
    assert names.of(domain + value[:1], value[1:] + "x") != names.of(domain, value + "x")


def test_blank_stays_blank() -> None:
    assert Pseudonyms(KEY, QUARTER).of("customer", "  ", "C") == ""
    assert Pseudonyms(KEY, QUARTER).mapping("customer", ["", " "], "C") == {"": "", " ": ""}


def test_values_that_differ_in_spaces_are_one() -> None:
    mapping = Pseudonyms(KEY, QUARTER).mapping("customer", ["A1", "A1 "])
    assert mapping["A1"] == mapping["A1 "]


def test_a_collision_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Pseudonyms(KEY, QUARTER)
    monkeypatch.setattr(pseudonyms, "spelled", lambda *_: "CopperLantern")
    with pytest.raises(Refused, match="two values of domain 'customer'"):
        names.mapping("customer", ["A", "B"])


def test_only_what_was_made_is_left_out_of_a_text() -> None:
    names = Pseudonyms(KEY, QUARTER)
    made = names.of("customer", "A1", "C")
    assert names.left_out(f"{made}, x{made} and ({made})") == f", x{made} and ()"
    assert names.left_out("CopperLantern") == "CopperLantern"


def test_a_short_key_refuses() -> None:
    with pytest.raises(Refused):
        Pseudonyms(b"short", QUARTER)


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
