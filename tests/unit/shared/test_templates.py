"""Templates escape what they show, refuse what they do not know, and are none of the files that people edit."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from mondaylab.templates import templates_in

ROOT = Path(__file__).resolve().parents[3]


def test_what_is_shown_is_escaped_and_an_unknown_name_is_an_error(tmp_path):
    (tmp_path / "page.html.j2").write_text("<p>{{ words }}</p>")
    page = templates_in(tmp_path).get_template("page.html.j2")
    assert page.render(words="<script>") == "<p>&lt;script&gt;</p>"
    with pytest.raises(jinja2.UndefinedError):
        page.render(word="<script>")


def test_the_first_folder_that_has_a_name_wins(tmp_path):
    for folder, words in (("own", "own"), ("shared", "shared")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.j2").write_text(words)
    (tmp_path / "shared" / "style.j2").write_text("style")
    both = templates_in(tmp_path / "own", tmp_path / "shared")
    assert [both.get_template(name).render() for name in ("page.j2", "style.j2")] == ["own", "style"]


@pytest.mark.parametrize("folder", ["datasets", "labs", "grader", "hub_config"])
def test_no_template_is_among_what_people_edit(folder):
    assert not list((ROOT / folder).rglob("*.j2"))
