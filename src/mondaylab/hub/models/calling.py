"""One call to what answers: a model of this machine, or with more care a company's endpoint."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from mondaylab.hub.models.answering import FAILED
from mondaylab.hub.models.asking import LIMIT, of_company, of_llama
from mondaylab.hub.models.running import Upstream
from mondaylab.hub.models.unanswered import Unanswered, stopped, troubled

_NEWER_LIMIT = "max_completion_tokens"
_UNKNOWN = ("unsupported", "not supported", "unrecognized", "unknown", "not permitted", "not allowed", "extra")
"""Words of a refusal of a name, and not of its value."""


class Caller:
    """Calls upstreams, and remembers under which name a company's endpoint takes the limit of an answer."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._limit = LIMIT

    async def models(self, upstream: Upstream) -> aiohttp.ClientResponse:
        """The models there; a company's endpoint is not asked, as only the one of the setting answers."""
        return await self._send("GET", upstream, "models", None)

    async def chat(self, upstream: Upstream, asked: dict[str, Any]) -> aiohttp.ClientResponse:
        """The answer as it begins to come: to be closed by whoever gets it, which ends the writing of it.

        Args:
            upstream: What is asked.
            asked: The body, with ``max_tokens`` in it.

        Raises:
            Unanswered: Something is asked that is not passed on, or it does not answer or, if it is a company's, does
                not take the call. Its own words then stay with us: they may hold the key.
        """
        if upstream.model is None:
            return await self._send("POST", upstream, "chat/completions", of_llama(asked))
        wanted = of_company(asked, upstream.model)
        answer, told = await self._tried(upstream, wanted, self._limit)
        if answer.status in (400, 422) and self._limit == LIMIT and _refuses_limit(told):
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
        named = {limit if name == LIMIT else name: value for name, value in wanted.items()}
        answer = await self._send("POST", upstream, "chat/completions", named)
        if answer.status < 300:
            return answer, b""
        try:
            return answer, await answer.content.read(64 * 1024)
        except FAILED:
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
        except FAILED as error:
            # the kind alone: the words may hold addresses of a company's network
            print(f"assistant: no answer: {type(error).__name__}", flush=True)
            raise stopped() from None


def _refuses_limit(told: bytes) -> bool:
    """Whether a refusal is of the older name of the limit, and not of a limit's size.

    Asked by the newer name from then on, for everybody, an endpoint that ignores it would write without end.
    """
    text = told.decode(errors="replace").lower()
    try:
        error = json.loads(told)["error"]
        named, code = error.get("param"), error.get("code")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        named = code = None
    if named not in (None, LIMIT) or LIMIT not in text:
        return False
    return code == "unsupported_parameter" or any(word in text for word in _UNKNOWN)


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
            return troubled()
        case _:  # the address, the key or the model of the setting: nothing that a learner can mend
            return Unanswered(
                503,
                "The company's model does not take what is set up here. The lab works without it: tell who runs it.",
            )
