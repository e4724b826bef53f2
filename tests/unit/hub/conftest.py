"""A site of its own for each test, with one applied cohort where asked."""

from __future__ import annotations

from tests.support import exchange_world

site = exchange_world.site
cohort = exchange_world.cohort
real_server = exchange_world.real_server
released = exchange_world.released
world = exchange_world.world
