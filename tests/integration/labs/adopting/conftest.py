"""What the suites on adopting share."""

from __future__ import annotations

import pytest
from tests.support.places import LAB

from mondaylab.labs.material import Material
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site


@pytest.fixture(scope="module")
def asking(demo_site: Site, finance: Material) -> Asking:
    return Asking.of(demo_site.lab(LAB), finance.declaration, finance.bindings.currency)
