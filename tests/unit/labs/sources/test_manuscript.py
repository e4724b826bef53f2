"""Manuscripts: Markdown with claims as links becomes elements with spans, and sentences can be left out."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.forms.shown import DraftPart
from mondaylab.labs.sources.manuscript import LONGEST, Manuscript, manuscripts

TEXT = """Dear Ms Novak,

before Friday, here is **where** margin stands. [The company earned {value}](total) in {week}, and [that is
{change} above](points). Most of it sits in one place: [{category} went to {value}.](level) What else? [So what.](so)

## For the meeting

- [East fell](east); ask.
- Nothing [here](here). Fine.

| Region | Net |
|---|---:|
| {north.region} | [{value}](north) |
| {south.region} | [{value}](south) |
"""


def read(text: str = TEXT) -> Manuscript:
    return Manuscript.parsed("letter", text, where="letter.md")


def shown(parts) -> str:
    """Elements as HTML without attributes, claims in brackets."""

    def one(part: DraftPart) -> str:
        if part.tag:
            return f"<{part.tag}>{''.join(map(one, part.parts))}</{part.tag}>"
        return f"[{part.text}]" if part.claim_id else part.text or ""

    return "".join(map(one, parts))


def test_markdown_becomes_elements_with_claims_in_them():
    manuscript = read()
    assert shown(manuscript.parts) == (
        "<p>Dear Ms Novak,</p>"
        "<p>before Friday, here is <strong>where</strong> margin stands. [The company earned {value}] in {week}, and "
        "[that is {change} above]. Most of it sits in one place: [{category} went to {value}.] What else? [So what.]"
        "</p><h3>For the meeting</h3><ul><li>[East fell]; ask.</li><li>Nothing [here]. Fine.</li></ul>"
        "<table><thead><tr><th>Region</th><th>Net</th></tr></thead><tbody>"
        "<tr><td>{north.region}</td><td>[{value}]</td></tr><tr><td>{south.region}</td><td>[{value}]</td></tr>"
        "</tbody></table>"
    )
    assert manuscript.claims() == ("total", "points", "level", "so", "east", "here", "north", "south")
    assert manuscript.spans()["points"] == "that is {change} above"
    assert [manuscript.line(name) for name in ("total", "east", "south")] == [3, 8, 11]
    assert {line for line, text in manuscript.connecting() if "Fine" in text} == {8}


def test_claims_of_one_sentence_or_one_row_stand_together():
    together = [sorted(claims) for claims in read().together()]
    assert together == [["points", "total"], ["level"], ["so"], ["east"], ["here"], ["north"], ["south"]]


@pytest.mark.parametrize(
    ("out", "gone", "stays"),
    [
        (["total"], "The company earned", "margin stands. Most of it sits"),
        (["level"], "Most of it", "above]. What else?"),
        (["so"], "So what", "What else?</p>"),
        (["here"], "Nothing", "<li>Fine.</li>"),
        (["east"], "ask", "<ul><li>Nothing"),
        (["east", "here"], "East fell", "<ul><li>Fine.</li></ul>"),
        (["north"], "{north.region}", "<tr><td>{south.region}"),
        (["north", "south"], "Region", "</ul>"),
    ],
)
def test_with_a_claim_goes_its_sentence_or_its_row_and_nothing_else(out, gone, stays):
    before, after = shown(read().parts), shown(read().without(frozenset(out)))
    assert gone in before and gone not in after
    assert stays in after and len(after) < len(before)
    assert "<p></p>" not in after and "<ul></ul>" not in after and " </p>" not in after


def test_where_nothing_is_left_out_nothing_changes():
    assert read().without(frozenset()) == read().parts == read().without(frozenset({"no_such"}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the manuscript is empty"),
        ("x" * (LONGEST + 1), "20,001 characters, 20,000 at the most"),
        ("![a](b.png)", "a draft cannot hold image"),
        ("    code\n", "a draft cannot hold code block"),
        ("[**bold** {value}](c)", "the span of claim 'c' holds more than words"),
        ("[](c)", "a link without words"),
        ("[words]()", "a link without words, or without a claim"),
        ("a\ue000b", "a character that no font has"),
        ("---\n\ntext", "a draft cannot hold hr"),
    ],
)
def test_what_no_draft_can_show_is_refused(text, says):
    with pytest.raises(Refused, match=re.escape(says)):
        read(text)


def test_html_is_words(tmp_path):
    assert shown(read("Hello <b>you</b> <script>alert(1)</script>").parts) == (
        "<p>Hello <b>you</b> <script>alert(1)</script></p>"
    )


words = st.text(string.ascii_letters + ",;", min_size=1, max_size=12)
sentence = st.lists(words, min_size=1, max_size=6).map(" ".join)


@given(st.lists(st.tuples(sentence, st.booleans()), min_size=1, max_size=8), st.data())
def test_the_words_that_stay_are_the_authors_own_in_their_order(sentences, data):
    told = [f"[{text}](c{n})." if claim else f"{text}." for n, (text, claim) in enumerate(sentences)]
    manuscript = read(" ".join(told))
    claims = list(manuscript.claims())
    out = frozenset(data.draw(st.lists(st.sampled_from(claims), unique=True))) if claims else frozenset()
    left = [text for n, (text, _) in enumerate(sentences) if f"c{n}" not in out]
    plain = re.sub(r"</?p>|[\[\]]", "", shown(manuscript.without(out)))
    assert plain == " ".join(f"{text}." for text in left)


def test_versions_lie_in_a_folder_of_their_draft(tmp_path):
    folder = tmp_path / "drafts" / "memo"
    folder.mkdir(parents=True)
    (folder / "b.md").write_text("[B](x).")
    (folder / "a.md").write_text("[A](x).")
    (folder / ".a.md.swp").write_text("left by an editor")
    assert [one.version for one in manuscripts(tmp_path)["memo"]] == ["a", "b"]
    assert manuscripts(tmp_path / "elsewhere") == {}
    (folder / "notes.txt").write_text("x")
    with pytest.raises(Refused, match=r"notes.txt: no manuscript. Next: drafts/<draft>/<version>.md"):
        manuscripts(tmp_path)


CODE = """
Queries for {week}.

```sql
{sales.sql}
```
[This gives {what}](sales). And [it is late](late).

```sql
{late.sql}
```
"""


def test_code_keeps_its_lines_and_goes_with_its_claim():
    manuscript = read(CODE)
    assert shown(manuscript.parts[1:2]) == "<pre>{sales.sql}</pre>"
    assert shown(read("```\nSELECT\n  1\n```\n").parts) == "<pre>SELECT\n  1</pre>"
    left = manuscript.without(frozenset({"sales"}))
    assert shown(left) == "<p>Queries for {week}.</p><p>And [it is late].</p><pre>{late.sql}</pre>"
    assert "{sales.sql}" in [text for _, text in manuscript.connecting()]


def test_what_two_answers_say_of_a_claim_goes_with_it():
    manuscript = read(
        "> It is {count.first}. They asked for {mean.first}.\n\n> - mean: {mean.second}\n> - count: {count.second}\n\n"
        "| What | A |\n|---|---|\n| Mean | {mean.first} |\n| Count | {count.first} |\n\n"
        "[A is right](count). [B is right](mean).\n"
    )
    left = shown(manuscript.without(frozenset({"mean"})))
    assert "mean." not in left and "Mean" not in left
    assert left.count("{count.first}") == 2 and "count: {count.second}" in left and "[A is right]." in left
    assert manuscript.without(frozenset()) == manuscript.parts
