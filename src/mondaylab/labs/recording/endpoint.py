"""Asking a model: any OpenAI-compatible endpoint, through the `openai` package."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from mondaylab.errors import Refused
from mondaylab.labs.recorded.answers import TEMPERATURE, TEXT_LIMIT, Answer, AskedText, Finish
from mondaylab.loopback import is_loopback

Failure = Literal["timeout", "rate_limited", "endpoint", "empty"]
FAILURES: dict[Failure, str] = {
    "timeout": "the model did not answer in time",
    "rate_limited": "the endpoint asks to be called less often, or the budget is spent",
    "endpoint": "the endpoint failed",
    "empty": "the answer holds no text",
}
"""What can go wrong with a call that may go well another time; nothing is kept of it."""
TEXT_TOKENS = 220
"""Most tokens of an answer: a paragraph, of which small models often find no end."""
_LLAMA = {"cache_prompt": False, "repeat_penalty": 1.1}
"""What llama.cpp is told beside, or a small model says the same sentence again and again."""
_LIMIT, _NEWER_LIMIT = "max_tokens", "max_completion_tokens"
_SENT = (_LIMIT, _NEWER_LIMIT, "temperature", "seed", "messages", "model", "cache_prompt")


LINE_TOKENS = 8
"""Most tokens of a number."""


@dataclass(frozen=True)
class Line:
    """A short answer.

    Attributes:
        text: As it came.
        model: The name that the server gave.
        recorded: UTC date, ISO.
    """

    text: str
    model: str
    recorded: str


class CallFailed(Exception):
    """A call failed in a way that may pass.

    Attributes:
        code: Which way.
    """

    def __init__(self, code: Failure) -> None:
        self.code = code
        super().__init__(FAILURES[code])


@dataclass(frozen=True)
class Endpoint:
    """Where a model answers.

    Attributes:
        base_url: With its ``/v1``.
        key: Sent as bearer token, never kept or shown.
        timeout: Seconds for one call.
        retries: How often the client itself tries again after 429, 5xx or a lost connection.
        local: Ask llama.cpp not to reuse its prompt cache: only then is its answer the same each time.
    """

    base_url: str
    key: str
    timeout: float = 120.0
    retries: int = 1
    local: bool = False
    _learnt: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What its refusals told: under which name it takes the limit of an answer."""

    @classmethod
    def of(cls, base_url: str | None, environment: Mapping[str, str] = os.environ, **options: Any) -> Endpoint:
        """The endpoint that a person or the environment names.

        Raises:
            Refused: It or its key is not set. There is no default: a company's figures go nowhere by accident.
        """
        url = (base_url or environment.get("OPENAI_BASE_URL", "")).strip()
        key = environment.get("OPENAI_API_KEY", "").strip()
        if not url:
            raise Refused(
                "no endpoint to ask", fix="give --base-url, or set OPENAI_BASE_URL, such as http://127.0.0.1:8080/v1"
            )
        if not url.startswith(("http://", "https://")):
            raise Refused("the endpoint's address must start with http:// or https://", where=url)
        if not key:
            raise Refused(
                "no key for the endpoint",
                where=url,
                fix="set OPENAI_API_KEY; any word will do if the endpoint wants none",
            )
        return cls(url.rstrip("/"), key, **options)

    def only_model(self) -> str:
        """The model's name, if the endpoint serves exactly one.

        Raises:
            Refused: It serves none or several, or does not say.
        """
        import openai  # noqa: PLC0415  late: half a second that replaying need not wait for

        try:
            names = [str(model.id) for model in self._client().models.list().data]
        except openai.OpenAIError as error:
            raise _no_use(error, self.base_url) from None
        if len(names) != 1:
            raise Refused(f"the endpoint serves {len(names)} models", where=self.base_url, fix="name one with --model")
        return str(names[0])

    def ask_text(self, asked: AskedText, model: str) -> Answer:
        """One call for a text, in the model's own words.

        Raises:
            CallFailed: No answer came; another try may go well.
            Refused: The endpoint will not answer such a call at all: wrong address, key, model or parameter.
        """
        sent = {"messages": list(asked.messages), "temperature": TEMPERATURE, "seed": asked.number}
        began = time.monotonic()
        answer = self._called(sent, model, TEXT_TOKENS)
        return Answer(asked=asked, **_kept(answer, model, time.monotonic() - began))

    def ask_line(self, messages: list[dict[str, str]], model: str) -> Line:
        """One call for a few words, the likeliest ones; raises as `ask_text`."""
        kept = _kept(
            self._called({"messages": messages, "temperature": 0.0, "seed": 1}, model, LINE_TOKENS), model, 0.0
        )
        return Line(kept["text"], kept["model"], kept["recorded"])

    def _called(self, sent: dict[str, Any], model: str, limit: int) -> Any:
        import openai  # noqa: PLC0415

        try:
            return self._answered(sent, model, limit)
        except openai.APITimeoutError:
            raise CallFailed("timeout") from None
        except openai.RateLimitError:
            raise CallFailed("rate_limited") from None
        except openai.InternalServerError:
            raise CallFailed("endpoint") from None
        except openai.OpenAIError as error:
            raise _no_use(error, self.base_url) from None
        except ValueError:  # a body that is not JSON
            raise CallFailed("endpoint") from None

    def _answered(self, sent: dict[str, Any], model: str, limit: int) -> Any:
        """Asks; where the limit's old name is refused, once more with the name that newer models have for it."""
        import openai  # noqa: PLC0415

        extra = {"extra_body": _LLAMA} if self.local else {}
        name = self._learnt.get(_LIMIT, _LIMIT)
        call = self._client().chat.completions.create
        try:
            return call(model=model, **sent, **{name: limit}, **extra)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            if name != _LIMIT or _refused_parameter(error) != _LIMIT:
                raise
            refusal = error
        try:
            answer = call(model=model, **sent, **{_NEWER_LIMIT: limit}, **extra)
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            raise refusal from None  # it was not the name
        self._learnt[_LIMIT] = _NEWER_LIMIT
        return answer

    def _client(self) -> Any:
        import openai  # noqa: PLC0415

        options: dict[str, Any] = {"timeout": self.timeout, "max_retries": self.retries}
        try:
            if is_loopback(self.base_url):
                options["http_client"] = openai.DefaultHttpxClient(trust_env=False)
            return openai.OpenAI(base_url=self.base_url, api_key=self.key, **options)
        except (ImportError, ValueError):
            raise Refused(
                "the proxy that the environment names cannot be used",
                where=self.base_url,
                fix="set HTTPS_PROXY and ALL_PROXY to an http:// address, or NO_PROXY to the endpoint's host",
            ) from None


