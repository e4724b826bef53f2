"""Pasted pictures: kept by what they are, to a size, and never a link without one."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from mondaylab.grader.handed_in.attachments import MOST_BYTES, images, linked


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


PNG, JPEG, GIF = b"\x89PNG\r\n\x1a\n123", b"\xff\xd8\xff123", b"GIF89a123"
WEBP = b"RIFF\x00\x00\x00\x00WEBP"


@pytest.mark.parametrize(
    ("data", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (GIF, "image/gif"), (WEBP, "image/webp")]
)
def test_a_picture_is_kept_by_what_it_is(data, kind):
    text = encoded(data)
    assert images({"a.png": {"image/svg+xml": text}}) == (("a.png", kind, text),)
    assert images({"a.png": {"image/png": [text[:4], "\n", text[4:]]}}) == (("a.png", kind, text),)


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {"a": 3},
        {"a": {"image/png": "<svg onload=alert(1)>"}},
        {"a.svg": {"image/svg+xml": encoded(b"<svg onload=alert(1)>")}},
        {"a.png": {"image/png": encoded(b"<html>")}},
        {"a.png": {"image/png": "not base64!"}},
        {"a\nb.png": {"image/png": encoded(PNG)}},
        {"": {"image/png": encoded(PNG)}},
        {"a" * 300: {"image/png": encoded(PNG)}},
        {"a.png": {"image/png": encoded(PNG + bytes(MOST_BYTES))}},
    ],
)
def test_nothing_else_is(told):
    assert images(told) == ()


def test_all_together_have_a_size():
    large = encoded(PNG + bytes(MOST_BYTES - 100))
    assert len(images({f"{number}.png": {"image/png": large} for number in range(5)})) == 2


def rendered(source, bundles):
    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=bundles)).render(source)


@pytest.mark.parametrize(
    "link", ["attachment:Bild%201.png", "<attachment:Bild 1.png>", "attachment:a.png", "attachment:ü.png"]
)
def test_links_lead_to_their_picture(link):
    kept = images({name: {"image/png": encoded(PNG)} for name in ("a.png", "Bild 1.png", "ü.png", "picture-0.png")})
    source, bundles = linked(f"See ![x]({link}).", kept)
    assert "data:image/png;base64," in rendered(source, bundles)


@given(
    st.lists(
        st.sampled_from(
            [
                "![x](",
                "attachment:",
                "attachment&#58;",
                "attachment\\:",
                "attachm&#101;nt:",
                "a.png",
                "b",
                ")",
                "<",
                ">",
            ]
            + ["picture-0.png", "picture-9", "\n", '<img src="', '"/>', " ", "[r]: ", "![x][r]", "%20"]
        ),
        max_size=12,
    ).map("".join)
)
def test_no_text_breaks_the_page(text):
    for told in ({}, {"a.png": {"image/png": encoded(PNG)}, "b": {"x": encoded(GIF)}}):
        source, bundles = linked(text, images(told))
        rendered(source, bundles)
