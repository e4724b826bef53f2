"""Reviewed: code that authors wrote in the hub runs outside their jail only as somebody has read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mondaylab.errors import Refused
from mondaylab.hub.authors import applied_authors
from mondaylab.labs.building.builds import build_folder, built_companies, built_quarters, report_of
from mondaylab.labs.building.inputs import content_of
from mondaylab.settings import Site

_SHOWN = 32
"""Characters of a hash that are typed: 128 bits, too many for two labs to be made that share them."""


def refuse_unreviewed(site: Site, labs: Iterable[str], reviewed: Collection[str] = ()) -> None:
    """Holds that what would run of labs was read by whoever runs it: a build runs ``lab.py`` with their rights.

    Asked only of roles that have authors in the hub. A lab is taken as read if it is as it was when it was last built
    outside a jail, or if its hash is given. In an author's own jail nothing of this is known, and nothing is asked.

    Args:
        site: The installation.
        labs: ``<role>/<lab>`` of each.
        reviewed: Hashes, as an earlier refusal told them.

    Raises:
        Refused: Some are not; each is named with its hash.
    """
    authors = {role: one.authors for role, one in applied_authors(site).items()}
    unread = []
    for lab in labs:
        # whoever left may have written what lies there: a role that once had authors is asked about for good
        if lab.partition("/")[0] not in authors:
            continue
        now = content_of([site.lab(lab)])
        if now[:_SHOWN] not in reviewed and now not in _built_as(site, lab):
            unread.append((lab, now[:_SHOWN]))
    if unread:
        roles = sorted({lab.partition("/")[0] for lab, _ in unread})
        raise Refused(
            f"labs of {', '.join(roles)} are written in the hub, and a build would run their code with your rights: "
            f"{', '.join(lab for lab, _ in unread)}",
            where=site.root / "labs",
            fix=f"read what changed, then add: {' '.join(f'--reviewed {told}' for _, told in unread)}",
        )


def _built_as(site: Site, lab: str) -> set[str]:
    """The hashes of the lab's folder that its builds were made from."""
    reports = (
        report_of(build_folder(site, lab, quarter, company=company))
        for company in built_companies(site, lab)
        for quarter in built_quarters(site, lab, company=company)
    )
    return {report.inputs.lab for report in reports if report is not None}