def _kept(answer: Any, model: str, seconds: float) -> dict[str, Any]:
    """What is kept of an answer; the server's types are only promised, so they are looked at."""
    choices = getattr(answer, "choices", None)
    if not choices:
        raise CallFailed("empty")
    said, usage = choices[0].message, getattr(answer, "usage", None)
    refused = getattr(said, "refusal", None)
    text = refused or said.content or ""
    reason = choices[0].finish_reason
    finish: Finish = "refusal" if refused else reason if reason in ("length", "content_filter") else "stop"
    if not text and finish == "stop":
        raise CallFailed("empty")
    return {
        "model_asked": model,
        "model": str(answer.model or model)[:200],
        "recorded": datetime.now(UTC).date().isoformat(),
        "finish": finish,
        "text": str(text)[:TEXT_LIMIT],
        "tokens_in": getattr(usage, "prompt_tokens", None),
        "tokens_out": getattr(usage, "completion_tokens", None),
        "seconds": round(seconds, 3),
    }


def _no_use(error: Exception, where: str) -> Refused:
    """Words for an error that another try will not mend. The server's own words may hold the key: not repeated."""
    status = getattr(error, "status_code", None)
    if status is None:
        return Refused("the endpoint does not answer", where=where, fix="is it running, and is the address right?")
    refused = _refused_parameter(error)
    if refused is not None:
        return Refused(
            f"the endpoint answered {status}: it refuses the parameter {refused}",
            where=where,
            fix="name another model with --model, or ask who runs the endpoint",
        )
    fixes = {
        400: "is the model's name right, and does it take so long a prompt?",
        401: "set OPENAI_API_KEY to a key that it takes",
        403: "the key may not use this model",
        404: "look at the address (does it end in /v1?) and at --model",
    }
    return Refused(f"the endpoint answered {status}", where=where, fix=fixes.get(status, "ask who runs it"))


def _refused_parameter(error: Any) -> str | None:
    """Which parameter an endpoint refuses, as far as it says so: OpenAI in a field of its own, others in words.

    Only a name that we sent ourselves is ever given.
    """
    if getattr(error, "status_code", None) not in (400, 422):
        return None
    named = getattr(error, "param", None)
    if named is None and _LIMIT in str(error):
        return _LIMIT
    return next((name for name in _SENT if name == named), None)
