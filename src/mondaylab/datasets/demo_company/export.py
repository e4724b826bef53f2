"""Writes the demo company's raw exports for one quarter, as its shop system, CRM and ledger would."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from mondaylab.datasets.demo_company import (
    books,
    catalogue,
    handbook,
    people,
    returns,
    selection,
    support,
    trade,
)
from mondaylab.datasets.demo_company.company import Company
from mondaylab.errors import Refused
from mondaylab.files import staged_folder
from mondaylab.quarter import Quarter
from mondaylab.settings import Site

# decimals of the numbers that an export prints; all else is text, a whole number or a date
_DECIMALS = {
    "unit_cost": 2,
    "list_price": 2,
    "unit_price": 2,
    "net_amount": 2,
    "cost_amount": 2,
    "freight_cost": 2,
    "refund_amount": 2,
    "amount": 2,
    "discount_pct": 3,
    "line_value": 2,
    "order_value": 2,
    "refund_requested": 2,
    "refund_decided": 2,
    "refunded_before": 2,
    "voucher": 2,
    "vouchers_before": 2,
    "skills_match": 2,
    "trial_month_rating": 1,
}

_ORDERS = "order_id customer_id employee_id order_date channel status discount_approved_by note"
_SHIPMENTS = "shipment_id order_id carrier shipped_date delivered_date freight_cost late"


def generate(site: Site, company: str, quarter: str) -> Path:
    """Writes ``var/raw/<company>/<quarter>/``: a CSV a table, and ``handbook.md``.

    The same ``company.yaml`` and quarter give the same bytes (with one version of numpy). The folder is replaced as a
    whole, or left as it was.

    Raises:
        NotFound: The company has no ``company.yaml``: it is a real one, whose exports come from its own systems.
        Refused: The quarter lies before the company's first.
    """
    settings, when = Company.of(site.company(company)), Quarter.parse(quarter)
    if settings.age(when) < 0:
        raise Refused(f"{company} began in {settings.first_quarter}", fix="ask for a later quarter")
    tables = frames(settings, when)
    boss = tables["employees"].query("role == 'Finance controller'").iloc[0]
    folder = site.raw / company / str(when)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(0o700)
    with staged_folder(folder, mode=0o700) as staged:
        for name, frame in tables.items():
            _as_text(frame).to_csv(staged / f"{name}.csv", index=False, lineterminator="\n")
        text = handbook.markdown(settings, when, f"{boss['first_name']} {boss['last_name']}", boss["phone"])
        (staged / "handbook.md").write_text(text, "utf-8")
    return folder


def frames(company: Company, quarter: Quarter) -> dict[str, pd.DataFrame]:
    """The quarter's raw tables, by name, columns as exported."""
    customers = people.customers(company, quarter)
    employees = people.employees(company, quarter)
    suppliers = catalogue.suppliers(company)
    products = catalogue.products(company, quarter)
    sold = trade.trade(company, quarter, customers, employees, products)
    shipments = trade.shipments(company, quarter, sold)
    tickets = support.tickets(company, quarter, sold, shipments, customers, employees, products)
    ledger = books.ledger(company, quarter, sold, shipments, tickets, employees, suppliers, customers)
    returned = returns.returns(company, quarter, sold, shipments, tickets, customers, employees, products)
    posts = selection.vacancies(company, quarter)
    orders = sold.orders.assign(note=support.order_notes(company, quarter, sold, customers))
    return {
        "customers": _public(customers),
        "employees": employees,
        "suppliers": suppliers,
        "products": _public(products),
        "orders": orders[_ORDERS.split()],
        "order_lines": _public(sold.lines),
        "shipments": shipments[_SHIPMENTS.split()],
        "tickets": tickets,
        "ledger": ledger,
        "returns": returned,
        "vacancies": posts,
        "applications": selection.applications(company, quarter, posts, employees),
        "hires": selection.hires(company, quarter),
    }


def _public(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the generator's working columns."""
    return frame[[column for column in frame.columns if not column.startswith("_")]]


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every cell as the export prints it: fixed decimals, ISO dates, blanks for missing values."""
    printed = {}
    for name in map(str, frame.columns):
        column = frame[name]
        if name in _DECIMALS:
            printed[name] = column.map(f"{{:.{_DECIMALS[name]}f}}".format)
        elif pd.api.types.is_datetime64_any_dtype(column):
            printed[name] = column.dt.strftime("%Y-%m-%d").fillna("")
        else:
            printed[name] = column.astype(str)
    return pd.DataFrame(printed)
