"""One learner's form by hand: three drafts, sixteen claims, three "nothing is missing" rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from mondaylab.forms.shown import ShownForm
from mondaylab.judging.answers import Answer, AnswerEvent, CommitEvent, Stage
from mondaylab.judging.store import JudgementStore

COHORT = "finance-demo"
Fill = Callable[[JudgementStore, ShownForm, str, Stage], None]


@pytest.fixture(scope="session")
def form() -> ShownForm:
    return ShownForm.read_json(Path(__file__).parents[1] / "unit" / "judging" / "form.json")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'hub' / 'judgements.sqlite'}"


@pytest.fixture
def store(url: str, form: ShownForm) -> JudgementStore:
    made = JudgementStore(url)
    made.register(form, COHORT, "ann")
    return made


@pytest.fixture
def fill() -> Fill:
    """Answers every row of a stage and hands it in."""

    def every_row(store: JudgementStore, form: ShownForm, learner: str, stage: Stage) -> None:
        for claim_id in form.rows():
            answer = Answer(p=20, action="use")
            store.record(
                form.form_id, learner, AnswerEvent(event_id=uuid4(), stage=stage, claim_id=claim_id, answer=answer)
            )
        store.commit(form.form_id, learner, CommitEvent(event_id=uuid4(), stage=stage))

    return every_row
