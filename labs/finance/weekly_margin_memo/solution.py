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
        self.sql = tables.sql
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
WEEK = r"^In week \d+, "
LOW, HIGH = (rf"(?P<{name}>[\d,]+)" for name in ("low", "high"))


ENDS = r", (?:[a-z]+ )?(?:from \w+ (?P<first>\d+ \w+)|in the (?P<days>seven|fourteen) days) to \w+ (?P<last>\d+ \w+), (?:both|that day) included"


def queries(draft):
    """Claim id -> the query beside it: the code and the sentences about it come in the same order."""
    codes = ["".join(one.text or "" for one in part.walk()) for part in draft.parts if part.tag == "pre"]
    claims = [one.claim_id for part in draft.parts for one in part.walk() if one.claim_id is not None]
    return dict(zip(claims, codes)) if len(codes) == len(claims) else {}


def asked(desk, sentence, monday_):
    """What a sentence about a query asks for, worked out from its words; none for a sentence about something else."""
    m = re.search(rf"the query for .+? gives (?P<what>.+?){ENDS}(?P<how>, .+)?\.$", sentence)
    if m is None:
        return None
    what, how = m["what"], m["how"] or ""
    named = {f"{day.day} {day:%B}": day for day in pd.date_range(monday_ - pd.Timedelta(days=7), periods=14)}
    last = named[m["last"]]
    first = named[m["first"]] if m["first"] else last - pd.Timedelta(days={"seven": 6, "fourteen": 13}[m["days"]])
    rows = desk.ships if re.search("late shipments|freight of a shipment", what) else desk.lines
    rows = rows[(rows["day"] >= first) & (rows["day"] <= last)]
    if where := re.search(r"(?:shipments to|shipment to|order line in|of an order in|of an order line in) (.+?),", what + ","):
        rows = rows[rows["region"] == where[1]]
    if channel := re.search(r"over the (.+) channel", what):
        rows = rows[rows["channel"] == channel[1]]
    if "on completed orders" in what:
        rows = rows[rows["status"] == "completed"]
    if "every line of its order" in what:
        rows = rows.merge(desk.lines[["order"]], on="order")
    if what.startswith("the sum of net over the whole company"):
        value = rows["net"].sum() / 1000
        return round(value) if "whole thousands" in how else value
    if what.startswith("the share of late shipments"):
        return 100 * rows["late"].mean()
    if what.startswith("the average freight"):
        return rows["freight"].mean()
    if what.startswith("the average net sales"):
        return rows["net"].sum() / (len(rows) if "of an order line" in what else rows["order"].nunique())
    return 100 * (rows["discount"][rows["discount"] > 0] if "left out" in what else rows["discount"]).mean()


