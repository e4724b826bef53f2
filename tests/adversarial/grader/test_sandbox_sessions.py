"""Submissions that poison a warm sandbox for the ones after them, or beside them: nothing of it arrives."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import psutil
import pytest
from tests.support.sampled import sampled

from mondaylab.grader.sandbox import sandbox as sandbox_module
from mondaylab.grader.sandbox.sandbox import Limits, Sandbox, command, packed

TABLES = packed({"orders": pd.DataFrame({"id": ["a", "b"], "net": [1.5, 2.0]})})
OTHER = packed({"orders": pd.DataFrame({"id": ["a", "b"], "net": [10.0, 20.0]})})
HONEST = "def evidence(tables):\n    return tables['orders']['net'].sum()\n"


@pytest.fixture(scope="module", params=["as we are", "an ordinary user"])
def warm(request):
    """One warm sandbox for all tests, as in a batch; for the second run without the layer that only root needs."""
    patch = pytest.MonkeyPatch()
    if request.param == "an ordinary user":
        patch.setattr(os, "geteuid", lambda: 1000)
        inner = command(Limits())
        patch.undo()
        patch.setattr(sandbox_module, "command", lambda limits: inner)
    with Sandbox(Limits(seconds=1.0, memory_bytes=256 * 1024**2)) as sandbox:
        sandbox.load(TABLES)
        yield sandbox
    patch.undo()


def submission(sandbox: Sandbox, body: str):
    """One submission with one call of a function `evidence` with this body."""
    sandbox.load(TABLES)
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    result = sandbox.call(f"def evidence(tables):\n{lines}\n", "evidence")
    sandbox.end_session()
    return result


POISON = {
    "files": "import os\nfor place in ('/tmp/p', 'p', '/dev/shm/p', '/p'):\n  try: open(place, 'w').write('x')\n"
    "  except OSError: pass\nreturn float(os.path.exists('/tmp/p'))",
    "pandas": "pd.Series.sum = lambda self: 99.0\npd.DataFrame.__getitem__ = None\nreturn 1",
    "tables": "tables['orders'].loc[:, 'net'] = 0.0\ntables['orders']['net'].to_numpy().base\nreturn 1",
    "memory below the tables": "import ctypes, numpy as np\nnet = tables['orders']['net'].to_numpy()\n"
    "ctypes.memset(net.ctypes.data, 0, net.nbytes)\nreturn 1 + net.sum()",
    "processes": "import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(60)\n"
    "  os._exit(0)\nreturn 1",
    "modules": "import sys, json\njson.loads = None\nsys.modules['math'] = None\nreturn 1",
    "environment": "import os\nos.environ['PANDAS'] = 'x'\nos.putenv('LD_PRELOAD', '/tmp/p')\nreturn 1",
    "sockets": "import os, socket\ns = socket.socket(socket.AF_UNIX)\ns.bind(chr(0) + 'p')\ns.listen()\n"
    "if os.fork() == 0:\n  import time\n  time.sleep(60)\nreturn 1",
}
TRACES = """
import os, sys, socket, json, math
found = 0
found += any(os.path.exists(place) for place in ('/tmp/p', 'p', '/dev/shm/p', '/p'))
found += 10 * ('PANDAS' in os.environ)
try:
    socket.socket(socket.AF_UNIX).connect(chr(0) + 'p')
    found += 100
except OSError:
    pass
found += 10000 * (len([name for name in os.listdir('/proc') if name.isdigit()]) > 2)
found += 100000 * (json.loads is None)
return found
"""


@pytest.mark.parametrize("kind", sampled(POISON, 3))
def test_what_one_submission_does_does_not_reach_the_next(warm, kind):
    """Leaves files, changed modules, changed tables, processes, sockets for the next learner."""
    process = warm._process
    assert submission(warm, POISON[kind]).value == 1.0, "the attack itself has to work, or it shows nothing"
    warm.load(TABLES)
    assert warm.call(HONEST, "evidence").value == 3.5
    assert submission(warm, TRACES).value == 0
    assert warm._process is process, "and the sandbox stays warm"


def test_every_submission_has_namespaces_of_its_own(warm):
    """Shares a namespace with the next one, or with the process that all of them come from."""
    body = "import os\nreturn float(os.stat('/proc/self/ns/{kind}').st_ino)"
    kinds = ("user", "pid", "mnt", "ipc")
    keeper = {kind: {warm_namespace(warm, kind)} for kind in kinds}
    for kind in kinds:
        assert submission(warm, body.format(kind=kind)).value not in keeper[kind], kind


def warm_namespace(warm: Sandbox, kind: str) -> float:
    """The namespace of the warm process; the kernel may give a number again once a session is over."""
    tree = psutil.Process(warm._process.pid).children(recursive=True)
    return float(Path(f"/proc/{tree[-1].pid}/ns/{kind}").stat().st_ino)


def test_the_warm_process_cannot_be_seen_signalled_or_traced(warm):
    """Looks for the process that the next submissions come from, and for another learner's."""
    seen = "import os\nreturn max(int(name) for name in os.listdir('/proc') if name.isdigit())"
    assert submission(warm, seen).value <= 3
    body = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
