"""What labs call a cause, held against section 1.6 of the handbook: read from the text, reckoned on the tables.

Nothing here uses the engine's measures or its decomposition: a sentence is read as a colleague reads it, and the change
and its parts are worked out with pandas on the company's own tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import pandas as pd
import pytest
from tests.support.sampled import sampled

from mondaylab.concepts.handbook import Handbook
from mondaylab.labs.claims.cause import CauseTemplate
from mondaylab.labs.claims.claim import Statement
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.settings import Site

FINANCE, SUPPORT = "finance/weekly_margin_memo", "support/refund_reply"
SHARE, ROWS = 0.5, 20
"""Section 1.6: a cause makes at least 50 % of the change, and 20 rows stand behind the figure in either week."""
EVERY = 2
"""So many weeks the normal run goes on by; the deep one looks at each."""
MARGIN = (
    r"gross margin in (?P<region>\w+) (?P<went>rose|fell) against the week before,"
    r" and at least (?:half|30 %) of the (?:rise|fall) comes from (?P<named>.+)\.$",
)
ASKED = (
    r"^Of the (?P<went>rise|fall) in the amount that customers in (?P<region>\w+) asked for in week \d+,"
    r" at least (?:half|30 %) comes from (?P<named>.+)\.$",
)


def weekly(frame: pd.DataFrame, day: str) -> pd.DataFrame:
    days = pd.to_datetime(frame[day])
    return frame.assign(monday=days - pd.to_timedelta(days.dt.day_of_week, unit="D"))


@dataclass(frozen=True)
class Found:
    """A change from the week before, as the tables have it.

    Attributes:
        change: Of the figure that the sentence speaks of.
        rows: Behind the figure in the two weeks.
        parts: What the figure is worked out from -> what this alone makes of the change, changed first and last.
    """

    change: float
    rows: tuple[int, int]
    parts: Mapping[str, tuple[float, float]]

    def problem(self, named: str, went: str) -> str | None:
        """What section 1.6 has against naming this as the cause; none if nothing."""
        if min(self.rows) < ROWS:
            return f"{min(self.rows)} rows stand behind the figure"
        if (self.change > 0) != (went in ("rise", "rose")):
            return "the figure itself went the other way"
        if named not in self.parts:
            return f"{named} is no part of the figure"
        first, last = (effect / self.change for effect in self.parts[named])
        if max(first, last) < 0:
            return f"{named} pushed the other way"
        return f"{named} makes {100 * min(first, last):.0f} % of the change" if min(first, last) < SHARE else None


class Margins:
    """Gross margin of completed order lines: 1 - cost / net, and net is the value before discount less discounts."""

    patterns = MARGIN

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        lines = (
            tables["order_lines"].merge(tables["orders"], on="order_id").merge(tables["customers"], on="customer_id")
        )
        lines = lines[lines["status"] == "completed"]
        self.lines = weekly(lines.assign(full=lines["quantity"] * lines["unit_price"]), "order_date")

    def found(self, week: pd.Timestamp, said: Mapping[str, str]) -> Found:
        rows = [self.rows(week - pd.Timedelta(days=7 * back), said) for back in (1, 0)]
        (full, net, cost), (full_now, net_now, cost_now) = (
            part[["full", "net_amount", "cost_amount"]].sum() for part in rows
        )

        def margin(discounts: float, costs: float) -> float:
            return 1 - costs / (1 - discounts)

        given, given_now, costs, costs_now = 1 - net / full, 1 - net_now / full_now, cost / full, cost_now / full_now
        then, now = 1 - cost / net, 1 - cost_now / net_now
        parts = {
            "discounts": (margin(given_now, costs) - then, now - margin(given, costs_now)),
            "the cost of goods": (margin(given, costs_now) - then, now - margin(given_now, costs)),
        }
        return Found(now - then, (len(rows[0]), len(rows[1])), parts)

    def rows(self, week: pd.Timestamp, said: Mapping[str, str]) -> pd.DataFrame:
        lines = self.lines[self.lines["monday"] == week]
        return lines[lines["region"] == said["region"]]


class Asked:
    """What is asked for by the day of the request: returns, and what is asked for each on average."""

    patterns = ASKED

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.returns = weekly(tables["returns"].merge(tables["customers"], on="customer_id"), "requested_date")

    def found(self, week: pd.Timestamp, said: Mapping[str, str]) -> Found:
        of = self.returns[self.returns["region"] == said["region"]]
        rows = [of[of["monday"] == week - pd.Timedelta(days=7 * back)] for back in (1, 0)]
        (number, asked), (number_now, asked_now) = ((len(part), part["refund_requested"].sum()) for part in rows)
        if min(number, number_now) == 0:
            return Found(0.0, (number, number_now), {})
        mean, mean_now = asked / number, asked_now / number_now
        parts = {
            "the number of returns": ((number_now - number) * mean, (number_now - number) * mean_now),
            "the average amount of a return": ((mean_now - mean) * number, (mean_now - mean) * number_now),
        }
        return Found(asked_now - asked, (number, number_now), parts)


LABS: dict[str, tuple[str, type[Margins] | type[Asked]]] = {
    FINANCE: ("memo_cause", Margins),
    SUPPORT: ("note_cause", Asked),
}


@cache
def opened(site: Site, lab: str, quarter: str = "2026Q4") -> Material:
    return Material.open(site, lab, company="demo", quarter=quarter)


def in_forms(material: Material, claim: str, forms: int) -> Iterator[tuple[str, pd.Timestamp, bool, str | None]]:
    """Sentence, Monday of the draft's week, whether the key calls it flawed, and by what."""
    for number in range(forms):
        form = draw_form(material, b"h" * 32, cohort="co", learner=f"l{number}", attempt=1)
        titles = {shown.claim_id: draft.title for draft in form.shown.drafts for shown in draft.claims}
        for key in form.key.claims:
            if key.template == claim:
                week = int(re.findall(r"week (\d+)", titles[key.claim_id])[0])
                yield key.text, pd.Timestamp.fromisocalendar(2026, week, 1), key.flawed, key.operator