def judge_draft(desk, draft, monday_, handbook):
    """Claim id -> True if wrong, for one draft, by what each claim is judged as; the week is the one in its title."""
    before = monday_ - pd.Timedelta(days=7)
    wrong, stated = {}, set()
    code = queries(draft)

    def done(day=monday_, **cut):
        return desk.week(desk.done, day, **cut)

    def ships(**cut):
        return desk.week(desk.ships, monday_, **cut)

    def growth(said, **cut):
        now, then = (done(day, **cut)["net"].sum() for day in (monday_, before))
        return not close(100 * (now - then) / then, signed(*said), 0)

    def check_memo(text):
        if m := re.search(rf"{WEEK}the gross margin of the whole company was {NUMBER} %", text):
            stated.add("the week's total")
            return not close(margin(done()), number(m[1]), 1)
        if m := re.search(rf"{WEEK}gross margin in (.+) was {NUMBER} %", text):
            return not close(margin(done(region=m[1])), number(m[2]), 1)
        if m := re.search(rf"{WEEK}gross margin in (.+) (rose|fell) against the week before, and at least half of the (?:rise|fall) comes from (.+)\.$", text):
            return not is_cause(m[3], [done(day, region=m[1]) for day in (before, monday_)], rose=m[2] == "rose")
        if m := re.search(rf"{WEEK}gross margin on (.+?) in (.+) (rose|fell) by {NUMBER} points", text):
            now, then = (margin(done(day, category=m[1], region=m[2])) for day in (monday_, before))
            return not close(now - then, signed(m[3], m[4]), 1)
        if m := re.search(rf"{WEEK}net sales of (.+) in (.+) (rose|fell) by {NUMBER} %", text):
            return growth(m.groups()[2:], category=m[1], region=m[2])
        if m := re.search(rf"week after week \d+, net sales of (?P<what>.+) in (?P<where>.+) over the (?P<by>.+) channel will lie between {LOW} and {HIGH}", text):
            low, high = number(m["low"]), number(m["high"])
            rows = desk.done[(desk.done["category"] == m["what"]) & (desk.done["region"] == m["where"])]
            rows = rows[rows["channel"] == m["by"]]
            weekly = rows.groupby("week_start")["net"].sum().reindex(desk.full_weeks)
            moves = (weekly / weekly.shift() - 1).abs().dropna()
            return (moves <= (high - low) / (high + low)).mean() < 0.8
        if m := re.search(rf"{WEEK}(.+) kept the lowest share of the value before discount of all regions on (.+)\.$", text):
            stated.add("what fell short")
            sums = done(category=m[2]).groupby("region")[["net", "before_discount"]].sum()
            return (sums["net"] / sums["before_discount"]).idxmin() != m[1]
        if m := re.search(rf"{WEEK}net sales of (.+) in (.+) came to {NUMBER}", text):
            return not close(done(category=m[1], region=m[2])["net"].sum(), number(m[3]), 0)
        return None

    def check_answer(text):
        if m := re.search(rf"{WEEK}the whole company had {NUMBER} completed orders?\.", text):
            stated.add("the week's total")
            return done()["order"].nunique() != number(m[1])
        if m := re.search(rf"{WEEK}(.+) customers of all regions cancelled {NUMBER} orders?\.", text):
            stated.add("what fell short")
            return desk.week(desk.lines, monday_, status="cancelled", segment=m[1])["order"].nunique() != number(m[2])
        if m := re.search(rf"average completed order of (.+) customers in (.+) was worth {NUMBER}", text):
            rows = done(segment=m[1], region=m[2])
            return not close(rows["net"].sum() / rows["order"].nunique(), number(m[3]), 0)
        if m := re.search(rf"net sales to (.+) customers in (.+) (rose|fell) by {NUMBER} %", text):
            return growth(m.groups()[2:], segment=m[1], region=m[2])
        if m := re.search(rf"discounts to (.+) customers in (.+) came to {NUMBER} %", text):
            rows = done(segment=m[1], region=m[2])
            return not close(100 * (1 - rows["net"].sum() / rows["before_discount"].sum()), number(m[3]), 1)
        if m := re.search(rf"{WEEK}(.+) customers in (.+) bought {NUMBER} ", text):
            return done(segment=m[1], region=m[2])["quantity"].sum() != number(m[3])
        if m := re.search(r"discount on order line (\w+) \(.+\) (stayed within|went beyond) the 15 %", text):
            rows = desk.lines[desk.lines["id"] == m[1]]
            return (100 * rows["discount"].max() <= 15) != (m[2] == "stayed within")  # handbook 2.1
        if m := re.search(r"^Order line (\w+) \(.+\) belongs to order (\w+)\.", text):
            return desk.lines.loc[desk.lines["id"] == m[1], "order"].tolist() != [m[2]]
        return None

    def check_freight(text):
        if m := re.search(rf"{WEEK}all freight of the company cost {NUMBER}", text):
            stated.add("the week's total")
            return not close(ships()["freight"].sum(), number(m[1]), 0)
        if m := re.search(rf"{WEEK}(.+) took {NUMBER} shipments? to (.+) customers in (.+)\.$", text):
            return len(ships(carrier=m[1], segment=m[3], region=m[4])) != number(m[2])
        if m := re.search(rf"{WEEK}freight of the (.+) shipments to (.+) customers in (.+) cost {NUMBER} in all", text):
            return not close(ships(carrier=m[1], segment=m[2], region=m[3])["freight"].sum(), number(m[4]), 0)
        if m := re.search(rf"mean freight of (.+) shipments to (.+) customers in (.+) was {NUMBER}\.?$", text):
            return not close(ships(carrier=m[1], segment=m[2], region=m[3])["freight"].mean(), number(m[4].rstrip(".")), 2)
        if m := re.search(rf"^Of the shipments to (.+) customers in (.+) that left in week \d+, {NUMBER} % were late", text):
            return not close(100 * (ships(segment=m[1], region=m[2])["late"] == 1).mean(), number(m[3]), 1)
        if m := re.search(r"^Of the (.+) shipments to (.+) customers that left in week \d+, those to (.+) were the least punctual", text):
            stated.add("what fell short")
            rows = ships(carrier=m[1], segment=m[2])
            return (rows["late"] == 0).groupby(rows["region"]).mean().idxmin() != m[3]
        if m := re.search(r"^Of the shipments to (.+) customers that left in week \d+, at an equal mix of regions, a larger share was late with (.+) than with (.+)\.$", text):
            rows = ships(segment=m[1])
            rates = (rows["late"] == 1).groupby([rows["region"], rows["carrier"]]).mean().unstack()
            apart = (rates[m[2]] - rates[m[3]]).dropna()
            return (apart * rows["region"].value_counts().reindex(apart.index)).sum() < 0
        if m := re.search(rf"{WEEK}{NUMBER} shipments? went to (.+) customers in (.+)\.$", text):
            return len(ships(segment=m[2], region=m[3])) != number(m[1])
        return None

    def check_recorded(text):
        """What an assistant's own answer says: a figure of either week, by how much it moved, or that it did."""
        m = re.search(rf"{WEEK}(the week before week \d+, )?(?P<what>gross margin|net sales|freight cost|the share of late shipments|shipments)"
                      r"(?: of the whole company|(?: for (?P<of>.+?))?(?: in (?P<where>.+?))?) (?P<how>came to|rose|fell)"
                      r"(?: (?:by )?(?P<figure>[\d,]+(?:\.\d+)?)(?: %| points?| shipments?)?)?(?: against the week before)?\.$", text)
        if m is None:
            return None
        what, figure = m["what"], m["figure"]
        on = "category" if what in ("gross margin", "net sales") else "carrier"
        cut = {column: value for column, value in ((on, m["of"]), ("region", m["where"])) if value}

        def value(day):
            rows = desk.week(desk.done if on == "category" else desk.ships, day, **cut)
            return {"gross margin": lambda: margin(rows), "net sales": lambda: rows["net"].sum(), "freight cost": lambda: rows["freight"].sum(),
                    "shipments": lambda: len(rows), "the share of late shipments": lambda: 100 * (rows["late"] == 1).mean()}[what]()

        if what in ("gross margin", "freight cost") and not cut and m["how"] == "came to" and not m[1]:
            stated.add("the week's total")
        if figure is None:
            return (value(monday_) > value(before)) != (m["how"] == "rose")
        decimals = len(figure.partition(".")[2])
        if m["how"] == "came to":
            return not close(value(before if m[1] else monday_), number(figure), decimals)
        return not close(value(monday_) - value(before), signed(m["how"], figure), decimals)

    def check_rule(text):
        if m := re.search(rf"{WEEK}gross margin in (.+) was {NUMBER} %, and by section 1.7 of the handbook (.+)\.$", text):
            made = margin(done(region=m[1]))  # handbook 1.7: below 32 %
            return not close(made, number(m[2]), 1) or (made < 32) != ("is to be taken up" in m[3])
        if m := re.search(rf"^Of all (.+) shipments to (.+) that left in week \d+, {NUMBER} % were late, and by section 1.8 of the handbook (.+)\.$", text):
            late = 100 * (ships(carrier=m[1], region=m[2])["late"] == 1).mean()  # handbook 1.8: more than 10 %
            return not close(late, number(m[3]), 1) or (late > 10) != ("no new lanes" in m[4])
        if m := re.search(r"^By section (\S+) of the handbook, .+ (\d+) % today\.$", text):
            today = re.search(r"(\d+) % hold|more than (\d+) %", section_of(handbook, m[1]))
            return int(today[1] or today[2]) != int(m[2])
        if m := re.search(r"^Section (\S+) of the handbook says: “(.+)\.”$", text):
            return f"{m[2]}." not in section_of(handbook, m[1])
        if m := re.search(r"^The handbook has a section (\S+), “(.+)”\.$", text):
            return re.search(rf"^#+ {re.escape(m[1])} {re.escape(m[2])}$", handbook, re.MULTILINE) is None
        return None

    def check_query(claim, text):
        wanted = asked(desk, text, monday_)
        if wanted is None:
            return None
        if "the query for the whole company gives" in text:
            stated.add("the week's total")
        if "the query for late shipments gives" in text:
            stated.add("what fell short")
        return abs(desk.sql(code[claim.claim_id]).iloc[0, 0] - wanted) > 1e-6

    for claim in draft.claims:
        said = claim.judged_as or claim.text
        found = [check_query(claim, said)]
        found += [check_rule(said), *(check(MONEY.sub("", said)) for check in (check_memo, check_answer, check_freight, check_recorded))]
        verdict = next((one for one in found if one is not None), None)
        if verdict is None:
            raise ValueError(f"no rule for: {said}")
        wrong[claim.claim_id] = bool(verdict)
    wrong[draft.missing.claim_id] = stated != {"the week's total", "what fell short"}  # handbook 1.5
    return wrong


def section_of(handbook, wanted):
    """The words of one section of the handbook, on one line."""
    for piece in re.split(r"^#+ ", handbook, flags=re.MULTILINE):
        if piece.startswith(f"{wanted} "):
            return " ".join(piece.partition("\n")[2].split())
    return ""


def judge_form(form, tables, handbook):
    """Claim id -> True if wrong, for the whole form."""
    desk = Desk(tables)
    verdicts = {}
    for draft in form.drafts:
        week = int(re.search(r"week (\d+)", draft.title)[1])
        day = pd.Timestamp.fromisocalendar(int(form.quarter[:4]), week, 1)
        verdicts |= judge_draft(desk, draft, day, handbook)
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
