"""Learner code is run alone, and what stops it is said in plain words."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.tables import LabTables
from mondaylab.errors import Refused
from mondaylab.judging.page import assistant_help, search_sections
from mondaylab.judging.standalone import cell_source, outside_names, run_cell
from mondaylab.judging.tryout import try_evidence, try_validator

SALE = {"table": "orders", "key": "order_id", "fields": {"amount": {"column": "orders.net", "unit": "EUR"}}}
TABLES = LabTables(
    {"orders": pd.DataFrame({"order_id": ["O1", "O2"], "net": [10.0, 20.0]})},
    Bindings.parse({"company": "toy", "currency": "EUR", "entities": {"sale": SALE}}, where="test"),
)
CLAIMS = [
    {"id": "v1", "text": "North made 10", "value": 10.0, "unit": "EUR", "region": "North"},
    {"id": "v2", "text": "South made 11", "value": 11.0, "unit": "EUR", "region": "South"},
]


def cell(source: str, name: str) -> Callable[..., Any]:
    """A function as a notebook defines it: its file is the cell, known to linecache alone."""
    file = f"/tmp/ipykernel_1/{abs(hash(source))}.py"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"pd": pd, "lab": "the notebook's own", "orders": TABLES["orders"]}
    exec(compile(source, file, "exec"), namespace)
    return namespace[name]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    raise NotImplementedError()", "not written yet"),
        ("    pass", "returned nothing"),
        ("    return '3'", "a str, not a number"),
        ("    return True", "a bool, not a number"),
        ("    return pd.Series([1.0])", "a Series, not a number"),
        ("    return tables['orders']['net'].sum() / 0", "returned inf"),
        ("    return float('nan')", "returned nan"),
        ("    return tables['order']['net'].sum()", "in line 2 of its cell: there is no 'order'"),
        ("    return tables.concept('sales').amount.sum()", "no 'sales (concepts here: sale)'"),
        ("    return 1 / 0", "in line 2 of its cell: ZeroDivisionError"),
        ("    return orders['net'].sum()", "uses 'orders' from outside"),
        ("    return get_ipython().x", "a line that begins with %"),
        ("    return 30.0", "never looked at tables"),
    ],
)
def test_what_is_wrong_with_evidence(body: str, said: str):
    tried = try_evidence(cell(f"def evidence(tables):\n{body}\n", "evidence"), TABLES)
    assert not tried.ok
    assert said in repr(tried)


@pytest.mark.parametrize("number", ["float", "int", "np.float64", "np.int64"])
def test_good_evidence(number: str):
    helper = "import math\nHALF = 0.5\ndef half(x):\n    return x * HALF\n"
    source = f"{helper}def evidence(tables):\n    return {number}(half(tables['orders'].net.sum()))\n"
    tried = try_evidence(cell("import numpy as np\n" + source, "evidence"), TABLES, "EUR")
    assert tried.ok, tried
    assert tried.value == 15.0
    assert "15 EUR" in tried.text


def test_the_learners_tables_stay_as_they_are():
    lines = ["tables['orders']['net'] = 0", "tables['orders'].loc[0, 'net'] = 5", "tables.pop('orders')", "return 1.0"]
    source = "\n    ".join(["def evidence(tables):", *lines])
    assert try_evidence(cell(source, "evidence"), TABLES).ok
    assert TABLES["orders"]["net"].tolist() == [10.0, 20.0]


def test_evidence_may_name_concepts_instead_of_tables():
    source = "def evidence(tables):\n    sales = tables.concept('sale')\n    return sales['amount'].sum()\n"
    tried = try_evidence(cell(source, "evidence"), TABLES)
    assert (tried.ok, tried.value) == (True, 30.0), tried
    lines = ["sales = tables.concept('sale')", "sales['amount'] = 0", "return tables.concept('sale').amount[0]"]
    spoiling = "\n    ".join(["def evidence(tables):", *lines])
    assert try_evidence(cell(spoiling, "evidence"), TABLES).value == 10.0


@pytest.mark.parametrize(
    ("body", "ok", "said"),
    [
        ("return set()", True, "flags 0 of 2"),
        ("return {c['id'] for c in claims if c['value'] != tables['orders'].net[0]}", True, "flagged  South made 11"),
        ("return {c['id'] for c in claims}", True, "Flagging everything earns nothing"),
        ("return [c['id'] for c in claims]", False, "returned a list"),
        ("return None", False, "returned nothing"),
        ("return {'v9'}", False, "no claim has: 'v9'"),
        ("return {c['place'] for c in claims}", False, "there is no 'place'"),
        ("return seen", False, "uses 'seen' from outside"),
    ],
)
def test_validator(body: str, ok: bool, said: str):
    tried = try_validator(cell(f"def validator(claims, tables):\n    {body}\n", "validator"), CLAIMS, TABLES)
    assert tried.ok is ok
    assert said in repr(tried)


def test_validator_without_practice_claims():
    tried = try_validator(cell("def validator(claims, tables):\n    return set()\n", "validator"), (), TABLES)
    assert tried.ok
    assert "no practice claims" in tried.text


def test_names_from_outside():
    assert outside_names("def f(a):\n    b = a\n    return [b for c in d]\nf(pd, np, print, e)") == ("d", "e")
    assert (
        outside_names("import os\nfrom a import b as c\nclass D:\n    x = 1\n    def m(self): return self.x, c, os")
        == ()
    )
    with pytest.raises(Refused, match="not Python"):
        outside_names("def f(:")
    with pytest.raises(Refused, match="does not define evidence"):
        run_cell("x = 1", "evidence")
    with pytest.raises(Refused, match="cannot be read"):
        cell_source(len)


def test_assistant_help_for_real_client_errors():
    import openai

    for name in ("APIConnectionError", "AuthenticationError", "RateLimitError", "OpenAIError", "APITimeoutError"):
        kind = getattr(openai, name)
        assert assistant_help(kind.__new__(kind)), name
    assert "No assistant is set up" in assistant_help(openai.OpenAIError())
    assert "ValueError" in assistant_help(ValueError("x"))


def test_what_the_assistant_itself_says_is_missing_is_told_in_its_words():
    import httpx
    import openai

    error = {"message": "Still on its way: 3 of 9 MB are here.", "type": "mondaylab", "code": 503}
    answers = httpx.MockTransport(lambda _: httpx.Response(503, json={"error": error}))
    client = openai.OpenAI(
        base_url="http://lab/v1", api_key="k", max_retries=0, http_client=httpx.Client(transport=answers)
    )
    with pytest.raises(openai.InternalServerError) as caught:
        client.models.list()
    assert assistant_help(caught.value) == "Still on its way: 3 of 9 MB are here."


def test_handbook_search():
    handbook = "# Book\n\n## 4.2 Discounts\nAbove 15 % ask.\n\n## 4.3 Refunds\nNo discount, no refund.\n"
    assert search_sections(handbook, "DISCOUNT refund").startswith("## 4.3")
    assert search_sections(handbook, "discount").count("##") == 2
    assert "No section" in search_sections(handbook, "bonus")
    assert "No section" in search_sections(handbook, " ")
