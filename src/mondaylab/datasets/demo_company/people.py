"""Customers and employees: the demo company's people, the same in every quarter."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from mondaylab.datasets.demo_company import dirt, identities
from mondaylab.datasets.demo_company.company import REGIONS, SEGMENTS, Company
from mondaylab.datasets.demo_company.names import FORMS, TRADES
from mondaylab.quarter import Quarter

REGION_SHARES = (0.23, 0.22, 0.16, 0.22, 0.17)
SEGMENT_SHARES = (0.33, 0.31, 0.15, 0.21)
CREDIT = {"Retail": 6_000, "Trade": 14_000, "Public": 18_000, "Online": 4_000}

# role, team, share of the staff, yearly salary in EUR
_ROLES = (
    ("Account manager", "Sales", 0.26, 52_000),
    ("Support agent", "Service", 0.24, 39_000),
    ("Warehouse clerk", "Logistics", 0.24, 34_000),
    ("Buyer", "Purchasing", 0.10, 51_000),
    ("Accountant", "Finance", 0.10, 49_000),
    ("Analyst", "Finance", 0.06, 58_000),
)


def customers(company: Company, quarter: Quarter) -> pd.DataFrame:
    """Customers that existed by the end of the quarter, with contact data; ``_weight`` is how much they order."""
    random = company.random("customers")
    people = identities.names(random, company.customers)
    phones = identities.phone_numbers(random, company.customers)
    first_day, last_day = date(2014, 1, 6), date(2027, 12, 31)
    rows = []
    for number, (name, phone) in enumerate(zip(people, phones, strict=True), start=1):
        region = REGIONS[int(random.choice(len(REGIONS), p=REGION_SHARES))]
        segment = SEGMENTS[int(random.choice(len(SEGMENTS), p=SEGMENT_SHARES))]
        street, postcode, city = identities.address(random, region)
        firm = _firm(random, name[1], city, segment)
        size = float(random.lognormal(0, 0.7))
        rows.append(
            {
                "customer_id": f"C{number:05d}",
                "company_name": firm,
                "contact_name": f"{name[0]} {name[1]}",
                "contact_email": f"{identities.plain(name[0])}.{identities.plain(name[1])}"
                f"@{identities.plain(firm)}{number}.example",
                "contact_phone": identities.phone_text(phone, int(random.integers(9))),
                "street": street,
                "postcode": postcode,
                "city": city,
                "region": region,
                "segment": segment,
                "since": first_day + timedelta(days=int((last_day - first_day).days * random.beta(1.6, 1.2))),
                "credit_limit": int(np.clip(round(CREDIT[segment] * size / 500) * 500, 500, 80_000)),
                "iban": identities.iban(random),
                "_weight": size,
            }
        )
    frame = pd.DataFrame(rows)
    frame = dirt.in_customers(company, frame)
    return frame[frame["since"] <= quarter.end].reset_index(drop=True)


def _firm(random: np.random.Generator, last: str, city: str, segment: str) -> str:
    trade = TRADES[segment][int(random.integers(len(TRADES[segment])))]
    if segment == "Public":
        return f"{trade} {city} {'' if random.random() < 0.4 else int(random.integers(2, 40))}".strip()
    form = FORMS[int(random.integers(len(FORMS)))]
    return f"{last} {trade} {form}" if random.random() < 0.6 else f"{trade} {city} {last} {form}"


def employees(company: Company, quarter: Quarter) -> pd.DataFrame:
    """Staff by the end of the quarter; two sales leads a region and three finance controllers among them."""
    random = company.random("employees")
    people = identities.names(random, company.employees)
    phones = identities.phone_numbers(random, company.employees)
    leads = [("Sales lead", "Sales", region, 78_000) for region in REGIONS for _ in range(2)]
    jobs = leads + [("Finance controller", "Finance", "Central", 82_000)] * 3
    roles = random.choice(len(_ROLES), size=company.employees - len(jobs), p=[role[2] for role in _ROLES])
    for index in roles.tolist():
        role, team, _, salary = _ROLES[index]
        jobs.append((role, team, REGIONS[int(random.choice(len(REGIONS), p=REGION_SHARES))], salary))
    rows = []
    for number, (name, phone, job) in enumerate(zip(people, phones, jobs, strict=True), start=1):
        role, team, region, salary = job
        early = role in ("Sales lead", "Finance controller")
        rows.append(
            {
                "employee_id": f"E{number:04d}",
                "first_name": name[0],
                "last_name": name[1],
                "email": f"{identities.plain(name[0])[:1]}.{identities.plain(name[1])}{number}@{company.mail_domain}",
                "phone": identities.phone_text(phone, int(random.integers(9))),
                "birth_date": date(1962, 1, 1) + timedelta(days=int(random.integers(0, 14_600))),
                "role": role,
                "team": team,
                "region": region,
                "hired": date(2012, 1, 2) + timedelta(days=int(random.integers(0, 4_600 if early else 5_400))),
                "salary": int(round(salary * float(random.normal(1, 0.09)) / 100) * 100),
            }
        )
    frame = pd.DataFrame(rows)
    return frame[(frame["hired"] <= quarter.end)].reset_index(drop=True)
