"""The cohort page, its reports, and the button that closes a lab.

Who gets in is the server's own decision: in the hub, the group ``formgrade-<cohort>``. Pages are rendered here and need
no script.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated

from mondaylab.grader.formgrader import policy
from mondaylab.grader.formgrader.handlers import Guarded
from mondaylab.grader.report import cohort_view, html
from mondaylab.grader.report.lab_report import lab_report
from mondaylab.grader.report.page import render
from mondaylab.judging.store import JudgementStore


class _CohortHandler(Guarded, JupyterHandler):
    """What the pages share."""

    @property
    def content_security_policy(self) -> str:
        return policy.still_policy(policy.own_place(self.request.host, self.place))

    def page(self, template: str, **words: Any) -> None:
        """Answers with one of the report's templates."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        shared = {"cohort": self.settings["mondaylab_cohort"], "base": self.base_url}
        self.finish(html.render(template, **shared, **words))

    def labs(self) -> tuple[cohort_view.LabView, ...]:
        """The cohort's labs as they are now."""
        return cohort_view.labs(self.settings["mondaylab_site"], self.settings["mondaylab_cohort"])

    def lab(self, name: object) -> cohort_view.LabView:
        """One of them, or 404."""
        found = cohort_view.find(self.labs(), name) if isinstance(name, str) else None
        if found is None:
            raise HTTPError(404, "this cohort has no such lab")
        return found


class CohortHandler(_CohortHandler):
    """``{base_url}mondaylab/cohort``: where everyone is."""

    @authenticated  # type: ignore[untyped-decorator]  # tornado's; mypy does not follow it here
    def get(self) -> None:
        """The page."""
        self.page("cohort.html.j2", labs=self.labs())


class ReportHandler(_CohortHandler):
    """``{base_url}mondaylab/cohort/report?lab=...``: the page of `mondaylab grade report`."""

    @authenticated  # type: ignore[untyped-decorator]  # tornado's; mypy does not follow it here
    def get(self) -> None:
        """The page."""
        site, cohort = self.settings["mondaylab_site"], self.settings["mondaylab_cohort"]
        told = lab_report(site, cohort, self.lab(self.get_query_argument("lab", "")))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(render(cohort, [told], made=datetime.now(UTC), base=self.base_url))


class CloseHandler(_CohortHandler):
    """``{base_url}mondaylab/cohort/close``: asks, then closes."""

    @authenticated  # type: ignore[untyped-decorator]  # tornado's; mypy does not follow it here
    def get(self) -> None:
        """The question."""
        self.page("close.html.j2", lab=self.lab(self.get_query_argument("lab", "")), token=self.xsrf_token.decode())

    @authenticated  # type: ignore[untyped-decorator]  # tornado's; mypy does not follow it here
    def post(self) -> None:
        """Closes the lab: from the question's form, or with the JSON body ``{"lab": ...}``."""
        as_json = self.request.headers.get("Content-Type", "").startswith("application/json")
        lab = self.lab(_body(self.request.body).get("lab") if as_json else self.get_body_argument("lab", ""))
        with JudgementStore(self.settings["mondaylab_site"].judgement_database) as store:
            store.close(self.settings["mondaylab_cohort"], lab.lab)
        self.log.info("closed %s for %s", lab.lab, self.settings["mondaylab_cohort"])
        if as_json:
            self.finish({"lab": lab.lab, "closed": True})
        else:
            self.redirect(url_path_join(self.base_url, "mondaylab/cohort"), status=303)


def _body(body: bytes) -> dict[str, object]:
    try:
        data = json.loads(body)
    except ValueError:
        raise HTTPError(400, "the body is not JSON") from None
    if not isinstance(data, dict):
        raise HTTPError(400, "the body is not an object")
    return data
