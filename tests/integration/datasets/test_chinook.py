"""A real relational export that nobody here made: the sanitizer knows nothing of the demo company."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
import yaml

from mondaylab.datasets.sanitize import sanitize
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.errors import Refused
from mondaylab.settings import Site

REPO = Path(__file__).resolve().parents[3]
DATABASE = REPO.parent / "shared" / "data" / "chinook" / "Chinook_Sqlite.sqlite"

pytestmark = pytest.mark.skipif(not DATABASE.is_file(), reason=f"the Chinook database is not at {DATABASE}")

POLICY = """
company: chinook
steward: the steward
domains:
  customer: {prefix: C}
  employee: {prefix: E}
  invoice: {prefix: I}
  line: {prefix: L}
tables:
  Customer:
    columns:
      CustomerId: {do: pseudonym, domain: customer}
      FirstName: {do: drop, holds: first_name}
      LastName: {do: drop, holds: last_name}
      Company: {do: drop, holds: company}
      Address: {do: drop, holds: street}
      City: {do: drop, holds: city}
      State: {do: drop, holds: other}
      Country: {do: keep, type: text}
      PostalCode: {do: prefix, length: 2}
      Phone: {do: drop, holds: phone}
      Fax: {do: drop, holds: phone}
      Email: {do: drop, holds: email}
      SupportRepId: {do: pseudonym, domain: employee}
  Employee:
    columns:
      EmployeeId: {do: pseudonym, domain: employee}
      LastName: {do: drop, holds: last_name}
      FirstName: {do: drop, holds: first_name}
      Title: {do: keep, type: text}
      ReportsTo: {do: pseudonym, domain: employee}
      BirthDate: {do: drop, holds: birth_date}
      HireDate: {do: year}
      Address: {do: drop, holds: street}
      City: {do: drop, holds: city}
      State: {do: drop, holds: other}
      Country: {do: keep, type: text}
      PostalCode: {do: drop, holds: postcode}
      Phone: {do: drop, holds: phone}
      Fax: {do: drop, holds: phone}
      Email: {do: drop, holds: email}
  Invoice:
    order_by: [InvoiceDate]
    columns:
      InvoiceId: {do: pseudonym, domain: invoice}
      CustomerId: {do: pseudonym, domain: customer}
      InvoiceDate: {do: keep, type: datetime}
      BillingAddress: {do: drop, holds: street}
      BillingCity: {do: drop, holds: city}
      BillingState: {do: drop, holds: other}
      BillingCountry: {do: keep, type: text}
      BillingPostalCode: {do: prefix, length: 2}
      Total: {do: keep, type: number}
  InvoiceLine:
    columns:
      InvoiceLineId: {do: pseudonym, domain: line}
      InvoiceId: {do: pseudonym, domain: invoice}
      TrackId: {do: keep, type: integer}
      UnitPrice: {do: keep, type: number}
      Quantity: {do: keep, type: integer}
  Track:
    columns:
      TrackId: {do: keep, type: integer}
      Name: {do: keep, type: text, public: titles of published songs}
      AlbumId: {do: keep, type: integer}
      MediaTypeId: {do: keep, type: integer}
      GenreId: {do: keep, type: integer}
      Composer: {do: keep, type: text, public: composers of published songs}
      Milliseconds: {do: keep, type: integer}
      Bytes: {do: keep, type: integer}
      UnitPrice: {do: keep, type: number}
  Album:
    columns:
      AlbumId: {do: keep, type: integer}
      Title: {do: keep, type: text, public: titles of published albums}
      ArtistId: {do: keep, type: integer}
  Artist:
    columns:
      ArtistId: {do: keep, type: integer}
      Name: {do: keep, type: text, public: names that artists publish under}
  Genre:
    columns:
      GenreId: {do: keep, type: integer}
      Name: {do: keep, type: text}
  MediaType:
    columns:
      MediaTypeId: {do: keep, type: integer}
      Name: {do: keep, type: text}
  PlaylistTrack:
    columns:
      PlaylistId: {do: keep, type: integer}
      TrackId: {do: keep, type: integer}
