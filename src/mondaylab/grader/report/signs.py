"""What an item's figures say of the item, and what its author might do about it. Fix the lab before judging people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from mondaylab.forms.items import DIFFICULTY, MIN_ANSWERS, ItemStatistic, LabItems
from mondaylab.grader.report.figures import ItemFigures
from mondaylab.records import Record

SignName = Literal["retired", "against", "giveaway", "hard", "weak", "easy", "good", "none", "few"]
MIN_SIGN = 12
"""Fewest answers for a sign."""
NEARLY_ALL = 0.9
SAID_BY_ALL = ".missing"
"""End of the template of the row that every draft has: that nothing is missing from it."""
_LEFT_OUT = "The next build leaves it out, unless its draft must state it."
HALF = 0.5

_SAYS: dict[SignName, tuple[str, str]] = {
    "retired": ("Retire", "It does not go with the rest."),
    "against": ("Against", "Those who do well elsewhere get it wrong: is its truth or its wording in doubt?"),
    "giveaway": ("Giveaway", "Nearly all find it before opening any data: reword it."),
    "hard": ("Hard", "Most get it wrong even after checking: talk it through, and see whether the wording is fair."),
    "weak": ("Weak", "Goes little with the rest."),
    "easy": ("Easy", "Nearly all get it right: fine as an anchor, keep one or two."),
    "good": ("Good", "Keep it: it goes with the rest."),
    "none": ("No sign", "Nothing stands out."),
    "few": ("Too few", f"Fewer than {MIN_SIGN} answers."),
}
ORDER: tuple[SignName, ...] = tuple(_SAYS)
"""By need, as a table lists them."""


class Sign(Record):
    """What stands out about an item."""

    name: SignName
    label: str
    advice: str
    weight: float
    """How often the next build draws it beside a good one; 0: not any more."""

    @property
    def needs(self) -> bool:
        """Whether somebody should look at the item."""
        return self.name in ("retired", "against", "giveaway", "hard", "weak")


def signs(items: Iterable[ItemFigures], statistics: LabItems) -> dict[str, Sign]:
    """Item -> its sign."""
    known = {one.item: one for one in statistics.items}
    return {one.item: _sign(one, known.get(one.item)) for one in items}


def _sign(one: ItemFigures, statistic: ItemStatistic | None) -> Sign:
    name = _name(one, statistic)
    label, advice = _SAYS[name]
    weight = 1.0
    if name == "easy" and one.flawed:
        advice = "Nearly all find it, once they check: fine as an anchor."
    elif name == "retired":
        weight, sided = 0.0, _one_sided(one)
        advice = f"{f'Nearly all get it {sided}.' if sided else advice} {_LEFT_OUT}"
    elif name == "weak" and statistic is not None:
        weight = statistic.weight
        advice = f"{advice} The next build draws it {weight:g} as often."
    return Sign(name=name, label=label, advice=advice, weight=weight)


def _one_sided(one: ItemFigures) -> str:
    low, high = DIFFICULTY
    share = one.right_check.count / one.n
    return "wrong" if share < low else "right" if share > high else ""


def _name(one: ItemFigures, statistic: ItemStatistic | None) -> SignName:
    rest, first, check = one.rest_correlation, one.right_first, one.right_check
    # weights are of flaws that are drawn: not of sound statements, nor of what a draft leaves out
    drawn = one.flawed and not one.template.endswith(SAID_BY_ALL)
    weak = drawn and statistic is not None and statistic.n >= MIN_ANSWERS and statistic.weight < 1
    # the first that holds; what the next build does comes first, because it happens anyway
    found: tuple[tuple[SignName, bool], ...] = (
        ("retired", statistic is not None and statistic.is_retired),
        ("few", one.n < MIN_SIGN),
        ("against", rest.high is not None and rest.high < 0),
        ("giveaway", one.flawed and first.count >= NEARLY_ALL * first.n),
        ("hard", check.high is not None and check.high < HALF),
        ("weak", weak),
        ("easy", check.count >= NEARLY_ALL * check.n),
        ("good", rest.low is not None and rest.low > 0),
    )
    return next((name for name, holds in found if holds), "none")
