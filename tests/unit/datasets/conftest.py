from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.known import Known, known_values
from mondaylab.datasets.policy import Policy
from mondaylab.datasets.pseudonyms import Pseudonyms
from mondaylab.quarter import Quarter

PEOPLE = {
    "id": ["K0001", "K0002", "K0003", "K0004", "K0005", "K0006"],
    "name": ["Anna Müller", "Paweł Nowak", "Rose Young", "Conor O'Brien", "Zoë de Vries", "May Price"],
    "mail": [
        "anna.mueller@firma.example",
        "p.nowak@firma.example",
        "",
        "conor@obrien.example",
        "",
        "may@price.example",
    ],
    "phone": ["+49 30 23125 123", "089/99998-456", "0221 4710996", "", "(0171) 3920011", ""],
    "street": ["Lindenstraße 12", "Am Alten Markt 3b", "12 Station Road", "Rosenweg 7", "", ""],
    "zip": ["10115", "80331", "50667", "20095", "", ""],
    "city": ["Altenbrück", "Obertannach", "Altenbrück", "Wendelsand", "", ""],
    "account": ["DE89370400440532013000", "", "", "AT611904300234573201", "", ""],
    "firm": ["Müller Metallbau GmbH", "", "", "", "", "Price & Partners Ltd"],
}

POLICY: dict[str, Any] = {
    "company": "tiny",
    "steward": "the steward",
    "domains": {"person": {"prefix": "K", "pattern": r"K\d{4}"}},
    "tables": {
        "people": {
            "columns": {
                "id": {"do": "pseudonym", "domain": "person"},
                "name": {"do": "drop", "holds": "person"},
                "mail": {"do": "drop", "holds": "email"},
                "phone": {"do": "drop", "holds": "phone"},
                "street": {"do": "drop", "holds": "street"},
                "zip": {"do": "prefix", "length": 1},
                "city": {"do": "drop", "holds": "city"},
                "account": {"do": "drop", "holds": "iban"},
                "firm": {"do": "drop", "holds": "company"},
            }
        }
    },
}


@pytest.fixture(scope="session")
def policy() -> Policy:
    return Policy.parse(POLICY, where="test")


@pytest.fixture(scope="session")
def policy_data() -> Callable[[], dict[str, Any]]:
    """A fresh copy of a valid policy as plain data, to spoil."""
    import copy

    return lambda: copy.deepcopy(POLICY)


@pytest.fixture(scope="session")
def known(policy: Policy) -> Known:
    return known_values({"people": pd.DataFrame(PEOPLE, dtype="str")}, policy)


@pytest.fixture(scope="session")
def scrubber(policy: Policy, known: Known) -> Scrubber:
    names = Pseudonyms(b"0" * 32, Quarter(2026, 4))
    return Scrubber(known, policy, lambda domain, value: names.of(domain, value, "K"), year=2026)
