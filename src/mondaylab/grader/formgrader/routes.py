"""The list of everything that the service answers; whatever else a Jupyter server would answer is taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.formgrader import apihandlers
from nbgrader.server_extensions.formgrader import handlers as nbgrader_pages
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from tornado.routing import AnyMatches, Rule
from tornado.web import RequestHandler

from mondaylab.errors import Refused
from mondaylab.grader.formgrader.calls import PlainCourse, plain
from mondaylab.grader.formgrader.cohort_pages import CloseHandler, CohortHandler, ReportHandler
from mondaylab.grader.formgrader.handlers import (
    NBGRADER_STATIC,
    OUR_STATIC,
    FormgraderFront,
    Front,
    NoSuchPage,
    Static,
    Submission,
    guarded,
    with_headers,
)
from mondaylab.settings import Site

Route = tuple[str, type[RequestHandler], dict[str, Any]]

_PAGES = (
    ("manage_assignments/?", nbgrader_pages.ManageAssignmentsHandler),
    ("manage_submissions/([^/]+)/?", nbgrader_pages.ManageSubmissionsHandler),
    ("gradebook/?", nbgrader_pages.GradebookAssignmentsHandler),
    ("gradebook/([^/]+)/?", nbgrader_pages.GradebookNotebooksHandler),
    ("gradebook/([^/]+)/([^/]+)/?", nbgrader_pages.GradebookNotebookSubmissionsHandler),
    ("manage_students/?", nbgrader_pages.ManageStudentsHandler),
    ("manage_students/([^/]+)/?", nbgrader_pages.ManageStudentsAssignmentsHandler),
    ("manage_students/([^/]+)/([^/]+)/?", nbgrader_pages.ManageStudentNotebookSubmissionsHandler),
    (
        "submissions/(?P<submission_id>[^/]+)/(?P<action>next_incorrect|prev_incorrect|next|prev)/?",
        nbgrader_pages.SubmissionNavigationHandler,
    ),
)
_CALLS = (
    ("status", apihandlers.StatusHandler),
    ("assignments", apihandlers.AssignmentCollectionHandler),
    ("assignment/([^/]+)", apihandlers.AssignmentHandler),
    ("assignment/([^/]+)/assign", apihandlers.AssignHandler),
    ("assignment/([^/]+)/unrelease", apihandlers.UnReleaseHandler),
    ("assignment/([^/]+)/release", apihandlers.ReleaseHandler),
    ("assignment/([^/]+)/collect", apihandlers.CollectHandler),
    ("assignment/([^/]+)/generate_feedback", apihandlers.GenerateAllFeedbackHandler),
    ("assignment/([^/]+)/release_feedback", apihandlers.ReleaseAllFeedbackHandler),
    ("assignment/([^/]+)/([^/]+)/generate_feedback", apihandlers.GenerateFeedbackHandler),
    ("assignment/([^/]+)/([^/]+)/release_feedback", apihandlers.ReleaseFeedbackHandler),
    ("notebooks/([^/]+)", apihandlers.NotebookCollectionHandler),
    ("submissions/([^/]+)", apihandlers.SubmissionCollectionHandler),
    ("submission/([^/]+)/([^/]+)", apihandlers.SubmissionHandler),
    ("submission/([^/]+)/([^/]+)/autograde", apihandlers.AutogradeHandler),
    ("submitted_notebooks/([^/]+)/([^/]+)", apihandlers.SubmittedNotebookCollectionHandler),
    ("submitted_notebook/([^/]+)/flag", apihandlers.FlagSubmissionHandler),
    ("grades", apihandlers.GradeCollectionHandler),
    ("grade/([^/]+)", apihandlers.GradeHandler),
    ("comments", apihandlers.CommentCollectionHandler),
    ("comment/([^/]+)", apihandlers.CommentHandler),
    ("students", apihandlers.StudentCollectionHandler),
    ("student/([^/]+)", apihandlers.StudentHandler),
    ("student_submissions/([^/]+)", apihandlers.StudentSubmissionCollectionHandler),
    ("student_notebook_submissions/([^/]+)/([^/]+)", apihandlers.StudentNotebookSubmissionCollectionHandler),
)


def routes(base_url: str, login: Iterable[Sequence[Any]]) -> list[Route]:
    """Everything that is answered, in the order in which it is matched.

    Args:
        base_url: The service's path.
        login: The identity provider's own routes.
    """
    listed: list[Route] = [
        ("/?", Front, {}),
        ("/mondaylab/cohort/?", CohortHandler, {}),
        ("/mondaylab/cohort/report", ReportHandler, {}),
        ("/mondaylab/cohort/close", CloseHandler, {}),
        ("/formgrader/?", FormgraderFront, {}),
        ("/formgrader/static/(.+)", Static, {"path": str(NBGRADER_STATIC)}),
        ("/formgrader/ours/(.+)", Static, {"path": str(OUR_STATIC)}),
        *((f"/formgrader/{path}", guarded(handler), {}) for path, handler in _PAGES),
        ("/formgrader/submissions/([^/]+)/?", Submission, {}),
        *((f"/formgrader/api/{path}", guarded(plain(handler)), {}) for path, handler in _CALLS),
        *((path, with_headers(handler), dict(*options)) for path, handler, *options in login),
    ]
    return [(url_path_join(base_url, path), handler, options) for path, handler, options in listed]


def install(serverapp: Any, site: Site, cohort: str) -> None:
    """Leaves a Jupyter server these routes and no others.

    Args:
        serverapp: Initialized, with every extension loaded that it is to have.
        site: The installation.
        cohort: Whose course it serves.
    """
    app = serverapp.web_app
    formgrader = FormgradeExtension(parent=serverapp)
    formgrader.root_dir = serverapp.root_dir
    formgrader.log = serverapp.log
    formgrader.initialize([])
    formgrader.coursedir = PlainCourse(parent=formgrader)
    formgrader.init_tornado_settings(app)
    app.settings.update(mondaylab_site=site, mondaylab_cohort=cohort)
    listed = routes(app.settings["base_url"], serverapp.identity_provider.get_handlers())
    app.wildcard_router.rules.clear()
    app.wildcard_router.named_rules.clear()
    app.wildcard_router.add_rules([*listed, (".*", NoSuchPage)])
    app.default_router.rules[:] = [Rule(AnyMatches(), app.wildcard_router)]


def check(serverapp: Any) -> None:
    """Makes sure that nothing was added since.

    Raises:
        Refused: Something was.
    """
    app = serverapp.web_app
    only = [rule.target for rule in app.default_router.rules] == [app.wildcard_router]
    wanted = len(routes(app.settings["base_url"], serverapp.identity_provider.get_handlers())) + 1
    if not only or len(app.wildcard_router.rules) != wanted:
        raise Refused("something added a route to the formgrader service", fix="take out the server extension that did")
