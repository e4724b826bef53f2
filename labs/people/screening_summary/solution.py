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
import json
import re

import pandas as pd

VACANCY_OR_APPLICATION = r"(vacancy|application) (\w+)"
SMALLEST_GROUP = 5  # handbook 7.3
SUMMARY = {"how many were invited", "what it did not see"}  # handbook 7.6
ADVICE = {"work sample", "structured interview"}  # handbook 7.7
NOTE = {"how many applied", "how many were invited"}  # handbook 7.8
CHARTS = {"how many applied", "how many were invited"}  # handbook 7.8
LIMITS = {"data of candidates are kept after the decision": "7.5", "a work sample counts": "7.9"}
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


def section(handbook, number):
    """The words of one section."""
    return re.search(rf"^## {re.escape(number)} .+\n\n((?:[^#].*\n|\n)+)", handbook, re.M)[1]


def quoted(handbook, number, quote):
    """Whether a section has these words as a sentence of its own, whole and as they are."""
    return f"{quote}." in re.split(r"(?<=\.)\s+", section(handbook, number).strip())


def months_of_today(handbook, number):
    """The months that a section gives first: what held before stands behind *until then*."""
    return int(re.search(r"(\d+) months", section(handbook, number))[1])


def is_top_three(rows, named):
    """Whether the three named are the three highest work samples; where two tie for a place either is right."""
    scores = rows.set_index("application_id")["work_sample"].dropna()
    best = scores.sort_values(ascending=False).head(3)
    return len(set(named)) == 3 and set(named) <= set(scores.index) and sorted(scores[named]) == sorted(best)


# %%
NUMBER = r"(?P<n>[\d.]+)"


def weigh_summary(files, vacancy, text):
    """Whether a statement of the summary of one vacancy is wrong, and what it states of the list that such a text has."""
    rows = files.where(vacancy_id=vacancy)
    prefix = f"For vacancy {vacancy}, "
    if not text.startswith(prefix):
        raise ValueError(f"not about vacancy {vacancy}: {text}")
    said = text.removeprefix(prefix)
    if m := re.search(r"^(\d+) applications? came from (\w+)\.$", said):
        group = files.where(rows, home_department=m[2])
        return not may_state(group, m[1], len(group)), None
    if m := re.search(r"^the mean work sample from the (.+) came to ([\d.]+) points?\.$", said):
        group = files.where(rows, site=m[1])
        return not may_state(group, m[2], group["work_sample"].mean()), None
    if m := re.search(r"^the three strongest work samples from the (.+) are those of (.+)\.$", said):
        return not is_top_three(files.where(rows, site=m[1]), re.split(", | and ", m[2])), None
    if m := re.search(r"^([\d.]+) % of the applications meet its minimum\.$", said):
        return not may_state(rows, m[1], percent(rows["meets_minimum"]), 1), None
    if m := re.search(r"^the skills match of applicants from (\w+) averages (\d+) %\.$", said):
        group = files.where(rows, home_department=m[1])
        return not may_state(group, m[2], percent(group["skills_match"])), None
    if m := re.search(r"^(\d+) applicants? ha(?:s|ve) been invited to an interview so far\.$", said):
        group = files.where(rows, interviewed=1)
        return not may_state(group, m[1], len(group)), "how many were invited"
    if m := re.search(r"^no structured interview was held with (\d+) applicants?\.$", said):
        group = files.where(rows, interviewed=0)
        return not may_state(group, m[1], group["employee_id"].nunique()), "what it did not see"
    if m := re.search(r"^(\d+) applications? meets? its minimum, all sites together\.$", said):
        group = files.where(rows, meets_minimum=1)
        return not may_state(group, m[1], len(group)), None
    if m := re.search(r"^no application from the (.+) has been withdrawn\.$", said):
        return (files.where(rows, site=m[1])["stage"] == "withdrawn").any(), None
    if m := re.search(r"^the share of applications that meet its minimum is, in round figures, (\d+) %\.$", said):
        return not may_state(rows, m[1], percent(rows["meets_minimum"])), None
    raise ValueError(f"nothing to check this with: {text}")


