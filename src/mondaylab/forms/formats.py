"""Formats of drafts: how an AI output stands where people read it. Some are ours; installed packages add others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import nh3
from pydantic import ValidationError

from mondaylab.errors import NotFound, Refused
from mondaylab.extensions import extensions
from mondaylab.forms.draft_body import STYLE, body_html
from mondaylab.forms.draft_format import DraftFormat
from mondaylab.forms.draft_text import body_text
from mondaylab.forms.native.agent import AGENT
from mondaylab.forms.native.chart import CHART
from mondaylab.forms.native.chat import CHAT
from mondaylab.forms.native.code import CODE
from mondaylab.forms.native.mail import MAIL
from mondaylab.forms.native.memo import MEMO
from mondaylab.forms.native.summary import SUMMARY
from mondaylab.forms.native.table import TABLE
from mondaylab.forms.native.versions import VERSIONS
from mondaylab.forms.shown import MEMO as RUNNING_TEXT
from mondaylab.forms.shown import DraftPart, Formatted, ShownDraft, ShownForm
from mondaylab.records import Record, validation_message

GROUP = "mondaylab.formats"
OURS: Mapping[str, DraftFormat] = {
    "memo": MEMO,
    "mail": MAIL,
    "chat": CHAT,
    "table": TABLE,
    "summary": SUMMARY,
    "agent": AGENT,
    "code": CODE,
    "chart": CHART,
    "versions": VERSIONS,
}
_BLOCKS = {"blockquote", "dd", "div", "dl", "dt", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_BLOCKS |= {"details", "figure", "summary"}
_WORDS = {"b", "br", "code", "em", "i", "span", "strong", "sup"}
_TABLE = {"caption", "table", "tbody", "td", "th", "thead", "tr"}
_PICTURE = {"g", "line", "path", "svg", "text"}
_ATTRIBUTES = {
    "*": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "svg": {"aria-label", "height", "role", "viewBox", "width"},
    "g": {"transform"},
    "line": {"transform", "x2", "y2"},
    "path": {"d"},
    "text": {"text-anchor", "transform"},
}
"""Of pictures shapes and words alone: colours come from the style sheet, and nothing of these can load anything."""


def draft_formats() -> Mapping[str, DraftFormat]:
    """Every format by its name: ours, then those of installed packages; raises as `draft_format`."""
    return {**OURS, **_added()}


def draft_format(name: str) -> DraftFormat:
    """A format by its name.

    Raises:
        NotFound: There is none of that name.
        Refused: A package's format has the name of another, or is no `DraftFormat`.
    """
    known = OURS if name in OURS else draft_formats()
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
        layout = draft_format(draft.format).layout
    except NotFound as error:
        return f"{error.what} ({error.where})"
    try:
        layout.model_validate(draft.layout)
    except ValidationError as error:
        if not layout.model_fields:
            return f"layout: format {draft.format!r} takes none"
        return f"layout: {validation_message(error, record=layout)}"
    return None


def manuscript_problem(draft: Formatted, parts: Sequence[DraftPart]) -> str | None:
    """What is wrong between a manuscript's elements and the draft's layout, in words; none: nothing.

    Args:
        draft: A draft without a `layout_problem`.
        parts: The manuscript's elements.
    """
    found = draft_format(draft.format)
    return None if found.problem is None else found.problem(parts, found.layout.model_validate(draft.layout))


def html_of(draft: ShownDraft, numbers: Mapping[str, int] | None = None) -> str:
    """A draft as HTML; raises as `draft_format`.

    Args:
        draft: The draft.
        numbers: Claim id -> the number that people know it by.
    """
    found = draft_format(draft.format)
    layout = found.layout.model_validate(draft.layout)
    framed = found.html(body_html(_arranged(found, draft, layout), numbers), layout, draft)
    cleaned = nh3.clean(framed, tags=_BLOCKS | _WORDS | _TABLE | _PICTURE, attributes=_ATTRIBUTES)
    return f'<style>{STYLE}{found.style}</style><div class="draft-own">{cleaned}</div>'


def text_of(draft: ShownDraft, numbers: Mapping[str, int] | None = None) -> str:
    """The same as plain text, numbers in brackets; raises as `draft_format`."""
    found = draft_format(draft.format)
    layout = found.layout.model_validate(draft.layout)
    return found.text(body_text(_arranged(found, draft, layout), numbers), layout, draft)


def pictured(form: ShownForm) -> ShownForm:
    """A form with the pictures that its drafts need, for a learner's server, which cannot draw them."""
    drafts = (
        draft if draw is None else draft.model_copy(update={"pictures": dict(draw(draft))})
        for draft, draw in ((one, _pictures_of(one)) for one in form.drafts)
    )
    return form.model_copy(update={"drafts": tuple(drafts)})


def data_shown(draft: ShownDraft) -> str:
    """What a draft's layout shows that its claims are judged by; nothing of a format that shows none."""
    return "\n".join(draft.layout_texts()) if draft_format(draft.format).shows_data else ""


def prompt_apart(draft: ShownDraft) -> str | None:
    """What the assistant was asked, for whoever shows a draft; none if its format shows it, or nobody tells."""
    return None if draft_format(draft.format).shows_prompt else draft.prompt


def our_panel_scripts() -> tuple[str, str]:
    """What the panel needs to show drafts of our formats: script and style sheet."""
    return _put_together(OURS.values())


def panel_scripts(drafts: Iterable[ShownDraft]) -> tuple[str, str]:
    """What it needs beside that to show these drafts."""
    return _put_together(draft_format(name) for name in sorted({draft.format for draft in drafts} - OURS.keys()))


def _arranged(found: DraftFormat, draft: ShownDraft, layout: Record) -> ShownDraft:
    return draft if found.arranged is None else draft.model_copy(update={"parts": found.arranged(draft, layout)})


def _pictures_of(draft: ShownDraft) -> Callable[[ShownDraft], Mapping[str, str]] | None:
    try:
        return None if draft.format == RUNNING_TEXT else draft_format(draft.format).pictures
    except (NotFound, Refused):
        return None  # of a package that is not here: the panel shows what it can


def _put_together(formats: Iterable[DraftFormat]) -> tuple[str, str]:
    found = list(formats)
    return "\n".join(one.panel for one in found if one.panel), "\n".join(one.style for one in found if one.style)


@cache
def _added() -> Mapping[str, DraftFormat]:
    return extensions(GROUP, _wrong_format, taken=tuple(OURS))


def _wrong_format(name: str, found: object) -> str | None:
    return None if isinstance(found, DraftFormat) else "no mondaylab.forms.draft_format.DraftFormat"
