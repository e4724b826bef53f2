"""Sources: a section's number and title."""

from __future__ import annotations

from tests.support.toy_cases import about, facts, holds_and_fails, template


def test_a_citation_names_number_and_title():
    made = template(kind="source", sections=("1.1", "2.1"))
    right, wrong = holds_and_fails(made, about(), "fabricated_source")
    assert {(said["section"], said["title"]) for said in right} == {("1.1", "Returns"), ("2.1", "Small groups")}
    assert all(said["section"] not in facts().data.handbook.sections for said in wrong)
