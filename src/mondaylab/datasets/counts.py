"""Counts in words, with the right number."""

from __future__ import annotations


def counted(count: int, one: str, many: str) -> str:
    """``1 row is blank`` or ``1,204 rows are blank``."""
    return f"{count:,} {one if count == 1 else many}"
