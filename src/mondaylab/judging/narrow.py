"""A narrow window: no menu is wider than the notebook, which would cut it off."""

from __future__ import annotations

from typing import Any

_WITHIN = "calc(100% - 4px)"
"""All there is, but for a control's own margins."""


def within_notebook(*controls: Any) -> None:
    """Limits the width of controls; where there is room, they keep theirs."""
    for control in controls:
        control.layout.max_width = _WITHIN
