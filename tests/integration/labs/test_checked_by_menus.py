"""Every figure and record of the labs for people who do not code is found by a few choices in the look-up's menus."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

import pandas as pd
import pytest

from mondaylab.forms.keys import ClaimKey
from mondaylab.judging.reading_tables import HANDBOOK, opening, reading_tables
from mondaylab.judging.selection import FILTERS, Filter, Query, Tables, View, select
from mondaylab.labs.claims.chart import ChartTemplate
from mondaylab.labs.claims.template import Template
from mondaylab.labs.drawing.form import Form, draw_form
from mondaylab.labs.material import Material
from mondaylab.measures.kinds import Aggregate

FORMS = 25
# the keystroke-level model (Card, Moran, Newell 1980): to think, to point and press, to press a key
THINK, PRESS, KEY = 1.35, 1.3, 0.28
OPEN = THINK + PRESS + 2  # Check this, and the kernel's answer
MENU = THINK + 2 * PRESS
VALUE = THINK + PRESS + 12 * KEY
READ, WORK_OUT = 9.0, 15.0
SECONDS = 90


def seconds(query: Query, before: Query, worked_out: int) -> float:
    """What the choices from one query to the next take, with reading and what is worked out by hand."""
    filters = len(set(query.filters) - set(before.filters))
    menus = filters + sum(
        getattr(query, name) != getattr(before, name)
        for name in ("table", "sort", "summarise", "distinct", "group", "across")
    )
    return MENU * menus + VALUE * filters + READ + WORK_OUT * worked_out


def conditions(query: str) -> dict[str, str]:
    """Column -> value of a key's query, as somebody would read them off the claim."""
    told = query.split(" over ", 1)[-1].rsplit(" = ", 1)[0]
    found = dict(re.findall(r"(\w+) = ([^,;]+?)(?=, |; |$)", told.partition(" where ")[2]))
    if "_key" in found:
        found["id"] = found.pop("_key")
    if week := re.search(r"(\d{4}-\d\d-\d\d) to ", told):
        found["week"] = str(date.fromisoformat(week[1]).isocalendar().week)
    return found


def number(text: str) -> float:
    found = re.search(r"-?[\d,]*\.?\d+", text)
    assert found is not None, text
    return float(found[0].replace(",", ""))


def stated(text: str) -> object:
    """The figure that a key gives last, to half of its last decimal."""
    figure = re.split("; ", text)[0].rsplit(" = ", 1)[1]
    decimals = len(re.split(r"[^\d]", figure.partition(".")[2])[0])
    return pytest.approx(number(figure), rel=0, abs=0.501 * 10**-decimals)


class Colleague:
    """Looks claims up by menus, from where *Check this* opens them."""

    def __init__(self, tables: Tables, begun: Query, key: ClaimKey) -> None:
        self.tables, self.begun, self.key = tables, begun, key
        self.before = begun
        self.took = OPEN

    def look(self, told: dict[str, str], worked_out: int = 0, **more: str | bool) -> View:
        filters = tuple(Filter(column=column, value=value) for column, value in told.items())
        query = Query.model_validate({**self.begun.model_dump(), "filters": filters, **more})
        if query != self.before:  # what is on the screen already is only read on
            self.took += seconds(query, self.before, worked_out)
        self.before = query
        return select(self.tables, query)

    def figure(self) -> float:
        """A count, a number of different values, a mean, or the largest; what no filter is left for makes groups."""
        told = conditions(self.key.query)
        how, field = re.match(r"(\w+)\((\w+)", self.key.query).groups()  # type: ignore[union-attr]
        more = {"distinct": field} if how == "distinct" else {} if how == "count" else {"summarise": field}
        if len(told) > FILTERS:
            column = next(name for name in told if name not in ("id", "week"))
            value = told.pop(column)
            groups = self.look(told, group=column, **more).groups
            assert groups is not None
            name = {"count": "rows", "distinct": f"different {field}", "mean": f"mean of {field}"}[how]
            return float(groups.set_index(column)[name].get(value, 0))
        view = self.look(told, **more)
        if how == "count":
            return view.matches
        if how == "distinct":
            assert view.distinct is not None
            return view.distinct
        assert view.summary is not None
        return float(view.summary.mean if how == "mean" else view.summary.max)  # type: ignore[arg-type]

    def change(self) -> float:
        """How much more or fewer rows a week has than the week before it: groups give both."""
        weeks = [date.fromisoformat(day).isocalendar().week for day in re.findall(r"([\d-]{10}) to ", self.key.query)]
        groups = self.look(conditions(self.key.query), 1, group="week").groups
        assert groups is not None
        rows = groups.set_index(groups["week"].astype(int))["rows"]
        this, before = (int(rows.get(week, 0)) for week in weeks)
        return this - before

    def share(self) -> float:
        """One count divided by another: the groups of what they differ in."""
        told = conditions(self.key.query)
        counts = re.findall(r"count\(rows(?: where (\w+) = ([^)]+))?\)", self.key.query)[:2]
        found = []
        for column, values in counts:
            if not column:
                found.append(self.look(told).matches)
                continue
            groups = self.look(told, group=column).groups
            assert groups is not None
            of = groups.set_index(column)["rows"]
            found.append(sum(int(of.get(value.strip(), 0)) for value in values.split("|")))
        self.took += WORK_OUT
        return 100 * found[0] / found[1]

    def bars(self, made: ChartTemplate, material: Material) -> bool:
        """Whether groups give each bar that the sentence asks for."""
        measure, axis = material.declaration.measures[made.measure], made.over.partition(".")[2]
        assert isinstance(measure, Aggregate)
        told = dict(one.split(" ", 1) for one in self.key.query.partition(": ")[2].split(", "))
        where = {**measure.where, **{field: (value,) for field, value in told.items()}}
        distinct = measure.field if measure.how == "distinct" else None
        groups = self.look({field: one[0] for field, one in where.items()}, group=axis, distinct=distinct).groups
        assert groups is not None
        counted = groups.set_index(axis)["rows" if distinct is None else f"different {distinct}"]
        bars = {
            name: material.catalog.evaluate(measure.model_copy(update={"where": {**where, axis: (name,)}}))
            for name in material.catalog.members(measure.entity, axis)
        }
        return bars == {name: float(counted.get(name, 0)) for name in bars}

    def record(self) -> bool:
        """Whether the record's row says what the key does."""
        id_, field, value = re.match(r"\w+ (\w+): (\w+) = ([^;]+)", self.key.query).groups()  # type: ignore[union-attr]
        cell = self.look({"id": id_}).rows.iloc[0][{"_date": "day"}.get(field, field)]
        if isinstance(cell, pd.Timestamp):
            return f"{cell.day} {cell:%B %Y}" == value
        return str(cell) == value or float(cell) == pytest.approx(float(value), abs=0.005)


