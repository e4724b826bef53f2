"""A real jail, one a module."""

from __future__ import annotations

from tests.support import prison

prison = prison.prison
