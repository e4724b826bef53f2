"""Runs inside the sandbox: a warm pandas process that forks a session for each submission, and in it one child a call.

This file is executed by path, with only `session.py` and `calls.py` beside it. It speaks
with the host over its own stdin and stdout. What the host sends is framed: eight bytes of length, a JSON header on one
line, raw bytes.

    host -> worker    {"do": "tables", "key": str, "parts": [{"name", "concept", "bytes"}, ...]}  + Arrow IPC streams
                      {"do": "forget", "key": str}
                      {"do": "open", "scratch": bytes}  a session, whose the next frames are
    host -> session   {"do": "call"} + JSON {"keys", "source", "function", "claims": list or null, "limits"}
                      {"do": "end"}
    worker -> host    {"ready": true}, {"session": "over" | "refused"}
    session -> host   {"code": null | "timeout" | "memory" | "died", "raw": text that the child wrote}, for each key
                      in turn up to the first code

A session is process 1 of namespaces of its own (see `session`), so learner code can neither signal nor trace
it, and sees neither this process nor anything that another submission left. The forked child of a call is not
trusted: whatever it writes is passed on as text, and the host checks it. It holds no descriptor but its own result
pipe, and everything it leaves behind is killed after every call.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RESULT_LIMIT = 512 * 1024  # bytes a child may write before it is cut off
ID_LIMIT = 64  # characters of one claim id
_PR_SET_DUMPABLE = 4
_HUGE, _MADV_HUGEPAGE, _MADV_COLLAPSE = 2 * 1024**2, 14, 25
_POLL_SECONDS = 0.05
_REFUSED = 7  # exit code of a session that could not be isolated


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

    sys.path.insert(0, str(Path(__file__).parent))
    __import__("session")
    __import__("calls")
    del sys.path[0]

    # with Python's own handler learner code could interrupt a session: process 1 gets only signals it has a handler for
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    pa.set_cpu_count(1)
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    requests, answers = os.dup(0), os.dup(1)
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    _warm_up(pd)
    datasets: dict[str, Tables] = {}
    packed_down = False
    _answer(answers, {"ready": True})
    while (frame := _frame(requests)) is not None:
        header, body = frame
        if header["do"] == "tables":
            datasets[header["key"]] = _tables(header["parts"], body, pa)
            packed_down = False
        elif header["do"] == "forget":
            del datasets[header["key"]]
        elif header["do"] == "open":
            if not packed_down:
                gc.collect()
                gc.freeze()
                _use_huge_pages()
                packed_down = True
            _answer(
                answers, {"session": "over" if _session(datasets, header["scratch"], requests, answers) else "refused"}
            )


def _warm_up(pd: Any) -> None:
    """The first use of each part of pandas is slow, and would be so again in every fork: do it here."""
    left = pd.DataFrame({"a": ["x", "y", "x"], "b": [1.0, 2.0, 3.0], "day": pd.to_datetime(["2026-10-05"] * 3)})
    joined = left.merge(pd.DataFrame({"a": ["x", "y"], "c": ["p", "q"]}), on="a")
    joined = joined[(joined["c"] == "p") & (joined["day"] >= pd.Timestamp("2026-10-01"))].copy()
    joined["monday"] = joined["day"] - pd.to_timedelta(joined["day"].dt.day_of_week, unit="D")
    joined.groupby(["a", "monday"])[["b"]].sum().loc[("x", pd.Timestamp("2026-10-05"))]
    joined.sort_values("b").drop_duplicates("a").set_index("a")["b"].mean()


def _use_huge_pages() -> None:
    """Gathers this process's memory in huge pages where Linux can (6.1 or later): a fork then costs half as much."""
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, permissions, _, _, inode, *name = line.split()
        if permissions != "rw-p" or inode != "0" or name == ["[stack]"]:
            continue
        low, high = (int(address, 16) for address in addresses.split("-"))
        low, high = -(-low // _HUGE) * _HUGE, high // _HUGE * _HUGE
        if low < high:
            madvise(low, high - low, _MADV_HUGEPAGE)
            madvise(low, high - low, _MADV_COLLAPSE)


def _tables(parts: list[dict[str, Any]], body: memoryview, pa: Any) -> Tables:
    named: dict[bool, dict[str, Any]] = {False: {}, True: {}}
    at = 0
    for part in parts:
        stream = pa.ipc.open_stream(pa.py_buffer(body[at : at + part["bytes"]]))
        named[part["concept"]][part["name"]] = stream.read_all().to_pandas(use_threads=False)
        at += part["bytes"]
    return Tables(named[False], named[True])


def _frame(requests: int) -> tuple[dict[str, Any], memoryview] | None:
    """The next frame's header and body; None when the host is gone. Reads no byte more, as a fork reads on."""
    size = _exactly(requests, 8)
    data = None if size is None else _exactly(requests, int.from_bytes(size, "big"))
    if data is None:
        return None
    end = data.index(b"\n")
    return json.loads(data[:end]), memoryview(data)[end + 1 :]


def _exactly(requests: int, size: int) -> bytes | None:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        got = os.readv(requests, [view])
        if not got:
            return None
        view = view[got:]
    return bytes(data)


def _answer(answers: int, data: dict[str, Any]) -> None:
    line = json.dumps(data).encode() + b"\n"
    while line:
        line = line[os.write(answers, line) :]


def _session(datasets: dict[str, Tables], scratch: int, requests: int, answers: int) -> bool:
    """Forks a session and waits for its end; False when it could not be isolated, and then it ran nothing."""
    uid, gid = os.getuid(), os.getgid()
    try:
        child = _door().fork_into_namespaces()
    except OSError:
        return False
    if child == 0:
        _inside(datasets, uid, gid, scratch, requests, answers)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != _REFUSED


def _inside(datasets: dict[str, Tables], uid: int, gid: int, scratch: int, requests: int, answers: int) -> None:
    """Never returns: the session itself."""
    try:
        _door().close_door(uid, gid, scratch)
        sys.modules["calls"].forbid_calls()
    except BaseException:  # nothing may go on in a fork that is not isolated
        os._exit(_REFUSED)
    try:
        _serve(datasets, requests, answers)
    finally:
        os._exit(0)


def _door() -> Any:
    """`session`, which lies beside this file and is no package's here."""
    return sys.modules["session"]


def _serve(datasets: dict[str, Tables], requests: int, answers: int) -> None:
    while (frame := _frame(requests)) is not None and frame[0]["do"] == "call":
        call = json.loads(bytes(frame[1]))
        for code, raw in _call(call, [datasets[key] for key in call["keys"]], requests):
            _answer(answers, {"code": code, "raw": raw.decode("utf-8", "replace")})


def _call(call: dict[str, Any], inputs: list[Tables], host: int) -> Iterator[tuple[str | None, bytes]]:
    """Forks, lets the child run the learner's function on each of the inputs, and yields what it wrote."""
    reader, writer = os.pipe()
    base = _resident(os.getpid())
    child = os.fork()
    if child == 0:
        _child(call, inputs, writer)
    os.close(writer)
    told = list(_collect(reader, host, base, call["limits"], len(inputs)))
    os.close(reader)
    # kills every process of this namespace but us: nothing of one call lives to see the next, or its answer sent
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    yield from told


def _collect(
    reader: int, host: int, base: int, limits: dict[str, Any], count: int
) -> Iterator[tuple[str | None, bytes]]:
    """Reads a line for each input, each with a deadline of its own."""
    hangup = select.poll()
    hangup.register(host, select.POLLHUP)
    raw = b""
    for _ in range(count):
        deadline = time.monotonic() + limits["seconds"]
        while b"\n" not in raw:
            code = None
            ready, _, _ = select.select([reader], [], [], _POLL_SECONDS)
            chunk = os.read(reader, 65536) if ready else b""
            raw += chunk
            if (ready and not chunk) or len(raw) > RESULT_LIMIT:
                code = "died"
            elif time.monotonic() > deadline:
                code = "timeout"
            elif not ready and _used(base) > limits["memory_bytes"]:
                code = "memory"
            if code is not None:
                yield code, b""
                return
            if hangup.poll(0) and not ready:
                os._exit(1)  # the host is gone; with this process its whole namespace ends
        line, raw = raw.split(b"\n", 1)
        yield None, line


def _used(base: int) -> int:
    """Bytes that the children hold beyond what they share with this process."""
    me = os.getpid()
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - no Path objects in a poll loop
    return sum(max(0, _resident(pid) - base) for pid in pids if pid != me)


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0  # it has just gone


def _child(call: dict[str, Any], inputs: list[Tables], writer: int) -> None:
    """Never returns: writes a JSON line for each input and leaves. A first one that fails stands for all."""
    os.setsid()
    os.closerange(3, writer)
    os.closerange(writer + 1, 4096)
    limits = call["limits"]
    space = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for kind, most in (
        (resource.RLIMIT_AS, space + limits["memory_bytes"]),
        (resource.RLIMIT_CPU, math.ceil(limits["seconds"] * len(inputs)) + 1),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    try:
        first = _safely(call, inputs[0])
        os.write(writer, json.dumps(first).encode() + b"\n")
        for tables in inputs[1:]:
            result = _safely(call, tables) if first["status"] == "ok" else first
            os.write(writer, json.dumps(result).encode() + b"\n")
    finally:
        os._exit(0)


def _safely(call: dict[str, Any], tables: Tables) -> dict[str, Any]:
    try:
        return _run(call, tables)
    except MemoryError:
        return {"status": "memory"}
    except BaseException:  # whatever learner code raises, SystemExit too, is one fixed code
        return {"status": "raised"}


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
