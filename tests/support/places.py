"""The checkout that is tested, and what most suites test on."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
QUARTER = "2026Q4"
PREVIOUS = "2026Q3"
LAB = "finance/weekly_margin_memo"
