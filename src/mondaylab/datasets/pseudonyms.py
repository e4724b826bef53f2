"""Pseudonyms: keyed, one-way, the same for a value in every table and quarter of one company."""

from __future__ import annotations

import hmac
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from mondaylab.errors import Refused
from mondaylab.settings import Site, plain_name

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
_PAIRS = tuple(a + b for a in _LETTERS for b in _LETTERS)
_SECRET_BYTES = 32
_TOKEN = re.compile(r"\w+")


def secret_path(site: Site, company: str) -> Path:
    """``var/secrets/<company>.key``: outside every snapshot, release and home."""
    return site.secrets / f"{plain_name(company)}.key"


def secret(site: Site, company: str) -> bytes:
    """The company's 32 secret bytes, made on first use, readable by their owner only.

    Whoever has them can test a guess about who is behind a pseudonym; without them nobody can.

    Raises:
        Refused: Others can read the file, or it is not 32 bytes long.
    """
    path = secret_path(site, company)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    if not path.exists():
        _create(path, os.urandom(_SECRET_BYTES))
    if path.stat().st_mode & 0o077:
        raise Refused("the secret is readable by others", where=path, fix="find out who opened it, then chmod 600")
    data = path.read_bytes()
    if len(data) != _SECRET_BYTES:
        raise Refused(
            "the secret is damaged", where=path, fix="restore it from backup; a new one changes all pseudonyms"
        )
    return data


def _create(path: Path, data: bytes) -> None:
    """Creates the whole file at once; if another process was first, its file stays."""
    handle, staged = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), 0o600)
            os.fsync(file.fileno())
        try:
            os.link(staged, path)
        except FileExistsError:
            return
    finally:
        Path(staged).unlink()


class Pseudonyms:
    """Makes pseudonyms under one secret.

    A pseudonym is the domain's prefix and 60 bits of HMAC-SHA-256 over (domain, value): a lookup table cannot be made
    without the secret, as it can for an unsalted hash.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise Refused("a pseudonym secret needs at least 16 bytes")
        self._key = key
        self._made: dict[tuple[str, str], str] = {}
        self._tokens: set[str] = set()

    def of(self, domain: str, value: str, prefix: str = "") -> str:
        """The pseudonym of one value; blank stays blank. Surrounding spaces do not count."""
        value = value.strip()
        if not value:
            return ""
        message = len(domain.encode()).to_bytes(4, "big") + domain.encode() + value.encode()
        bits = int.from_bytes(hmac.digest(self._key, message, "sha256")[:8], "big")
        made = prefix + "".join([_PAIRS[bits >> shift & 1023] for shift in (0, 10, 20, 30, 40, 50)])
        self._tokens.add(_TOKEN.findall(made)[-1])
        return made

    def left_out(self, text: str) -> str:
        """A text without the pseudonyms that were made here: by chance one holds a name, a word or a number."""
        if self._tokens.isdisjoint(_TOKEN.findall(text)):
            return text
        return _TOKEN.sub(lambda found: "" if found[0] in self._tokens else found[0], text)

    def mapping(self, domain: str, values: Iterable[str], prefix: str = "") -> dict[str, str]:
        """The pseudonyms of distinct values.

        Raises:
            Refused: Two values would share a pseudonym (1 in 2^60 per pair): nothing may be joined that was apart.
        """
        result = {}
        for value in dict.fromkeys(values):
            made = self._made.get((domain, value))
            result[value] = made or self._made.setdefault((domain, value), self.of(domain, value, prefix))
        if len(set(result.values())) != len({value.strip() for value in result}):
            raise Refused(f"two values of domain {domain!r} got one pseudonym", fix="replace the company's secret")
        return result
