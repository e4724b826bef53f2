"""The answers that stand in the labs: enough of them, as they came, and the page that tells what they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from mondaylab.labs.claims.claim import Claim
from mondaylab.labs.drawing.answers import MOST_FLAWED, claims_as_they_came, unsettled
from mondaylab.labs.material import Material
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.settings import Site

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "explanation" / "what_a_small_model_writes.md"
LEAST = 12
"""Whole drafts by a model that a lab ships."""


LABS = ("finance/weekly_margin_memo", "people/screening_summary", "support/refund_reply")


@pytest.fixture(scope="module")
def labs(demo_site: Site) -> dict[str, Material]:
    site = Site(ROOT, demo_site.var)
    return {name: Material.open(site, name, company="demo", quarter="2026Q4") for name in LABS}


def answers(material: Material) -> list[Manuscript]:
    return [one for draft in material.declaration.drafts for one in draft.versions if one.answer is not None]


def came(material: Material) -> Iterable[list[Claim]]:
    """The claims of each answer, as it has them."""
    writer = material.writer()
    for version in answers(material):
        claims = claims_as_they_came(writer, version)
        assert claims is not None, version.source
        yield [*claims.values()]


def test_each_lab_has_enough_answers_and_its_data_settles_all_that_they_claim(labs: dict[str, Material]):
    for material in labs.values():
        assert len(answers(material)) >= LEAST
        for version in answers(material):
            assert not [*unsettled(material.writer(), version)], version.source
            assert version.answer is not None and version.answer.model == "qwen2.5-coder-1.5b-instruct"
            assert version.answer.prompt


def test_an_answer_can_stand_in_a_form(labs: dict[str, Material]):
    """As it came, or its words drawn for other slices; else it lies in its folder and no learner ever reads it."""
    for material in labs.values():
        for version, claims in zip(answers(material), came(material), strict=True):
            wrong = sum(one.flawed for one in claims) / len(claims)
            assert version.answer is not None and (version.answer.varies or wrong <= MOST_FLAWED), version.source


def test_some_answers_have_errors_of_their_own(labs: dict[str, Material]):
    flawed = {name: sum(one.flawed for claims in came(lab) for one in claims) for name, lab in labs.items()}
    assert all(flawed[name] for name in LABS)


def test_the_page_tells_what_they_hold(labs: dict[str, Material]):
    for name, material in labs.items():
        texts = [*came(material)]
        claims = [one for text in texts for one in text]
        kinds = Counter(str(one.operator) for one in claims if one.flawed)
        told = [
            name,
            str(len(texts)),
            str(sum(any(one.flawed for one in text) for text in texts)),
            str(len(claims)),
            str(sum(one.flawed for one in claims)),
            ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())),
        ]
        row = f"| {' | '.join(told)} |"
        assert row in re.findall(r"^\|.*\|$", PAGE.read_text("utf-8"), re.MULTILINE), row
