"""A real hub on a free port, one a module, and applications on ports of their own."""

from __future__ import annotations

from tests.support import exchange_world, real_hub

real_hub = real_hub.real_hub
real_server = exchange_world.real_server
