# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# How a colleague would check this lab, written down: each sentence from its words, the table of definitions in the
# brief, our tables and the handbook. It stays out of every release and shows that nothing here has to be guessed.

# %%
import re

import pandas as pd

EURO = r"€([\d,]+(?:\.\d+)?)"
SHARE = r"[\d.]+ %"
DAY = r"(\d+ \w+ \d{4})"
APPROVED = ["refund", "replacement", "voucher"]


class Returns:
    """The returns with what hangs on them: the week of the request, the carrier, the article and the customer."""

    def __init__(self, tables):
        rows = tables["returns"].merge(tables["shipments"][["order_id", "carrier"]], on="order_id")
        rows = rows.merge(tables["orders"][["order_id", "order_date"]], on="order_id")
        rows = rows.merge(tables["products"][["product_id", "category"]], on="product_id")
        rows = rows.merge(tables["customers"][["customer_id", "segment", "region"]], on="customer_id")
        asked = pd.to_datetime(rows["requested_date"])
        rows["monday"] = asked - pd.to_timedelta(asked.dt.day_of_week, unit="D")
        self.rows = rows

    def case(self, return_id):
        """The one row that a mail is about."""
        return self.rows[self.rows["return_id"] == return_id].iloc[0]

    def only(self, **wanted):
        """The rows with these values."""
        rows = self.rows
        for column, value in wanted.items():
            rows = rows[rows[column] == value]
        return rows


def amount(text):
    return float(text.replace(",", ""))


def states(text, value, decimals):
    """Whether a number in a sentence is `value`, rounded once to so many decimals."""
    return abs(amount(text) - value) <= 0.5 * 10**-decimals + 1e-9


def first(text, *patterns):
    """The match of the first of these phrasings that fits, or None."""
    return next((found for found in (re.search(pattern, text) for pattern in patterns) if found), None)


def approval(rows):
    """Approved cases as a share of the decided ones, in percent."""
    return 100 * rows["decision"].isin(APPROVED).sum() / (rows["decision"] != "open").sum()


# %%
def may_be_told(rows):
    """Section 5.1: at least 5 customers, and no one of them makes more than half of what was asked for."""
    each = rows.groupby("customer_id")["refund_requested"].sum()
    return len(each) >= 5 and each.max() <= 0.5 * each.sum()


def check_mail(returns, case, text):
    """Whether a sentence of a mail about `case` is wrong, and which fact the brief asks for it states."""
    if m := first(text, rf"^The goods reached you on {DAY}\.", rf"^Our records show delivery on {DAY}\."):
        return pd.Timestamp(m[1]) != case["delivered_date"], None
    if m := first(
        text, r"report (came \w+(?: \w+)?) the (\d+) days", r"allow (\d+) days, and your report (came .+) that\."
    ):
        said, days = (m[1], m[2]) if m[1].startswith("came") else (m[2], m[1])
        in_time = case["days_since_delivery"] <= 5  # handbook 3.2: damage is reported within 5 days of delivery
        return int(days) != 5 or (said == "came within") != in_time, None
    if m := first(
        text, rf"^You paid {EURO} for it, before VAT\.", rf"^The line on your order comes to {EURO} before VAT\."
    ):
        return not states(m[1], case["line_value"], 2), None
    if m := first(text, rf"^The whole order came to {EURO} before", rf"^In all you ordered goods for {EURO} before"):
        return not states(m[1], case["order_value"], 2), None
    if m := first(text, r"^It is line (\w+) of your order\.", r"^On your order this is line (\w+)\."):
        return m[1] != case["line_id"], None
    if m := first(text, rf"^You placed the order on {DAY}\.", rf"^The order dates from {DAY}\."):
        return pd.Timestamp(m[1]) != case["order_date"], None
    if m := first(text, r"^You are sending back (\d+) pieces?\.", r"^The return covers (\d+) pieces?\."):
        return int(m[1]) != case["quantity"], None
    if m := first(text, r"^Your report covers (\d+) pieces?\.", r"^I have noted (\d+) pieces? as damaged\."):
        return int(m[1]) != case["quantity"], None
    if m := first(text, r"^The parcel came with (.+)\.$", r"^(.+) brought the goods to you\."):
        return m[1] != case["carrier"], None
    if m := first(text, rf"^You ask for {EURO} back\.", rf"^The amount you ask for is {EURO}\."):
        return not states(m[1], case["refund_requested"], 2), "amount"
    if m := first(text, rf"voucher of {EURO}"):
        return case["vouchers_before"] + amount(m[1]) > 60, None  # handbook 3.5: EUR 60 for a customer and quarter
    if m := first(
        text,
        rf": (?P<who>\w+) customers who sent .* our (?P<cat>.+) range back in week (?P<week>\d+) asked for (?P<n>{EURO}) on",
        rf"^In week (?P<week>\d+), (?P<who>\w+) customers with .* our (?P<cat>.+) range asked for (?P<n>{EURO}) on average",
    ):
        monday = pd.Timestamp.fromisocalendar(case["requested_date"].year, int(m["week"]), 1)
        rows = returns.only(segment=m["who"], category=m["cat"], monday=monday)
        return not may_be_told(rows) or not states(m["n"].removeprefix("€"), rows["refund_requested"].mean(), 0), None
    if m := first(
        text, r"^Your request came (\d+) days? after", r"^From delivery to your request it was (\d+) days?\."
    ):
        return int(m[1]) != case["days_since_delivery"], "days"
    if m := first(
        text, rf"^On your order the line comes to {EURO} before VAT\.", rf"^Before VAT you paid {EURO} for all of it\."
    ):
        return not states(m[1], case["line_value"], 2), None
    raise ValueError(f"no check for: {text}")


