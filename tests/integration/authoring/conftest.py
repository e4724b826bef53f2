"""A checkout of the tests' own, and the screen in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.support.authoring_site import checkout, workplace

from mondaylab.authoring.screen import AdoptScreen
from mondaylab.settings import Site


@pytest.fixture(scope="module")
def site(demo_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return checkout(demo_site, tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def screen(site: Site) -> Iterator[AdoptScreen]:
    made = AdoptScreen(workplace(site))
    yield made
    made.close()
