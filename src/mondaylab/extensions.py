"""What installed packages add to mondaylab: entry points, loaded once, each held against what it has to be."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from mondaylab.errors import Refused

Wrong = Callable[[str, Any], str | None]
"""Says of an entry point's name and object what is wrong with them; none: nothing."""


def extensions(group: str, wrong: Wrong, *, taken: Collection[str] = ()) -> dict[str, Any]:
    """What packages add to a group: entry point's name -> its object, in the order of the names.

    Args:
        group: Such as ``mondaylab.claims``.
        wrong: Holds each object against what the group wants.
        taken: Names that mondaylab has itself.

    Raises:
        Refused: A name is taken or comes twice, an object cannot be loaded, or it is not what the group wants; each
            error names the package.
    """
    found: dict[str, Any] = {}
    brought: dict[str, str] = {}
    for point in added(group):
        other = "mondaylab" if point.name in taken else brought.get(point.name)
        if other is not None:
            raise _refusal(group, point, f"is the name of one that {other} has already")
        brought[point.name] = package_of(point)
        found[point.name] = _loaded(group, point)
        if (problem := wrong(point.name, found[point.name])) is not None:
            raise _refusal(group, point, f"is {problem}")
    return found


def added(group: str) -> list[EntryPoint]:
    """The entry points of a group, none of them loaded, by name and package."""
    return sorted(entry_points(group=group), key=lambda point: (point.name, package_of(point), point.value))


def package_of(point: EntryPoint) -> str:
    """The name of the installed package that an entry point is of."""
    return "a package without a name" if point.dist is None else point.dist.name


def _loaded(group: str, point: EntryPoint) -> Any:
    try:
        return point.load()
    except (ImportError, AttributeError, NameError, SyntaxError, TypeError, ValueError, OSError) as error:
        # the error's own words may hold a path of this machine
        raise _refusal(group, point, f"({point.value}) cannot be loaded: {type(error).__name__}") from error


def _refusal(group: str, point: EntryPoint, what: str) -> Refused:
    return Refused(
        f"{point.name!r} of {group} {what}",
        where=f"package {package_of(point)}",
        fix=f"mend the package, or uninstall it: pip uninstall {package_of(point)}",
    )
