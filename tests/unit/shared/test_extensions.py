"""What installed packages add: loaded by entry point, refused by the package's name."""

from __future__ import annotations

import sys

import pytest

from mondaylab.errors import Refused
from mondaylab.extensions import extensions

GROUP = "mondaylab.tried"


@pytest.fixture
def install(tmp_path, monkeypatch):
    def put(entry: str, code: str, name: str = "adds") -> None:
        info = tmp_path / name / f"{name}-1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{entry}\n")
        (tmp_path / name / f"{name}_module.py").write_text(code)
        monkeypatch.syspath_prepend(str(tmp_path / name))

    yield put
    for name in ("adds_module", "more_module"):
        sys.modules.pop(name, None)


def test_nothing_installed_gives_nothing():
    assert extensions(GROUP, int) == {}


def test_an_object_comes_by_its_name(install):
    install("seven = adds_module:SEVEN", "SEVEN = 7")
    assert extensions(GROUP, int) == {"seven": 7}


@pytest.mark.parametrize(
    ("entry", "code", "says"),
    [
        ("seven = adds_module:SEVEN", "SEVEN = '7'", "the package adds offers 'seven' in mondaylab.tried, which is no"),
        ("seven = adds_module:EIGHT", "SEVEN = 7", "the package adds offers 'seven'.*cannot be imported"),
        ("seven = nowhere:SEVEN", "SEVEN = 7", "the package adds offers 'seven'.*cannot be imported"),
        ("ours = adds_module:SEVEN", "SEVEN = 7", "the package adds calls something 'ours'"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_package(install, entry, code, says):
    install(entry, code)
    with pytest.raises(Refused, match=says):
        extensions(GROUP, int, taken={"ours"})


def test_two_packages_cannot_share_a_name(install):
    install("seven = adds_module:SEVEN", "SEVEN = 7")
    install("seven = more_module:SEVEN", "SEVEN = 8", "more")
    with pytest.raises(Refused, match="calls something 'seven'"):
        extensions(GROUP, int)
