"""What the figures say, in sentences a person reads first. Counts come before percentages, causes are not claimed."""

from __future__ import annotations

from string import Formatter

from mondaylab.grader.metrics import Estimate
from mondaylab.grader.report.drawing import percent
from mondaylab.grader.report.figures import Figures, TrustFigures
from mondaylab.grader.report.groups import MIN_GROUP
from mondaylab.grader.report.lab_report import LabReport
from mondaylab.grader.report.signs import MIN_SIGN
from mondaylab.plural import plural


def headline(report: LabReport) -> str:
    """The finding that titles a lab's page."""
    found, judged = report.figures, report.figures.learners
    if not report.learners:
        return "Nobody is in this lab yet."
    if not judged:
        return "Nobody has handed in a judgement yet."
    if judged < MIN_GROUP:
        return f"{judged} of {report.learners} have handed in: results show from {MIN_GROUP} people on."
    if found.trusting is None:
        return "Too few people had the same kind of flaw for a result."
    return " ".join(part for part in (checking(found.trusting), most_missed(report)) if part)


def checking(trust: TrustFigures) -> str:
    """What checking did to over-trust, no more than the interval bears."""
    change = trust.change
    if change.low is None or change.high is None:
        return f"After checking, {trust.check.count} of {trust.check.n} flawed statements still passed."
    first, check = (percent(one.count / one.n) for one in (trust.first, trust.check))
    if change.high < 0:
        return f"Checking cut over-trust from {first} to {check} of flawed statements."
    if change.low > 0:
        return f"Over-trust rose with checking, from {first} to {check} of flawed statements."
    return f"Checking did not clearly change over-trust: {check} of flawed statements still pass."


def most_missed(report: LabReport) -> str:
    """The kind that is missed most, with its count, of those with enough judgements to say so."""
    kinds = [kind for kind in report.figures.kinds if kind.missed_check.count and kind.missed_check.n >= MIN_SIGN]
    if not kinds:
        return ""
    label, missed = report.kinds.get(kinds[0].kind, kinds[0].kind), kinds[0].missed_check
    return f"Missed most: “{label}”, in {missed.count} of {missed.n} judgements."


def corrected(found: Figures) -> str:
    """How many first looks checking put right, and how many it spoilt."""
    gained, kept = found.gained, found.kept
    if gained is None or kept is None or not gained.n + kept.n:
        return ""
    spoilt = f"spoilt {kept.n - kept.count} of {plural(kept.n, 'right first look')}"
    if not gained.n:
        return f"Checking {spoilt}."
    return f"Checking put right {gained.count} of {plural(gained.n, 'wrong first look')} and {spoilt}."


def leaning(criterion: Estimate) -> str:
    """Which way a class leans, no more than the interval bears."""
    if criterion.low is None or criterion.high is None:
        return ""
    return "towards trust" if criterion.low > 0 else "towards doubt" if criterion.high < 0 else "no clear way"


def honesty(found: Figures) -> str:
    """What the ends of the scale were worth."""
    ends = (found.bands, found.bands[::-1])
    low, high = (next((band for band in bands if band.flawed.enough), None) for bands in ends)
    if low is None or high is None or low is high:
        return ""
    return (
        f"Of what was called {percent(high.low)} or more likely wrong, {high.flawed.count} of {high.flawed.n} was. "
        f"Of what was called less than {percent(low.high)} likely, {low.flawed.count} of {low.flawed.n} was wrong "
        "all the same."
    )


def pieces(phrase: str) -> list[tuple[str, bool]]:
    """A phrasing's text and slots in order: (words, whether they are a slot's name)."""
    try:
        parsed = list(Formatter().parse(phrase))
    except ValueError:  # not a phrasing: a template's id, or words with a brace of their own
        return [(phrase, False)]
    told = []
    for text, slot, _, _ in parsed:
        if text:
            told.append((text, False))
        if slot:
            told.append((slot.replace("_", " "), True))
    return told
