"""Formats of drafts: the memo as it always was, others by their own layout, and nothing active in them."""

from __future__ import annotations

import pytest

from mondaylab.errors import NotFound
from mondaylab.forms import formats
from mondaylab.forms.formats import DraftFormat, html_of, layout_problem, panel_scripts, stands_apart, text_of
from mondaylab.forms.shown import DraftPart, Provenance, ShownClaim, ShownDraft
from mondaylab.records import Record


class Heads(Record):
    head: str


LIST = DraftFormat(
    label="list",
    html=lambda pieces, layout: (
        f"<ul class='list' onclick='x()'><script>x()</script>{layout.head}"
        + "".join(f"<li>{piece.html}</li>" for piece in pieces)
        + "</ul>"
    ),
    text=lambda pieces, layout: "\n".join([layout.head, *(f"- {piece.text}" for piece in pieces)]),
    layout=Heads,
    panel="LAYOUTS.list = () => [];",
    style=".list { margin: 0 }",
)


@pytest.fixture(autouse=True)
def added(monkeypatch):
    monkeypatch.setattr(formats, "_added", lambda: {"list": LIST})


def draft(**more) -> ShownDraft:
    told = {
        "draft_id": "d",
        "title": "T",
        "audience": "A",
        "provenance": Provenance(source="simulated"),
        "parts": (DraftPart(text="Hello <b>."), DraftPart(claim_id="c1")),
        "claims": (ShownClaim(claim_id="c1", text="Sales rose & fell."),),
        "missing": ShownClaim(claim_id="m", text="Nothing."),
    }
    return ShownDraft(**told, **more)


def test_a_memo_is_written_down_and_shown_as_it_always_was():
    memo = draft()
    assert not {"format", "layout"} & set(memo.model_dump(mode="json")) and "format" not in memo.canonical()
    assert ShownDraft.model_validate_json(memo.canonical()) == memo
    assert html_of(memo) == "<p>Hello &lt;b&gt;. Sales rose &amp; fell.</p>"
    assert text_of(memo) == "Hello <b>. Sales rose & fell."
    assert not stands_apart(memo) and panel_scripts([memo]) == ("", "")


def test_another_format_keeps_its_layout_and_only_plain_elements():
    listed = draft(format="list", layout={"head": "Three things"})
    assert ShownDraft.model_validate_json(listed.canonical()) == listed
    assert html_of(listed) == (
        "<style>.list { margin: 0 }</style>"
        '<ul class="list">Three things<li>Hello &lt;b&gt;.</li><li>Sales rose &amp; fell.</li></ul>'
    )
    assert text_of(listed).splitlines() == ["Three things", "- Hello <b>.", "- Sales rose & fell."]
    assert stands_apart(listed) and panel_scripts([draft(), listed]) == (LIST.panel, LIST.style)


def test_what_no_format_or_layout_is_is_named():
    assert layout_problem(draft()) is None and layout_problem(draft(format="list", layout={"head": "x"})) is None
    assert layout_problem(draft(format="list")) == "layout: head: Field required"
    assert layout_problem(draft(layout={"head": "x"})) == "layout: head: Extra inputs are not permitted"
    assert layout_problem(draft(format="slide")) == "no format 'slide' of drafts (there are: memo, list)"
    with pytest.raises(NotFound, match="no format 'slide'"):
        html_of(draft(format="slide"))
