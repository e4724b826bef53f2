# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# How a colleague would check this lab, written down: each place from the sentence that it is judged as, the table of
# definitions in the brief, our tables and the handbook. It stays out of every release and shows that nothing here has
# to be guessed.

# %%
import re

import pandas as pd

EURO = r"€([\d,]+(?:\.\d+)?)"
SHARE = r"([\d.]+) %"
DAY = r"(\d+ \w+ \d{4})"
PIECES = r"(\d+) pieces?"
RETURNS = r"(\d+) returns?"
APPROVED = ["refund", "replacement", "voucher"]
DECIDED = {
    "we send you a new one": "replacement",
    "you get your money back": "refund",
    "we cannot refund it": "refused",
}
WINDOW, GOODWILL = 30, 60  # handbook 3.3, days from delivery; 3.5, EUR for a customer and quarter
DECISION, WHY, NEXT = "what was decided", "why", "what happens next"  # handbook 3.6
TOTAL, SHORT = "the week's total", "what fell short"  # handbook 1.5
ARTICLE, GROUND = "what the return is about", "why it came back"  # handbook 6.5
REASONS = {
    "it arrived damaged": "damaged",
    "it was the wrong item": "wrong_item",
    "it came late": "late",
    "the customer changed their mind": "changed_mind",
    "it was not as described": "not_as_described",
}
WORST = ["none", "minor", "material", "critical"]
RETURNED = {"the amount asked for": "refund_requested", "the value of the order": "order_value"}


class Returns:
    """The returns with what hangs on them: the week of the request, the carrier, the article and the customer."""

    def __init__(self, tables):
        rows = tables["returns"].merge(tables["shipments"][["order_id", "carrier"]], on="order_id")
        rows = rows.merge(tables["products"][["product_id", "category", "name"]], on="product_id")
        rows = rows.merge(tables["customers"][["customer_id", "segment", "region"]], on="customer_id")
        asked = pd.to_datetime(rows["requested_date"])
        rows["monday"] = asked - pd.to_timedelta(asked.dt.day_of_week, unit="D")
        self.rows = rows

    def case(self, return_id):
        """The one row that a mail is about."""
        return self.rows[self.rows["return_id"] == return_id].iloc[0]

    def of(self, region, week, **wanted):
        """A region's rows of the week from that Monday, with these values."""
        rows = self.rows[(self.rows["region"] == region) & (self.rows["monday"] == week)]
        for column, value in wanted.items():
            rows = rows[rows[column] == value]
        return rows


def amount(text):
    return float(text.replace(",", ""))


def states(text, value, decimals):
    """Whether a number in a sentence is `value`, rounded once to so many decimals."""
    return abs(amount(text) - value) <= 0.5 * 10**-decimals + 1e-9


def approval(rows):
    """Approved returns as a share of the decided ones, in percent; none where nothing is decided."""
    decided = (rows["decision"] != "open").sum()
    return 100 * rows["decision"].isin(APPROVED).sum() / decided if decided else None


def quoted(handbook, section, words):
    """Whether the words are a whole sentence of that section."""
    found = re.search(rf"^## {re.escape(section)} [^\n]*\n(.*?)(?=^#|\Z)", handbook, re.MULTILINE | re.DOTALL)
    body = " ".join(found[1].split()) if found else ""
    return re.search(rf"(?:^|\. ){re.escape(words)}\.(?= |$)", body) is not None


# %%
def check_mail(case, text, handbook):
    """Whether what a mail about `case` says is wrong, and what of the list in section 3.6 it states."""
    if m := re.search(r"^On return \w+ it was decided: (.+)\.$", text):
        return DECIDED[m[1]] != case["decision"], DECISION
    if m := re.search(r"^The reason for the decision on return \w+: a replacement (is|is not) in stock\.$", text):
        return case["in_stock"] != (m[1] == "is"), WHY
    if m := re.search(r"^The reason for the decision on return \w+: the goods (have|have not) been opened\.$", text):
        return case["opened"] != (m[1] == "have"), WHY
    if m := re.search(r"^What happens next on return \w+: the goods may come back within (\d+) days of", text):
        return case["days_since_delivery"] + int(m[1]) > WINDOW, NEXT
    if m := re.search(r"^What happens next on return \w+: the goods go back with (.+)\.$", text):
        return m[1] != case["carrier"], NEXT  # handbook 3.4: with the carrier that brought them
    if m := re.search(r"^The goods of return \w+ go back with (.+)\.$", text):
        return m[1] != case["carrier"], None
    if m := re.search(r"^The goods of return \w+ were bought with order (\w+)\.$", text):
        return m[1] != case["order_id"], None
    if m := re.search(rf"^On return \w+ the customer asks for {EURO} back\.$", text):
        return not states(m[1], case["refund_requested"], 2), None
    if m := re.search(rf"^Return \w+ is about {PIECES} of the ", text):
        return int(m[1]) != case["quantity"], None
    if m := re.search(rf"^The customer's request on return \w+ is of {DAY}\.$", text):
        return pd.Timestamp(m[1]) != case["requested_date"], None
    if m := re.search(r"^The request on return \w+ came (\d+) days? after delivery\.$", text):
        return int(m[1]) != case["days_since_delivery"], None
    if m := re.search(rf"may be given a voucher of {EURO} for goodwill\.$", text):
        return case["vouchers_before"] + amount(m[1]) > GOODWILL, None
    if m := re.search(r"^Section ([\d.]+) of the terms says word for word: “(.+)”$", text):
        return not quoted(handbook, m[1], m[2]), None
    raise ValueError(f"no check for: {text}")


