"""What installed packages add to ours: objects named in entry points, one group for each kind of thing.

See https://packaging.python.org/en/latest/specifications/entry-points/ for how a package names them.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from mondaylab.errors import Refused

T = TypeVar("T")


def extensions(group: str, kind: type[T], *, taken: Collection[str] = ()) -> dict[str, T]:
    """The objects that installed packages offer in a group.

    Args:
        group: Such as ``mondaylab.cells``.
        kind: What each of them has to be.
        taken: Names that are ours.

    Returns:
        Name -> object, by name.

    Raises:
        Refused: An object cannot be imported or is something else, or its name is taken; the package is named.
    """
    found: dict[str, T] = {}
    for entry in sorted(entry_points(group=group), key=lambda one: (one.name, one.value)):
        if entry.name in taken or entry.name in found:
            raise Refused(
                f"{_package(entry)} calls something {entry.name!r} in {group}, and there is one already",
                where=entry.value,
                fix="give it another name, or uninstall one of the packages",
            )
        found[entry.name] = _loaded(entry, kind)
    return found


def _loaded(entry: EntryPoint, kind: type[T]) -> T:
    try:
        loaded = entry.load()
    except (ImportError, AttributeError) as error:
        raise Refused(
            f"{_package(entry)} offers {entry.name!r} in {entry.group}, and it cannot be imported ({error})",
            where=entry.value,
            fix="mend or uninstall the package",
        ) from None
    if not isinstance(loaded, kind):
        raise Refused(
            f"{_package(entry)} offers {entry.name!r} in {entry.group}, which is no {kind.__name__}",
            where=entry.value,
            fix="mend or uninstall the package",
        )
    return loaded


def _package(entry: EntryPoint) -> str:
    return "a package" if entry.dist is None else f"the package {entry.dist.name}"
