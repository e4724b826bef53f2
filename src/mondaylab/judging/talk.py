"""One request to the assistant, streamed in a thread of its own, so that the kernel stays free; stopped at once."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from mondaylab.loopback import is_loopback

URL_VARIABLE, KEY_VARIABLE = "OPENAI_BASE_URL", "OPENAI_API_KEY"
"""What the hub sets, and the ``openai`` client reads."""
ANSWER_TOKENS = 600
"""Most tokens of an answer, some 400 words: a small model often does not end by itself, and others wait."""
_TICK = 0.15
"""Seconds between two looks at an answer that is being written."""
_CONNECT, _SILENCE = 10.0, 180.0
"""Seconds: to be let in, and without a word; the assistant says something to whoever waits."""

Phase = Literal["nobody", "asking", "waiting", "thinking", "done", "stopped", "failed"]
ENDED: tuple[Phase, ...] = ("nobody", "done", "stopped", "failed")


@dataclass(frozen=True)
class Heard:
    """What is known of an answer so far.

    Attributes:
        phase: How far it is; ``nobody`` where no assistant is set up.
        text: What was written, as it came.
        before: How many answers have to end before this one begins.
        model: What writes, as it calls itself.
        cut: Whether the answer ended at its limit.
        seconds: Since it was asked for or, while it is written, since its first word.
        error: Why there is none, or no more of it.
    """

    phase: Phase = "asking"
    text: str = ""
    before: int = 0
    model: str = ""
    cut: bool = False
    seconds: float = 0.0
    error: BaseException | None = None

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self.text.split())


class Talk:
    """Asks in the background and tells what is heard, until the answer ends or `stop` is called.

    Args:
        messages: What is sent.
        tell: Called from the background thread with each change, not more than some seven times a second; at the end
            once with a phase of `ENDED`, and then never again.
        environment: Where the assistant is, and the key to it.
    """

    def __init__(
        self,
        messages: list[dict[str, str]],
        tell: Callable[[Heard], None],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._messages, self._tell = messages, tell
        self._url = environment.get(URL_VARIABLE, "").strip()
        self._key = environment.get(KEY_VARIABLE, "").strip()
        self.heard = Heard()
        self._asked = self._began = time.monotonic()
        self._lock = threading.RLock()  # a widget that is thrown away stops it, in whichever thread that comes to pass
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="ask-assistant", daemon=True)

    def start(self) -> None:
        """Begins. Where no assistant is named, that is all that is told: nobody else is asked in its place."""
        if not (self._url and self._key):
            self._note(phase="nobody")
            return
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.heard.phase in ENDED

    def stop(self) -> None:
        """Ends the answer: its connection is closed, and the assistant stops writing it. Waits for nothing."""
        with self._lock:
            self._stopping = True
            if self._loop is not None and self._work is not None:
                self._loop.call_soon_threadsafe(self._work.cancel)

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until the answer has ended; whether it has."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return self.ended

    # -- in the background
    def _run(self) -> None:
        try:
            asyncio.run(self._working())
        except asyncio.CancelledError:
            self._note(phase="stopped", seconds=self._since(self._asked))
        except Exception as error:
            self._note(phase="failed", error=error, seconds=self._since(self._asked))

    async def _working(self) -> None:
        try:
            with self._lock:
                self._loop, self._work = asyncio.get_running_loop(), asyncio.current_task()
            if not self._stopping:
                await self._listen()
            else:
                raise asyncio.CancelledError
        finally:
            with self._lock:
                self._loop = None

    async def _listen(self) -> None:
        # half a second of imports: not while a lab opens
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout  # noqa: PLC0415

        # the hub's assistant is on this machine: never through a proxy that somebody set for themselves
        plain = DefaultAsyncHttpxClient(trust_env=not is_loopback(self._url))
        timeout = Timeout(_SILENCE, connect=_CONNECT)
        async with AsyncOpenAI(
            base_url=self._url, api_key=self._key, timeout=timeout, max_retries=0, http_client=plain
        ) as client:
            messages: Any = self._messages  # as the client's own types name each role
            stream = await client.chat.completions.create(
                model="assistant", messages=messages, max_tokens=ANSWER_TOKENS, stream=True
            )
            parts: list[str] = []
            cut, looked = False, 0.0
            async for piece in stream:
                if self._placed(piece):
                    continue
                for choice in piece.choices[:1]:
                    if choice.delta.content:
                        if not parts:
                            self._began = time.monotonic()
                        parts.append(choice.delta.content)
                    cut = cut or choice.finish_reason == "length"
                now = time.monotonic()
                if now - looked >= _TICK:
                    looked = now
                    self._note(
                        phase="thinking",
                        text="".join(parts),
                        model=str(piece.model or "")[:100],
                        seconds=self._since(self._began),
                        before=0,
                    )
        # not while the client still closes: what stops it then would be told after the end
        self._note(phase="done", text="".join(parts), cut=cut, seconds=self._since(self._asked))

    def _placed(self, piece: Any) -> bool:
        """Takes note of a place in the queue, where a piece tells one."""
        told = getattr(piece, "mondaylab", None)
        if not isinstance(told, dict) or not isinstance(told.get("before"), int):
            return False
        before = told["before"]
        self._note(phase="waiting" if before else "thinking", before=before)
        if not before:
            self._began = time.monotonic()
        return True

    @staticmethod
    def _since(moment: float) -> float:
        return time.monotonic() - moment

    def _note(self, **changed: Any) -> None:
        if self.ended:
            return
        self.heard = replace(self.heard, **changed)
        self._tell(self.heard)