def weigh_advice(files, application, text, handbook):
    """The same for the note on one application."""
    row = files.where(application_id=application).iloc[0]
    if m := re.search(r"^Handbook ([\d.]+) says word for word: “(.+)”$", text):
        return not quoted(handbook, m[1], m[2]), None
    if application not in text:
        raise ValueError(f"not about application {application}: {text}")
    if m := re.search(rf"^The work sample of .+ scored {NUMBER} points?\.$", text):
        return not agrees(m["n"], row["work_sample"]), "work sample"
    if m := re.search(rf"^The structured interview of .+ (reaches|falls short of) the panel's {NUMBER} points\.$", text):
        reached = row["structured_interview"] >= BAR
        return float(m["n"]) != BAR or (m[1] == "reaches") != reached, "structured interview"
    if m := re.search(r" comes from the department (\w+)\.$", text):
        return row["home_department"] != m[1], None
    if m := re.search(r" came in on (\d+ \w+ \d{4})\.$", text):
        return pd.Timestamp(m[1]) != row["applied_date"], None
    if m := re.search(r"^The skills match of .+, as a share, is ([\d.]+)\.$", text):
        return not agrees(m[1], row["skills_match"], 2), None
    if m := re.search(r"^Certificates on file for application .+: (\d+)\.$", text):
        return row["certificates"] != int(m[1]), None
    raise ValueError(f"nothing to check this with: {text}")


FOR, FROM, AT, AGE = r"posts in (?P<department>\w+)", r"(?P<home>\w+)", r"(?P<site>[\w ]+?)", r"(?P<age>[\w ]+?)"


# what an assistant's own answer says of a department, a site or the whole company
RECORDED = re.compile(
    r"^Over the quarter, (?P<what>applications|invitations to an interview|the share that meets the minimum|the share invited to an interview)"
    rf"(?: of the whole company| in (?P<department>\w+)| at {AT}) "
    r"(?:came to (?P<n>[\d,.]+?)(?: %| \w+)?|was (?P<than>higher|lower) than in the whole company)\.$"
)
OF_ROWS = {
    "applications": len,
    "invitations to an interview": lambda rows: rows["interviewed"].sum(),
    "the share that meets the minimum": lambda rows: percent(rows["meets_minimum"] == 1),
    "the share invited to an interview": lambda rows: percent(rows["interviewed"] == 1),
}
STATED = {"applications": "how many applied", "invitations to an interview": "how many were invited"}


def weigh_recorded(files, m):
    """The same for what an assistant's own answer says."""
    rows = files.where(**{column: m[column] for column in ("department", "site") if m[column]})
    true = OF_ROWS[m["what"]]
    if m["than"]:
        return (true(rows) > true(files.applications)) != (m["than"] == "higher"), None
    shown = m["n"].replace(",", "")
    wrong = not may_state(rows, shown, true(rows), len(shown.partition(".")[2]))
    return wrong, STATED.get(m["what"]) if len(rows) < len(files.applications) else None


def weigh_fairness(files, text, handbook):
    """The same for the note to the works council, which is about all of the quarter's applications."""

    def group(m, **more):
        named = {"department": "department", "home": "home_department", "site": "site", "age": "age_band"}
        return files.where(**{column: m[name] for name, column in named.items() if name in m.re.groupindex}, **more)

    if m := re.search(r"^By section ([\d.]+) of today's handbook, (.+) for (\d+) months\.$", text):
        return LIMITS[m[2]] != m[1] or int(m[3]) != months_of_today(handbook, m[1]), None
    if m := re.search(rf"^Of the applicants for {FOR} who come from {FROM} and are {AGE}, {NUMBER} % were invited", text):
        rows = group(m)
        return not may_state(rows, m["n"], percent(rows["interviewed"]), 1), None
    if m := re.search(rf"^Applicants for {FOR} who come from {FROM} at the {AT} and are {AGE} scored {NUMBER} points", text):
        rows = group(m)
        return not may_state(rows, m["n"], rows["work_sample"].mean()), None
    if m := re.search(rf"^Of those invited from {FROM} at the {AT}, whatever the post, {NUMBER} % work part time\.$", text):
        rows = group(m, interviewed=1)
        return not may_state(rows, m["n"], percent(rows["part_time"]), 1), None
    if m := re.search(rf"^Structured interviews for {FOR} with people from {FROM} at the {AT} averaged {NUMBER} points", text):
        rows = group(m, interviewed=1)
        return not may_state(rows, m["n"], rows["structured_interview"].mean(), 1), None
    if m := re.search(rf"^For {FOR}, {NUMBER} applicants? from {FROM} at the {AT} w(?:as|ere) invited to an interview\.$", text):
        rows = group(m, interviewed=1)
        return not may_state(rows, m["n"], rows["employee_id"].nunique()), "how many were invited"
    if m := re.search(rf"^For {FOR}, {NUMBER} colleagues? from {FROM} at the {AT} applied\.$", text):
        rows = group(m)
        return not may_state(rows, m["n"], rows["employee_id"].nunique()), "how many applied"
    if m := re.search(rf"^Of those invited for {FOR} at the {AT}, {NUMBER} % have been offered the post so far\.$", text):
        rows = group(m, interviewed=1)
        return not may_state(rows, m["n"], percent(rows["stage"] == "offered"), 1), None
    if m := RECORDED.search(text):
        return weigh_recorded(files, m)
    raise ValueError(f"nothing to check this with: {text}")


