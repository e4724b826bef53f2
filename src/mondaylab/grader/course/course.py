"""A cohort's nbgrader course, opened through nbgrader's own API with the course's own configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

from mondaylab.errors import NotFound, Refused
from mondaylab.grader.course.plain_log import plain_log
from mondaylab.settings import Site, plain_name


class Course:
    """One nbgrader course. Every method raises `Refused` with nbgrader's own log when nbgrader fails."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.folder = folder
        self.config = config
        self.api = NbGraderAPI(config=config)

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the gradebook."""
        return str(self.api.coursedir.db_url)

    def generate_assignment(self, assignment: str) -> None:
        """source/ -> release/."""
        self._done(self.api.generate_assignment(assignment, force=True, create=True), f"generate {assignment}")

    def release_assignment(self, assignment: str) -> None:
        """release/ -> the exchange."""
        self._done(self.api.release_assignment(assignment), f"release {assignment}")

    def collect(self, assignment: str) -> None:
        """The exchange -> submitted/."""
        self._done(self.api.collect(assignment, update=True), f"collect {assignment}")

    def autograde(self, assignment: str, learner: str) -> None:
        """submitted/ -> autograded/ and the gradebook; whoever is not in it is entered only if the course says so."""
        create = bool(self.config.Autograde.get("create_student", True))  # the API asks no configuration
        graded = self.api.autograde(assignment, learner, force=True, create=create)
        self._done(graded, f"autograde {assignment} of {learner}")

    def generate_feedback(self, assignment: str, learner: str | None = None) -> None:
        """autograded/ -> feedback/."""
        self._done(self.api.generate_feedback(assignment, learner, force=True), f"feedback on {assignment}")

    def release_feedback(self, assignment: str, learner: str | None = None) -> None:
        """feedback/ -> the exchange."""
        self._done(self.api.release_feedback(assignment, learner), f"release feedback on {assignment}")

    def _done(self, result: dict[str, Any], what: str) -> None:
        if not result.get("success"):
            log = [line for line in str(result.get("log") or "").splitlines() if line.strip()]
            detail = "\n".join(log[-25:]) or str(result.get("error") or "no reason given").strip()
            raise Refused(f"nbgrader could not {what}:\n{plain_log(detail, [self.folder])}", where=self.folder)


def open_course(site: Site, cohort: str) -> Course:
    """Opens the course of a cohort.

    Raises:
        NotFound: It was not made yet.
    """
    folder = site.courses / plain_name(cohort)
    config_file = folder / "nbgrader_config.py"
    if not config_file.is_file():
        raise NotFound(f"cohort {cohort} has no course", where=folder, fix=f"mondaylab cohort apply {cohort}")
    config = PyFileConfigLoader(config_file.name, path=str(folder)).load_config()
    config.CourseDirectory.root = str(folder)
    return Course(folder, config)
