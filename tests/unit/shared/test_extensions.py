"""What packages add: found by entry point, held against what it has to be, refused with package and name."""

from __future__ import annotations

import sys

import pytest

from mondaylab.errors import Refused
from mondaylab.extensions import extensions

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


def test_two_packages_with_one_name_are_refused(install):
    install("one", "a = ext_one:A", ext_one="A = 1")
    install("two", "a = ext_one:A")
    with pytest.raises(Refused, match="is the name of one that one has already"):
        extensions(GROUP, anything)
