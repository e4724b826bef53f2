"""The same real course, and the same real judgement service, as the integration tests use."""

from __future__ import annotations

from tests.support import course, judgement_service

template = course.template
box = course.box
own_box = course.own_box
right_evidence = course.right_evidence
right_validator = course.right_validator
hub = judgement_service.hub
