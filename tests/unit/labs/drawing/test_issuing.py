"""Which labs were opened to a cohort, by the names of its folders."""

from __future__ import annotations

import pytest

from mondaylab.labs.drawing.issuing import issued_path, opened_labs
from mondaylab.settings import Site


@pytest.mark.parametrize("lab", ["finance/memo", "sales--north/memo", "finance/memo--short", "a--b/c--d"])
def test_a_lab_is_found_whose_names_have_dashes(tmp_path, lab) -> None:
    site = Site(tmp_path, tmp_path)
    folder = issued_path(site, "c1", lab, "2026Q4").parent
    folder.mkdir(parents=True)
    (folder / "release").write_text("r1")
    (site.releases / lab / "r1").mkdir(parents=True)
    assert opened_labs(site, "c1") == [lab]
