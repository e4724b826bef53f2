"""asking.toml: every lab's own is sound, and one that names what is not there is refused with what there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.places import ROOT

from mondaylab.errors import NotFound, Refused
from mondaylab.labs.sources.asking import FILE, Asking
from mondaylab.labs.sources.declaration import LabDeclaration

LABS = sorted(path.parent for path in (ROOT / "labs").glob("*/*/lab.toml"))
FINANCE = ROOT / "labs" / "finance" / "weekly_margin_memo"


@pytest.fixture(scope="module")
def finance() -> LabDeclaration:
    return LabDeclaration.of(FINANCE, "EUR")


@pytest.mark.parametrize("folder", LABS, ids=lambda folder: folder.name)
def test_each_lab_says_what_an_assistant_is_asked(folder: Path):
    asking = Asking.of(folder, LabDeclaration.of(folder, "CHF"), "CHF")
    units = {named.display.unit for named in asking.names.values()}
    assert asking.requests and "money" not in units


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "category"', 'id = "region"', "id 'region' is used twice"),
        ('draft = "freight"', 'draft = "letter"', "is for no declared draft ('letter'"),
        ('about = ["region"]', 'about = ["regions"]', "is about 'regions', which is no slot of a field"),
        ("how {region} did in", "how {carrier} did in", "says {carrier}, which it is not about"),
        ('{ measure = "orders"', '{ measure = "earned"', "nothing says what 'earned' is called"),
        (
            'region = "region", period = "week" }, before',
            'region = "rival", period = "week" }, before',
            "cut by 'rival'",
        ),
        ('by = { region = "region", period = "week" }', 'by = { regio = "region", period = "week" }', "cut by 'regio'"),
        ('about = ["region"]', 'about = ["region", "region"]', "about 'region' twice"),
        ('{ measure = "margin", by = { period = "week" } }', '{ measure = "margin" }', "a sheet has either"),
        ("[names.units]", "[names.unit]", "names measure 'unit', which is not declared"),
        ('says = ["cancelled orders"', 'says = ["orders"', "'orders' means 'orders' already, in the same unit"),
        ('says = ["cancelled orders"', 'says = ["Cancelled orders"', "small letters"),
        ("before = true", 'before = "perhaps"', "requests.0.rows.0.before"),
        (
            '{ measure = "margin", by = { period = "week" } }',
            '{ measure = "margin", before = true }',
            "not cut by a week",
        ),
        ("[[requests]]", "[[questions]]", "questions"),
    ],
)
def test_what_it_names_must_be_there(tmp_path: Path, finance: LabDeclaration, old: str, new: str, says: str):
    text = (FINANCE / FILE).read_text()
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new, 1))
    with pytest.raises(Refused, match=r".*") as refused:
        Asking.of(tmp_path, finance, "EUR")
    assert says in str(refused.value) and FILE in str(refused.value)


def test_a_lab_without_one_is_told_what_to_write(tmp_path: Path, finance: LabDeclaration):
    with pytest.raises(NotFound, match=FILE):
        Asking.of(tmp_path, finance, "EUR")
