"""Two versions: the answers of two assistants to one request, side by side, and what a third says of them."""

from __future__ import annotations

from collections.abc import Sequence

from mondaylab.forms.draft_format import DraftFormat, escaped_lines, quoted_lines
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import DraftPart, ShownDraft
from mondaylab.records import Record

_REQUEST = "What both were asked. Not AI, nothing to judge."
_ANSWERS = 2


class VersionsLayout(Record):
    """What stands over two answers and over what is said of them; the answers are the draft's first two quotes."""

    heads: tuple[str, str] = ("Answer A", "Answer B")
    """Over the answers; a draft may name the tools that gave them."""
    review: str = "What the reviewing assistant says of them"
    """Over the words below, which hold the claims."""


def _problem(parts: Sequence[DraftPart], _: VersionsLayout) -> str | None:
    answers, review = parts[:_ANSWERS], parts[_ANSWERS:]
    if not _quotes(answers):
        return "it begins with two quotes, the answers: paragraphs whose lines begin with >"
    if any(one.claim_id is not None for part in answers for one in part.walk()):
        return "a claim stands in an answer: what is judged stands below, in the words of the assistant that compares"
    if any(part.tag == "blockquote" for part in review):
        return "a third quote: the answers are two, and what is said of them is none"
    return None if review else "below the answers nothing says which of them is right"


def _arranged(draft: ShownDraft, layout: VersionsLayout) -> tuple[DraftPart, ...]:
    """The draft with its heads: each over its answer, and one over what is said of them."""
    answers, review = draft.parts[:_ANSWERS], draft.parts[_ANSWERS:]
    if not _quotes(answers):
        return draft.parts
    return (*map(_under, layout.heads, answers), _head(layout.review), *review)


def _quotes(answers: Sequence[DraftPart]) -> bool:
    return [part.tag for part in answers] == ["blockquote"] * _ANSWERS


def _under(head: str, answer: DraftPart) -> DraftPart:
    return answer.model_copy(update={"parts": (_head(head), *answer.parts)})


def _head(text: str) -> DraftPart:
    return DraftPart(tag="h4", parts=(DraftPart(text=text),))


def _html(body: str, _: VersionsLayout, draft: ShownDraft) -> str:
    asked = escaped_lines(draft.prompt or "")
    request = f'<div class="versions-asked"><p><b>{_REQUEST}</b></p><p>{asked}</p></div>' if asked else ""
    return f'{request}<div class="versions-sheet">{body}</div>'


def _text(body: str, _: VersionsLayout, draft: ShownDraft) -> str:
    return f"{_REQUEST}\n{quoted_lines(draft.prompt)}\n\n{body}" if draft.prompt else body


VERSIONS = DraftFormat(
    label="two versions",
    html=_html,
    text=_text,
    layout=VersionsLayout,
    panel=beside("versions.js"),
    style=beside("versions.css"),
    shows_prompt=True,
    arranged=_arranged,
    problem=_problem,
)
