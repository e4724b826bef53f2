"""What a lab's notebook talks to. Imports stay thin: starting a lab loads no hub, no gradebook and no builder.

from mondaylab.judging.notebook import open_lab
lab = open_lab("finance/weekly_margin_memo", quarter="2026Q4")
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.tables import LabTables
from mondaylab.datasets.snapshot import Snapshot
from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.forms.shown import ShownForm
from mondaylab.judging import tryout
from mondaylab.judging.answers import PROMPT_LENGTH, FormAnswers
from mondaylab.judging.case_file import case_page
from mondaylab.judging.cell_runs import RUNS
from mondaylab.judging.client import JudgementClient
from mondaylab.judging.concept_words import concept_words
from mondaylab.judging.desk import JudgingDesk
from mondaylab.judging.evidence_builder import EvidenceBuilder
from mondaylab.judging.look_up import LookUp
from mondaylab.judging.page import Page, Words, assistant_help, drafts_page, search_sections
from mondaylab.judging.panel import EMPTY_HINT
from mondaylab.judging.reading_tables import reading_tables
from mondaylab.judging.warm_up import WarmUpPanel
from mondaylab.measures import Measure
from mondaylab.measures.catalog import Catalog
from mondaylab.quarter import Quarter
from mondaylab.settings import plain_name

if TYPE_CHECKING:
    from mondaylab.judging.assistant_panel import AssistantPanel
    from mondaylab.judging.prompt_check import PromptReport

DATA_VARIABLE = "MONDAYLAB_DATA"
DATA = "/srv/lab-data"
"""Where a learner's server finds the lab's tables, unless the variable says otherwise."""
_KEPT = "This text is kept. It is what is scored; if you change the prompt, run this check again."
_NOT_KEPT = (
    "Not kept: the service does not take it just now. Run this check again, or write the prompt as one plain text."
)
_IN_THE_HUB = "Open this lab in the hub: your own task stands here."


class StoredTables(Mapping[str, pd.DataFrame]):
    """A snapshot's tables by name; each is read, and checked against the manifest, when it is first used."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._snapshot.names():
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = self._snapshot.table(name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._snapshot.names())

    def __len__(self) -> int:
        return len(self._snapshot.names())


