"""What packages add: found by entry point, held against what it has to be, refused with package and name."""

from __future__ import annotations

import sys

import pytest

from mondaylab.errors import NotFound, Refused
from mondaylab.extensions import blaming, extensions

GROUP = "mondaylab.test_only"


@pytest.fixture
def install(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))

    def made(package: str, points: str, **modules: str) -> None:
        info = tmp_path / f"{package}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{points}\n")
        for name, text in modules.items():
            monkeypatch.delitem(sys.modules, name, raising=False)
            (tmp_path / f"{name}.py").write_text(text)

    return made


def anything(name: str, found: object) -> str | None:
    return None


def test_packages_add_in_the_order_of_names(install):
    assert extensions(GROUP, anything) == {}
    install("later", "b = ext_later:B", ext_later="B = 2")
    install("early", "c = ext_early:C\na = ext_early:A", ext_early="A, C = 1, 3")
    assert list(extensions(GROUP, anything).items()) == [("a", 1), ("b", 2), ("c", 3)]


@pytest.mark.parametrize(
    ("points", "module", "says"),
    [
        ("ours = ext_bad:A", "A = 1", "'ours' of mondaylab.test_only is the name of one that mondaylab has already"),
        ("a = ext_bad:B", "A = 1", r"'a' of mondaylab.test_only \(ext_bad:B\) cannot be loaded: AttributeError"),
        ("a = ext_none:A", "A = 1", "cannot be loaded: ModuleNotFoundError"),
        ("a = ext_bad:A", "A = (", "cannot be loaded: SyntaxError"),
        ("a = ext_bad:A", "raise ValueError('/a/path')", "cannot be loaded: ValueError. Next"),
        ("a = ext_bad:A", "A = 'text'", "'a' of mondaylab.test_only is no number"),
    ],
)
def test_what_cannot_be_used_is_refused_with_package_and_name(install, points, module, says):
    install("bad-one", points, ext_bad=module)
    with pytest.raises(Refused, match=says) as refused:
        extensions(GROUP, lambda name, found: None if isinstance(found, int) else "no number", taken=("ours",))
    assert refused.value.where == "package bad-one" and refused.value.fix.endswith("pip uninstall bad-one")
    assert "/a/path" not in str(refused.value)


CODE = """
from mondaylab.errors import NotFound
import ext_helper
def a(what):
    return ext_helper.divided(what)
class B:
    def made(self):
        yield {}["/a/path"]
def refuses():
    raise NotFound("no such thing")
"""
HELPER = "def divided(what):\n    return what(1) / 0\ndef fine():\n    return 1\n"


@pytest.fixture
def called(install):
    install("far-off", "a = ext_code:a\nb = ext_code:B\nc = ext_code:refuses", ext_code=CODE, ext_helper=HELPER)
    return extensions(GROUP, anything)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda found: found["a"](int), "'a' of mondaylab.test_only raised ZeroDivisionError (ext_code.py:5)"),
        (lambda found: found["a"](str.upper), "'a' of mondaylab.test_only raised TypeError (ext_code.py:5)"),
        (lambda found: list(found["b"]().made()), "'b' of mondaylab.test_only raised KeyError (ext_code.py:8)"),
    ],
)
def test_what_a_package_raises_is_told_as_its_own(called, call, says):
    with pytest.raises(Refused) as refused, blaming():
        call(called)
    assert refused.value.what == says and refused.value.where == "package far-off"
    assert "uninstall far-off" in refused.value.fix and "/a/path" not in str(refused.value)


def test_errors_of_ours_pass_through_from_wherever_they_come(called):
    with pytest.raises(NotFound, match="no such thing"), blaming():
        called["c"]()
    with pytest.raises(ValueError, match="invalid literal"), blaming():
        int("x")
    with blaming():
        assert sys.modules["ext_helper"].fine() == 1


def test_two_packages_with_one_name_are_refused(install):
    install("one", "a = ext_one:A", ext_one="A = 1")
    install("two", "a = ext_one:A")
    with pytest.raises(Refused, match="is the name of one that one has already"):
        extensions(GROUP, anything)
