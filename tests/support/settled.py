"""What a run of the tests draws from: the same secrets each time, unless it is asked to draw anew."""

from __future__ import annotations

import hashlib
import os

from mondaylab.datasets import pseudonyms
from mondaylab.files import write_file
from mondaylab.forms.keys import KeyStore
from mondaylab.settings import Site

# `make test` draws the same each time, so that a failure is the change's; `make deep` draws anew, and says from what
DRAW = "MONDAYLAB_TESTS_DRAW"
SETTLED = "settled"


def settled(name: str) -> bytes:
    """32 secret bytes for `name`, the same in every run that draws from the same."""
    return hashlib.sha256(f"{os.environ[DRAW]}: {name}".encode()).digest()


def settle_secret(site: Site, company: str) -> None:
    """Gives a company the secret that it has in every run: pseudonyms, so what is drawn, are then always the same."""
    path = pseudonyms.secret_path(site, company)
    path.parent.mkdir(mode=0o700, parents=True)
    write_file(path, settled(company), mode=0o600)


def settle_forms(site: Site, cohort: str) -> None:
    """Gives a cohort the secret that its forms are drawn from in every run."""
    write_file(KeyStore(site).folder(cohort) / "cohort.secret", settled(cohort), mode=0o600)
