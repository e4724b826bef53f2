"""Where browsers find the hub, each service and each learner's server: an origin for each, or paths of one.

A learner owns the process that answers below ``/user/<name>/``, so nothing in it can be trusted to refuse. What keeps
its pages from acting as whoever opens them is the browser, and a browser tells origins apart, not paths.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from jupyterhub.utils import subdomain_hook_idna

from mondaylab.errors import Refused
from mondaylab.records import Record

LOCAL_HOST = "mondaylab.localhost"
"""Browsers resolve it, and every name below it, to the machine they run on, without asking anybody."""
GIVES_UP = (
    "every page on this hub can act as whoever opens it, a learner's own server included: it can read their token "
    "page, make a token in their name and use their server or formgrader. Open no link to another person's server. "
    "With names below one host name: mondaylab hub run --origins subdomains"
)
"""What paths of one origin cost, in words."""


class Origins(StrEnum):
    """How the parts of a hub are told apart in a browser."""

    SUBDOMAINS = "subdomains"
    PATH = "path"


class Addresses(Record):
    """The public addresses of one hub."""

    hub: str
    """Scheme, host and port without a slash at the end, such as ``http://mondaylab.localhost:8000``."""
    origins: Origins = Origins.SUBDOMAINS

    @property
    def apart(self) -> bool:
        """Whether each learner's server and each service has an origin of its own."""
        return self.origins is Origins.SUBDOMAINS

    @property
    def domain(self) -> str:
        """The hub's host name, without a port."""
        return urlsplit(self.hub).hostname or ""

    @property
    def host(self) -> str:
        """The hub's ``Host`` header."""
        return urlsplit(self.hub).netloc

    def origin(self, kind: str, name: str) -> str:
        """The origin of a ``user`` or a ``service``; the hub's own where they are not apart."""
        if not self.apart:
            return self.hub
        parts = urlsplit(self.hub)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{subdomain_hook_idna(name, self.domain, kind)}{port}"

    def of(self, path: str) -> str:
        """The whole address of a path such as ``/user/lena/lab``, ``/services/judgement/`` or ``/hub/home``."""
        found = re.match(r"/(user|services)/([^/?#]+)", path)
        if not found:
            return f"{self.hub}{path}"
        return f"{self.origin('user' if found[1] == 'user' else 'service', found[2])}{path}"


def public_address(told: str) -> str:
    """An administrator's address of the hub, without its slash.

    Raises:
        Refused: It is not ``https://host`` or ``http://host``, with a port or without.
    """
    parts = urlsplit(told.strip())
    try:
        port = parts.port
    except ValueError:
        port = -1
    plain = not (parts.username or parts.query or parts.fragment) and parts.path in ("", "/") and port != -1
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise Refused(
            f"{told!r} is no address of a hub", fix="give scheme and host only, such as https://lab.company.example"
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


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
