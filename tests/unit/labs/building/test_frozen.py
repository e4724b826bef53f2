"""Frozen sources: what is copied is what was hashed, and plain."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest
from tests.support.places import LAB, QUARTER, ROOT

from mondaylab.errors import Refused
from mondaylab.labs.building.frozen import freeze, frozen_site
from mondaylab.labs.building.inputs import Inputs, edited_inputs
from mondaylab.plain import check_plain
from mondaylab.settings import Site


@pytest.fixture
def site(tmp_path) -> Site:
    for part in (f"labs/{LAB}", "grader", "datasets/demo"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return Site(tmp_path, tmp_path / "var")


@pytest.fixture
def inputs(site) -> Inputs:
    given = {"engine": "x", "tools": "x", "snapshot": "x", "previous": None, "parameters": {}}
    return Inputs.parse(edited_inputs(site, LAB, company="demo") | given, where="test")


MATERIAL = SimpleNamespace(name=LAB, bindings=SimpleNamespace(company="demo"), quarter=QUARTER)


def test_what_is_frozen_hashes_as_what_it_was_made_from(site, inputs, tmp_path) -> None:
    freeze(site, MATERIAL, tmp_path / "build", inputs)
    kept = frozen_site(site, tmp_path / "build")
    assert edited_inputs(kept, LAB, company="demo") == edited_inputs(site, LAB, company="demo")


def test_an_edit_since_it_was_hashed_is_refused(site, inputs, tmp_path) -> None:
    (site.lab(LAB) / "lab.py").write_text("evil")
    with pytest.raises(Refused, match=r"was edited while it was built \(lab\)"):
        freeze(site, MATERIAL, tmp_path / "build", inputs)


@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_link_is_refused_also_one_that_came_since_the_lab_was_looked_at(
    site, inputs, tmp_path, monkeypatch, meanwhile
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    (site.lab(LAB) / "notes.md").symlink_to(secret)
    if meanwhile:  # nothing is seen of it in labs/: it was not there yet
        look = check_plain

        def elsewhere(folder, **more) -> None:
            if not folder.is_relative_to(site.root / "labs"):
                look(folder, **more)

        monkeypatch.setattr("mondaylab.plain.check_plain", elsewhere)
        monkeypatch.setattr("mondaylab.settings.check_plain", elsewhere)
    with pytest.raises(Refused, match="no plain file: a symbolic link"):
        freeze(site, MATERIAL, tmp_path / "build", inputs)
    copies = (tmp_path / "build").rglob("*")
    assert not any("canary" in path.read_text() for path in copies if path.is_file() and not path.is_symlink())
