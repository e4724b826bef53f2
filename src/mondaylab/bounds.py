"""Bounds of a folder that somebody else filled: how much it may hold, and which names in it are plain text.

The exchange copies within them; grading, which cannot know how a folder came into a course, holds them once more.
"""

from __future__ import annotations

from mondaylab.records import Record

_NAME_LENGTH = 150


class Bounds(Record):
    """How much one folder may hold."""

    total_mb: int = 50
    file_mb: int = 20
    files: int = 500
    depth: int = 8


def printable(name: str) -> bool:
    """Whether a name is text of sane length that can be shown to people, and that no program takes for an option."""
    return len(name) <= _NAME_LENGTH and name.isprintable() and name[:1] not in ("-", "+")
