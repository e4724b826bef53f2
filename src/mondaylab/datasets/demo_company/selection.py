"""Filling posts from within the group: vacancies, applications, and how past hires turned out.

The group that the company belongs to fills its posts from within first, and advertises them to all of its colleagues:
some 2,700, the company's own 84 among them.
What may be judged (work sample, interview, skills, certificates) tells how a hire turns out; what may not be judged
(part time, parental leave, age, gaps, commute) tells nothing. Part-timers are invited less often over all, and no less
often in any department, because they apply where few are invited: Simpson's paradox, on purpose, kept by quotas.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from mondaylab.datasets.demo_company import identities, support
from mondaylab.datasets.demo_company.company import Company
from mondaylab.datasets.demo_company.phrases import PANEL_NOTES
from mondaylab.quarter import Quarter

DEPARTMENTS = ("Logistics", "Service", "Sales", "Purchasing", "Finance", "IT")
"""Departments that have vacancies."""
SITES = ("Head office", "North depot", "South depot", "Service centre")
GROUP = 2_600
"""Colleagues in the group's other companies."""

# posts, skill that each requires, share of part-timers among applicants, share of full-timers who are invited
_POSTS = {
    "Logistics": (("Shift planner", "Route planning"), ("Goods-in clerk", "Stock control"), 0.07, 0.72),
    "Service": (("Support agent", "Customer writing"), ("Service coordinator", "Customer writing"), 0.12, 0.66),
    "Sales": (("Account manager", "Negotiation"), ("Tender clerk", "Tender law"), 0.26, 0.48),
    "Purchasing": (("Buyer", "Supplier audits"), ("Category buyer", "Cost analysis"), 0.60, 0.32),
    "Finance": (("Accountant", "Ledger closing"), ("Credit analyst", "Cost analysis"), 0.65, 0.24),
    "IT": (("Data analyst", "SQL"), ("Shop system administrator", "Shop systems"), 0.60, 0.20),
}
_PART_TIME_LEAD = 0.07
"""By how much more part-timers are invited than full-timers of the same department."""
_HOMES = (*DEPARTMENTS, "Legal")
_LEGAL = 3
"""Colleagues in the smallest department: any figure about them is a figure about persons."""
_VACANCIES = {"Logistics": 15, "Service": 15, "Sales": 15, "Purchasing": 11, "Finance": 14, "IT": 11}

_VACANCY = "vacancy_id title department site grade positions required_skill min_years_in_grade opened_date closed_date"
_APPLICATION = (
    "application_id vacancy_id employee_id first_name last_name email birth_date gender nationality applied_date "
    "home_department grade site work_sample structured_interview skills_match certificates years_in_grade "
    "performance_rating meets_minimum part_time parental_leave_last_year age_band gap_months commute_km interviewed "
    "stage decided_date panel_note"
)
_HIRE = (
    "hire_id started_date department grade work_sample structured_interview skills_match certificates years_in_grade "
    "performance_rating part_time gap_months commute_km trial_month_rating"
)


def vacancies(company: Company, quarter: Quarter) -> pd.DataFrame:
    """The posts advertised in the quarter; each can be applied for until its closing day, which lies in the quarter."""
    random = company.random("vacancies", quarter)
    rows = []
    for department, count in _VACANCIES.items():
        posts = _POSTS[department][:2]
        for number in range(count + int(random.random() < 0.2)):
            title, skill = posts[number % 2]
            opened = quarter.start + timedelta(days=int(random.integers(0, 56)))
            rows.append(
                {
                    "title": title,
                    "department": department,
                    "site": SITES[int(random.integers(len(SITES)))],
                    "grade": int(random.integers(4, 8)),
                    "positions": int(random.integers(2, 5)) if department in ("Logistics", "Service") else 1,
                    "required_skill": skill,
                    "min_years_in_grade": int(random.integers(1, 3)),
                    "opened_date": opened,
                    "closed_date": opened + timedelta(days=int(random.integers(14, 22))),
                }
            )
    frame = pd.DataFrame(rows).sort_values(["opened_date", "title"], kind="stable", ignore_index=True)
    first = company.age(quarter) * 100 + 1
    frame["vacancy_id"] = [f"V{number:05d}" for number in range(first, first + len(frame))]
    for name in ("opened_date", "closed_date"):
        frame[name] = frame[name].astype("datetime64[s]")
    return frame[_VACANCY.split()]


