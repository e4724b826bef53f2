"""Support tickets and order notes: what people write when something went wrong, with their names and numbers in it."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from mondaylab.datasets.demo_company import dirt, identities
from mondaylab.datasets.demo_company.company import Company, days_of
from mondaylab.datasets.demo_company.phrases import CLOSINGS, DETAILS, ISSUES, NOTES, OPENINGS
from mondaylab.datasets.demo_company.trade import ORDER_NUMBERS, Trade
from mondaylab.quarter import Quarter

TOPICS = ("damaged", "late", "wrong item", "invoice", "other")
_COLUMNS = (
    "ticket_id customer_id order_id employee_id opened_date closed_date topic priority refund_amount satisfaction "
    "subject body"
)
_FRAGILE = np.array([0.010, 0.020, 0.012, 0.012, 0.085, 0.022])


def tickets(
    company: Company,
    quarter: Quarter,
    sold: Trade,
    shipments: pd.DataFrame,
    customers: pd.DataFrame,
    employees: pd.DataFrame,
    products: pd.DataFrame,
) -> pd.DataFrame:
    """Tickets opened in the quarter. Late shipments and fragile categories cause most of them."""
    random = company.random("tickets", quarter)
    cases = _cases(company, quarter, random, sold, shipments, customers)
    agents = employees.loc[employees["role"] == "Support agent"].reset_index(drop=True)
    agent = random.integers(0, len(agents), len(cases))
    cases["employee_id"] = agents["employee_id"].to_numpy()[agent]
    cases["_agent"] = (agents["first_name"] + " " + agents["last_name"]).to_numpy()[agent]
    cases["priority"] = _priorities(random, cases)
    cases["refund_amount"] = _refunds(company, random, cases)
    cases = _closing(quarter, random, cases)
    people = customers.set_index("customer_id").to_dict("index")
    names = dict(zip(products["product_id"], products["name"], strict=True))
    texts = [_write(random, row, people[row["customer_id"]], names) for row in cases.to_dict("records")]
    cases["subject"], cases["body"] = [text[0] for text in texts], [text[1] for text in texts]
    cases["body"] = dirt.trailing_spaces(random, cases["body"])
    cases = dirt.entered_twice(random, cases)
    cases = cases[cases["opened_date"] <= np.datetime64(quarter.end)]
    cases = cases.sort_values(["opened_date", "customer_id", "subject"], kind="stable").reset_index(drop=True)
    first = company.age(quarter) * ORDER_NUMBERS + 1
    cases["ticket_id"] = [f"T{number:07d}" for number in range(first, first + len(cases))]
    return cases[_COLUMNS.split()]


def _cases(
    company: Company,
    quarter: Quarter,
    random: np.random.Generator,
    sold: Trade,
    shipments: pd.DataFrame,
    customers: pd.DataFrame,
) -> pd.DataFrame:
    """Which order gets a ticket about what, and when; and questions that concern no order."""
    lines = sold.lines.drop_duplicates("_order").set_index("_order")
    worth = sold.lines.groupby("_order")["net_amount"].sum()
    by_order = pd.DataFrame(
        {
            "order_id": sold.orders["order_id"],
            "_worth": worth.to_numpy(),
            "_category": lines["_category"].to_numpy(),
            "_product": lines["product_id"].to_numpy(),
            "_line": lines["net_amount"].to_numpy(),
        }
    )
    shipped = shipments.merge(by_order, on="order_id", validate="one_to_one")
    count = len(shipped)
    category = shipped["_category"].to_numpy()
    late = shipped["late"].to_numpy() == 1
    odds = np.column_stack(
        [
            _FRAGILE[category] * np.where(shipped["carrier"] == "Corvo Express", 1.6, 1.0),
            np.where(late, 0.34, 0.004),
            np.full(count, 0.022),
            np.full(count, 0.020),
            np.full(count, 0.012),
        ]
    )
    odds = np.column_stack([odds, 1 - odds.sum(axis=1)])
    topic = weighted_topic(random, odds)
    cases = shipped[topic < len(TOPICS)].copy()
    cases["topic"] = np.array(TOPICS)[topic[topic < len(TOPICS)]]
    arrived = cases["delivered_date"].fillna(cases["shipped_date"] + np.timedelta64(4, "D"))
    cases["opened_date"] = arrived + pd.to_timedelta(random.integers(0, 6, len(cases)), unit="D")
    days = days_of(quarter)
    asked = int(0.025 * len(sold.orders))
    who = customers["customer_id"].to_numpy()[random.integers(0, len(customers), asked)]
    general = pd.DataFrame(
        {
            "customer_id": who,
            "order_id": "",
            "topic": np.array(TOPICS)[random.choice([3, 4], size=asked, p=[0.4, 0.6])],
            "opened_date": days[random.integers(0, len(days), asked)],
            "_worth": 0.0,
            "_line": 0.0,
            "_product": "",
            "late": 0,
        }
    )
    cases = pd.concat([cases, general], ignore_index=True)
    cases["opened_date"] = cases["opened_date"].astype("datetime64[s]")
    return cases[cases["opened_date"] <= np.datetime64(quarter.end)].reset_index(drop=True)


def weighted_topic(random: np.random.Generator, odds: np.ndarray) -> np.ndarray:
    """Column drawn per row of probabilities; the last column means "no ticket"."""
    return np.asarray((random.random(len(odds))[:, None] >= np.cumsum(odds, axis=1)).sum(axis=1))


def _priorities(random: np.random.Generator, cases: pd.DataFrame) -> np.ndarray:
    heat = (
        random.random(len(cases)) + 0.35 * (cases["_worth"] > 1_500) + 0.15 * cases["topic"].isin(["damaged", "late"])
    )
    return np.where(heat > 1.0, "high", np.where(heat > 0.35, "normal", "low"))


def _refunds(company: Company, random: np.random.Generator, cases: pd.DataFrame) -> np.ndarray:
    """EUR; mostly held below the limit that needs a second signature, sometimes not."""
    odds = (
        cases["topic"].map({"damaged": 0.75, "wrong item": 0.5, "late": 0.22, "invoice": 0.2, "other": 0.03}).to_numpy()
    )
    share = random.uniform(0.2, 1.0, len(cases)) * np.where(cases["topic"] == "late", 0.15, 1.0)
    amount = (cases["_line"].to_numpy() * share).round(2)
    limit = company.limits.refund_second_signature
    # agents like to stay just below the limit
    shaved = (amount > limit) & (random.random(len(cases)) < 0.7)
    amount = np.where(shaved, np.round(limit - random.uniform(0, 35, len(cases)), 2), amount)
    return np.where((random.random(len(cases)) < odds) & (cases["order_id"] != ""), amount, 0.0)


def _closing(quarter: Quarter, random: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    slow = cases["priority"].map({"high": 1.6, "normal": 3.0, "low": 5.5}).to_numpy()
    took = np.round(random.gamma(2.0, slow / 2)).astype(int)
    closed = cases["opened_date"].to_numpy() + took.astype("timedelta64[D]")
    open_still = closed > np.datetime64(quarter.end)
    cases["closed_date"] = np.where(open_still, np.datetime64("NaT"), closed)
    mood = (
        4.3
        - 0.14 * took
        - 0.8 * cases["late"].to_numpy()
        + 0.5 * (cases["refund_amount"] > 0)
        + random.normal(0, 0.8, len(took))
    )
    answered = (random.random(len(took)) < 0.55) & ~open_still
    score = np.clip(np.round(mood), 1, 5).astype(int).astype(str)
    cases["satisfaction"] = np.where(answered, score, "")
    return cases


def pick(random: np.random.Generator, options: tuple[str, ...]) -> str:
    """One of the options."""
    return options[int(random.integers(len(options)))]


def _write(
    random: np.random.Generator, case: dict[Hashable, Any], customer: dict[Hashable, Any], products: dict[str, str]
) -> tuple[str, str]:
    """Subject and body of one ticket."""
    words = spoken(random, customer)
    words["order"] = case["order_id"] or "our last order"
    words["product"] = products.get(case["_product"], "the goods")
    words["agent"] = case["_agent"]
    words["amount"] = f"EUR {case['_line'] or 120:.2f}"
    subject, issue = ISSUES[case["topic"]][int(random.integers(len(ISSUES[case["topic"]])))]
    details = [pick(random, DETAILS) for _ in range(int(random.integers(0, 3)))]
    parts = [pick(random, OPENINGS), issue, *dict.fromkeys(details), pick(random, CLOSINGS)]
    return subject.format(**words).strip(), " ".join(part for part in parts if part).format(**words)


def spoken(random: np.random.Generator, customer: dict[Hashable, Any]) -> dict[str, str]:
    """What a customer's message may mention: their own data and that of people around them, each spelled at random."""
    first, _, last = str(customer["contact_name"]).strip().partition(" ")
    other = identities.any_name(random)
    number = identities.any_phone(random)
    styles = random.integers(0, 72, 6).tolist()
    street = str(customer["street"])
    born = date(1950, 1, 1) + timedelta(days=int(random.integers(0, 19_000)))
    mail = str(customer["contact_email"]) or f"{identities.plain(last)}@privat.example"
    return {
        "name": identities.name_text((first, last), styles[0]),
        "full": f"{first} {last}",
        "first": first,
        "other": identities.name_text(other, styles[1] % 7),
        "phone": str(customer["contact_phone"]) or identities.phone_text(number, styles[2]),
        "mobile": identities.phone_text(number, styles[3]),
        "email": mail if styles[4] % 4 else mail.upper(),
        "street": street if styles[5] % 3 else street.upper(),
        "place": f"{street}, {customer['postcode']} {customer['city']}",
        "iban": identities.iban_text(str(customer["iban"]), styles[2]),
        "firm": str(customer["company_name"]),
        "born": born.strftime(("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y")[styles[3] % 3]),
    }


def order_notes(company: Company, quarter: Quarter, sold: Trade, customers: pd.DataFrame) -> pd.Series:
    """The free-text note of each order; most are empty."""
    random = company.random("notes", quarter)
    people = customers.set_index("customer_id").to_dict("index")
    noted = np.flatnonzero(random.random(len(sold.orders)) < 0.17)
    texts = np.full(len(sold.orders), "", dtype=object)
    for row, customer in zip(noted.tolist(), sold.orders["customer_id"].to_numpy()[noted].tolist(), strict=True):
        texts[row] = pick(random, NOTES).format(**spoken(random, people[customer]))
    notes = pd.Series(texts, index=sold.orders.index, dtype=object)
    return dirt.trailing_spaces(random, notes.astype(str), 0.0).where(
        (notes == "") | (random.random(len(notes)) > 0.1), notes + "  "
    )
