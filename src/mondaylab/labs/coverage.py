"""Coverage: which labs a company can run, what it has not bound for the others, which roles cannot be graded."""

from __future__ import annotations

from mondaylab.concepts.bindings import Bindings
from mondaylab.errors import MondaylabError
from mondaylab.forms.scoring import ScoringRules
from mondaylab.labs.building.builds import declared_labs
from mondaylab.labs.needs import lab_needs, missing_for
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.records import Record
from mondaylab.settings import Site


class LabCoverage(Record):
    """One lab on one company's bindings."""

    lab: str
    company: str
    missing: tuple[str, ...]
    """Concepts (``shipment``) and fields (``order_line.cost``) that the company has not bound; empty: it can run."""
    error: dict[str, str | None] | None = None
    """What, where and fix, if the lab's declaration or the bindings cannot be read."""

    @property
    def runs(self) -> bool:
        """Whether the company's data has everything that the lab reads."""
        return not self.missing and self.error is None


class CompanyCoverage(Record):
    """All labs on one company's bindings."""

    company: str
    labs: tuple[LabCoverage, ...]
    assumed: tuple[str, ...]
    """What stands in for data that the company does not record, ``concept.field: why``."""


def bound_companies(site: Site) -> list[str]:
    """The companies that have bindings, sorted."""
    return sorted(path.parent.name for path in (site.root / "datasets").glob("*/bindings.yaml"))


def coverage(site: Site, company: str) -> CompanyCoverage:
    """Holds what every lab reads against a company's bindings.

    Raises:
        NotFound: The company has no bindings.
        Refused: Its bindings are malformed.
    """
    bindings = Bindings.of(site.company(company))
    labs = tuple(_covered(site, lab, bindings) for lab in declared_labs(site))
    return CompanyCoverage(company=company, labs=labs, assumed=tuple(bindings.assumptions()))


def scoring_faults(site: Site) -> dict[str, MondaylabError]:
    """Role -> what is wrong with its block of ``grader/scoring.yaml``, or that a role with labs has none.

    Raises:
        Refused: The file cannot be read at all.
    """
    rules = ScoringRules.of(site)
    faults: dict[str, MondaylabError] = dict(rules.faults)
    for lab in declared_labs(site):
        try:
            rules.role(lab)
        except MondaylabError as error:
            faults[lab.partition("/")[0]] = error
    return dict(sorted(faults.items()))


def _covered(site: Site, lab: str, bindings: Bindings) -> LabCoverage:
    try:
        missing = missing_for(bindings, lab_needs(LabDeclaration.of(site.lab(lab))))
    except MondaylabError as error:  # one lab that cannot be read does not hide the others
        return LabCoverage(lab=lab, company=bindings.company, missing=(), error=error.as_dict())
    return LabCoverage(lab=lab, company=bindings.company, missing=tuple(missing))
