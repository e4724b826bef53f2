"""Two figures of one draft that together give a small group away, on the people lab's own applications."""

from __future__ import annotations

import pytest
from tests.support.places import QUARTER

from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.drawing.left_over import left_over
from mondaylab.labs.material import Material

GROUP = {"people": "people", "section": "7.3", "least": 5}


@pytest.fixture(scope="module")
def material(demo_site) -> Material:
    return Material.open(demo_site, "people/screening_summary", company="demo", quarter=QUARTER)


def figure(name: str, *fields: str, part: str | None = None) -> FigureTemplate:
    by = {field: field for field in fields}
    words = {"display": {"unit": "people"}, "judged_as": "a {value}", "group": {**GROUP, "part": part}}
    return FigureTemplate.model_validate({"id": name, "draft": "d", "measure": "people", "by": by, **words})


def claim(about: Slices) -> Claim:
    return Claim("x", "x", "x", about, {}, {}, False, None, "", "", "")


@pytest.mark.deep
def test_what_is_left_of_a_group_is_found_in_either_order(material: Material):
    facts = material.writer().facts
    frame = material.catalog.frame("application")
    seen: dict[bool, int] = {True: 0, False: 0}
    fields = ["department", "home_department", "age_band", "site"]
    for names, rows in frame.groupby(fields):
        inside, around = figure("inside", *fields), figure("around", *fields[:-1])
        at = Slices(dict(zip(fields, names, strict=True)), material.quarter.full_weeks()[1])
        everybody = frame[(frame[fields[:-1]] == list(names[:-1])).all(axis=1)]
        rest = everybody["applicant"].nunique() - rows["applicant"].nunique()
        stated = [(around, claim(at)), (inside, claim(at))]
        found = left_over(facts, stated)
        assert left_over(facts, stated[::-1]) == found
        assert (found is not None) == (1 <= rest < 5), (names, rest)
        if found is not None:
            assert f"around and inside together give away {rest} people" in found and "section 7.3" in found
        seen[found is not None] += 1
    assert seen[True] >= 5 and seen[False] >= 5, "both were looked at"


@pytest.mark.deep
def test_the_parts_of_two_shares_give_a_group_away_as_well(material: Material):
    facts, frame = material.writer().facts, material.catalog.frame("application")
    fields = ["department", "home_department", "age_band", "site"]
    seen = 0
    for names, rows in frame.groupby(fields):
        everybody = frame[(frame[fields[:-1]] == list(names[:-1])).all(axis=1)]
        many, few = (
            everybody[kept(everybody)]["applicant"].nunique() - rows[kept(rows)]["applicant"].nunique()
            for kept in (lambda one: one["applicant"].notna(), lambda one: one["interviewed"] == 1)
        )
        if many < 5 or not 1 <= few < 5:
            continue
        at = Slices(dict(zip(fields, names, strict=True)), material.quarter.full_weeks()[1])
        inside, around = (figure("x", *cut, part="people_invited") for cut in (fields, fields[:-1]))
        assert f"give away {few} people" in (left_over(facts, [(around, claim(at)), (inside, claim(at))]) or "")
        whole = figure("x", *fields[:-1])
        assert left_over(facts, [(whole, claim(at)), (inside, claim(at))]) is None
        seen += 1
    assert seen >= 5


def test_groups_of_which_none_holds_the_other_give_nothing_away(material: Material):
    facts, weeks = material.writer().facts, material.quarter.full_weeks()
    frame = material.catalog.frame("application")
    one = frame.iloc[0]
    at = Slices({name: one[name] for name in ("department", "home_department", "site")}, weeks[1])
    first, second = figure("first", "department", "home_department"), figure("second", "department", "site")
    assert left_over(facts, [(first, claim(at)), (second, claim(at)), (first, claim(at))]) is None
