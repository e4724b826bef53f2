"""Vacancies, applications and past hires: links, blanks, small groups, what predicts a good hire and what does not."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from mondaylab.datasets.demo_company import people, selection
from mondaylab.datasets.demo_company.company import Company
from mondaylab.quarter import Quarter

Tables = dict[str, pd.DataFrame]
QUARTERS = ("2026Q3", "2026Q4")
SEEDS = (20260701, 7, 8)
REAL = Path(__file__).resolve().parents[3] / "datasets" / "demo"


@cache
def drawn(seed: int, quarter: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Vacancies, applications (with the vacancy's department) and hires of a company with another seed."""
    company, when = Company.of(REAL).model_copy(update={"seed": seed}), Quarter.parse(quarter)
    posts = selection.vacancies(company, when)
    found = selection.applications(company, when, posts, people.employees(company, when))
    return posts, found.merge(posts[["vacancy_id", "department"]], on="vacancy_id"), selection.hires(company, when)


@pytest.mark.parametrize("quarter", QUARTERS)
def test_applications_link_to_vacancies_and_staff(both_quarters: dict[str, Tables], quarter: str) -> None:
    tables, when = both_quarters[quarter], Quarter.parse(quarter)
    posts, found = tables["vacancies"], tables["applications"]
    assert 80 <= len(posts) <= 90
    each = found.groupby("vacancy_id").size()
    assert set(each.index) == set(posts["vacancy_id"])
    assert each.between(24, 43).all()
    assert not found.duplicated(["vacancy_id", "employee_id"]).any()
    wide = found.merge(posts, on="vacancy_id", suffixes=("", "_post"))
    assert wide["applied_date"].between(wide["opened_date"], wide["closed_date"]).all()
    assert wide["closed_date"].max() <= str(when.end)
    minimum = (wide["years_in_grade"] >= wide["min_years_in_grade"]) & (wide["grade"] >= wide["grade_post"] - 1)
    assert (wide["meets_minimum"] == minimum).all()
    own = found.merge(tables["employees"], on="employee_id", suffixes=("", "_own"))
    assert 20 < len(own) < 0.3 * len(found)
    assert (own["last_name"] == own["last_name_own"]).all()
    assert (own["home_department"] == own["team"]).all()
    assert (own["birth_date"] == own["birth_date_own"]).all()
    traits = ["part_time", "age_band", "site", "commute_km", "performance_rating", "last_name"]
    assert (found.groupby("employee_id")[traits].nunique() == 1).all().all()


@pytest.mark.parametrize("quarter", QUARTERS)
def test_stages_blanks_and_small_groups(both_quarters: dict[str, Tables], quarter: str) -> None:
    tables, when = both_quarters[quarter], Quarter.parse(quarter)
    found = tables["applications"]
    assert (found["structured_interview"].notna() == (found["interviewed"] == 1)).all()
    assert 0.01 < found["work_sample"].isna().mean() < 0.09
    assert found["work_sample"].between(0, 100).sum() == found["work_sample"].notna().sum()
    assert set(found["stage"]) == {"screened", "interviewed", "offered", "rejected", "withdrawn"}
    assert (found.loc[found["stage"] == "offered", "interviewed"] == 1).all()
    undecided = found["stage"].isin(["screened", "interviewed"])
    assert (found["decided_date"].isna() == undecided).all()
    assert found["decided_date"].dropna().max() <= str(when.end)
    offers = found[found["stage"] == "offered"].groupby("vacancy_id").size()
    places = tables["vacancies"].set_index("vacancy_id")["positions"]
    assert (offers <= places[offers.index]).all()
    homes = found.groupby("home_department")["employee_id"].nunique()
    assert 1 <= homes["Legal"] < 5 <= homes.drop("Legal").min()
    sampled = found["panel_note"].str.contains("No work sample", na=False)
    assert found.loc[sampled, "work_sample"].isna().all()


@pytest.mark.parametrize("quarter", QUARTERS)
@pytest.mark.parametrize("seed", SEEDS)
def test_part_timers_are_invited_less_and_in_every_department_more(seed: int, quarter: str) -> None:
    _, found, _ = drawn(seed, quarter)
    overall = found.groupby("part_time")["interviewed"].mean()
    assert overall[1] < overall[0] - 0.05
    cells = found.groupby(["department", "part_time"])["interviewed"].mean().unstack()
    assert len(cells) == len(selection.DEPARTMENTS)
    assert (cells[1] > cells[0]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_evidence_predicts_the_rating_and_forbidden_traits_do_not(seed: int) -> None:
    _, found, hires = drawn(seed, "2026Q4")
    assert 200 <= len(hires) <= 300
    r = hires.select_dtypes("number").corr()["trial_month_rating"]
    assert 0.38 < r["work_sample"] < 0.70
    assert 0.2 < r["structured_interview"] < 0.65
    assert r["skills_match"] > 0.15
    assert r[["commute_km", "gap_months", "part_time"]].abs().max() < 0.2
    invited = found.groupby("interviewed")[["work_sample", "commute_km", "gap_months"]].agg(
        lambda cells: pd.to_numeric(cells).mean()
    )
    assert invited.loc[1, "work_sample"] > invited.loc[0, "work_sample"] + 8
    assert abs(invited.loc[1, "commute_km"] - invited.loc[0, "commute_km"]) < 4


def test_neighbouring_quarters_agree_about_past_hires(both_quarters: dict[str, Tables]) -> None:
    old, new = (both_quarters[quarter]["hires"].set_index("hire_id") for quarter in QUARTERS)
    both = old.index.intersection(new.index)
    assert len(both) > 150
    pd.testing.assert_frame_equal(old.loc[both], new.loc[both])
    assert new["started_date"].max() < "2026-10-01"


def test_policy_hides_who_applicants_are(tables: Tables, both_quarters: dict[str, Tables]) -> None:
    raw, clean = both_quarters["2026Q4"]["applications"], tables["applications"]
    gone = {"first_name", "last_name", "email", "birth_date", "gender", "nationality"}
    assert gone <= set(raw.columns)
    assert set(clean.columns) == set(raw.columns) - gone
    assert (clean["commute_km"] % 5 == 0).all()
    assert (clean["gap_months"] % 3 == 0).all()
    assert clean["panel_note"].str.contains(r"\[PERSON\]").sum() > 50
    assert raw["panel_note"].str.contains(r"\[PERSON\]").sum() == 0
