"""People who judge in known ways."""

from __future__ import annotations

from tests.support import judges as simulated

judges = simulated.judges
