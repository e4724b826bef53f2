"""Formats of drafts: how an AI output stands where people read it; ours, and those that installed packages add."""

from mondaylab.forms.formats.draft_format import Body, DraftFormat, NoLayout
from mondaylab.forms.formats.registry import (
    draft_format,
    html_of,
    layout_problem,
    our_panel_parts,
    panel_parts,
    prompt_apart,
    text_of,
)

__all__ = [
    "Body",
    "DraftFormat",
    "NoLayout",
    "draft_format",
    "html_of",
    "layout_problem",
    "our_panel_parts",
    "panel_parts",
    "prompt_apart",
    "text_of",
]
