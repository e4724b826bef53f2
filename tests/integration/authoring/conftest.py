"""A checkout of the tests' own, and the screen in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.support.authoring_site import checkout, few_exports, workplace

from mondaylab.authoring.author import Workplace
from mondaylab.authoring.screen import AdoptScreen
from mondaylab.settings import Site


@pytest.fixture(scope="module")
def site(demo_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    made = checkout(demo_site, tmp_path_factory.mktemp("checkout"))
    few_exports(made)
    return made


@pytest.fixture(scope="module")
def at(site: Site) -> Workplace:
    """The lab, opened once: a screen opens it anew for each answer."""
    return workplace(site)


@pytest.fixture
def screen(at: Workplace) -> Iterator[AdoptScreen]:
    made = AdoptScreen(at)
    yield made
    made.close()
