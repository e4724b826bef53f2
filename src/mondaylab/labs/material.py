"""Everything a lab is made from, opened together: declaration, snapshot, bindings, flaws, handbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from mondaylab.datasets.snapshot import Snapshot, latest
from mondaylab.labs.bindings import Bindings
from mondaylab.labs.claims import ClaimWriter
from mondaylab.labs.declaration import LabDeclaration
from mondaylab.labs.flaws import FlawTable, Ground
from mondaylab.labs.handbook import Handbook
from mondaylab.labs.measures import Catalog
from mondaylab.quarter import Quarter
from mondaylab.settings import Site, plain_name


@dataclass(frozen=True)
class Material:
    """One lab on one snapshot.

    Attributes:
        name: ``<role>/<lab>``.
        declaration: Its ``lab.toml``.
        bindings: The company's.
        flaws: ``grader/flaws.yaml``.
        snapshot: The sanitized data of the quarter.
        tables: The snapshot's tables that the lab's concepts need.
        handbook: The company's policy handbook.
        quarter: The quarter of the snapshot.
    """

    name: str
    declaration: LabDeclaration
    bindings: Bindings
    flaws: FlawTable
    snapshot: Snapshot
    tables: Mapping[str, pd.DataFrame]
    handbook: Handbook
    quarter: Quarter

    @classmethod
    def open(cls, site: Site, lab: str, *, company: str, quarter: str, snapshot: str | None = None) -> Material:
        """Opens a lab on a snapshot of the company, or on its latest of that quarter; raises what its parts raise."""
        declaration = LabDeclaration.of(site.lab(lab))
        bindings = Bindings.of(site.company(company))
        folder = latest(site, company, quarter) if snapshot is None else site.snapshots / company / plain_name(snapshot)
        opened = Snapshot.open(folder)
        return cls(
            name=lab,
            declaration=declaration,
            bindings=bindings,
            flaws=FlawTable.of(site.grader),
            snapshot=opened,
            tables=opened.tables(bindings.tables(list(declaration.entities))),
            handbook=Handbook(opened.text("handbook")),
            quarter=Quarter.parse(quarter),
        )

    @cached_property
    def catalog(self) -> Catalog:
        """The snapshot's tables through the bindings; what it computed once it keeps."""
        return Catalog(self.bindings, self.tables)

    def writer(self, tables: Mapping[str, pd.DataFrame] | None = None) -> ClaimWriter:
        """A claim writer on these tables (the snapshot's own if none are given)."""
        catalog = self.catalog if tables is None else Catalog(self.bindings, tables)
        ground = Ground(catalog, self.quarter.full_weeks())
        return ClaimWriter(self.declaration, self.flaws, ground, self.handbook)