def charts(draft):
    """Claim id -> the chart beside it: charts and the sentences about them come in the same order."""
    specs = ["".join(one.text or "" for one in part.walk()) for part in draft.parts if part.tag == "pre"]
    claims = [one.claim_id for part in draft.parts for one in part.walk() if one.claim_id is not None]
    return dict(zip(claims, specs, strict=True))


def in_order(bars, said, applied):
    """Whether bars (name, value) stand as a sentence says."""
    if "in alphabetical order" in said:
        return [name for name, _ in bars] == sorted((name for name, _ in bars), key=str.casefold)
    if "the longest bar first" not in said and "for which most people" not in said:
        return True  # nothing is said of it
    heights = [applied[name] if "for which most people of that home department applied" in said else value for name, value in bars]
    return heights == sorted(heights, reverse=True)


def begins(start, said):
    """Whether the bars begin where a sentence says."""
    m = re.search(r"the bars begin at ([\d,]+),", said)
    return start == (0 if m is None else int(m[1].replace(",", "")))


def weigh_chart(files, text, spec):
    """Whether what a sentence says of a chart is wrong, bar by bar, and what it states of the list."""
    m = re.search(r"^In the chart of (?P<of>.+?)(?: from the (?P<site>.+?)|, for posts in (?P<department>\w+))?, the bars show (?P<what>.+)\.$", text)
    home = m and re.search(r"colleagues whose home department is (\w+) ", m["what"])
    if m is None or home is None:
        raise ValueError(f"nothing to check this with: {text}")
    chart, said = json.loads(spec), m["what"]
    bars = [(one["bar"], one["value"]) for one in chart["data"]["values"]]
    cut = {"site": m["site"], "department": m["department"], "home_department": home[1]}
    rows = files.where(**{column: value for column, value in cut.items() if value})
    by = {"ages": "age_band", "sites": "site"}.get(m["of"], "department")
    applied = rows.groupby(by)["employee_id"].nunique().to_dict()
    if m["of"] == "invitations" or "were invited to an interview at least once" in said:
        rows = files.where(rows, interviewed=1)
    if "without being invited" in said:
        rows = files.where(rows, interviewed=0)
    groups = rows.groupby(by)["employee_id"]
    true = (groups.size() if "counting applications" in said else groups.nunique()).to_dict()
    small = (groups.nunique() < SMALLEST_GROUP).any()
    start = chart["encoding"]["x"]["scale"]["domain"][0]
    right = dict(bars) == true and in_order(bars, said, applied) and begins(start, said)
    states = {"who applied": "how many applied", "invitations": "how many were invited"}
    return small or not right, states.get(m["of"])


# %%
def judge_form(form, tables, handbook):
    """Claim id -> True if wrong, for the whole form."""
    files = Files(tables)
    verdicts = {}
    for draft in form.drafts:
        about = re.search(VACANCY_OR_APPLICATION, draft.title)
        given = set()
        for claim in draft.claims:
            said = claim.judged_as or claim.text
            if draft.format == "chart":
                asked, (wrong, expected) = CHARTS, weigh_chart(files, said, charts(draft)[claim.claim_id])
            elif about is None:
                asked, (wrong, expected) = NOTE, weigh_fairness(files, said, handbook)
            elif about[1] == "vacancy":
                asked, (wrong, expected) = SUMMARY, weigh_summary(files, about[2], said)
            else:
                asked, (wrong, expected) = ADVICE, weigh_advice(files, about[2], said, handbook)
            verdicts[claim.claim_id] = bool(wrong)
            given.add(expected)
        verdicts[draft.missing.claim_id] = not asked <= given
    return verdicts
