"""The gate before the hub: requests turned away by where they come from, before anybody looks whose they are."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler

from mondaylab.hub.origins import Addresses
from mondaylab.records import Record


class Turned(Record):
    """What a request gets instead of the page it asked for."""

    status: int
    said: str
    to: str = ""
    """Where a browser goes on; empty when it stays."""


_SAFE = ("GET", "HEAD", "OPTIONS")
_ELSEWHERE = ("same-site", "cross-site")
_FRAMES = ("iframe", "frame", "object", "embed", "fencedframe")
_OPEN = ("/hub/static/", "/hub/logo")
"""Style and pictures, the same for everybody."""
_OTHER = "This page of the hub is not for pages of another address."


def _elsewhere(uri: str, hub: str, *, navigates: bool) -> Turned:
    """What the hub answers at a name that is not its own: it sets no cookie there and shows no page."""
    if uri == "/favicon.ico":  # browsers ask for it by themselves, and nobody has one there
        return Turned(status=204, said="")
    if navigates:
        return Turned(status=302, said=f"The hub is at {hub}.", to=f"{hub}{uri}")
    return Turned(status=503, said=f"Nothing answers here now. The hub is at {hub}.")


def _opens(navigates: bool, headers: Mapping[str, str]) -> bool:
    """Whether a person goes to the page, and no page of another address looks at it."""
    return navigates and headers.get("Sec-Fetch-Dest") not in _FRAMES


def turned(method: str, uri: str, headers: Mapping[str, str], addresses: Addresses, internal: str) -> Turned | None:
    """Whether the hub turns a request away before it looks who sent it.

    Names below one host name are one *site* to a browser: it sends the hub's cookies along with what a learner's page
    asks for, and ``SameSite`` does not hold them back. Whence a request comes is therefore asked here.

    Args:
        method: Of the request.
        uri: Path and query.
        headers: Of the request.
        addresses: The hub's public addresses.
        internal: ``host:port`` at which servers and services reach the hub.

    Returns:
        None when the hub may answer.
    """
    host = headers.get("Host", "").lower()
    navigates = method in ("GET", "HEAD") and headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if addresses.apart and host not in (addresses.host, internal):
        return _elsewhere(uri, addresses.hub, navigates=navigates)
    origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site", "")
    if method not in _SAFE:
        if (origin is not None and urlsplit(origin).netloc.lower() != host) or site in _ELSEWHERE:
            return Turned(status=403, said=_OTHER)
    elif site in _ELSEWHERE and not uri.startswith(_OPEN) and not _opens(navigates, headers):
        return Turned(status=403, said=_OTHER)
    if addresses.apart and navigates and host == addresses.host and uri.startswith("/services/"):
        return Turned(status=302, said="Services have addresses of their own.", to=addresses.of(uri))
    return None


class _TurnedHandler(RequestHandler):
    """Says why a request is turned away, or where it goes on."""

    def initialize(self, answer: Turned) -> None:
        self._answer = answer

    def check_xsrf_cookie(self) -> None:
        """Nothing is done for any request here."""

    async def prepare(self) -> None:
        answer = self._answer
        self.set_status(answer.status)
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        if answer.to:
            self.set_header("Location", answer.to)
        if not answer.said:
            self.finish()
            return
        said, to = html.escape(answer.said), html.escape(answer.to)
        self.finish(f"<!doctype html><title>mondaylab</title><p>{said}" + (f' <a href="{to}">{to}</a>' if to else ""))


class Gate(Application):
    """The hub's pages, for requests that come from where they may come from."""

    addresses: Addresses
    internal: str

    def find_handler(self, request: HTTPServerRequest, **options: Any) -> Any:
        answer = turned(request.method or "", request.uri or "", request.headers, self.addresses, self.internal)
        if answer is not None:
            return self.get_handler_delegate(request, _TurnedHandler, {"answer": answer})
        return super().find_handler(request, **options)
