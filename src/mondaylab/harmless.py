"""What somebody else wrote, as HTML that does nothing: it runs no script, asks for no address and leads nowhere.

Markdown is rendered and then cleaned by an allow list, by the rules that browsers themselves parse by; what is not on
the list goes, its text stays. The result is never changed again: cleaned HTML that is edited is no longer clean.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

LONGEST = 20_000
"""Characters of one text that are rendered; a longer one is shown as it was typed."""
LARGEST_PICTURE = 8_000_000
"""Characters of base64 of one picture that is shown."""

_TAGS = {
    *("b", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li"),
    *("ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {"img": {"src", "alt"}}
_SIDES = {"left", "center", "right"}
_VALUES = {"td": {"align": _SIDES}, "th": {"align": _SIDES}}
_NOT_TEXT = {
    "script",
    "style",
    "template",
    "svg",
    "math",
    "iframe",
    "noscript",
    "object",
    "select",
    "textarea",
    "title",
}
# formats that only paint; what a browser would call an image by its name alone (SVG, HTML) has none of these beginnings
_PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
_CONTROL = re.compile(r"\x1b\[[0-9;:?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def markdown(text: str, attachments: Mapping[str, Any] | None = None, *, tags: bool = True) -> Markup:
    """Markdown, raw HTML in it included, as harmless HTML.

    Args:
        text: As it was typed. Formulas stay so.
        attachments: The cell's: name -> media type -> base64. Only pictures are shown.
        tags: Whether HTML in it is HTML, of which what is not on the list goes; otherwise it is text like the rest,
            and all of it is shown.
    """
    if len(text) > LONGEST:
        return plain(text)
    pictures = _named_pictures(attachments)
    try:
        html = _renderer(tags).render(text)
    except RecursionError:
        return plain(text)

    def filtered(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):
            return pictures.get(value) or _inline_picture(value)
        return value

    return Markup(  # noqa: S704 - cleaned here, by the list above
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            tag_attribute_values=_VALUES,
            clean_content_tags=_NOT_TEXT,
            attribute_filter=filtered,
            url_schemes={"attachment", "data"},
            link_rel=None,
        )
    )


def code(text: str) -> Markup:
    """A code cell with its words coloured; always as Python, whatever its notebook says of itself."""
    if len(text) > LONGEST:
        return plain(text)
    return Markup(highlight(without_controls(text), PythonLexer(), _formatter()))  # noqa: S704 - Pygments escapes


def plain(text: str) -> Markup:
    """Text exactly as it is, without control characters and colour codes."""
    return Markup("<pre>{}</pre>").format(without_controls(text))


def without_controls(text: str) -> str:
    """Text without the characters that do something when they are shown."""
    return _CONTROL.sub("", text)


def picture(media_type: str, data: object) -> str | None:
    """The ``data:`` address of a picture, if it is one that only paints and is not too large."""
    begins = _PICTURES.get(media_type)
    if begins is None or not isinstance(data, str) or len(data) > LARGEST_PICTURE:
        return None
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not content.startswith(begins):
        return None
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def shows_less(text: str) -> bool:
    """Whether what is shown of a Markdown text may be less than what was typed: HTML, addresses, formulas."""
    return len(text) <= LONGEST and re.search(r"[<$]|\]\s*[\[(:]", text) is not None


def _named_pictures(attachments: Mapping[str, Any] | None) -> dict[str, str]:
    """``attachment:`` address, also as Markdown writes it -> ``data:`` address."""
    found = {}
    for name, bundle in (attachments or {}).items():
        for media_type, data in (bundle if isinstance(bundle, Mapping) else {}).items():
            address = picture(media_type, data)
            if address is not None:
                found[f"attachment:{name}"] = address
                found[_renderer().normalizeLink(f"attachment:{name}")] = address
                break
    return found


def _inline_picture(address: str) -> str | None:
    found = re.fullmatch(r"data:(image/[a-z]+);base64,([A-Za-z0-9+/=%\s]+)", address)
    return picture(found[1], found[2]) if found else None


class _Still(RendererHTML):
    """Markdown whose links and pictures from elsewhere are words."""

    def link_open(self, *_: Any) -> str:
        """A link leads nowhere here."""
        return ""

    def link_close(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Where it would lead, as text behind its words, unless they are the address itself."""
        depth, start = 1, index
        while depth:
            start -= 1
            depth += {"link_close": 1, "link_open": -1}.get(tokens[start].type, 0)
        address = str(tokens[start].attrGet("href") or "")
        words = "".join(token.content for token in tokens[start + 1 : index])
        return "" if address in (words, f"mailto:{words}") else str(Markup(" <code>{}</code>").format(address))

    def image(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """A picture from elsewhere would tell elsewhere who looks at it: its words and address are shown instead."""
        address, words = str(tokens[index].attrGet("src") or ""), tokens[index].content
        if address.startswith("attachment:") or _inline_picture(address):
            return str(Markup('<img src="{}" alt="{}">').format(address, words))
        if address.lower().startswith("data:"):
            address = f"{address[:40]}…"
        return str(Markup("[picture {} <code>{}</code>]").format(words, address))

    def th_open(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Sides as an attribute: styles are not on the list."""
        side = str(tokens[index].attrGet("style") or "").removeprefix("text-align:")
        return f'<{tokens[index].tag} align="{escape(side)}">' if side else f"<{tokens[index].tag}>"

    td_open = th_open


class _Markdown(MarkdownIt):
    """Takes every address for one: none is asked, and as text any may be shown."""

    def validateLink(self, url: str) -> bool:
        return True


@lru_cache(maxsize=2)
def _renderer(tags: bool = True) -> MarkdownIt:
    renderer = _Markdown("commonmark", {"html": tags, "maxNesting": 30}, renderer_cls=_Still)
    return renderer.enable(["table", "strikethrough"])


@lru_cache(maxsize=1)
def _formatter() -> HtmlFormatter:
    return HtmlFormatter(cssclass="code")


def code_style() -> str:
    """The style sheet of `code`."""
    return str(_formatter().get_style_defs(".code"))
