"""Learner code that attacks: each try comes back as one fixed status, gains nothing, and leaves the grader running."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest

from mondaylab.grader.sandbox import sandbox as sandbox_module
from mondaylab.grader.sandbox.sandbox import Limits, Sandbox, command, packed, parsed

TABLES = {"orders": pd.DataFrame({"id": ["a", "b"], "net": [1.5, 2.0], "day": pd.to_datetime(["2026-10-05"] * 2)})}
OTHER = {"orders": TABLES["orders"].assign(net=[10.0, 20.0])}
HONEST = "def evidence(tables):\n    return tables['orders']['net'].sum()\n"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(Limits(seconds=1.0, memory_bytes=256 * 1024**2)) as box:
        box.load(packed(TABLES))
        yield box


def run(sandbox: Sandbox, body: str):
    """One call of a function `evidence` with this body; afterwards honest code must still get its value."""
    sandbox.load(packed(TABLES))
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    result = sandbox.call(f"def evidence(tables):\n{lines}\n", "evidence")
    sandbox.load(packed(TABLES))
    assert sandbox.call(HONEST, "evidence").value == 3.5, "the grader must go on"
    return result


def test_honest_code_gets_pandas_dates_and_its_value(sandbox):
    result = run(sandbox, "return tables['orders'].groupby(tables['orders']['day'].dt.year)['net'].sum().iloc[0]")
    assert (result.status, result.value) == ("ok", 3.5)


def test_concepts_come_beside_tables_of_the_same_name_and_no_call_changes_them(sandbox):
    sandbox.load(packed(TABLES, {"orders": TABLES["orders"].rename(columns={"net": "amount"})}))
    body = "orders = tables.concept('orders')\n    total = orders['amount'].sum()\n    orders['amount'] = 0"
    body += "\n    return total + tables.concept('orders')['amount'].sum() + tables['orders']['net'].sum()"
    for _ in range(2):
        assert sandbox.call(f"def evidence(tables):\n    {body}\n", "evidence").value == 10.5
    raised = sandbox.call("def evidence(tables):\n    return tables.concept('order').amount.sum()\n", "evidence")
    assert raised.status == "raised"
    sandbox.load(packed(TABLES))
    assert sandbox.call("def evidence(tables):\n    return len(tables.concepts)\n", "evidence").value == 0


def test_numpy_and_int_results_are_plain_floats(sandbox):
    """A learner's pandas gives np.float64; its value counts, its repr never gets anywhere."""
    for body in ("return np.float64(2.5)", "return np.float32(2.5)"):
        result = run(sandbox, body)
        assert result.value == 2.5 and type(result.value) is float
    assert run(sandbox, "return 2").value == 2.0
    assert run(sandbox, "return -1").value == -1.0


@pytest.mark.parametrize(
    "value",
    ["float('nan')", "np.inf", "'3.5'", "True", "np.True_", "None", "[3.5]", "pd.Series([3.5])", "3.5j", "{}"],
)
def test_values_of_another_kind_are_refused(sandbox, value):
    """nbgrader gave full marks for some of these."""
    assert run(sandbox, f"return {value}").status == "wrong_type"


def test_endless_loop(sandbox):
    """Hangs the batch."""
    began = time.monotonic()
    assert run(sandbox, "while True: pass").status == "timeout"
    assert time.monotonic() - began < 15


def test_endless_loop_that_ignores_signals(sandbox):
    """Hangs the batch although it is told to stop."""
    body = "import signal\nfor n in {*range(1, 32)} - {9, 19}: signal.signal(n, signal.SIG_IGN)\nwhile True: pass"
    assert run(sandbox, body).status == "timeout"


def test_fork_bomb(sandbox):
    """Fills the machine's process table."""
    before = len(psutil.pids())
    result = run(sandbox, "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass")
    assert result.status in ("timeout", "died", "raised", "memory")
    assert len(psutil.pids()) < before + 40


def test_fork_bomb_is_limited_inside(sandbox):
    """Starts more processes than allowed; the kernel must refuse, for root too."""
    body = (
        "import os, time\ncount = 0\ntry:\n  for _ in range(99):\n    if not os.fork(): time.sleep(9)\n    count += 1\n"
        "except OSError:\n  return count\nreturn 1000"
    )
    result = run(sandbox, body)
    assert result.value is not None and result.value < 30


def test_one_big_allocation(sandbox):
    """Takes all memory at once."""
    assert run(sandbox, "return len(bytearray(8 * 10**9))").status == "memory"


def test_memory_taken_by_many_children(sandbox):
    """Takes all memory in small pieces, each within its own limit."""
    body = (
        "import os, time\nfor _ in range(10):\n  if os.fork() == 0:\n    x = bytearray(10**8)\n    time.sleep(30)\n"
        "time.sleep(30)"
    )
    assert run(sandbox, body).status in ("memory", "timeout")


