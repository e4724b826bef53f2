"""A lab's declaration and parameters: each mistake gets one clear error."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from mondaylab.concepts.handbook import Handbook
from mondaylab.errors import NotFound, Refused
from mondaylab.forms.flaws import FlawTable
from mondaylab.labs.sources.cells import source_cells
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.labs.sources.notebook import checked_parameters, read_notebook
from mondaylab.settings import Site

ROOT = Path(__file__).resolve().parents[4]
LAB = "finance/weekly_margin_memo"


@pytest.fixture
def site(tmp_path) -> Site:
    shutil.copytree(ROOT / "labs", tmp_path / "labs")
    return Site(tmp_path, tmp_path / "var")


def edit(site: Site, old: str, new: str, name: str = "lab.toml") -> None:
    path = site.lab(LAB) / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


OLD_CAUSE = """[[claims]]
kind = "cause"
id = "memo_cause"
draft = "memo"
driver = "discount"
by = { region = "region", category = "category" }
threshold = 0.002
phrasings = [
  "The margin on {category} in {region} moved because average discounts on it {driver_direction} there.",
  "Behind the change on {category} in {region}: average discounts on it {driver_direction} there.",
]

"""


def older(text: str) -> str:
    """The lab as a release of some months ago has it: a brief that says what is stated, causes without figures."""
    text, changed = re.subn(
        r"\n\[drafts\.must_state\]\nsection = .*\nitems = \{.*\"what fell short\" = (\"\w+\") \}",
        r"must_state = \1",
        text,
    )
    assert changed == 4
    head, *claims = re.split(r"(?=^\[\[claims\]\]|^# -- tasks)", text, flags=re.MULTILINE)
    claims = [OLD_CAUSE if 'kind = "cause"' in claim else claim for claim in claims]
    assert OLD_CAUSE in claims
    return (head + "".join(claims)).replace("order line {line} ({line_product}, order {line_order})", "{line_product}")


def test_a_kept_copy_of_an_older_lab_is_read_and_what_is_edited_now_is_not(site):
    path = site.lab(LAB) / "lab.toml"
    path.write_text(older(path.read_text()))
    kept = LabDeclaration.of(site.lab(LAB), frozen=True)
    assert kept.drafts[0].must_state.items == {"what the brief says": ("memo_lowest",)}
    assert "memo_cause" not in {claim.id for claim in kept.claims} and kept.claim("answer_offer")
    with pytest.raises(Refused) as caught:
        LabDeclaration.of(site.lab(LAB))
    assert "must_state" in caught.value.what and "claim 'memo_cause'" in caught.value.what


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "Weekly', 'titel = "Weekly', "titel: Extra inputs"),
        ('measure = "net"\n', 'measure = "nett"\n', "uses measure 'nett', which is not declared"),
        ('left = "net"', 'left = "nett"', "measure 'nett' is used but not declared"),
        ('net = { kind = "aggregate", how = "sum"', 'net = { kind = "aggregate", how = "add"', "measures.net"),
        ('id = "memo_margin"', 'id = "memo_net"', "id 'memo_net' is used twice"),
        ('draft = "memo"\nmeasure', 'draft = "meno"\nmeasure', "belongs to no declared draft"),
        ('"what fell short" = "memo_lowest"', '"what fell short" = "gone"', "which does not exist"),
        ('region = "region", period', 'region = "regoin", period', "uses slot 'regoin'"),
        ('claim = "memo_margin"', 'claim = "gone"', "validator is about claim 'gone'"),
        ("minutes = 35", "minutes = ", "not TOML"),
        ('format = "chat"', 'format = "chat"\nturns = "one"', "takes turns with no other"),
    ],
)
def test_a_bad_declaration_is_refused(site, old, new, says):
    edit(site, old, new)
    with pytest.raises(Refused, match=says) as caught:
        LabDeclaration.of(site.lab(LAB))
    assert "lab.toml" in str(caught.value)


def test_turns_leave_a_form_two_drafts_and_are_written_down_only_where_they_are_said(site):
    path = site.lab(LAB) / "lab.toml"
    path.write_text(path.read_text().replace('turns = "operations"\n', ""))
    whole = LabDeclaration.of(site.lab(LAB)).model_dump(mode="json")
    assert not any("turns" in draft for draft in whole["drafts"]), "a lab of before draws what it drew"
    path.write_text(path.read_text().replace("[[drafts]]\n", '[[drafts]]\nturns = "one"\n'))
    with pytest.raises(Refused, match="a form needs at least 2 drafts, and with these turns it has 1"):
        LabDeclaration.of(site.lab(LAB))
    path.write_text(path.read_text().replace('turns = "one"\n', "", 1))
    told = LabDeclaration.of(site.lab(LAB)).model_dump(mode="json")
    assert ["turns" in draft for draft in told["drafts"]] == [False, True, True, True]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_an_editor_adds_changes_nothing(site, mark, end):
    folder = site.lab(LAB)
    declared, notebook = LabDeclaration.of(folder), read_notebook(site, LAB)
    cells = source_cells(folder / "lab.py")
    for name in ("lab.toml", "lab.py"):
        text = (folder / name).read_text("utf-8")
        (folder / name).write_bytes((mark + text.replace("\n", end)).encode())
    assert LabDeclaration.of(folder) == declared
    again = read_notebook(site, LAB)
    assert [(cell.cell_type, cell.source, cell.metadata) for cell in again.cells] == [
        (cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells
    ]
    assert again.metadata == notebook.metadata
    assert source_cells(folder / "lab.py") == cells


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('title = "Gr\u00fcn"'.encode("cp1252"), "not UTF-8 text"),
        ('title = "x"'.encode("utf-16"), "UTF-16 text"),
        (b'title = "x\0"', "control character"),
        (b"x = " + b"[" * 100_000, "nested too deeply"),
        (b"x = " + b"9" * 5000, "a number is too long"),
        (b'x = "a"\nx = "b"', "not TOML"),
    ],
)
def test_what_is_no_toml_is_refused_in_one_sentence(site, data, says):
    (site.lab(LAB) / "lab.toml").write_bytes(data)
    with pytest.raises(Refused, match=says) as caught:
        LabDeclaration.of(site.lab(LAB))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", ["# %%\n'Gr\u00fcn'".encode("cp1252"), "# %%\n1".encode("utf-16"), b"# %%\n1\0"])
def test_a_notebook_that_is_no_text_is_refused(site, data):
    (site.lab(LAB) / "lab.py").write_bytes(data)
    with pytest.raises(Refused, match=r"text"):
        read_notebook(site, LAB)


def test_a_missing_lab_is_named(site):
    with pytest.raises(NotFound, match="no such lab"):
        LabDeclaration.of(site.lab("finance/nothing"))


def test_a_cell_that_is_no_python_is_named_with_its_line(site):
    edit(site, "weekly = completed", "weekly == = completed", "lab.py")
    with pytest.raises(Refused, match=r"lab.py: cell \d+, line 2: invalid syntax"):
        read_notebook(site, LAB)


@pytest.mark.parametrize("cell", ["%%time\nx = 1", "!ls", "%matplotlib inline\nx = 1"])
def test_a_cell_with_magic_is_a_cell(site, cell):
    edit(site, "weekly = completed", f"# %%\n{cell}\n\n# %%\nweekly = completed", "lab.py")
    assert cell in [one.source for one in read_notebook(site, LAB).cells]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"quarter": "2026Q4", "region": "North"}, "unknown parameter 'region'"),
        ({}, "parameter 'quarter' is missing"),
        ({"quarter": 4}, "must be a quarter, not int"),
        ({"quarter": "2026Q5"}, "must be a quarter"),
        ({"quarter": True}, "must be a quarter, not bool"),
    ],
)
def test_a_wrong_parameter_is_refused_before_a_kernel_starts(given, says):
    with pytest.raises(Refused, match=says):
        checked_parameters(LabDeclaration.of(ROOT / "labs" / LAB), given, lab=LAB)


def test_money_is_in_the_companys_currency_wherever_it_is_shown():
    as_written = {"drafts": {"__all__": {"versions"}}}  # manuscripts keep what they say
    told = LabDeclaration.of(ROOT / "labs" / LAB, "US cents").model_dump_json(exclude=as_written)
    assert '"unit":"US cents"' in told and '"unit":"%"' in told
    assert '"unit":"money"' not in told
    assert '"unit":"money"' in LabDeclaration.of(ROOT / "labs" / LAB).model_dump_json()


def test_every_operator_of_the_lab_is_in_the_flaw_table():
    table = FlawTable.of(ROOT / "grader")
    for claim in LabDeclaration.of(ROOT / "labs" / LAB).claims:
        for operator in claim.operators:
            assert table.group_of(operator)


def test_a_flaw_kind_that_no_group_lists_is_refused(tmp_path):
    text = (ROOT / "grader" / "flaws.yaml").read_text().replace("kinds: [cause]", "kinds: [because]")
    (tmp_path / "flaws.yaml").write_text(text)
    with pytest.raises(Refused, match="'cause_other_way' has unknown kinds: because"):
        FlawTable.of(tmp_path)


def test_severity_follows_the_size_of_the_error():
    table = FlawTable.of(ROOT / "grader")
    sizes = [table.severity("wrong_period", truth=100, stated=stated) for stated in (102, 110, 150)]
    assert sizes == ["minor", "material", "critical"]


class TestHandbook:
    book = Handbook("# H\n\n## 4.1 Who\n\nAll.\n\n## 4.2 Discounts above 15 %\n\nAbove 15 % the sales lead approves.\n")

    def test_a_limit_that_stands_there_passes(self):
        self.book.check_limit("4.2", 15, "%")

    @pytest.mark.parametrize("limit", [5, 1, 150, 20])
    def test_a_limit_that_does_not_is_refused(self, limit):
        with pytest.raises(Refused, match="no longer states the limit"):
            self.book.check_limit("4.2", limit, "%")

    @pytest.mark.parametrize("former", ["until then\nit was 10 %", "until then: 10 %", "until then it was:\n10 %"])
    def test_what_held_before_is_no_limit_and_only_that_is_a_former_one(self, former):
        book = Handbook(f"## 4.2 Discounts\n\nUp to 15 % is fine. It holds since May; {former}. Ask first.\n")
        book.check_limit("4.2", 15, "%")
        book.check_former("4.2", 10, "%")
        with pytest.raises(Refused, match="no longer states the limit 10 %"):
            book.check_limit("4.2", 10, "%")
        with pytest.raises(Refused, match=r"section 4\.2 does not say that the limit was 15 % before"):
            book.check_former("4.2", 15, "%")

    def test_an_absent_section_is_absent(self):
        for choice in range(50):
            assert self.book.absent_section("4.2", choice) not in self.book.sections
