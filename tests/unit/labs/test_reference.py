"""The authors' reference: nothing that a lab may be written with is missing from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from mondaylab.cli import main
from mondaylab.forms.cells import declared_cells
from mondaylab.forms.formats import draft_formats
from mondaylab.labs.claims.registry import claim_kinds, flaw_operators
from mondaylab.labs.reference import markdown, reference
from mondaylab.measures import Measure
from mondaylab.settings import Site

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def sections():
    return {one.title: one for one in reference(Site(ROOT, ROOT / "var"))}


def names(section):
    return [one.name for one in section.entries]


def test_every_kind_of_claim_is_there_with_each_of_its_keys(sections):
    entries = {one.name: one for one in sections["Claims"].entries}
    everywhere = {field.name for field in entries.pop("every kind").fields}
    assert set(entries) == set(claim_kinds())
    for name, kind in claim_kinds().items():
        told = {field.name for field in entries[name].fields}
        assert told | everywhere | {"kind"} == set(kind.model_fields)
        assert entries[name].words == kind.own_words and kind.own_words


def test_every_operator_measure_and_cell_is_there(sections):
    assert set(names(sections["Flaw operators"])) == flaw_operators()
    kinds = get_args(get_args(Measure)[0])
    assert names(sections["Measures"]) == [kind.model_fields["kind"].default for kind in kinds]
    assert names(sections["Graded cells"]) == list(declared_cells())
    layouts = {one.name: [field.name for field in one.fields] for one in sections["Formats of drafts"].entries}
    assert layouts == {name: [*one.layout.model_fields] for name, one in draft_formats().items()} and layouts["mail"]


def test_what_has_to_be_there_and_what_is_taken_instead(sections):
    figure = next(one for one in sections["Claims"].entries if one.name == "figure")
    keys = {field.name: field for field in figure.fields}
    assert keys["measure"].default is None
    assert (keys["view"].takes, keys["view"].default) == ("`plain`, `growth`, `points`, `share`, `rank`", '"plain"')
    assert "compare across the first field" in keys["view"].says
    assert "wrong_period" in figure.operators


def test_the_page_has_a_row_a_key_and_no_name_of_python(sections):
    page = markdown(tuple(sections.values()))
    assert "| `across` | text | empty | `concept.field`, for `fan_out`" in page
    assert "Words of its own: `{value}`, `{direction}`;" in page
    assert not [word for word in ("NoneType", "typing.", "<class", "Template") if word in page]


def test_the_command_prints_it_or_writes_it(tmp_path, monkeypatch):
    monkeypatch.setenv("MONDAYLAB_ROOT", str(ROOT))
    out = tmp_path / "reference.md"
    run = CliRunner().invoke(main, ["labs", "reference", "--out", str(out), "--json"])
    assert run.exit_code == 0 and json.loads(run.stdout)["page"] == out.read_text()
    assert "### wrong_period" in CliRunner().invoke(main, ["labs", "reference"]).stdout
