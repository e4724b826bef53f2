"""This machine's own addresses, which are never asked through a company's proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

NAMES = ("127.0.0.1", "localhost", ".localhost", "::1")
"""As ``NO_PROXY`` lists them; every client reads such a list, and most take a leading dot for any name below."""


def is_loopback(address: str) -> bool:
    """Whether a URL is of this machine."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:  # neither a number nor a name of this machine
        return False


def unproxied(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which no program asks this machine through a proxy; other addresses go as they went.

    Both spellings are set: a client that finds one of them does not look at the other.
    """
    listed = [environment.get(name, "") for name in ("no_proxy", "NO_PROXY")]
    names = [name.strip() for some in listed for name in some.split(",") if name.strip()]
    told = ",".join(dict.fromkeys([*names, *NAMES]))
    return {**environment, "NO_PROXY": told, "no_proxy": told}
