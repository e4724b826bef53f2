"""A lab opens without a service, as when it is built, and loads nothing that a learner's kernel should not have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pandas as pd
import pytest

from mondaylab.datasets.snapshot import Entry, Manifest, hash_of
from mondaylab.errors import NotFound, Refused
from mondaylab.forms.shown import ShownForm
from mondaylab.judging.answers import PROMPT_LENGTH, FormAnswers, FormState, PromptEvent
from mondaylab.judging.client import JudgementClient, ServiceAway
from mondaylab.judging.notebook import Lab, open_lab
from mondaylab.judging.panel import JudgementPanel

NAME = "finance/weekly_margin_memo"
BINDINGS = """
company: demo
currency: EUR
entities:
  order:
    table: orders
    key: order_id
    date: orders.order_date
    fields:
      net: {column: orders.net, unit: EUR}
      region: {column: orders.region}
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab's data folder as a jail sees it, without a hub around it."""
    folder = tmp_path / NAME / "2026Q4"
    (folder / "tables").mkdir(parents=True)
    (folder / "texts").mkdir()
    frame = pd.DataFrame({"order_id": ["O1", "O2"], "order_date": ["2026-10-05"] * 2, "net": [1.0, 2.0]})
    frame["region"] = "North"
    frame.to_parquet(folder / "tables" / "orders.parquet", index=False)
    (folder / "texts" / "handbook.md").write_text("# Book\n\n## 4.2 Discounts\nAsk first.\n", "utf-8")
    entries = {
        path: Entry(sha256=hash_of((folder / path).read_bytes()), rows=rows, columns=columns)
        for path, rows, columns in [
            ("tables/orders.parquet", 2, tuple(frame.columns)),
            ("texts/handbook.md", 4, ()),
        ]
    }
    (folder / "manifest.json").write_text(Manifest.of("demo", "2026Q4", "0" * 64, entries).model_dump_json())
    (folder / "bindings.yaml").write_text(BINDINGS)
    monkeypatch.setenv("MONDAYLAB_DATA", str(tmp_path))
    for name in ("MONDAYLAB_JUDGEMENT_URL", "JUPYTERHUB_API_TOKEN", "JUPYTERHUB_USER", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return folder


def test_everything_runs_without_a_service(data: Path):
    lab = open_lab(NAME, quarter="2026Q4")
    assert lab.form is None
    assert list(lab.tables) == ["orders"]
    assert len(lab.tables["orders"]) == 2
    assert lab.tables["orders"] is lab.tables["orders"]
    with pytest.raises(KeyError, match="tables here: orders"):
        lab.tables["order"]
    assert list(lab.concept("order").columns) == ["id", "day", "week", "week_start", "net", "region"]
    assert lab.concept("order").equals(lab.tables.concept("order"))
    assert "`net` | net | EUR | orders.net |" in lab.concepts
    with pytest.raises(KeyError, match="concepts here: order"):
        lab.concept("orders")
    assert "Ask first" in lab.handbook
    assert lab.handbook._repr_markdown_() == str(lab.handbook)
    assert lab.find_in_handbook("discount").startswith("## 4.2")
    assert lab.catalog.members("order", "region") == ["North"]
    asked = lab.ask("Write a memo.")
    assert asked.ended and "No assistant is set up" in asked.told.status
    with pytest.raises(Refused, match="not a text"):
        lab.ask(lab)  # type: ignore[arg-type]
    panel = lab.judge().panel
    assert (panel.form_id, panel.form) == ("", None)
    assert "in the hub" in panel.hint
    assert lab.warm_up().claims == []
    assert lab.claims == []
    assert "in the hub" in repr(lab.drafts())
    assert "in the hub" in lab.evidence_task
    assert "in the hub" in lab.validator_task
    assert lab.evidence_builder().value_now() > 0
    look_up = lab.look_up()
    assert look_up.view is not None
    assert look_up.view.matches == 2
    assert "orders (1 row)" in repr(lab.case("O1"))
    report = lab.check_prompt("Compare net sales per region from the orders of 2026Q4, as a table. Cite the rows.")
    assert report.passed == 5
    assert lab.check_prompt("").passed == 1

    def evidence(tables: object) -> float:
        raise NotImplementedError

    assert not lab.try_evidence(evidence).ok
    assert open_lab(NAME).quarter == lab.quarter
    assert lab.snapshot.id in repr(lab)


def test_what_is_not_here_is_named(data: Path):
    with pytest.raises(NotFound, match="2026Q4"):
        open_lab(NAME, quarter="2026Q3")
    with pytest.raises(NotFound):
        open_lab("finance/other")
    for name in ("../etc/passwd", "finance", "finance/..", "finance/a/b"):
        with pytest.raises((Refused, NotFound)):
            open_lab(name)
    with pytest.raises(Refused):
        open_lab(NAME, quarter="Q4")


class Told(JudgementClient):
    """A client that answers from memory."""

    def __init__(self, forms: list[ShownForm], closed: tuple[str, ...] = ()) -> None:
        self.mine = {form.form_id: form for form in forms}
        self.closed = closed
        self.away = False
        self.prompts: list[str] = []

    def forms(self) -> list[FormState]:
        if self.away:
            raise ServiceAway("the judgement service does not answer")
        return [
            FormState(
                form_id=form.form_id,
                cohort="c",
                lab=form.lab,
                title=form.title,
                attempt=form.attempt,
                first_committed=None,
                check_committed=None,
                closed=form.form_id in self.closed,
            )
            for form in self.mine.values()
        ]

    def form(self, form_id: str) -> tuple[ShownForm, FormAnswers]:
        return self.mine[form_id], FormAnswers()

    def save_prompt(self, form_id: str, prompt: str) -> str:
        if self.away:
            raise ServiceAway("the judgement service does not answer")
        self.prompts.append(PromptEvent(event_id=uuid4(), prompt=prompt).prompt)
        return form_id


def lab_with(client: Told) -> Lab:
    lab = open_lab(NAME)
    return Lab(NAME, lab.quarter, lab.snapshot, client)


def test_the_newest_open_attempt_of_this_lab_and_quarter_is_taken(data: Path, form: ShownForm):
    snapshot = open_lab(NAME).snapshot.id
    base = form.model_copy(update={"snapshot": snapshot})
    forms = [
        base.model_copy(update={"form_id": "f1", "attempt": 1}),
        base.model_copy(update={"form_id": "f2", "attempt": 2}),
        base.model_copy(update={"form_id": "f3", "attempt": 3, "quarter": "2026Q3"}),
        base.model_copy(update={"form_id": "f4", "attempt": 4, "lab": "sales/other"}),
    ]
    lab = lab_with(Told(forms))
    assert lab.form == forms[1]
    assert lab_with(Told(forms, closed=("f2",))).form == forms[0]
    assert lab.judge().panel.form_id == "f2"
    assert len(lab.warm_up().claims) == 3
    assert [claim["id"] for claim in lab.claims] == list(form.rows())
    assert lab.claims[0].keys() == {"id", "text", "draft"}
    assert lab.evidence_task == form.evidence.text  # type: ignore[union-attr]
    page = lab.drafts()
    assert "Recorded from model X on 2026-10-03, sample data" in repr(page)
    assert "because we moved to the new carrier. Nine orders" in page._repr_html_()


def test_what_the_check_of_a_prompt_read_is_kept_and_said(data: Path, form: ShownForm):
    client = Told([form.model_copy(update={"snapshot": open_lab(NAME).snapshot.id})])
    lab = lab_with(client)
    for _ in range(2):
        report = lab.check_prompt("Write the memo.")
        assert "is what is scored" in str(report) and "is what is scored" in report._repr_html_()
    assert client.prompts == ["Write the memo."], "the same again is not sent again"
    for text in ("", " ", "x" * (PROMPT_LENGTH + 1)):
        assert "Not kept" in lab.check_prompt(text).scored
    lab.check_prompt("Odd \ud800 \x00 text.")
    assert client.prompts[1:] == ["Odd ? \ufffd text."]
    client.away = True
    assert "Not kept" in lab.check_prompt("Write another memo.").scored
    client.away = False
    assert lab.check_prompt("Write another memo.").scored.startswith("This text is kept")
    with pytest.raises(Refused, match="not a text"):
        lab.check_prompt(3)  # type: ignore[arg-type]
    assert open_lab(NAME).check_prompt("Write the memo.").scored == "", "where nothing is scored"


def test_service_away_is_told_and_asked_again(data: Path, form: ShownForm):
    client = Told([form.model_copy(update={"snapshot": open_lab(NAME).snapshot.id})])
    client.away = True
    lab = lab_with(client)
    assert lab.form is None
    assert "the judgement service does not answer" in lab.judge().panel.hint
    client.away = False
    assert lab.judge().panel.form_id == form.form_id


def test_a_form_about_other_data_is_refused(data: Path, form: ShownForm):
    with pytest.raises(Refused, match="your form is about data"):
        lab_with(Told([form]))


def test_markup_in_drafts_is_escaped(data: Path, form: ShownForm):
    draft = form.drafts[0].model_copy(update={"title": "<script>", "audience": "<img>"})
    mine = form.model_copy(update={"snapshot": open_lab(NAME).snapshot.id, "drafts": (draft,)})
    html = lab_with(Told([mine])).drafts()._repr_html_()
    assert "<script>" not in html
    assert "<img>" not in html


def test_importing_it_loads_no_hub_no_gradebook_no_builder_and_nothing_of_an_assistant():
    forbidden = [
        "jupyterhub",
        "nbgrader",
        "papermill",
        "sqlalchemy",
        "starlette",
        "uvicorn",
        "nbformat",
        "jupyterlab",
        "sklearn",
        *("openai", "markdown_it", "mondaylab.harmless"),  # heavy: they come when somebody asks
    ]
    code = "import sys, mondaylab.judging.talk, mondaylab.judging.notebook\n"
    code += f"print([n for n in {forbidden} if n in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_panel_is_one_module_without_addresses():
    for text in (JudgementPanel._esm, JudgementPanel._css):
        assert "import " not in "\n".join(
            line for line in text.splitlines() if not line.lstrip().startswith(("//", "*"))
        )
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("https and localhost", "")
