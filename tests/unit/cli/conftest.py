"""A site of its own for each test."""

from __future__ import annotations

from tests.support import exchange_world

site, cohort = exchange_world.site, exchange_world.cohort
