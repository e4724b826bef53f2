"""Formats by name, and drafts shown in theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import nh3
from pydantic import ValidationError

from mondaylab.errors import NotFound
from mondaylab.extensions import extensions
from mondaylab.forms.formats.as_html import STYLE, html_body
from mondaylab.forms.formats.as_text import text_body
from mondaylab.forms.formats.chat import CHAT
from mondaylab.forms.formats.draft_format import Body, DraftFormat
from mondaylab.forms.formats.mail import MAIL
from mondaylab.forms.formats.memo import MEMO_FORMAT
from mondaylab.forms.formats.summary import SUMMARY
from mondaylab.forms.formats.table import TABLE
from mondaylab.forms.shown import MEMO, Formatted, ShownDraft
from mondaylab.records import validation_message

GROUP = "mondaylab.formats"
_OURS: Mapping[str, DraftFormat] = {MEMO: MEMO_FORMAT, "mail": MAIL, "chat": CHAT, "table": TABLE, "summary": SUMMARY}
_BLOCKS = {"blockquote", "div", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_WORDS = {"b", "br", "code", "em", "i", "span", "strong"}
_TABLE = {"caption", "table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {"*": {"class"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}


def draft_format(name: str) -> DraftFormat:
    """A format by its name.

    Raises:
        NotFound: There is none of that name.
        Refused: A package's format has the name of another, or is no `DraftFormat`.
    """
    if name in _OURS:
        return _OURS[name]
    known = _added()
    if name not in known:
        raise NotFound(
            f"no format {name!r} of drafts",
            where=f"there are: {', '.join((*_OURS, *known))}",
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


def html_of(draft: ShownDraft, numbers: Mapping[str, int] | None = None) -> str:
    """A draft in its form, as HTML with its style; raises as `draft_format`.

    Args:
        draft: The draft.
        numbers: Claim id -> the number that stands behind it; without one, claims are words like the others.
    """
    found = draft_format(draft.format)
    inner = found.html(_body(draft, numbers or {}), found.layout.model_validate(draft.layout))
    cleaned = nh3.clean(inner, tags=_BLOCKS | _WORDS | _TABLE, attributes=_ATTRIBUTES)
    return f'<style>{STYLE}{found.style}</style><div class="draft-own">{cleaned}</div>'


def text_of(draft: ShownDraft, numbers: Mapping[str, int] | None = None) -> str:
    """The same as plain text; raises as `draft_format`."""
    found = draft_format(draft.format)
    return found.text(_body(draft, numbers or {}), found.layout.model_validate(draft.layout))


def prompt_apart(draft: ShownDraft) -> str | None:
    """What the assistant was asked, for whoever shows a draft; none if its format shows it, or nobody knows."""
    return None if draft_format(draft.format).shows_prompt else draft.prompt


def our_panel_parts() -> tuple[str, str]:
    """What the panel needs to show drafts of our formats: script and style sheet."""
    return _parts(_OURS.values())


def panel_parts(drafts: Iterable[ShownDraft]) -> tuple[str, str]:
    """What it needs beside that for these drafts."""
    return _parts(draft_format(name) for name in sorted({draft.format for draft in drafts} - _OURS.keys()))


def _parts(formats: Iterable[DraftFormat]) -> tuple[str, str]:
    found = list(formats)
    return "\n".join(one.panel for one in found if one.panel), "\n".join(one.style for one in found if one.style)


def _body(draft: ShownDraft, numbers: Mapping[str, int]) -> Body:
    return Body(html_body(draft, numbers), text_body(draft, numbers), draft.prompt)


@cache
def _added() -> Mapping[str, DraftFormat]:
    return extensions(GROUP, _wrong_format, taken=tuple(_OURS))


def _wrong_format(name: str, found: object) -> str | None:
    return None if isinstance(found, DraftFormat) else "no mondaylab.forms.formats.DraftFormat"
