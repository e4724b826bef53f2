"""The judgement service as a process of its own, who stands around it, and the panel in a browser."""

from __future__ import annotations

from tests.support import judgement_service, open_panel

hub = judgement_service.hub
form = judgement_service.form
running = judgement_service.running
service = judgement_service.service
registered = judgement_service.registered
lab = judgement_service.lab

mine = open_panel.mine
store = open_panel.store
problems = open_panel.problems
opened = open_panel.opened
in_forms = open_panel.in_forms
