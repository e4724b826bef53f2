# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# The worked checking of this lab by an HR colleague: every statement against the brief's terms, the two tables and the
# handbook. Learners never receive it; it documents that each statement can be decided from what they are given.

# %%
import re

import pandas as pd

VACANCY_OR_APPLICATION = r"[AV][0-9a-z]{12}"
SMALLEST_GROUP = 5  # handbook 7.3
SUMMARY = {"how many were invited", "what it did not see"}  # handbook 7.6
ADVICE = {"work sample", "structured interview"}  # handbook 7.7
NOTE = {"how many applied", "how many were invited"}  # handbook 7.8
BAR = 3.2  # points in the structured interview, agreed for this round


class Files:
    """Applications beside their vacancy's department."""

    def __init__(self, tables):
        vacancies = tables["vacancies"][["vacancy_id", "department"]]
        self.applications = tables["applications"].merge(vacancies, on="vacancy_id", validate="many_to_one")

    def where(self, rows=None, **values):
        """Applications, or `rows` of them, that have these values."""
        rows = self.applications if rows is None else rows
        for column, value in values.items():
            rows = rows.loc[rows[column] == value]
        return rows


def agrees(shown, true, decimals=0):
    """Whether the figure as shown is the true one, rounded at the end; a figure over nobody agrees with nothing."""
    return pd.notna(true) and abs(float(shown) - true) <= 0.5 * 10**-decimals + 1e-9


def may_state(rows, shown, true, decimals=0):
    """Whether a figure is the true one and, by section 7.3, `rows` that it is about are of enough people to send it."""
    return rows["employee_id"].nunique() >= SMALLEST_GROUP and agrees(shown, true, decimals)


def percent(flags):
    return 100 * flags.mean()


def is_top_three(rows, named):
    """Whether the three named are the three highest work samples; where two tie for a place either is right."""
    scores = rows.set_index("application_id")["work_sample"].dropna()
    best = scores.sort_values(ascending=False).head(3)
    return len(set(named)) == 3 and set(named) <= set(scores.index) and sorted(scores[named]) == sorted(best)


# %%
def weigh_summary(files, vacancy, text):
    """Whether a statement of the summary of one vacancy is wrong, and what it states of the list that such a text has."""
    rows = files.where(vacancy_id=vacancy)
    if m := re.search(r"^From (?P<home>\w+) we received (?P<n>\d+) app|^Colleagues from (?P<home2>\w+) sent (?P<n2>\d+) app", text):
        group = files.where(rows, home_department=m["home"] or m["home2"])
        return not may_state(group, m["n"] or m["n2"], len(group)), None
    if m := re.search(r"work samples? from the (.+) (?:came to|scored) ([\d.]+) points\.", text):
        group = files.where(rows, site=m[1])
        return not may_state(group, m[2], group["work_sample"].mean()), None
    if m := re.search(r"^From the (.+), the three strongest|among those from the (.+)\.$", text):
        return not is_top_three(files.where(rows, site=m[1] or m[2]), re.findall(VACANCY_OR_APPLICATION, text)), None
    if m := re.search(r"^Of all applications, (?P<n>[\d.]+) % meet|^(?P<m>[\d.]+) % of the applications meet", text):
        return not may_state(rows, m["n"] or m["m"], percent(rows["meets_minimum"]), 1), None
    if m := re.search(r"skills match of (?:applicants|those) from (\w+) (?:averages|is) (\d+) %", text):
        group = files.where(rows, home_department=m[1])
        return not may_state(group, m[2], percent(group["skills_match"])), None
    if m := re.search(r"^We have invited (\d+) applicants? to an|^So far (\d+) applicants? ha", text):
        group = files.where(rows, interviewed=1)
        return not may_state(group, m[1] or m[2], len(group)), "how many were invited"
    if m := re.search(r"structured interview (?:was held )?with (\d+) applicants?, (?:as none|so none)", text):
        group = files.where(rows, interviewed=0)
        return not may_state(group, m[1], group["employee_id"].nunique()), "what it did not see"
    if m := re.search(r"minimum is met by (\d+) appl|, (\d+) applications? meet the vacancy's minimum", text):
        group = files.where(rows, meets_minimum=1)
        return not may_state(group, m[1] or m[2], len(group)), None
    raise ValueError(f"nothing to check this with: {text}")


