"""What a format of drafts is: the frame that a draft's text stands in, wherever people see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mondaylab.forms.shown import ShownDraft
from mondaylab.records import Record

Frame = Callable[[str, Any, ShownDraft], str]
"""Puts a draft's body into its frame: body, layout (a record of the format's own), draft."""


class NoLayout(Record):
    """The layout of a format that needs nothing from the author."""


@dataclass(frozen=True)
class DraftFormat:
    """How drafts of one format stand: in the notebook, the preview, the feedback and the judgement panel.

    Attributes:
        label: What people call it, such as *chat answer*.
        html: The draft as HTML: the body, which is HTML already, in a frame of plain elements and classes; anything
            else is taken out. What the frame adds it escapes.
        text: The same for a terminal.
        layout: What an author may say of such a draft in ``lab.toml``, under ``layout``.
        panel: Script for the panel: ``LAYOUTS.<name> = (body, layout, draft) => [...]`` puts the nodes into others.
        style: Style sheet for both; its classes begin with the format's name.
    """

    label: str
    html: Frame
    text: Frame
    layout: type[Record] = NoLayout
    panel: str = ""
    style: str = ""
