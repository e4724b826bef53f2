"""A model that comes beside other work: begun in a process of its own, told, and ended with the work."""

from __future__ import annotations

import os
import shutil
import time

import psutil
import pytest
from tests.support.places import ROOT

from mondaylab.errors import NotFound
from mondaylab.hub.models.catalog import Catalog
from mondaylab.hub.models.fetching import fetched_meanwhile
from mondaylab.settings import Site


@pytest.fixture
def site(tmp_path) -> Site:
    for part in ("hub_config", "labs", "grader"):
        (tmp_path / part).mkdir()
    shutil.copy(ROOT / "hub_config" / "models.yaml", tmp_path / "hub_config")
    return Site(tmp_path, tmp_path / "var")


def offline(**more: str) -> dict[str, str]:
    """An environment in which pip reaches no index, and waits for a while before it says so."""
    blackhole = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": "/dev/null", "PIP_RETRIES": "20"}
    return {**os.environ, "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": "", **blackhole, **more}


def running(site: Site) -> list[psutil.Process]:
    """Processes that work for a site."""
    found = []
    for process in psutil.process_iter():
        try:
            mine = process.environ().get("MONDAYLAB_VAR") == str(site.var)
            if mine and process.status() != psutil.STATUS_ZOMBIE:  # one that is not buried yet has ended
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_it_goes_on_while_the_block_runs_and_ends_with_it(site: Site) -> None:
    said: list[str] = []
    with fetched_meanwhile(site, said.append, offline()):
        for _ in range(200):
            if len(running(site)) >= 2:  # the command, and pip
                break
            time.sleep(0.05)
        assert len(running(site)) >= 2
    assert running(site) == []
    assert "1,117 MB" in said[0] and "MODEL=none" in said[0]


def test_none_begins_nothing(site: Site) -> None:
    said: list[str] = []
    with fetched_meanwhile(site, said.append, offline(MODEL="none")):
        assert running(site) == []
    assert said == ["the assistant's model: none, as MODEL says"] and not site.models.exists()


def test_what_is_here_is_not_fetched(site: Site) -> None:
    _, model = Catalog.of(site).named(None)
    site.models.mkdir(parents=True)
    with (site.models / model.file).open("wb") as file:
        file.truncate(model.bytes)
    with fetched_meanwhile(site, pytest.fail, offline()):
        assert running(site) == []


def test_a_model_that_there_is_not_is_told_before_anything_is_made(site: Site) -> None:
    with pytest.raises(NotFound, match="no model 'gpt'"), fetched_meanwhile(site, pytest.fail, offline(MODEL="gpt")):
        pytest.fail("it began")