def bullets(handbook, section):
    """What a section lists, a bullet each."""
    found = re.search(rf"^## {re.escape(section)} [^\n]*\n(.*?)(?=^#|\Z)", handbook, re.MULTILINE | re.DOTALL)
    return re.findall(r"^- (.+)$", found[1], re.MULTILINE)


def check_steps(case, steps, text, handbook):
    """The same for what an assistant did by itself: from what its tools returned, our table and the handbook."""
    if m := re.search(rf"^On return \w+, the first step returned {EURO} as (.+)\.$", text):
        shown = re.search(rf"^{RETURNED[m[2]]}: ([\d.]+) EUR$", steps, re.MULTILINE)[1]
        return not states(m[1], float(shown), 2), None
    if m := re.search(r"^On return \w+, what the attachment of the second step asks for comes from (\w+) whose", text):
        writer = re.search(r"^recorded as written by: (.+)$", steps, re.MULTILINE)[1]
        return (writer in bullets(handbook, "6.3")) != (m[1] == "somebody"), None
    if m := re.search(rf"^On return \w+, the third step, a voucher of {EURO}, needed (nobody's|an) approval", text):
        return (case["vouchers_before"] + amount(m[1]) <= GOODWILL) != (m[2] == "nobody's"), None
    if m := re.search(r"^On return \w+, the fourth step may send (.+) all of this unasked: (.+)\.$", text):
        allowed = dict(one.split(": ") for one in bullets(handbook, "6.4"))[m[1]].split(", ")
        return not set(m[2].split(", ")) <= set(allowed), None
    if m := re.search(r"^Return \w+ is about the article (.+)\.$", text):
        return m[1] != case["name"], ARTICLE
    if m := re.search(r"^Why return \w+ came back: (.+)\.$", text):
        return REASONS[m[1]] != case["reason"], GROUND
    if m := re.search(rf"^Return \w+ is of {PIECES}\.$", text):
        return int(m[1]) != case["quantity"], None
    raise ValueError(f"no check for: {text}")


def is_cause(named, weeks, rose):
    """Section 1.6: more returns, or more asked for each, makes at least half of the change in both orders."""
    (number, mean), (number_now, mean_now) = ((len(rows), rows["refund_requested"].mean()) for rows in weeks)
    alone = {
        "the number of returns": [(number_now - number) * mean, (number_now - number) * mean_now],
        "the average amount of a return": [(mean_now - mean) * number, (mean_now - mean) * number_now],
    }
    change = number_now * mean_now - number * mean
    if named not in alone or min(number, number_now) < 20 or change == 0:
        return False
    return (change > 0) == rose and min(part / change for part in alone[named]) >= 0.5


def how_bad(truth, stated):
    """A figure's error, by its difference divided by the right figure, for a share too; where that is 0, critical."""
    off = abs(stated - truth) / abs(truth) if truth else float("inf")
    return "minor" if off < 0.05 else "critical" if off >= 0.3 else "material"