def test_huge_output(sandbox):
    """Floods stdout and stderr; neither is kept."""
    body = "import sys\nfor _ in range(2000): print('x' * 10000); sys.stderr.write('y' * 10000)\nreturn 1"
    assert run(sandbox, body).value == 1


def test_huge_result(sandbox):
    """Floods the result channel."""
    sandbox.load(packed(TABLES))
    source = "def validator(claims, tables):\n    return {'x' * 60 + str(n) for n in range(10**5)}\n"
    assert sandbox.call(source, "validator", []).status in ("died", "wrong_type")


def test_disk_is_small_and_gone_afterwards(sandbox):
    """Fills the disk; looks for what an earlier call left."""
    assert run(sandbox, "open('/tmp/big', 'wb').write(b'0' * 10**8)\nreturn 1").status == "raised"
    assert run(sandbox, "open('/usr/bin/evil', 'w')\nreturn 1").status == "raised"


@pytest.mark.parametrize("body", ["import sys\nsys.exit()", "raise KeyboardInterrupt", "raise MemoryError", "1 / 0"])
def test_leaving_early(sandbox, body):
    """Ends the process politely and hopes that no answer is a good answer."""
    assert run(sandbox, body).status in ("raised", "memory")


@pytest.mark.parametrize("end", ["os._exit(0)", "os.abort()", "__import__('ctypes').string_at(0)"])
def test_dying(sandbox, end):
    """Ends the process at once."""
    assert run(sandbox, f"import os\n{end}").status == "died"


def test_killing_the_worker(sandbox):
    """Kills everything it may: the process above it gets no signal at all, and what it says still counts."""
    body = "import os\nfor number in range(1, 65):\n  for pid in (1, os.getppid()): os.kill(pid, number)\nreturn 7"
    assert run(sandbox, body).value == 7
    body = "import os\ntry: os.kill(-1, 9)\nexcept ProcessLookupError: return 7"
    assert run(sandbox, body).value == 7, "there is nobody in reach"
    assert run(sandbox, "import os\nos.kill(os.getppid(), 9)\nimport time\ntime.sleep(9)").status == "timeout"


def test_stopping_the_worker(sandbox):
    """Stops the worker without killing it, so that the host would wait for ever."""
    began = time.monotonic()
    assert run(sandbox, "import os\nos.kill(os.getppid(), 19)\nimport time\ntime.sleep(9)").status == "timeout"
    assert time.monotonic() - began < 15


def test_tracing_the_worker(sandbox):
    """Reads or writes the worker's memory and pipes, where the next inputs come from."""
    for target in ("mem", "fd/0", "fd/3", "environ"):
        body = f"import os\ntry: open(f'/proc/{{os.getppid()}}/{target}', 'rb').read(1)\nexcept OSError: return 7"
        assert run(sandbox, body + "\nreturn 0").value == 7, target


def test_forging_on_the_result_pipe_gains_a_guess_at_most(sandbox):
    """Finds the result pipe and writes an answer of its own beside the real one."""
    body = (
        'import os\nfor fd in range(3, 64):\n  try: os.write(fd, b\'{"status": "ok", "value": 99.0}\\n\')\n'
        "  except OSError: pass\nreturn 1"
    )
    assert run(sandbox, body).value in (None, 99.0)
    outer = json.dumps({"code": None, "raw": json.dumps({"status": "ok", "value": 99.0})}) + "\n"
    body = (
        f"import os\nfor fd in range(3, 64):\n  try: os.write(fd, {outer.encode()!r})\n  except OSError: pass\nreturn 1"
    )
    assert run(sandbox, body).status == "died"


def test_a_survivor_does_not_see_the_next_call(sandbox):
    """Leaves a process behind that would meet the next input."""
    body = "import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(60)\n  os._exit(0)"
    body += "\nreturn 1"
    assert run(sandbox, body).value == 1
    body = "import os\nreturn len([p for p in os.listdir('/proc') if p.isdigit()])"
    assert run(sandbox, body).value <= 3


def test_changes_to_one_input_do_not_reach_the_next(sandbox):
    """Patches pandas and the tables for the calls to come."""
    run(sandbox, "tables['orders'].loc[:, 'net'] = 0.0\npd.Series.sum = lambda self: 99.0\nreturn 1")
    sandbox.load(packed(OTHER))
    assert sandbox.call(HONEST, "evidence").value == 30.0


def test_no_network(sandbox):
    """Calls out, over TCP and to a server of this machine."""
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    body = f"import socket\ntry: socket.create_connection(('127.0.0.1', {port}), 0.5)\nexcept OSError: return 7"
    assert run(sandbox, body).value == 7
    body = "import os\nreturn len([n for n in os.listdir('/sys/class/net')]) if os.path.exists('/sys') else 7"
    assert run(sandbox, body).value == 7
    server.close()


