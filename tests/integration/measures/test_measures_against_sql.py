"""Random measures of every kind against an independent evaluation in SQL."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from tests.support import bicycle_rental, sql_oracle

from mondaylab.concepts.bindings import Bindings
from mondaylab.datasets.latest import latest
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.measures import (
    Aggregate,
    Growth,
    GrowthOver,
    Measure,
    Minus,
    Period,
    Product,
    Rank,
    Rate,
    Ratio,
    Scaled,
    TopShare,
    describe,
)
from mondaylab.measures.catalog import Catalog, NoValue
from mondaylab.settings import Site

REPO = Path(__file__).resolve().parents[3]


class Maker:
    """Draws measures over all kinds, entities, fields, filters and periods of a company."""

    def __init__(self, sql: Any, days: tuple[date, date] | None, seed: int) -> None:
        self.sql = sql
        self.days = days
        self.rng = random.Random(seed)
        self.entities = list(sql.bindings["entities"])
        self.numeric = {name: sql.numeric(name) for name in self.entities}
        self.fields = {name: self._cuttable(name) for name in self.entities}

    def _cuttable(self, entity: str) -> dict[str, list[str]]:
        found = {name: self.sql.members(entity, name) for name in self.sql.fields(entity)}
        return {name: members for name, members in found.items() if 1 < len(members) <= 100}

    def measure(self) -> Measure:
        entity = self.rng.choice(self.entities)
        kinds = ["aggregate", "aggregate", "minus", "ratio", "product", "rate", "growth", "scaled", "rank", "top"]
        return getattr(self, self.rng.choice(kinds + ["over"] * (self.days is not None)))(entity)

    def aggregate(self, entity: str, hows: tuple[str, ...] = (), *, dated: bool = False) -> Aggregate:
        numbers = self.numeric[entity]
        hows = hows or ("sum", "mean", "median", "min", "max", "range", "quantile", "count", "distinct")
        how = self.rng.choice(hows if numbers else [how for how in hows if how in ("count", "distinct")])
        name = None if how == "count" else self.rng.choice(self.sql.fields(entity) if how == "distinct" else numbers)
        some = self.rng.sample(
            sorted(self.fields[entity]), k=min(len(self.fields[entity]), self.rng.choice([0, 1, 1, 2]))
        )
        bounded = [self.rng.choice(numbers)] if numbers and self.rng.random() < 0.25 else []
        return Aggregate(
            how=how,
            entity=entity,
            field=name,
            q=self.rng.choice([0, 0.05, 0.25, 1 / 3, 0.5, 0.9, 1]) if how == "quantile" else None,
            where={cut: self.some(entity, cut) for cut in some},
            bounds={one: self.bound(entity, one) for one in bounded},
            period=self.period() if self.days and (dated or self.rng.random() < 0.6) else None,
            joined=self.joined(entity) if self.rng.random() < 0.15 else None,
        )

    def joined(self, entity: str) -> str | None:
        """Another concept that has a field of this one's with so many values that a join stays small."""
        mine = set(self.sql.fields(entity))
        known = [
            f"{other}.{name}"
            for other in self.entities
            for name in sorted(mine & set(self.sql.fields(other)) & {"order", "customer", "product", "case"})
            if other != entity
        ]
        return self.rng.choice(known) if known else None

    def some(self, entity: str, cut: str) -> tuple[str, ...]:
        members = self.fields[entity][cut]
        chosen = self.rng.sample(members, k=self.rng.choice([1, 1, 1, 2]))
        return tuple(chosen) if self.rng.random() > 0.02 else ("nobody",)

    def bound(self, entity: str, name: str) -> tuple[float | None, float | None]:
        found = self.sql.rows(f"select f_{name} from e_{entity} where f_{name} is not null")
        low, high = sorted(self.rng.choice(found)[0] for _ in range(2))
        choices = [(low, None), (None, high), (low, high if high > low else None)]
        pair = self.rng.choice(choices)
        return pair if pair != (None, None) else (low, None)

    def period(self) -> Period:
        first, last = self.days
        start = first + timedelta(days=self.rng.randrange(-10, (last - first).days + 10))
        return Period(start=start, end=start + timedelta(days=self.rng.choice([0, 2, 6, 6, 27, 90])))

    def near(self, part: Aggregate) -> Aggregate:
        """Another figure like this one: other rows or other days."""
        if part.period is not None and self.rng.random() < 0.6:
            return part.model_copy(update={"period": part.period.shifted(-7)})
        return part.model_copy(update={"where": dict(list(part.where.items())[1:])})

    def minus(self, entity: str) -> Measure:
        return Minus(
            left=(part := self.aggregate(entity)), right=self.rng.choice([self.near(part), self.aggregate(entity)])
        )

    def ratio(self, entity: str) -> Measure:
        bottom = self.aggregate(entity)
        top = self.rng.choice([self.near(bottom), self.minus(entity), self.aggregate(self.rng.choice(self.entities))])
        return Ratio(top=top, bottom=bottom)

    def product(self, entity: str) -> Measure:
        return Product(left=self.aggregate(entity), right=self.rng.choice([self.aggregate, self.ratio])(entity))

    def rate(self, entity: str) -> Measure:
        cuts = [self.rng.choice(sorted(self.fields[entity])) for _ in range(2)]
        holds, given = ({cut: self.some(entity, cut)} for cut in cuts)
        of = self.aggregate(entity, ("count", "distinct"))
        return Rate(of=of, holds=holds, given=given if self.rng.random() < 0.7 else {})

    def growth(self, entity: str) -> Measure:
        now = self.rng.choice([self.aggregate(entity), self.ratio(entity)])
        return Growth(now=now, before=self.near(now) if isinstance(now, Aggregate) else self.ratio(entity))

    def over(self, entity: str) -> Measure:
        part = self.aggregate(entity, dated=True)
        of = self.rng.choice([part, part, Ratio(top=part, bottom=self.aggregate(entity, dated=True))])
        how = self.rng.choice(["compound", "average"])
        return GrowthOver(of=of, periods=self.rng.randrange(1, 6), days=self.rng.choice([7, 14]), how=how)

    def scaled(self, entity: str) -> Measure:
        return Scaled(
            of=self.rng.choice([self.aggregate, self.ratio])(entity), factor=self.rng.choice([-1, 100, 0.001])
        )

    def rank(self, entity: str) -> Measure:
        by = self.rng.choice(sorted(name for name, members in self.fields[entity].items() if len(members) <= 30))
        of = self.rng.choice([self.aggregate, self.ratio, self.minus])(entity)
        return Rank(of=of, entity=entity, by=by, member=self.rng.choice(self.fields[entity][by]))

    def top(self, entity: str) -> Measure:
        part = self.aggregate(entity, ("sum", "count"))
        of = self.rng.choice([part, part, Minus(left=part, right=self.near(part)), Scaled(of=part, factor=-0.5)])
        by = self.rng.choice(self.sql.fields(entity))
        return TopShare(of=of, entity=entity, by=by, n=self.rng.choice([1, 3, 10, 100_000]))


