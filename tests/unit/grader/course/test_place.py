"""Which lab an assignment is: what was opened to the cohort says so, whatever lies in ``labs/``."""

from __future__ import annotations

import pytest

from mondaylab.errors import Refused
from mondaylab.files import write_file
from mondaylab.grader.course.place import lab_of
from mondaylab.settings import Site


@pytest.fixture
def site(tmp_path) -> Site:
    site = Site(tmp_path, tmp_path / "var")
    for lab in ("finance--memo", "people--summary"):
        write_file(site.forms / "c1" / lab / "release", "2026Q4-0")
    return site


def test_a_lab_that_is_gone_from_labs_is_still_graded(site) -> None:
    assert not (site.root / "labs").exists()
    assert lab_of(site, "c1", "memo") == "finance/memo"


def test_another_role_s_lab_of_that_name_changes_nothing(site) -> None:
    (site.root / "labs/support/memo").mkdir(parents=True)
    (site.root / "labs/support/memo/lab.toml").touch()
    assert lab_of(site, "c1", "memo") == "finance/memo"


def test_what_was_never_opened_or_opened_of_two_roles_is_refused(site) -> None:
    with pytest.raises(Refused, match="no labs named other were opened to c1"):
        lab_of(site, "c1", "other")
    with pytest.raises(Refused, match="no labs named memo were opened to c2"):
        lab_of(site, "c2", "memo")
    write_file(site.forms / "c1" / "support--memo" / "release", "2026Q4-0")
    with pytest.raises(Refused, match="2 labs named memo"):
        lab_of(site, "c1", "memo")
