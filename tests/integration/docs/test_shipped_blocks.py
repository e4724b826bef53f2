"""What the pages show of a shipped lab stands in it, word by word."""

from __future__ import annotations

import re

from tests.support.places import ROOT

LAB = ROOT / "labs" / "support" / "refund_reply"
PAGE = ROOT / "docs" / "howto" / "write_a_lab.md"


def test_what_the_page_shows_of_two_answers_is_the_support_labs():
    blocks = [one for one in re.findall(r"```text\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL) if "versions_" in one]
    declared = (LAB / "lab.toml").read_text("utf-8")
    written = (LAB / "drafts" / "versions" / "plain.md").read_text("utf-8").splitlines()
    assert len(blocks) == 3
    for block in blocks:
        if block.startswith("[[claims]]"):
            assert block in declared
        else:
            assert set(filter(None, block.splitlines())) <= set(written)
