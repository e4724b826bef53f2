"""``lab.ask`` in real kernels: the cell returns at once, and what it left running ends with it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from jupyter_client.manager import start_new_kernel
from tests.support import answering as support
from tests.support.answering import END, event

real_server = support.real_server
answering = support.answering

ASK = """
try: panels
except NameError: panels = []
import os
from pathlib import Path
from types import SimpleNamespace
from mondaylab.judging.notebook import Lab
from mondaylab.quarter import Quarter
# opened again with each cell, as people do
lab = Lab("finance/any", Quarter(2026, 4), SimpleNamespace(folder=Path(os.environ["LAB_BINDINGS"]), names=list), None)
panels.append(lab.ask("Write."))
"""


BINDINGS = """
company: demo
currency: EUR
sample_data: true
entities:
  order:
    table: orders
    key: order_id
    date: orders.order_date
    fields:
      net: {column: orders.net, unit: EUR}
"""


class Notebook:
    """Cells that are run as JupyterLab runs them, with their ids."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.manager, self.client = start_new_kernel(env={**os.environ, **environment})

    def run(self, cell: str, code: str) -> str:
        """What a cell prints."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = self.client.session.msg("execute_request", content)
        message["metadata"] = {"cellId": cell, "deletedCells": [], "recordTiming": False, "trusted": True}
        self.client.shell_channel.send(message)
        printed = ""
        while True:
            told = self.client.get_iopub_msg(timeout=30)
            if told["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            assert told["msg_type"] != "error", told["content"]
            if told["msg_type"] == "stream":
                printed += told["content"]["text"]
            if told["msg_type"] == "status" and told["content"]["execution_state"] == "idle":
                return printed.strip()

    def phases(self) -> list[str]:
        return self.run("look", "print(*[panel.told.phase for panel in panels])").split()

    def until(self, *phases: str) -> None:
        end = time.monotonic() + 60
        while (now := self.phases()) != list(phases):
            assert time.monotonic() < end, now
            time.sleep(0.05)

    def interrupted_until(self, *phases: str) -> None:
        """Interrupts the kernel at rest, as often as it takes to be at rest for long enough."""
        end = time.monotonic() + 60
        while self.phases() != list(phases):
            assert time.monotonic() < end
            time.sleep(0.4)
            self.manager.interrupt_kernel()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory) -> Iterator[Notebook]:
    """One for all of them: it takes longer to start than what they do in it."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "bindings.yaml").write_text(BINDINGS)
    made = Notebook({"LAB_BINDINGS": str(folder)})
    yield made
    made.client.stop_channels()
    made.manager.shutdown_kernel(now=True)


@pytest.fixture
def notebook(kernel, answering) -> Notebook:
    """Nothing was asked in it yet, whatever the test before did."""
    answering.pieces = [event("First "), None, event("second."), END]
    kernel.run("begin", f"import os\nos.environ.update({answering.environment!r})\npanels = []")
    return kernel


def test_the_kernel_is_free_and_the_same_cell_again_ends_the_old_answer(notebook, answering) -> None:
    notebook.run("one", ASK)
    notebook.until("thinking")
    assert notebook.run("other", "print(1 + 1)") == "2"
    notebook.run("two", ASK)  # another cell's answer is its own
    notebook.until("thinking", "thinking")
    notebook.run("one", ASK)
    notebook.until("stopped", "thinking", "thinking")
    answering.go.set()
    notebook.until("stopped", "done", "done")
    assert notebook.run("look", "print(panels[2].text)") == "First second."


def test_interrupting_a_kernel_at_rest_ends_the_answer(notebook, answering) -> None:
    notebook.run("one", ASK)
    notebook.until("thinking")
    notebook.run("two", ASK)
    notebook.until("thinking", "thinking")
    notebook.interrupted_until("stopped", "stopped")
    assert answering.left.wait(60)
    assert notebook.run("other", "print('alive')") == "alive"


AGAIN = 'panels[0]._on_message(None, {"do": "again"}, None)'


def test_what_is_asked_again_on_the_page_is_still_its_cells(notebook, answering) -> None:
    answering.go.set()
    notebook.run("one", ASK)
    notebook.until("done")
    answering.go.clear()
    notebook.run("elsewhere", AGAIN)
    notebook.until("thinking")
    notebook.run("one", ASK)
    notebook.until("stopped", "thinking")
    notebook.run("elsewhere", AGAIN)
    notebook.until("thinking", "thinking")
    notebook.interrupted_until("stopped", "stopped")
    notebook.run("elsewhere", AGAIN)  # after an interrupt, too
    notebook.until("thinking", "stopped")
    notebook.interrupted_until("stopped", "stopped")


def test_a_kernel_that_ends_takes_its_answer_with_it(notebook, answering) -> None:
    """The last test here: it ends the kernel."""
    notebook.run("one", ASK)
    notebook.until("thinking")
    notebook.manager.shutdown_kernel(now=True)
    assert answering.left.wait(60)
