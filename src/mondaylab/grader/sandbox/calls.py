"""Runs inside the sandbox too: the system calls that a session may not make.

Limits count memory by process. A file in memory that is mapped nowhere, or a System V segment that nobody is attached
to, belongs to no process and would be counted nowhere; so there are none. The others reach far into the kernel and are
of no use to a figure or a checker.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4  # in the kernel's struct seccomp_data
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000  # EPERM
_X32 = 0x40000000

# memfd_create, memfd_secret, shmget, msgget, semget, ptrace, bpf, io_uring_setup, userfaultfd, perf_event_open,
# add_key, keyctl, process_vm_readv, process_vm_writev
_CALLS = {
    "x86_64": (0xC000003E, (319, 447, 29, 68, 64, 101, 321, 425, 323, 298, 248, 250, 310, 311)),
    "aarch64": (0xC00000B7, (279, 447, 194, 186, 190, 117, 280, 425, 282, 241, 217, 219, 270, 271)),
}


def forbid_calls() -> None:
    """Has the kernel refuse these calls from now on, in every process to come.

    Raises:
        OSError: The kernel takes no filter, or the numbers of this machine's calls are not known here.
    """
    known = _CALLS.get(os.uname().machine)
    if known is None:
        raise OSError(errno.ENOSYS, "no filter of system calls for this machine")
    program = _program(*known)
    steps = ctypes.create_string_buffer(program)
    about = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, about, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _program(machine: int, calls: tuple[int, ...]) -> bytes:
    """The filter in the kernel's own instructions (code, jump if true, jump if false, value)."""
    steps = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_JUMP_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),  # calls of another machine's numbering, such as 32-bit ones
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_AT_LEAST, len(calls) + 1, 0, _X32),
    ]
    steps += [(_JUMP_EQUAL, len(calls) - at, 0, number) for at, number in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
