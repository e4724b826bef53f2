"""A draft source: answers that a person fetched elsewhere and put into a folder, one file a request."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from mondaylab.labs.recorded.asked import Asked
from mondaylab.labs.recorded.store import Recording
from mondaylab.labs.recording.endpoint import CallFailed


class Archive:
    """The folder that MORE_ARCHIVE names: ``<draft>-<number>.json`` is the answer as it came."""

    def only_model(self) -> str:
        return "archive"

    def ask(self, asked: Asked, model: str) -> Recording:
        path = Path(os.environ["MORE_ARCHIVE"]) / f"{asked.draft}-{asked.number}.json"
        if not path.is_file():
            raise CallFailed("empty")
        return Recording(
            asked=asked,
            model_asked=model,
            model="the model that answered",
            recorded=datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat(),
            finish="stop",
            text=path.read_text("utf-8"),
            seconds=0.0,
        )
