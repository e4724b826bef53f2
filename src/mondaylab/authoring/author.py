"""The author of a lab, in a notebook: `lab.adopt()` shows the screen in which an answer is adopted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mondaylab.errors import NotFound, Refused
from mondaylab.labs.material import Material
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

if TYPE_CHECKING:
    from mondaylab.authoring.screen import AdoptScreen

_WHERE = "open the notebook as an author in the hub, or on the checkout's machine: jupyter lab, started in its folder"


@dataclass(frozen=True)
class Workplace:
    """A lab opened for its author.

    Attributes:
        site: The installation.
        material: The lab on its snapshot.
        asking: What its words mean.
    """

    site: Site
    material: Material
    asking: Asking

    @classmethod
    def open(cls, site: Site, lab: str, *, company: str, quarter: str) -> Workplace:
        """Opens a lab; raises as its parts do, each with the command that makes what is missing."""
        if not (site.company(company) / "bindings.yaml").is_file():
            raise NotFound(
                f"no bindings of company {company!r}",
                where=site.company(company),
                fix="name another company, or write bindings.yaml there; then: mondaylab labs check",
            )
        material = Material.open(site, lab, company=company, quarter=quarter)
        return cls(site, material, Asking.of(site.lab(lab), material.declaration, material.bindings.currency))

    def again(self) -> Workplace:
        """The same, as its files stand now: an answer that was added brought claims with names of their own."""
        return Workplace.open(self.site, self.lab, company=self.company, quarter=self.quarter)

    @property
    def lab(self) -> str:
        """``<role>/<lab>``."""
        return self.material.name

    @property
    def company(self) -> str:
        """Whose data it is."""
        return self.material.bindings.company

    @property
    def quarter(self) -> str:
        """Of the data, such as ``2026Q4``."""
        return str(self.material.quarter)


class Author:
    """A lab, for whoever writes it.

    It needs the folders that people edit and the state beside them. An author's server in the hub has its part of both,
    a learner's has neither, so nothing of it can be had there.

    Args:
        lab: ``<role>/<lab>``.
        quarter: Such as ``2026Q4``.
        company: Whose data.

    Raises:
        NotFound: This is no checkout, or it has no such lab, bindings or snapshot.
        Refused: One of them is wrong, each problem with its place.
    """

    def __init__(self, lab: str, quarter: str, company: str = "demo") -> None:
        role, slash, name = lab.partition("/")
        if not (role and slash and name):
            raise Refused(f"{lab!r} names no lab", fix="write <role>/<lab>; the labs there are: mondaylab labs list")
        try:
            site = Site.find()
        except NotFound as error:
            raise NotFound(
                f"labs are written only in a checkout: {error.what}", where=error.where, fix=_WHERE
            ) from None
        self._workplace = Workplace.open(site, lab, company=company, quarter=quarter)

    def adopt(self) -> AdoptScreen:
        """The screen in which an answer becomes a version of a draft; a widget, to end a cell with.

        What is decided in it lives in this kernel until it is added to the lab.
        """
        from mondaylab.authoring.screen import AdoptScreen  # noqa: PLC0415  the first widget takes a second to import

        return AdoptScreen(self._workplace)

    def __repr__(self) -> str:
        at = self._workplace
        return f"{at.lab} for its author, on {at.company}'s data of {at.quarter}. To adopt an answer: lab.adopt()"
