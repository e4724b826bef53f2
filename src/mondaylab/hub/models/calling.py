"""One call to what answers: passed on as it came to a model of this machine, with care to a company's endpoint."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from mondaylab.hub.models.running import Upstream

_LIMIT, _NEWER_LIMIT = "max_tokens", "max_completion_tokens"
PASSED_ON = frozenset(
    {
        *("messages", "stream", "stream_options", "stop", "seed", "temperature", "top_p", "response_format"),
        *("presence_penalty", "frequency_penalty", "reasoning_effort", "verbosity", "logprobs", "top_logprobs"),
        *("tools", "tool_choice", "parallel_tool_calls", _LIMIT),
    }
)
"""What a company's endpoint is asked of what a caller wrote: nothing that costs more than the one answer (``n``), keeps
it (``store``), searches elsewhere or is llama.cpp's own."""
_FAILED = (aiohttp.ClientError, TimeoutError)


class Unanswered(Exception):
    """There will be no answer.

    Attributes:
        status: HTTP status for the caller.
        words: Why, for a learner.
        again: Seconds after which to try again; none if that is useless.
    """

    def __init__(self, status: int, words: str, again: int | None = None) -> None:
        self.status, self.words, self.again = status, words, again
        super().__init__(words)


class Caller:
    """Calls upstreams, and remembers under which name a company's endpoint takes the limit of an answer."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._limit = _LIMIT

    async def models(self, upstream: Upstream) -> aiohttp.ClientResponse:
        """The models there; a company's endpoint is not asked, as only the one of the setting answers."""
        return await self._send("GET", upstream, "models", None)

    async def chat(self, upstream: Upstream, asked: dict[str, Any]) -> aiohttp.ClientResponse:
        """The answer as it begins to come: to be closed by whoever gets it, which ends the writing of it.

        Args:
            upstream: What is asked.
            asked: The body, with ``max_tokens`` in it.

        Raises:
            Unanswered: It does not answer or, if it is a company's, does not take the call. Its own words then stay
                with us: they may hold the key.
        """
        if upstream.model is None:
            return await self._send("POST", upstream, "chat/completions", asked)
        wanted = {name: value for name, value in asked.items() if name in PASSED_ON} | {"model": upstream.model}
        answer, told = await self._tried(upstream, wanted, self._limit)
        if answer.status in (400, 422) and self._limit == _LIMIT and _refuses_limit(told):
            again, told_again = await self._tried(upstream, wanted, _NEWER_LIMIT)
            if again.status < 300:
                self._limit = _NEWER_LIMIT
            answer, told = again, told_again
        if answer.status < 300:
            return answer
        print(f"assistant: the company's endpoint answered {answer.status}", flush=True)
        raise _refusal(answer)

    async def _tried(
        self, upstream: Upstream, wanted: dict[str, Any], limit: str
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """The answer, or a refusal that was read and closed."""
        named = {limit if name == _LIMIT else name: value for name, value in wanted.items()}
        answer = await self._send("POST", upstream, "chat/completions", named)
        if answer.status < 300:
            return answer, b""
        try:
            return answer, await answer.content.read(64 * 1024)
        except _FAILED:
            return answer, b""
        finally:
            answer.close()

    async def _send(
        self, method: str, upstream: Upstream, path: str, body: dict[str, Any] | None
    ) -> aiohttp.ClientResponse:
        try:
            return await self._session.request(
                method,
                f"{upstream.url}/{path}",
                json=body,
                headers={"Authorization": f"Bearer {upstream.key}"},
                proxy=upstream.proxy,
                allow_redirects=False,  # what is asked goes to the address that was set, and nowhere else
            )
        except _FAILED as error:
            # the kind alone: the words may hold addresses of a company's network
            print(f"assistant: no answer: {type(error).__name__}", flush=True)
            raise stopped() from None


async def pieces(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """What comes of an answer, as it comes; raises `Unanswered` where it breaks off."""
    try:
        async for piece in answer.content.iter_any():
            yield piece
    except _FAILED:
        raise stopped() from None


def stopped() -> Unanswered:
    """What answers has stopped doing so."""
    return Unanswered(502, "The assistant's model stopped answering. Try again.")


def _refuses_limit(told: bytes) -> bool:
    """Whether a refusal is about the older name of the limit: OpenAI says so in a field of its own, others in words."""
    try:
        error = json.loads(told)["error"]
        named = error.get("param")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        named = None
    return bool(named == _LIMIT or (named is None and _LIMIT.encode() in told))


def _refusal(answer: aiohttp.ClientResponse) -> Unanswered:
    match answer.status:
        case 400 | 413 | 422:
            return Unanswered(
                400, "The assistant did not take this request: most often the prompt is too long. Shorten it."
            )
        case 429:
            told = answer.headers.get("Retry-After", "")
            again = min(int(told), 600) if told.isascii() and told.isdigit() else 20
            return Unanswered(429, "The company's model has too much to do. Try again in a minute.", again=again)
        case status if status >= 500:
            return Unanswered(502, "The company's model has a problem. Try again in a minute.")
        case _:  # the address, the key or the model of the setting: nothing that a learner can mend
            return Unanswered(
                503,
                "The company's model does not take what is set up here. The lab works without it: tell who runs it.",
            )
