"""What comes back of a call: as it came from a model of this machine, looked at piece by piece from a company's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from mondaylab.hub.models.running import Upstream
from mondaylab.hub.models.unanswered import stopped, troubled

STREAM = "text/event-stream"
FAILED = (aiohttp.ClientError, TimeoutError)
"""What a call ends with where nobody answers, or no longer."""
_LONGEST = 8 * 1024 * 1024
"""Bytes of a whole answer, or of one piece of a streamed one: more is none."""
_FIELDS = ("id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier")
"""What is passed on of a company's answer beside nothing else: an error may stand under any other name."""
_WRITTEN = ("content", "reasoning_content", "reasoning", "refusal", "tool_calls", "function_call")
_SHORTEST_KEY = 16
"""Characters of a key that is looked for in answers: a shorter one is most often a word that stands for none."""
_DONE = b"data: [DONE]\n\n"


async def whole(answer: aiohttp.ClientResponse, upstream: Upstream) -> bytes:
    """An answer that does not come in pieces, complete.

    Raises:
        Unanswered: It breaks off, has no end or, from a company's endpoint, is none.
    """
    told = bytearray()
    async for piece in pieces(answer):
        told += piece
        if len(told) > _LONGEST:
            raise stopped()
    return bytes(told) if upstream.model is None else _kept(bytes(told), upstream.key)[1].encode()


async def streamed(answer: aiohttp.ClientResponse, upstream: Upstream, limit: int) -> AsyncIterator[bytes]:
    """An answer as a stream of events, whether it comes as one or not.

    Args:
        answer: What comes.
        upstream: Where from.
        limit: Tokens at which it ends, whatever a company's endpoint makes of the limit that it was asked for.

    Raises:
        Unanswered: It breaks off or, from a company's endpoint, becomes something else.
    """
    if answer.content_type != STREAM:
        try:
            yield _event(json.dumps(_in_one(json.loads(await whole(answer, upstream)))))
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            raise stopped() from None
        yield _DONE
    elif upstream.model is None:
        async for piece in pieces(answer):
            yield piece
    else:
        async for event in _looked_at(answer, upstream.key, limit):
            yield event


async def pieces(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """What comes of an answer, as it comes; raises `Unanswered` where it breaks off."""
    try:
        async for piece in answer.content.iter_any():
            yield piece
    except FAILED:
        raise stopped() from None


async def _looked_at(answer: aiohttp.ClientResponse, key: str, limit: int) -> AsyncIterator[bytes]:
    written = 0
    async for data in _data(answer):
        if not data:
            yield b": still there\n\n"
            continue
        if data.strip() == b"[DONE]":
            break
        chunk, text = _kept(data, key)
        written += _writes(chunk)
        if written > limit:  # no piece holds less than a token
            yield _event(json.dumps(chunk | {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}))
            break
        yield _event(text)
    yield _DONE


async def _data(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The data of each event; nothing for a comment, which keeps a connection alive."""
    rest, held = b"", list[bytes]()
    async for piece in pieces(answer):
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) + sum(map(len, held)) > _LONGEST:
            raise stopped()
        for line in lines:
            name, _, value = line.rstrip(b"\r").partition(b":")
            if name == b"data":
                held.append(value.removeprefix(b" "))
            elif name == b"" and value:
                yield b""
            elif name == b"" and held:
                yield b"\n".join(held)
                held = []
    last = rest.rstrip(b"\r")
    if last.startswith(b"data:"):
        held.append(last.removeprefix(b"data:").removeprefix(b" "))
    if held:
        yield b"\n".join(held)


def _kept(told: bytes, key: str) -> tuple[dict[str, Any], str]:
    """What is passed on of a company's answer or of a piece of it, and that as text.

    Raises:
        Unanswered: It is an error, or no answer.
    """
    try:
        said = json.loads(told)
        choices = said.get("choices")
        if choices is None and said.get("object") == "chat.completion.chunk":
            choices = said["choices"] = []  # a gateway's last piece, of usage alone
        right = not said.get("error") and not any(choice.get("error") for choice in choices) and type(choices) is list
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        right = False
    if not right:
        print("assistant: the company's endpoint answered with something that is no answer", flush=True)
        raise troubled()
    kept = {name: said[name] for name in _FIELDS if name in said}
    text = json.dumps(kept)
    # one way of writing each character is left, so that the key has one too
    written = json.dumps(key)[1:-1]
    if len(key) >= _SHORTEST_KEY and written in text:
        text = text.replace(written, "[key]")
        kept = json.loads(text)
    return kept, text


def _writes(chunk: dict[str, Any]) -> bool:
    deltas = [choice.get("delta") for choice in chunk["choices"]]
    return any(isinstance(delta, dict) and any(delta.get(name) for name in _WRITTEN) for delta in deltas)


def _in_one(said: dict[str, Any]) -> dict[str, Any]:
    """A whole answer as the one chunk of a stream."""
    choices = [
        {"index": at, "delta": choice["message"], "finish_reason": choice.get("finish_reason")}
        for at, choice in enumerate(said["choices"])
    ]
    return said | {"object": "chat.completion.chunk", "choices": choices}


def _event(text: str) -> bytes:
    return f"data: {text}\n\n".encode()
