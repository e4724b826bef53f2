"""A lab's needs against what it really reads."""

from __future__ import annotations

from mondaylab.concepts.bindings import Bindings
from mondaylab.labs.material import Material
from mondaylab.labs.needs import lab_needs
from mondaylab.measures.catalog import Catalog


def test_a_lab_reads_no_field_that_it_does_not_need(finance: Material) -> None:
    """Bindings cut down to the needs still give every measure of the lab its value."""
    needs = lab_needs(finance.declaration)
    data = finance.bindings.model_dump()
    data["entities"] = {name: entity for name, entity in data["entities"].items() if name in needs}
    for name, entity in data["entities"].items():
        entity["fields"] = {key: bound for key, bound in entity["fields"].items() if key in needs[name]}
    least = Bindings.parse(data, where="test")
    for measure in finance.declaration.measures.values():
        assert Catalog(least, finance.tables).evaluate(measure) > 0
