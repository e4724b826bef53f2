# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# A colleague's worked checking of this lab: every claim from its text, the brief and the data alone, in the brief's
# own words, so that it holds for any company. It never leaves the lab's folder for a learner; the rehearsal runs it inside
# a learner's jail, and so proves that the lab can be solved.

# %%
import re

import pandas as pd

PLACES = ["highest", "second-highest", "third-highest", "fourth-highest", "fifth-highest", "sixth-highest"]


class Desk:
    """The concepts of the brief, and its definitions."""

    def __init__(self, tables):
        self.lines = tables.concept("order_line")
        self.done = self.lines[self.lines["status"] == "completed"]
        self.ships = tables.concept("shipment")
        first, last = self.lines["day"].min(), self.lines["day"].max()
        mondays = sorted(self.lines["week_start"].unique())
        self.full_weeks = [day for day in mondays if day >= first and day + pd.Timedelta(days=6) <= last]

    def week(self, frame, monday_, **cut):
        frame = frame[frame["week_start"] == monday_]
        for column, value in cut.items():
            frame = frame[frame[column] == value]
        return frame


def margin(rows):
    net = rows["net"].sum()
    return 100 * (net - rows["cost"].sum()) / net


def is_cause(named, weeks, rose):
    """Handbook 1.6: a part of the margin that makes at least half of its change, whichever part is changed first."""
    if min(len(rows) for rows in weeks) < 20 or named not in ("discounts", "the cost of goods"):
        return False
    (given, cost), (given_now, cost_now) = ((1 - rows["net"].sum() / rows["before_discount"].sum(),
                                             rows["cost"].sum() / rows["before_discount"].sum()) for rows in weeks)

    def worked_out(discounts, cost_of_goods):
        return (1 - discounts - cost_of_goods) / (1 - discounts)

    then, now = worked_out(given, cost), worked_out(given_now, cost_now)
    mixed = [worked_out(given_now, cost), worked_out(given, cost_now)]
    with_it, without_it = mixed if named == "discounts" else mixed[::-1]
    return (now > then) == rose and min((with_it - then) / (now - then), (now - without_it) / (now - then)) >= 0.5


def number(text):
    return float(text.replace(",", ""))


def signed(direction, text):
    return number(text) * (1 if direction == "rose" else -1)


def close(value, said, decimals):
    return abs(value - said) <= 0.5 * 10**-decimals + 1e-9


# %%
MONEY = re.compile(r"[€$£]|(?<=\d) (?:US cents|[A-Z]{3})\b")  # amounts are read as bare numbers: the brief's currency is the data's
NUMBER = r"([\d,]+(?:\.\d+)?)"
LOW, HIGH = (rf"(?P<{name}>[\d,]+)" for name in ("low", "high"))


