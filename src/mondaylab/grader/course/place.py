"""Where a plug-in of nbgrader is: which installation, which cohort, which lab an assignment is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from traitlets import Unicode
from traitlets.config import LoggingConfigurable

from mondaylab.errors import Refused
from mondaylab.labs.drawing.issuing import opened_labs
from mondaylab.settings import Site


class CourseSite(LoggingConfigurable):
    """Tells plug-ins where they are; what is not set follows from the course folder, ``<var>/courses/<cohort>``."""

    root = Unicode("", help="the checkout that holds labs/ and grader/").tag(config=True)
    var = Unicode("", help="the installation's state folder").tag(config=True)
    cohort = Unicode("", help="cohort id; the course's folder if empty").tag(config=True)

    def site(self) -> Site:
        """The installation."""
        var = Path(self.var) if self.var else self._course().parents[1]
        root = Path(self.root) if self.root else Site.find().root
        return Site(root.resolve(), var.resolve())

    def cohort_id(self) -> str:
        """The cohort whose course this is."""
        return str(self.cohort) or self._course().name

    def _course(self) -> Path:
        return Path(converter_of(self).coursedir.root).resolve()


def converter_of(part: Any) -> Any:
    """The nbgrader converter that a plug-in works for: the nearest parent that knows the course.

    Raises:
        Refused: There is none.
    """
    above = part
    while above is not None:
        if getattr(above, "coursedir", None) is not None:
            return above
        above = getattr(above, "parent", None)
    raise Refused("this plug-in runs only inside an nbgrader converter")


def lab_of(site: Site, cohort: str, assignment: str) -> str:
    """The lab id of an nbgrader assignment, by what was opened to the cohort: what lies in ``labs/`` is never asked.

    Raises:
        Refused: No lab of that name was opened to the cohort, or labs of several roles were.
    """
    found = [lab for lab in opened_labs(site, cohort) if lab.partition("/")[2] == assignment]
    if len(found) != 1:
        raise Refused(
            f"{len(found) or 'no'} labs named {assignment} were opened to {cohort}",
            where=cohort,
            fix=f"give each lab of a cohort a name of its own; to open one: mondaylab cohort open {cohort} LAB",
        )
    return found[0]
