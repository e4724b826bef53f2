"""Diagnosis in figures: pure functions on arrays, typed records out, each figure with its n and its 95 % interval.

Below its minimum n, and on input that can tell nothing (one class, one learner, nothing varies, a missing value), a
figure is "not enough data" with the n, never a number. None of them passes or fails anyone.
"""

from mondaylab.grader.metrics.alignment import Alignment, alignment
from mondaylab.grader.metrics.clustered import ClusteredDetection, clustered_detection, clustered_rate
from mondaylab.grader.metrics.detection import SignalDetection, auc, signal_detection
from mondaylab.grader.metrics.estimate import NOT_ENOUGH, Estimate, Proportion, Reason
from mondaylab.grader.metrics.gain import Gain, paired_gain
from mondaylab.grader.metrics.items import Item, ItemAnalysis, item_analysis, item_of
from mondaylab.grader.metrics.probability import (
    Calibration,
    CalibrationBin,
    Murphy,
    brier,
    brier_skill,
    calibration,
    expected_calibration_error,
    murphy,
)
from mondaylab.grader.metrics.reliance import Reliance, reliance
from mondaylab.grader.metrics.youden import youden

__all__ = [
    "NOT_ENOUGH",
    "Alignment",
    "Calibration",
    "CalibrationBin",
    "ClusteredDetection",
    "Estimate",
    "Gain",
    "Item",
    "ItemAnalysis",
    "Murphy",
    "Proportion",
    "Reason",
    "Reliance",
    "SignalDetection",
    "alignment",
    "auc",
    "brier",
    "brier_skill",
    "calibration",
    "clustered_detection",
    "clustered_rate",
    "expected_calibration_error",
    "item_analysis",
    "item_of",
    "murphy",
    "paired_gain",
    "reliance",
    "signal_detection",
    "youden",
]