def is_cause(named, weeks, rose):
    """Section 1.5: more cases, or a larger share of them refused, makes at least half of the change in both orders."""
    (cases, share), (cases_now, share_now) = (
        ((rows["decision"] != "open").sum(), (rows["decision"] == "refused").sum() / (rows["decision"] != "open").sum())
        for rows in weeks
    )
    alone = {
        "the number of decided returns": [(cases_now - cases) * share, (cases_now - cases) * share_now],
        "the share that was refused": [(share_now - share) * cases, (share_now - share) * cases_now],
    }
    change = cases_now * share_now - cases * share
    if named not in alone or min(cases, cases_now) < 20 or change == 0:
        return False
    return (change > 0) == rose and min(part / change for part in alone[named]) >= 0.5


def check_note(returns, week, text):
    """Whether a sentence of the note about the week from that Monday is wrong, and the fact it states."""
    this, before = returns.only(monday=week), returns.only(monday=week - pd.Timedelta(days=7))
    if m := first(
        text,
        r"^For the reason “(?P<why>\w+)” we took in (?P<n>\d+) returns? in (?P<cat>.+)\.$",
        r"^In (?P<cat>.+) we had (?P<n>\d+) returns? for the reason “(?P<why>\w+)”",
    ):
        return ((this["reason"] == m["why"]) & (this["category"] == m["cat"])).sum() != int(m["n"]), None
    if m := first(
        text,
        rf"returns of (?P<who>\w+) customers, the (?P<way>\w+) approved (?P<n>{SHARE})",
        rf"^The (?P<way>\w+) approved (?P<n>{SHARE}) of the decided returns of (?P<who>\w+)",
    ):
        rows = this[(this["segment"] == m["who"]) & (this["intake"] == m["way"])]
        return not states(m["n"].removesuffix(" %"), approval(rows), 1), None
    if m := first(
        text,
        rf"^Customers in (?P<where>\w+) asked for (?P<n>{EURO}) on average for a return in (?P<cat>.+)\.$",
        rf"^For a return in (?P<cat>.+), customers in (?P<where>\w+) asked for (?P<n>{EURO}) on average",
    ):
        rows = this[(this["category"] == m["cat"]) & (this["region"] == m["where"])]
        return not states(m["n"].removeprefix("€"), rows["refund_requested"].mean(), 0), None
    if m := first(
        text,
        rf"^Of the returns of (?P<cat>.+) to the (?P<way>\w+), (?P<n>{SHARE}) were changes of mind",
        rf"made up (?P<n>{SHARE}) of the returns of (?P<cat>.+) to the (?P<way>\w+)\.",
    ):
        rows = this[(this["category"] == m["cat"]) & (this["intake"] == m["way"])]
        return not states(m["n"].removesuffix(" %"), 100 * (rows["reason"] == "changed_mind").mean(), 1), None
    if m := first(
        text,
        r"^Of the (?P<went>rise|fall) in refusals to (?P<who>\w+) customers, at least half comes from (?P<named>.+)\.$",
        r"^Refusals to (?P<who>\w+) customers (?P<went>rose|fell), and (?P<named>.+) made at least half of it\.$",
    ):
        weeks = [rows[rows["segment"] == m["who"]] for rows in (before, this)]
        return not is_cause(m["named"], weeks, rose=m["went"] in ("rise", "rose")), None
    if m := first(text, r"^We have decided (\d+) returns? of that week\.", r"^Decided by now: (\d+) returns? of that week"):
        return (this["decision"] != "open").sum() != int(m[1]), "decided"
    if m := first(
        text,
        r"^For the reason “(?P<why>\w+)” we refused (?P<n>\d+) returns?\.",
        r"^We refused (?P<n>\d+) returns? for the reason “(?P<why>\w+)”\.",
    ):
        return ((this["decision"] == "refused") & (this["reason"] == m["why"])).sum() != int(m["n"]), None
    raise ValueError(f"no check for: {text}")


# %%
def judge_form(form, tables, handbook):
    """Claim id -> True if wrong, for the whole form."""
    returns = Returns(tables)
    verdicts = {}
    for draft in form.drafts:
        if number := re.search(r"week (\d+)$", draft.title):
            week = pd.Timestamp.fromisocalendar(int(form.quarter[:4]), int(number[1]), 1)
            asked, checks = "decided", [check_note(returns, week, claim.text) for claim in draft.claims]
        else:
            case = returns.case(draft.title.split()[-1])
            asked = "amount" if case["reason"] == "damaged" else "days"
            checks = [check_mail(returns, case, claim.text) for claim in draft.claims]
        verdicts |= {claim.claim_id: bool(wrong) for claim, (wrong, _) in zip(draft.claims, checks)}
        verdicts[draft.missing.claim_id] = asked not in [fact for _, fact in checks]
    return verdicts
