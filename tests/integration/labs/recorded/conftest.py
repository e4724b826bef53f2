"""A memo of three figures, to hold sentences against."""

from __future__ import annotations

from tests.support import scripted_model

memo = scripted_model.memo
