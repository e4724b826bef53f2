"""Where browsers find the hub, each service and each learner's server: an origin for each, or paths of one.

A learner owns the process that answers below ``/user/<name>/``, so nothing in it can be trusted to refuse. What keeps
its pages from acting as whoever opens them is the browser, and a browser tells origins apart, not paths.
"""

from __future__ import annotations

import re
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
        Refused: It is not ``https://host``, with a port or without; ``http://`` is for names of this machine only.
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
    if parts.scheme == "http" and not _stays_here(parts.hostname):
        raise Refused(
            f"{told!r} needs TLS: browsers send the hub's cookies to such a name over https only, and nobody could "
            "sign in",
            fix=f"put a proxy with a certificate before it, and say https://{parts.netloc}",
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _stays_here(host: str) -> bool:
    """Whether browsers trust a name without TLS, as it never leaves the machine."""
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")
