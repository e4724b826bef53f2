"""A company's own model behind the assistant: ``hub_config/endpoint.yaml``, one OpenAI-compatible address.

Where that file is, no model runs here or is fetched. Where something in it is wrong, nobody is asked at all.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from pydantic import Field

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.hub.jail import python_binds
from mondaylab.hub.models.running import WITHOUT, NotReady, Upstream
from mondaylab.loopback import is_loopback
from mondaylab.records import Record
from mondaylab.settings import Site

FILE = "endpoint.yaml"
_OPEN_PORTS = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
_LONGEST_KEY = 4096
"""Bytes of a key file: more is some other file, named by mistake."""


class Endpoint(Record):
    """Where a company's model answers."""

    address: Annotated[str, Field(max_length=1000)]
    """As the ``openai`` client takes it, most often with ``/v1`` at its end."""
    key_file: Annotated[str, Field(min_length=1)]
    """Holds the key and nothing else; a relative path lies in ``var/hub``."""
    model: Annotated[str, Field(min_length=1, max_length=200)]
    """What answers, whatever model a caller names."""
    at_once: Annotated[int, Field(ge=1, le=1000)] = 8
    """Answers at the same time; further requests wait."""

    @classmethod
    def of(cls, site: Site) -> Endpoint | None:
        """The endpoint of an installation; none if the model of this machine answers.

        Raises:
            Refused: The file is damaged, has an unknown key or lacks one, or its address is none to send a key to.
        """
        path = site.hub_config / FILE
        if not is_set(site):
            return None
        found = cls.read_yaml(path)
        _check_address(found.address, path)
        return found

    @property
    def host(self) -> str:
        """The name of the machine that answers, with its port if it has one."""
        return urlsplit(self.address).netloc

    def key(self, site: Site) -> str:
        """The key.

        Raises:
            NotFound: There is no such file.
            Refused: Others can read it, learners' servers would see it, or it holds no key.
        """
        path = site.hub / self.key_file  # an absolute path stands for itself
        fix = f"write the key, alone, into a file of the hub's user, then: chmod 600 {path}"
        try:
            text, mode = _read(path)
        except FileNotFoundError:
            raise NotFound("the key file of the company's endpoint is not here", where=path, fix=fix) from None
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise Refused(
                f"the key file of the company's endpoint cannot be read: {why}", where=path, fix=fix
            ) from None
        if mode & 0o077:
            raise Refused("others can read the key of the company's endpoint", where=path, fix=f"chmod 600 {path}")
        real = path.resolve()
        if seen := next((place for place in _seen_in_jails(site) if real.is_relative_to(place)), None):
            raise Refused(
                f"learners' servers see {seen}, and with it the key of the company's endpoint",
                where=path,
                fix=f"move it into {site.hub}",
            )
        key = text.strip()
        if not key.isascii() or not key.isprintable() or not key or " " in key or len(key) > _LONGEST_KEY:
            raise Refused("there is not one key, and nothing else, in the file", where=path, fix=fix)
        return key

    def upstream(self, site: Site) -> Upstream:
        """Where and how it is asked: all that can be wrong with a setting is found here.

        Raises:
            NotFound: The key is not here.
            Refused: The key, or the proxy on the way, cannot be used.
        """
        address = self.address.rstrip("/")
        return Upstream(address, self.key(site), self.model, proxy_of(address))


def is_set(site: Site) -> bool:
    """Whether an installation names an endpoint, right or wrong.

    A link that leads nowhere is a setting too: to go on without it would ask another model than was meant.
    """
    path = site.hub_config / FILE
    return path.exists() or path.is_symlink()


class CompanyModel:
    """The company's endpoint as a model: ready unless what is set is wrong."""

    def __init__(self, site: Site) -> None:
        self.places = 1
        self._upstream: Upstream | None = None
        try:
            endpoint = Endpoint.of(site)
            if endpoint is None:
                raise NotFound("there is no endpoint", where=site.hub_config / FILE)  # removed just now
            self._upstream = endpoint.upstream(site)
            self.places = endpoint.at_once
        except MondaylabError as error:
            print(f"assistant: {error}", flush=True)

    async def upstream(self) -> Upstream:
        if self._upstream is None:
            raise NotReady(f"The assistant is not set up in order. {WITHOUT}")
        return self._upstream


def proxy_of(address: str) -> str | None:
    """The company's proxy on the way to an address, as the environment names it; none for this machine's own.

    Raises:
        Refused: It is no http proxy, or no address.
    """
    parts = urlsplit(address)
    if is_loopback(address) or proxy_bypass(parts.netloc):
        return None
    named = getproxies()
    found = named.get(parts.scheme) or named.get("all")
    if not found:
        return None
    whole = found if "://" in found else f"http://{found}"
    try:
        way = urlsplit(whole)
        usable = way.scheme in ("http", "https") and bool(way.hostname) and way.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Refused(
            "the proxy that the environment names cannot be used for the company's endpoint",
            fix="set HTTPS_PROXY to an http:// address, or NO_PROXY to the endpoint's host",
        )
    return whole


def _check_address(address: str, path: Path) -> None:
    fix = "name an https address, such as https://models.company.example/v1"
    try:
        parts = urlsplit(address)
        named, _ = bool(parts.hostname), parts.port
    except ValueError:
        named, parts = False, urlsplit("")
    if not named or address != address.strip() or not address.isprintable() or not address.isascii():
        raise Refused("address is none", where=path, fix=fix)
    if "@" in parts.netloc:
        raise Refused("address holds a name or a password", where=path, fix="put the key into key_file, and only there")
    if parts.query or parts.fragment:
        raise Refused("address holds more than a path", where=path, fix=fix)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(address)):
        raise Refused("address is neither https nor http on this machine: the key could be read", where=path, fix=fix)
    if parts.scheme == "http" and (parts.port or 80) >= _first_open_port():
        raise Refused(
            "address is http at a port that any program on this machine may take, a learner's too, and with it the key",
            where=path,
            fix="let the endpoint listen at a port that only the machine's administrator can take (below"
            f" {_first_open_port()}), or name an https address",
        )


def _first_open_port() -> int:
    """The first port that needs no administrator to listen on: learners' servers share this machine's loopback."""
    try:
        return int(_OPEN_PORTS.read_text())
    except (OSError, ValueError):
        return 1024


def _read(path: Path) -> tuple[str, int]:
    """A regular file's text and permission bits, of the same file even if it is replaced meanwhile."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        told = os.fstat(file.fileno())
        if not stat.S_ISREG(told.st_mode):
            raise OSError(0, "it is no file")
        return file.read(_LONGEST_KEY + 1).decode(), stat.S_IMODE(told.st_mode)


def _seen_in_jails(site: Site) -> list[Path]:
    """What every jail shows of this machine: it runs as the hub's user, whom permissions do not keep out."""
    shown = [Path("/usr"), Path("/etc/ssl/certs"), *(bind.source for bind in python_binds()), site.root / "src"]
    shown += [site.hub_config / "jupyter", site.homes, site.exchange, site.releases]
    return sorted({place.resolve() for place in shown} | {Path(sys.prefix).resolve()})
