"""The kernel that a build runs in: on sockets of its own folder, with an environment of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from mondaylab.labs.building.warm_kernels import WarmKernel


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel warm, or as always where there is no server or the kernelspec names another Python."""

    server: Path

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """As `LocalProvisioner.launch_kernel`."""
        if cmd[1:3] == ["-m", "ipykernel_launcher"] and _same_program(cmd[0]):
            try:
                kernel = WarmKernel(self.server, cmd, kwargs["env"], str(kwargs.get("cwd") or Path.cwd()))
            except (OSError, EOFError):
                pass
            else:
                self.process = kernel
                self.pid = self.pgid = kernel.pid  # it leads a session of its own
                self.cwd = kwargs.get("cwd", Path.cwd())
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)


def _same_program(path: str) -> bool:
    # not resolved: two environments may share one interpreter and differ in all else
    return Path(path).absolute() == Path(sys.executable).absolute()


@contextmanager
def private_kernel(environment: Mapping[str, str], warm: Path | None = None) -> Iterator[type[AsyncKernelManager]]:
    """A kernel manager class for nbclient and papermill (``kernel_manager_class=``).

    Its kernel listens on unix sockets in a folder that only this user can enter: over TCP any local user could read
    the outputs, and ipykernel warns of that. The environment goes to the kernel alone, never through ``os.environ``.

    Args:
        environment: All variables that the kernel gets.
        warm: The socket `Warm.kernels`, to start it from.
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
                if warm is not None and not self.has_kernel:
                    provisioner = WarmProvisioner(kernel_spec=self.kernel_spec, parent=self)
                    provisioner.server = warm
                    self.provisioner = provisioner
                await self._async_start_kernel(env=dict(environment), **options)

        yield PrivateKernel
