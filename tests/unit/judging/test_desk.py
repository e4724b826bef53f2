"""*Check this* opens the look-up at the right place, and tells nothing of what is found there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.tables import LabTables
from mondaylab.forms.shown import LooksIn, ShownForm
from mondaylab.judging.desk import JudgingDesk
from mondaylab.judging.reading_tables import HANDBOOK
from mondaylab.judging.selection import Query

ORDERS = pd.DataFrame({"order_id": ["O1", "O2"], "order_date": pd.to_datetime(["2026-10-05"] * 2), "net": [1.5, 2.0]})
ORDERS["region"] = "North"
BINDINGS = {
    "company": "demo",
    "currency": "EUR",
    "entities": {
        "order": {
            "table": "orders",
            "key": "order_id",
            "date": "orders.order_date",
            "fields": {"net": {"column": "orders.net", "unit": "EUR"}, "region": {"column": "orders.region"}},
        }
    },
}
BOOK = "# Book\n\n## 4.1 Prices\nList prices.\n\n## 4.2 Discounts\nAsk first.\n"


def desk(form: ShownForm, looks_in: LooksIn | None) -> tuple[JudgingDesk, str, list[Any]]:
    """A desk whose first claim is checked there, the claim, and what the panel was sent."""
    first = form.drafts[0]
    claim = first.claims[0].model_copy(update={"looks_in": looks_in})
    draft = first.model_copy(update={"claims": (claim, *first.claims[1:])})
    form = form.model_copy(update={"drafts": (draft, *form.drafts[1:])})
    tables = LabTables({"orders": ORDERS}, Bindings.model_validate(BINDINGS))
    made = JudgingDesk(form, tables, lambda: BOOK)
    sent: list[Any] = []
    made.panel.told.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]
    return made, claim.claim_id, sent


@pytest.mark.parametrize(
    ("looks_in", "query"),
    [
        (None, Query(table="order, in full")),
        (LooksIn(concept="order"), Query(table="order, in full")),
        (LooksIn(concept="order", field="net"), Query(table="order, in full", summarise="net")),
        (LooksIn(concept="order", field="region"), Query(table="order, in full", distinct="region")),
        (LooksIn(concept="ticket"), Query(table="order, in full")),
        (LooksIn(), Query(table=HANDBOOK)),
    ],
)
def test_the_look_up_opens_where_the_claim_is_checked(form: ShownForm, looks_in: LooksIn | None, query: Query):
    made, claim_id, sent = desk(form, looks_in)
    assert made.panel.can_check
    assert made.children == (made.panel,)
    made.panel._handle_custom_msg({"check": claim_id}, [])
    assert sent == [{"check": claim_id}]
    look_up = made.look_up
    assert look_up is not None
    assert made.children == (made.panel, look_up)
    assert look_up.query == query
    assert form.drafts[0].claims[0].text[:20] in look_up._about.value
    if query.table == HANDBOOK:
        assert look_up.view is not None
        assert look_up.view.rows["section"].tolist() == ["4.1", "4.2"]
    else:
        assert look_up.view is None
        assert "3.5" not in look_up._result.value
        look_up._look.click()
        assert look_up.view is not None
        assert look_up.view.matches == 2
    look_up.back_to_claim.click()
    assert sent[-1] == {"back": claim_id}


@pytest.mark.parametrize("content", [{}, {"check": "nobody"}, {"check": 3}, {"check": None}, [], "check", None])
def test_what_asks_for_no_claim_opens_nothing(form: ShownForm, content: object):
    made, _, sent = desk(form, None)
    made.panel._handle_custom_msg(content, [])
    assert made.look_up is None
    assert sent == []


def test_trouble_is_told_in_the_panel(form: ShownForm):
    made, claim_id, sent = desk(form, None)
    made._handbook = lambda: "no headings"
    made.panel._handle_custom_msg({"check": claim_id}, [])
    assert sent == [{"check": claim_id, "trouble": "no section headings"}]


def test_without_a_form_nothing_can_be_checked():
    tables = LabTables({"orders": ORDERS}, Bindings.model_validate(BINDINGS))
    assert not JudgingDesk(None, tables, lambda: BOOK).panel.can_check
