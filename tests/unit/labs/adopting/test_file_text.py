"""The file of an answer reads back as the words that came."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.labs.adopting.file_text import came, file_text, linked
from mondaylab.labs.claims.text_claim import About
from mondaylab.labs.claims.wording import Display
from mondaylab.labs.sources.adopted import AdoptedAnswer, SaidClaim, words_hash
from mondaylab.labs.sources.manuscript import Manuscript

WEEK = date(2026, 11, 16)


def answer(said: str, whole: str) -> AdoptedAnswer:
    about = About(measure="net", cut={"region": "Central"}, week=WEEK)
    claim = SaidClaim(claim="net", said=said, says="value", about=about, stated=5.0, unit="EUR")
    return AdoptedAnswer(
        model="a model",
        tool="Copilot",
        answered=date(2026, 11, 17),
        prompt="How did {region} do?",
        title="Answer on {region}",
        company="demo",
        quarter="2026Q4",
        week=WEEK,
        subject={"region": "Central"},
        states={"the week's total": ("net",)},
        given=(about,),
        displays={"net": Display(unit="EUR")},
        claims=(claim,),
        varies=False,
        sha256=came(whole),
    )


def test_figures_and_words_come_back_as_they_were():
    whole = "In week 47, Central's net sales came to €5 [sic]. Nothing else."
    told = answer("net sales came to €5 [sic]", whole)
    own = [{"kind": "figure", "id": "net", "measure": "net", "by": {"region": "region"}, "operators": ["wrong_filter"]}]
    span = linked("net sales came to {value} [sic]", "net")
    text = file_text(told, own, f"In {{week}}, {{region}}'s {span}. Nothing else.")
    read = Manuscript.parsed("one", text, where="one.md")
    assert read.answer == told.renamed({"net": "one_net"})
    assert read.templates == ({**own[0], "id": "one_net"},)
    assert read.spans() == {"one_net": "net sales came to {value} [sic]"}
    assert words_hash(read.as_it_came()) == told.sha256 == words_hash(whole)


def test_lists_and_emphasis_are_as_markdown_shows_them():
    assert came("Two things:\n- **Net sales** rose.\n- Margin fell.\nThat is all.") == words_hash(
        "Two things: Net sales rose. Margin fell. That is all."
    )


@pytest.mark.parametrize("text", ["See [the sheet](https://x.example).", "![chart](x.png)", "***", "[note]: yes"])
def test_what_no_draft_can_show_is_refused(text):
    with pytest.raises(Refused):
        came(text)


@given(st.lists(st.text(alphabet="abcdefg ,.€%19", min_size=1).filter(str.strip), min_size=1, max_size=4))
def test_plain_lines_keep_every_word(lines):
    text = "\n".join(f"x {line}" for line in lines)
    assert came(text) == words_hash(text)
