"""The workshop: what an author's jail sees. Labs of their role to write, what these are made from, and no cohort's."""

from __future__ import annotations

import os
import stat
from typing import Literal

from mondaylab.errors import Refused
from mondaylab.hub.authors import Authors
from mondaylab.hub.jail import CHECKOUT, JUPYTER_CONFIG, Bind, Jail, Limits, python_binds
from mondaylab.settings import Site

_GRADER = ("flaws.yaml", "scoring.yaml")
"""What labs are drawn and built by; the rest of ``grader/`` is the instructors'."""
LABS_LINK = "labs"
"""In an author's home: leads to the labs, whose place no file browser would look for."""


def author_jail(
    site: Site,
    author: str,
    role: Authors,
    *,
    network: Literal["shared", "private"],
    limits: Limits,
) -> Jail:
    """The jail for one author: the programs, their own home and builds, and what labs of their role are made from.

    Args:
        site: The installation.
        author: Who.
        role: The role whose labs they write, as applied.
        network: As for a learner.
        limits: As for a learner.

    Raises:
        Refused: The role's folder is gone, or something else lies in its place.
    """
    return Jail(
        user=author,
        home=site.authors / author / "home",
        identity=site.hub / "jails" / author,
        binds=(
            *python_binds(),
            Bind(source=site.root / "src", inside=str(site.root / "src")),
            *_jupyter(site),
            _labs(site, role.role),
            *_material(site, role),
            Bind(source=site.authors / author / "builds", inside=f"{CHECKOUT}/var/builds", write=True),
        ),
        empty=(f"{CHECKOUT}/hub_config",),
        network=network,
        limits=limits,
    )


def _material(site: Site, role: Authors) -> list[Bind]:
    """What labs of a role are made from, all of it to read; what is not there yet is left out."""
    company = role.company
    places = {
        **{f"grader/{name}": site.grader / name for name in _GRADER},
        f"datasets/{company}/bindings.yaml": site.company(company) / "bindings.yaml",
        f"var/snapshots/{company}": site.snapshots / company,
        f"var/recordings/{company}/{role.role}": site.recordings / company / role.role,
    }
    return [Bind(source=path, inside=f"{CHECKOUT}/{inside}") for inside, path in places.items() if path.exists()]


def prepare_workshop(jail: Jail) -> None:
    """Makes what an author's home holds beside a learner's: a link to the labs."""
    link = jail.home / LABS_LINK
    if not os.path.lexists(link):
        link.symlink_to(f"{CHECKOUT}/labs")


def _jupyter(site: Site) -> list[Bind]:
    """Settings of an author's own, and how a learner's JupyterLab looks."""
    author, learner = (site.hub_config / "jupyter" / name for name in ("author", "learner"))
    names = ((author, "jupyter_server_config.py"), (author, "labconfig"), (learner, "lab"))
    return [Bind(source=folder / name, inside=f"{JUPYTER_CONFIG}/{name}") for folder, name in names]


def _labs(site: Site, role: str) -> Bind:
    folder = site.root / "labs" / role
    if not folder.is_dir() or not stat.S_ISDIR(folder.lstat().st_mode):
        raise Refused(f"labs/{role} is no folder", fix="ask the administrator to put it right")
    return Bind(source=folder, inside=f"{CHECKOUT}/labs/{role}", write=True)