@dataclass(frozen=True)
class Company:
    """The engine's catalog and the oracle's database on the same tables."""

    catalog: Catalog
    sql: sql_oracle.Sql
    days: tuple[date, date] | None


@pytest.fixture(scope="module")
def demo(demo_site: Site) -> Company:
    folder = demo_site.company("demo")
    tables = Snapshot.open(latest(demo_site, "demo", "2026Q4")).tables()
    return company(folder, tables, (date(2026, 10, 1), date(2026, 12, 31)))


@pytest.fixture(scope="module")
def velo() -> Company:
    """A rental with a key of two columns and words for its flags."""
    tables = bicycle_rental.tables("2026Q4")
    return company(bicycle_rental.FOLDER, tables, (date(2026, 10, 1), date(2026, 12, 31)))


@pytest.fixture(scope="module")
def telco() -> Company:
    source = REPO.parent / "shared" / "data" / "telco_churn" / "Telco-Customer-Churn.csv"
    if not source.is_file():
        pytest.skip(f"the telco table is not at {source}")
    table = pd.read_csv(source)
    table["TotalCharges"] = pd.to_numeric(table["TotalCharges"], errors="coerce")  # eleven are blank
    return company(REPO / "tests" / "data" / "telco", {"customers": table}, None)


@pytest.fixture(scope="module")
def chinook(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Chinook through its own bindings, without the fields that are dealt by a hash (SQL has no such hash)."""
    source = REPO.parent / "shared" / "data" / "chinook" / "Chinook_Sqlite.sqlite"
    if not source.is_file():
        pytest.skip(f"the Chinook database is not at {source}")
    plain = yaml.safe_load((REPO / "datasets" / "chinook" / "bindings.yaml").read_text("utf-8"))
    by_date = {
        "do": "rescaled",
        "of": "Invoice.InvoiceDate",
        "span": [date(2021, 1, 1), date(2025, 12, 31)],
        "into": [date(2026, 10, 1), date(2026, 12, 31)],
        "assumed": "days are dealt by a hash, too",
    }
    for entity in plain["entities"].values():
        entity["derived"]["day"] = by_date
        dealt = {f"derived.{name}" for name, how in entity["derived"].items() if how["do"] == "dealt"}
        dealt |= {"derived.cost", "derived.one_over_kept", "derived.before_discount"}
        entity["derived"] = {name: how for name, how in entity["derived"].items() if f"derived.{name}" not in dealt}
        entity["fields"] = {name: bound for name, bound in entity["fields"].items() if bound["column"] not in dealt}
    folder = tmp_path_factory.mktemp("chinook")
    (folder / "bindings.yaml").write_text(yaml.safe_dump(plain, sort_keys=False), "utf-8")
    names = ("Customer", "Genre", "Invoice", "InvoiceLine", "MediaType", "Track")
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as database:
        tables = {name: pd.read_sql_query(f'select * from "{name}"', database) for name in names}
    tables["Invoice"]["InvoiceDate"] = pd.to_datetime(tables["Invoice"]["InvoiceDate"])
    return company(folder, tables, (date(2026, 10, 1), date(2026, 12, 31)))


def company(folder: Path, tables: Mapping[str, pd.DataFrame], days: tuple[date, date] | None) -> Company:
    plain = yaml.safe_load((folder / "bindings.yaml").read_text("utf-8"))
    return Company(Catalog(Bindings.of(folder), tables), sql_oracle.Sql(plain, tables), days)


def disagreements(company: Company, count: int, seed: int) -> tuple[list[str], int, int]:
    """What differs, how many had no value, and how many were left out because rounding decides them."""
    maker = Maker(company.sql, company.days, seed)
    found, nothing, shaky = [], 0, 0
    for _ in range(count):
        measure = maker.measure()
        try:
            expected = sql_oracle.value_of(company.sql, measure)
        except sql_oracle.Shaky:
            shaky += 1
            continue
        try:
            value = company.catalog.evaluate(measure)
        except NoValue:
            value = None
        nothing += expected.value is None
        if value is None or expected.value is None:
            same = value is expected.value
        else:
            same = abs(value - expected.value) <= max(1e-9 * abs(expected.value), 10 * expected.error)
        if not same:
            found.append(f"{describe(measure)}: engine {value}, SQL {expected.value}\n  {measure!r}")
    return found, nothing, shaky


def held(company: Company, count: int, seed: int) -> None:
    found, nothing, shaky = disagreements(company, count, seed)
    assert not found, "\n".join(found[:10])
    assert 0 < nothing < 0.6 * count
    assert shaky < count / 20


def test_random_measures_agree(demo: Company) -> None:
    held(demo, 150, seed=3)


def test_random_measures_agree_on_a_rental(velo: Company) -> None:
    held(velo, 150, seed=8)


@pytest.mark.deep
def test_random_measures_agree_on_telco(telco: Company) -> None:
    held(telco, 150, seed=6)


def test_random_measures_agree_on_chinook(chinook: Company) -> None:
    held(chinook, 150, seed=7)


@pytest.mark.deep
def test_six_hundred_random_measures_agree(demo: Company) -> None:
    held(demo, 600, seed=4)


@pytest.mark.deep
def test_a_wrong_answer_would_be_found(demo: Company) -> None:
    """The oracle can tell: the same measures against a database where one amount differs."""
    altered = dict(demo.sql.tables)
    lines = altered["order_lines"].copy()
    lines["net_amount"] = lines["net_amount"] * 1.000001
    sql = sql_oracle.Sql(demo.sql.bindings, altered | {"order_lines": lines})
    other = Company(demo.catalog, sql, demo.days)
    assert disagreements(other, 300, seed=5)[0]
