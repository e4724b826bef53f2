"""How many of something, in words."""

from __future__ import annotations


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 flaw``, ``2 flaws``, ``no flaws``."""
    words = one if count == 1 else (many or f"{one}s")
    return f"{count or 'no'} {words}"