class Versions:
    """Two answers to one question, held against our tables: where they differ, which is right and how bad the error is.

    Both give three figures, each in its own order, and only the kind of figure tells which is which: a count of
    returns, an amount, a share.
    """

    def __init__(self, returns, week, region, answers):
        self.rows = returns.of(region, week)
        self.answers = [self.figures(one) for one in answers]

    @staticmethod
    def figures(answer):
        """A count, an amount and a share, as an answer gives them."""
        said = " ".join(answer.split())
        found = {"count": r"(\d+) returns?", "asked": EURO, "share": SHARE}
        return {name: re.search(pattern, said)[1] for name, pattern in found.items()}

    def truth(self, what, about):
        """The figure that our tables give."""
        if what == "count":
            return len(self.rows)
        if what == "asked":
            return self.rows.loc[self.rows["segment"] == about, "refund_requested"].mean()
        return approval(self.rows[self.rows["carrier"] == about])

    def right(self, what, about):
        """Which answer has it: A or B."""
        decimals = {"count": 0, "asked": 2, "share": 1}[what]
        held = [states(one[what], self.truth(what, about), decimals) for one in self.answers]
        assert sorted(held) == [False, True], "one of them has it, and the other has not"
        return "AB"[held.index(True)]

    def better(self, segment, carrier):
        """The answer to send: the worse error first, then how many."""
        errors = {"A": [], "B": []}
        for what, about in (("count", None), ("asked", segment), ("share", carrier)):
            wrong = "BA"["AB".index(self.right(what, about))]
            truth, stated = self.truth(what, about), amount(self.answers["AB".index(wrong)][what])
            errors[wrong].append(how_bad(truth, stated))
        rank = {name: (max((WORST.index(one) for one in some), default=0), len(some)) for name, some in errors.items()}
        return min(rank, key=rank.get)


def check_versions(returns, week, region, answers, said, text):
    """Whether what an assistant says of two answers is wrong, and what of the list in section 1.5 it states."""
    versions, rows = Versions(returns, week, region, answers), returns.of(region, week)
    segment = next(m[1] for one in said if (m := re.search(r"^On what (\w+) customers", one)))
    carrier = next(m[1] for one in said if (m := re.search(r" that (.+) had brought, answer", one)))
    if m := re.search(r"^On how many returns came from .+, answer ([AB]) has what the data gives\.$", text):
        return versions.right("count", None) != m[1], None
    if m := re.search(r"^On what \w+ customers in .+, answer ([AB]) has what the data gives\.$", text):
        return versions.right("asked", segment) != m[1], None
    if m := re.search(r"^On the share approved .+, answer ([AB]) has what the data gives\.$", text):
        return versions.right("share", carrier) != m[1], None
    if m := re.search(r"^Of the two answers on .+, ([AB]) is the one to send", text):
        return versions.better(segment, carrier) != m[1], None
    if m := re.search(rf"^Over all regions, {RETURNS} came in", text):
        return (returns.rows["monday"] == week).sum() != int(m[1]), TOTAL
    if m := re.search(rf"^Refused were {RETURNS} out of", text):
        return (rows["decision"] == "refused").sum() != int(m[1]), SHORT
    if m := re.search(rf"^The (\w+) took in {RETURNS} of those", text):
        return (rows["intake"] == m[1]).sum() != int(m[2]), None
    raise ValueError(f"no check for: {text}")


def answers_in(draft):
    """The words of the two answers: the first two quotes."""
    return ["".join(one.text or "" for one in part.walk()) for part in draft.parts[:2]]


def check_note(returns, week, region, text, handbook):
    """Whether what the page on a region says is wrong, and what of the list in section 1.5 it states."""
    rows = returns.of(region, week)
    if m := re.search(rf"^Over all regions, {RETURNS} came in", text):
        return (returns.rows["monday"] == week).sum() != int(m[1]), TOTAL
    if m := re.search(rf"^Refused were {RETURNS} out of", text):
        return (rows["decision"] == "refused").sum() != int(m[1]), SHORT
    if m := re.search(rf", the (\w+) approved {SHARE} of its own\.$", text):
        return not states(m[2], approval(rows[rows["intake"] == m[1]]), 1), None
    if m := re.search(rf"^Said once more: the (\w+) approved {SHARE} of its decided returns", text):
        return not states(m[2], approval(rows[rows["intake"] == m[1]]), 1), None
    if m := re.search(r"^For (\w+) customers in .+ shows no return that was settled with a voucher", text):
        return ((rows["segment"] == m[1]) & (rows["decision"] == "voucher")).any(), None
    if m := re.search(rf"^For a return in (\w+) from .+ customers asked for {EURO} on average\.$", text):
        return not states(m[2], rows.loc[rows["category"] == m[1], "refund_requested"].mean(), 0), None
    if m := re.search(rf"^For the reason “(\w+)” came {SHARE} of the returns", text):
        return not states(m[2], 100 * (rows["reason"] == m[1]).mean(), 1), None
    if m := re.search(r"those of goods that (.+) had brought had the lowest share approved", text):
        shares = {carrier: approval(some) for carrier, some in rows.groupby("carrier")}
        others = [share for carrier, share in shares.items() if carrier != m[1] and share is not None]
        return not all(shares[m[1]] < share for share in others), None
    if m := re.search(r"^Of the (rise|fall) in the amount .+, at least half comes from (.+)\.$", text):
        before = returns.of(region, week - pd.Timedelta(days=7))
        return not is_cause(m[2], (before, rows), rose=m[1] == "rise"), None
    if m := re.search(rf"^In week \d+, (\w+) customers in \w+ sent in {RETURNS}\.$", text):
        return (rows["segment"] == m[1]).sum() != int(m[2]), None
    if m := re.search(r"^Handbook ([\d.]+) says word for word: “(.+)”$", text):
        return not quoted(handbook, m[1], m[2]), None
    if m := RECORDED.search(text):
        return check_recorded(returns, week, region, m)
    raise ValueError(f"no check for: {text}")


