"""The kernel that a build runs in: on sockets of its own folder, with an environment of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager


@contextmanager
def private_kernel(environment: Mapping[str, str]) -> Iterator[type[AsyncKernelManager]]:
    """A kernel manager class for nbclient and papermill (``kernel_manager_class=``).

    Its kernel listens on unix sockets in a folder that only this user can enter: over TCP any local user could read
    the outputs, and ipykernel warns of that. The environment goes to the kernel alone, never through ``os.environ``.

    Args:
        environment: All variables that the kernel gets.
    """
    # a unix socket's path is limited to 108 bytes, so the folder does not lie below the build
    with tempfile.TemporaryDirectory(prefix="mondaylab-kernel-") as folder:

        class PrivateKernel(AsyncKernelManager):
            def __init__(self, **traits: object) -> None:
                super().__init__(**traits)
                self.transport = "ipc"
                self.connection_file = str(Path(folder, "kernel.json"))
                self.ip = str(Path(folder, "socket"))

            async def start_kernel(self, **options: object) -> None:
                await self._async_start_kernel(env=dict(environment), **options)

        yield PrivateKernel