reached = 0
for pid in range(1, 300):
    if pid == os.getpid():
        continue
    reached += libc.ptrace(16, pid, 0, 0) == 0
    try:
        open(f'/proc/{pid}/mem', 'r+b')
        reached += 1
    except OSError:
        pass
return reached
"""
    assert submission(warm, body).value == 0
    assert submission(warm, HONEST.split(":", 1)[1].strip()).value == 3.5


def test_no_capability_no_new_namespace_no_mount(warm):
    """Uses the powers with which its session was set up."""
    body = "return float(max(int(line.split()[1], 16) for line in open('/proc/self/status') if line.startswith('Cap')))"
    assert submission(warm, body).value == 0
    body = """
import ctypes
libc = ctypes.CDLL(None)
tried = [libc.unshare(0x10000000), libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None), libc.umount2(b'/proc', 2)]
try:
    open('/proc/sys/user/max_user_namespaces', 'w').write('9')
    tried.append(0)
except OSError:
    pass
return tried.count(0)
"""
    assert submission(warm, body).value == 0


def test_no_memory_that_no_process_holds(warm):
    """Keeps memory where a count by process does not find it, and for the next learner to read."""
    body = """
import ctypes, os
libc = ctypes.CDLL(None)
made = [libc.shmget(7, 4096, 0o1666), libc.msgget(7, 0o1666), libc.semget(7, 1, 0o1666), libc.syscall(447, 0)]
try:
    made.append(os.memfd_create('x'))
except OSError:
    pass
return sum(one >= 0 for one in made)
"""
    assert submission(warm, body).value == 0
    x32 = "import ctypes\nreturn ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39))"
    assert submission(warm, x32).value == -1, "another numbering of the same calls is no way round"


def test_tables_stay_apart_and_are_sent_once(warm):
    for tables, value in ((TABLES, 3.5), (OTHER, 30.0), (TABLES, 3.5)):
        warm.load(tables)
        assert warm.call(HONEST, "evidence").value == value
    assert TABLES.key in warm._loaded and OTHER.key in warm._loaded
    warm.end_session()


def test_a_submission_that_dies_in_every_way_leaves_the_sandbox_warm(warm):
    process = warm._process
    ends = ("import os; os._exit(0)", "import os; os.abort()", "while True: pass", "return bytearray(10**10)")
    for body in ends:
        assert submission(warm, body).status in ("died", "timeout", "memory")
    warm.load(TABLES)
    assert warm.call(HONEST, "evidence").value == 3.5
    assert warm._process is process


def test_a_function_is_ended_on_one_dataset_and_not_on_the_others(warm):
    """Dies, hangs or fails on some of the data, writes answers for the data to come, keeps what it saw."""
    each = (TABLES, OTHER, TABLES)

    def told(body: str):
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        found = warm.call_each(f"seen = []\ndef evidence(tables):\n{lines}\n", "evidence", each)
        warm.end_session()
        return [(one.status, one.value) for one in found]

    total = "total = tables['orders']['net'].sum()\n"
    assert told(total + "return total") == [("ok", 3.5), ("ok", 30.0), ("ok", 3.5)]
    assert told(total + "if total > 9: 1 / 0\nreturn total") == [("ok", 3.5), ("raised", None), ("ok", 3.5)]
    assert told(total + "if total > 9: import os; os._exit(0)\nreturn total") == [("ok", 3.5), ("died", None)]
    assert told(total + "while total > 9: pass\nreturn total") == [("ok", 3.5), ("timeout", None)]
    assert told("return 'x'") == [("wrong_type", None)] * 3
    assert told(total + "seen.append(1)\nreturn len(seen)") == [("ok", 1.0)] * 3, "the cell is run anew for each"
    forged = 'import os\nfor fd in range(3, 64):\n  try: os.write(fd, b\'{"status": "ok", "value": 99.0}\\n\')\n'
    for status, value in told(forged + "  except OSError: pass\nreturn 1"):
        assert (status, value) in (("ok", 1.0), ("ok", 99.0)), "a guess, as good as returning it"
    assert told(total + "return total")[1] == ("ok", 30.0), "nothing of it is left in the pipe"


def test_a_figure_that_needs_more_datasets_than_stay_loaded_gets_them_all(warm):
    """Or the first would make way for the last, and the submission would end as if learner code had killed it."""
    many = [packed({"orders": pd.DataFrame({"net": [float(number)]})}) for number in range(30)]
    assert [one.value for one in warm.call_each(HONEST, "evidence", many)] == [float(number) for number in range(30)]
    warm.end_session()
    assert submission(warm, "return tables['orders']['net'].sum()").value == 3.5
