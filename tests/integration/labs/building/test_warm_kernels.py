"""Warm kernels: forked for real, told apart from ordinary ones only by how soon they are there."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from tests.support.sampled import sampled

from mondaylab.labs.building.build import build_lab, built
from mondaylab.labs.building.kernels import private_kernel
from mondaylab.labs.building.warm_kernels import WarmKernel
from mondaylab.labs.building.warm_processes import warm_processes
from mondaylab.settings import Site

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"
LOOK = """
import json, os, sys
seen = dict(warm="pandas" in sys.modules, shared="fractions" in sys.modules)
seen |= dict(secret=os.environ.get("SECRET"), given=os.environ.get("GIVEN"), folder=os.getcwd())
seen |= dict(leads=os.getsid(0) == os.getpid(), pid=os.getpid())
import ipywidgets, pandas
seen |= dict(columns=pandas.get_option("display.max_columns"), comms=sorted(get_ipython().kernel.comm_manager.targets))
import numpy
seen["draw"] = numpy.random.random()
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def server():
    os.environ["SECRET"] = "the build's own"
    try:
        with warm_processes(["fractions", "ipywidgets", "no.such.module"]) as warm:
            yield warm.kernels
    finally:
        del os.environ["SECRET"]


def run(source: str, folder: Path, warm: Path | None) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    environment = {"PATH": os.environ["PATH"], "GIVEN": "yes"}
    with private_kernel(environment, warm) as manager:
        client = NotebookClient(
            notebook, kernel_manager_class=manager, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        )
        return client.execute()


def seen(folder: Path, warm: Path | None) -> dict[str, object]:
    return json.loads(run(LOOK, folder, warm).cells[0].outputs[0].text)


def gone(pid: int) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_a_warm_kernel_has_the_modules_and_nothing_else_of_its_servers(server, tmp_path):
    first, second = seen(tmp_path, server), seen(tmp_path, server)
    assert first["warm"] and first["shared"], "imported before the lab began"
    assert (first["secret"], first["given"]) == (None, "yes"), "its environment is its own, whole"
    assert first["folder"] == str(tmp_path) and first["leads"]
    assert first["pid"] != second["pid"] and first["draw"] != second["draw"], "no two draw the same numbers"
    assert gone(first["pid"]) and gone(second["pid"])


@pytest.mark.parametrize("kind", sampled(["killed", "ended", "never there"], 3))
def test_without_a_server_a_kernel_starts_as_always(kind, tmp_path):
    socket = tmp_path / "none"
    if kind == "ended":
        with warm_processes([]) as warm:
            socket = warm.kernels
        assert not socket.parent.exists()
    if kind == "killed":
        with warm_processes([]) as warm:
            socket = warm.kernels
            kernel = _sleeper(socket, tmp_path)
            os.kill(_parent(kernel.pid), signal.SIGKILL)
            kernel.kill()
            assert not seen(tmp_path, socket)["warm"]
        return
    assert not seen(tmp_path, socket)["warm"]


def test_a_module_finds_itself_in_a_kernel_as_in_any_other(server, tmp_path):
    warm, cold = seen(tmp_path, server), seen(tmp_path, None)
    assert (warm["warm"], cold["warm"]) == (True, False)
    assert warm["comms"] == cold["comms"] != [] and warm["columns"] == cold["columns"] == 20


def test_what_a_module_writes_when_it_is_imported_is_its_cells(tmp_path, capfd):
    with warm_processes(["this"]) as warm:
        told = run("import this", tmp_path, warm.kernels).cells[0].outputs
    assert "Beautiful is better than ugly" in told[0].text
    assert "Beautiful" not in "".join(capfd.readouterr())


def test_a_kernel_that_dies_is_seen_to(server, tmp_path):
    with pytest.raises(DeadKernelError):
        run("import os; os._exit(3)", tmp_path, server)


def test_nothing_outlives_a_killed_worker(server, tmp_path):
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from mondaylab.labs.building.warm_kernels import WarmKernel\n"
        f"kernel = WarmKernel(Path({str(server)!r}), {_COMMAND!r}, {{}}, {str(tmp_path)!r})\n"
        "print(kernel.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    pid = int(worker.stdout.readline())
    assert Path(f"/proc/{pid}").exists()
    worker.kill()
    worker.communicate()
    assert gone(pid)


def test_a_kernel_outlives_its_server_and_ends_when_told(tmp_path):
    with warm_processes([]) as warm:
        socket = warm.kernels
        kernel = _sleeper(socket, tmp_path)
        half = _parent(kernel.pid)
    assert not Path(f"/proc/{half}").exists(), "its server was waited for"
    assert kernel.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        kernel.wait(0.01)
    kernel.kill()
    assert gone(kernel.pid) and kernel.wait(10) == 1 == kernel.poll()
    kernel.kill()  # nobody else's process, should the number be used again


@pytest.mark.deep
def test_a_lab_is_built_the_same_warm_and_cold(server, finance, demo_site: Site, tmp_path):
    executed = []
    for name, warm in (("cold", None), ("warm", server)):
        site = Site(demo_site.root, tmp_path / name)
        site.var.mkdir()
        (site.var / "snapshots").symlink_to(demo_site.snapshots)
        build_lab(site, finance, warm=warm)
        notebook = nbformat.read(built(site, LAB, QUARTER, company="demo") / "lab.ipynb", as_version=4)
        cells = [(cell.source, cell.get("outputs"), cell.get("execution_count")) for cell in notebook.cells]
        executed.append(re.sub("0x[0-9a-f]+|[0-9a-f]{32}", "", repr(cells)))  # addresses and widgets' numbers
    assert executed[0] == executed[1]


_COMMAND = [sys.executable, "-m", "ipykernel_launcher"]


def _sleeper(socket: Path, home: Path) -> WarmKernel:
    """A kernel that waits; its home stays when the server's own folder goes, or it would end while it starts."""
    return WarmKernel(socket, _COMMAND, {"HOME": str(home)}, str(home))


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
