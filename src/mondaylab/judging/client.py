"""The judgement service as seen from Python: a learner's kernel or a script, with their own hub token."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
from pydantic import TypeAdapter

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.forms.shown import ShownForm
from mondaylab.judging.answers import (
    Answer,
    AnswerEvent,
    CommitEvent,
    EvidenceEvent,
    FormAnswers,
    FormState,
    PromptEvent,
    Stage,
)
from mondaylab.judging.handed_in import HandIn, Noted
from mondaylab.measures import Measure

URL_VARIABLE = "MONDAYLAB_JUDGEMENT_URL"
TOKEN_VARIABLE = "JUPYTERHUB_API_TOKEN"  # noqa: S105 - the name of a variable, not a secret
SECONDS = 5.0
"""How long a call may take."""

_FORMS: TypeAdapter[list[FormState]] = TypeAdapter(list[FormState])


class ServiceAway(MondaylabError):
    """The judgement service does not answer."""


class JudgementClient:
    """Calls the judgement service in the name of one learner.

    Args:
        url: The service's address, such as ``http://127.0.0.1:8890/services/judgement``.
        token: The learner's hub token.
    """

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/",
            headers={"Authorization": f"token {token}"},
            timeout=SECONDS,
            follow_redirects=False,
            trust_env=False,  # a company's proxy settings are not for the loopback
        )

    @classmethod
    def from_environment(cls) -> JudgementClient | None:
        """The client for this learner's server; ``None`` outside the hub, such as when a lab is built."""
        url, token = os.environ.get(URL_VARIABLE), os.environ.get(TOKEN_VARIABLE)
        return cls(url, token) if url and token else None

    def forms(self) -> list[FormState]:
        """The learner's forms.

        Raises:
            ServiceAway: No answer.
            Refused, NotFound: The service said no; with its words.
        """
        return _FORMS.validate_python(self._call("GET", "forms")["forms"])

    def form(self, form_id: str) -> tuple[ShownForm, FormAnswers]:
        """A form and everything in force for it; raises as `forms`."""
        told = self._call("GET", f"forms/{quote(form_id, safe='')}")
        answers = FormAnswers.model_validate(
            {
                **told["answers"],
                "saved": told["saved"],
                "first_committed": told["committed"]["first"],
                "check_committed": told["committed"]["check"],
                "evidence": told["evidence"],
                "prompt": told.get("prompt"),
            }
        )
        return ShownForm.model_validate(told["form"]), answers

    def record(self, form_id: str, stage: Stage, claim_id: str, answer: Answer) -> str:
        """Sends an answer and returns its receipt; raises as `forms`."""
        event = AnswerEvent(event_id=uuid4(), stage=stage, claim_id=claim_id, answer=answer)
        return self._send(form_id, "events", event.model_dump(mode="json"))

    def commit(self, form_id: str, stage: Stage) -> str:
        """Hands in a stage and returns the receipt; raises as `forms`."""
        return self._send(form_id, "commit", CommitEvent(event_id=uuid4(), stage=stage).model_dump(mode="json"))

    def save_evidence(self, form_id: str, measure: Measure | None) -> str:
        """Saves the measure from the evidence builder and returns the receipt; raises as `forms`."""
        event = EvidenceEvent(event_id=uuid4(), measure=measure)
        return self._send(form_id, "evidence", event.model_dump(mode="json"))

    def save_prompt(self, form_id: str, prompt: str) -> str:
        """Saves the prompt that the notebook's check read and returns the receipt; raises as `forms`."""
        event = PromptEvent(event_id=uuid4(), prompt=prompt)
        return self._send(form_id, "prompt", event.model_dump(mode="json"))

    def note_hand_in(self, hand_in: HandIn) -> Noted:
        """Has a hand-in noted with the service's time; raises as `forms`."""
        return Noted.model_validate(self._call("POST", "hand-ins", hand_in.model_dump(mode="json")))

    def _send(self, form_id: str, what: str, body: Mapping[str, Any]) -> str:
        return str(self._call("POST", f"forms/{quote(form_id, safe='')}/{what}", body)["receipt"])

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise ServiceAway("the judgement service does not answer", fix="try again in a moment") from error
        try:
            told = response.json()
        except ValueError:
            told = None
        if not isinstance(told, dict) or response.status_code >= 500:
            raise ServiceAway(f"the judgement service answered {response.status_code}", fix="try again in a moment")
        if response.is_success:
            return told
        problem = told.get("error") or {}
        kind = NotFound if response.status_code == httpx.codes.NOT_FOUND else Refused
        raise kind(
            str(problem.get("what") or f"the service answered {response.status_code}"),
            where=problem.get("where"),
            fix=problem.get("fix"),
        )
