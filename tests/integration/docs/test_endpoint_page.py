"""The page on a company's endpoint: what it says to write is taken, and what it says of it is so."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

import pytest

from mondaylab.hub.assistant import EACH, model_of
from mondaylab.hub.checks import check
from mondaylab.hub.models.endpoint import CompanyModel, Endpoint
from mondaylab.hub.models.running import ANSWER_TOKENS
from mondaylab.settings import Site

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "howto" / "connect_an_endpoint.md").read_text()
ADMIN = (ROOT / "docs" / "users" / "admin.md").read_text()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """As somebody leaves it who follows the page."""
    made = Site(tmp_path / "root", tmp_path / "var")
    shutil.copytree(ROOT / "hub_config", made.hub_config)
    made.hub.mkdir(parents=True, mode=0o700)
    [setting] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (made.hub_config / "endpoint.yaml").write_text(textwrap.dedent(setting))
    key = made.hub / "endpoint.key"
    key.write_text("sk-1234567890\n")
    key.chmod(0o600)
    return made


def test_the_setting_of_the_page_is_taken_and_checked(site: Site) -> None:
    endpoint = Endpoint.of(site)
    assert endpoint is not None and endpoint.key(site) == "sk-1234567890"
    assert isinstance(model_of(site), CompanyModel)
    told = next(one for one in check(site, port=0) if one.name == "assistant")
    assert told.ok and endpoint.model in told.said and endpoint.host in told.said


def test_every_key_of_the_setting_has_its_row() -> None:
    assert re.findall(r"^ *\| `(\w+)` \|", PAGE, re.MULTILINE) == list(Endpoint.model_fields)


def test_numbers_of_the_pages_are_those_of_the_code() -> None:
    assert (
        f"at most {ANSWER_TOKENS:,} tokens" in PAGE and f"{Endpoint.model_fields['at_once'].default} if it is" in PAGE
    )
    assert EACH == 10 and "one person may have ten at once" in ADMIN
