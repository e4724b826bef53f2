"""Measures: typed, declarative quantities over a snapshot. Truth is what these evaluate to."""

from mondaylab.measures.kinds import (
    Aggregate,
    Growth,
    GrowthOver,
    Measure,
    Minus,
    Period,
    Product,
    Rank,
    Rate,
    Ratio,
    Scaled,
    TopShare,
)
from mondaylab.measures.rewrite import AggregateChange, inside, leaves, restricted, rewritten, shifted
from mondaylab.measures.units import unit_of
from mondaylab.measures.words import describe

__all__ = [
    "Aggregate",
    "AggregateChange",
    "Growth",
    "GrowthOver",
    "Measure",
    "Minus",
    "Period",
    "Product",
    "Rank",
    "Rate",
    "Ratio",
    "Scaled",
    "TopShare",
    "describe",
    "inside",
    "leaves",
    "restricted",
    "rewritten",
    "shifted",
    "unit_of",
]
