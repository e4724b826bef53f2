"""How every request to the service is answered: guarded headers, pages of ours, errors without their insides."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import nbformat
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.formgrader import handlers as nbgrader_pages
from tornado.web import HTTPError, RequestHandler, StaticFileHandler, authenticated

from mondaylab import harmless
from mondaylab.grader.formgrader import policy
from mondaylab.grader.formgrader.shown_notebook import shown
from mondaylab.templates import templates_in

_HERE = Path(__file__).parent
NBGRADER_STATIC = Path(nbgrader_pages.static_path)
OUR_STATIC = _HERE / "static"

_WORDS = {
    400: "This request makes no sense here.",
    403: "This page is for the instructors of the cohort. Sign in as one of them.",
    404: "There is no such page.",
}
_FAILED = "Something went wrong here; the service's log says what. Go back and try again."


class Headers(RequestHandler):
    """Any handler with our headers; its answers are no pages."""

    def set_default_headers(self) -> None:
        super().set_default_headers()
        for name, value in policy.HEADERS.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", self.content_security_policy)

    @property
    def content_security_policy(self) -> str:
        """What the answer may do in a browser."""
        return policy.SILENT


class Guarded(Headers):
    """A handler of Jupyter's or nbgrader's that instructors use: refuses other origins, and shows pages of ours."""

    @property
    def nonce(self) -> str:
        """Of this answer."""
        if not hasattr(self, "_nonce"):
            self._nonce = secrets.token_urlsafe(18)
        return self._nonce

    @property
    def place(self) -> str:
        """This service's path, with its last slash."""
        return str(self.settings["base_url"])

    @property
    def content_security_policy(self) -> str:
        return policy.page_policy(self.nonce, policy.own_place(self.request.host, self.place))

    async def prepare(self) -> None:
        """Refuses what was asked from elsewhere, or names anything but one assignment, learner, notebook or id.

        Raises:
            HTTPError: 403 or 404.
        """
        self._refuse_elsewhere()
        if not all(is_name(one) for one in [*self.path_args, *self.path_kwargs.values()] if one):
            raise HTTPError(404)
        answer = super().prepare()
        if answer is not None:
            await answer

    def _refuse_elsewhere(self) -> None:
        site = self.request.headers.get("Sec-Fetch-Site", "same-origin")
        if self.request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame", "embed", "object"):
            raise HTTPError(403)
        if self.request.method in ("GET", "HEAD"):
            navigates = self.request.headers.get("Sec-Fetch-Mode") == "navigate"
            if site not in ("same-origin", "none") and not navigates:
                raise HTTPError(403)
            return
        origin = self.request.headers.get("Origin")
        if site not in ("same-origin", "none") or (origin and urlparse(origin).netloc != self.request.host):
            raise HTTPError(403)

    def render(self, name: str, **words: Any) -> str:
        """One of our templates in the place of nbgrader's of that name; everything in it is escaped."""
        template = templates_in(_HERE / "templates").get_template(f"{Path(name).stem}.html.j2")
        return template.render(**{**words, "base_url": self.place.rstrip("/"), "nonce": self.nonce})

    def write_error(self, status_code: int, **_: Any) -> None:
        """An error in plain words: what went wrong inside is for the log."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.render("error", status=status_code, words=_WORDS.get(status_code, _FAILED)))


class NoSuchPage(Headers):
    """Whatever is not on the list of routes."""

    def prepare(self) -> None:
        """Raises 404.

        Raises:
            HTTPError: Always.
        """
        raise HTTPError(404)

    def check_xsrf_cookie(self) -> None:
        """Nothing is done here that could be forged."""

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(_WORDS.get(status_code, _FAILED))


class Front(Guarded, JupyterHandler):
    """The service's first page is the cohort's."""

    @authenticated  # type: ignore[untyped-decorator]  # tornado's; mypy does not follow it here
    def get(self) -> None:
        """Leads there."""
        self.redirect(url_path_join(self.place, "mondaylab/cohort"))


class FormgraderFront(Guarded, JupyterHandler):
    """Formgrader's first page; nbgrader's own would load and run a configuration from any folder that a link names."""

    @authenticated  # type: ignore[untyped-decorator]  # tornado's; mypy does not follow it here
    def get(self) -> None:
        """Leads there."""
        _ = self.xsrf_token
        self.redirect(url_path_join(self.place, "formgrader/manage_assignments"))


class Submission(Guarded, nbgrader_pages.SubmissionHandler):
    """One submission to grade by hand."""

    @property
    def exporter(self) -> Submission:
        """What nbgrader's handler asks for the page."""
        return self

    def from_filename(self, filename: str, resources: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The notebook as a still page; one that cannot be read says so."""
        try:
            notebook = nbformat.read(filename, as_version=4)
            cells = shown(notebook)
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            self.log.warning("cannot show %s: %r", filename, error)
            cells = None
        return self.render("formgrade", resources=resources, cells=cells, code_style=harmless.code_style()), resources


class Static(Headers, StaticFileHandler):
    """The listed files of nbgrader's and ours that the pages load; no others of their folders."""

    FILES = frozenset(
        {
            *(f"js/{path.name}" for path in (NBGRADER_STATIC / "js").glob("*.js")),
            *(f"css/{path.name}" for path in (NBGRADER_STATIC / "css").glob("*.css")),
            *(
                f"node_modules/{name}"
                for name in (
                    "jquery/dist/jquery.min.js",
                    "jquery-color/dist/jquery.color.min.js",
                    "underscore/underscore-min.js",
                    "backbone/backbone-min.js",
                    "autosize/dist/autosize.min.js",
                    "bootstrap/dist/js/bootstrap.min.js",
                    "bootstrap/dist/css/bootstrap.min.css",
                    "bootstrap/dist/fonts/glyphicons-halflings-regular.woff2",
                    "bootstrap/dist/fonts/glyphicons-halflings-regular.woff",
                    "bootstrap/dist/fonts/glyphicons-halflings-regular.ttf",
                    "datatables.net/js/jquery.dataTables.js",
                    "datatables.net-bs/js/dataTables.bootstrap.js",
                    "datatables.net-bs/css/dataTables.bootstrap.css",
                )
            ),
            *(path.name for path in OUR_STATIC.iterdir()),
        }
    )

    def prepare(self) -> None:
        """Refuses files that are not listed.

        Raises:
            HTTPError: 404.
        """
        if self.path_args[0] not in self.FILES:
            raise HTTPError(404)

    def set_extra_headers(self, path: str) -> None:
        """Kept by the browser for a while: every page loads a dozen of them."""
        self.set_header("Cache-Control", "private, max-age=600")

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(_WORDS.get(status_code, _FAILED))


@lru_cache
def guarded(handler: type[RequestHandler]) -> type[RequestHandler]:
    """A handler of nbgrader's that refuses other origins and shows our pages."""
    return type(f"Guarded{handler.__name__}", (Guarded, handler), {})


@lru_cache
def with_headers(handler: type[RequestHandler]) -> type[RequestHandler]:
    """A handler of JupyterHub's login with our headers."""
    return type(f"Quiet{handler.__name__}", (Headers, handler), {})


def is_name(name: str) -> bool:
    """Whether part of an address is one name, and no path."""
    return "/" not in name and "\\" not in name and name.isprintable() and name[0] != "."
