"""What a learner is told about a hand-in: when, how much, what was left out, and what to look at again."""

from __future__ import annotations

from pathlib import Path

from mondaylab.errors import MondaylabError
from mondaylab.records import Record

RECEIPT = ".receipt.json"
"""Lies in the hand-in's folder, for the learner's own list; nobody else reads it."""
_MOST_NAMES = 20


class Receipt(Record):
    """One hand-in, as its learner is told."""

    time: str
    """When, as in the folder's name."""
    files: int
    left_out: tuple[str, ...] = ()
    """What was not taken: links, sockets, devices, names that are not plain text."""
    noted: bool = False
    """Whether the judgement service noted the time."""
    warnings: tuple[str, ...] = ()
    """What to look at again, in sentences."""

    def line(self) -> str:
        """One line for a list."""
        told = [f"{self.time[:16]} UTC", f"{self._count()} handed in"]
        if self.left_out:
            told.append(f"left out: {_names(self.left_out)}")
        if not self.noted:
            told.append("the time is not confirmed yet")
        return "; ".join([*told, *self.warnings])

    def words(self) -> str:
        """Everything, for a dialog or a log."""
        told = [f"Everything in the folder was handed in: {self._count()}, {self.time[:16]} UTC."]
        if self.left_out:
            told.append(f"Left out, as they are no plain files: {_names(self.left_out)}.")
        return "\n\n".join([*told, *self.warnings])

    def _count(self) -> str:
        return f"{self.files} file{'' if self.files == 1 else 's'}"


def read_receipt(folder: Path) -> Receipt | None:
    """The receipt in a hand-in's folder, if there is a sound one."""
    try:
        return Receipt.read_json(folder / RECEIPT)
    except (MondaylabError, OSError):
        return None


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join([*names[:_MOST_NAMES], *([f"and {more} more"] if more > 0 else [])])
