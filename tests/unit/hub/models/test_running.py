"""Which model answers: the first of the catalog that is here and right, and words for a learner where none is."""

from __future__ import annotations

import asyncio
import hashlib
import json

import pytest
from tests.support.places import ROOT

from mondaylab.errors import MondaylabError
from mondaylab.hub.assistant import model_of
from mondaylab.hub.models.running import NotReady, fetched
from mondaylab.settings import Site

LARGE, SMALL = b"GGUF-large" * 9, b"GGUF-small" * 3


@pytest.fixture
def site(tmp_path) -> Site:
    """A site whose catalog has two tiny models, and neither is here."""
    site = Site(tmp_path, tmp_path / "var")
    told = {"source": "nobody", "licence": "MIT", "writes": "nothing", "memory_mb": 1}
    models = {}
    for name, data in (("large", LARGE), ("small", SMALL)):
        sha256 = hashlib.sha256(data).hexdigest()
        parts = [{"package": f"{name}-part{n}==1.0", "bytes": len(data) // 2, "sha256": sha256} for n in (1, 2)]
        models[name] = {**told, "file": f"{name}.gguf", "bytes": len(data), "sha256": sha256, "parts": parts}
    site.hub_config.mkdir()
    (site.hub_config / "models.yaml").write_text(json.dumps({"default": "large", "models": models}))
    site.models.mkdir(parents=True)
    return site


def test_the_first_that_is_here_answers(site: Site) -> None:
    (site.models / "small.gguf").write_bytes(SMALL)
    assert fetched(site, pytest.fail).name == "small"
    (site.models / "large.gguf").write_bytes(LARGE)
    assert (fetched(site, pytest.fail).name, fetched(site, pytest.fail).path) == ("large", site.models / "large.gguf")


def test_none_is_told_with_the_command_and_asked_for_again(site: Site) -> None:
    with pytest.raises(NotReady, match="mondaylab model fetch") as caught:
        fetched(site, pytest.fail)
    assert caught.value.again == 60


def test_one_that_is_on_its_way_says_how_far_it_is(site: Site) -> None:
    (site.models / ".large.gguf.partial").write_bytes(LARGE[: len(LARGE) // 2])
    with pytest.raises(NotReady, match=r"on its way: 0 MB of 0 MB") as caught:
        fetched(site, pytest.fail)
    assert caught.value.again == 20


def test_a_file_with_a_changed_byte_never_answers(site: Site) -> None:
    (site.models / "large.gguf").write_bytes(b"x" + LARGE[1:])
    told: list[MondaylabError] = []
    with pytest.raises(NotReady, match="no model here"):
        fetched(site, told.append)
    assert "not the one that its makers published" in str(told[0])
    (site.models / "small.gguf").write_bytes(SMALL)
    assert fetched(site, told.append).name == "small"


def test_a_catalog_that_cannot_be_read_is_no_crash(site: Site) -> None:
    (site.hub_config / "models.yaml").write_text("models: [")
    told: list[MondaylabError] = []
    with pytest.raises(NotReady, match="not set up in order"):
        fetched(site, told.append)
    assert "models.yaml" in str(told[0])


def test_the_service_says_in_its_log_what_is_wrong(site: Site, capsys) -> None:
    (site.models / "large.gguf").write_bytes(b"x" + LARGE[1:])
    with pytest.raises(NotReady, match="no model here"):
        asyncio.run(model_of(site).upstream())
    assert "not the one that its makers published" in capsys.readouterr().out


def test_what_ships_can_be_looked_for(tmp_path) -> None:
    with pytest.raises(NotReady):
        fetched(Site(ROOT, tmp_path), pytest.fail)
