"""A real jail of an author, on a checkout of its own, with things worth stealing around it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.support.authoring_site import FOLDERS
from tests.support.places import LAB, QUARTER, ROOT
from tests.support.prison import SECRET, Prison
from tests.support.real_answers import CATEGORY, answer_of

from mondaylab.hub.authors import Authors, apply_authors
from mondaylab.hub.checks import user_namespaces
from mondaylab.hub.cohorts import declared_cohort
from mondaylab.hub.jail import CHECKOUT, Limits
from mondaylab.hub.provision import apply
from mondaylab.hub.spawner import jail_of, prepare
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import AnswerStore
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

PAULA = Authors(role="finance", company="demo", authors=("paula",))
HIDDEN = (
    "raw/demo/2026Q4/customers.csv",
    "secrets/demo.key",
    "keys/finance-demo/form-1.json",
    "forms/finance-demo/finance--weekly_margin_memo/2026Q4.json",
    "courses/finance-demo/gradebook.db",
    "exchange/finance-demo/inbound/lena/work.txt",
    "homes/lena/diary.txt",
    "authors/erik/home/notes.txt",
    "hub/judgements.sqlite",
    "hub/assistant.key",
    "builds/demo/finance/weekly_margin_memo/2026Q4/sources/key",
    "releases/finance/weekly_margin_memo/2026Q4-0/sources/key",
    "recordings/demo/support/refund_reply/2026Q4/answers/a.json",
    "recordings/other/finance/x/2026Q4/answers/a.json",
    "snapshots/other/x/manifest.json",
    "logs/hub.log",
)
"""Of the state: none of it is an author's."""


def workshop(demo_site: Site, finance: Material, folder: Path) -> Prison:
    """Paula's jail; she writes the labs of finance on the demo company's data, of which an answer is recorded."""
    problem = user_namespaces()
    if problem is not None:
        pytest.skip(f"NO JAIL TESTED: user namespaces do not work here: {problem}")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    (folder / "src").symlink_to(ROOT / "src")
    site = Site(folder, folder / "var")
    apply(site, declared_cohort(site, "finance-demo"))
    # hard links: a whole copy would take a second and 10 MB
    shutil.copytree(demo_site.snapshots, site.snapshots, copy_function=os.link)
    for place in HIDDEN:
        path = site.var / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
    store = AnswerStore(site, company="demo", lab=LAB, quarter=QUARTER)
    asking = Asking.of(site.lab(LAB), finance.declaration, finance.bindings.currency)
    store.put(answer_of(finance, asking, "category", 5, str(CATEGORY["text"])))
    apply_authors(site, PAULA)
    return jailed(site)


def jailed(site: Site) -> Prison:
    jail = jail_of(site, "paula", network="shared", limits=Limits())
    prepare(jail)
    return Prison(site, jail, {"MONDAYLAB_ROOT": CHECKOUT, "PYTHONPATH": str(site.root / "src")})
