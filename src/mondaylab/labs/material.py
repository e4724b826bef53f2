"""Everything a lab is made from, opened together: declaration, snapshot, bindings, flaws, handbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.handbook import Handbook
from mondaylab.concepts.tables import LabTables
from mondaylab.datasets.latest import latest
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.errors import NotFound, Refused
from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.items import ItemPlan
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.registry import flaw_operators
from mondaylab.labs.sources.asking import FILE, Asking
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.labs.sources.lines import line_of
from mondaylab.labs.writer import ClaimWriter
from mondaylab.measures.catalog import Catalog
from mondaylab.quarter import Quarter
from mondaylab.records import content_hash
from mondaylab.settings import Site, plain_name
from mondaylab.texts import read_text


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
        previous: The same tables of the quarter before; none when there is no such snapshot.
        items: What grading found out about its items: how often which is drawn.
        asking: Its ``asking.toml``; none where it has none.
    """

    name: str
    declaration: LabDeclaration
    bindings: Bindings
    flaws: FlawTable
    snapshot: Snapshot
    tables: Mapping[str, pd.DataFrame]
    handbook: Handbook
    quarter: Quarter
    previous: Mapping[str, pd.DataFrame] | None = None
    items: ItemPlan = field(default_factory=ItemPlan)
    asking: Asking | None = None

    @classmethod
    def open(
        cls,
        site: Site,
        lab: str,
        *,
        company: str,
        quarter: str,
        snapshot: str | None = None,
        before: str | None = None,
        items: ItemPlan | None = None,
    ) -> Material:
        """Opens a lab on data of the company; raises what its parts raise.

        Args:
            site: The installation.
            lab: ``<role>/<lab>``.
            company: Whose data.
            quarter: Such as ``2026Q4``.
            snapshot: Snapshot id; the quarter's latest if not given.
            before: Snapshot id of the quarter before; its latest, if there is one, if not given.
            items: What grading found out about the lab's items.
        """
        bindings = Bindings.of(site.company(company), copied=site.frozen)
        declaration = LabDeclaration.of(site.lab(lab), bindings.currency, frozen=site.frozen)
        _check_concepts(site.lab(lab) / "lab.toml", declaration, bindings)
        folder = latest(site, company, quarter) if snapshot is None else site.snapshots / company / plain_name(snapshot)
        opened = Snapshot.open(folder)
        needed = bindings.tables(list(declaration.entities))
        return cls(
            name=lab,
            declaration=declaration,
            bindings=bindings,
            flaws=flaw_table(site),
            snapshot=opened,
            tables=opened.tables(needed),
            handbook=Handbook(opened.text("handbook")),
            quarter=Quarter.parse(quarter),
            previous=_previous(site, declaration, company, quarter, before, needed),
            items=items or ItemPlan(),
            asking=_asking(site, lab, declaration, bindings),
        )

    @cached_property
    def declared(self) -> str:
        """Hash of the declaration: each form is drawn from it, and a lab of many drafts takes a while to write down."""
        return content_hash(self.declaration.model_dump(mode="json"))

    @cached_property
    def lab_tables(self) -> LabTables:
        """The tables as learners get them, with the lab's concepts."""
        return LabTables(self.tables, self.bindings.only(self.declaration.entities))

    @cached_property
    def catalog(self) -> Catalog:
        """The snapshot's tables through the bindings; what it computed once it keeps."""
        return Catalog(self.bindings, self.tables)

    @cached_property
    def catalog_before(self) -> Catalog | None:
        """The quarter before, likewise."""
        return None if self.previous is None else Catalog(self.bindings, self.previous)

    def writer(self, tables: Mapping[str, pd.DataFrame] | None = None) -> ClaimWriter:
        """A claim writer on these tables (the snapshot's own if none are given)."""
        catalog = self.catalog if tables is None else Catalog(self.bindings, tables)
        weeks = tuple(self.quarter.previous.full_weeks())
        data = CompanyData(catalog, self.quarter.full_weeks(), self.handbook, self.catalog_before, weeks)
        return ClaimWriter(self.declaration, self.flaws, data, self.items)


def flaw_table(site: Site) -> FlawTable:
    """``grader/flaws.yaml``, for drawing.

    Raises:
        Refused: It lists an operator that no claim has, beside what `FlawTable.of` raises.
    """
    table = FlawTable.of(site.grader)
    if unknown := sorted(set(table.operators) - flaw_operators()):
        raise Refused(f"operator {unknown[0]!r} does not exist", where=site.grader / "flaws.yaml")
    return table


def _check_concepts(path: Path, declaration: LabDeclaration, bindings: Bindings) -> None:
    bound = ", ".join(sorted(bindings.entities))
    unknown = [repr(name) for name in declaration.entities if name not in bindings.entities]
    if unknown:
        line = line_of(read_text(path), ("entities",))
        raise Refused(
            f"line {line}: {bindings.company} has no concept {', '.join(unknown)}",
            where=f"{path}:{line}",
            fix=f"bind it in datasets/{bindings.company}/bindings.yaml; bound are {bound}",
        )
    for name, slot in declaration.slots.items():  # here, before asking.toml is held against what is not there
        entity, _, field = (slot.field or "").partition(".")
        fields = bindings.entities[entity].fields if entity in bindings.entities else {}
        if fields and field not in fields:
            line = line_of(read_text(path), ("slots", name))
            raise Refused(
                f"line {line}: slot {name!r}: concept {entity!r} has no field {field!r}",
                where=f"{path}:{line}",
                fix=f"bind it in datasets/{bindings.company}/bindings.yaml; bound are {', '.join(sorted(fields))}",
            )


def _asking(site: Site, lab: str, declaration: LabDeclaration, bindings: Bindings) -> Asking | None:
    """What the lab says of requests; of a release that was made when less was asked of the file, none."""
    folder = site.lab(lab)
    if not (folder / FILE).exists():
        return None
    try:
        return Asking.of(folder, declaration, bindings.currency)
    except Refused:
        if not site.frozen:
            raise
        return None  # a running cohort must not stop for what only the fact sheet needs


def _previous(
    site: Site, declaration: LabDeclaration, company: str, quarter: str, snapshot: str | None, tables: list[str]
) -> Mapping[str, pd.DataFrame] | None:
    """Last quarter's tables, if a claim can be stale and the company has them."""
    if not any("stale" in claim.operators for claim in declaration.claims):
        return None
    if snapshot is not None:
        return Snapshot.open(site.snapshots / company / plain_name(snapshot)).tables(tables)
    try:
        folder = latest(site, company, str(Quarter.parse(quarter).previous))
    except NotFound:
        return None
    return Snapshot.open(folder).tables(tables)
