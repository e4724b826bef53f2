"""A form's truth, and the folder that keeps it: 0700 and 0600, outside every course, home and release."""

from __future__ import annotations

import os
from pathlib import Path

from mondaylab.errors import NotFound, Refused
from mondaylab.files import write_file
from mondaylab.forms.shown import Severity
from mondaylab.measures import Measure
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name


class ClaimKey(Record):
    """The truth of one row."""

    claim_id: str
    draft_id: str
    template: str
    """The claim template: items are counted as template x flaw state."""
    text: str
    words: tuple[str, ...] = ()
    """What the sentence puts in for its slots and values."""
    flawed: bool
    operator: str | None = None
    """The flaw operator that seeded the flaw; none for a sound claim."""
    foil: bool = False
    """True but looks wrong."""
    kinds: tuple[str, ...] = ()
    """Flaw kinds a learner may fairly call it; the first is the main one."""
    group: str | None = None
    """The group of those kinds: half the diagnosis."""
    severity: Severity | None = None
    stated: float | None = None
    truth: float | None = None
    """Computed value, in the unit and scale that the claim is displayed in."""
    unit: str | None = None
    tolerance: float = 0.0
    """Absolute, in displayed units: half a displayed step."""
    why: str
    """One or two plain sentences for feedback: the computed truth, and what the claim did to it."""
    query: str
    """The query that shows the truth, as one line of pandas-like text, or the handbook section."""


class EvidenceKey(Record):
    """The figure that the evidence task asks for."""

    question: str
    measure: Measure
    scale: float = 1.0
    """Factor from the measure's value to the asked unit (100 for percent)."""
    unit: str
    tolerance: float
    """Absolute, in the asked unit."""


class ValidatorKey(Record):
    """The family of claims that the validator task is about."""

    template: str
    """Name of the claim template whose mutants and clean twins are drawn."""


class FormKey(Record):
    """The truth of one learner's form."""

    form_id: str
    cohort: str
    learner: str
    lab: str
    quarter: str
    attempt: int
    company: str
    snapshot: str
    claims: tuple[ClaimKey, ...]
    evidence: EvidenceKey | None = None
    validator: ValidatorKey | None = None
    canary: str
    """A random word that occurs nowhere else: finding it anywhere is proof of a leak."""

    def flawed_share(self) -> float:
        """q, the form's share of flawed rows, in [0, 1]."""
        return sum(claim.flawed for claim in self.claims) / len(self.claims)


class KeyStore:
    """Keys on disk: ``keys/<cohort>/<form id>.json``."""

    def __init__(self, site: Site) -> None:
        self._folder = site.keys

    def folder(self, cohort: str) -> Path:
        """The cohort's folder, made if missing, readable by its owner only."""
        for folder in (self._folder, self._folder / plain_name(cohort)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        return self._folder / cohort

    def put(self, key: FormKey) -> None:
        """Stores a key; the same form again with another truth is refused."""
        path = self.folder(key.cohort) / f"{plain_name(key.form_id)}.json"
        text = key.canonical()
        if path.exists():
            if path.read_text("utf-8") != text:
                raise Refused(
                    f"form {key.form_id} already has another key",
                    fix="restore all of var/, keys, forms and judgements, from one backup",
                )
            return
        write_file(path, text, mode=0o600)

    def get(self, cohort: str, form_id: str) -> FormKey:
        """Reads a key.

        Raises:
            NotFound: The form has none.
            Refused: Somebody but the owner could have read or changed it.
        """
        path = self._folder / plain_name(cohort) / f"{plain_name(form_id)}.json"
        if not path.is_file():
            raise NotFound(f"no key for form {form_id}", fix="restore var/keys from a backup")
        if path.stat().st_mode & 0o077:
            raise Refused("a key is readable by others", where=path, fix="find out who opened it, then chmod 600")
        return FormKey.read_json(path)

    def secret(self, cohort: str) -> bytes:
        """The cohort's 32-byte HMAC secret from which forms are drawn; made on first use."""
        path = self.folder(cohort) / "cohort.secret"
        if not path.exists():
            write_file(path, os.urandom(32), mode=0o600)
        return path.read_bytes()
