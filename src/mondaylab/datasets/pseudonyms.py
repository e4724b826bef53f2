"""Pseudonyms: keyed, one-way, the same for a value in every table of one snapshot, and another in the next quarter."""

from __future__ import annotations

import hmac
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from mondaylab.datasets.aliases import nouns_for, spelled
from mondaylab.errors import Refused
from mondaylab.quarter import Quarter
from mondaylab.settings import Site, plain_name

_SECRET_BYTES = 32
_TOKEN = re.compile(r"\w+")
_ATTEMPTS, _ATTEMPTS_A_LENGTH = 64, 16


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
    """Deals the pseudonyms of one snapshot, under the company's secret and the quarter.

    A pseudonym is the domain's prefix and an alias that HMAC-SHA-256 over (domain, value) picks: a lookup table cannot
    be made without the secret, as it can for an unsalted hash. Who has the snapshots of two quarters cannot tell which
    pseudonyms of theirs stand for one value. The same exports get the same pseudonyms again.
    """

    def __init__(self, key: bytes, quarter: Quarter) -> None:
        if len(key) < 16:
            raise Refused("a pseudonym secret needs at least 16 bytes")
        self._key = hmac.digest(key, f"aliases of {quarter}".encode(), "sha256")
        self._quarter = quarter.number
        self._made: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        self._tokens: set[str] = set()

    def of(self, domain: str, value: str, prefix: str = "") -> str:
        """The pseudonym of one value; blank stays blank. Surrounding spaces do not count."""
        return self._made.get((domain, value.strip())) or self.mapping(domain, [value], prefix)[value]

    def left_out(self, text: str) -> str:
        """A text without the pseudonyms that were made here: by chance one holds a name, a word or a number."""
        if self._tokens.isdisjoint(_TOKEN.findall(text)):
            return text
        return _TOKEN.sub(lambda found: "" if found[0] in self._tokens else found[0], text)

    def mapping(self, domain: str, values: Iterable[str], prefix: str = "") -> dict[str, str]:
        """The pseudonyms of distinct values.

        Values dealt at once get theirs in the order of their hashes, so that the order of rows does not show. Deal all
        of a domain before single ones: what is dealt later takes what is left.

        Raises:
            Refused: No pseudonym is left that no other value has: nothing may be joined that was apart.
        """
        plain = {value: value.strip() for value in values}
        new = sorted((self._number(domain, value, 0), value) for value in self._new(domain, plain.values()))
        nouns = nouns_for(len(new))
        for number, value in new:
            self._made[domain, value] = self._deal(domain, value, number, prefix, nouns)
        return {value: self._made.get((domain, stripped), "") for value, stripped in plain.items()}

    def _new(self, domain: str, values: Iterable[str]) -> set[str]:
        return {value for value in values if value and (domain, value) not in self._made}

    def _number(self, domain: str, value: str, attempt: int) -> int:
        name = domain.encode()
        message = attempt.to_bytes(2, "big") + len(name).to_bytes(4, "big") + name + value.encode()
        return int.from_bytes(hmac.digest(self._key, message, "sha256"), "big")

    def _deal(self, domain: str, value: str, number: int, prefix: str, nouns: int) -> str:
        """The first pseudonym that no value of any domain has, whatever its case: a column may mix domains."""
        for attempt in range(_ATTEMPTS):
            number = self._number(domain, value, attempt) if attempt else number
            made = prefix + spelled(number, self._quarter, nouns + attempt // _ATTEMPTS_A_LENGTH)
            if made.lower() not in self._taken:
                self._taken.add(made.lower())
                self._tokens.add(made)
                return made
        raise Refused(f"two values of domain {domain!r} got one pseudonym", fix="replace the company's secret")
