"""What installed packages add to mondaylab: entry points, loaded once, each held against what it has to be.

What they raise when they are called is told as theirs, by `blaming`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import FrameType
from typing import Any

from mondaylab.errors import MondaylabError, Refused

_PREFIX = "mondaylab."
"""Every group's name begins so."""
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


@contextmanager
def blaming() -> Iterator[None]:
    """Around whatever may call what packages added: an error that they raise names the package; others pass through.

    Packages give classes and functions that are called from many places, so what tells whose an error is are the
    functions that it came through.

    Raises:
        Refused: Code of a package raised something else than an error of ours.
    """
    try:
        yield
    except MondaylabError:
        raise
    except Exception as error:
        refusal = _raised_by_a_package(error)
        if refusal is None:
            raise
        raise refusal from error


def _raised_by_a_package(error: Exception) -> Refused | None:
    frames = list(traceback.walk_tb(error.__traceback__))
    points = [point for group in entry_points().groups if group.startswith(_PREFIX) for point in added(group)]
    for frame, line in reversed(frames):
        point = _point_of(frame, points)
        if point is not None:
            place = f"{Path(frame.f_code.co_filename).name}:{line}"
            # the error's own words may hold a path of this machine, or a cell of the data
            return _refusal(point.group, point, f"raised {type(error).__name__} ({place})")
    return None


def _point_of(frame: FrameType, points: Collection[EntryPoint]) -> EntryPoint | None:
    """The entry point that a function belongs to: the one of its name, else one of its module or package."""
    module, name = str(frame.f_globals.get("__name__")), frame.f_code.co_qualname.partition(".")[0]
    beside = [point for point in points if _top(point.module) == _top(module)]
    there = [point for point in beside if point.module == module] or beside
    return next((point for point in there if point.attr.partition(".")[0] == name), next(iter(there), None))


def _top(module: str) -> str:
    return module.partition(".")[0]


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
