"""Stale recordings: made on another snapshot or for another declaration of the lab; no form uses them."""

from __future__ import annotations

from mondaylab.labs.recorded.store import Recording, RecordStore
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.records import Record


class StaleRecording(Record):
    """A recording that no longer fits, and why."""

    key: str
    draft: str
    number: int
    model: str
    recorded: str
    why: str

    def words(self) -> str:
        """One line for a person."""
        return f"{self.draft} {self.number} of {self.recorded} by {self.model}, {self.why}"


def current(recordings: list[Recording], snapshot: str, declaration: LabDeclaration) -> list[Recording]:
    """The recordings that were made on exactly this snapshot for exactly this declaration."""
    return [one for one in recordings if _why(one, snapshot, declaration.asked_hash) is None]


def stale_in(store: RecordStore, snapshot: str, declaration: LabDeclaration) -> list[StaleRecording]:
    """The others, each with the reason."""
    declared = declaration.asked_hash
    return [_stale(one, why) for one in store.all() if (why := _why(one, snapshot, declared)) is not None]


def _why(recording: Recording, snapshot: str, declaration: str) -> str | None:
    if recording.asked.snapshot != snapshot:
        return f"made on snapshot {recording.asked.snapshot}"
    return "the lab was declared otherwise" if recording.asked.declaration != declaration else None


def _stale(recording: Recording, why: str) -> StaleRecording:
    asked = recording.asked
    return StaleRecording(
        key=recording.key,
        draft=asked.draft,
        number=asked.number,
        model=recording.model,
        recorded=recording.recorded,
        why=why,
    )