def test_no_environment_no_home_no_keys(sandbox, monkeypatch, tmp_path):
    """Looks for secrets in the environment, in homes, in the checkout, and in files named to it."""
    monkeypatch.setenv("MONDAYLAB_SECRET", "canary")
    secret = tmp_path / "keys" / "key.json"
    secret.parent.mkdir()
    secret.write_text("canary")
    with Sandbox(Limits(seconds=2.0)) as fresh:
        fresh.load(packed(TABLES))
        for path in (str(secret), "/etc/passwd", "/etc/hostname", __file__, str(Path.home() / ".bashrc")):
            body = f"import os\ntry:\n  open({path!r}).read()\nexcept OSError:\n  return 7\nreturn 0"
            lines = "\n".join(f"    {line}" for line in body.splitlines())
            assert fresh.call(f"def evidence(tables):\n{lines}\n", "evidence").value == 7, path
        seen = "import os\ndef evidence(tables):\n    return 'canary' in repr(dict(os.environ)) or len(os.environ)\n"
        assert fresh.call(seen, "evidence").value < 12


def test_our_own_package_is_not_there(sandbox):
    """Imports the engine, which could tell operators and tolerances."""
    assert run(sandbox, "import mondaylab.forms.flaws\nreturn 1").status == "raised"


def test_no_new_privileges(sandbox):
    """Becomes root in a namespace of its own."""
    body = "import ctypes, os\nreturn os.getuid() if ctypes.CDLL(None).unshare(0x10000000) else 0"
    assert run(sandbox, body).value == 1000


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("def evidence(tables)\n    return 1", "syntax"),
        ("x = 1\x00", "syntax"),
        ("%matplotlib inline\ndef evidence(tables): return 1", "syntax"),
        ("", "not_defined"),
        ("evidence = 3", "not_defined"),
        ("raise ValueError", "raised"),
        ("(" * 5000, "syntax"),
        ("x = " + "9" * 300_000, "syntax"),
    ],
)
def test_cells_that_are_no_program(sandbox, source, status):
    """Breaks the compiler."""
    sandbox.load(packed(TABLES))
    assert sandbox.call(source, "evidence").status in (status, "memory" if status == "syntax" else status)


def test_answers_are_parsed_strictly():
    """A worker that was taken over still says nothing but a status or one well-formed value."""
    for raw in (
        b"not json",
        b"[]",
        b'{"code": null}',
        b'{"code": "ok", "raw": ""}',
        b'{"code": "full marks", "raw": ""}',
        b'{"code": null, "raw": "{\\"status\\": \\"ok\\"}"}',
        b'{"code": null, "raw": "{\\"status\\": \\"ok\\", \\"value\\": NaN}"}',
        b'{"code": null, "raw": "{\\"status\\": \\"ok\\", \\"value\\": \\"1\\"}"}',
        b'{"code": null, "raw": "{\\"status\\": \\"ok\\", \\"value\\": true}"}',
        b'{"code": null, "raw": "{\\"status\\": \\"ok\\", \\"value\\": 1.0, \\"ids\\": []}"}',
        b'{"code": null, "raw": "{\\"status\\": \\"raised\\", \\"value\\": 1.0}"}',
        b"[" * 100_000,
    ):
        result = parsed(raw, wanted="value")
        assert (result.value, result.ids) == (None, None)
    good = b'{"code": null, "raw": "{\\"status\\": \\"ok\\", \\"value\\": 1.5}"}'
    assert parsed(good, wanted="value").value == 1.5
    assert parsed(good, wanted="ids").status == "died"


def test_the_ordinary_user_sandbox_works_too(monkeypatch):
    """What an ordinary user starts is the inner sandbox alone."""
    real = command
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    inner = real(Limits())
    monkeypatch.undo()
    assert inner.count(inner[0]) == 1
    monkeypatch.setattr(sandbox_module, "command", lambda limits: inner)
    with Sandbox(Limits(seconds=5.0)) as box:
        box.load(packed(TABLES))
        assert box.call(HONEST, "evidence").value == 3.5


def test_nothing_stays_when_the_grader_is_killed():
    """Kills the grader in the middle of learner code; no process may stay behind."""
    script = (
        "import sys, pandas as pd\nfrom mondaylab.grader.sandbox.sandbox import *\n"
        "s = Sandbox(Limits(seconds=60)); s.load(packed({'t': pd.DataFrame({'a': [1]})})); print('up', flush=True)\n"
        "s.call('def evidence(t):\\n  while True: pass', 'evidence')"
    )
    grader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert grader.stdout.readline() == "up\n"
    children = psutil.Process(grader.pid).children(recursive=True)
    assert children
    grader.kill()
    grader.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