def in_cells(
    material: Material, template: Template, every: int
) -> Iterator[tuple[str, pd.Timestamp, bool, str | None]]:
    """The same for all that could be drawn in every so many weeks: every slice, every statement."""
    writer = material.writer()
    fields = {slot: str(material.declaration.slots[slot].field) for slot in template.by.values() if slot != "week"}
    members = [writer.data.catalog.members(*field.split(".")) for field in fields.values()]
    for week, cell in product(writer.data.weeks[1::every], product(*members)):
        slices = Slices(dict(zip(fields, cell, strict=True)), week)
        for operator in (None, *template.operators):
            for choice in range(len(writer.statements(template, slices, operator))):
                made = writer.write(template, slices, operator, choice)
                assert made is not None
                yield made.text, pd.Timestamp(week), made.flawed, operator


def contradictions(
    tables: Margins | Asked, sentences: Iterator[tuple[str, pd.Timestamp, bool, str | None]], seen: Counter[str]
) -> list[str]:
    """Where the key says otherwise than section 1.6."""
    found = []
    for text, week, flawed, operator in sentences:
        said = next(match for pattern in tables.patterns if (match := re.search(pattern, text))).groupdict()
        problem = tables.found(week, said).problem(said["named"], said["went"])
        seen[operator or "sound"] += 1
        if (problem is not None) != flawed:
            found.append(f"{text} Called {'wrong' if flawed else 'true'}, but {problem or 'it is the cause'}.")
        elif problem is not None and not re.search(WHY[operator or ""], problem):
            found.append(f"{text} Called {operator}, but {problem}.")
    return found


WHY = {
    "cause_other_way": "pushed the other way$",
    "cause_too_small": r"makes (-?0|\d|1\d|2[0-5]) % of the change$",
    "moved_together": "is no part of the figure$",
}


@pytest.mark.deep
@pytest.mark.parametrize("lab", LABS)
def test_no_cause_in_a_form_contradicts_the_handbook(demo_site: Site, lab: str):
    material, (claim, tables), seen = opened(demo_site, lab), LABS[lab], Counter()
    assert contradictions(tables(material.tables), in_forms(material, claim, 60), seen) == []
    assert seen.total() >= 10 and seen["sound"] and len(seen) >= 3


@pytest.mark.parametrize("lab", sampled(LABS, 2))
def test_nothing_that_could_be_drawn_contradicts_the_handbook(demo_site: Site, lab: str):
    material, (claim, tables), seen = opened(demo_site, lab), LABS[lab], Counter()
    assert (
        contradictions(tables(material.tables), in_cells(material, material.declaration.claim(claim), EVERY), seen)
        == []
    )
    assert set(seen) == {"sound", *WHY} and min(seen.values()) >= 2, seen


@pytest.mark.deep
@pytest.mark.parametrize("quarter", ["2026Q3", "2026Q4"])
@pytest.mark.parametrize("lab", LABS)
def test_no_cause_in_200_forms_contradicts_the_handbook(demo_site: Site, lab: str, quarter: str):
    material, (claim, tables), seen = opened(demo_site, lab, quarter), LABS[lab], Counter()
    assert contradictions(tables(material.tables), in_forms(material, claim, 200), seen) == []
    assert (
        contradictions(tables(material.tables), in_cells(material, material.declaration.claim(claim), 1), Counter())
        == []
    )
    # which of the flaws a company's data allows often is up to its data; that each is held is tried on all cells above
    assert seen.total() >= 40 and seen["sound"] and len(set(seen) & set(WHY)) >= 2, seen


class WhateverMoved(CauseTemplate):
    """The rule of before: what moved that week is a cause, whichever way."""

    def sound(self, facts: LabFacts, slices: Slices) -> Sequence[Statement]:
        return [one for operator in self.operators for one in super(WhateverMoved, self).wrong(facts, slices, operator)]

    def wrong(self, facts: LabFacts, slices: Slices, operator: str) -> Sequence[Statement]:
        return ()

    def holds(self, facts: LabFacts, slices: Slices, statement: Statement) -> bool:
        return True


@pytest.mark.parametrize(
    ("lab", "planted", "operators", "says"),
    [
        (FINANCE, {}, ("cause_other_way",), "(discounts|the cost of goods) pushed the other way"),
        (FINANCE, {}, ("cause_too_small",), r"makes 1?\d % of the change"),
        (FINANCE, {}, ("moved_together",), "the number of orders is no part of the figure"),
        (FINANCE, {"main": 30.0}, (), r"makes (3|4)\d % of the change"),
        (SUPPORT, {"least": 6}, (), r"\b1?\d rows stand behind the figure"),
    ],
)
def test_the_panel_names_the_reason_of_what_is_planted(
    demo_site: Site,
    monkeypatch: pytest.MonkeyPatch,
    lab: str,
    planted: dict[str, float],
    operators: tuple[str, ...],
    says: str,
):
    material, (claim, tables) = opened(demo_site, lab), LABS[lab]
    kind = WhateverMoved if operators else CauseTemplate
    template = kind.model_construct(**{**dict(material.declaration.claim(claim)), **planted, "operators": operators})
    monkeypatch.setattr(Handbook, "check_limit", lambda *_: None)  # or the section itself refuses another limit
    sound = (one for one in in_cells(material, template, EVERY if operators else 1) if not one[2])
    found = contradictions(tables(material.tables), sound, Counter())
    assert any(re.search(says, one) for one in found), found[:3]
