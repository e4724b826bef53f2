"""What changed since last quarter: every kind of change is told once, in words, and nothing else is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mondaylab.concepts.handbook import Handbook
from mondaylab.errors import Refused
from mondaylab.forms.items import ItemPlan
from mondaylab.labs.building.builds import BuildReport
from mondaylab.labs.building.contents import BaseFact, Contents
from mondaylab.labs.building.inputs import Inputs
from mondaylab.labs.quarterly.differences import LINES, MOVES, MOVES_EACH, Side, differences, in_words

HANDBOOK = "# Handbook\n\n## 1.1 Discounts\n\nUp to 15 % needs no approval.\n\n## 2.1 Refunds\n\nWithin 30 days.\n"
DECLARATION: dict[str, Any] = {
    "title": "Memo",
    "minutes": 35,
    "drafts": [{"id": "memo", "title": "Margin memo", "versions": ["one: Dear all."]}],
    "claims": [
        {
            "id": "net",
            "draft": "memo",
            "operators": ["wrong_period"],
            "judged_as": "We made {value}.",
        },
        {"id": "margin", "draft": "memo", "operators": ["wrong_sign"], "judged_as": "Margin was {value}."},
    ],
    "measures": {"net": {"kind": "aggregate", "how": "sum"}},
}
FACTS = (
    BaseFact(measure="net", value=1000.0, unit="EUR", decimals=0),
    BaseFact(measure="net", part="region North", value=400.0, unit="EUR", decimals=0),
    BaseFact(measure="margin", value=0.312, unit="%", scale=100, decimals=1),
)
INPUTS = Inputs(
    lab="a", bindings="b", grader="c", engine="d", tools="e", snapshot="demo-2026Q3-0", previous=None, parameters={}
)


def side(change: Callable[[dict[str, Any]], None] = lambda _: None, **more: Any) -> Side:
    declaration = copy.deepcopy(DECLARATION)
    change(declaration)
    report = BuildReport(
        lab=more.get("lab", "finance/memo"),
        quarter=more.get("quarter", "2026Q3"),
        company="demo",
        snapshot=more.get("snapshot", "demo-2026Q3-0"),
        cells=3,
        tables=("orders",),
        inputs=INPUTS,
        made_from=INPUTS.hash,
        items=ItemPlan(retired=more.get("retired", ())),
    )
    contents = Contents(
        title="Memo",
        declaration=declaration,
        rows=more.get("rows", {"orders": 100}),
        sections={},
        facts=more.get("facts", FACTS),
    )
    return Side(report, contents, Handbook(more.get("handbook", HANDBOOK)), more.get("cells", ("a", "b")))


def told(new: Side, old: Side | None = None) -> str:
    return in_words(differences(old or side(), new))


def test_the_same_build_twice_has_no_differences():
    found = differences(side(), side())
    assert found.is_empty
    assert "nothing changed" in in_words(found)


def test_data_names_quarter_snapshot_and_rows():
    text = told(side(quarter="2026Q4", snapshot="demo-2026Q4-1", rows={"orders": 112, "shipments": 7}))
    assert "quarter 2026Q3 -> 2026Q4" in text and "snapshot demo-2026Q3-0 -> demo-2026Q4-1" in text
    assert "orders: 100 -> 112 rows (+12.0 %)" in text and "table shipments is new: 7 rows" in text


def test_moves_are_in_displayed_units_biggest_first_and_small_ones_are_no_move():
    facts = (
        FACTS[0].model_copy(update={"value": 1100.0}),
        FACTS[1].model_copy(update={"value": 400.3}),
        FACTS[2].model_copy(update={"value": 0.22}),
    )
    moves = differences(side(), side(facts=facts)).moves
    assert [move.said for move in moves] == [
        "margin: 31.2 % -> 22.0 % (-9.2 points)",
        "net: 1,000 EUR -> 1,100 EUR (+10.0 %)",
    ]


def test_one_figures_parts_do_not_hide_the_rest():
    parts = [BaseFact(measure="net", part=f"region {n}", value=100.0) for n in range(30)]
    moved = [part.model_copy(update={"value": 100.0 + n}) for n, part in enumerate(parts)]
    facts, now = (*parts, FACTS[2]), (*moved, FACTS[2].model_copy(update={"value": 0.313}))
    moves = differences(side(facts=facts), side(facts=now)).moves
    assert len(moves) == MOVES_EACH + 1 <= MOVES
    assert moves[0].name == "net, region 29" and moves[-1].name == "margin"


def test_a_figure_that_lost_its_value_is_told():
    facts = (FACTS[0].model_copy(update={"value": None}),)
    assert "net: 1,000 EUR -> no value" in told(side(facts=facts))


def reworded(lab: dict[str, Any]) -> None:
    lab["claims"][0]["judged_as"] = "We earned {value}."


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (reworded, ["changed: net", "- judged_as: We made {value}.", "+ judged_as: We earned {value}."]),
        (
            lambda lab: lab["drafts"][0].update(versions=["one: Hi."]),
            ["changed: memo", "- versions: one: Dear all.", "+ versions: one: Hi."],
        ),
        (lambda lab: lab["drafts"].append({"id": "note", "title": "Note"}), ["new: note"]),
        (lambda lab: lab["claims"].pop(), ["gone: margin", "gone: margin|sound", "gone: margin|wrong_sign"]),
        (lambda lab: lab["claims"][0]["operators"].append("wrong_unit"), ["new: net|wrong_unit"]),
        (lambda lab: lab["measures"]["net"].update(how="mean"), ["changed: net", "- how: sum", "+ how: mean"]),
        (lambda lab: lab.update(minutes=40), ["lab.toml: minutes changed"]),
    ],
)
def test_a_change_of_the_declaration_is_told(change, says):
    text = told(side(change))
    for words in says:
        assert words in text
    assert "Policy handbook: no change" in text and "Data: the same data" in text


def test_the_handbook_is_compared_section_by_section():
    new = HANDBOOK.replace("15 %", "10 %").replace(
        "## 2.1 Refunds\n\nWithin 30 days.\n", "## 2.2 Returns\n\nKeep it.\n"
    )
    found = {change.name: change for change in differences(side(), side(handbook=new)).handbook}
    assert found["1.1 Discounts"].lines == ("- Up to 15 % needs no approval.", "+ Up to 10 % needs no approval.")
    assert found["2.1 Refunds"].what == "removed"
    assert found["2.2 Returns"].what == "added" and found["2.2 Returns"].lines == ("+ Keep it.",)


def test_a_long_change_of_a_section_is_cut_and_says_so():
    new = HANDBOOK + "".join(f"Rule {n}.\n" for n in range(LINES + 5))
    assert differences(side(), side(handbook=new)).handbook[0].lines[-1] == "  ... and 5 more lines"


def test_retired_items_and_items_drawn_again_are_told():
    old, new = side(retired=("net|sound",)), side(retired=("margin|wrong_sign",))
    text = told(new, old)
    assert "retired: margin|wrong_sign" in text and "drawn again: net|sound" in text


def test_the_notebooks_text_is_counted_by_cell():
    assert "changed in 2 of 3 cells" in told(side(cells=("a", "x", "y")))


def test_two_labs_are_not_compared():
    with pytest.raises(Refused, match="are two labs"):
        differences(side(), side(lab="people/screening"))


def test_a_build_that_kept_too_little_says_to_build_again(tmp_path):
    (tmp_path / "report.json").write_text(replace(side()).report.canonical())
    with pytest.raises(Refused, match="kept too little"):
        Side.of(tmp_path)
