"""What a panel's page is told comes by a model without a script, never by the panel's own, which may not hear it."""

from __future__ import annotations

from typing import Any

import anywidget
import pytest
from tests.support import answering as support

from mondaylab.concepts.bindings import Bindings
from mondaylab.concepts.tables import LabTables
from mondaylab.forms.shown import ShownForm
from mondaylab.judging.assistant_panel import AssistantPanel
from mondaylab.judging.desk import JudgingDesk

real_server = support.real_server
answering = support.answering


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What panels are sent by their own models after they were made."""
    sent: list[Any] = []

    def send(panel: anywidget.AnyWidget, message: Any, buffers: Any = None) -> None:
        if panel.comm is not None:  # before, it is not there yet: what it has then goes out with it
            sent.append(message)

    monkeypatch.setattr(anywidget.AnyWidget, "_send", send)
    return sent


def test_an_answer_is_told_by_a_model_of_its_own(answering, lost: list[Any]) -> None:
    panel = AssistantPanel("Write.", answering.environment)
    panel.ask()
    assert panel.wait(60) and "Hello Lena." in panel.told.answer
    panel._on_message(panel, {"do": "again"}, [])
    assert panel.wait(60)
    assert lost == []


def test_a_desk_makes_its_panel_whole_and_answers_it_by_another_model(form: ShownForm, lost: list[Any]) -> None:
    tables = LabTables({}, Bindings.model_validate({"company": "demo", "currency": "EUR", "entities": {}}))
    desk = JudgingDesk(form, tables, lambda: "no headings", user="lena", hint="Wait.")
    assert (desk.panel.user, desk.panel.hint, desk.panel.can_check) == ("lena", "Wait.", True)
    told: list[Any] = []
    desk.panel.told.send = lambda content, buffers=None: told.append(content)
    desk.panel._handle_custom_msg({"check": next(iter(form.rows()))}, [])
    assert len(told) == 1 and lost == []


def test_a_page_finds_the_model_by_its_name(form: ShownForm) -> None:
    panel = AssistantPanel("Write.", {})
    state = panel.get_state()
    assert state["told"] == f"IPY_MODEL_{panel.told.model_id}"
    plain = panel.told.get_state()
    assert (plain["_model_module"], plain["_model_name"]) == ("@jupyter-widgets/base", "WidgetModel")
    assert plain["messages"] == [{"role": "user", "content": "Write."}]
