"""Bad lab sources: each gets one clear error that names file, line and claim, before a kernel starts."""

# ruff: noqa: E501  one case a line reads best

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.support.sampled import sampled

from mondaylab.errors import MondaylabError
from mondaylab.labs.building.build import build_lab
from mondaylab.labs.material import Material
from mondaylab.settings import Site

LAB = "finance/weekly_margin_memo"
# what is done to lab.toml: old text, new text, what the error says, and a piece of the line it must point at
DECLARATIONS = [
    pytest.param("minutes = 35", "minutes = ", "not TOML", "minutes", id="syntax"),
    pytest.param('title = "Weekly margin memo"\n', "", "title: Field required", "", id="no title"),
    pytest.param("minutes = 35", 'minutes = "long"', "minutes: Input should be a valid integer", "minutes", id="wrong type"),
    pytest.param("minutes = 35", "minutes = 35\nmood = 1", "mood: Extra inputs", "mood", id="unknown key"),
    pytest.param('how = "mean", entity = "shipment"', 'how = "avg", entity = "shipment"', "measures.freight_each", "freight_each", id="unknown aggregate"),
    pytest.param('top = "gross", bottom = "net"', 'top = "grosss", bottom = "net"', "'grosss' is used but not declared .there are before_discount", "^margin", id="measure that is not there"),
    pytest.param('left = "net", right = "cost"', 'left = "gross", right = "cost"', "declared by itself", "^gross", id="measure of itself"),
    pytest.param('id = "memo_margin"', 'id = "memo_net"', "id 'memo_net' is used twice", "memo_net", id="duplicate id"),
    pytest.param('id = "memo_points"\ndraft = "memo"', 'id = "memo_points"\ndraft = "meno"', "claim 'memo_points' belongs to no declared draft .'meno'; there are answer, freight, memo", 'draft = "meno"', id="claim without a draft"),
    pytest.param('"what fell short" = "memo_lowest"', '"what fell short" = "gone"', "draft 'memo' must state claim 'gone', which does not exist", "must_state", id="nothing to state"),
    pytest.param('"what fell short" = "memo_lowest"', '"what fell short" = "freight_total"', "of another draft", "must_state", id="states another draft's"),
    pytest.param('"what fell short" = "memo_lowest"', '"what fell short" = "memo_net"', "'memo_net', which is optional", "must_state", id="states a stand-in"),
    pytest.param('"what fell short" = "memo_lowest"', '"what fell short" = ["memo_lowest", "memo_net"]', "'what fell short' by 2 claims, and has 1 optional", "must_state", id="more to leave out than stands in"),
    pytest.param('"what fell short" = "memo_lowest"', '"what fell short" = ["memo_lowest", "memo_total"]', "claim 'memo_total' stands twice", "^items = .*memo_", id="one claim for two bullets"),
    pytest.param('"what fell short" = "memo_lowest"', '"what fell short" = []', "no claim states 'what fell short'", "^items = .*memo_", id="bullet without a claim"),
    pytest.param('"what fell short" = "memo_lowest"', '"what fell behind" = "memo_lowest"', "section 1.5 lists \"the week's total\", 'what fell short', and not 'what fell behind'", "must_state", id="words that the handbook does not have"),
    pytest.param(', "what fell short" = "memo_lowest"', "", "draft 'memo', must_state: section 1.5 lists .*, and no claim states 'what fell short'", "must_state", id="bullet left out"),
    pytest.param('section = "1.5"', 'section = "1.4"', "draft 'memo', must_state: section 1.4 lists nothing", "must_state", id="section without a list"),
    pytest.param('section = "1.5"', 'section = "1.9"', "draft 'memo', must_state: the handbook has no section 1.9", "must_state", id="list that is not there"),
    pytest.param('region = "region", period', 'region = "regoin", period', "claim 'memo_margin' uses slot 'regoin', which is not declared .there are carrier, cat", "^by = .*regoin", id="slot that is not there"),
    pytest.param('["wrong_filter", "wrong_period"]\njudged_as = "In {week}, gross margin in {region} was', '["wrong_filter", "stale"]\njudged_as = "In {week}, gross margin in {region} was', "claim 'memo_margin' is the validator's: .*take 'stale' out", "^operators = .*stale", id="validator of what is known by heart"),
    pytest.param('claim = "memo_margin"', 'claim = "gone"', "validator is about claim 'gone'", "^claim", id="validator of nothing"),
    pytest.param('measure = "net"\nby = { category', 'measure = "gain"\nby = { category', "claim 'memo_forecast' uses measure 'gain', which is not declared .there are before_discount", "^measure = .gain", id="claim without a fact"),
    pytest.param('kind = "figure"\nid = "memo_net"', 'kind = "figur"\nid = "memo_net"', "claim 'memo_net'", "", id="kind that is not there"),
    pytest.param('entities = ["order_line", "shipment"]', 'entities = ["order_line", "shipment", "parcel"]', "no concept 'parcel'.*bound are application", "^entities", id="concept that the company lacks"),
    pytest.param('field = "cost", where', 'field = "costs", where', "measure 'cost'.*costs", "cost", id="field that the company lacks"),
    pytest.param('region = { field = "order_line.region" }', 'region = { field = "order_line.land" }', "slot 'region': concept 'order_line' has no field 'land'.*bound are .*region", "^region", id="slot of a field that the company lacks"),
    pytest.param('limit = 15\n', 'limit = 16\n', "claim 'answer_offer'.*no longer states the limit 16", "answer_offer", id="rule that the handbook no longer states"),
    pytest.param('section = "2.1"', 'section = "9.9"', "claim 'answer_offer'.*no section 9.9", "answer_offer", id="section that is not there"),
    pytest.param('keeps = "at_most"', 'keeps = "under"', "claim 'answer_offer': keeps", "answer_offer|keeps", id="comparison that is not there"),
    pytest.param('quarter = "quarter"', 'quarter = "season"', "parameters.quarter", "quarter", id="parameter type that is not there"),
    pytest.param("[parameters]", "[parameters]\nregion = \"str\"", "parameter 'region' is missing", "", id="parameter without a default"),
    pytest.param('audience = "the CFO, before the Friday meeting"', 'audience = "sk-proj-Abcdefghijklmnop1234"', "an API key stands here", "sk-proj", id="secret"),
]  # fmt: skip
# the same for lab.py
SOURCES = [
    pytest.param('quarter = "2026Q4"', 'quarter = = "2026Q4"', "invalid syntax", "quarter = =", id="syntax"),
    pytest.param('# %% tags=["parameters"]\n', "# %%\n", 'no cell is tagged "parameters"', "", id="no parameters"),
    pytest.param('quarter = "2026Q4"', 'quarter = "2026Q4"\nprices = 3', "parameter 'prices' is not declared", "prices", id="undeclared parameter"),
    pytest.param('task="judgement"', 'task="judgment"', "task 'judgment' is not one", "judgment", id="unknown task"),
    pytest.param('# %% task="diagnosis"', '# %% task="judgement"', "task 'judgement' stands twice", "", id="task twice"),
    pytest.param('# %% task="prompt_answer"', "# %%", "no cell has task 'prompt_answer'", "", id="no cell for the prompt"),
    pytest.param("lab.warm_up()", "lab.warm_up()\nflawed = ['c1']", "'flawed = ' would tell learners about the key", "flawed =", id="key-like text"),
    pytest.param("Three claims, no points.", "Three claims. One has wrong_denominator.", "'wrong_denominator' is a flaw operator", "wrong_denominator", id="operator named"),
    pytest.param("lab.warm_up()", 'OpenAI(base_url="https://me:geheim@example.com/v1")\nlab.warm_up()', "an address with a password", "geheim", id="password in an address"),
    pytest.param("lab.warm_up()", "lab.cold_down()", "cell .* raised AttributeError", "cold_down", id="cell that raises"),
]  # fmt: skip


