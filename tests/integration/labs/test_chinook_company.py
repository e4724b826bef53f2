"""Moving house: the finance lab, written for the demo company, on a database that nobody here made."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from mondaylab.datasets.sanitize import sanitize
from mondaylab.datasets.snapshot import Snapshot, latest
from mondaylab.labs.concepts.bindings import Bindings
from mondaylab.labs.declaration import LabDeclaration
from mondaylab.labs.figures import Figure
from mondaylab.labs.forms.form import draw_forms
from mondaylab.labs.material import Material
from mondaylab.labs.measures import Catalog, NoValue, unit_of
from mondaylab.labs.needs import lab_needs, missing_for
from mondaylab.quarter import Quarter
from mondaylab.settings import Site

REPO = Path(__file__).resolve().parents[3]
DATABASE = REPO.parent / "shared" / "data" / "chinook" / "Chinook_Sqlite.sqlite"
LAB = REPO / "labs" / "finance" / "weekly_margin_memo"
QUARTER = "2026Q4"

pytestmark = pytest.mark.skipif(not DATABASE.is_file(), reason=f"the Chinook database is not at {DATABASE}")


@pytest.fixture(scope="module")
def site(demo_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Chinook's raw export as datasets/chinook/README.md says, sanitized by its own policy."""
    site = Site(REPO, tmp_path_factory.mktemp("chinook-var"))
    raw = site.raw / "chinook" / QUARTER
    raw.mkdir(parents=True)
    with sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True) as database:
        for (name,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            table = pd.read_sql_query(f'select * from "{name}"', database)
            for column in ("ReportsTo", "SupportRepId"):
                if column in table:
                    table[column] = table[column].astype("Int64")
            table.to_csv(raw / f"{name}.csv", index=False)
    shutil.copy(demo_site.raw / "demo" / QUARTER / "handbook.md", raw)
    sanitize(site, "chinook", QUARTER)
    return site


@pytest.fixture(scope="module")
def lab() -> LabDeclaration:
    return LabDeclaration.of(LAB)


@pytest.fixture(scope="module")
def bindings() -> Bindings:
    return Bindings.of(REPO / "datasets" / "chinook")


@pytest.fixture(scope="module")
def catalog(site: Site, bindings: Bindings) -> Catalog:
    return Catalog(bindings, Snapshot.open(latest(site, "chinook", QUARTER)).tables())


def test_bindings_cover_what_the_lab_needs(lab: LabDeclaration, bindings: Bindings) -> None:
    assert missing_for(bindings, lab_needs(lab)) == []


def test_what_stands_in_for_data_says_so(bindings: Bindings) -> None:
    told = {line.partition(":")[0] for line in bindings.assumptions()}
    assert {"order_line.day", "order_line.cost_rate", "order_line.discount", "shipment.late"} <= told
    assert "order_line.region" not in told, "a group of real countries is no assumption"


def test_real_columns_come_through_untouched(catalog: Catalog) -> None:
    with sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True) as database:
        lines, total, rock = database.execute(
            "select count(*), sum(l.UnitPrice * l.Quantity), sum((g.Name like 'Rock%') * l.UnitPrice * l.Quantity)"
            " from InvoiceLine l join Track using (TrackId) join Genre g using (GenreId)"
        ).fetchone()
        overseas = database.execute(
            "select count(*) from Invoice"
            " where BillingCountry in ('Brazil', 'Chile', 'Argentina', 'India', 'Australia')"
        ).fetchone()[0]
    frame = catalog.frame("order_line")
    assert len(frame) == lines
    assert frame["net"].sum() == pytest.approx(100 * total)
    assert frame.loc[frame["category"] == "Rock", "net"].sum() == pytest.approx(100 * rock)
    assert frame.loc[frame["region"] == "Overseas", "order"].nunique() == overseas
    quarter = Quarter.parse(QUARTER)
    assert frame["_date"].dt.date.between(quarter.start, quarter.end).all()
    assert frame.groupby("order")["status"].nunique().max() == 1, "an invoice is cancelled as a whole"


def test_every_measure_of_the_lab_has_a_value_and_a_unit_in_every_week(lab: LabDeclaration, catalog: Catalog) -> None:
    weeks = Quarter.parse(QUARTER).full_weeks()
    for name, measure in lab.measures.items():
        unit = unit_of(measure, catalog.bindings)
        assert unit in (None, "USD", "pieces"), name
        for week in weeks:
            catalog.evaluate(Figure(measure, "plain", {}, week).measure())


def test_most_cuts_of_the_claims_have_a_value(lab: LabDeclaration, catalog: Catalog) -> None:
    weeks = Quarter.parse(QUARTER).full_weeks()[1:]
    for claim in lab.claims:
        for name in claim.measure_names():
            fields = [field for field in claim.by if field != "period"]
            if len(fields) != 1 or claim.kind != "figure":
                continue
            figure = Figure(lab.measures[name], claim.view, {}, weeks[0])
            values = []
            for week in weeks:
                for member in catalog.members(figure.entity, fields[0]):
                    try:
                        values.append(catalog.evaluate(figure.with_(cut={fields[0]: member}, week=week).measure()))
                    except NoValue:
                        values.append(None)
            assert sum(value is not None for value in values) > 0.8 * len(values), claim.id
            assert len(set(values)) > 2, f"{claim.id}: the same everywhere, so nothing could be wrong with it"


def test_every_learner_gets_a_form(site: Site) -> None:
    material = Material.open(site, "finance/weekly_margin_memo", company="chinook", quarter=QUARTER)
    forms = draw_forms(material, b"s" * 32, cohort="c", learners=[f"l{n}" for n in range(8)], attempt=1)
    assert len(forms) == 8
    words = " ".join(claim.text for form in forms for claim in form.key.claims)
    assert "Europe" in words
    assert "Rock" in words
