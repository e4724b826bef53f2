"""What formgrader's buttons and lists ask for: an answer whatever lies in the course, in words for instructors."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from tornado.web import RequestHandler

from mondaylab.errors import MondaylabError
from mondaylab.grader.autograde.batch import Batch
from mondaylab.grader.course.plain_log import plain_log
from mondaylab.settings import Site

_LOGS = ("log", "error")


class PlainCourse(CourseDirectory):
    """A course whose lists are shown whatever stands in a submission's ``timestamp.txt``."""

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """When a submission was handed in; none where nobody can tell."""
        path = Path(dest_path, "timestamp.txt")
        try:
            text = path.read_text("utf-8").strip()
            found: datetime | None = parse_utc(text) if text else None
        except FileNotFoundError:
            return None
        except (ValueError, OverflowError, OSError) as error:
            self.log.warning("no time in %s: %r", path, error)
            return None
        return found


class PlainApi(NbGraderAPI):
    """nbgrader's own lists; one submission whose time cannot be read leaves the others in them.

    Args:
        site: The installation.
        cohort: Whose course it is.
        *parts: nbgrader's own.
        **options: Likewise.
    """

    def __init__(self, site: Site, cohort: str, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        self._site, self._cohort = site, cohort

    def autograde(
        self, assignment_id: str, student_id: str, force: bool = True, create: bool = False
    ) -> dict[str, object]:
        """nbgrader's Autograde, for people of the cohort; where the notebook that it wants is gone, ours looks for it.

        Whoever is not in the gradebook is not entered: a folder in ``submitted`` may have been copied there by anybody.
        """
        course = self.coursedir
        folder = Path(course.format_path(course.submitted_directory, student_id, assignment_id))
        if (folder / f"{assignment_id}.ipynb").exists():
            graded: dict[str, object] = super().autograde(assignment_id, student_id, force, create)
            return graded
        try:
            Batch.open(self._site, self._cohort, assignment_id).grade(student_id)
        except MondaylabError as error:
            return {"success": False, "error": str(error), "log": str(error)}
        return {"success": True, "log": f"{assignment_id}.ipynb was not handed in: what was waits for you."}

    def get_submitted_timestamp(self, assignment_id: str, student_id: str) -> datetime | None:
        """As of `PlainCourse`; nbgrader reads the file once more here."""
        course = self.coursedir
        folder = course.format_path(course.submitted_directory, student_id, assignment_id)
        found: datetime | None = course.get_existing_timestamp(folder)
        return found


class PlainCall(RequestHandler):
    """A call whose answer holds a log of nbgrader's."""

    @property
    def api(self) -> PlainApi:
        """What nbgrader's handlers ask."""
        course = self.settings["nbgrader_formgrader"].coursedir
        course.parent.load_config_file()
        place = self.settings["mondaylab_site"], self.settings["mondaylab_cohort"]
        api = PlainApi(*place, course, self.settings["nbgrader_authenticator"], parent=course.parent)
        api.log_level = course.parent.log.level
        return api

    def write(self, chunk: str | bytes | dict[str, Any]) -> None:
        """As tornado's, with the log in plain words."""
        told = _parsed(chunk)
        if told is not None and any(isinstance(told.get(name), str) for name in _LOGS):
            site = self.settings["mondaylab_site"]
            folders = [Path(self.settings["nbgrader_formgrader"].coursedir.root), site.var, site.root]
            for name in _LOGS:
                if isinstance(told.get(name), str):
                    told[name] = plain_log(told[name], folders)
            chunk = json.dumps(told)
        super().write(chunk)


def plain(handler: Any) -> Any:  # a class; nbgrader's are untyped
    """A handler of nbgrader's whose answer shows no traceback and no path of this machine."""
    return type(f"Plain{handler.__name__}", (PlainCall, handler), {})


def _parsed(chunk: object) -> dict[str, Any] | None:
    if not isinstance(chunk, str):
        return None
    try:
        told = json.loads(chunk)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
