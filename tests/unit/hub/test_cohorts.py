"""Cohorts: what their files may say, and plan and apply."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from mondaylab.errors import NotFound, Refused
from mondaylab.hub.accounts import Accounts
from mondaylab.hub.cohorts import Cohort, applied, declared, declared_cohort, groups_of
from mondaylab.hub.provision import apply, plan
from mondaylab.settings import Site


def test_the_demo_cohort_is_as_promised(site) -> None:
    demo = declared_cohort(site, "finance-demo")
    assert (demo.instructors, demo.learners) == (("iris",), ("lena", "omar", "tomek"))
    assert demo.assignments() == {"weekly_margin_memo": "finance/weekly_margin_memo"}
    assert demo.quarter == "2026Q4"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"learners": ("Lena",)}, "cannot be an account name"),
        ({"learners": ("../etc",)}, "cannot be an account name"),
        ({"learners": ("lena", "lena")}, "named twice"),
        ({"instructors": ("lena",)}, "named twice"),
        ({"quarter": "2026Q5"}, "not a quarter"),
        ({"labs": ("weekly_margin_memo",)}, "role/lab"),
        ({"labs": ("finance/../x",)}, "plain name"),
        ({"labs": ("finance/a", "hr/a")}, "same name"),
        ({"cohort": "a/b"}, "plain name"),
        ({"teachers": ("iris",)}, "teachers"),
    ],
)
def test_inconsistent_cohorts_are_refused(cohort, change, said) -> None:
    with pytest.raises(Refused, match=said):
        Cohort.parse({**cohort.model_dump(), **change}, where="test")


def test_a_file_has_its_cohorts_name(tmp_path: Path, site) -> None:
    (tmp_path / "hub_config" / "cohorts").mkdir(parents=True)
    copy = tmp_path / "hub_config" / "cohorts" / "other.yaml"
    shutil.copy(site.hub_config / "cohorts" / "finance-demo.yaml", copy)
    other = Site(tmp_path, tmp_path / "var")
    with pytest.raises(Refused, match="rename one"):
        declared(other)
    with pytest.raises(NotFound, match="known cohorts: other"):
        declared_cohort(other, "missing")


def test_groups_are_nbgraders(cohort) -> None:
    cohorts = {"fin-1": cohort}
    assert groups_of(cohorts, "lena") == ["nbgrader-fin-1"]
    assert groups_of(cohorts, "iris") == ["formgrade-fin-1"]
    assert groups_of(cohorts, "mallory") == []


def test_plan_changes_nothing(site, cohort) -> None:
    changes = plan(site, cohort)
    assert {change.kind for change in changes} == {"account", "folder", "file", "student", "cohort"}
    assert not site.var.exists()


def test_apply_makes_everything_once(site, cohort) -> None:
    assert apply(site, cohort)
    passwords = Accounts(site).initial_passwords()
    assert apply(site, cohort) == []
    assert plan(site, cohort) == []
    assert Accounts(site).initial_passwords() == passwords
    assert set(passwords) == {"iris", "lena", "omar"}
    assert applied(site) == {"fin-1": cohort}
    with sqlite3.connect(site.courses / "fin-1" / "gradebook.db") as gradebook:
        assert {row[0] for row in gradebook.execute("SELECT id FROM student")} == {"lena", "omar"}
    for folder in ("exchange/fin-1/inbound/lena", "exchange/fin-1/feedback/omar", "homes/lena", "keys", "hub"):
        assert (site.var / folder).stat().st_mode & 0o777 == 0o700


def test_apply_repairs_what_was_opened_or_edited(site, cohort) -> None:
    apply(site, cohort)
    (site.var / "homes").chmod(0o755)
    config = site.courses / "fin-1" / "nbgrader_config.py"
    text = config.read_text()
    config.write_text("c.Exchange.root = '/tmp'")
    assert apply(site, cohort) == ["make homes private", "write courses/fin-1/nbgrader_config.py"]
    assert config.read_text() == text


def test_who_leaves_loses_the_account_and_keeps_the_work(site, cohort) -> None:
    apply(site, cohort)
    (site.homes / "omar" / "work.txt").write_text("mine")
    changes = apply(site, cohort.model_copy(update={"learners": ("lena",)}))
    assert "remove account omar (home and work stay)" in changes
    assert Accounts(site).names() == ["iris", "lena"]
    assert (site.homes / "omar" / "work.txt").read_text() == "mine"


def test_who_is_in_another_cohort_too_keeps_the_account(site, cohort) -> None:
    other = cohort.model_copy(update={"cohort": "fin-2", "learners": ("omar",), "instructors": ()})
    apply(site, cohort)
    apply(site, other)
    apply(site, cohort.model_copy(update={"learners": ("lena",)}))
    assert "omar" in Accounts(site).names()
    assert groups_of(applied(site), "omar") == ["nbgrader-fin-2"]
