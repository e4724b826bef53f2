"""What has to hold before the hub can run on this machine, each as one line with what to do if it does not."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy
from sqlalchemy.engine import make_url
from traitlets.config.loader import PyFileConfigLoader

from mondaylab.errors import MondaylabError
from mondaylab.files import write_file
from mondaylab.hub.authenticator import LocalAuthenticator
from mondaylab.hub.cohorts import applied, readable
from mondaylab.hub.jail import Jail, arguments, bwrap, identity_files, python_binds
from mondaylab.hub.models.catalog import Catalog
from mondaylab.hub.models.endpoint import Endpoint
from mondaylab.hub.models.weights import Weights
from mondaylab.hub.origins import GIVES_UP, LOCAL_HOST, Origins, public_address
from mondaylab.hub.proxy import node
from mondaylab.hub.settings import SETTINGS_VARIABLE, HubSettings
from mondaylab.judging.store import JudgementStore
from mondaylab.records import Record
from mondaylab.settings import Site

_SECRETS = ("accounts.json", "initial_passwords.json", "hub.sqlite", "cookie_secret", "judgement.url")


class Check(Record):
    """One thing that was looked at."""

    name: str
    ok: bool
    said: str
    """What was found; when it is not well, what to do."""
    warns: bool = False
    """The hub can run so, and whoever runs it has to know what it costs."""


def check(site: Site, *, port: int = 8000, origins: Origins = Origins.SUBDOMAINS, public: str = "") -> list[Check]:
    """Looks at everything the hub needs; starts nothing but a jail that ends at once, and changes nothing.

    Args:
        site: The installation.
        port: The public port that the hub would use.
        origins: Whether each server and service would have an origin of its own.
        public: A company's own address of the hub; empty for the name on this machine.
    """
    looks: list[tuple[str, Callable[[], str]]] = [
        ("jail", _jail),
        ("node", _node),
        ("cohorts", lambda: _cohorts(site)),
        ("configuration", lambda: _configuration(site)),
        ("origins", lambda: _origins(origins, public)),
        ("port", lambda: _port(port)),
        ("permissions", lambda: _permissions(site)),
        ("judgements", lambda: _judgements(site)),
        ("assistant", lambda: _assistant(site)),
    ]
    found = [_look(name, look) for name, look in looks]
    one_origin = origins is Origins.PATH
    return [one.model_copy(update={"warns": one_origin}) if one.name == "origins" else one for one in found]


def user_namespaces() -> str | None:
    """Why a jail cannot be made here; none if it can."""
    with tempfile.TemporaryDirectory(prefix="mondaylab-check-") as folder:
        home, identity = Path(folder, "home"), Path(folder, "identity")
        home.mkdir()
        for name, text in identity_files("check").items():
            write_file(identity / name, text)
        jail = Jail(user="check", home=home, identity=identity, binds=tuple(python_binds()))
        read_end, write_end = os.pipe()
        try:
            command = arguments(jail, [f"{sys.prefix}/bin/python", "-c", "print('jailed')"], status_fd=write_end)
            done = subprocess.run(
                command, pass_fds=(write_end,), capture_output=True, text=True, timeout=30, check=False
            )
        except MondaylabError as error:
            return str(error)
        finally:
            os.close(read_end)
            os.close(write_end)
    if done.returncode == 0 and "jailed" in done.stdout:
        return None
    return done.stderr.strip() or f"bubblewrap ended with {done.returncode}"


def _look(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, ok=True, said=look())
    except MondaylabError as error:
        return Check(name=name, ok=False, said=str(error))


def _jail() -> str:
    problem = user_namespaces()
    if problem is not None:
        raise MondaylabError(
            f"no jail can be made: {problem}",
            where=bwrap(),
            fix="switch user namespaces on (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, or the "
            "AppArmor setting kernel.apparmor_restrict_unprivileged_userns=0)",
        )
    return "bubblewrap works, with user namespaces"


def _node() -> str:
    done = subprocess.run([str(node()), "--version"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MondaylabError("node does not run", where=node(), fix="install the environment again: make setup")
    return f"node {done.stdout.strip()}"


def _cohorts(site: Site) -> str:
    (wanted, broken), served = readable(site), applied(site)
    if broken:
        told = "; ".join(str(error) for error in broken.values())
        raise MondaylabError(
            f"{len(broken)} cannot be read: {told}. {len(served)} applied: {', '.join(served) or 'none'}"
        )
    if not served:
        raise MondaylabError("no cohort is applied", fix=f"mondaylab cohort apply {next(iter(wanted), 'COHORT')}")
    changed = sorted(name for name in served if name in wanted and served[name] != wanted[name])
    if changed:
        raise MondaylabError(f"changed since applied: {', '.join(changed)}", fix=f"mondaylab cohort apply {changed[0]}")
    return f"{len(served)} applied: {', '.join(served) or 'none'}"


def _configuration(site: Site) -> str:
    """Loads the hub's configuration as the hub does; unknown names are refused by its last line."""
    cohorts = applied(site)
    names = ("hub", "proxy", "judgement", "assistant", *cohorts)
    pretended = HubSettings(root=site.root, var=site.var, ports={name: 40000 + i for i, name in enumerate(names)})
    before = os.environ.get(SETTINGS_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="mondaylab-check-") as folder:
        path = Path(folder, "settings.json")
        path.write_text(pretended.model_dump_json(), "utf-8")
        os.environ[SETTINGS_VARIABLE] = str(path)
        try:
            found = PyFileConfigLoader("jupyterhub_config.py", path=str(site.hub_config)).load_config()
        except (SyntaxError, NameError, AttributeError, TypeError, ValueError) as error:
            raise MondaylabError(f"{type(error).__name__}: {error}", where="jupyterhub_config.py") from None
        finally:
            os.environ.pop(SETTINGS_VARIABLE)
            if before is not None:
                os.environ[SETTINGS_VARIABLE] = before
    chosen = found.JupyterHub.get("authenticator_class")
    ours = isinstance(chosen, type) and issubclass(chosen, LocalAuthenticator)
    groups = (
        ""
        if ours
        else (
            "; the authenticator is your own, and has to give learners the group nbgrader-COHORT and instructors "
            "formgrade-COHORT, or services refuse them"
        )
    )
    return f"every class and setting in jupyterhub_config.py exists{groups}"