class Lab:
    """An opened lab: its data, the learner's form if the judgement service is there, and the tools to judge it."""

    def __init__(self, name: str, quarter: Quarter, snapshot: Snapshot, client: JudgementClient | None) -> None:
        self.name = name
        self.quarter = quarter
        self.snapshot = snapshot
        self.tables = LabTables(StoredTables(snapshot), Bindings.of(snapshot.folder, copied=True))
        self.form: ShownForm | None = None
        """The learner's form; ``None`` while the service is away, and when a lab is built."""
        self._answers = FormAnswers()
        self._client = client
        self._hint = EMPTY_HINT
        self._catalog: Catalog | None = None
        self._look()

    def __repr__(self) -> str:
        return f"{self.name}, {self.quarter}, data {self.snapshot.id}"

    # -- data
    @property
    def handbook(self) -> Words:
        """The company's policy handbook; shown as Markdown."""
        return Words(self.snapshot.text("handbook"))

    def find_in_handbook(self, words: str) -> Words:
        """The handbook's sections in which all of `words` occur, whatever their case."""
        return search_sections(self.handbook, words)

    def concept(self, name: str) -> pd.DataFrame:
        """The rows of one of the lab's concepts, such as ``order_line``, whatever the company's tables are called.

        `concepts` tells which there are and what their columns mean. In `evidence` and `validator` the same frame is
        ``tables.concept(name)``.
        """
        return self.tables.concept(name)

    def sql(self, query: str) -> pd.DataFrame:
        """What an SQL query gives on the lab's concepts: ``lab.sql("SELECT COUNT(*) FROM order_line")``.

        It only reads, and is refused where it gives more than 100,000 rows. In `evidence` and `validator` the same is
        ``tables.sql(query)``.
        """
        return self.tables.sql(query)

    @property
    def concepts(self) -> Words:
        """The lab's concepts and their columns in words: what each means, its unit, and where it comes from."""
        return concept_words(self.tables)

    @property
    def catalog(self) -> Catalog:
        """The tables seen as concepts (order line, net sales, region); what measures are computed on."""
        if self._catalog is None:
            self._catalog = Catalog(self.tables.bindings, self.tables)
        return self._catalog

    def look_up(self) -> LookUp:
        """Menus to read the data without code: filter, group, add up, sort, follow a row to other tables."""
        return LookUp(reading_tables(self.tables, self.handbook))

    def case(self, record_id: str) -> Page:
        """Everything the tables hold about one record, such as a return: its rows, and the rows it names by key."""
        return case_page(self.tables, record_id)

    # -- asking the assistant
    def check_prompt(self, prompt: str) -> PromptReport:
        """Checks a prompt before it is sent: task, data, limits, sources or doubts, nothing personal.

        What is read here is kept by the judgement service, so that it can be scored however the notebook came to it.

        Raises:
            Refused: It is no text.
        """
        # 50 ms of patterns to compile: not while a lab opens
        from mondaylab.judging.prompt_check import check_prompt, known_ids, known_words  # noqa: PLC0415

        prompt = _as_text(prompt)
        named = {**self.tables, **{name: self.concept(name) for name in self.tables.concepts}}
        report = check_prompt(prompt, words=known_words(named, self.quarter), ids=known_ids(self.tables))
        return report.model_copy(update={"scored": self._keep_prompt(prompt)})

    def _keep_prompt(self, prompt: str) -> str:
        """Saves what the check read, and says in words whether it is what is scored."""
        form = self._look()
        if form is None or self._client is None:
            return _NOT_KEPT if self._client is not None else ""
        if len(prompt) > PROMPT_LENGTH:
            return f"Not kept: it is longer than {PROMPT_LENGTH:,} characters, and then it earns nothing. Shorten it."
        if not prompt.strip():
            return "Not kept: it is empty."
        text = prompt.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
        if text != self._answers.prompt:
            try:
                self._client.save_prompt(form.form_id, text)
            except MondaylabError as error:
                return f"{_NOT_KEPT} ({error.what})"
            self._answers = self._answers.model_copy(update={"prompt": text})
        return _KEPT

    @property
    def fact_sheet(self) -> Words:
        """What goes with a prompt: true figures of something that no claim is about, and what the handbook asks for."""
        form = self._look()
        if form is None:
            return Words(_IN_THE_HUB)
        return Words(form.sheet.words() if form.sheet else "Your request goes to the assistant alone.")

    def ask(self, prompt: str) -> AssistantPanel:
        """Asks the assistant, and shows what is sent, how far the answer is, and the answer as it comes.

        With the prompt goes the `fact_sheet`, as a company's own tool adds what it finds. The cell returns at once, and
        the answer is written beside whatever else runs. Running the cell again stops what it had asked before. Without
        an assistant it says so; nothing fails.

        Raises:
            Refused: The prompt is no text.
        """
        # 60 ms that a lab need not wait for as it opens
        from mondaylab.judging.assistant_panel import AssistantPanel  # noqa: PLC0415

        form = self._look()
        panel = AssistantPanel(_as_text(prompt), sheet=form.sheet if form else None)
        RUNS.begin(panel)
        panel.ask()
        return panel

    # -- judging
    def warm_up(self) -> WarmUpPanel:
        """Three ungraded claims that teach the probability scale."""
        return WarmUpPanel.of(self._look())

    def judge(self) -> JudgingDesk:
        """The judgement panel, with the look-up under it. It saves from the browser, also while this kernel is busy."""
        form, user = self._look(), os.environ.get("JUPYTERHUB_USER", "")
        return JudgingDesk(form, self.tables, lambda: self.handbook, user, self._hint)

    @property
    def claims(self) -> list[dict[str, str]]:
        """All rows to judge, in reading order: ``id``, ``text`` as it is judged, and the ``draft`` they stand in."""
        form = self._look()
        return [
            {"id": row.claim_id, "text": row.judged_as or row.text, "draft": draft.title}
            for draft in (form.drafts if form else ())
            for row in draft.rows()
        ]

    def drafts(self) -> Page:
        """The drafts as plain documents, with where they came from."""
        return drafts_page(self._look())

    # -- own checks
    @property
    def evidence_task(self) -> Words:
        """The figure to compute."""
        form = self._look()
        return Words(form.evidence.text if form and form.evidence else _IN_THE_HUB)

    @property
    def validator_task(self) -> Words:
        """The claims that the checker is about."""
        form = self._look()
        return Words(form.validator.text if form and form.validator else _IN_THE_HUB)

    def evidence_builder(self) -> EvidenceBuilder:
        """Puts a measure together without code; it is saved as the learner's evidence."""
        form = self._look()
        question = form.evidence if form else None
        return EvidenceBuilder(self.catalog, self.quarter, self._answers.evidence, self._saver(), question)

    def try_evidence(self, evidence: Callable[..., Any]) -> tryout.Tried:
        """Runs the function the way the grader will, and says what comes back."""
        question = self.form.evidence if self.form else None
        return tryout.try_evidence(evidence, self.tables, question.unit if question else None)

    def try_validator(self, validator: Callable[..., Any]) -> tryout.Tried:
        """Runs the checker the way the grader will, on the form's practice claims if it has some."""
        question = self.form.validator if self.form else None
        return tryout.try_validator(validator, question.examples if question else (), self.tables)

    def assistant_help(self, error: BaseException) -> str:
        """What to do when the assistant does not answer."""
        return assistant_help(error)

    def _look(self) -> ShownForm | None:
        """The form, asked for again while it is not known."""
        if self.form is not None or self._client is None:
            return self.form
        try:
            mine = [form for form in self._client.forms() if form.lab == self.name]
            for newest in sorted(mine, key=lambda form: (not form.closed, form.attempt), reverse=True):
                form, answers = self._client.form(newest.form_id)
                if form.quarter == str(self.quarter):
                    self._adopt(form, answers)
                    return self.form
            self._hint = f"You have no form of this lab for {self.quarter}. Ask your instructor."
        except Refused:
            raise
        except MondaylabError as error:
            self._hint = f"Your drafts are not here yet: {error.what}. Run this cell again in a moment."
        return None

    def _adopt(self, form: ShownForm, answers: FormAnswers) -> None:
        if form.snapshot != self.snapshot.id:
            raise Refused(
                f"your form is about data {form.snapshot}, but here is {self.snapshot.id}",
                where=self.name,
                fix="ask your instructor: the lab was rebuilt after your form was made",
            )
        self.form, self._answers = form, answers

    def _saver(self) -> Callable[[Measure | None], str] | None:
        form, client = self.form, self._client
        if form is None or client is None:
            return None
        form_id = form.form_id

        def save(measure: Measure | None) -> str:
            receipt = client.save_evidence(form_id, measure)
            self._answers = self._answers.model_copy(update={"evidence": measure})
            return receipt

        return save


