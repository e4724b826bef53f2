"""A scripted model, a memo of three figures, and a store for what is recorded."""

from __future__ import annotations

from tests.support import scripted_model

script = scripted_model.script
memo = scripted_model.memo
store = scripted_model.store