def _origins(origins: Origins, public: str) -> str:
    """What browsers can tell apart, and whether a company's names lead anywhere."""
    if origins is Origins.PATH:
        if public:
            public_address(public)
        return GIVES_UP
    if not public:
        return (
            f"each server and service has an origin of its own below {LOCAL_HOST}. Chrome, Edge and Firefox find these "
            "names by themselves; Safari needs them in the hosts file, or: mondaylab hub run --origins path"
        )
    domain = urlsplit(public_address(public)).hostname or ""
    if _is_number(domain):
        raise MondaylabError(
            f"{domain} is an address without names below it",
            fix="give a host name with a wildcard below it, or choose --origins path",
        )
    if domain == "localhost" or domain.endswith(".localhost"):
        return f"each server and service has an origin of its own below {domain}"
    lost = [name for name in (domain, f"any-name.{domain}") if not _resolves(name)]
    if lost:
        raise MondaylabError(
            f"no address is found for {' and '.join(lost)}",
            fix=f"have {domain} and *.{domain} point at the TLS proxy in front of the hub, or choose --origins path",
        )
    return f"each server and service has an origin of its own below {domain}; the certificate has to cover *.{domain}"


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _resolves(name: str) -> bool:
    try:
        return bool(socket.getaddrinfo(name, None))
    except OSError:
        return False


def _port(port: int) -> str:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            raise MondaylabError(f"port {port} is taken", fix="stop what uses it, or choose --port") from None
    return f"{port} is free"


def _assistant(site: Site) -> str:
    """Whether what is set is right, asking nobody; a model of this machine by its size.

    The assistant itself looks at every byte before it answers.
    """
    endpoint = Endpoint.of(site)
    if endpoint is not None:
        endpoint.upstream(site)
        return f"{endpoint.model} at {endpoint.host} is asked, a company's own; no model of this machine is used"
    states = {name: Weights(site, model).state for name, model in Catalog.of(site).models.items()}
    if damaged := [name for name, state in states.items() if state == "damaged"]:
        raise MondaylabError(f"the file of {damaged[0]} is damaged", where=site.models, fix="mondaylab model check")
    here = [name for name, state in states.items() if state == "ready"]
    return f"{here[0]} answers" if here else "no model is here; labs work without (to get one: mondaylab model fetch)"


def _judgements(site: Site) -> str:
    address = make_url(site.judgement_database)
    named = address.render_as_string(hide_password=True)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return "none yet; they will be kept in SQLite"
    try:
        JudgementStore(site.judgement_database).dispose()
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise MondaylabError(
            f"the judgement store does not open: {type(error).__name__}",
            where=named,
            fix="start the database, or correct var/hub/judgement.url",
        ) from error
    return f"kept in {named}"


def _permissions(site: Site) -> str:
    open_to_others = [
        str(path.relative_to(site.var))
        for path in _private(site)
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_to_others:
        raise MondaylabError(
            f"others can read {', '.join(open_to_others)}",
            where=site.var,
            fix="this repairs it: mondaylab cohort apply COHORT, and for var/authors: mondaylab author apply ROLE",
        )
    free = shutil.disk_usage(site.var if site.var.exists() else site.root).free >> 30
    return f"state is private; {free} GB of disk free"


def _private(site: Site) -> Iterator[Path]:
    yield from (site.hub, site.keys, site.homes, site.authors, site.courses, site.exchange)
    yield from (site.hub / name for name in _SECRETS)
