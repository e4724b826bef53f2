"""Dirt as real exports have it: blanks, odd case, trailing spaces, tickets entered twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mondaylab.datasets.demo_company.company import Company


def in_customers(company: Company, frame: pd.DataFrame) -> pd.DataFrame:
    """Cities in mixed case, some contact cells blank, some names with a trailing space."""
    random = company.random("dirt", "customers")
    spot = random.random(len(frame))
    frame = frame.copy()
    frame["city"] = np.where(
        spot < 0.05, frame["city"].str.upper(), np.where(spot < 0.09, frame["city"].str.lower(), frame["city"])
    )
    frame["contact_phone"] = frame["contact_phone"].mask(random.random(len(frame)) < 0.03, "")
    frame["contact_email"] = frame["contact_email"].mask(random.random(len(frame)) < 0.02, "")
    trailing = random.random(len(frame)) < 0.04
    frame["contact_name"] = frame["contact_name"].where(~trailing, frame["contact_name"] + " ")
    return frame


def trailing_spaces(random: np.random.Generator, text: pd.Series, share: float = 0.06) -> pd.Series:
    """One to three blanks after a share of the texts."""
    blanks = pd.Series(random.integers(1, 4, len(text)), index=text.index).map(lambda n: " " * n)
    return text.where(random.random(len(text)) >= share, text + blanks)


def entered_twice(random: np.random.Generator, tickets: pd.DataFrame, share: float = 0.02) -> pd.DataFrame:
    """Appends copies of some tickets: same customer and words, opened a day later, no refund, no order."""
    twice = tickets[random.random(len(tickets)) < share].copy()
    twice["opened_date"] = twice["opened_date"] + np.timedelta64(1, "D")
    twice["refund_amount"] = 0.0
    twice["order_id"] = ""
    twice["subject"] = np.where(
        random.random(len(twice)) < 0.5, twice["subject"].str.upper(), "Again: " + twice["subject"]
    )
    return pd.concat([tickets, twice], ignore_index=True)
