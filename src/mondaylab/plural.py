"""How many of something, in words."""

from __future__ import annotations


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 flaw``, ``2 flaws``, ``no flaws``."""
    words = one if count == 1 else (many or f"{one}s")
    return f"{count or 'no'} {words}"


def counted(count: int, one: str, many: str) -> str:
    """``1 row is blank`` or ``1,204 rows are blank``: of many, where none would not be told."""
    return f"{count:,} {one if count == 1 else many}"
