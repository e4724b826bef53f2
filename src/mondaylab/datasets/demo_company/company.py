"""The demo company's settings, and the only source of chance in it."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from pydantic import Field

from mondaylab.quarter import Quarter
from mondaylab.records import Record

REGIONS = ("North", "South", "East", "West", "Central")
SEGMENTS = ("Retail", "Trade", "Public", "Online")
CATEGORIES = ("Packaging", "Cleaning", "Safety", "Office", "Furniture", "Tools")
CHANNELS = ("web", "phone", "edi", "rep")


class Limits(Record):
    """Numbers that the handbook states; shares of 1, or EUR."""

    discount_sales_lead: float = Field(gt=0, lt=1)
    discount_finance: float = Field(gt=0, lt=1)
    refund_second_signature: int = Field(gt=0)
    credit_review: int = Field(gt=0)
    write_off: int = Field(gt=0)
    return_days: int = Field(gt=0)
    goodwill: int = Field(gt=0)
    smallest_group: int = Field(gt=1)
    keep_candidates: int = Field(gt=0)


class Company(Record):
    """``datasets/<company>/company.yaml``."""

    name: str
    seed: int
    mail_domain: str
    customers: int = Field(ge=50, le=50_000)
    employees: int = Field(ge=30, le=5_000)
    suppliers: int = Field(ge=6, le=999)
    products: int = Field(ge=60, le=5_000)
    orders_a_quarter: int = Field(ge=100, le=15_000)
    first_quarter: str
    limits: Limits

    @classmethod
    def of(cls, folder: Path) -> Company:
        """Reads ``<folder>/company.yaml``."""
        return cls.read_yaml(folder / "company.yaml")

    def random(self, *purpose: object) -> np.random.Generator:
        """A generator that depends on the seed and the purpose alone, so that parts can change separately."""
        text = "|".join(str(part) for part in (self.seed, *purpose))
        return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")))

    def age(self, quarter: Quarter) -> int:
        """Quarters since `first_quarter`; negative before it."""
        first = Quarter.parse(self.first_quarter)
        return 4 * (quarter.year - first.year) + quarter.number - first.number


def days_of(quarter: Quarter) -> np.ndarray:
    """The quarter's days as ``datetime64[D]``."""
    return np.arange(np.datetime64(quarter.start), np.datetime64(quarter.end) + np.timedelta64(1, "D"))


def monday_of(day: date) -> date:
    """The Monday of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def week_numbers(days: np.ndarray, first: date) -> np.ndarray:
    """ISO weeks since the week of `first`, for ``datetime64[D]`` days."""
    return (days - np.datetime64(monday_of(first))).astype(int) // 7


def weighted(random: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """One column index per row of `weights` (n x k, not negative), drawn in proportion to the row."""
    edges = np.cumsum(weights, axis=1)
    spot: np.ndarray = random.random(len(weights))[:, None] * edges[:, -1:]
    return np.asarray((spot >= edges).sum(axis=1))
