"""What the formgrader service takes away from a Jupyter server: writing files, and running kernels.

The service runs as the hub's own user. Code of a browser's, in a kernel or in a file that is loaded later, would be
that user's; and grading needs neither, because learner code runs in the scorer's sandbox.
"""

from __future__ import annotations

from typing import Any, NoReturn

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError


class ReadOnlyContents(AsyncLargeFileManager):
    """A course's files, to read: whoever could write could change ``nbgrader_config.py``, which is run."""

    async def save(self, model: dict[str, Any], path: str = "") -> NoReturn:
        _refuse()

    async def delete_file(self, path: str) -> NoReturn:
        _refuse()

    async def rename_file(self, old_path: str, new_path: str) -> NoReturn:
        _refuse()

    async def create_checkpoint(self, path: str) -> NoReturn:
        _refuse()

    async def restore_checkpoint(self, checkpoint_id: str, path: str) -> NoReturn:
        _refuse()


class NoKernels(AsyncMappingKernelManager):
    """Starts no kernel, whatever kernelspec is asked for: an allow list of kernelspecs only hides the others."""

    async def start_kernel(self, *_args: Any, **_options: Any) -> NoReturn:
        raise HTTPError(403, "the formgrader service runs no kernels")


def _refuse() -> NoReturn:
    raise HTTPError(403, "the files of a course are changed by mondaylab and nbgrader only")