# what an assistant's own answer says: a figure of either week, by how much it moved, or that it did
RECORDED = re.compile(
    r"^In week \d+, (?P<earlier>the week before week \d+, )?(?P<what>returns|returns settled with a voucher|"
    r"the share (?:refused|approved)|the average amount asked for)(?P<whole> of the whole company)?(?: in \w+)? "
    r"(?P<how>came to|rose|fell|w(?:as|ere) higher|w(?:as|ere) lower)"
    r"(?: (?:by )?[^\d ]*(?P<figure>[\d,]+(?:\.\d+)?)(?: [A-Z]{3})?(?: %| points?| returns?| vouchers?)?)?"
    r"(?: against the week before| than in the week before)?\.$"
)
OF_ROWS = {
    "returns": len,
    "returns settled with a voucher": lambda rows: (rows["decision"] == "voucher").sum(),
    "the share refused": lambda rows: 100 * (rows["decision"] == "refused").sum() / (rows["decision"] != "open").sum(),
    "the share approved": approval,
    "the average amount asked for": lambda rows: rows["refund_requested"].mean(),
}


def check_recorded(returns, week, region, m):
    """The same for what an assistant's own answer says."""

    def value(monday):
        rows = returns.rows[returns.rows["monday"] == monday] if m["whole"] else returns.of(region, monday)
        return OF_ROWS[m["what"]](rows)

    before = week - pd.Timedelta(days=7)
    up = m["how"] == "rose" or m["how"].endswith("higher")
    if m["figure"] is None:
        return (value(week) > value(before)) != up, None
    decimals = len(m["figure"].partition(".")[2])
    if m["how"] == "came to":
        wrong = not states(m["figure"], value(before if m["earlier"] else week), decimals)
        return wrong, TOTAL if m["what"] == "returns" and m["whole"] and not m["earlier"] else None
    change = value(week) - value(before)
    return not states(m["figure"], change if up else -change, decimals), None


# %%
def judge_form(form, tables, handbook):
    """Claim id -> True if wrong, for the whole form."""
    returns = Returns(tables)
    verdicts = {}
    for draft in form.drafts:
        said = {claim.claim_id: claim.judged_as or claim.text for claim in draft.claims}
        if draft.format == "versions":
            found, asked = re.search(r"week (\d+): (\w+)$", draft.title), {TOTAL, SHORT}
            week = pd.Timestamp.fromisocalendar(int(form.quarter[:4]), int(found[1]), 1)
            about = (returns, week, found[2], answers_in(draft), said.values())
            checks = {name: check_versions(*about, text) for name, text in said.items()}
        elif found := re.search(
            r"week (?P<week>\d+): (?P<region>\w+)$|^Answer on (?P<about>\w+), week (?P<when>\d+)$", draft.title
        ):
            week = pd.Timestamp.fromisocalendar(int(form.quarter[:4]), int(found["week"] or found["when"]), 1)
            region, asked = found["region"] or found["about"], {TOTAL, SHORT}
            checks = {name: check_note(returns, week, region, text, handbook) for name, text in said.items()}
        elif draft.format == "agent":
            case, asked = returns.case(draft.title.split()[-1]), {ARTICLE, GROUND}
            steps = "\n".join(draft.layout["returned"])
            checks = {name: check_steps(case, steps, text, handbook) for name, text in said.items()}
        else:
            case = returns.case(draft.title.split()[-1])
            asked = {DECISION, WHY, NEXT}
            checks = {name: check_mail(case, text, handbook) for name, text in said.items()}
        verdicts |= {name: bool(wrong) for name, (wrong, _) in checks.items()}
        verdicts[draft.missing.claim_id] = not asked <= {fact for _, fact in checks.values()}
    return verdicts