withheld: [Playlist.csv]
"""


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    with sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True) as database:
        names = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
        return {name: pd.read_sql_query(f'select * from "{name}"', database) for name in names}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, frames: dict[str, pd.DataFrame]) -> Site:
    root = tmp_path_factory.mktemp("chinook")
    folder = root / "datasets" / "chinook"
    folder.mkdir(parents=True)
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    raw = root / "var" / "raw" / "chinook" / "2026Q4"
    raw.mkdir(parents=True)
    for name, frame in frames.items():
        for column in frame.columns:
            if pd.api.types.is_float_dtype(frame[column]) and column in ("ReportsTo", "SupportRepId"):
                frame[column] = frame[column].astype("Int64")
        frame.to_csv(raw / f"{name}.csv", index=False)
    return Site(root, root / "var")


@pytest.fixture(scope="module")
def snapshot(site: Site) -> Snapshot:
    return sanitize(site, "chinook", "2026Q4")


JOINS = [
    ("Invoice", "CustomerId", "Customer", "CustomerId"),
    ("InvoiceLine", "InvoiceId", "Invoice", "InvoiceId"),
    ("InvoiceLine", "TrackId", "Track", "TrackId"),
    ("Customer", "SupportRepId", "Employee", "EmployeeId"),
    ("Employee", "ReportsTo", "Employee", "EmployeeId"),
    ("Track", "AlbumId", "Album", "AlbumId"),
    ("Album", "ArtistId", "Artist", "ArtistId"),
    ("Track", "GenreId", "Genre", "GenreId"),
    ("PlaylistTrack", "TrackId", "Track", "TrackId"),
]


def test_every_join_survives(snapshot: Snapshot, frames: dict[str, pd.DataFrame]) -> None:
    tables = snapshot.tables()
    for left, one, right, two in JOINS:
        before = frames[left].dropna(subset=one).merge(frames[right], left_on=one, right_on=two)
        after = tables[left].dropna(subset=one).merge(tables[right], left_on=one, right_on=two)
        assert len(before) == len(after) > 0


def test_sales_by_country_and_agent_are_the_same(snapshot: Snapshot, frames: dict[str, pd.DataFrame]) -> None:
    before = frames["Invoice"].merge(frames["Customer"], on="CustomerId").groupby("Country")["Total"].sum()
    after = (
        snapshot.table("Invoice").merge(snapshot.table("Customer"), on="CustomerId").groupby("Country")["Total"].sum()
    )
    pd.testing.assert_series_equal(before, after, check_index_type=False)
    by_agent = frames["Invoice"].merge(frames["Customer"], on="CustomerId").groupby("SupportRepId")["Total"].sum()
    clean = snapshot.table("Invoice").merge(snapshot.table("Customer"), on="CustomerId")
    assert sorted(by_agent.round(2)) == sorted(clean.groupby("SupportRepId")["Total"].sum().round(2))


def test_no_customer_or_colleague_comes_through(snapshot: Snapshot, frames: dict[str, pd.DataFrame]) -> None:
    cells = {
        str(value).lower()
        for name, frame in snapshot.tables().items()
        for column in frame.columns
        if (name, column) not in {("Artist", "Name"), ("Track", "Name"), ("Track", "Composer"), ("Album", "Title")}
        and pd.api.types.is_string_dtype(frame[column])
        for value in frame[column].dropna().unique()
    }
    text = "\n".join(cells)
    people = pd.concat([frames["Customer"], frames["Employee"]])
    for column in ("FirstName", "LastName", "Email", "Phone", "Fax", "Address", "Company"):
        for value in people[column].dropna().unique():
            assert re.search(rf"\b{re.escape(value.lower())}\b", text) is None


def test_names_in_a_public_column_need_a_reason(site: Site, tmp_path: Path) -> None:
    policy = yaml.safe_load(POLICY)
    del policy["tables"]["Artist"]["columns"]["Name"]["public"]
    folder = tmp_path / "datasets" / "chinook"
    folder.mkdir(parents=True)
    (folder / "policy.yaml").write_text(yaml.safe_dump(policy), "utf-8")
    with pytest.raises(Refused, match=r"Artist\.Name: \d+ texts? \(rows? [^)]*\) holds? a known name") as caught:
        sanitize(Site(tmp_path, site.var), "chinook", "2026Q4")
    assert "Frank" not in str(caught.value)
