"""The hub's spawner: every learner's single-user server in a jail of its own."""

from __future__ import annotations

import asyncio
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from jupyterhub.spawner import LocalProcessSpawner, SpawnException
from jupyterhub.utils import random_port
from traitlets import Dict, Enum, Float, Unicode

from mondaylab.errors import MondaylabError, Refused
from mondaylab.files import write_file
from mondaylab.hub.authors import applied_authors, standing, the_role, written_by
from mondaylab.hub.cohorts import Cohort, applied
from mondaylab.hub.jail import (
    CHECKOUT,
    JUPYTER_CONFIG,
    LAB_DATA,
    Bind,
    Jail,
    Limits,
    arguments,
    exchange_binds,
    identity_files,
    lab_binds,
    python_binds,
)
from mondaylab.hub.processes import Init, stop_jail, watch_jail
from mondaylab.hub.workshop import author_jail, prepare_workshop
from mondaylab.labs.drawing.issuing import issued_release
from mondaylab.labs.quarterly.releases import release_folder
from mondaylab.loopback import unproxied
from mondaylab.settings import ROOT_VARIABLE, Site

# what the hub itself tells a server; everything else in a jail's environment is listed in `environment_inside`
_HUB_PREFIXES = ("JUPYTERHUB_",)


class JailedSpawner(LocalProcessSpawner):
    """Starts a learner's JupyterLab server in bubblewrap, as the hub's own user, without root and without helpers."""

    root = Unicode(help="The checkout.").tag(config=True)
    var = Unicode(help="The installation's state.").tag(config=True)
    judgement_url = Unicode(help="Address of the judgement service, as seen from a jail.").tag(config=True)
    assistant_url = Unicode(help="Base address of the assistant's OpenAI-compatible API, as seen from a jail.").tag(
        config=True
    )
    network = Enum(["shared", "private"], "shared", help="The host's network, or none but the services.").tag(
        config=True
    )
    limits = Dict(help="Limits that differ from the defaults: the fields of mondaylab.hub.jail.Limits.").tag(
        config=True
    )
    grace = Float(2.0, help="Seconds a server has to end by itself when it is stopped.").tag(config=True)

    init: Init | None = None
    opened_as: tuple[str, ...] = ()
    """What its jail was made for (`standing`): who loses any of it loses the server."""
    _watching: asyncio.Task[None] | None = None

    @property
    def site(self) -> Site:
        """The installation."""
        return Site(Path(self.root), Path(self.var))

    # -- what the hub remembers of a server
    def get_state(self) -> dict[str, Any]:
        state: dict[str, Any] = super().get_state()
        if self.init is not None:
            state |= {"init": self.init.model_dump(), "opened_as": [*self.opened_as]}
        return state

    def load_state(self, state: dict[str, Any]) -> None:
        super().load_state(state)
        self.init = Init.model_validate(state["init"]) if "init" in state else None
        self.opened_as = tuple(state.get("opened_as", ()))

    def clear_state(self) -> None:
        super().clear_state()
        self.init = None

    # -- what a server gets
    def get_env(self) -> dict[str, str]:
        told = super().get_env()
        kept = {key: value for key, value in told.items() if key.startswith(_HUB_PREFIXES)}
        return {**kept, **self.environment_inside(told["JUPYTERHUB_API_TOKEN"])}

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        return env  # the base class would look the learner up among the system's users

    def environment_inside(self, token: str) -> dict[str, str]:
        """Everything a jail's environment holds beside what the hub tells its servers (``JUPYTERHUB_...``).

        Args:
            token: The server's own hub token, which is also its key to the assistant.
        """
        home = f"/home/{self.user.name}"
        wanted = {
            **self._of_role(token),
            "HOME": home,
            "USER": self.user.name,
            "SHELL": "/bin/bash",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
            "TMPDIR": "/tmp",  # noqa: S108  the jail's own
            "JUPYTER_CONFIG_PATH": JUPYTER_CONFIG,
            "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",  # noqa: S108  the jail's own; short, for kernel sockets
            "JUPYTER_PLATFORM_DIRS": "0",
            # a learner may name the company's proxy for themselves, to reach a package index
            **unproxied({}),
            # one thread pool a library: many-core machines would spend the address space on idle threads
            **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "ARROW_NUM_THREADS"), "2"),
        }
        return {key: value for key, value in wanted.items() if value}

    def _of_role(self, token: str) -> dict[str, str]:
        """Where an author's programs find the checkout, and a learner's the services and data."""
        if written_by(self.site, self.user.name):
            return {ROOT_VARIABLE: CHECKOUT}
        return {
            "MONDAYLAB_JUDGEMENT_URL": self.judgement_url,
            "MONDAYLAB_DATA": LAB_DATA,
            "OPENAI_BASE_URL": self.assistant_url,
            "OPENAI_API_KEY": token,
        }

    # -- start, watch, stop
    async def start(self) -> tuple[str, int]:
        try:
            self.opened_as = tuple(standing(self.user.name, applied(self.site), applied_authors(self.site)))
            limits = Limits.parse(self.limits, where="c.JailedSpawner.limits")
            jail = jail_of(self.site, self.user.name, network=self.network, limits=limits)
            prepare(jail)
        except MondaylabError as error:
            raise SpawnException(str(error), reason="refused", message_html=_with_links(error)) from None
        self.port = random_port()
        self.init = await self._launch(jail)
        self._watching = asyncio.create_task(self._watch(self.init, jail))
        return "127.0.0.1", self.port

    async def _launch(self, jail: Jail) -> Init:
        """Starts bubblewrap and reads from it which process the jail's init is."""
        read_end, write_end = os.pipe()
        log_file = self.site.logs / "servers" / f"{self.user.name}.log"
        log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = [f"{sys.prefix}/bin/jupyterhub-singleuser", *self.get_args()]
        with log_file.open("a") as log, os.fdopen(read_end) as status:
            log_file.chmod(0o600)
            try:
                self.proc = subprocess.Popen(  # noqa: ASYNC220  returns at once; the hub's other spawners do the same
                    arguments(jail, command, status_fd=write_end),
                    env=self.get_env(),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=(write_end,),
                    start_new_session=True,
                )
            finally:
                os.close(write_end)
            self.pid = self.proc.pid
            line = await asyncio.get_running_loop().run_in_executor(None, status.readline)
        init = Init.of(json.loads(line)["child-pid"]) if line else None
        if init is None:
            raise SpawnException("The lab did not start. The administrator finds why in the log.", reason="jail")
        return init

    async def _watch(self, init: Init, jail: Jail) -> None:
        await watch_jail(init, jail, self.log.warning)
        await self._reap()
        # not at the hub's next look: until then it would send the learner back to a server that is gone
        await self.poll_and_notify()

    async def poll(self) -> int | None:
        if self.proc is None and (self.init is None or self.init.process() is None):
            self.clear_state()  # remembered from a hub before this one, and not the same process any more
            return 0
        status: int | None = await super().poll()
        return status

    async def stop(self, now: bool = False) -> None:
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None
        if self.init is not None:
            await stop_jail(self.init, grace=0 if now else self.grace)
        await self._reap()
        self.clear_state()

    async def _reap(self) -> None:
        """Waits for bubblewrap itself, which ends right after the jail's init."""
        if self.proc is not None:
            await asyncio.to_thread(self.proc.wait, 5)


