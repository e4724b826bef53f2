"""What a format of drafts is: a frame around a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from mondaylab.records import Record

NOT_AI = "Not AI, nothing to judge."
"""Said of a mail or a prompt that is shown with a draft."""


class NoLayout(Record):
    """The layout of a format that needs nothing from the author."""


@dataclass(frozen=True)
class Body:
    """What a draft says, ready for a frame.

    Attributes:
        html: Its elements as HTML, all words escaped.
        text: The same for a terminal: paragraphs, bullets, tables with aligned columns.
        prompt: What the assistant was asked, as it is, if the draft tells.
    """

    html: str
    text: str
    prompt: str | None = None


Frame = Callable[[Body, Any], str]
"""Puts a frame around a body, by a layout (a record of the format's own)."""


@dataclass(frozen=True)
class DraftFormat:
    """How drafts of one format stand: in the notebook, the preview, the feedback and the judgement panel.

    Attributes:
        label: What people call it, such as *chat answer*.
        html: The whole as HTML of plain elements and classes; anything else is taken out.
        text: The same for a terminal.
        layout: What an author may say of such a draft in ``lab.toml``, under ``layout``.
        panel: Script for the panel: ``LAYOUTS.<name> = (body, layout, draft) => nodes`` puts the nodes of the body into
            others. Without it they stand on a sheet of paper, as those of a memo.
        style: Style sheet for both; its classes begin with the format's name, its colours come from ``currentColor``.
        shows_prompt: Whether the prompt is part of it, as in a chat; ``LAYOUTS.<name>.asks = true`` says so to the panel.
    """

    label: str
    html: Frame
    text: Frame
    layout: type[Record] = NoLayout
    panel: str = ""
    style: str = ""
    shows_prompt: bool = False


def escaped_lines(text: str) -> str:
    """A text that is not the draft's own, as HTML with its line ends kept."""
    return "<br>".join(escape(line) for line in text.strip().splitlines())


def quoted_lines(text: str) -> str:
    """The same for a terminal, as in an answered mail."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
