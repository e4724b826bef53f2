"""The judgement service as a process of its own, and who stands around it."""

from __future__ import annotations

from tests.support import judgement_service

hub = judgement_service.hub
form = judgement_service.form
running = judgement_service.running
service = judgement_service.service
registered = judgement_service.registered
lab = judgement_service.lab
