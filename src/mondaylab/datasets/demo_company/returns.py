"""Returns: what customers send back or claim, why, what was decided, and what the handbook asks about it.

The desk takes returns by ticket and by phone, the portal takes the rest. Within every reason the portal approves a
larger share; over all reasons the desk does, because the portal gets most changes of mind: Simpson's paradox, on
purpose. Shares are kept as quotas, not drawn one by one, so that it holds under every seed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mondaylab.datasets.demo_company import dirt, support
from mondaylab.datasets.demo_company.company import Company
from mondaylab.datasets.demo_company.phrases import CLOSINGS, DETAILS, RETURN_REASONS
from mondaylab.datasets.demo_company.trade import CARRIERS, ORDER_NUMBERS, Trade
from mondaylab.quarter import Quarter

REASONS = ("damaged", "wrong_item", "late", "changed_mind", "not_as_described")
APPROVED = ("refund", "replacement", "voucher")
"""Decisions that give the customer something."""

_COLUMNS = (
    "return_id ticket_id order_id line_id product_id customer_id intake requested_date delivered_date "
    "days_since_delivery reason opened photo in_stock quantity line_value order_value refund_requested decision "
    "decided_date refund_decided voucher approved_by freight_paid_by tickets_before returns_before refunded_before "
    "vouchers_before message"
)
# share of decided returns that are approved
_APPROVAL = {
    "desk": {"damaged": 0.84, "wrong_item": 0.80, "late": 0.66, "changed_mind": 0.40, "not_as_described": 0.56},
    "portal": {"damaged": 0.93, "wrong_item": 0.89, "late": 0.76, "changed_mind": 0.49, "not_as_described": 0.66},
}
# returns without a ticket, as a share of the shipments, and why
_WITHOUT_TICKET = {
    "desk": (0.022, (0.28, 0.0, 0.0, 0.36, 0.36)),
    "portal": (0.082, (0.17, 0.08, 0.06, 0.54, 0.15)),
}
_TOPICS = {"damaged": "damaged", "wrong item": "wrong_item", "late": "late"}
_OPENED = {"damaged": 0.9, "wrong_item": 0.6, "late": 0.5, "changed_mind": 0.34, "not_as_described": 0.8}
_FRAGILE = {"Furniture": 6.0, "Cleaning": 1.6, "Tools": 1.6}
_ROUGH = np.array([1.0, 1.1, 2.2])
"""How often each of CARRIERS breaks things, relative to the first."""


def returns(
    company: Company,
    quarter: Quarter,
    sold: Trade,
    shipments: pd.DataFrame,
    tickets: pd.DataFrame,
    customers: pd.DataFrame,
    employees: pd.DataFrame,
    products: pd.DataFrame,
) -> pd.DataFrame:
    """Returns of goods that were ordered, delivered and claimed within the quarter; amounts in EUR."""
    random = company.random("returns", quarter)
    delivered = _delivered(sold, shipments, products)
    cases = pd.concat(
        [_by_ticket(random, tickets, delivered), *(_without_ticket(random, way, delivered) for way in _WITHOUT_TICKET)],
        ignore_index=True,
    )
    cases = cases[cases["requested_date"] <= np.datetime64(quarter.end)].reset_index(drop=True)
    cases["days_since_delivery"] = (cases["requested_date"] - cases["delivered_date"]).dt.days
    _ask(random, cases)
    _decide(random, quarter, company.limits.return_days, cases)
    cases["message"] = _messages(company, quarter, cases, customers, products)
    cases = _entered_twice(random, quarter, cases)
    cases = cases.sort_values(["requested_date", "order_id", "line_id", "decision"], kind="stable", ignore_index=True)
    _pay(random, company.limits.refund_second_signature, company.limits.goodwill, cases, employees)
    _history(cases, tickets)
    first = company.age(quarter) * ORDER_NUMBERS + 1
    cases["return_id"] = [f"R{number:07d}" for number in range(first, first + len(cases))]
    return cases[_COLUMNS.split()]


def _delivered(sold: Trade, shipments: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """One row an order line that has arrived, with what its order was worth."""
    lines = sold.lines.merge(products[["product_id", "category"]], on="product_id")
    lines = lines.rename(columns={"quantity": "_bought", "net_amount": "line_value"})
    lines["order_value"] = lines.groupby("order_id")["line_value"].transform("sum").round(2)
    arrived = shipments[shipments["delivered_date"].notna()]
    arrived = arrived[["order_id", "customer_id", "carrier", "delivered_date", "freight_cost"]]
    wide = lines.merge(arrived, on="order_id", validate="many_to_one").sort_values("line_id", ignore_index=True)
    names = "line_id order_id product_id category customer_id carrier delivered_date freight_cost _bought line_value"
    return wide[[*names.split(), "order_value"]]


def _by_ticket(random: np.random.Generator, tickets: pd.DataFrame, delivered: pd.DataFrame) -> pd.DataFrame:
    """Tickets about damage and wrong items, and those about lateness in which money was asked for."""
    told = tickets[tickets["topic"].isin(list(_TOPICS))]
    told = told[["ticket_id", "order_id", "opened_date", "topic", "refund_amount"]]
    # tickets speak of the first line of their order
    cases = told.merge(delivered.drop_duplicates("order_id"), on="order_id")
    paid, late = cases["refund_amount"] > 0, cases["topic"] == "late"
    asked = random.permutation(np.flatnonzero(late & ~paid))[: int(1.2 * (late & paid).sum())]
    cases = cases[~late | paid | cases.index.isin(asked)]
    cases = cases.rename(columns={"opened_date": "requested_date", "refund_amount": "_paid"})
    cases["requested_date"] = cases[["requested_date", "delivered_date"]].max(axis=1)
    return cases.assign(reason=cases["topic"].map(_TOPICS), intake="desk").drop(columns="topic")


def _without_ticket(random: np.random.Generator, intake: str, delivered: pd.DataFrame) -> pd.DataFrame:
    share, reasons = _WITHOUT_TICKET[intake]
    orders = delivered["order_id"].nunique()
    fragile = delivered["category"].map(_FRAGILE).fillna(1.0).to_numpy()
    rough = _ROUGH[delivered["carrier"].map(CARRIERS.index).to_numpy()]
    parts = []
    for reason, part in zip(REASONS, reasons, strict=True):
        odds = fragile * rough if reason == "damaged" else np.ones(len(delivered))
        rows = random.choice(len(delivered), size=round(share * part * orders), replace=False, p=odds / odds.sum())
        cases = delivered.iloc[np.sort(rows)].assign(reason=reason)
        cases["requested_date"] = cases["delivered_date"] + pd.to_timedelta(_days(random, reason, len(rows)), unit="D")
        parts.append(cases)
    return pd.concat(parts, ignore_index=True).assign(intake=intake, ticket_id="", _paid=0.0)


def _days(random: np.random.Generator, reason: str, count: int) -> np.ndarray:
    """Days from delivery to the request: lateness is told at once, damage is often seen only when the goods are needed,
    a mind changes slowly, some forget the window.
    """
    if reason == "late":
        return random.integers(0, 8, count)
    if reason == "damaged":
        return np.where(random.random(count) < 0.5, random.integers(0, 6, count), random.integers(6, 15, count))
    slow = random.gamma(2.0, 7.5 if reason == "changed_mind" else 4.5, count)
    forgot = random.random(count) < (0.12 if reason == "changed_mind" else 0.05)
    return np.asarray(np.round(slow + forgot * random.integers(20, 32, count))).astype(int)


def _ask(random: np.random.Generator, cases: pd.DataFrame) -> None:
    """What state the goods are in, how many go back, how much money is asked for."""
    count = len(cases)
    reason = cases["reason"]
    cases["opened"] = (random.random(count) < reason.map(_OPENED)).astype(int)
    cases["photo"] = ((reason == "damaged") & (random.random(count) < np.where(cases["_paid"] > 0, 0.93, 0.75))).astype(
        int
    )
    bought = cases["_bought"].to_numpy()
    part = np.where(random.random(count) < 0.45, 1.0, random.random(count))
    cases["quantity"] = np.clip(np.ceil(bought * part), 1, bought).astype(int)
    asked = cases["line_value"] * cases["quantity"] / bought * np.where(reason == "late", 0.25, 1.0)
    # some ask for the freight and their trouble on top
    asked = asked * np.where(random.random(count) < 0.06, random.uniform(1.1, 1.4, count), 1.0)
    cases["refund_requested"] = np.maximum(asked, cases["_paid"]).round(2)


def _decide(random: np.random.Generator, quarter: Quarter, window: int, cases: pd.DataFrame) -> None:
    """Approves the best cases of each intake and reason up to its quota; what is not decided by the end is open."""
    count = len(cases)
    took = (1 + np.round(random.gamma(1.6, 2.2, count))).astype("timedelta64[D]")
    decided = cases["requested_date"].to_numpy().astype("datetime64[D]") + took
    paid = (cases["_paid"] > 0).to_numpy()
    last = np.datetime64(quarter.end)
    still_open = (decided > last) & ~paid
    reason, days = cases["reason"], cases["days_since_delivery"]
    merit = np.asarray(
        random.normal(0, 1.2, count)
        - 2.6 * (days > window)
        - 3.0 * ((reason == "changed_mind") & (cases["opened"] == 1))
        - 2.5 * ((reason == "damaged") & ((days > 5) | (cases["photo"] == 0)))
        + 100.0 * paid
    )
    approved = np.zeros(count, dtype=bool)
    for (intake, why), group in cases[~still_open].groupby(["intake", "reason"]):
        rows = group.index.to_numpy()
        quota = max(round(_APPROVAL[str(intake)][str(why)] * len(rows)), int(paid[rows].sum()))
        approved[rows[np.argsort(-merit[rows], kind="stable")[:quota]]] = True
    spot = random.random(count)
    faulty = reason.isin(["damaged", "wrong_item", "not_as_described"])
    given = np.select(
        [paid, reason == "late", faulty],
        [
            "refund",
            np.where(spot < 0.6, "voucher", "refund"),
            np.select([spot < 0.62, spot < 0.82], ["replacement", "refund"], "voucher"),
        ],
        np.where(spot < 0.2, "voucher", "refund"),
    )
    cases["decision"] = np.where(still_open, "open", np.where(approved, given, "refused"))
    cases["decided_date"] = np.where(still_open, np.datetime64("NaT"), np.minimum(decided, last))
    stocked = np.select([cases["decision"] == "replacement", cases["decision"] == "refund"], [1.0, 0.3], 0.75)
    cases["in_stock"] = (random.random(count) < stocked).astype(int)
    theirs = np.where(reason == "changed_mind", 0.94, 0.03)
    cases["freight_paid_by"] = np.where(random.random(count) < theirs, "customer", "company")


def _messages(
    company: Company, quarter: Quarter, cases: pd.DataFrame, customers: pd.DataFrame, products: pd.DataFrame
) -> list[str]:
    """What the customer wrote in the portal or said on the phone; with a ticket the words are in the ticket."""
    random = company.random("return messages", quarter)
    texts = np.full(len(cases), "", dtype=object)
    told = np.flatnonzero((cases["ticket_id"] == "") & (random.random(len(cases)) >= 0.12))
    rows = cases.iloc[told][["customer_id", "order_id", "product_id", "reason"]]
    rows = rows.merge(customers, on="customer_id", how="left")
    rows["_product"] = rows["product_id"].map(products.set_index("product_id")["name"])
    for place, row in zip(told.tolist(), rows.to_dict("records"), strict=True):
        spoken = support.spoken(random, row)
        spoken |= {"order": row["order_id"], "product": row["_product"], "agent": "the desk"}
        detail = support.pick(random, DETAILS) if random.random() < 0.35 else ""
        closing = support.pick(random, CLOSINGS) if random.random() < 0.4 else ""
        parts = (support.pick(random, RETURN_REASONS[row["reason"]]), detail, closing)
        texts[place] = " ".join(part for part in parts if part).format(**spoken)
    spaced = dirt.trailing_spaces(random, pd.Series(texts, dtype=object))
    return spaced.where(texts != "", "").tolist()


def _entered_twice(random: np.random.Generator, quarter: Quarter, cases: pd.DataFrame) -> pd.DataFrame:
    """Appends copies of some portal returns, sent again the next day and left open."""
    again = (cases["intake"] == "portal") & (random.random(len(cases)) < 0.02)
    twice = cases[again & (cases["requested_date"] < np.datetime64(quarter.end))].copy()
    twice["requested_date"] += np.timedelta64(1, "D")
    twice["days_since_delivery"] += 1
    twice["decision"], twice["decided_date"] = "open", np.datetime64("NaT")
    both = pd.concat([cases, twice], ignore_index=True)
    days = ["requested_date", "delivered_date", "decided_date"]
    return both.astype(dict.fromkeys(days, "datetime64[s]"))


def _pay(
    random: np.random.Generator, second_signature: int, goodwill: int, cases: pd.DataFrame, employees: pd.DataFrame
) -> None:
    """Money and who signed: mostly as the handbook asks."""
    count = len(cases)
    refunded = (cases["decision"] == "refund").to_numpy()
    worth = np.minimum(cases["refund_requested"], cases["line_value"])
    worth = np.where(cases["reason"] == "late", np.minimum(worth, cases["freight_cost"]), worth)
    # agents like to stay just below the limit
    shaved = (worth > second_signature) & (random.random(count) < 0.6)
    worth = np.where(shaved, second_signature - random.uniform(0, 35, count), worth)
    worth = np.where(cases["_paid"] > 0, cases["_paid"], np.maximum(worth, 1.0))
    cases["refund_decided"] = np.where(refunded, worth, 0.0).round(2)
    vouchers = np.where(cases["decision"] == "voucher", 5.0 * random.integers(3, 10, count), 0.0)
    careless, spent = random.random(count) < 0.10, dict.fromkeys(cases["customer_id"], 0.0)
    for row in np.flatnonzero(vouchers > 0).tolist():
        customer = cases["customer_id"].iat[row]
        if not careless[row]:
            vouchers[row] = max(min(vouchers[row], goodwill - spent[customer]), 5.0)
        spent[customer] += vouchers[row]
    cases["voucher"] = vouchers
    finance = employees.loc[employees["role"] == "Finance controller", "employee_id"].to_numpy()
    finance = finance[random.integers(0, len(finance), count)]
    signed = (cases["refund_decided"] > second_signature) & (random.random(count) < 0.9)
    cases["approved_by"] = np.where(signed, finance, "")


def _history(cases: pd.DataFrame, tickets: pd.DataFrame) -> None:
    """What the customer had before in the quarter: only days before the request count. Rows are in order of days."""
    days = cases["requested_date"].to_numpy().astype("datetime64[D]")
    refunds, vouchers = (cases[name].to_numpy() for name in ("refund_decided", "voucher"))
    opened = tickets["opened_date"].to_numpy().astype("datetime64[D]")
    asked = tickets.groupby("customer_id").indices
    before = np.zeros((4, len(cases)))
    for customer, rows in cases.groupby("customer_id").indices.items():
        earlier = np.searchsorted(days[rows], days[rows])
        before[0, rows] = earlier
        for place, amount in ((1, refunds), (2, vouchers)):
            before[place, rows] = np.concatenate([[0.0], np.cumsum(amount[rows])])[earlier]
        if customer in asked:
            before[3, rows] = np.searchsorted(np.sort(opened[asked[customer]]), days[rows])
    cases["returns_before"] = before[0].astype(int)
    cases["refunded_before"], cases["vouchers_before"] = before[1].round(2), before[2]
    cases["tickets_before"] = before[3].astype(int)