def judge_draft(desk, draft, monday_):
    """Claim id -> True if wrong, for one draft; the week is the one in its title."""
    before = monday_ - pd.Timedelta(days=7)
    wrong, stated = {}, set()

    def net(**cut):
        return desk.week(desk.done, monday_, **cut)["net"].sum()

    def check(text):
        if m := re.search(rf"^(.+) brought in {NUMBER} of net sales in (.+)\.", text):
            return not close(net(category=m[1], region=m[3]), number(m[2]), 0)
        if m := (re.search(rf"^Net sales of (.+) in (.+) came to {NUMBER}", text)
                 or re.search(rf"^With (.+) in (.+) we booked net sales of {NUMBER}", text)):
            return not close(net(category=m[1], region=m[2]), number(m[3]), 0)
        if m := (re.search(rf"^(.+) customers brought in {NUMBER}", text) or re.search(rf"^Net sales to (.+) customers came to {NUMBER}", text)):
            return not close(net(segment=m[1]), number(m[2]), 0)
        if m := (re.search(rf"^In all, gross margin came to {NUMBER} %", text)
                 or re.search(rf"^The company as a whole earned a gross margin of {NUMBER} %", text)):
            stated.add("the week's total")
            return not close(margin(desk.week(desk.done, monday_)), number(m[1]), 1)
        if m := (re.search(rf"margin in (.+) was {NUMBER} %", text) or re.search(rf"^(.+) earned a gross margin of {NUMBER} %", text)
                 or re.search(rf"gross margin of (.+) stood at {NUMBER} %", text)):
            return not close(margin(desk.week(desk.done, monday_, region=m[1])), number(m[2]), 1)
        if m := re.search(rf"ross margin on (.+?) in (.+) (rose|fell) by {NUMBER} points", text):
            now, then = (margin(desk.week(desk.done, day, category=m[1], region=m[2])) for day in (monday_, before))
            return not close(now - then, signed(m[3], m[4]), 1)
        if m := (re.search(r"^Of the (?P<went>rise|fall) in gross margin with (?P<who>.+) customers in (?P<where>.+), at least half comes from (?P<named>.+)\.", text)
                 or re.search(r"^Gross margin with (?P<who>.+) customers in (?P<where>.+) (?P<went>rose|fell), and (?P<named>.+) made at least half", text)):
            weeks = [desk.week(desk.done, day, segment=m["who"], region=m["where"]) for day in (before, monday_)]
            return not is_cause(m["named"], weeks, rose=m["went"] in ("rise", "rose"))
        if m := (re.search(rf"^Net sales of (.+) in (.+) (rose|fell) by {NUMBER} %", text)
                 or re.search(rf"before, (.+) in (.+) (rose|fell) by {NUMBER} %", text)):
            now, then = (desk.week(desk.done, day, category=m[1], region=m[2])["net"].sum() for day in (monday_, before))
            return not close(100 * (now - then) / then, signed(m[3], m[4]), 0)
        if m := (re.search(r"^On (?P<what>.+) for (?P<who>.+) customers, (?P<where>.+) had the lowest gross margin", text)
                 or re.search(r"regions, (?P<where>.+) had the lowest gross margin on (?P<what>.+) for (?P<who>.+) customers\.", text)):
            stated.add("what fell short")
            week = desk.week(desk.done, monday_, category=m["what"], segment=m["who"])
            return week.groupby("region").apply(margin, include_groups=False).idxmin() != m["where"]
        if m := (re.search(rf"^In all we had {NUMBER} completed orders?\.", text)
                 or re.search(rf"^All channels together brought {NUMBER} completed orders?\.", text)):
            stated.add("the week's total")
            return desk.week(desk.done, monday_)["order"].nunique() != number(m[1])
        if m := (re.search(rf"order of (.+) customers was worth {NUMBER}", text) or re.search(rf"completed (.+) order came to {NUMBER}", text)):
            rows = desk.week(desk.done, monday_, segment=m[1])
            return not close(rows["net"].sum() / rows["order"].nunique(), number(m[2]), 0)
        if m := (re.search(rf"^Net sales of (?P<what>.+) in (?P<where>.+) over the (?P<by>.+) channel will lie between {LOW} and {HIGH}", text)
                 or re.search(rf"^Next week, (?P<what>.+) in (?P<where>.+) will bring between {LOW} and {HIGH} over the (?P<by>.+) channel", text)):
            low, high = number(m["low"]), number(m["high"])
            rows = desk.done[(desk.done["category"] == m["what"]) & (desk.done["region"] == m["where"])]
            rows = rows[rows["channel"] == m["by"]]
            weekly = rows.groupby("week_start")["net"].sum().reindex(desk.full_weeks)
            moves = (weekly / weekly.shift() - 1).abs().dropna()
            return (moves <= (high - low) / (high + low)).mean() < 0.8
        if m := re.search(r"order line (?P<line>\w+) \(.+, order \w+\) (?:got )?(?P<said>stayed within|went beyond) th", text):
            rows = desk.lines[desk.lines["id"] == m["line"]]
            return (100 * rows["discount"].max() <= 15) != (m["said"] == "stayed within")  # handbook 2.1
        if m := (re.search(r"^Order line (\w+) \(.+\) belongs to order (\w+)\.", text)
                 or re.search(r", order line (\w+), under order (\w+)\.", text)):
            return desk.lines.loc[desk.lines["id"] == m[1], "order"].tolist() != [m[2]]
        if m := re.search(rf"^(.+) made a gross margin of {NUMBER} % in (.+)\.", text):
            return not close(margin(desk.week(desk.done, monday_, category=m[1], region=m[3])), number(m[2]), 1)
        if m := re.search(rf"^Gross margin on (.+) in (.+) was {NUMBER} %\.", text):
            return not close(margin(desk.week(desk.done, monday_, category=m[1], region=m[2])), number(m[3]), 1)
        if m := (re.search(rf"cancelled {NUMBER} orders?", text) or re.search(rf"took away {NUMBER} orders?", text)):
            stated.add("what fell short")
            gone = desk.week(desk.lines, monday_, status="cancelled")
            return gone["order"].nunique() != number(m[1])
        if m := re.search(rf"We sold {NUMBER} units? of (.+)\.", text):
            return desk.week(desk.done, monday_, category=m[2])["quantity"].sum() != number(m[1])
        if m := re.search(rf"Sales of (.+) came to {NUMBER} units?", text):
            return desk.week(desk.done, monday_, category=m[1])["quantity"].sum() != number(m[2])
        if m := (re.search(rf"^All freight together cost {NUMBER}", text) or re.search(rf"^In all we paid {NUMBER} for freight", text)):
            stated.add("the week's total")
            return not close(desk.week(desk.ships, monday_)["freight"].sum(), number(m[1]), 0)
        if m := (re.search(rf"Freight to (.+) with (.+) cost {NUMBER}", text)
                 or re.search(rf"For freight to (.+) we paid (.+) {NUMBER}", text)):
            return not close(desk.week(desk.ships, monday_, region=m[1], carrier=m[2])["freight"].sum(), number(m[3]), 0)
        if m := re.search(rf"cost of a (.+) shipment to (.+) was {NUMBER}", text):
            return not close(desk.week(desk.ships, monday_, carrier=m[1], region=m[2])["freight"].mean(), number(m[3]), 2)
        if m := re.search(rf"^Shipments to (.+) with (.+) cost {NUMBER} each", text):
            return not close(desk.week(desk.ships, monday_, carrier=m[2], region=m[1])["freight"].mean(), number(m[3]), 2)
        if m := (re.search(rf"shipments to (.+), {NUMBER} % were late", text)):
            return not close(100 * (desk.week(desk.ships, monday_, region=m[1])["late"] == 1).mean(), number(m[2]), 1)
        if m := re.search(rf"^{NUMBER} % of shipments to (.+) arrived late", text):
            return not close(100 * (desk.week(desk.ships, monday_, region=m[2])["late"] == 1).mean(), number(m[1]), 1)
        if m := (re.search(r"^To (?P<where>.+), (?P<who>.+) was the least punctual", text)
                 or re.search(r"least punctual carrier to (?P<where>.+) was (?P<who>.+)\.", text)):
            stated.add("what fell short")
            week = desk.week(desk.ships, monday_, region=m["where"])
            return (week["late"] == 0).groupby(week["carrier"]).mean().idxmin() != m["who"]
        if m := (re.search(rf"^{NUMBER} shipments? went to (.+)\.", text) or re.search(rf"We sent {NUMBER} shipments? to (.+)\.", text)):
            return len(desk.week(desk.ships, monday_, region=m[2])) != number(m[1])
        raise ValueError(f"no rule for: {text}")

    for claim in draft.claims:
        wrong[claim.claim_id] = bool(check(MONEY.sub("", claim.text)))
    wrong[draft.missing.claim_id] = stated != {"the week's total", "what fell short"}  # handbook 1.5
    return wrong


