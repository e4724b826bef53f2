"""Cohorts: learners, instructors, role and quarter. A cohort is one nbgrader course, and two groups of the hub."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import model_validator

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.labs.building.builds import declared_labs
from mondaylab.people import INSTRUCTORS, LEARNERS, NAME_RULE, account_name, folded, name_problem
from mondaylab.quarter import Quarter
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name
from mondaylab.yaml_file import YamlFile


class Cohort(Record):
    """Who learns what, with whom: ``hub_config/cohorts/<cohort>.yaml``."""

    cohort: str
    """Its id; nbgrader's course id, the name of its formgrader service, and the file's name."""
    title: str = ""
    """Words for screens; the id if empty."""
    company: str
    role: str
    quarter: str
    labs: tuple[str, ...]
    """Lab ids, such as ``finance/weekly_margin_memo``."""
    learners: tuple[str, ...]
    instructors: tuple[str, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Cohort:
        try:
            for name in (self.cohort, self.company, self.role, *(part for lab in self.labs for part in lab.split("/"))):
                plain_name(name)
            for person in (*self.learners, *self.instructors):
                account_name(person)
            Quarter.parse(self.quarter)
        except Refused as error:
            raise ValueError(str(error)) from None
        if any(lab.count("/") != 1 for lab in self.labs):
            raise ValueError("a lab is written role/lab")
        if len({lab.partition("/")[2] for lab in self.labs}) != len(self.labs):
            raise ValueError("two labs of one cohort have the same name: nbgrader would mix them up")
        people = [*self.learners, *self.instructors]
        twice = sorted({name for name in people if people.count(name) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)} (nobody grades themselves)")
        return self

    @property
    def learner_group(self) -> str:
        """The hub's group of its learners, named as nbgrader expects."""
        return f"{LEARNERS}{self.cohort}"

    @property
    def instructor_group(self) -> str:
        """The hub's group of those who may open its formgrader."""
        return f"{INSTRUCTORS}{self.cohort}"

    def assignments(self) -> dict[str, str]:
        """nbgrader assignment id -> lab id."""
        return {lab.partition("/")[2]: lab for lab in self.labs}


def readable(site: Site) -> tuple[dict[str, Cohort], dict[str, MondaylabError]]:
    """The cohorts as people wrote them, and what is wrong with those that cannot be read; both by the file's name."""
    cohorts: dict[str, Cohort] = {}
    broken: dict[str, MondaylabError] = {}
    for path in sorted((site.hub_config / "cohorts").glob("*.yaml")):
        try:
            cohorts[path.stem] = _read(site, path)
        except MondaylabError as error:
            broken[path.stem] = error
    return cohorts, broken


def declared_cohort(site: Site, cohort: str) -> Cohort:
    """One cohort as people wrote it.

    Raises:
        NotFound: There is no such file.
        Refused: It is malformed.
    """
    path = site.hub_config / "cohorts" / f"{plain_name(cohort)}.yaml"
    if not path.is_file():
        known = ", ".join(p.stem for p in sorted(path.parent.glob("*.yaml"))) or "none yet"
        raise NotFound(f"no cohort {cohort}", where=path, fix=f"write the file; known cohorts: {known}")
    return _read(site, path)


def applied(site: Site) -> dict[str, Cohort]:
    """The cohorts that the hub serves: those that were applied, as they were then, by id."""
    folder = site.hub / "cohorts"
    return {path.stem: Cohort.read_json(path) for path in sorted(folder.glob("*.json"))}


def applied_file(site: Site, cohort: str) -> Path:
    """Where the applied state of a cohort lies."""
    return site.hub / "cohorts" / f"{plain_name(cohort)}.json"


def groups_of(cohorts: dict[str, Cohort], person: str) -> list[str]:
    """The hub groups of one person, sorted."""
    learns = [c.learner_group for c in cohorts.values() if person in c.learners]
    teaches = [c.instructor_group for c in cohorts.values() if person in c.instructors]
    return sorted(learns + teaches)


def _read(site: Site, path: Path) -> Cohort:
    file = YamlFile.read(path)
    people = {key: typed_people(file, key) for key in ("learners", "instructors")}
    refuse_names(path, people)
    names = {key: [name for name, _ in rows] for key, rows in people.items() if isinstance(file.data.get(key), list)}
    cohort = Cohort.of_yaml(replace(file, data={**file.data, **names}))
    if cohort.cohort != path.stem:
        raise Refused(f"the file is called {path.stem} but its cohort {cohort.cohort}", where=path, fix="rename one")
    _refuse_role(site, file, cohort)
    return cohort


def _refuse_role(site: Site, file: YamlFile, cohort: Cohort) -> None:
    """Refuses a role that the cohort has no lab of; without any lab yet, one that nobody wrote a lab for."""
    roles = sorted({lab.partition("/")[0] for lab in cohort.labs or declared_labs(site)})
    if cohort.role not in roles:
        whose = "its labs are" if cohort.labs else "there are labs only"
        raise Refused(
            f"role is {cohort.role!r}, and {whose} of {', '.join(roles) or 'no role'}",
            where=f"{file.path}:{file.line(('role',))}",
            fix="name the role of its labs, or give it labs of this one",
        )


def typed_people(file: YamlFile, key: str) -> list[tuple[str, int]]:
    """Names of a list with their lines, in lower case as the hub will have them."""
    return [(folded(typed), line) for typed, line in file.as_typed(key)]


def refuse_names(path: Path, people: dict[str, list[tuple[str, int]]]) -> None:
    """Refuses names that nobody can have, and those that stand twice, all at once and with their lines.

    Args:
        path: The file.
        people: List in it -> names with their lines.

    Raises:
        Refused: There are such names.
    """
    problems: list[tuple[int, str]] = []
    lines: dict[str, list[int]] = {}
    for name, line in (row for rows in people.values() for row in rows):
        lines.setdefault(name, []).append(line)
        problem = name_problem(name)
        if problem is not None:
            problems.append((line, f"line {line}: {name[:60]!r} cannot be an account name: {problem}"))
    if problems:
        raise Refused("; ".join(said for _, said in sorted(problems)), where=path, fix=NAME_RULE)
    twice = [
        f"{name} (lines {', '.join(str(line) for line in where)})" for name, where in lines.items() if len(where) > 1
    ]
    if twice:
        raise Refused(
            f"named twice: {', '.join(twice)}",
            where=path,
            fix="name each once, capitals or not; nobody grades themselves",
        )
