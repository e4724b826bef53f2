"""What a format of drafts is: the frame that a draft's text stands in, wherever people see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from mondaylab.forms.shown import DraftPart, ShownDraft
from mondaylab.records import Record

Frame = Callable[[str, Any, ShownDraft], str]
"""Puts a draft's body into its frame: body, layout (a record of the format's own), draft."""
NOT_AI = "Not AI, nothing to judge."
"""Said of a mail or a prompt that is shown with a draft."""


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
            Without it they stand on a sheet of paper, as those of a memo.
        style: Style sheet for both; its classes begin with the format's name, its colours come from ``currentColor``.
        shows_prompt: Whether the prompt is part of it; ``LAYOUTS.<name>.asks = true`` tells the panel.
        shows_data: Whether the layout shows what claims are judged by: then the gates read it with each of them.
        arranged: The draft's elements with what the layout adds between them, before they become HTML or text.
        pictures: Key -> picture as SVG: what a draft shows that a learner's server cannot draw. Whoever hands the draft
            out puts them into `ShownDraft.pictures`; one that is empty is drawn meanwhile, and the panel asks again.
        problem: What is wrong between a manuscript's elements and the layout, in words; none: nothing.
    """

    label: str
    html: Frame
    text: Frame
    layout: type[Record] = NoLayout
    panel: str = ""
    style: str = ""
    shows_prompt: bool = False
    shows_data: bool = False
    arranged: Callable[[ShownDraft, Any], tuple[DraftPart, ...]] | None = None
    pictures: Callable[[ShownDraft], Mapping[str, str]] | None = None
    problem: Callable[[Sequence[DraftPart], Any], str | None] | None = None


def escaped_lines(text: str) -> str:
    """A text that is not the draft's own, as HTML with its line ends."""
    return "<br>".join(escape(line) for line in text.strip().splitlines())


def quoted_lines(text: str) -> str:
    """The same for a terminal, as in a mail that is answered."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
