"""What a person may be called: the name of an account is a folder, a hub user, an address and a student id at once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mondaylab.errors import Refused

LENGTH = 100
"""Most characters of a name: a folder's, a host's and a database's limits are all further off."""
_WORD = r"[a-z0-9][a-z0-9_-]*"
_NAME = re.compile(rf"{_WORD}(\.{_WORD})*(@{_WORD}(\.{_WORD})*)?")
_LETTER = re.compile(r"[a-z0-9_.@-]")
_FOLDER = re.compile(r"[A-Za-z0-9_@-][A-Za-z0-9_.@-]*")
LEARNERS, INSTRUCTORS = "nbgrader-", "formgrade-"
"""How the hub's groups of a cohort begin, as nbgrader names them; the cohort's id follows."""
AUTHORS = "mondaylab-authors-"
"""How the hub's group of those who write a role's labs begins; the role follows."""
# the jail's own administrator, and the host that serves services
_TAKEN = frozenset({"root", "services"})


def in_a_cohort(groups: Iterable[str]) -> bool:
    """Whether somebody of these groups of the hub learns or teaches. Authors do not: they would know the items."""
    names = list(groups)
    return any(name.startswith((LEARNERS, INSTRUCTORS)) for name in names) and not any(
        name.startswith(AUTHORS) for name in names
    )


def folded(name: str) -> str:
    """A name as the hub knows it: it folds whatever is typed at its door to lower case too."""
    return name.lower()


def account_name(name: str) -> str:
    """Returns `name` if a person can be called that.

    Names are as company directories have them: ``lena``, ``anna.smith``, ``dora@example.com``, ``20231234``. Whatever
    this takes is safe as one path segment (no ``..``, no slash, no leading dot or dash).

    Raises:
        Refused: It is not; with the reason.
    """
    problem = name_problem(name)
    if problem is not None:
        raise Refused(f"{name[:LENGTH]!r} cannot be an account name: {problem}", fix=NAME_RULE)
    return name


NAME_RULE = f"use 1-{LENGTH} of a-z, 0-9, '_', '-', with single dots and one '@' between; a letter or digit first"


def person_folder(name: str) -> str:
    """Returns `name` if it is safe as a person's folder: wider than `account_name`, as a course may have older names.

    Raises:
        Refused: It is empty, begins with a dot or holds anything but letters, digits, ``_``, ``-``, ``.`` and ``@``.
    """
    if not _FOLDER.fullmatch(name):
        raise Refused(f"{name[:LENGTH]!r} is nobody's folder", fix=NAME_RULE)
    return name


def name_problem(name: str) -> str | None:
    """Why nobody can be called that; none if somebody can."""
    if _NAME.fullmatch(name) and len(name) <= LENGTH:
        return "the system uses it" if name in _TAKEN else None
    alien = next((letter for letter in name if not _LETTER.match(letter)), "")
    reasons = {
        "it is empty": not name,
        f"it is longer than {LENGTH} characters": len(name) > LENGTH,
        "it has capital letters": name != name.lower(),
        "a space stands in it": alien.isspace(),
        f"'{alien}' stands in it": alien.isprintable() and alien != "",
        "a character that cannot be shown stands in it": alien != "",
        "'@' stands in it twice": name.count("@") > 1,
        "'.', '@', '_' or '-' stands where a letter or digit has to": True,
    }
    return next(reason for reason, holds in reasons.items() if holds)
