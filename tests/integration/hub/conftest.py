"""A real hub on a free port, one a module."""

from __future__ import annotations

from tests.support import real_hub

real_hub = real_hub.real_hub