def jail_of(site: Site, learner: str, *, network: Literal["shared", "private"], limits: Limits) -> Jail:
    """The jail for one learner: the programs, their own places, and their cohorts' labs. For an author: the workshop.

    Raises:
        Refused: The person neither learns in a cohort nor writes labs, or does both, or writes for two roles.
    """
    cohorts = [cohort for cohort in applied(site).values() if learner in cohort.learners]
    if role := the_role(site, learner):
        return author_jail(site, learner, role, network=network, limits=limits)
    if not cohorts:
        raise _no_lab(site, learner)
    return Jail(
        user=learner,
        home=site.homes / learner,
        identity=site.hub / "jails" / learner,
        binds=(
            *python_binds(),
            Bind(source=site.root / "src", inside=str(site.root / "src")),
            Bind(source=site.hub_config / "jupyter" / "learner", inside=JUPYTER_CONFIG),
            *lab_binds(_opened(site, cohorts)),
            *exchange_binds(site.exchange, [cohort.cohort for cohort in cohorts], learner),
        ),
        network=network,
        limits=limits,
    )


def _opened(site: Site, cohorts: Iterable[Cohort]) -> list[tuple[str, str, Path]]:
    """What was opened to these cohorts: lab, quarter and release.

    Raises:
        NotFound: A release is gone.
        Refused: A release was altered, or two cohorts of one learner have different releases of a lab.
    """
    found: dict[tuple[str, str], str] = {}
    for cohort in cohorts:
        for lab in cohort.labs:
            release = issued_release(site, cohort.cohort, lab)
            if release is not None and found.setdefault((lab, cohort.quarter), release) != release:
                raise Refused(f"two cohorts have different releases of {lab}", where=cohort.cohort)
    return [(lab, quarter, release_folder(site, lab, name)) for (lab, quarter), name in sorted(found.items())]


def _no_lab(site: Site, person: str) -> Refused:
    teaches = [cohort.cohort for cohort in applied(site).values() if person in cohort.instructors]
    if teaches:
        return Refused(f"{person} teaches and has no lab server", fix=f"open /services/{teaches[0]}/formgrader/")
    return Refused(f"{person} is in no cohort", fix="ask the administrator to add the name to a cohort")


def _with_links(error: MondaylabError) -> str:
    """The error's words as HTML, with the addresses of the hub's services as links."""
    return re.sub(r"(/services/[\w./-]+)", r'<a href="\1">\1</a>', html.escape(str(error)))


def prepare(jail: Jail) -> None:
    """Makes the folders and files a jail needs on the host.

    Raises:
        Refused: The home holds more than its limit.
    """
    jail.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if jail.empty:
        prepare_workshop(jail)
    # an author's builds too, which lie beside the home; the role's labs are everybody's who writes them
    beside = (bind.source for bind in jail.binds if bind.write and bind.source.parent == jail.home.parent)
    used = sum(map(folder_mb, (jail.home, *beside)))
    if used > jail.limits.home_mb:
        raise Refused(
            f"the home of {jail.user} holds {used} MB, more than the {jail.limits.home_mb} MB allowed",
            fix="ask the administrator to move large files away",
        )
    for name, text in identity_files(jail.user).items():
        path = jail.identity / name
        if not path.is_file() or path.read_text("utf-8") != text:
            write_file(path, text)


def folder_mb(folder: Path) -> int:
    """Size on disk of a folder's files in MB, following no link and counting each hard-linked file once."""
    seen: set[tuple[int, int]] = set()
    blocks, todo = 0, [folder]
    while todo:
        try:
            entries = list(os.scandir(todo.pop()))
        except OSError:
            continue  # a folder its owner made unreadable, or removed meanwhile, has nothing that could be counted
        for entry in entries:
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if (info.st_dev, info.st_ino) not in seen:
                seen.add((info.st_dev, info.st_ino))
                blocks += info.st_blocks
            if entry.is_dir(follow_symlinks=False):
                todo.append(Path(entry.path))
    return blocks * 512 // 2**20
