"""Feedback for many learners: the page of nbgrader's Generate Feedback, in its folder, without its converter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nbgrader.converters import GenerateFeedback

from mondaylab.errors import MondaylabError, Refused
from mondaylab.extensions import blaming
from mondaylab.grader.autograde import grading
from mondaylab.grader.autograde.grading import Failed, Grader, Task
from mondaylab.grader.course.gradebook import read_marked
from mondaylab.grader.feedback.exporter import page
from mondaylab.grader.handed_in.folders import copy_files, put_folder, set_permissions, stage_folder
from mondaylab.grader.handed_in.tidying import make_way


@dataclass(frozen=True)
class Written:
    """A page that was written."""

    learner: str


def write(task: Task) -> Written | Failed:
    """Writes one learner's ``feedback/<learner>/<assignment>``. Never raises, as `grading.grade`."""
    try:
        with blaming():
            _write(task.place.grader, task.learner)
    except MondaylabError as error:
        return Failed(task.learner, error)
    except Exception as error:  # the true cause, whatever it is
        return Failed(task.learner, grading.unexpected(error))
    return Written(task.learner)


def _write(grader: Grader, learner: str) -> None:
    name = grader.cohort_lab.assignment
    converter = GenerateFeedback(coursedir=grader.course.api.coursedir, parent=grader.course.api)
    course = converter.coursedir
    autograded = Path(course.format_path(course.autograded_directory, learner, name))
    notebook = autograded / f"{name}.ipynb"
    where = notebook.relative_to(grader.course.folder)
    if not notebook.is_file():
        fix = f"mondaylab grade run {grader.cohort_lab.cohort} {name} --learner {learner}"
        raise Refused("there is nothing to give feedback on", where=where, fix=fix)
    try:
        marked = read_marked(grader.gradebook, name, name, learner)
    finally:
        grader.gradebook.db.remove()  # the next page must see what was written since
    text = page(grader.scorer, learner, grading.read_own(notebook), marked, where=where)
    folder = Path(course.format_path(course.feedback_directory, learner, name))
    make_way(assignment=name, student=learner, notebooks=[str(notebook)])
    staged = stage_folder(folder)
    copy_files(autograded, staged, course.ignore)
    (staged / f"{name}.html").write_text(text, "utf-8")
    set_permissions(staged, converter)
    put_folder(staged, folder)
