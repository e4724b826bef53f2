"""How demand moves with the day of the week, the month and the holidays."""

from __future__ import annotations

import numpy as np
import pandas as pd

_WEEKDAY = np.array([1.38, 1.32, 1.22, 1.18, 1.02, 0.14, 0.08])
_WEEKDAY = _WEEKDAY / _WEEKDAY.mean()
_MONTH = np.array([0.90, 0.93, 1.02, 1.00, 0.98, 1.00, 0.96, 0.84, 1.05, 1.09, 1.24, 1.12])


def demand(days: np.ndarray, *, weekly: bool = True) -> np.ndarray:
    """Demand relative to an ordinary day (1.0) for ``datetime64[D]`` days.

    November and early December are the peak, August is slow, Christmas is quiet, the last three days of a month are
    busy. Without `weekly` the day of the week plays no part.
    """
    stamps = pd.DatetimeIndex(days)
    level = _MONTH[stamps.month - 1].copy()
    level *= np.where(stamps.day > stamps.days_in_month - 3, 1.10, 1.0)
    december = stamps.month == 12
    level *= np.where(december & (stamps.day >= 22), 0.45, 1.0)
    level *= np.where(december & (stamps.day >= 24) & (stamps.day <= 26), 0.18, 1.0)
    level *= np.where((stamps.month == 1) & (stamps.day <= 2), 0.3, 1.0)
    if weekly:
        level *= _WEEKDAY[stamps.day_of_week]
    return np.asarray(level)
