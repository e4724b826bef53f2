"""A figure with its n and its 95 % interval, or the plain statement that there is not enough data for one."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from mondaylab.records import Record

Reason = Literal["too few", "one class", "all equal", "missing values"]
"""Why a figure is not given: n below the minimum; every row flawed, or none; nothing varies, so that nothing can be
told apart; a NaN among the values."""
NOT_ENOUGH = "not enough data"


class Estimate(Record):
    """A figure, or "not enough data": `value`, `low` and `high` are numbers together, or None together.

    JSON keeps the shape: `{"value": null, "low": null, "high": null, "n": 4, "reason": "too few"}`.
    """

    value: float | None = None
    """The point estimate."""
    low: float | None = None
    """Lower end of the 95 % interval."""
    high: float | None = None
    """Upper end."""
    n: int = Field(ge=0)
    """What the figure was counted on: rows, learners or items, as the function says."""
    reason: Reason | None = None
    """Why there is no figure; None where there is one."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        numbers = (self.value, self.low, self.high)
        if (self.reason is None) != all(one is not None for one in numbers) or (
            self.reason is not None and any(one is not None for one in numbers)
        ):
            raise ValueError("an estimate has a value and both ends, or a reason and none of them")
        return self

    @property
    def enough(self) -> bool:
        """Whether there is a figure."""
        return self.reason is None

    @classmethod
    def missing(cls, n: int, reason: Reason) -> Self:
        """Not enough data."""
        return cls(n=int(n), reason=reason)

    @classmethod
    def of(cls, value: float, low: float, high: float, n: int) -> Self:
        """A figure; the interval is widened, if rounding made it so, to hold the value."""
        value, low, high = float(value), float(low), float(high)
        return cls(value=value, low=min(low, value), high=max(high, value), n=int(n))

    def __str__(self) -> str:
        if self.value is None:
            return f"{NOT_ENOUGH} (n = {self.n})"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] (n = {self.n})"


class Proportion(Estimate):
    """A share of `n`, with the count it comes from; the count is a fact and stays where n is too small for a rate."""

    count: int = Field(default=0, ge=0)
    """How many of the `n`."""
