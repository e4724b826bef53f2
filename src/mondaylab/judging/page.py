"""Text that a notebook shows: handbook sections, drafts as documents, and what to do without an assistant."""

from __future__ import annotations

import re
from html import escape

from mondaylab.forms.formats import html_of, prompt_apart, text_of
from mondaylab.forms.shown import ShownForm


class Words(str):
    """Text that prints plainly and that a notebook shows as Markdown."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return self


class Page:
    """Text that prints plainly and that a notebook shows as HTML; everything in it is escaped."""

    def __init__(self, text: str, html: str) -> None:
        self._text = text
        self._html = html

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return self._html


def drafts_page(form: ShownForm | None) -> Page:
    """All drafts of a form as documents, with provenance; without a form, where to get one."""
    if form is None:
        words = "Open this lab in the hub: your drafts come from there."
        return Page(words, f"<p>{words}</p>")
    sample = "sample data" if form.sample_data else ""
    text, html = [], []
    for draft in form.drafts:
        about = ", ".join(part for part in (f"To {draft.audience}", draft.provenance.words(), sample) if part)
        asked = prompt_apart(draft)
        prompt = "" if asked is None else f"What was asked (not AI, nothing to judge): {asked}"
        text.append("\n\n".join(filter(None, (f"{draft.title}\n{about}", prompt, text_of(draft)))))
        html.append(f"<h4>{escape(draft.title)}</h4><p><small>{escape(about)}</small></p>")
        html.append(f"<p><small>{escape(prompt)}</small></p>" if prompt else "")
        html.append(html_of(draft))
    return Page("\n\n".join(text), "".join(html))


def search_sections(handbook: str, words: str) -> Words:
    """The sections (from a heading to the next) in which every word of `words` occurs, whatever its case."""
    sections = re.split(r"^(?=#{1,6} )", handbook, flags=re.MULTILINE)
    wanted = words.casefold().split()
    found = [part.strip() for part in sections if wanted and all(word in part.casefold() for word in wanted)]
    return Words("\n\n".join(found) if found else f"No section of the handbook mentions “{words}”.")


NO_ASSISTANT = "No assistant is set up here. That is fine: the lab works without it, go on to the drafts."
_ANYWAY = "The lab works without it: skip this cell, or try again in a minute."
_UNKNOWN = "The assistant does not know you. Restart your server from the hub's control panel, then try again."
_HELP = {
    "APIConnectionError": f"The assistant does not answer. {_ANYWAY}",
    "APITimeoutError": "The assistant took too long. Ask for less, or try again: others ask it too.",
    "AuthenticationError": _UNKNOWN,
    "PermissionDeniedError": _UNKNOWN,
    "NotFoundError": 'There is no such model here. Use model="assistant".',
    "RateLimitError": "The assistant is busy with others, or your share is used up. Try again in a minute.",
    "BadRequestError": "The assistant did not take this request: most often the prompt is too long. Shorten it.",
    "InternalServerError": f"The assistant has a problem. {_ANYWAY}",
    "APIError": "The answer broke off. Ask again.",
    "OpenAIError": NO_ASSISTANT,
}


_IN_ITS_WORDS = (413, 429, 502, 503)
"""What the assistant says of itself for a learner to read: too much, too many, no model."""


def assistant_help(error: BaseException) -> str:
    """What a failed call of the ``openai`` client means for a learner.

    Args:
        error: What the client raised. It is told by its name, so that the package need not be imported here; where the
            assistant itself says what is missing (it has no model yet), those are the words.
    """
    told = getattr(error, "body", None)
    code = told.get("code") if isinstance(told, dict) else None
    if isinstance(told, dict) and told.get("type") == "mondaylab" and code in _IN_ITS_WORDS:
        return str(told.get("message"))
    if code == 400:  # within a stream that had begun, where there is no status to tell
        return _HELP["BadRequestError"]
    for kind in type(error).__mro__:
        if kind.__name__ in _HELP:
            return _HELP[kind.__name__]
    return f"The assistant did not answer ({type(error).__name__}). The lab works without it: go on to the drafts."
