"""The contract of the figure operators on a table that nobody here made, and that has no dates at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.handbook import Handbook
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.figure import FigureTemplate
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts
from mondaylab.labs.sources.declaration import parse_measure
from mondaylab.measures.catalog import Catalog

REPO = Path(__file__).resolve().parents[4]
SOURCE = REPO.parent / "shared" / "data" / "telco_churn" / "Telco-Customer-Churn.csv"
pytestmark = pytest.mark.skipif(not SOURCE.is_file(), reason=f"the telco table is not at {SOURCE}")

_COUNT = {"kind": "aggregate", "how": "count", "entity": "customer"}
_CHURNED = {**_COUNT, "where": {"churn": ["Yes"]}}
MEASURES = {
    "customers": _COUNT,
    "monthly": {"kind": "aggregate", "how": "mean", "entity": "customer", "field": "monthly"},
    "typical": {"kind": "aggregate", "how": "median", "entity": "customer", "field": "tenure"},
    "charged": {"kind": "aggregate", "how": "sum", "entity": "customer", "field": "total", "where": {"churn": ["No"]}},
    "churn": {"kind": "ratio", "top": _CHURNED, "bottom": _COUNT},
    "plans": {"kind": "aggregate", "how": "distinct", "entity": "customer", "field": "contract"},
}
CASES = [
    ("monthly", "plain", ("contract", "internet"), {"unit": "USD", "decimals": 2}, ("wrong_aggregate", "wrong_filter")),
    (
        "typical",
        "plain",
        ("contract", "payment"),
        {"unit": "months"},
        ("wrong_aggregate", "wrong_filter", "wrong_scale"),
    ),
    ("charged", "plain", ("internet", "payment"), {"unit": "USD", "decimals": -2}, ("wrong_filter", "wrong_scale")),
    ("churn", "plain", ("contract", "internet"), {"unit": "%", "scale": 100, "decimals": 1}, ("inverted_condition",)),
    ("customers", "share", ("contract", "internet"), {"unit": "%", "scale": 100}, ("wrong_denominator",)),
    ("plans", "plain", ("payment", "internet"), {"unit": "contracts"}, ("wrong_scale",)),
]


@pytest.fixture(scope="module")
def facts() -> LabFacts:
    table = pd.read_csv(SOURCE)
    table["TotalCharges"] = pd.to_numeric(table["TotalCharges"], errors="coerce")
    catalog = Catalog(Bindings.of(REPO / "tests" / "data" / "telco"), {"customers": table})
    measures = {name: parse_measure(told, where=name) for name, told in MEASURES.items()}
    # the table has no dates, so no figure has a week; sampling what is usual still wants some to choose from
    return LabFacts(measures, CompanyData(catalog, [date(2026, 10, 5), date(2026, 10, 12)], Handbook("")))


def template(case: int) -> FigureTemplate:
    measure, view, fields, display, operators = CASES[case]
    told = {"kind": "figure", "id": f"claim{case}", "draft": "d", "measure": measure, "view": view}
    words = {"by": {field: field for field in fields}, "judged_as": "It is {value}."}
    return FigureTemplate.model_validate({**told, **words, "display": display, "operators": operators})


@pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{case[0]} {case[1]}" for case in CASES])
@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_contract(facts: LabFacts, case: int, data):
    claim = template(case)
    members = {field: facts.data.catalog.members("customer", field) for field in claim.by}
    slots = {field: data.draw(st.sampled_from(known)) for field, known in members.items()}
    slices = Slices(slots, facts.data.weeks[1])
    sound = claim.sound(facts, slices)
    assert all(claim.holds(facts, slices, said) for said in sound)
    for operator in claim.operators:
        for said in claim.wrong(facts, slices, operator):
            numbers = claim.numbers(facts, slices, said)
            assert sound and numbers is not None and numbers.truth == sound[0]["value"], "a clean twin exists"
            assert not claim.holds(facts, slices, said)
            assert abs(numbers.stated - numbers.truth) > 3 * numbers.tolerance


@pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{case[0]} {case[1]}" for case in CASES])
def test_every_operator_finds_something_to_say(facts: LabFacts, case: int):
    claim = template(case)
    first, second = (
        [(field, member) for member in facts.data.catalog.members("customer", field)] for field in claim.by
    )
    slices = [Slices(dict([one, other]), facts.data.weeks[1]) for one in first for other in second]
    for operator in claim.operators:
        assert any(claim.wrong(facts, slices, operator) for slices in slices), operator
