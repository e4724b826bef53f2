"""Runs inside the sandbox too: forks the warm process into namespaces of its own, and shuts the door.

The fork is process 1 of them: it gets no signal from inside that it has no handler for, not even SIGKILL.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
from pathlib import Path

_NEW_NS, _NEW_IPC, _NEW_USER, _NEW_PID = 0x20000, 0x8000000, 0x10000000, 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_CLONE3 = 435  # on every architecture
_LAST_CAPABILITY = 63
_CAPABILITY_VERSION = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_python = ctypes.PyDLL(None, use_errno=True)  # calls with the interpreter's lock held


def fork_into_namespaces() -> int:
    """`os.fork` into new user, mount, IPC and pid namespaces; returns 0 in the child, and its pid in the parent.

    One system call: with `unshare` a pid namespace begins a fork later, and a fork of a process that holds pandas takes
    longer than most of what learners compute.

    The network namespace stays the sandbox's: it has no network, its one interface is down, nobody in it may change
    that, and sessions follow one another, so that a socket ends with the processes that hold it.

    Raises:
        OSError: The kernel refuses.
    """
    arguments = struct.pack("8Q", _NEW_USER | _NEW_NS | _NEW_IPC | _NEW_PID, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    _python.PyOS_BeforeFork()
    pid = int(_python.syscall(_CLONE3, arguments, len(arguments)))
    if pid == 0:
        _python.PyOS_AfterFork_Child()
        return 0
    number = ctypes.get_errno()
    _python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(number, os.strerror(number))
    return pid


def close_door(uid: int, gid: int, scratch: int) -> None:
    """Own user and group, fresh /proc and /tmp, no namespace below this one, no capability left.

    Args:
        uid: Who the process was before the fork, and is again.
        gid: Likewise.
        scratch: Size of the new /tmp in bytes.

    Raises:
        OSError: The kernel refuses.
    """
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
    # a process that nobody may trace cannot open its own maps; nothing of a learner runs yet
    _checked(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _checked(_libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None))
    shut = _MS_NOSUID | _MS_NODEV
    _checked(_libc.mount(b"proc", b"/proc", b"proc", shut | _MS_NOEXEC, None))
    _checked(_libc.mount(b"tmpfs", b"/tmp", b"tmpfs", shut, f"size={scratch},mode=0755".encode()))
    os.chdir("/tmp")  # noqa: S108 - or the old one would stay in reach as the working folder
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    for capability in range(_LAST_CAPABILITY + 1):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            break  # the kernel knows no more of them
    header = struct.pack("Ii", _CAPABILITY_VERSION, 0)
    _checked(_libc.capset(header, bytes(24)))
    _checked(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0))


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
