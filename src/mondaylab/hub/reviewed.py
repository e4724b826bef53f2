"""Reviewed: code that authors wrote in the hub runs outside their jail only as somebody has read it."""

from __future__ import annotations

from collections.abc import Collection

from mondaylab.errors import Refused
from mondaylab.hub.authors import authored_roles
from mondaylab.labs.building.builds import build_command, build_folder, built_companies, built_quarters, report_of
from mondaylab.labs.building.inputs import content_of
from mondaylab.settings import Site

_SHOWN = 32
"""Characters of a hash that are typed: 128 bits, too many for two labs to be made that share them."""


def refuse_unreviewed(site: Site, lab: str, *, company: str, quarter: str, reviewed: Collection[str] = ()) -> None:
    """Holds that what would run of a lab was read by whoever runs it: a build runs ``lab.py`` with their rights.

    Asked only of roles that have authors in the hub. A lab is taken as read if it is as it was when it was last built
    outside a jail, or if its hash is given. In an author's own jail nothing of this is known, and nothing is asked.

    Args:
        site: The installation, with a copy of the lab that nobody writes to: what is hashed here is what then runs.
        lab: ``<role>/<lab>``; one that is not there is nobody's to read.
        company: Whose data it is to be built on, for the command that is told.
        quarter: Likewise, for which quarter.
        reviewed: Hashes, as an earlier refusal told them.

    Raises:
        Refused: It was not; the error tells its hash.
    """
    role, folder = lab.partition("/")[0], site.lab(lab)
    # whoever left may have written what lies there: a role that once had authors is asked about for good
    if role not in authored_roles(site) or not folder.is_dir():
        return
    now = content_of([folder])
    if now[:_SHOWN] not in reviewed and now not in _built_as(site, lab):
        raise Refused(
            f"labs of {role} are written in the hub, and a build would run this one's code with your rights",
            where=folder,
            fix=f"take its authors' names out and apply, so that nobody changes what you read; read it (git add "
            f"--intent-to-add labs/{role}; git diff --no-ext-diff -- labs/{role}), then: "
            f"{build_command(lab, quarter, company)} --reviewed {now[:_SHOWN]}",
        )


def _built_as(site: Site, lab: str) -> set[str]:
    """The hashes of the lab's folder that its builds were made from."""
    reports = (
        report_of(build_folder(site, lab, quarter, company=company))
        for company in built_companies(site, lab)
        for quarter in built_quarters(site, lab, company=company)
    )
    return {report.inputs.lab for report in reports if report is not None}
