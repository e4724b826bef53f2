"""The jail's arguments: read as text here, tried for real in tests/adversarial/hub."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest

from mondaylab.errors import Refused
from mondaylab.files import write_file
from mondaylab.hub.jail import Bind, Jail, Limits, arguments, exchange_binds, lab_binds, python_binds
from mondaylab.hub.provision import apply
from mondaylab.hub.spawner import folder_mb, jail_of, prepare


def jail(**changes) -> Jail:
    given = {"user": "lena", "home": Path("/h/lena"), "identity": Path("/i"), "binds": (), **changes}
    return Jail(**given)


def test_every_namespace_is_its_own() -> None:
    given = arguments(jail(), ["run"], status_fd=9)
    for flag in (
        "--unshare-user",
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--disable-userns",
        "--new-session",
    ):
        assert flag in given
    assert ("--cap-drop", "ALL") in set(pairwise(given))
    assert "--unshare-net" not in given
    assert "--unshare-net" in arguments(jail(network="private"), ["run"], status_fd=9)
    assert given[-1] == "run"


def test_read_only_comes_last_and_the_command_is_limited() -> None:
    given = arguments(jail(limits=Limits(processes=7)), ["run"], status_fd=9)
    end = given.index("--")
    assert given[end - 6 : end] == ["--remount-ro", "/dev", "--remount-ro", "/proc", "--remount-ro", "/"]
    assert given[end + 1] == "/usr/bin/prlimit"
    assert "--nproc=7:7" in given[end:]


def test_only_the_home_and_named_binds_can_be_written() -> None:
    binds = (Bind(source=Path("/a"), inside="/srv/a"), Bind(source=Path("/b"), inside="/srv/b", write=True))
    given = arguments(jail(binds=binds), ["run"], status_fd=9)
    written = [given[i + 2] for i, flag in enumerate(given) if flag == "--bind"]
    assert written == ["/srv/b", "/home/lena"]


def test_parents_are_bound_before_what_lies_in_them() -> None:
    binds = (Bind(source=Path("/b"), inside="/srv/a/b"), Bind(source=Path("/a"), inside="/srv/a"))
    given = arguments(jail(binds=binds), ["run"], status_fd=9)
    assert given.index("/srv/a") < given.index("/srv/a/b")


def test_python_is_bound_without_the_home_it_may_lie_in(tmp_path: Path) -> None:
    base = tmp_path / "root" / ".pyenv" / "versions" / "3.11"
    (base / "bin").mkdir(parents=True)
    (base / "bin" / "python3.11").touch()
    prefix = tmp_path / "venv"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "python").symlink_to(base / "bin" / "python3.11")
    assert {bind.source for bind in python_binds(prefix, base)} == {base, prefix}
    assert {bind.source for bind in python_binds(prefix, Path("/usr"))} == {base, prefix}
    assert not any(bind.write for bind in python_binds())


def test_own_places_only(site, cohort, write_release) -> None:
    apply(site, cohort)
    for lab in ("weekly_margin_memo", "other"):
        write_release(site, f"finance/{lab}")
    write_file(site.var / "forms/fin-1/finance--weekly_margin_memo/release", "2026Q4-0")
    made = jail_of(site, "lena", network="shared", limits=Limits())
    sources = {str(bind.source.relative_to(site.var)) for bind in made.binds if bind.source.is_relative_to(site.var)}
    assert sources == {
        "releases/finance/weekly_margin_memo/2026Q4-0/data",
        "exchange/fin-1/outbound",
        "exchange/fin-1/inbound/lena",
        "exchange/fin-1/feedback/lena",
    }
    of_root = {str(bind.source.relative_to(site.root)) for bind in made.binds if bind.source.is_relative_to(site.root)}
    assert of_root <= {"src", "hub_config/jupyter/learner", Path(sys.prefix).name}
    assert [str(bind.inside) for bind in made.binds if bind.write] == ["/srv/exchange/fin-1/inbound"]


def test_what_is_not_opened_is_left_out_and_what_was_altered_starts_no_server(site, cohort, write_release) -> None:
    apply(site, cohort)
    write_release(site, "finance/weekly_margin_memo")
    made = jail_of(site, "lena", network="shared", limits=Limits())
    assert not [bind for bind in made.binds if bind.source.is_relative_to(site.var / "releases")]
    write_file(site.var / "forms/fin-1/finance--weekly_margin_memo/release", "2026Q4-0")
    (site.var / "releases/finance/weekly_margin_memo/2026Q4-0/data/manifest.json").write_text("other")
    with pytest.raises(Refused, match="not as it went out"):
        jail_of(site, "lena", network="shared", limits=Limits())


def test_a_lab_lies_where_the_notebook_looks_for_it(tmp_path: Path) -> None:
    found = lab_binds([("finance/a", "2026Q4", tmp_path / "r")])
    assert [(bind.inside, bind.source) for bind in found] == [("/srv/lab-data/finance/a/2026Q4", tmp_path / "r/data")]
    assert exchange_binds(tmp_path, ["c"], "lena")[1].source == tmp_path / "c" / "inbound" / "lena"


def test_who_learns_nowhere_gets_no_jail(site, cohort) -> None:
    apply(site, cohort)
    with pytest.raises(Refused, match="teaches"):
        jail_of(site, "iris", network="shared", limits=Limits())
    with pytest.raises(Refused, match="no cohort"):
        jail_of(site, "mallory", network="shared", limits=Limits())


def test_a_full_home_starts_no_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "big").write_bytes(b"x" * (3 << 20))
    (home / "loop").symlink_to(home)
    full = jail(home=home, identity=tmp_path / "identity", limits=Limits(home_mb=2))
    with pytest.raises(Refused, match="holds 3 MB"):
        prepare(full)
    prepare(full.model_copy(update={"limits": Limits(home_mb=4)}))
    assert "lena:x:1000" in (tmp_path / "identity" / "passwd").read_text()


def test_size_counts_a_hard_link_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (2 << 20))
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert folder_mb(tmp_path) == 2
