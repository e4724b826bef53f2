"""What is left of a text when it is made harmless, and that honest text loses nothing."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab import harmless

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()
PARTS = [
    "<",
    ">",
    '"',
    "'",
    "script",
    "img src=x onerror=",
    "svg",
    "style",
    "a href=",
    "javascript:",
    "](",
    "![",
    "`",
    "\n",
]
TAGS = {*harmless._TAGS}


class Seen(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attributes) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name, value) for name, value in attributes}


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=6), max_size=30).map("".join))
def test_nothing_active_is_ever_left(text):
    seen = Seen(harmless.markdown(text))
    assert seen.tags <= TAGS
    assert {(tag, name) for tag, name, _ in seen.attributes} <= {("img", "alt"), ("td", "align"), ("th", "align")}


@given(st.text())
def test_plain_text_stays_as_it_is(text):
    shown = str(harmless.plain(text))
    assert re.fullmatch(r"<pre>[^<>\"']*</pre>", shown)
    assert Seen(shown).tags == {"pre"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("I check **two** things:\n\n1. margins\n2. dates", "<strong>two</strong>"),
        ("| who | when |\n|:--|--:|\n| me | daily |", '<td align="right">daily</td>'),
        ("margin < 5 % & falling", "margin &lt; 5 % &amp; falling"),
        (
            "see [the ledger](https://ledger.example/a?b=1&c=2)",
            "the ledger <code>https://ledger.example/a?b=1&amp;c=2</code>",
        ),
        ("<https://a.example>", "<p>https://a.example</p>"),
        ("![chart](https://a.example/c.png)", "[picture chart <code>https://a.example/c.png</code>]"),
        ("Überprüfung: 客户 ✓ x<sub>1</sub>", "Überprüfung: 客户 ✓ x<sub>1</sub>"),
        ("$a_1 < b_1$", "$a_1 &lt; b_1$"),
        ("```python\nx < 1\n```", "x &lt; 1"),
    ],
)
def test_honest_text_keeps_its_shape(typed, shown):
    assert shown in harmless.markdown(typed)


@pytest.mark.parametrize(
    "typed", ["![p](attachment:a%20b.png)", "![p](<attachment:a b.png>)", '<img src="attachment:a b.png">']
)
def test_a_pasted_picture_is_shown(typed):
    assert f'src="data:image/png;base64,{PNG}"' in harmless.markdown(typed, {"a b.png": {"image/png": PNG}})


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("image/svg+xml", PNG),
        ("text/html", PNG),
        ("image/png", base64.b64encode(b"<svg onload=x>").decode()),
        ("image/png", PNG + '" onerror="x'),
        ("image/png", ["x"]),
        ("image/png", "A" * (harmless.LARGEST_PICTURE + 4)),
        ("image/PNG;x", PNG),
    ],
)
def test_other_attachments_are_not(media_type, data):
    assert harmless.picture(media_type, data) is None


def test_the_page_says_where_it_shows_less():
    assert harmless.shows_less("for <region> check") and harmless.shows_less("[a](b)") and harmless.shows_less("$x$")
    assert not harmless.shows_less("plain **words**, 5 % [sic]")


def test_too_long_or_too_deep_a_text_is_shown_as_typed():
    assert harmless.markdown("a" * (harmless.LONGEST + 1)).startswith("<pre>")
    for deep in ("> " * 20_000, "*a_" * 20_000, "<b>" * 20_000, "[" * harmless.LONGEST, "- " * 20_000, "![[" * 20_000):
        assert Seen(harmless.markdown(deep)).tags <= TAGS


def test_colour_codes_and_controls_go():
    assert harmless.plain("\x1b[31mred\x1b[0m\x1b]8;;http://x\x07link\x00") == "<pre>redlink</pre>"


def test_code_is_text_whatever_it_is():
    assert Seen(harmless.code('x = "</pre><script>1</script>"')).tags <= {"div", "pre", "span"}


def test_html_that_is_to_be_text_is_all_shown() -> None:
    typed = "**A** <script>x</script> <region> <b>c</b>\n\n<style>body {}</style> ![p](https://x.example) [a](https://y.example)"
    shown = str(harmless.markdown(typed, tags=False))
    assert Seen(shown).tags <= {"p", "strong", "code"}
    for words in (
        "&lt;script&gt;x&lt;/script&gt;",
        "&lt;region&gt;",
        "&lt;b&gt;c",
        "&lt;style&gt;",
        "https://x.example",
    ):
        assert words in shown
