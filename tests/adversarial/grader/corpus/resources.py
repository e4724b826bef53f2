"""Code that takes too much: time, processes, memory, disk, output."""

from __future__ import annotations

from .attack import HandIn, attack


@attack(evidence="timeout")
def endless_loop(it: HandIn) -> None:
    """Loops for ever."""
    it.evidence("while True: pass")


@attack(evidence="timeout")
def deaf_endless_loop(it: HandIn) -> None:
    """Loops for ever, ignoring every signal and catching every exception."""
    it.evidence(
        """
        import signal
        for number in {*range(1, 32)} - {9, 19}:
            signal.signal(number, signal.SIG_IGN)
        while True:
            try:
                while True: pass
            except BaseException:
                pass
        """
    )


@attack(evidence="timeout")
def endless_in_c(it: HandIn) -> None:
    """Stays in one call of the regular expression engine, which no Python signal interrupts."""
    it.evidence("import re\nreturn len(re.match('(a*)*b', 'a' * 40) or '')")


@attack(evidence="timeout")
def endless_before_the_function(it: HandIn) -> None:
    """Never gets to the function."""
    it.evidence("return 7", before="while True: pass")


@attack(evidence="timeout")
def fork_bomb(it: HandIn) -> None:
    """Fills the machine's process table."""
    it.evidence("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass")


@attack(evidence="raised")
def thread_bomb(it: HandIn) -> None:
    """Starts threads without end."""
    it.evidence("import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(9,)).start()")


@attack(evidence="memory", shows=True)
def takes_20_gb(it: HandIn) -> None:
    """Allocates 20 GB at once."""
    it.evidence("return len(bytearray(20 * 10**9))")


@attack(evidence="memory or timeout")
def takes_memory_through_children(it: HandIn) -> None:
    """Takes memory in many processes, each within its own limit."""
    it.evidence(
        """
        import os, time
        for _ in range(8):
            if os.fork() == 0:
                held = b'x' * 250 * 10**6
                time.sleep(60)
        time.sleep(60)
        """
    )


@attack(evidence="raised")
def takes_memory_that_no_process_holds(it: HandIn) -> None:
    """Fills files in memory that are mapped nowhere, so that no process seems to be large."""
    it.evidence(
        """
        import os
        held = []
        for number in range(60):
            held.append(os.memfd_create(str(number)))
            for _ in range(15):
                os.write(held[-1], bytes(10**6))
        return sum(os.fstat(one).st_blocks for one in held)
        """
    )


@attack(evidence="raised")
def takes_shared_memory_and_lets_go(it: HandIn) -> None:
    """Fills System V segments and detaches them: they stay, and nobody holds them."""
    it.evidence(
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        libc.shmat.restype = ctypes.c_void_p
        for _ in range(8):
            segment = libc.shmget(0, 10**8, 0o1600)
            if segment < 0:
                raise MemoryError if ctypes.get_errno() == 12 else OSError(ctypes.get_errno())
            at = libc.shmat(segment, None, 0)
            ctypes.memset(at, 1, 10**8)
            libc.shmdt(ctypes.c_void_p(at))
        return 7
        """
    )


@attack(evidence="wrong")
def prints_1_gb(it: HandIn) -> None:
    """Writes a gigabyte to stdout and stderr."""
    it.evidence(
        "import os\nblock = b'x' * 10**6\nfor _ in range(500): os.write(1, block), os.write(2, block)\nreturn 7"
    )


@attack(validator="died or timeout")
def returns_a_flood(it: HandIn) -> None:
    """Floods the channel of the result with ids."""
    it.validator("return {f'{n:060}' for n in range(10**5)}")


@attack(validator="memory or timeout")
def returns_ids_without_end(it: HandIn) -> None:
    """Returns a generator that never ends."""
    it.validator("import itertools\nreturn (f'{n:060}' for n in itertools.count())")


@attack(evidence="raised")
def fills_the_disk(it: HandIn) -> None:
    """Writes large files everywhere it can."""
    it.evidence(
        """
        for number in range(100):
            for folder in ('/tmp', '/dev/shm', '/var/tmp', '.'):
                try:
                    open(f'{folder}/{number}', 'wb').write(bytes(15 * 10**6))
                except PermissionError:
                    pass
        """
    )


@attack(evidence="raised")
def opens_files_without_end(it: HandIn) -> None:
    """Uses up the machine's open files."""
    it.evidence("held = []\nwhile True: held.append(open('/dev/null'))")


@attack(evidence="raised")
def recurses_without_end(it: HandIn) -> None:
    """Overruns the stack, with the limit of recursion taken away."""
    it.evidence("def deeper(): return deeper()\nreturn deeper()")


@attack(evidence="syntax")
def a_cell_too_large(it: HandIn) -> None:
    """Hands in a cell that the compiler would take minutes and gigabytes for."""
    it.cell("evidence_answer").source = "def evidence(tables):\n    return " + " + ".join(["1"] * 200_000)


@attack(evidence="syntax")
def brackets_without_end(it: HandIn) -> None:
    """Overruns the compiler's own stack."""
    it.cell("evidence_answer").source = "def evidence(tables):\n    return " + "(" * 20_000


@attack(evidence="timeout", validator="timeout")
def sleeps_everywhere(it: HandIn) -> None:
    """Costs the batch as much time as it may, in each of its cells."""
    it.evidence("import time\ntime.sleep(3600)")
    it.validator("import time\ntime.sleep(3600)")