def agrees(colleague: Colleague, form: Form, key: ClaimKey, claim: Template, material: Material) -> None:
    """Holds that the menus give what the key says."""
    match claim.kind:
        case "chart":
            assert isinstance(claim, ChartTemplate)
            assert colleague.bars(claim, material), key.query
        case "choice":  # follows from the figures of the rows before it
            assert {*key.query.split("; ")} <= {one.query for one in form.key.claims}
        case "returned" | "sent" | "instruction":  # stands in the transcript, to be read
            assert " = " not in key.query or key.query.startswith("the transcript")
        case "more":
            weeks = {
                str(date.fromisoformat(day).isocalendar().week) for day in re.findall(r"([\d-]{10}) to ", key.query)
            }
            told = dict(re.findall(r"(region|category) = (\w+)", key.query))
            groups = colleague.look(told, 1, group="week", summarise="requested").groups
            assert groups is not None
            assert len(weeks) == 2 and weeks <= {*groups["week"].astype(str)}
        case "attribute":
            assert colleague.record(), key.query
        case "shortlist":
            told = conditions(f"{key.query.replace(' of application', ' over application')} = ")
            view = colleague.look(told, sort="work_sample", descending=True)
            assert view.rows["work_sample"].dropna().is_monotonic_decreasing
        case "cause":
            region = re.search(r"region = (\w+)", key.query)
            assert region is not None
            groups = colleague.look({"region": region[1]}, 2, group="week", summarise="requested").groups
            assert groups is not None
            assert {"rows", "mean of requested", "sum of requested"} <= set(groups)
        case _ if key.query.startswith("rank of"):
            told = {name: value for name, value in conditions(key.query).items() if name in ("region", "week")}
            groups = colleague.look(told, 1, group="carrier", across="decision").groups
            assert groups is not None
            assert "refused" in groups
        case _ if key.query.startswith("change of count(rows)"):
            assert colleague.change() == stated(key.query), key.query
        case _ if " / " in key.query:
            assert colleague.share() == stated(key.query), key.query
        case _:
            found = colleague.figure()
            assert (100 * found if key.template == "summary_skills" else found) == stated(key.query), key.query


@pytest.mark.deep
@pytest.mark.parametrize("lab", ["support/refund_reply", "people/screening_summary"])
def test_what_a_claim_is_about_is_found_in_a_minute_and_a_half(demo_site, lab: str):
    material = Material.open(demo_site, lab, company="demo", quarter="2026Q4")
    handbook = (material.snapshot.folder / "texts" / "handbook.md").read_text("utf-8")
    tables = reading_tables(material.lab_tables, handbook)
    declared = {claim.id: claim for claim in material.declaration.claims}
    took: dict[str, float] = defaultdict(float)
    for learner in range(FORMS):
        form = draw_form(material, b"s" * 32, cohort="c", learner=f"l{learner}", attempt=1)
        rows = form.shown.rows()
        for key in form.key.claims:
            begun = opening(tables, material.bindings, rows[key.claim_id].looks_in)
            if begun.table == HANDBOOK:
                continue
            colleague = Colleague(tables, begun, key)
            agrees(colleague, form, key, declared[key.template], material)
            took[key.template] = max(took[key.template], colleague.took)
    assert {name: most for name, most in took.items() if most > SECONDS} == {}