def applications(company: Company, quarter: Quarter, posts: pd.DataFrame, employees: pd.DataFrame) -> pd.DataFrame:
    """The applications for the quarter's vacancies; who is still being looked at on its last day has no decision."""
    random = company.random("applications", quarter)
    people = _colleagues(company, quarter, employees)
    frame = _applicants(random, posts, people)
    frame["applied_date"] = frame["opened_date"] + pd.to_timedelta(
        np.floor(random.beta(1.2, 1.0, len(frame)) * (frame["closed_date"] - frame["opened_date"]).dt.days), unit="D"
    )
    talent = random.normal(0, 1, len(frame))
    for name, values in _scores(random, talent).items():
        frame[name] = values
    frame["meets_minimum"] = (
        (frame["years_in_grade"] >= frame["min_years_in_grade"]) & (frame["grade"] >= frame["_post_grade"] - 1)
    ).astype(int)
    frame["_sample"] = random.random(len(frame)) >= 0.04
    _select(random, quarter, frame)
    frame["panel_note"] = _notes(company, quarter, frame, employees)
    frame["work_sample"] = frame["work_sample"].astype(str).where(frame["_sample"], "")
    frame = frame.sort_values(["applied_date", "vacancy_id", "employee_id"], kind="stable", ignore_index=True)
    first = company.age(quarter) * 4_000 + 1
    frame["application_id"] = [f"A{number:06d}" for number in range(first, first + len(frame))]
    return frame[_APPLICATION.split()]


def _colleagues(company: Company, quarter: Quarter, employees: pd.DataFrame) -> pd.DataFrame:
    """Everybody in the group who may apply: the company's own staff, and `GROUP` others whom only HR's export names."""
    random = company.random("group")
    names = identities.names(random, GROUP)
    born = [date(1962, 1, 1) + timedelta(days=int(days)) for days in random.integers(0, 14_600, GROUP)]
    others = pd.DataFrame(
        {
            "employee_id": [f"E{number:04d}" for number in range(1_001, 1_001 + GROUP)],
            "first_name": [name[0] for name in names],
            "last_name": [name[1] for name in names],
            "email": [
                f"{identities.plain(first)}.{identities.plain(last)}{number}@group.{company.mail_domain}"
                for number, (first, last) in enumerate(names, start=1)
            ],
            "birth_date": born,
            "home_department": np.array(_HOMES)[random.choice(len(DEPARTMENTS), size=GROUP)],
        }
    )
    others.loc[: _LEGAL - 1, "home_department"] = "Legal"
    own = employees.rename(columns={"team": "home_department"})
    people = pd.concat([own[others.columns], others], ignore_index=True)
    # one row a person whatever the quarter, although the company's own staff grows
    traits = company.random("traits")
    size = company.employees + GROUP
    drawn = pd.DataFrame(
        {
            "gender": np.array(["f", "m", "d"])[traits.choice(3, size=size, p=[0.47, 0.51, 0.02])],
            "nationality": np.array(["DE", "PL", "TR", "IT", "FR", "UA"])[
                traits.choice(6, size=size, p=[0.72, 0.08, 0.08, 0.05, 0.04, 0.03])
            ],
            "grade": traits.integers(3, 8, size),
            "site": np.array(SITES)[traits.choice(len(SITES), size=size, p=[0.4, 0.2, 0.18, 0.22])],
            "_in_grade_since": traits.integers(2016, 2026, size) + traits.random(size),
            "part_time": (traits.random(size) < 0.38).astype(int),
            "gap_months": np.where(traits.random(size) < 0.24, traits.integers(2, 25, size), 0),
            "commute_km": np.clip(traits.gamma(1.8, 10.0, size), 1, 95).round().astype(int),
        },
        index=[*(f"E{n:04d}" for n in range(1, company.employees + 1)), *others["employee_id"]],
    )
    people = people.join(drawn, on="employee_id")
    yearly = company.random("reviews", quarter.year)
    rating = np.clip(np.round(yearly.normal(3.4, 0.85, size)), 1, 5).astype(int)
    leave = (yearly.random(size) < np.where(drawn["part_time"] == 1, 0.16, 0.04)).astype(int)
    reviewed = pd.DataFrame({"performance_rating": rating, "parental_leave_last_year": leave}, index=drawn.index)
    people = people.join(reviewed, on="employee_id")
    now = quarter.start.year + quarter.start.timetuple().tm_yday / 365
    people["years_in_grade"] = np.floor(np.maximum(now - people["_in_grade_since"], 0)).astype(int)
    age = np.array([(quarter.start - born).days / 365.25 for born in people["birth_date"]])
    people["age_band"] = np.array(["under 30", "30 to 39", "40 to 49", "50 and over"])[np.digitize(age, [30, 40, 50])]
    return people


