"""Where everything of one installation lies: the four edited folders and the state under ``var/``, all of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from mondaylab.errors import NotFound, Refused
from mondaylab.plain import check_names, check_plain
from mondaylab.texts import read_text

ROOT_VARIABLE = "MONDAYLAB_ROOT"
VAR_VARIABLE = "MONDAYLAB_VAR"


@dataclass(frozen=True)
class Site:
    """One installation.

    Attributes:
        root: The checkout: holds ``datasets/``, ``labs/``, ``grader/`` and ``hub_config/``.
        var: State that the program writes; git ignores it. A rehearsal or a test has its own.
    """

    root: Path
    var: Path
    frozen: bool = False
    """Whether `root` holds copies that a build keeps of what people edit."""

    def at(self, sources: Path) -> Site:
        """This installation as a build saw it: its copies of what people edit, the same state otherwise."""
        return replace(self, root=sources, frozen=True)

    @classmethod
    def find(cls) -> Site:
        """The installation that the environment or the current folder names.

        Raises:
            NotFound: Neither this folder nor one above it is a mondaylab checkout.
        """
        named = os.environ.get(ROOT_VARIABLE)
        here = Path(named) if named else Path.cwd()
        for folder in [here, *here.parents]:
            if (folder / "hub_config").is_dir() and (folder / "labs").is_dir() and (folder / "grader").is_dir():
                root = folder.resolve()
                return cls(root, Path(os.environ.get(VAR_VARIABLE) or root / "var").resolve())
        raise NotFound(
            "not inside a mondaylab checkout", where=here, fix=f"change to the checkout, or set {ROOT_VARIABLE}"
        )

    # -- what people edit
    def company(self, company: str) -> Path:
        """``datasets/<company>``: policy, bindings, datasheet."""
        return self.root / "datasets" / plain_name(company)

    def lab(self, lab: str) -> Path:
        """``labs/<role>/<lab>``: source, declaration, drafts.

        Raises:
            Refused: It is no lab's name, or something in it is no plain file: authors in the hub write there, and
                whoever reads it has other rights. A build's frozen copies are nobody's to change.
        """
        role, _, name = lab.partition("/")
        folder = self.root / "labs" / plain_name(role) / plain_name(name)
        if not self.frozen:
            check_names(folder.parent)
            check_plain(folder)
        return folder

    @property
    def grader(self) -> Path:
        """``grader/``: flaws, scoring, rubrics."""
        return self.root / "grader"

    @property
    def hub_config(self) -> Path:
        """``hub_config/``: hub configuration, cohorts, the proxy's package lock."""
        return self.root / "hub_config"

    # -- what the program writes
    @property
    def raw(self) -> Path:
        """``raw/<company>/<quarter>/<table>.csv``: raw exports, full of personal data."""
        return self.var / "raw"

    @property
    def snapshots(self) -> Path:
        """``snapshots/<company>/<snapshot id>/``: sanitized, immutable."""
        return self.var / "snapshots"

    @property
    def secrets(self) -> Path:
        """``secrets/<company>.key``: 0700; the pseudonym keys. Who has one can recompute pseudonyms."""
        return self.var / "secrets"

    @property
    def builds(self) -> Path:
        """``builds/<company>/<role>/<lab>/<quarter>/``: executed notebook, nbgrader source, report."""
        return self.var / "builds"

    @property
    def releases(self) -> Path:
        """``releases/<role>/<lab>/<release>/``: immutable copies of builds, and what each company's new cohorts get."""
        return self.var / "releases"

    @property
    def forms(self) -> Path:
        """``forms/<cohort>/<role>--<lab>/``: who was issued which form, and of which release."""
        return self.var / "forms"

    @property
    def recordings(self) -> Path:
        """``recordings/<company>/<role>/<lab>/<quarter>/``: what models answered, kept for replay."""
        return self.var / "recordings"

    @property
    def keys(self) -> Path:
        """``keys/<cohort>/``: 0700; the truth of every form. No learner process can see it."""
        return self.var / "keys"

    @property
    def courses(self) -> Path:
        """``courses/<cohort>/``: nbgrader course folders with their gradebooks."""
        return self.var / "courses"

    @property
    def exchange(self) -> Path:
        """``exchange/<cohort>/``: hand-out and hand-in."""
        return self.var / "exchange"

    @property
    def homes(self) -> Path:
        """``homes/<learner>/``: what a learner's jail sees as its home."""
        return self.var / "homes"

    @property
    def authors(self) -> Path:
        """``authors/<author>/``: home and builds of who writes labs, as their jail sees them."""
        return self.var / "authors"

    @property
    def hub(self) -> Path:
        """``hub/``: 0700; the hub's database, secrets, sockets, accounts."""
        return self.var / "hub"

    @property
    def proxy(self) -> Path:
        """``proxy/``: the hub's proxy and what it needs, installed from ``hub_config/proxy``."""
        return self.var / "proxy"

    @property
    def models(self) -> Path:
        """``models/``: files of the models that run here, fetched as ``hub_config/models.yaml`` names them."""
        return self.var / "models"

    @property
    def rehearsal(self) -> Path:
        """``rehearsal/``: a state folder of its own, in which the demo plays a class through."""
        return self.var / "rehearsal"

    @property
    def made(self) -> Path:
        """``made.json``: steps of the demo that are done, and what from."""
        return self.var / "made.json"

    @property
    def logs(self) -> Path:
        """``logs/``: one file per running part."""
        return self.var / "logs"

    @property
    def judgement_database(self) -> str:
        """SQLAlchemy URL of the judgement store: the text of ``hub/judgement.url`` if an administrator wrote one.

        Raises:
            Refused: The file is no text or holds no address: judgements must not quietly go somewhere else.
        """
        named = self.hub / "judgement.url"
        if named.exists():
            address = read_text(named).strip()
            if "://" not in address:
                raise Refused("holds no database address", where=named, fix="write postgresql://... or remove it")
            return address
        return f"sqlite:///{self.hub / 'judgements.sqlite'}"


def plain_name(name: str) -> str:
    """Returns `name` if it is safe as one path segment.

    Raises:
        Refused: It is empty, starts with a dot or holds anything but letters, digits, ``_``, ``-`` and ``.``.
    """
    if not name or name.startswith(".") or not all(c.isascii() and (c.isalnum() or c in "_-.") for c in name):
        raise Refused(f"{name!r} is not a plain name", fix="use letters, digits, '_', '-' and '.'")
    return name