def weigh_advice(files, application, text):
    """The same for the note on one application."""
    row = files.where(application_id=application).iloc[0]
    if m := re.search(r"^The work sample (?:scored|was marked with) ([\d.]+) points?", text):
        return not agrees(m[1], row["work_sample"]), "work sample"
    if m := re.search(r"interview.* (reaches|falls short of) the .*?([\d.]+) points", text):
        reached = row["structured_interview"] >= BAR
        return float(m[2]) != BAR or (m[1] == "reaches") != reached, "structured interview"
    if m := re.search(r"staff number (?:is )?(\w+)\.", text):
        return row["employee_id"] != m[1], None
    if m := re.search(r"(?:came in|received it) on (\d+ \w+ \d{4})\.", text):
        return pd.Timestamp(m[1]) != row["applied_date"], None
    if m := re.search(r"skills match (?:is|comes to) (\d+) %", text):
        return not agrees(m[1], 100 * row["skills_match"]), None
    if m := re.search(r"(\d+) certificates?", text):
        return row["certificates"] != int(m[1]), None
    raise ValueError(f"nothing to check this with: {text}")


FOR, FROM, AT = r"posts in (?P<department>\w+)", r"(?P<home>\w+)", r"(?P<site>[\w ]+?)"
AGE, NUMBER = r"(?P<age>[\w ]+?)", r"(?P<n>[\d.]+)"


def weigh_fairness(files, text):
    """The same for the note to the works council, which is about all of the quarter's applications."""

    def group(m, **more):
        named = {"department": "department", "home": "home_department", "site": "site", "age": "age_band"}
        return files.where(**{column: m[name] for name, column in named.items() if name in m.re.groupindex}, **more)

    def said(*patterns):
        return next((m for pattern in patterns if (m := re.search(pattern, text))), None)

    whom = rf"applicants for {FOR} who come from {FROM} and are {AGE}"
    if m := said(rf"^Of the {whom}, {NUMBER} % were", rf"^{NUMBER} % of the {whom} were"):
        rows = group(m)
        return not may_state(rows, m["n"], percent(rows["interviewed"]), 1), None
    whom = rf"pplicants for {FOR} who come from {FROM} at the {AT} and are {AGE}"
    if m := said(rf"{whom} (?:scored|averaged) {NUMBER} points"):
        rows = group(m)
        return not may_state(rows, m["n"], rows["work_sample"].mean()), None
    whom = rf"invited from {FROM} at the {AT}"
    if m := said(rf"^Of those {whom}, {NUMBER} % work", rf"^{NUMBER} % of the people {whom} work"):
        rows = group(m, interviewed=1)
        return not may_state(rows, m["n"], percent(rows["part_time"]), 1), None
    if m := said(
        rf"^From {FROM}, {NUMBER} colleagues? who are {AGE} applied for {FOR}\.",
        rf"^For {FOR}, {NUMBER} colleagues? applied who come from {FROM} and are {AGE}\.",
    ):
        rows = group(m)
        return not may_state(rows, m["n"], rows["employee_id"].nunique()), None
    if m := said(rf"tructured interviews? for {FOR} with people from {FROM} at the {AT} (?:averaged|was) {NUMBER} points"):
        rows = group(m, interviewed=1)
        return not may_state(rows, m["n"], rows["structured_interview"].mean(), 1), None
    if m := said(
        rf"^For {FOR}, {NUMBER} applicants? from {FROM} at the {AT} were invited",
        rf"invited {NUMBER} applicants? from {FROM} at the {AT} to interviews for {FOR}\.",
    ):
        rows = group(m, interviewed=1)
        return not may_state(rows, m["n"], rows["employee_id"].nunique()), "how many were invited"
    if m := said(
        rf"^For {FOR}, {NUMBER} colleagues? from {FROM} at the {AT} applied\.$",
        rf"^From {FROM} at the {AT}, {NUMBER} colleagues? applied for {FOR}\.$",
    ):
        rows = group(m)
        return not may_state(rows, m["n"], rows["employee_id"].nunique()), "how many applied"
    whom = rf"those invited for {FOR} at the {AT}"
    if m := said(rf"^Of {whom}, {NUMBER} % have", rf"^So far {NUMBER} % of {whom} have"):
        rows = group(m, interviewed=1)
        return not may_state(rows, m["n"], percent(rows["stage"] == "offered"), 1), None
    raise ValueError(f"nothing to check this with: {text}")


# %%
def judge_form(form, tables, handbook):
    """Claim id -> True if wrong, for the whole form."""
    files = Files(tables)
    verdicts = {}
    for draft in form.drafts:
        about = re.search(VACANCY_OR_APPLICATION, draft.title)
        given = set()
        for claim in draft.claims:
            if about is None:
                asked, (wrong, expected) = NOTE, weigh_fairness(files, claim.text)
            elif about[0].startswith("V"):
                asked, (wrong, expected) = SUMMARY, weigh_summary(files, about[0], claim.text)
            else:
                asked, (wrong, expected) = ADVICE, weigh_advice(files, about[0], claim.text)
            verdicts[claim.claim_id] = bool(wrong)
            given.add(expected)
        verdicts[draft.missing.claim_id] = not asked <= given
    return verdicts