@pytest.fixture
def bench(demo_site: Site, tmp_path: Path) -> Site:
    """A copy of everything people edit, on the demo's snapshots."""
    root = tmp_path / "root"
    for name in ("labs", "grader", "datasets", "hub_config"):
        shutil.copytree(demo_site.root / name, root / name)
    var = tmp_path / "var"
    var.mkdir()
    (var / "snapshots").symlink_to(demo_site.var / "snapshots")
    good = var / "builds" / "demo" / "finance" / "weekly_margin_memo" / "2026Q4"
    good.mkdir(parents=True)
    (good / "report.json").write_text("the last good build")
    return Site(root, var)


def refused(bench: Site, file: str, old: str, new: str) -> tuple[str, str]:
    """What building says of the edited file, and the line it points at (empty if it names none)."""
    path = bench.lab(LAB) / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(MondaylabError) as caught:
        build_lab(bench, Material.open(bench, LAB, company="demo", quarter="2026Q4"))
    kept = bench.builds / "demo" / "finance" / "weekly_margin_memo" / "2026Q4"
    assert [child.name for child in kept.iterdir()] == ["report.json"], "the last good build stays"
    assert list(kept.parent.iterdir()) == [kept], "nothing half-made stays"
    said = str(caught.value)
    line = re.search(rf"{re.escape(file)}:(\d+)", said)
    return said, "" if line is None else "\n".join(path.read_text().splitlines()[int(line[1]) - 1 : int(line[1]) + 1])


@pytest.mark.parametrize(("old", "new", "says", "points_at"), sampled(DECLARATIONS, 6))
def test_a_bad_declaration(bench: Site, old: str, new: str, says: str, points_at: str):
    said, line = refused(bench, "lab.toml", old, new)
    assert re.search(says, said), said
    assert re.search(points_at, line), f"{said!r} points at {line!r}"


@pytest.mark.parametrize(("old", "new", "says", "points_at"), sampled(SOURCES, 6))
def test_a_bad_source(bench: Site, old: str, new: str, says: str, points_at: str):
    said, line = refused(bench, "lab.py", old, new)
    assert re.search(says, said), said
    assert points_at in line, f"{said!r} points at {line!r}"
