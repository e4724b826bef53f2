"""The sentence that is judged stands alone, and says whose figure it is, and when."""

from __future__ import annotations

import pytest

from mondaylab.labs.adopting.statements import figure_sentence, more_sentence

WEEKLY = {"region": "region", "period": "week"}


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (
            figure_sentence("net sales", WEEKLY, "plain", before=False),
            "In {week}, net sales in {region} came to {value}.",
        ),
        (
            figure_sentence("net sales", WEEKLY, "plain", before=True),
            "In {week_before}, the week before {week}, net sales in {region} came to {value}.",
        ),
        (
            figure_sentence("share of late shipments", {"period": "week"}, "points", before=False),
            "In {week}, the share of late shipments of the whole company {direction} by {value} "
            "against the week before.",
        ),
        (
            figure_sentence("applications", {"site": "other_site"}, "plain", before=False),
            "Over the quarter, applications at {other_site} came to {value}.",
        ),
        (
            more_sentence("gross margin", WEEKLY, None, "direction"),
            "In {week}, gross margin in {region} {direction} against the week before.",
        ),
        (
            more_sentence("net sales", WEEKLY, None, "comparison"),
            "In {week}, net sales in {region} were {comparison} than in the week before.",
        ),
        (
            more_sentence(
                "share of late shipments",
                {"carrier": "carrier", **WEEKLY},
                {"carrier": "rival", **WEEKLY},
                "comparison",
            ),
            "In {week}, the share of late shipments for {carrier} in {region} was {comparison} than for {rival}.",
        ),
        (
            more_sentence("gross margin", WEEKLY, {"period": "week"}, "comparison"),
            "In {week}, gross margin in {region} was {comparison} than in the whole company.",
        ),
    ],
)
def test_a_statement_is_plain_english(made, wanted):
    assert made == wanted