def judge_form(form, tables, handbook):
    """Claim id -> True if wrong, for the whole form."""
    desk = Desk(tables)
    verdicts = {}
    for draft in form.drafts:
        week = int(re.search(r"week (\d+)", draft.title)[1])
        day = pd.Timestamp.fromisocalendar(int(form.quarter[:4]), week, 1)
        verdicts |= judge_draft(desk, draft, day)
    return verdicts


# %% answer="evidence_answer"
EVIDENCE = '''def evidence(tables):
    """Gross margin of one category in one region in one week, in percent."""
    lines = tables.concept("order_line")
    week = lines["week_start"] == pd.Timestamp("{monday}")
    rows = lines[week & (lines["status"] == "completed") & (lines["region"] == "{region}") & (lines["category"] == "{category}")]
    return float(100 * (rows["net"].sum() - rows["cost"].sum()) / rows["net"].sum())
'''


def evidence_source(task):
    """The evidence cell for the question as shown."""
    m = re.search(r"on (.+) in (.+) in week \d+ \(from Monday (\S+)\)", task)
    return EVIDENCE.format(category=m[1], region=m[2], monday=m[3])


# %% answer="validator_answer"
VALIDATOR = '''def validator(claims, tables):
    """Flags every claim whose margin is not the computed one, to the shown decimal."""
    lines = tables.concept("order_line")
    lines = lines[lines["status"] == "completed"]
    sums = lines.groupby(["region", "week_start"])[["net", "cost"]].sum()
    wrong = set()
    for claim in claims:
        row = sums.loc[(claim["region"], pd.Timestamp(claim["week_start"]))]
        margin = 100 * (row["net"] - row["cost"]) / row["net"]
        if abs(margin - claim["value"]) > 0.0501:
            wrong.add(claim["id"])
    return wrong
'''
