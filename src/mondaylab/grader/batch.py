"""Grading the collected submissions of one lab, one after the other; one bad submission never stops the rest."""

from __future__ import annotations

import warnings
from typing import Self

import nbformat
from sqlalchemy.exc import SAWarning

from mondaylab.errors import Refused
from mondaylab.grader.cells import CellScore
from mondaylab.grader.course import Course, open_course
from mondaylab.grader.coursesite import lab_of
from mondaylab.grader.feedback_exporter import scores_of
from mondaylab.grader.gradebook import source_cells
from mondaylab.grader.nbgrader_plugins import read_submitted
from mondaylab.grader.scorer import Scorer
from mondaylab.settings import Site, plain_name


class Batch:
    """One lab's submissions in one cohort's course."""

    def __init__(self, course: Course, scorer: Scorer, assignment: str) -> None:
        self.lab = scorer.lab
        self._course = course
        self._scorer = scorer
        self._assignment = assignment

    @classmethod
    def open(cls, site: Site, cohort: str, lab: str) -> Self:
        """Opens a batch; `lab` may be given with or without its role.

        Raises:
            NotFound: The cohort has no course.
            Refused: There is no such lab, or several.
        """
        course = open_course(site, cohort)
        assignment = plain_name(lab.rpartition("/")[2])
        found = lab if "/" in lab else lab_of(site, cohort, assignment)
        return cls(course, Scorer(site, cohort, found), assignment)

    def learners(self) -> list[str]:
        """Who has a submission in ``submitted/``, by name; hidden folders and links are none."""
        found = (self._course.folder / "submitted").glob(f"*/{self._assignment}")
        return sorted(path.parent.name for path in found if path.is_dir() and not path.parent.is_symlink())

    def score(self, learner: str) -> dict[str, CellScore]:
        """Scores without writing anything; raises as `Scorer.score_submission`, or when the lab was not released."""
        folder = self._course.folder
        sources = source_cells(f"sqlite:///{folder / 'gradebook.db'}", self._assignment, self._assignment)
        place = folder / "submitted" / plain_name(learner) / self._assignment
        submission = read_submitted(place, self._assignment)
        return self._scorer.score_submission(learner, submission, {cell.grade_id: cell.source for cell in sources})

    def grade(self, learner: str) -> dict[str, CellScore]:
        """Runs nbgrader's autograde, with our plug-ins, and returns what it wrote.

        Raises:
            Refused: nbgrader failed on it, or the course is not set up to grade with mondaylab.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's own, harmless, one for every submission
            self._course.autograde(self._assignment, plain_name(learner))
        path = self._course.folder / "autograded" / learner / self._assignment / f"{self._assignment}.ipynb"
        scores = scores_of(nbformat.read(path, as_version=4))
        if not scores:
            raise Refused(
                "the course grades without mondaylab", where=self._course.folder, fix="apply the cohort again"
            )
        return scores
