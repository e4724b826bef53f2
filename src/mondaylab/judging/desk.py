"""The judgement panel with the look-up under it, which *Check this* at a claim opens at the right place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from mondaylab.concepts.tables import LabTables
from mondaylab.errors import MondaylabError
from mondaylab.forms.shown import ShownForm
from mondaylab.judging.look_up import LookUp
from mondaylab.judging.panel import EMPTY_HINT, JudgementPanel
from mondaylab.judging.reading_tables import HANDBOOK, opening, reading_tables


class JudgingDesk(widgets.VBox):
    """A panel, and below it a look-up once a claim is checked.

    Args:
        form: Whose claims are judged and checked; none: nothing can be.
        tables: The lab's tables.
        handbook: Gives the company's handbook.
        user: As `JudgementPanel.user`.
        hint: As `JudgementPanel.hint`.
    """

    def __init__(
        self,
        form: ShownForm | None,
        tables: LabTables,
        handbook: Callable[[], str],
        user: str = "",
        hint: str = EMPTY_HINT,
    ) -> None:
        self.panel = JudgementPanel.of(form, user, hint, can_check=True)
        self.look_up: LookUp | None = None
        """Made when it is first opened: a panel does not wait for all tables to be read."""
        self._rows = {} if form is None else form.rows()
        self._tables, self._handbook = tables, handbook
        self._checked: str | None = None
        # JupyterLab's boxes scroll by themselves, and then nothing in them can stick to what the learner sees
        super().__init__([self.panel], layout={"overflow": "visible"})
        self.panel.on_msg(self._on_message)

    def check(self, claim_id: str) -> None:
        """Opens the look-up where a claim is checked, with no filter set; nothing here knows what is true."""
        row = self._rows[claim_id]
        if self.look_up is None:
            self.look_up = LookUp(reading_tables(self._tables, self._handbook()))
            self.look_up.add_class("mdl-look-up")
            self.look_up.back_to_claim.on_click(lambda _: self.panel.told.send({"back": self._checked}))
            self.children = (self.panel, self.look_up)
        self._checked = claim_id
        number = list(self._rows).index(claim_id) + 1
        query = opening(self.look_up.tables, self._tables.bindings, row.looks_in)
        about = f"Checking claim {number}: {row.judged_as or row.text}"
        self.look_up.open_at(query, about, found=query.table == HANDBOOK)

    def _on_message(self, _panel: Any, content: Mapping[str, Any], _buffers: Any) -> None:
        claim_id = content.get("check") if isinstance(content, Mapping) else None
        if not isinstance(claim_id, str) or claim_id not in self._rows:
            return
        try:
            self.check(claim_id)
        except MondaylabError as error:
            self.panel.told.send({"check": claim_id, "trouble": error.what})
        else:
            self.panel.told.send({"check": claim_id})
