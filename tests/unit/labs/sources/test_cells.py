"""A lab's source before a kernel starts: every mistake is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import NotFound, Refused
from mondaylab.labs.sources.cells import check_source, source_cells
from mondaylab.settings import Site

LAB = "finance/toy"
GOOD = """# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Toy

# %% tags=["parameters"]
quarter = "2026Q4"

# %%
%matplotlib inline
total = 1

# %% task="judgement"
# points

# %% [markdown] task="oversight_who"
# Who?

# %% [markdown] task="friday"
# On Friday
"""
ROLES = "roles: {finance: {cells: {judgement: 40}, oversight: [{id: who, label: Who, points: 5}]}}\n"
FOR_ALL = """\
diagnosis: {kind: 1, severity: 1, value: 1, same_group: 0.5, severity_weights: {minor: 1, material: 2, critical: 3}}
evidence: {redraws: 3}
validator: {mutants: 40, twins: 40}
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader" / "scoring.yaml").write_text(ROLES + FOR_ALL)
    (tmp_path / "labs" / "finance" / "toy").mkdir(parents=True)
    return Site(tmp_path, tmp_path / "var")


def checked(site: Site, text: str) -> list[str]:
    (site.lab(LAB) / "lab.py").write_text(text)
    return [cell.source for cell in check_source(site, LAB, ["quarter"])]


def test_a_sound_source_passes_magics_and_all(site):
    assert checked(site, GOOD)[1] == 'quarter = "2026Q4"'


def line_of(text: str, word: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if word in line)


@pytest.mark.parametrize(
    ("old", "new", "says", "marked"),
    [
        ("total = 1", "total = = 1", "invalid syntax", "total = = 1"),
        ("total = 1", "x = 1\ntotal = (", "was never closed", "total = ("),
        ('tags=["parameters"]', 'tags=["paramters"]', "unknown tag 'paramters'", "paramters"),
        ('quarter = "2026Q4"', 'quarter = "2026Q4"\nregion = "North"', "'region' is not declared", "region ="),
        ("# %%\n%matplotlib", '# %% tags=["parameters"]\nx = 2\n%matplotlib', "a second cell is tagged", 'ters"]\nx'),
        ('# %% [markdown] task="friday"', '# %% [markdown] task="judgement"', "'judgement' stands twice", 'task="judg'),
        ('task="friday"', 'task="fryday"', "task 'fryday' is not one that grader/scoring.yaml lists", "fryday"),
    ],
)
def test_a_mistake_is_named_with_its_line(site, old, new, says, marked):
    text = GOOD.replace(old, new)
    assert text != GOOD
    with pytest.raises(Refused, match=says) as caught:
        checked(site, text)
    first = new.partition("\n")[0] if marked not in text.split("\n") else marked
    lines = {n for n, line in enumerate(text.splitlines(), 1) if first in line or marked in line}
    named = caught.value.where.rpartition(":")[2]
    assert caught.value.where.startswith(str(site.lab(LAB) / "lab.py"))
    assert int(named) in lines
    assert f"line {named} (cell " in caught.value.what


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('# %% tags=["parameters"]\nquarter = "2026Q4"\n', "# %%\n", 'no cell is tagged "parameters"'),
        ('quarter = "2026Q4"', "pass", "parameter 'quarter' of lab.toml has no default here"),
        (
            '# %% task="judgement"',
            "# %%",
            "no cell has task 'judgement'.*: write # %% task=\"judgement\" and a comment",
        ),
        ('# %% [markdown] task="oversight_who"', "# %%", 'write # %% \\[markdown\\] task="oversight_who"'),
        ("total = 1", 's = """\n# %% no cell\n"""', "lines begin with # %%, but only .*indent such a line"),
    ],
)
def test_what_is_missing_is_named(site, old, new, says):
    with pytest.raises(Refused, match=says) as caught:
        checked(site, GOOD.replace(old, new))
    assert "lab.py" in caught.value.where


@pytest.mark.parametrize(
    ("says", "fine"), [("About 40 minutes.", False), ("About 35 minutes, or 40 minutes.", True), ("An hour.", True)]
)
def test_a_brief_takes_as_long_as_the_lab_declares(site, says, fine):
    (site.lab(LAB) / "lab.py").write_text(GOOD.replace("# # Toy", f"# # Toy\n# {says}"))
    if fine:
        assert check_source(site, LAB, ["quarter"], 35)
        return
    with pytest.raises(Refused, match=r"the brief says 40 minutes, and lab.toml says minutes = 35") as caught:
        check_source(site, LAB, ["quarter"], 35)
    assert caught.value.where.endswith("lab.py:8")


def test_all_mistakes_are_told_at_once(site):
    with pytest.raises(Refused) as caught:
        checked(site, GOOD.replace("total = 1", "total = = 1").replace('task="friday"', 'task="fryday"'))
    assert "invalid syntax" in caught.value.what and "fryday" in caught.value.what


def test_no_file_no_text_no_cell(site):
    path = site.lab(LAB) / "lab.py"
    with pytest.raises(NotFound, match="no lab source"):
        check_source(site, LAB, [])
    path.write_bytes(b"# %%\n\xff")
    with pytest.raises(Refused, match="not UTF-8"):
        check_source(site, LAB, [])
    path.write_text("x = 1\n")
    with pytest.raises(Refused, match="no cell"):
        check_source(site, LAB, [])


def test_a_role_that_is_not_graded_is_refused(site):
    (site.grader / "scoring.yaml").write_text("roles: {people: {cells: {judgement: 40}}}\n" + FOR_ALL)
    with pytest.raises(NotFound, match="role 'finance' has no graded cells; roles that have some: people"):
        checked(site, GOOD)


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        ("[finance]", "line 1: roles: "),
        ("{finance: [judgement]}", "role 'finance': line 1: "),
        ("{finance: {cells: judgement}}", "line 1: cells: "),
        ("{finance: {cells: {judgement: 40, decision: 10}}}", "line 1: a decision cell needs its costs"),
        ("{finance: {cells: {judgement: 40}, oversight: [who]}}", "line 1: oversight.0: "),
        ("{finance: {cells: {judgement: 40, judgement: 4}}}", "key judgement stands twice"),
    ],
)
def test_scoring_in_another_shape_is_refused(site, roles, says):
    (site.grader / "scoring.yaml").write_text(f"roles: {roles}\n{FOR_ALL}")
    with pytest.raises(Refused, match=says):
        checked(site, GOOD)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=6))
def test_a_cells_line_is_where_its_source_stands(tmp_path_factory, shape):
    lines: list[str] = []
    for number, (blank, length) in enumerate(shape):
        lines += ["# %%", *[""] * blank, *[f"x{number}_{n} = {n}" for n in range(length)], ""]
    path = tmp_path_factory.mktemp("cells") / "lab.py"
    path.write_text("\n".join(lines) + "\n")
    for cell in source_cells(path):
        assert lines[cell.line - 1] == "# %%"
        assert lines[cell.code_line - 1] == cell.source.splitlines()[0]