def _as_text(prompt: object) -> str:
    if not isinstance(prompt, str):
        raise Refused(f"the prompt is a {type(prompt).__name__}, not a text", fix='write it in quotes: prompt = "…"')
    return prompt


def open_lab(name: str, *, quarter: str | None = None) -> Lab:
    """Opens a lab in a notebook.

    Works without a judgement service, as when a lab is built: the data is there, the form is ``None``.

    Args:
        name: Such as ``finance/weekly_margin_memo``.
        quarter: Such as ``2026Q4``; the newest one present if left out.

    Raises:
        NotFound: The lab's data is not on this machine.
        Refused: The name or the quarter is malformed, the data was altered, or the form is about other data.
    """
    role, _, lab = name.partition("/")
    place = Path(os.environ.get(DATA_VARIABLE) or DATA) / plain_name(role) / plain_name(lab)
    present = sorted(path.name for path in place.glob("20??Q?")) if place.is_dir() else []
    wanted = str(Quarter.parse(quarter)) if quarter is not None else (present[-1] if present else None)
    if wanted is None or wanted not in present:
        build = f"mondaylab labs build {name} --quarter {wanted or 'QUARTER'}"
        raise NotFound(
            f"there is no data of {name}{f' for {wanted}' if wanted else ''} here",
            where=place,
            fix=f"here are {', '.join(present)}" if present else f"open the lab in the hub; authors build it: {build}",
        )
    return Lab(name, Quarter.parse(wanted), Snapshot.open(place / wanted), JudgementClient.from_environment())
