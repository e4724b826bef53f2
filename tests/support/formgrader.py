"""The real formgrader service of a test course, with a token for its login."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

TOKEN = "secret"


@contextmanager
def formgrader(box: Any, folder: Path) -> Iterator[str]:
    """Serves the box's course; yields the address without its last slash."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "MONDAYLAB_ROOT": str(box.site.root),
        "MONDAYLAB_VAR": str(box.site.var),
        "MONDAYLAB_COHORT": box.cohort,
        "MONDAYLAB_COURSE": str(box.course.folder),
        "HOME": str(folder),
        "JUPYTER_CONFIG_PATH": str(box.site.hub_config / "jupyter" / "instructor"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    options = [
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.base_url=/services/{box.cohort}/",
        f"--IdentityProvider.token={TOKEN}",
        "--no-browser",
    ]
    command = [sys.executable, "-m", "mondaylab.grader.formgrader.server", *options]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=box.course.folder, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(300):
                try:
                    httpx.get(address, verify=False)  # as nothing is encrypted: reading certificates takes 40 ms
                    break
                except httpx.TransportError:
                    assert process.poll() is None, (folder / "log").read_text()[-2000:]
                    time.sleep(0.2)
            yield f"{address}/services/{box.cohort}"
        finally:
            process.kill()  # it would end in its own good time, and nobody looks at how
            process.wait(20)
