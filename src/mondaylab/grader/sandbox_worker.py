"""Runs inside the sandbox: a warm pandas process that forks once for every call of learner code.

This file is executed by path, with nothing of mondaylab beside it. It speaks with the host over its own stdin and
stdout in frames: a JSON header on one line, followed by as many raw bytes as the header announces.

    host -> worker   {"do": "tables", "parts": [{"name": str, "concept": bool, "bytes": int}, ...]}  + Arrow IPC streams
                     {"do": "call", "bytes": int}  + JSON {"source", "function", "claims": list or null, "limits"}
    worker -> host   {"code": null | "timeout" | "memory" | "died", "raw": text that the child wrote}

The forked child is not trusted: whatever it writes is passed on as text, and the host checks it. It holds no
descriptor but its own result pipe, its parent cannot be traced, and everything it leaves behind is killed after
every call.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import math
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import IO, Any

RESULT_LIMIT = 512 * 1024  # bytes a child may write before it is cut off
ID_LIMIT = 64  # characters of one claim id
_PR_SET_DUMPABLE = 4
_POLL_SECONDS = 0.05


class Tables(dict[str, Any]):
    """What learner code gets as `tables`: a dict of tables that gives concepts too, as in the notebook."""

    def __init__(self, tables: dict[str, Any], concepts: dict[str, Any]) -> None:
        super().__init__(tables)
        self._concepts = concepts

    @property
    def concepts(self) -> tuple[str, ...]:
        """Names for `concept`."""
        return tuple(self._concepts)

    def concept(self, name: str) -> Any:
        """The concept's rows, a frame of its own each time."""
        return self._concepts[name].copy(deep=False)


def main() -> None:
    """Serves frames until the host closes the pipe."""
    sys.path[:0] = sys.argv[1:]
    import pandas as pd  # noqa: PLC0415 - found only now that the path is set
    import pyarrow as pa  # noqa: PLC0415 - likewise

    pa.set_cpu_count(1)
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    pd.DataFrame({"a": ["x", "y"], "b": [1.0, 2.0]}).groupby("a")["b"].sum()  # first use of pandas is slow: do it here
    tables = Tables({}, {})
    _answer(answers, {"ready": True})
    while header := requests.readline():
        frame = json.loads(header)
        if frame["do"] == "tables":
            tables = Tables({}, {})  # lets go of the old ones before the new ones come
            gc.collect()
            named: dict[bool, dict[str, Any]] = {False: {}, True: {}}
            for part in frame["parts"]:
                stream = pa.ipc.open_stream(pa.py_buffer(requests.read(part["bytes"])))
                named[part["concept"]][part["name"]] = stream.read_all().to_pandas(use_threads=False)
            tables = Tables(named[False], named[True])
            del named
        else:
            call = json.loads(requests.read(frame["bytes"]))
            _answer(answers, _call(call, tables, requests.fileno()))


def _answer(answers: IO[bytes], data: dict[str, Any]) -> None:
    answers.write(json.dumps(data).encode() + b"\n")
    answers.flush()


def _call(call: dict[str, Any], tables: Tables, host: int) -> dict[str, Any]:
    """Forks, lets the child run the learner's function, and reads what it wrote until the deadline."""
    limits = call["limits"]
    reader, writer = os.pipe()
    base = _resident(os.getpid())
    gc.freeze()
    child = os.fork()
    if child == 0:
        _child(call, tables, writer)
    os.close(writer)
    code, raw = _collect(reader, host, base, limits)
    os.close(reader)
    # kills every process of this namespace but us: nothing of one call lives to see the next
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    return {"code": code, "raw": raw.decode("utf-8", "replace")}


def _collect(reader: int, host: int, base: int, limits: dict[str, Any]) -> tuple[str | None, bytes]:
    deadline = time.monotonic() + limits["seconds"]
    hangup = select.poll()
    hangup.register(host, select.POLLHUP)
    raw = b""
    while True:
        if time.monotonic() > deadline:
            return "timeout", b""
        ready, _, _ = select.select([reader], [], [], _POLL_SECONDS)
        if ready:
            chunk = os.read(reader, 65536)
            if not chunk:
                return (None, raw) if raw else ("died", b"")
            raw += chunk
            if raw.endswith(b"\n"):
                return None, raw
            if len(raw) > RESULT_LIMIT:
                return "died", b""
        elif _used(base) > limits["memory_bytes"]:
            return "memory", b""
        if hangup.poll(0) and not ready:
            os._exit(1)  # the host is gone; with this process the whole namespace ends


def _used(base: int) -> int:
    """Bytes that the children hold beyond what they share with this process."""
    me = os.getpid()
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - no Path objects in a poll loop
    return sum(max(0, _resident(pid) - base) for pid in pids if pid not in {1, me})


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0  # it has just gone


def _child(call: dict[str, Any], tables: Tables, writer: int) -> None:
    """Never returns: writes one JSON line and leaves."""
    os.setsid()
    os.closerange(3, writer)
    os.closerange(writer + 1, 4096)
    limits = call["limits"]
    space = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for kind, most in (
        (resource.RLIMIT_AS, space + limits["memory_bytes"]),
        (resource.RLIMIT_CPU, math.ceil(limits["seconds"]) + 1),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    try:
        result = _run(call, tables)
    except MemoryError:
        result = {"status": "memory"}
    except BaseException:  # whatever learner code raises, SystemExit too, is one fixed code
        result = {"status": "raised"}
    try:
        os.write(writer, json.dumps(result).encode() + b"\n")
    finally:
        os._exit(0)


def _run(call: dict[str, Any], tables: Tables) -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415 - see main
    import pandas as pd  # noqa: PLC0415 - see main

    space: dict[str, Any] = {"__name__": "__main__", "pd": pd, "np": np}
    try:
        program = compile(call["source"], "<cell>", "exec")
    except (SyntaxError, ValueError):
        return {"status": "syntax"}
    try:
        exec(program, space)  # noqa: S102 - running learner code is what this process is for
    except Exception:
        # a line under the function that tries it out fails here, as there is no lab; the function itself counts
        if not callable(space.get(call["function"])):
            raise
    function = space.get(call["function"])
    if not callable(function):
        return {"status": "not_defined"}
    if call["claims"] is None:
        return _number(function(tables), np)  # the child's own: nothing that it does to them is seen outside
    return _ids(function(call["claims"], tables))


def _number(value: object, np: Any) -> dict[str, Any]:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        return {"status": "wrong_type"}
    number = float(value)
    return {"status": "ok", "value": number} if math.isfinite(number) else {"status": "wrong_type"}


def _ids(value: object) -> dict[str, Any]:
    if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__iter__"):
        return {"status": "wrong_type"}
    ids = list(value)
    if not all(isinstance(one, str) and len(one) <= ID_LIMIT for one in ids):
        return {"status": "wrong_type"}
    return {"status": "ok", "ids": sorted({str(one) for one in ids})}


if __name__ == "__main__":
    main()
