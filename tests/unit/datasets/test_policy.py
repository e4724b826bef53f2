from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mondaylab.datasets.policy import Policy
from mondaylab.errors import Refused

Data = dict[str, Any]


def _column(data: Data, action: Data) -> Data:
    data["tables"]["people"]["columns"]["id"] = action
    return data


@pytest.mark.parametrize(
    "action",
    [
        {"do": "pass"},
        {},
        {"do": "keep"},
        {"do": "keep", "type": "whatever"},
        {"do": "keep", "type": "choice"},
        {"do": "keep", "type": "number", "values": ["1"]},
        {"do": "keep", "type": "code"},
        {"do": "keep", "type": "code", "pattern": "("},
        {"do": "keep", "type": "text", "public": "  "},
        {"do": "keep", "type": "number", "public": "why"},
        {"do": "drop"},
        {"do": "drop", "holds": "secrets"},
        {"do": "drop", "holds": "person", "because": "x"},
        {"do": "pseudonym"},
        {"do": "pseudonym", "domain": "nothing"},
        {"do": "pseudonym", "domain": "person", "domains": ["person"]},
        {"do": "bin", "width": 0},
        {"do": "bin"},
        {"do": "prefix", "length": 0},
        {"do": "scrub", "keep": "names"},
        {"do": "year", "width": 3},
        {"do": "group", "groups": {}},
        {"do": "group", "groups": {"a": ["x"], "b": ["x"]}},
        "keep",
    ],
)
def test_a_wrong_action_refuses(policy_data: Callable[[], Data], action: Data) -> None:
    with pytest.raises(Refused, match="people"):
        Policy.parse(_column(policy_data(), action), where="policy.yaml")


def test_an_unknown_field_refuses(policy_data: Callable[[], Data]) -> None:
    with pytest.raises(Refused, match="default"):
        Policy.parse(policy_data() | {"default": "keep"}, where="policy.yaml")


def test_mixed_domains_need_patterns(policy_data: Callable[[], Data]) -> None:
    data = _column(policy_data(), {"do": "pseudonym", "domains": ["person", "thing"]})
    data["domains"]["thing"] = {"prefix": "T"}
    with pytest.raises(Refused, match="'thing' needs a pattern"):
        Policy.parse(data, where="policy.yaml")


def test_rows_cannot_be_sorted_by_what_is_dropped(policy_data: Callable[[], Data]) -> None:
    data = policy_data()
    data["tables"]["people"]["order_by"] = ["name"]
    with pytest.raises(Refused, match="order_by names 'name'"):
        Policy.parse(data, where="policy.yaml")


def test_a_table_of_nothing_is_withheld_instead(policy_data: Callable[[], Data]) -> None:
    data = policy_data()
    data["tables"]["people"]["columns"] = {"name": {"do": "drop", "holds": "person"}}
    with pytest.raises(Refused, match="withheld"):
        Policy.parse(data, where="policy.yaml")


def test_names_are_plain(policy_data: Callable[[], Data]) -> None:
    data = policy_data()
    data["tables"]["../people"] = data["tables"].pop("people")
    with pytest.raises(Refused, match="not a plain name"):
        Policy.parse(data, where="policy.yaml")


@pytest.mark.parametrize("steward", ["", "   ", " data desk", "x" * 121, "data\ndesk", 7, None])
def test_somebody_answers_for_a_policy(policy_data: Callable[[], Data], steward: object) -> None:
    with pytest.raises(Refused, match="steward"):
        Policy.parse({**policy_data(), "steward": steward}, where="policy.yaml")
