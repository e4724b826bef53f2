"""A policy that lets personal data through is caught by the search before publication."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from tests.support.sampled import sampled

from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.sanitize import sanitize
from mondaylab.errors import Refused
from mondaylab.settings import Site

QUARTER = "2026Q4"


def refusal(site: Site) -> str:
    with pytest.raises(Refused) as caught:
        sanitize(site, "demo", QUARTER)
    assert not [path for path in site.snapshots.rglob("*") if path.is_file()]
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "instead", "place", "kind"),
    sampled(
        [
            ("body:          {do: scrub}", "body: {do: keep, type: text}", "tickets.body", "person"),
            ("subject:       {do: scrub}", "subject: {do: keep, type: text}", "tickets.subject", "identifier"),
            ("note:                 {do: scrub}", "note: {do: keep, type: text}", "orders.note", "email"),
            ("memo:         {do: scrub}", "memo: {do: keep, type: text}", "ledger.memo", "phone or account"),
            (
                "memo:         {do: scrub}",
                "memo: {do: keep, type: text, public: because}",
                "ledger.memo",
                "phone or account",
            ),
            ("handbook.md: scrub", "handbook.md: keep", "handbook.md", "person"),
            (
                "customer_id:          {do: pseudonym, domain: customer}",
                "customer_id: {do: keep, type: code, pattern: 'C\\d{5}'}",
                "orders.customer_id",
                "identifier",
            ),
        ],
        7,
    ),
)
def test_a_careless_policy(site: Site, line: str, instead: str, place: str, kind: str) -> None:
    policy = site.company("demo") / "policy.yaml"
    text = policy.read_text("utf-8")
    assert line in text
    policy.write_text(text.replace(line, instead, 1), "utf-8")
    words = refusal(site)
    assert "personal data would come through" in words
    assert re.search(rf"{re.escape(place)}: \d+ texts? [(]rows? [^)]*[)] holds? a known {kind}", words)
    people = pd.read_csv(site.raw / "demo" / QUARTER / "customers.csv")
    for value in (*people["contact_name"], *people["contact_email"].dropna(), *people["customer_id"]):
        assert value not in words


def test_a_known_name_in_a_kept_column(site: Site, raw: Path) -> None:
    name = pd.read_csv(raw / "customers.csv")["contact_name"].str.strip()[0]
    products = (raw / "products.csv").read_text("utf-8").split("\n")
    cells = products[1].split(",")
    cells[1] = f"Desk of {name}"
    products[1] = ",".join(cells)
    (raw / "products.csv").write_text("\n".join(products), "utf-8")
    assert re.search(r"products\.name: 1 text [(]rows? [^)]*[)] holds a known person", refusal(site))


def test_a_broken_scrubber_is_noticed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def does_nothing(_: Scrubber, text: str) -> tuple[str, dict[str, int]]:
        return text, {}

    monkeypatch.setattr(Scrubber, "scrub", does_nothing)
    words = refusal(site)
    assert all(place in words for place in ("tickets.body", "orders.note", "ledger.memo", "handbook.md"))
