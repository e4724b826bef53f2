"""Authors: who writes the labs of a role in the hub. A group of the hub, and nobody of a cohort."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from pydantic import model_validator

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.files import write_file
from mondaylab.hub.accounts import Accounts
from mondaylab.hub.change import Change, make_changes, private_folders
from mondaylab.hub.cohorts import Cohort, applied, groups_of, readable, refuse_names, typed_people
from mondaylab.people import AUTHORS, account_name
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name
from mondaylab.yaml_file import YamlFile


class Authors(Record):
    """Who writes the labs of a role, on whose data: ``hub_config/authors/<role>.yaml``."""

    role: str
    """As the folder in ``labs/``, and the file, is called."""
    company: str
    """Whose bindings and snapshots they see."""
    authors: tuple[str, ...]
    """Empty: nobody does any more."""

    @model_validator(mode="after")
    def _consistent(self) -> Authors:
        try:
            for name in (self.role, self.company):
                plain_name(name)
            for person in self.authors:
                account_name(person)
        except Refused as error:
            raise ValueError(str(error)) from None
        return self

    @property
    def group(self) -> str:
        """The hub's group of them."""
        return f"{AUTHORS}{self.role}"


def readable_authors(site: Site) -> tuple[dict[str, Authors], dict[str, MondaylabError]]:
    """The authors as people wrote them, and what is wrong with files that cannot be read; both by the file's name."""
    written: dict[str, Authors] = {}
    broken: dict[str, MondaylabError] = {}
    for path in sorted(_folder(site).glob("*.yaml")):
        try:
            written[path.stem] = _read(path)
        except MondaylabError as error:
            broken[path.stem] = error
    return written, broken


def declared_authors(site: Site, role: str) -> Authors:
    """The authors of one role as people wrote them; nobody, where the file is gone since it was applied.

    Nothing in ``labs/`` is looked at: what authors write there must not keep anybody from removing them.

    Raises:
        NotFound: There is no such file, and never was one that was applied.
        Refused: It is malformed.
    """
    path = _folder(site) / f"{plain_name(role)}.yaml"
    if path.is_file():
        return _read(path)
    served = applied_authors(site).get(role)
    if served is None:
        known = ", ".join(one.stem for one in sorted(path.parent.glob("*.yaml"))) or "none yet"
        raise NotFound(f"no authors of {role}", where=path, fix=f"write the file; known roles: {known}")
    return served.model_copy(update={"authors": ()})


def applied_authors(site: Site) -> dict[str, Authors]:
    """The authors that the hub serves, by role; a damaged record gives its role to nobody, and stops nobody else."""
    found = {}
    for path in sorted((site.hub / "authors").glob("*.json")):
        try:
            found[path.stem] = Authors.read_json(path)
        except MondaylabError as error:
            _log_once(f"nobody is author of {path.stem}: {error}. Next: mondaylab author apply {path.stem}")
    return found


@cache
def _log_once(words: str) -> None:
    """It is asked about every few seconds."""
    logging.getLogger(__name__).error("mondaylab: %s", words)


def authored_roles(site: Site) -> set[str]:
    """The roles that have authors in the hub, or once had, whatever has become of the record of it."""
    return {path.stem for path in (site.hub / "authors").glob("*.json")}


def written_by(site: Site, person: str) -> list[Authors]:
    """The roles whose labs somebody writes, as applied."""
    return [one for one in applied_authors(site).values() if person in one.authors]


def author_groups(site: Site, person: str) -> list[str]:
    """The hub groups that somebody has as an author, sorted."""
    return sorted(one.group for one in written_by(site, person))


def standing(person: str, cohorts: Mapping[str, Cohort], authors: Mapping[str, Authors]) -> list[str]:
    """What somebody's server is made for: the groups of their cohorts, and as an author role and company."""
    mine = [f"{one.group} on data of {one.company}" for one in authors.values() if person in one.authors]
    return [*groups_of(dict(cohorts), person), *sorted(mine)]


def plan_authors(site: Site, wanted: Authors) -> list[Change]:
    """What `apply_authors` would do, in order; empty when all is as it should be. Changes nothing.

    Who leaves comes first, so that nothing that fails for a newcomer keeps them in; and their account before the
    record of it, by which a run that was stopped half-way knows what is left to do.

    Raises:
        Refused: A new author learns or teaches or writes for another role, or ``labs/<role>`` is not there.
    """
    before = applied_authors(site).get(wanted.role)
    new = {*wanted.authors} - {*(before.authors if before else ())}
    # newcomers only: whoever stays was held against all this before, and must not keep anybody else from leaving
    refuse_cohorts(site, new, (*readable(site)[0].values(), *applied(site).values()))
    _refuse_roles(site, {name: _roles(site).get(name, set()) | {wanted.role} for name in new})
    if new and not (site.root / "labs" / wanted.role).is_dir():
        raise Refused(
            f"there is no folder labs/{wanted.role} for its authors",
            where=_folder(site) / f"{wanted.role}.yaml",
            fix="correct the role, or make the folder",
        )
    gone = _gone(site, wanted, before)
    return [*gone, *_record(site, wanted, before), *_new(site, wanted), *_places(site, wanted)]


