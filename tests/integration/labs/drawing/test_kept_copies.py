"""A release of before there were manuscripts still gives a late comer a form."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest

from mondaylab.errors import Refused
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.labs.scaffold.make import new_lab
from mondaylab.settings import Site

LAB = "finance/cash_forecast"
OPENING, CLOSING = "Good morning, this was {week}.", "Questions to me, please."


@pytest.fixture(scope="module")
def kept(demo_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A checkout whose lab is written as it was then: drafts with an opening and a closing, claims with phrasings."""
    root = tmp_path_factory.mktemp("kept")
    for part in ("datasets", "grader"):
        shutil.copytree(demo_site.root / part, root / part)
    site = replace(demo_site, root=root)
    new_lab(site, LAB)
    shutil.rmtree(site.lab(LAB) / "drafts")
    path = site.lab(LAB) / "lab.toml"
    text, drafts = re.subn(
        r"^audience = .*$",
        rf'\g<0>\nopening = "{OPENING}"\nclosing = "{CLOSING}"',
        path.read_text(),
        flags=re.MULTILINE,
    )
    text, claims = re.subn(
        r"^judged_as = (.*)$", r'phrasings = [\1, "Another way to put it."]', text, flags=re.MULTILINE
    )
    assert drafts == 2 and claims > 12
    path.write_text(text)
    return site


def test_a_release_with_openings_and_phrasings_still_gives_forms(kept: Site):
    material = Material.open(replace(kept, frozen=True), LAB, company="demo", quarter="2026Q4")
    for number in range(3):
        form = draw_form(material, b"k" * 32, cohort="c", learner=f"l{number}", attempt=1)
        texts = {key.claim_id: key.text for key in form.key.claims}
        for draft in form.shown.drafts:
            said = [one.text or texts[one.claim_id or ""] for part in draft.parts for one in part.walk() if not one.tag]
            assert said[0].startswith(OPENING.split("{", 1)[0]) and said[-1].endswith(CLOSING)
            shown = [one.claim_id for part in draft.parts for one in part.walk() if one.claim_id]
            assert shown == [claim.claim_id for claim in draft.claims] and len(shown) > 6
            for claim in draft.claims:
                assert claim.text == texts[claim.claim_id], "its first phrasing, whole, is what is judged"
        assert form.key.flawed_share() > 0


def test_nobody_writes_a_lab_that_way_any_more(kept: Site):
    with pytest.raises(Refused, match=r"(opening|phrasings): Extra inputs"):
        Material.open(kept, LAB, company="demo", quarter="2026Q4")
