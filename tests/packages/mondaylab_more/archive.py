"""A text source: answers that a person fetched elsewhere and put into a folder, one file a request."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from mondaylab.labs.recorded.answers import Answer, AskedText
from mondaylab.labs.recording.endpoint import CallFailed


class Archive:
    """The folder that MORE_ARCHIVE names: ``<request>-<number>.txt`` is the answer as it came."""

    def only_model(self) -> str:
        return "archive"

    def ask_text(self, asked: AskedText, model: str) -> Answer:
        path = Path(os.environ["MORE_ARCHIVE"]) / f"{asked.request}-{asked.number}.txt"
        if not path.is_file():
            raise CallFailed("empty")
        return Answer(
            asked=asked,
            model_asked=model,
            model="the model that answered",
            recorded=datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat(),
            finish="stop",
            text=path.read_text("utf-8"),
            seconds=0.0,
        )
