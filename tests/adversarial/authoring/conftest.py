"""A learner's jail, started directly."""

from __future__ import annotations

from tests.support import prison

prison = prison.prison
