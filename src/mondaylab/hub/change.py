"""Changes: what a plan consists of, each with the words for a person and what makes it so."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mondaylab.settings import Site


@dataclass(frozen=True)
class Change:
    """One thing that is not yet as a file of ``hub_config/`` says.

    Attributes:
        kind: ``account``, ``folder``, ``file``, ``student``, ``cohort`` or ``authors``.
        what: One line for a person, such as ``add account lena``.
        do: Makes it so.
    """

    kind: str
    what: str
    do: Callable[[], object]


def make_changes(changes: Iterable[Change], say: Callable[[str], None]) -> list[str]:
    """Makes changes in their order, each told before it is made; returns those that were made."""
    done = []
    for change in changes:
        say(change.what)
        change.do()
        done.append(change.what)
    return done


def private_folders(site: Site, folders: Iterable[Path]) -> Iterator[Change]:
    """What makes folders of the state there, and nobody else's to enter."""
    for folder in folders:
        if not folder.is_dir():
            yield Change("folder", f"make {short(site, folder)}", partial(_private, folder))
        elif stat.S_IMODE(folder.stat().st_mode) != 0o700:
            yield Change("folder", f"make {short(site, folder)} private", partial(folder.chmod, 0o700))


def short(site: Site, path: Path) -> str:
    """A path of the state as people know it."""
    return str(path.relative_to(site.var))


def _private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
