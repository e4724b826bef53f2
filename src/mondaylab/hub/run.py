"""One run of the hub, from start to the last process gone."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType, MappingProxyType
from urllib.parse import urlsplit

import httpx
import psutil

from mondaylab.errors import MondaylabError, Refused
from mondaylab.files import write_file
from mondaylab.hub.cohorts import applied
from mondaylab.hub.keeper import KEEPER, default_signals, tie_to_parent
from mondaylab.hub.origins import GIVES_UP, Origins
from mondaylab.hub.processes import Init
from mondaylab.hub.proxy import ensure_proxy
from mondaylab.hub.settings import SETTINGS_VARIABLE, HubSettings
from mondaylab.loopback import unproxied
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

Say = Callable[[str], None]
_START_SECONDS = 240.0
_STOP_SECONDS = 15.0
_TICK = 0.1


class RunningHub:
    """A hub that was started.

    Attributes:
        settings: What it was started with; `settings.url` is what to open.
        log: Its log file.
    """

    def __init__(self, settings: HubSettings, process: subprocess.Popen[bytes], log: Path) -> None:
        self.settings = settings
        self.log = log
        self._process = process

    @property
    def url(self) -> str:
        """What to open in a browser, with a slash at its end."""
        return self.settings.url

    @property
    def pid(self) -> int:
        """Process id of the hub itself."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def wait_until_up(self, say: Say) -> None:
        """Returns when the hub, the judgement service and every formgrader answer.

        The assistant is not waited for: it loads its model in the background, and labs work without it.

        Raises:
            MondaylabError: The hub ended, or does not answer in time; its last words are in the message.
        """
        began = time.monotonic()
        # first each at its own port: through the proxy, every try that comes too early would be logged as an error
        waiting = self._probes(lambda name: f"http://127.0.0.1:{self.settings.ports[name]}/")
        self._wait_for(waiting, began, say)
        through, addresses = self.settings.local, self.settings.addresses
        named = {name: urlsplit(addresses.of(path)).netloc for name, path in self._paths().items()}
        self._wait_for(self._probes(lambda _: f"{through}/"), began, say, named)

    def _paths(self) -> dict[str, str]:
        services = [name for name in self.settings.ports if name not in _INNER]
        return {"hub": "/hub/health", **{name: f"/services/{name}/" for name in services}}

    def _probes(self, base: Callable[[str], str]) -> dict[str, str]:
        return {name: f"{base(name).rstrip('/')}{path}" for name, path in self._paths().items()}

    def _wait_for(
        self, waiting: dict[str, str], began: float, say: Say, hosts: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        told = time.monotonic()
        # one client: each new one reads all certificates of the machine, and would keep a processor from what starts
        with httpx.Client(timeout=2, follow_redirects=False, trust_env=False) as client:
            while waiting:
                if self.exit_code() is not None:
                    raise self._failure(f"the hub ended with {self.exit_code()}")
                now = time.monotonic()
                if now - began > _START_SECONDS:
                    raise self._failure(f"no answer from {', '.join(waiting)} after {_START_SECONDS:.0f} s")
                waiting = {name: url for name, url in waiting.items() if not _answers(client, url, hosts.get(name))}
                if waiting and now - told > 5:
                    told = now
                    say(f"waiting for {', '.join(waiting)} ({now - began:.0f} s)")
                time.sleep(_TICK if waiting else 0)

    def stop(self) -> None:
        """Stops the hub, its services and every learner's server; when this returns, no process is left."""
        family = _family(self._process.pid)
        if self.exit_code() is None:
            # the hub stops one after the other what it started: told beforehand, all stop at once
            _ask_to_end(family)
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        _end_all(family)

    def _failure(self, what: str) -> MondaylabError:
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        last = "\n".join(lines[-12:])
        return MondaylabError(f"{what}. The end of its log:\n{last}\n", where=self.log, fix="mondaylab hub check")


_INNER = ("hub", "proxy", "assistant")


@contextmanager
def running_hub(
    site: Site,
    *,
    port: int = 8000,
    origins: Origins = Origins.SUBDOMAINS,
    public: str = "",
    say: Say = lambda _: None,
) -> Iterator[RunningHub]:
    """Starts the hub, hands it out when it answers, and stops everything when the block ends, however it ends.

    Args:
        site: The installation; its cohorts were applied before.
        port: Public port on 127.0.0.1; 0 for any that is free.
        origins: Whether each server and service has an origin of its own.
        public: A company's own address of the hub; empty for the name on this machine.
        say: Called with lines of progress.

    Raises:
        Refused: No cohort was applied, the port is taken, or a hub of this installation runs already.
        MondaylabError: The hub did not come up.
    """
    with ExitStack() as held:
        held.enter_context(_only_run(site))
        _end_orphan(site, say)
        if not applied(site):
            raise Refused("no cohort to serve", where=site.var, fix="mondaylab cohort apply COHORT")
        if origins is Origins.PATH:
            say(f"One origin for everything, as chosen: {GIVES_UP}")
        ensure_proxy(site, say)
        hub = _start(HubSettings.choose(site, port=port, origins=origins, public=public))
        held.callback(_record(site).unlink, missing_ok=True)
        held.callback(hub.stop)
        say("starting the hub")
        hub.wait_until_up(say)
        yield hub


def run_hub(
    site: Site,
    *,
    ready: Callable[[RunningHub], None],
    port: int = 8000,
    origins: Origins = Origins.SUBDOMAINS,
    public: str = "",
    say: Say = lambda _: None,
) -> int:
    """Runs the hub until Ctrl-C, SIGTERM or SIGHUP; when it returns, everything has stopped.

    Args:
        site: The installation.
        ready: Called once, when the hub answers.
        port: Public port on 127.0.0.1; 0 for any that is free.
        origins: Whether each server and service has an origin of its own.
        public: A company's own address of the hub; empty for the name on this machine.
        say: Called with lines of progress.

    Returns:
        0 after a wanted stop, 1 when the hub ended by itself.

    Raises:
        Refused, MondaylabError: As `running_hub`.
    """
    with _stop_signals_interrupt():
        try:
            with running_hub(site, port=port, origins=origins, public=public, say=say) as hub:
                ready(hub)
                while hub.exit_code() is None:
                    time.sleep(_TICK)
                say(f"the hub ended by itself with {hub.exit_code()}; its log: {hub.log}")
                return 1
        except KeyboardInterrupt:
            return 0


@contextmanager
def _stop_signals_interrupt() -> Iterator[None]:
    """The first stop signal raises KeyboardInterrupt; later ones are ignored, because the stop is under way."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _start(settings: HubSettings) -> RunningHub:
    site = settings.site
    path = site.hub / "settings.json"
    write_file(path, settings.model_dump_json(indent=1), mode=0o600)
    log = site.logs / "hub.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = {
        **unproxied(os.environ),
        # nbgrader runs programs of the virtual environment by name, and nobody needs to have it on their PATH
        "PATH": f"{sys.prefix}/bin:{os.environ.get('PATH', os.defpath)}",
        SETTINGS_VARIABLE: str(path),
        ROOT_VARIABLE: str(site.root),
        VAR_VARIABLE: str(site.var),
    }
    with log.open("wb") as output:
        log.chmod(0o600)
        process = subprocess.Popen(
            [sys.executable, "-m", "mondaylab.hub.app", "--config", str(site.hub_config / "jupyterhub_config.py")],
            cwd=site.hub,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a Ctrl-C in the terminal reaches only us, and we tell the hub once
            preexec_fn=_hub_setup,  # noqa: PLW1509  only resets signals
        )
    started = Init.of(process.pid)
    if started is not None:
        write_file(_record(site), started.model_dump_json(), mode=0o600)
    return RunningHub(settings, process, log)


def _hub_setup() -> None:
    os.umask(0o077)  # databases, logs and homes: for nobody but the hub's own user
    default_signals()
    tie_to_parent(signal.SIGTERM)


def _answers(client: httpx.Client, url: str, host: str | None) -> bool:
    """Whether something behind the proxy takes this address; its own "no" (401, 403) is an answer too.

    The name is sent, never looked up: not every machine resolves names below ``localhost``.
    """
    try:
        headers = {"Host": host} if host else {}
        status = client.get(url, headers=headers).status_code
    except httpx.HTTPError:
        return False
    return status < 500 and status != 404


# -- one run at a time, and what a killed one left
@contextmanager
def _only_run(site: Site) -> Iterator[None]:
    site.hub.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (site.hub / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("a hub of this installation runs already", where=site.var, fix="use it, or stop it") from None
        yield


def _record(site: Site) -> Path:
    """Which process the running hub is."""
    return site.hub / "running.json"


def _end_orphan(site: Site, say: Say) -> None:
    """Ends a hub whose `mondaylab hub run` was killed; any other process that has its id by now is left alone."""
    path = _record(site)
    if not path.exists():
        return
    orphan = Init.read_json(path)
    if orphan.process() is not None:
        say("stopping the hub of a run that was killed")
        family = _family(orphan.pid)
        process = orphan.process()
        if process is not None:
            process.terminate()
            psutil.wait_procs([process], timeout=_STOP_SECONDS)
        _end_all([orphan, *family])
    path.unlink(missing_ok=True)


def _family(pid: int) -> list[Init]:
    try:
        members = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [init for init in (Init.of(member.pid) for member in members) if init is not None]


def _ask_to_end(family: list[Init]) -> None:
    """Tells keepers and single-user servers of a hub to end; its proxy is left to the hub.

    Not bubblewrap, whose end would give the server inside no time at all.
    """
    for process in (init.process() for init in family):
        if process is None:
            continue
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            command = process.cmdline()
            service = KEEPER in command and "--once" not in command
            server = process.name() != "bwrap" and any(word.endswith("/jupyterhub-singleuser") for word in command)
            if service or server:
                process.terminate()


def _end_all(family: list[Init]) -> None:
    """Ends those of a family that still live."""
    left = [process for process in (init.process() for init in family) if process is not None]
    _, left = psutil.wait_procs(left, timeout=1)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=5)