def _applicants(random: np.random.Generator, posts: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Who applies for which post: 24 to 42 people a post, part-timers mostly where few are invited."""
    part, full = (np.flatnonzero(people["part_time"] == flag) for flag in (1, 0))
    legal = np.flatnonzero(people["home_department"] == "Legal")
    chosen, post_of = [], []
    for number, department in enumerate(posts["department"]):
        count = int(random.integers(24, 43))
        few = round(_POSTS[department][2] * count)
        who = [random.choice(part, size=few, replace=False), random.choice(full, size=count - few, replace=False)]
        if number < len(legal) and not any(legal[number] in group for group in who):
            who.append(legal[number : number + 1])
        chosen.append(np.sort(np.concatenate(who)))
        post_of.append(np.full(len(chosen[-1]), number))
    frame = people.iloc[np.concatenate(chosen)].reset_index(drop=True)
    post = posts.iloc[np.concatenate(post_of)].reset_index(drop=True)
    frame["_department"], frame["_post_grade"] = post["department"], post["grade"]
    for name in ("vacancy_id", "opened_date", "closed_date", "min_years_in_grade", "positions"):
        frame[name] = post[name]
    return frame


def _scores(random: np.random.Generator, talent: np.ndarray) -> dict[str, np.ndarray]:
    """Evidence about each applicant; all of it follows `talent` (standard normal), the work sample most."""
    noise = random.normal(0, 1, (4, len(talent)))
    return {
        "work_sample": np.clip(np.round(61 + 15 * (0.82 * talent + 0.57 * noise[0])), 5, 100).astype(int),
        "structured_interview": np.clip(3.2 + 0.75 * (0.60 * talent + 0.80 * noise[1]), 1, 5).round(1),
        "skills_match": np.clip(0.58 + 0.17 * (0.50 * talent + 0.87 * noise[2]), 0.05, 1).round(2),
        "certificates": np.clip(np.floor(1.4 + 1.1 * (0.35 * talent + 0.94 * noise[3])), 0, 5).astype(int),
    }


def _select(random: np.random.Generator, quarter: Quarter, frame: pd.DataFrame) -> None:
    """Invites the best of each department's full- and part-timers up to their quota, then offers the posts."""
    count = len(frame)
    merit = (
        frame["work_sample"].where(frame["_sample"], 40) / 15
        + 2.4 * frame["skills_match"]
        + 0.2 * frame["certificates"]
        + frame["meets_minimum"]
    ).to_numpy() + random.normal(0, 0.5, count)
    invited = np.zeros(count, dtype=bool)
    for (department, part_time), group in frame.groupby(["_department", "part_time"]):
        rows = group.index.to_numpy()
        share = _POSTS[str(department)][3]
        # rounding must not turn the order of the two shares
        quota = np.ceil((share + _PART_TIME_LEAD) * len(rows)) if part_time else np.floor(share * len(rows))
        invited[rows[np.argsort(-merit[rows], kind="stable")[: int(quota)]]] = True
    frame["interviewed"] = invited.astype(int)
    withdrawn = random.random(count) < 0.05
    final = merit + 1.1 * frame["structured_interview"].to_numpy()
    decided = (frame["closed_date"] + pd.to_timedelta(random.integers(10, 26, count), unit="D")).to_numpy()
    decided = decided.astype("datetime64[s]")
    stage = np.where(withdrawn, "withdrawn", "rejected").astype(object)
    for _, group in frame.groupby("vacancy_id"):
        rows = group.index.to_numpy()
        able = rows[invited[rows] & ~withdrawn[rows]]
        places = int(group["positions"].iloc[0])
        stage[able[np.argsort(-final[able], kind="stable")[:places]]] = "offered"
        decided[rows] = decided[rows].max()
    undecided = (decided > np.datetime64(quarter.end)) & ~withdrawn
    frame["stage"] = np.where(undecided, np.where(invited, "interviewed", "screened"), stage)
    decided = np.where(withdrawn, frame["closed_date"].to_numpy().astype("datetime64[s]"), decided)
    frame["decided_date"] = np.where(undecided, np.datetime64("NaT"), decided)
    frame["structured_interview"] = frame["structured_interview"].map("{:.1f}".format).where(invited, "")


def _notes(company: Company, quarter: Quarter, frame: pd.DataFrame, employees: pd.DataFrame) -> list[str]:
    """The panel's note on most interviews, with names as people write them."""
    random = company.random("panel notes", quarter)
    notes = []
    staff = list(zip(employees["first_name"], employees["last_name"], strict=True))
    names = ["first_name", "last_name", "email", "interviewed", "work_sample", "skills_match", "_sample"]
    for row in frame[names].to_dict("records"):
        if not row["interviewed"] or random.random() < 0.25:
            notes.append("")
            continue
        style = random.integers(0, 72, 3).tolist()
        words = {
            "first": row["first_name"],
            "name": identities.name_text((row["first_name"], row["last_name"]), style[0]),
            "boss": identities.name_text(staff[int(random.integers(len(staff)))], style[1]),
            "phone": identities.phone_text(identities.any_phone(random), style[2]),
            "email": row["email"],
        }
        fitting = PANEL_NOTES["any"]
        if not row["_sample"]:
            fitting = PANEL_NOTES["no sample"]
        elif row["work_sample"] >= 75:
            fitting += PANEL_NOTES["strong sample"]
        elif row["skills_match"] < 0.5:
            fitting += PANEL_NOTES["few skills"]
        notes.append(support.pick(random, fitting).format(**words))
    return notes


def hires(company: Company, quarter: Quarter) -> pd.DataFrame:
    """Who was hired in the eight quarters before, what was known then, and the rating after the trial month."""
    parts = []
    when = quarter
    for _ in range(8):
        when = when.previous
        parts.append(_hired(company, when))
    frame = pd.concat(parts[::-1], ignore_index=True)
    return frame[_HIRE.split()]


def _hired(company: Company, quarter: Quarter) -> pd.DataFrame:
    """One quarter's hires. Of the evidence the work sample says most about the rating, the commute nothing."""
    random = company.random("hires", quarter)
    count = int(random.integers(26, 36))
    talent = random.normal(0.3, 1, count)
    frame = pd.DataFrame(_scores(random, talent))
    rating = 3.3 + 0.72 * (0.70 * (talent - 0.3) + 0.71 * random.normal(0, 1, count))
    frame["trial_month_rating"] = np.clip(rating, 1, 5).round(1)
    frame["department"] = np.array(DEPARTMENTS)[random.choice(6, size=count, p=[0.26, 0.24, 0.18, 0.1, 0.13, 0.09])]
    frame["grade"] = random.integers(4, 8, count)
    frame["years_in_grade"] = random.integers(0, 9, count)
    frame["performance_rating"] = np.clip(np.round(3.4 + 0.85 * (0.3 * talent + random.normal(0, 0.95, count))), 1, 5)
    frame["performance_rating"] = frame["performance_rating"].astype(int)
    frame["part_time"] = (random.random(count) < 0.3).astype(int)
    frame["gap_months"] = np.where(random.random(count) < 0.24, random.integers(2, 25, count), 0)
    frame["commute_km"] = np.clip(random.gamma(1.8, 10.0, count), 1, 95).round().astype(int)
    month = 3 * quarter.number - 2 + random.integers(0, 3, count)
    frame["started_date"] = pd.to_datetime([f"{quarter.year}-{m:02d}-01" for m in month.tolist()]).astype(
        "datetime64[s]"
    )
    frame = frame.sort_values(["started_date", "department"], kind="stable", ignore_index=True)
    first = (company.age(quarter) + 8) * 100 + 1
    frame["hire_id"] = [f"N{number:05d}" for number in range(first, first + count)]
    return frame
