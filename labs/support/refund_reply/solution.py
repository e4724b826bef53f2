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
DECIDED = {
    "we send you a new one": "replacement",
    "you get your money back": "refund",
    "we cannot refund it": "refused",
}
REPLY = {"what was decided", "why", "what happens next"}  # handbook 3.6
NOTE = {"the week's total", "what fell short"}  # handbook 1.5


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
def check_mail(returns, case, text):
    """Whether a sentence of a mail about `case` is wrong, and what it states of the list in section 3.6."""
    if m := first(text, r"^We have decided: (.+)\.$", r"^Our decision: (.+)\.$"):
        return DECIDED[m[1]] != case["decision"], "what was decided"
    if m := first(text, r"^(?:The reason:|We decided so because) a replacement (is|is not) in stock\.$"):
        return case["in_stock"] != (m[1] == "is"), "why"
    if m := first(text, r"^(?:The reason:|We decided so because) the goods (have|have not) been opened\.$"):
        return case["opened"] != (m[1] == "have"), "why"
    if m := first(
        text,
        r"^What happens next: (.+) takes the (?:goods back to us|parcel back)\.$",
        r"^Next, (.+) picks up what you received\.$",
        r"^Next, the parcel goes back with (.+)\.$",
    ):
        return m[1] != case["carrier"], "what happens next"  # handbook 3.4: with the carrier that brought them
    if m := first(text, rf"^The goods reached you on {DAY}\.", rf"^Our records show delivery on {DAY}\."):
        return pd.Timestamp(m[1]) != case["delivered_date"], None
    if m := first(text, r"^It is line (\w+) of your order\.", r"^On your order this is line (\w+)\."):
        return m[1] != case["line_id"], None
    if m := first(text, r"^Your report covers (\d+) pieces?\.", r"^I have noted (\d+) pieces? from your report\."):
        return int(m[1]) != case["quantity"], None
    if m := first(text, r"^The return covers (\d+) pieces?\.", r"^The parcel holds (\d+) pieces?\."):
        return int(m[1]) != case["quantity"], None
    if m := first(text, rf"^You ask for {EURO} back\.", rf"^The amount you ask for is {EURO}\."):
        return not states(m[1], case["refund_requested"], 2), None
    if m := first(text, rf"voucher of {EURO}"):
        return case["vouchers_before"] + amount(m[1]) > 60, None  # handbook 3.5: EUR 60 for a customer and quarter
    if m := first(
        text, r"^Your request came (\d+) days? after", r"^From delivery to your request it was (\d+) days?\."
    ):
        return int(m[1]) != case["days_since_delivery"], None
    raise ValueError(f"no check for: {text}")


def is_cause(named, weeks, rose):
    """Section 1.6: more cases, or a larger share of them refused, makes at least half of the change in both orders."""
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
    """Whether a sentence of the note about the week from that Monday is wrong, and what it states of the list in 1.5."""
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
    if m := first(text, r"^In all we took in (\d+) returns?\.", r"^Desk and portal together took in (\d+) returns?\."):
        return len(this) != int(m[1]), "the week's total"
    if m := first(text, r"^Of that week we refused (\d+) returns?\.", r"^Refused so far: (\d+) returns? of that week\."):
        return (this["decision"] == "refused").sum() != int(m[1]), "what fell short"
    raise ValueError(f"no check for: {text}")


# %%
def judge_form(form, tables, handbook):
    """Claim id -> True if wrong, for the whole form."""
    returns = Returns(tables)
    verdicts = {}
    for draft in form.drafts:
        if number := re.search(r"week (\d+)$", draft.title):
            week = pd.Timestamp.fromisocalendar(int(form.quarter[:4]), int(number[1]), 1)
            asked, checks = NOTE, [check_note(returns, week, claim.text) for claim in draft.claims]
        else:
            case = returns.case(draft.title.split()[-1])
            asked, checks = REPLY, [check_mail(returns, case, claim.text) for claim in draft.claims]
        verdicts |= {claim.claim_id: bool(wrong) for claim, (wrong, _) in zip(draft.claims, checks)}
        verdicts[draft.missing.claim_id] = not asked <= {fact for _, fact in checks}
    return verdicts
