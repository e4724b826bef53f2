"""Issued forms never change, and whoever joins later gets one that is independent of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mondaylab.errors import Refused
from mondaylab.forms.keys import KeyStore
from mondaylab.labs.drawing import cohort_forms
from mondaylab.labs.drawing.form import Form, draw_form
from mondaylab.labs.drawing.issuing import Issued, issue_forms, issued_path, keys_of
from mondaylab.labs.material import Material
from mondaylab.settings import Site

QUARTER = "2026Q4"


@pytest.fixture(scope="module")
def finance(demo_site: Site) -> Material:
    return Material.open(demo_site, "finance/weekly_margin_memo", company="demo", quarter=QUARTER)


@pytest.fixture
def site(demo_site: Site, tmp_path: Path) -> Site:
    return Site(demo_site.root, tmp_path)


def issue(site: Site, material: Material, *learners: str) -> Issued:
    return issue_forms(site, material, cohort="co", learners=learners, release="r1")


def test_who_joins_later_shares_no_more_with_issued_forms_than_any_two_do(site, finance, monkeypatch):
    """The lab has two forms; the name that comes second sorts first, and alone would get the one that is taken."""
    forms: list[Form] = []

    def of_two(material: Material, secret: bytes, *, learner: str, redraw: int, **names) -> Form:
        drawn = draw_form(material, secret, learner=learner, redraw=redraw, **names)
        form = Form(drawn.shown, drawn.key, frozenset({f"week {redraw % 2}"}), frozenset({f"answer {redraw % 2}"}))
        forms.append(form)
        assert learner == "lena" or "answer 0" in names["taken"]
        return form

    monkeypatch.setattr(cohort_forms, "draw_form", of_two)
    first = issue(site, finance, "lena")
    assert first.rests["lena"].facts == {"week 0"} and first.most_shared == 0
    joined = issue(site, finance, "ada", "lena")
    assert joined.forms["lena"] == first.forms["lena"]
    assert joined.rests["ada"].facts == {"week 1"} and joined.rests["ada"].recordings == {"answer 1"}
    assert joined.most_shared == 0
    assert {form.key.learner for form in forms[1:]} == {"ada"}, "nobody's form is drawn anew"
    assert keys_of(site, "co", joined)["ada"].learner == "ada"
    with pytest.raises(Refused, match=r"gives 2 forms .* there are 3 learners"):
        issue(site, finance, "ada", "lena", "aaron")
    assert Issued.read_json(issued_path(site, "co", finance.name, QUARTER)) == joined
    assert len([*KeyStore(site).folder("co").glob("f*.json")]) == 2


def test_what_a_form_rests_on_is_written_down_in_one_order(site, finance):
    record = issue(site, finance, "lena")
    again = Issued.read_json(issued_path(site, "co", finance.name, QUARTER))
    assert again == record and again.canonical() == record.canonical()
    written = record.model_dump(mode="json")["rests"]["lena"]["facts"]
    assert written == sorted(written) and len(written) > 10


def test_nobody_joins_a_cohort_of_which_it_was_not_kept_what_its_forms_rest_on(site, finance):
    record = issue(site, finance, "lena")
    path = issued_path(site, "co", finance.name, QUARTER)
    path.write_text(record.model_copy(update={"rests": {}}).canonical())
    before = path.read_text()
    with pytest.raises(
        Refused, match=r"nobody can join it: lena\. Next: give whoever joins a cohort file of their own"
    ):
        issue(site, finance, "lena", "ada")
    assert path.read_text() == before and issue(site, finance, "lena").forms == record.forms
