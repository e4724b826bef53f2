"""The ledger: revenue and cost of goods by day and region, freight, refunds, supplier payments, staff costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mondaylab.datasets.demo_company import identities
from mondaylab.datasets.demo_company.company import REGIONS, Company, days_of
from mondaylab.datasets.demo_company.phrases import MEMOS
from mondaylab.datasets.demo_company.trade import ORDER_NUMBERS, Trade
from mondaylab.quarter import Quarter

ACCOUNTS = {
    "4000": "Sales revenue",
    "4900": "Refunds and credits",
    "5000": "Cost of goods sold",
    "6000": "Salaries",
    "6300": "Travel and training",
    "6400": "Outbound freight",
    "1600": "Trade payables",
}


def ledger(
    company: Company,
    quarter: Quarter,
    sold: Trade,
    shipments: pd.DataFrame,
    tickets: pd.DataFrame,
    employees: pd.DataFrame,
    suppliers: pd.DataFrame,
    customers: pd.DataFrame,
) -> pd.DataFrame:
    """Entries posted in the quarter, EUR, costs negative. Revenue is posted when goods leave, not when ordered."""
    random = company.random("ledger", quarter)
    parts = [
        _goods(sold, shipments),
        _freight(random, quarter, shipments),
        _refunds(random, tickets, employees, customers),
        _supplier_payments(random, quarter, sold, suppliers),
        _staff(random, quarter, employees),
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame["posted_date"] = frame["posted_date"].astype("datetime64[s]")
    frame = frame[frame["posted_date"] <= np.datetime64(quarter.end)]
    frame = frame.sort_values(["posted_date", "account", "reference", "amount"], kind="stable").reset_index(drop=True)
    first = company.age(quarter) * ORDER_NUMBERS * 2 + 1
    frame["entry_id"] = [f"B{number:07d}" for number in range(first, first + len(frame))]
    frame["account_name"] = frame["account"].map(ACCOUNTS)
    return frame[["entry_id", "posted_date", "account", "account_name", "cost_center", "amount", "reference", "memo"]]


def _goods(sold: Trade, shipments: pd.DataFrame) -> pd.DataFrame:
    by_order = sold.lines.groupby("order_id")[["net_amount", "cost_amount"]].sum()
    moved = shipments.join(by_order, on="order_id")
    moved["cost_center"] = np.array(REGIONS)[moved["_region"]]
    daily = moved.groupby(["shipped_date", "cost_center"])[["net_amount", "cost_amount"]].sum().reset_index()
    revenue = daily.assign(account="4000", amount=daily["net_amount"], memo="Daily sales")
    goods = daily.assign(account="5000", amount=-daily["cost_amount"], memo="Goods issued")
    frame = pd.concat([revenue, goods]).rename(columns={"shipped_date": "posted_date"})
    return frame.assign(reference="")[_COLUMNS]


_COLUMNS = ["posted_date", "account", "cost_center", "amount", "reference", "memo"]


def _freight(random: np.random.Generator, quarter: Quarter, shipments: pd.DataFrame) -> pd.DataFrame:
    lag = random.integers(2, 9, len(shipments)).astype("timedelta64[D]")
    posted = np.minimum(shipments["shipped_date"].to_numpy() + lag, np.datetime64(quarter.end))
    words = random.integers(0, len(MEMOS["freight"]), len(shipments)).tolist()
    memo = [
        MEMOS["freight"][word].format(carrier=carrier, order=order)
        for word, carrier, order in zip(words, shipments["carrier"], shipments["order_id"], strict=True)
    ]
    return pd.DataFrame(
        {
            "posted_date": posted,
            "account": "6400",
            "cost_center": np.array(REGIONS)[shipments["_region"]],
            "amount": -shipments["freight_cost"],
            "reference": shipments["shipment_id"],
            "memo": memo,
        }
    )


def _refunds(
    random: np.random.Generator, tickets: pd.DataFrame, employees: pd.DataFrame, customers: pd.DataFrame
) -> pd.DataFrame:
    paid = tickets[tickets["refund_amount"] > 0]
    who = customers.set_index("customer_id")
    staff = employees.set_index("employee_id")
    memo = []
    for row in paid.to_dict("records"):
        customer, agent = who.loc[row["customer_id"]], staff.loc[row["employee_id"]]
        style = int(random.integers(24))
        memo.append(
            MEMOS["refund"][style % 3].format(
                order=row["order_id"],
                agent=identities.name_text((agent["first_name"], agent["last_name"]), style),
                iban=identities.iban_text(customer["iban"], style),
            )
        )
    return pd.DataFrame(
        {
            "posted_date": paid["opened_date"] + pd.to_timedelta(random.integers(1, 12, len(paid)), unit="D"),
            "account": "4900",
            "cost_center": who.loc[paid["customer_id"], "region"].to_numpy(),
            "amount": -paid["refund_amount"],
            "reference": paid["order_id"],
            "memo": memo,
        }
    )


def _supplier_payments(
    random: np.random.Generator, quarter: Quarter, sold: Trade, suppliers: pd.DataFrame
) -> pd.DataFrame:
    days = days_of(quarter)
    count = 4 * len(suppliers)
    picked = random.integers(0, len(suppliers), count)
    worth = float(sold.lines["cost_amount"].sum()) / count
    rows = []
    for index in picked.tolist():
        supplier = suppliers.iloc[index]
        style = int(random.integers(12))
        memo = MEMOS["supplier"][style % 3].format(
            supplier=supplier["name"],
            iban=identities.iban_text(supplier["iban"], style),
            contact=identities.name_text(tuple(supplier["contact_name"].split(" ", 1)), style),
        )
        rows.append({"reference": supplier["supplier_id"], "memo": memo})
    frame = pd.DataFrame(rows)
    frame["posted_date"] = days[random.integers(0, len(days), count)]
    frame["account"], frame["cost_center"] = "1600", "Purchasing"
    frame["amount"] = -(worth * random.lognormal(0, 0.6, count)).round(2)
    return frame[_COLUMNS]


def _staff(random: np.random.Generator, quarter: Quarter, employees: pd.DataFrame) -> pd.DataFrame:
    monthly = (employees.groupby("team")["salary"].sum() / 12).round(2)
    rows = []
    for month in range(3):
        pay_day = np.datetime64(f"{quarter.year}-{3 * quarter.number - 2 + month:02d}-27")
        for team, amount in monthly.items():
            rows.append((pay_day, "6000", team, -float(amount), "", "Payroll"))
        for index in random.integers(0, len(employees), 12).tolist():
            person = employees.iloc[index]
            style = int(random.integers(24))
            memo = MEMOS["staff"][style % 3].format(
                agent=identities.name_text((person["first_name"], person["last_name"]), style)
            )
            day = pay_day - np.timedelta64(int(random.integers(0, 20)), "D")
            rows.append((day, "6300", person["team"], -round(float(random.gamma(2, 130)), 2), "", memo))
    return pd.DataFrame(rows, columns=_COLUMNS)