def apply_authors(site: Site, wanted: Authors, say: Callable[[str], None] = lambda _: None) -> list[str]:
    """Makes the authors of a role as their file says; doing it again changes nothing. Returns the changes made.

    A running hub stops the server of whoever left, and forgets their tokens, within seconds
    (`mondaylab.hub.leavers`). What they wrote stays.
    """
    return make_changes(plan_authors(site, wanted), say)


def refuse_authors(site: Site, cohort: Cohort) -> None:
    """Refuses a cohort with somebody who writes labs, as written or as applied.

    A file of authors that cannot be read says nothing here: cohorts must not wait for it, and what was applied counts.

    Raises:
        Refused: All of them are named.
    """
    roles = _roles(site)
    found = [name for name in (*cohort.learners, *cohort.instructors) if name in roles]
    if found:
        told = ", ".join(f"{name} (role {', '.join(sorted(roles[name]))})" for name in sorted(found))
        raise Refused(
            f"who writes labs knows their items, and can neither learn nor teach in a cohort: {told}",
            where=site.hub_config / "cohorts" / f"{cohort.cohort}.yaml",
            fix="take the name out of one of the two files; out of hub_config/authors first, then: "
            f"mondaylab author apply {min(roles[found[0]])}",
        )


def the_role(site: Site, person: str) -> Authors | None:
    """The role whose labs somebody writes, as applied; none if they write none.

    Raises:
        Refused: They are in a cohort too, or of two roles, by a state that nothing here makes.
    """
    roles = written_by(site, person)
    if not roles:
        return None
    refuse_cohorts(site, [person], applied(site).values())
    _refuse_roles(site, {person: {one.role for one in roles}})
    return roles[0]


def refuse_cohorts(site: Site, people: Iterable[str], among: Iterable[Cohort]) -> None:
    """Refuses authors who learn or teach in one of these cohorts.

    Raises:
        Refused: All of them are named.
    """
    cohorts: dict[str, set[str]] = {}
    for one in among:
        for person in (*one.learners, *one.instructors):
            cohorts.setdefault(person, set()).add(one.cohort)
    found = sorted(name for name in people if name in cohorts)
    if found:
        told = ", ".join(f"{name} (cohort {', '.join(sorted(cohorts[name]))})" for name in found)
        raise Refused(
            f"who learns or teaches in a cohort cannot write labs, whose items authors know: {told}",
            where=_folder(site),
            fix="take the name out of one of the two files; out of hub_config/cohorts first, then: "
            f"mondaylab cohort apply {min(cohorts[found[0]])}",
        )


def _roles(site: Site) -> dict[str, set[str]]:
    """Person -> the roles whose labs they write, as written or as applied."""
    roles: dict[str, set[str]] = {}
    for one in (*readable_authors(site)[0].values(), *applied_authors(site).values()):
        for person in one.authors:
            roles.setdefault(person, set()).add(one.role)
    return roles


def _refuse_roles(site: Site, roles: Mapping[str, set[str]]) -> None:
    """Refuses who writes labs of two roles; all are named."""
    found = sorted(name for name, mine in roles.items() if len(mine) > 1)
    if found:
        told = ", ".join(f"{name} (roles {', '.join(sorted(roles[name]))})" for name in found)
        raise Refused(
            "one person writes labs of one role: they would carry labs from one to the other, and run colleagues' code "
            f"of the one beside the labs of the other: {told}",
            where=_folder(site),
            fix="take the name out of all files but one, then apply each of them: mondaylab author apply ROLE",
        )


def _record(site: Site, wanted: Authors, before: Authors | None) -> Iterator[Change]:
    path = site.hub / "authors" / f"{wanted.role}.json"
    if before == wanted or (before is None and not wanted.authors and not path.exists()):  # there: it is damaged
        return
    gone = sorted({*(before.authors if before else ())} - {*wanted.authors})
    left = f" without {', '.join(gone)}" if gone else ""
    what = f"let {', '.join(wanted.authors) or 'nobody'} write labs of {wanted.role}{left}"
    yield Change("authors", what, lambda: write_file(path, wanted.canonical(), mode=0o600))


def _gone(site: Site, wanted: Authors, before: Authors | None) -> Iterator[Change]:
    accounts = Accounts(site)
    for name in sorted(({*(before.authors if before else ())} - {*wanted.authors}) & {*accounts.names()}):
        yield Change("account", f"remove account {name} (home and labs stay)", partial(accounts.remove, name))


def _new(site: Site, wanted: Authors) -> Iterator[Change]:
    accounts = Accounts(site)
    known = set(accounts.names())
    for name in wanted.authors:
        if name not in known:
            yield Change("account", f"add account {name}", partial(accounts.create, name))


def _places(site: Site, wanted: Authors) -> Iterator[Change]:
    own = [site.authors / name / part for name in wanted.authors for part in ("home", "builds")]
    yield from private_folders(site, [site.hub, site.logs, site.authors, *own] if own else [])


def _folder(site: Site) -> Path:
    return site.hub_config / "authors"


def _read(path: Path) -> Authors:
    file = YamlFile.read(path)
    people = typed_people(file, "authors")
    refuse_names(path, {"authors": people})
    names = {"authors": [name for name, _ in people]} if isinstance(file.data.get("authors"), list) else {}
    authors = Authors.of_yaml(replace(file, data={**file.data, **names}))
    if authors.role != path.stem:
        raise Refused(f"the file is called {path.stem} but its role {authors.role}", where=path, fix="rename one")
    return authors
