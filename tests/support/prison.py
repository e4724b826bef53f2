"""A real jail, started directly, for a learner of a cohort with things worth stealing around it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.support.places import ROOT

from mondaylab.files import write_file
from mondaylab.hub.checks import user_namespaces
from mondaylab.hub.cohorts import declared_cohort
from mondaylab.hub.jail import Jail, Limits, arguments
from mondaylab.hub.provision import apply
from mondaylab.hub.spawner import jail_of, prepare
from mondaylab.settings import Site

SECRET = "canary-7c1f09"


class Prison:
    """A jail and its surroundings."""

    def __init__(self, site: Site, jail: Jail, variables: dict[str, str] | None = None) -> None:
        self.site, self.jail, self.secret = site, jail, SECRET
        self._variables = variables or {}

    def run(self, code: str, *, timeout: float = 30) -> subprocess.CompletedProcess[str]:
        """Runs Python code in the jail, as a learner's kernel would."""
        return self.command([f"{sys.prefix}/bin/python", "-I", "-c", code], timeout=timeout)

    def with_limits(self, limits: Limits) -> Prison:
        """The same jail with other limits."""
        return Prison(self.site, self.jail.model_copy(update={"limits": limits}))

    def command(self, command: list[str], *, timeout: float = 30) -> subprocess.CompletedProcess[str]:
        with self._process(command) as process:
            said, complained = process.communicate(timeout=timeout)
            return subprocess.CompletedProcess(command, process.returncode, said, complained)

    @contextmanager
    def started(self, code: str) -> Iterator[subprocess.Popen[str]]:
        """A jail that runs code until the block ends."""
        with self._process([f"{sys.prefix}/bin/python", "-I", "-c", code]) as process:
            yield process

    @contextmanager
    def _process(self, command: list[str]) -> Iterator[subprocess.Popen[str]]:
        # the read end stays open to the end: bubblewrap would die of SIGPIPE half-way, and leave its child waiting
        read_end, write_end = os.pipe()
        process = subprocess.Popen(
            arguments(self.jail, command, status_fd=write_end),
            pass_fds=(write_end,),
            env={"HOME": self.jail.home_inside, "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", **self._variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        os.close(write_end)
        try:
            with process:
                try:
                    yield process
                finally:
                    process.kill()
        finally:
            os.close(read_end)


@pytest.fixture(scope="module")
def prison(tmp_path_factory: pytest.TempPathFactory, write_release) -> Prison:
    problem = user_namespaces()
    if problem is not None:
        pytest.skip(f"NO JAIL TESTED: user namespaces do not work here: {problem}")
    site = Site(ROOT, tmp_path_factory.mktemp("prison") / "var")
    apply(site, declared_cohort(site, "finance-demo"))
    for place in (
        "keys/finance-demo/form-1.json",
        "homes/omar/diary.txt",
        "courses/finance-demo/source/answers.ipynb",
        "exchange/finance-demo/inbound/omar/work.txt",
        "exchange/finance-demo/feedback/omar/grade.txt",
        "builds/demo/finance/other_lab/2026Q4/data/manifest.json",
        "builds/demo/finance/weekly_margin_memo/2026Q4/lab.ipynb",
        "releases/finance/other_lab/2026Q4-0/data/manifest.json",
        "raw/demo/2026Q4/customers.csv",
        "snapshots/demo/x/manifest.json",
        "hub/judgements.sqlite",
    ):
        path = site.var / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
    write_release(site, "finance/weekly_margin_memo", {"data/manifest.json": "{}", "sources/key": SECRET})
    write_file(site.var / "forms/finance-demo/finance--weekly_margin_memo/release", "2026Q4-0")
    jail = jail_of(site, "lena", network="shared", limits=Limits())
    prepare(jail)
    return Prison(site, jail)
