"""An author's lab opens in a checkout, and nowhere else."""

from __future__ import annotations

import pytest

from mondaylab.authoring import Author
from mondaylab.errors import MondaylabError
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE

LAB = "finance/weekly_margin_memo"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder that is no checkout, such as a learner's home."""
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    monkeypatch.delenv(VAR_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(lab: str = LAB, quarter: str = "2026Q4", company: str = "demo") -> MondaylabError:
    with pytest.raises(MondaylabError) as error:
        Author(lab, quarter=quarter, company=company)
    return error.value


def test_without_a_checkout_it_says_where_to_go(elsewhere):
    error = refused()
    assert "only in a checkout" in error.what and error.where == str(elsewhere) and "jupyter lab" in str(error.fix)


def test_a_checkout_without_data_names_the_command_that_makes_it(elsewhere):
    for name in ("labs", "grader", "hub_config"):
        (elsewhere / name).mkdir()
    error = refused(company="acme")
    assert "no bindings of company 'acme'" in error.what and "mondaylab labs check" in str(error.fix)


@pytest.mark.parametrize("name", ["finance", "/memo", "finance/"])
def test_a_name_that_is_no_lab_s_names_the_list_of_them(elsewhere, name):
    error = refused(lab=name)
    assert "names no lab" in error.what and "mondaylab labs list" in str(error.fix)
