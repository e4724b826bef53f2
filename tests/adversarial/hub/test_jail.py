"""What a learner tries from inside: each of these has to fail, in a real jail."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mondaylab.hub.jail import Limits
from mondaylab.hub.processes import Init, watch_jail

ROOT = Path(__file__).resolve().parents[3]
TRY = """
import json, os, ctypes, socket, sys
for statement in json.loads(sys.argv[1]):
    child = os.fork()
    if child == 0:
        try:
            exec(statement)
        except BaseException as error:
            print(json.dumps([statement, f"refused {type(error).__name__}"]), flush=True)
        else:
            print(json.dumps([statement, "DONE"]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def attempts(prison, statements: list[str]) -> dict[str, str]:
    """What became of each statement, each in a process of its own in one jail."""
    done = prison.command([f"{sys.prefix}/bin/python", "-I", "-c", TRY, json.dumps(statements)])
    said = dict(json.loads(line) for line in done.stdout.splitlines())
    return {statement: said.get(statement, "refused by the kernel") for statement in statements}


def attempt(prison, statement: str) -> str:
    return attempts(prison, [statement])[statement]


def test_sees_what_is_its_own(prison) -> None:
    done = prison.run(
        "import os\n"
        "print(*sorted(os.listdir('/home')), *sorted(os.listdir('/srv')))\n"
        "print(*os.listdir('/srv/lab-data/finance'), *os.listdir('/srv/lab-data/finance/weekly_margin_memo/2026Q4'))\n"
        "for path in ('/home/lena/work.txt', '/srv/exchange/finance-demo/inbound/x'):\n"
        "    open(path, 'w').write('mine')\n"
        "import mondaylab, pandas; print(os.getuid(), os.getpid() < 20)"
    )
    assert done.stdout.splitlines() == [
        "lena exchange jupyter lab-data",
        "weekly_margin_memo manifest.json",
        "1000 True",
    ], done.stderr
    assert (prison.site.homes / "lena/work.txt").read_text() == "mine"
    assert (prison.site.exchange / "finance-demo/inbound/lena/x").read_text() == "mine"


STATE = [
    "keys/finance-demo/form-1.json",
    "keys",
    "hub/accounts.json",
    "hub/initial_passwords.json",
    "hub/judgements.sqlite",
    "hub",
    "homes/omar/diary.txt",
    "courses/finance-demo/source/answers.ipynb",
    "courses/finance-demo/gradebook.db",
    "exchange/finance-demo/inbound/omar/work.txt",
    "exchange/finance-demo/feedback/omar/grade.txt",
    "builds/demo/finance/other_lab/2026Q4/data/manifest.json",
    "builds/demo/finance/weekly_margin_memo/2026Q4/lab.ipynb",
    "raw/demo/2026Q4/customers.csv",
    "snapshots/demo/x/manifest.json",
]


def test_state_outside_is_not_there(prison) -> None:
    places = [prison.site.var / place for place in STATE]
    assert all(place.exists() for place in places)
    places += [ROOT / folder for folder in ("labs", "grader", "hub_config", "datasets", ".git", "tests", "var")]
    said = attempts(prison, [f"os.stat({str(place)!r})" for place in places])
    assert set(said.values()) == {"refused FileNotFoundError"}, said


def test_secret_is_in_no_file_that_can_be_read(prison) -> None:
    done = prison.command(
        [
            "/bin/sh",
            "-c",
            f"grep -rIl {prison.secret} /home /srv /etc /run /tmp /dev/shm /root 2>/dev/null; echo searched",
        ]
    )
    assert done.stdout == "searched\n"


READ_ONLY = [
    "/usr/bin/mine",
    "/etc/mine",
    "/mine",
    "/home/mine",
    "/srv/lab-data/finance/weekly_margin_memo/2026Q4/manifest.json",
    "/srv/exchange/finance-demo/outbound/mine",
    "/srv/exchange/finance-demo/feedback/mine",
    "/srv/jupyter/jupyter_server_config.py",
    "/dev/mine",
    "/proc/sys/kernel/core_pattern",
    "/proc/sysrq-trigger",
    f"{sys.prefix}/bin/mine",
    f"{sys.prefix}/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages/mine.py",
    f"{sys.base_prefix}/mine",
    f"{ROOT}/src/mondaylab/errors.py",
]


def test_nothing_but_its_own_can_be_written(prison) -> None:
    tries = {place: f"open({place!r}, 'r+' if os.path.exists({place!r}) else 'w').close()" for place in READ_ONLY}
    said = attempts(prison, list(tries.values()))
    for place, statement in tries.items():
        refused = {"refused OSError", "refused PermissionError"}
        # some kernels have no such file in /proc: nothing to write there
        assert said[statement] in refused | ({"refused FileNotFoundError"} if place.startswith("/proc/") else set()), (
            place
        )


PRIVILEGES = [
    "assert ctypes.CDLL(None).unshare(0x10000000) == 0",  # another user namespace
    "assert ctypes.CDLL(None).unshare(0x00020000) == 0",  # another mount namespace
    "assert ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0",
    "assert ctypes.CDLL(None).mount(b'none', b'/', None, 32, None) == 0",  # remount read-write
    "assert ctypes.CDLL(None).umount2(b'/proc/sys', 2) == 0",
    "os.chroot('/tmp')",
    "os.mknod('/tmp/disk', 0o60600, os.makedev(8, 0))",
    "os.setuid(0)",
    "os.sethostname('x') if hasattr(os, 'sethostname') else socket.sethostname('x')",
    "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "open('/dev/mem', 'rb')",
    "open('/dev/kmsg')",
]


def test_no_privilege_can_be_had(prison) -> None:
    said = attempts(prison, PRIVILEGES)
    assert not [statement for statement in PRIVILEGES if not said[statement].startswith("refused")]


def test_programs_with_the_setuid_bit_gain_nothing(prison) -> None:
    assert "NoNewPrivs:\t1" in prison.command(["/bin/cat", "/proc/self/status"]).stdout


def test_host_processes_cannot_be_seen_or_signalled(prison) -> None:
    with subprocess.Popen(["sleep", "60"]) as victim:
        seen = prison.run("import os; print(*[p for p in os.listdir('/proc') if p.isdigit()])").stdout.split()
        assert len(seen) <= 4
        said = attempt(prison, f"os.kill({victim.pid}, 9)")
        traced = attempt(prison, f"assert ctypes.CDLL(None).ptrace(16, {victim.pid}, 0, 0) == 0")
        prison.run("import os, signal; os.kill(-1, signal.SIGKILL)")
        assert victim.poll() is None
        victim.kill()
    assert said == "refused ProcessLookupError"
    assert traced.startswith("refused")


def test_no_descriptor_or_variable_of_the_hub_comes_in(prison) -> None:
    os.environ["HUB_SECRET_FOR_TEST"] = prison.secret
    try:
        done = prison.run("import os; print(*sorted(os.listdir('/proc/self/fd'))); print(dict(os.environ))")
    finally:
        del os.environ["HUB_SECRET_FOR_TEST"]
    descriptors, variables = done.stdout.splitlines()
    assert set(descriptors.split()) <= {"0", "1", "2", "3"}  # 3: the listing itself
    assert prison.secret not in variables


def test_links_in_the_home_lead_nowhere(prison) -> None:
    target = prison.site.keys / "finance-demo" / "form-1.json"
    (prison.site.homes / "lena" / "link").unlink(missing_ok=True)
    made = prison.run(
        f"import os; os.symlink({str(target)!r}, '/home/lena/link'); print(os.path.exists('/home/lena/link'))"
    )
    assert made.stdout.strip() == "False"
    linked = attempt(
        prison, "os.link('/srv/lab-data/finance/weekly_margin_memo/2026Q4/manifest.json', '/home/lena/hard')"
    )
    assert linked.startswith("refused")


def test_names_outside_cannot_be_resolved(prison) -> None:
    assert attempt(prison, "socket.getaddrinfo('example.org', 80)").startswith("refused")


def test_temporary_space_has_an_end(prison) -> None:
    size = (Limits().tmp_mb + 10) << 20
    said = attempt(prison, f"[open(f'/tmp/f{{i}}', 'wb').write(bytes(1 << 26)) for i in range({size >> 26} + 1)]")
    assert said == "refused OSError"


def test_one_process_cannot_take_all_memory(prison) -> None:
    assert attempt(prison, "bytearray(6 << 30)") == "refused MemoryError"


def test_everything_inside_ends_with_the_jail(prison) -> None:
    code = (
        "import os, time\n"
        "for _ in range(3):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid(); time.sleep(300)\n"
        "print('up', flush=True); time.sleep(300)"
    )
    with prison.started(code) as outer:
        assert outer.stdout.readline() == "up\n"
        family = psutil.Process(outer.pid).children(recursive=True)
        assert len(family) >= 4
        os.kill(outer.pid, signal.SIGKILL)
        outer.wait()
        _, left = psutil.wait_procs(family, timeout=5)
    assert not [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(memory_mb=150), "[os.fork() for _ in range(2)]; x = [os.urandom(1 << 20) for _ in range(80)]"),
        (Limits(processes=30), "pids = [os.fork() or time.sleep(300) for _ in range(60)]"),
    ],
    ids=["memory", "processes"],
)
def test_a_jail_that_takes_too_much_ends_as_a_whole(prison, limits: Limits, code: str) -> None:
    warned: list[str] = []
    tight = prison.with_limits(limits)
    with tight.started(f"import os, time\n{code}\nprint('got it', flush=True); time.sleep(300)") as outer:
        for inner in children_of(outer.pid):  # none where this user runs so many already that no jail can begin
            init = Init.of(inner.pid)
            assert init is not None
            asyncio.run(asyncio.wait_for(watch_jail(init, tight.jail, warned.append), 60))
        outer.wait(10)
    if not warned:  # the kernel itself held the limit: a fork failed, and with it all ended
        assert limits.processes == 30
        assert os.getuid() != 0
    assert all("stopped the lab of lena" in line for line in warned)


def children_of(pid: int) -> list[psutil.Process]:
    """The jail's init, as soon as bubblewrap has made it."""
    for _ in range(200):
        found = psutil.Process(pid).children()
        if found:
            return found
        time.sleep(0.05)
    return []
