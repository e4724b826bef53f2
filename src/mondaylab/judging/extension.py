"""Jupyter server extension: forwards the panel's requests from the browser to the judgement service.

It runs in the learner's own server and adds that server's hub token, so that the browser never holds one and a busy
kernel blocks nothing. Switch it on with ``ServerApp.jpserver_extensions = {"mondaylab.judging.extension": True}``.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.web import authenticated

from mondaylab.judging.client import TOKEN_VARIABLE, URL_VARIABLE

SECONDS = 10.0
"""How long the service may take."""
BODY_LIMIT = 64 * 1024
"""Largest body that is forwarded, in bytes; the service has the same limit."""

_READ = re.compile(r"forms(/[A-Za-z0-9_.-]{1,200})?")
_WRITE = re.compile(r"forms/[A-Za-z0-9_.-]{1,200}/(events|commit|evidence)")


class JudgementHandler(APIHandler):
    """``{base_url}mondaylab/judgement/<path>`` -> ``<service>/api/<path>``; login and XSRF check are Jupyter's own."""

    @authenticated  # type: ignore[untyped-decorator]  # tornado's, as above
    async def get(self, path: str) -> None:
        """Forwards a read."""
        await self._forward("GET", path if _READ.fullmatch(path) else None, None)

    @authenticated  # type: ignore[untyped-decorator]  # tornado's, as above
    async def post(self, path: str) -> None:
        """Forwards an event."""
        await self._forward("POST", path if _WRITE.fullmatch(path) else None, self.request.body)

    async def _forward(self, method: str, path: str | None, body: bytes | None) -> None:
        if path is None:
            self._answer(404, _problem("no such address"))
            return
        if body is not None and len(body) > BODY_LIMIT:
            self._answer(413, _problem(f"the body is larger than {BODY_LIMIT} bytes"))
            return
        service, token = os.environ.get(URL_VARIABLE), os.environ.get(TOKEN_VARIABLE)
        if not service or not token:
            self._answer(502, _problem("this server knows no judgement service"))
            return
        request = HTTPRequest(
            f"{service.rstrip('/')}/api/{path}",
            method=method,
            headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
            body=body,
            follow_redirects=False,
            connect_timeout=SECONDS,
            request_timeout=SECONDS,
        )
        try:
            response = await AsyncHTTPClient().fetch(request, raise_error=False)
            json.loads(response.body)
        except (HTTPClientError, OSError, ValueError) as error:
            self.log.warning("mondaylab: the judgement service does not answer: %s", error)
            self._answer(502, _problem("the judgement service does not answer"))
            return
        self._answer(response.code, response.body)

    def _answer(self, status: int, body: bytes) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(body)


def _problem(what: str) -> bytes:
    return json.dumps({"error": {"what": what, "where": None, "fix": None}}).encode()


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "mondaylab.judging.extension"}]


def _load_jupyter_server_extension(serverapp: Any) -> None:
    route = url_path_join(serverapp.web_app.settings["base_url"], r"mondaylab/judgement/(.*)")
    serverapp.web_app.add_handlers(".*$", [(route, JudgementHandler)])
