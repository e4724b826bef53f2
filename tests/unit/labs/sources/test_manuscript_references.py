"""Manuscripts are held against what their lab declares: each problem with its file and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from mondaylab.errors import Refused
from mondaylab.labs.scaffold.make import new_lab
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.settings import Site

LAB = "finance/mutant"
LETTER, TABLE = "update/letter.md", "plan/table.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("manuscripts")
    for name in ("grader", "datasets"):
        (root / name).symlink_to(Path(name).absolute())
    (root / "labs").mkdir()
    new_lab(Site(root, root / "var"), LAB)
    return root / "labs" / LAB


@pytest.fixture
def folder(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "finance" / "mutant"))


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "drafts" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_new_lab_holds(folder):
    lab = LabDeclaration.of(folder)
    assert {draft.id: len(draft.versions) for draft in lab.drafts} == {"update": 3, "plan": 3}


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (LETTER, "(update_orders)", "(update_order)", "update/letter.md, line 5: 'update_order' is no claim of draft"),
        (LETTER, "(update_orders)", "(plan_total)", "'plan_total' is no claim of draft 'update' (there are update_"),
        (LETTER, "(update_share)", "(update_sales)", "claim 'update_sales' is stated twice"),
        (LETTER, "[{value}](update_orders)", "many orders", "line 1: claim 'update_orders' is missing, which states"),
        (LETTER, "{region} sold goods", "{planet} sold goods", "no word for {planet} in the span of claim 'up"),
        (LETTER, "with a look at {segment}", "with a look at {channel}", "no word for {channel} here (there are {cat"),
        (LETTER, "with a look at", "with {update_last.channel} and", None),
        (LETTER, "with a look at", "with {update_last.value} and", "{update_last.value} stands outside its claim"),
        (LETTER, "with a look at", "with {update_sales.value} and", "{update_sales.value} stands outside its claim"),
        (LETTER, "with a look at", "with {plan_last.region} and", "no word for {plan_last.region} here"),
        (LETTER, "[{value}](update_orders)", "[many](update_orders)", "does not say {value}, by which it is judged"),
        (LETTER, "it {direction} by {value}](", "it moved by {value}](", "does not say {direction}, by which it is"),
        (LETTER, "[{value}](update_orders). [", "[{value}](update_orders), [", "stand in one sentence"),
        (LETTER, "(update_sales), and\n", "(update_sales). And [{value}](update_pieces), for\n", "is stated twice"),
        (LETTER, "was over the {channel} channel", "was there", "nothing says the {channel} of claim 'update_last'"),
        (TABLE, "[{region} had", "[A region had", "nothing says the {region} of claim 'plan_last'"),
        (TABLE, "| completed orders over the {channel} channel | [{value}](plan_orders) |\n", "", None),
    ],
)  # fmt: skip
def test_a_spoilt_manuscript_is_refused_with_its_line(folder, name, old, new, says):
    if old not in (folder / "drafts" / name).read_text():
        pytest.fail(f"{old!r} is not in {name}")
    spoil(folder, name, old, new)
    if says is None:  # told once there is data, or no fault
        LabDeclaration.of(folder)
        return
    with pytest.raises(Refused, match=re.escape(says)) as refused:
        LabDeclaration.of(folder)
    assert refused.value.where.partition("drafts/")[2].startswith(name)


def test_what_is_optional_or_must_be_stated_stands_alone(folder):
    spoil(folder, LETTER, "[All customers there took {value} of {category}](update_pieces).", "")
    spoil(
        folder,
        LETTER,
        "[we kept a margin of {value}](update_margin) on {category};",
        "[{value}](update_margin), [{value}](update_pieces);",
    )
    with pytest.raises(Refused, match=r"'update_margin', 'update_pieces', 'update_points' stand in one sentence"):
        LabDeclaration.of(folder)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda drafts: shutil.rmtree(drafts / "plan"), "draft 'plan' has no manuscript: write one"),
        (lambda drafts: (drafts / "plan").rename(drafts / "paln"), "there is no draft 'paln' (there are update, plan)"),
        (lambda drafts: (drafts / "notes.md").write_text("x"), "notes.md: no manuscript"),
    ],
)
def test_manuscripts_are_where_their_draft_is(folder, change, says):
    change(folder / "drafts")
    with pytest.raises(Refused, match=re.escape(says)):
        LabDeclaration.of(folder)


def test_a_claim_that_no_version_states_is_told(folder):
    for version in (folder / "drafts" / "plan").iterdir():
        text = version.read_text()
        version.write_text(re.sub(r"\[([^\[\]]*)\]\(plan_share\)", "something", text))
    with pytest.raises(Refused, match=r"drafts/plan, line 1: no manuscript states 'plan_share'"):
        LabDeclaration.of(folder)


def test_versions_do_not_stand_in_lab_toml(folder):
    path = folder / "lab.toml"
    path.write_text(path.read_text().replace('id = "plan"\n', 'id = "plan"\nversions = []\n', 1))
    with pytest.raises(Refused, match=r"a draft's versions are files, drafts/<draft>/<version>\.md"):
        LabDeclaration.of(folder)


def test_two_claims_of_a_draft_do_not_each_speak_of_another_region(folder):
    path = folder / "lab.toml"
    path.write_text(
        path.read_text().replace('about = ["region", "category", "segment"]', 'about = ["category", "segment"]')
    )
    with pytest.raises(
        Refused, match=r"claims 'update_sales', .* would each draw a 'region' of their own: write 'region' into"
    ):
        LabDeclaration.of(folder)
