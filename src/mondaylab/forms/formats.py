"""Formats of drafts: how an AI output stands where people read it. The memo is ours; installed packages add others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import nh3
from pydantic import ValidationError

from mondaylab.errors import NotFound
from mondaylab.extensions import extensions
from mondaylab.forms.shown import MEMO, Formatted, ShownDraft
from mondaylab.records import Record, validation_message

GROUP = "mondaylab.formats"
_BLOCKS = {"blockquote", "div", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_WORDS = {"b", "br", "code", "em", "i", "span", "strong"}
_TABLE = {"caption", "table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {"*": {"class"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}


class NoLayout(Record):
    """The layout of a format that needs nothing from the author."""


@dataclass(frozen=True)
class Piece:
    """A piece of a draft in reading order.

    Attributes:
        text: As it stands there.
        claim_id: Which claim it is; none for the words between.
    """

    text: str
    claim_id: str | None = None

    @property
    def html(self) -> str:
        """The text, escaped."""
        return escape(self.text)


Arrange = Callable[[Sequence[Piece], Any], str]
"""Makes one text of a draft's pieces and its layout (a record of the format's own)."""


@dataclass(frozen=True)
class DraftFormat:
    """How drafts of one format stand: in the notebook, the preview, the feedback and the judgement panel.

    Attributes:
        label: What people call it, such as *chat answer*.
        html: The draft's body as HTML of plain elements and classes; anything else is taken out.
        text: The same for a terminal.
        layout: What an author may say of such a draft in ``lab.toml``, under ``layout``.
        panel: Script for the panel: ``LAYOUTS.<name> = (pieces, layout) => [...]`` puts the pieces' nodes into others;
            a piece is a ``node``, and whether it is a ``claim``. Without it they follow one another as in a memo.
        style: Style sheet for both; its classes begin with the format's name.
    """

    label: str
    html: Arrange
    text: Arrange
    layout: type[Record] = NoLayout
    panel: str = ""
    style: str = ""


def draft_format(name: str) -> DraftFormat:
    """A format by its name.

    Raises:
        NotFound: There is none of that name.
        Refused: A package's format has the name of another, or is no `DraftFormat`.
    """
    known = {MEMO: _MEMO} if name == MEMO else {MEMO: _MEMO, **_added()}
    if name not in known:
        raise NotFound(
            f"no format {name!r} of drafts",
            where=f"there are: {', '.join(known)}",
            fix="name one of these as the draft's format, or install the package that has it",
        )
    return known[name]


def layout_problem(draft: Formatted) -> str | None:
    """What is wrong with a draft's format or layout, in words; none: nothing."""
    try:
        draft_format(draft.format).layout.model_validate(draft.layout)
    except NotFound as error:
        return f"{error.what} ({error.where})"
    except ValidationError as error:
        return f"layout: {validation_message(error)}"
    return None


def html_of(draft: ShownDraft) -> str:
    """The body of a draft as HTML; raises as `draft_format`."""
    found = draft_format(draft.format)
    body = found.html(_pieces(draft), found.layout.model_validate(draft.layout))
    return body if found is _MEMO else f"{_style(found)}{_clean(body)}"


def text_of(draft: ShownDraft) -> str:
    """The body of a draft as plain text; raises as `draft_format`."""
    found = draft_format(draft.format)
    return found.text(_pieces(draft), found.layout.model_validate(draft.layout))


def stands_apart(draft: ShownDraft) -> bool:
    """Whether its sentences one after the other, as in a memo, do not show how the draft stood."""
    return draft.format != MEMO


def panel_scripts(drafts: Iterable[ShownDraft]) -> tuple[str, str]:
    """What the panel needs beside its own to show these drafts: script and style sheet."""
    formats = [draft_format(name) for name in sorted({draft.format for draft in drafts})]
    return "\n".join(one.panel for one in formats if one.panel), "\n".join(one.style for one in formats if one.style)


def _pieces(draft: ShownDraft) -> list[Piece]:
    claims = {claim.claim_id: claim.text for claim in draft.claims}
    return [Piece(claims.get(part.claim_id or "") or part.text or "", part.claim_id) for part in draft.parts]


def _clean(html: str) -> str:
    return nh3.clean(html, tags=_BLOCKS | _WORDS | _TABLE, attributes=_ATTRIBUTES)


def _style(found: DraftFormat) -> str:
    return f"<style>{found.style}</style>" if found.style else ""


_MEMO = DraftFormat(
    label="memo",
    html=lambda pieces, _: f"<p>{' '.join(piece.html for piece in pieces)}</p>",
    text=lambda pieces, _: " ".join(piece.text for piece in pieces),
)


@cache
def _added() -> Mapping[str, DraftFormat]:
    return extensions(GROUP, _wrong_format, taken=(MEMO,))


def _wrong_format(name: str, found: object) -> str | None:
    return None if isinstance(found, DraftFormat) else "no mondaylab.forms.formats.DraftFormat"
