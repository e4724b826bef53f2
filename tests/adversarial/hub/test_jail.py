"""What a learner tries from inside: each of these has to fail, in a real jail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mondaylab.hub.jail import Limits

TRY = "try:\n    {}\nexcept BaseException as e:\n    print('refused', type(e).__name__)\nelse:\n    print('DONE')"


def attempt(prison, statement: str) -> str:
    done = prison.run("import os, ctypes, socket, signal, pathlib\n" + TRY.format(statement))
    return done.stdout.strip() or f"refused by {done.returncode}"


def test_sees_what_is_its_own(prison) -> None:
    done = prison.run(
        "import os\n"
        "print(*sorted(os.listdir('/home')), *sorted(os.listdir('/srv')))\n"
        "print(*os.listdir('/srv/lab-data/finance'), *os.listdir('/srv/lab-data/finance/weekly_margin_memo/2026Q4'))\n"
        "open('/home/lena/work.txt', 'w').write('mine'); open('/srv/exchange/finance-demo/inbound/x', 'w').write('mine')\n"
        "import mondaylab, pandas; print(os.getuid(), os.getpid() < 20)"
    )
    assert done.stdout.splitlines() == [
        "lena exchange jupyter lab-data",
        "weekly_margin_memo manifest.json",
        "1000 True",
    ], done.stderr
    assert (prison.site.homes / "lena/work.txt").read_text() == "mine"
    assert (prison.site.exchange / "finance-demo/inbound/lena/x").read_text() == "mine"


@pytest.mark.parametrize(
    "place",
    [
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
        "builds/finance/other_lab/2026Q4/data/manifest.json",
        "builds/finance/weekly_margin_memo/2026Q4/lab.ipynb",
        "raw/demo/2026Q4/customers.csv",
        "snapshots/demo/x/manifest.json",
    ],
)
def test_state_outside_is_not_there(prison, place: str) -> None:
    assert (prison.site.var / place).exists()
    assert attempt(prison, f"os.stat({str(prison.site.var / place)!r})") == "refused FileNotFoundError"


@pytest.mark.parametrize("folder", ["labs", "grader", "hub_config", "datasets", ".git", "tests", "var"])
def test_checkout_shows_its_source_only(prison, folder: str) -> None:
    assert attempt(prison, f"os.stat({str(prison.site.root / folder)!r})") == "refused FileNotFoundError"


def test_secret_is_in_no_file_that_can_be_read(prison) -> None:
    done = prison.command(
        [
            "/bin/sh",
            "-c",
            f"grep -rIl {prison.secret} /home /srv /etc /run /tmp /dev/shm /root 2>/dev/null; echo searched",
        ]
    )
    assert done.stdout == "searched\n"


@pytest.mark.parametrize(
    "place",
    [
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
        f"{Path(__file__).resolve().parents[3]}/src/mondaylab/errors.py",
    ],
)
def test_nothing_but_its_own_can_be_written(prison, place: str) -> None:
    said = attempt(prison, f"open({place!r}, 'r+' if os.path.exists({place!r}) else 'w').close()")
    assert said in ("refused OSError", "refused PermissionError"), said


@pytest.mark.parametrize(
    "statement",
    [
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
    ],
)
def test_no_privilege_can_be_had(prison, statement: str) -> None:
    assert attempt(prison, statement).startswith("refused")


def test_programs_with_the_setuid_bit_gain_nothing(prison) -> None:
    assert "NoNewPrivs:\t1" in prison.command(["/bin/cat", "/proc/self/status"]).stdout


def test_host_processes_cannot_be_seen_or_signalled(prison) -> None:
    with subprocess.Popen(["sleep", "60"]) as victim:
        seen = prison.run("import os; print(*[p for p in os.listdir('/proc') if p.isdigit()])").stdout.split()
        assert len(seen) <= 4
        said = attempt(prison, f"os.kill({victim.pid}, 9)")
        traced = attempt(prison, f"assert ctypes.CDLL(None).ptrace(16, {victim.pid}, 0, 0) == 0")
        everybody = prison.run("import os, signal; os.kill(-1, signal.SIGKILL)")
        assert victim.poll() is None
        victim.kill()
    assert said == "refused ProcessLookupError"
    assert traced.startswith("refused")
    assert everybody.returncode != 1


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
    read_end, write_end = os.pipe()
    from mondaylab.hub.jail import arguments

    code = "import os, time\nfor _ in range(3):\n    if os.fork() == 0:\n        os.setsid(); time.sleep(300)\nprint('up', flush=True); time.sleep(300)"
    command = arguments(prison.jail, [f"{sys.prefix}/bin/python", "-c", code], status_fd=write_end)
    outer = subprocess.Popen(command, pass_fds=(write_end,), stdout=subprocess.PIPE, text=True, start_new_session=True)
    os.close(write_end)
    os.close(read_end)
    assert outer.stdout is not None
    assert outer.stdout.readline() == "up\n"
    import psutil

    family = psutil.Process(outer.pid).children(recursive=True)
    assert len(family) >= 4
    os.kill(outer.pid, signal.SIGKILL)
    outer.wait()
    outer.stdout.close()
    end = time.monotonic() + 5
    while time.monotonic() < end and any(p.is_running() and p.status() != "zombie" for p in family):
        time.sleep(0.05)
    assert not [p for p in family if p.is_running() and p.status() != "zombie"]
