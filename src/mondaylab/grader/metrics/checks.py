"""Arrays as they come to a metric, checked: shape, range, missing values."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mondaylab.errors import Refused

Floats = NDArray[np.float64]


def columns(where: str, *values: ArrayLike) -> tuple[Floats, ...]:
    """Equally long one-dimensional arrays of floats; None and NaN both become NaN.

    Raises:
        Refused: They are not numbers, not one-dimensional or not equally long.
    """
    try:
        arrays = tuple(np.asarray(one, dtype=np.float64) for one in values)
    except (TypeError, ValueError):
        raise Refused("values that are not numbers", where=where) from None
    if any(one.ndim != 1 for one in arrays) or len({len(one) for one in arrays}) != 1:
        shapes = ", ".join(str(one.shape) for one in arrays)
        raise Refused(f"arrays of shapes {shapes}", where=where, fix="give one value per row in each")
    return arrays


def complete(*arrays: Floats) -> int:
    """How many rows have all their values."""
    return int(np.all([np.isfinite(one) for one in arrays], axis=0).sum())


def binary(where: str, *arrays: Floats) -> None:
    """Refuses values other than 0 and 1 (NaN passes: it is missing, not wrong)."""
    if any(not np.isin(one[~np.isnan(one)], (0.0, 1.0)).all() for one in arrays):
        raise Refused("values other than true and false", where=where)


def probabilities(where: str, *arrays: Floats) -> None:
    """Refuses values outside [0, 1] (NaN passes)."""
    if any(((one < 0) | (one > 1)).any() for one in arrays):
        raise Refused("a probability lies outside 0 to 1", where=where, fix="divide percentages by 100")
