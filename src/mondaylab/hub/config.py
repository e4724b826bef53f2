"""The hub's configuration as plain data: small pure functions from settings to values, and the check of their names.

Values are only ever set, never appended to, so that reading a function tells the whole value.
``hub_config/jupyterhub_config.py`` assigns them and may change any of them.
"""

from __future__ import annotations

import difflib
import json
import os
import sys
from typing import Any

from jupyterhub.app import JupyterHub
from jupyterhub.utils import subdomain_hook_idna
from traitlets.config import Config

from mondaylab.errors import Refused
from mondaylab.hub.authenticator import LocalAuthenticator
from mondaylab.hub.cohorts import Cohort, applied
from mondaylab.hub.keeper import KEEPER
from mondaylab.hub.proxy import ensure_proxy
from mondaylab.hub.settings import HubSettings
from mondaylab.hub.spawner import JailedSpawner
from mondaylab.loopback import unproxied
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE

Values = dict[str, dict[str, Any]]
"""Class -> trait -> value, as in ``c.Class.trait = value``."""
_PATIENCE = 120
"""Seconds a service or a server has to answer: about 5 are needed, many more on a machine that is busy."""

_FRESH = {"auth_refresh_age": 60, "auth_refresh_strict": True, "refresh_pre_spawn": True}
"""Whose account is gone starts no server, and their tokens open nothing a minute later, were they still there."""

_OUTSIDE = (
    *("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)
"""Variables that a call to another machine may need."""

_HUB_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""No page of another origin keeps a window of a page of the hub, or loads from it; that none frames it is the hub's."""


def defaults(settings: HubSettings) -> Values:
    """The whole configuration of one run."""
    cohorts = applied(settings.site)
    merged: Values = {}
    parts = (addresses(settings), state(settings), people(settings), servers(settings), services(settings, cohorts))
    for part in parts:
        for name, traits in part.items():
            merged.setdefault(name, {}).update(traits)
    return merged


def addresses(settings: HubSettings) -> Values:
    """One public port; the hub and the proxy's own interface on loopback; names for each origin."""
    return {
        "JupyterHub": {
            "bind_url": f"{settings.local}/",
            "tornado_settings": {"headers": dict(_HUB_HEADERS)},
            **(_apart(settings) if settings.addresses.apart else {}),
            "hub_bind_url": f"http://127.0.0.1:{settings.ports['hub']}",
            "default_url": start_page,
        },
        "ConfigurableHTTPProxy": {
            "api_url": f"http://127.0.0.1:{settings.ports['proxy']}",
            "command": kept("proxy", ensure_proxy(settings.site), once=True),
            "pid_file": str(settings.site.hub / "proxy.pid"),
        },
    }


def _apart(settings: HubSettings) -> dict[str, Any]:
    """An origin for each server and service, and login cookies that a page of one cannot set for another."""
    return {
        "subdomain_host": settings.addresses.hub,
        # each service a name of its own, and no account's name can be taken for one
        "subdomain_hook": subdomain_hook_idna,
        "cookie_host_prefix_enabled": True,
        # a browser takes such a cookie only if it is secure, which below localhost it may be without TLS too
        "tornado_settings": {"headers": dict(_HUB_HEADERS), "cookie_options": {"secure": True}},
    }


def state(settings: HubSettings) -> Values:
    """Database and secrets under ``var/hub``, which only the hub's user can enter."""
    hub = settings.site.hub
    return {
        "JupyterHub": {
            "db_url": f"sqlite:///{hub / 'hub.sqlite'}",
            "cookie_secret_file": str(hub / "cookie_secret"),
            "cleanup_servers": True,
            "cleanup_proxy": True,
            "answer_yes": True,
        }
    }


def people(settings: HubSettings) -> Values:
    """Local accounts; who is in which group is told by the cohorts, so nobody else may change it."""
    return {
        "JupyterHub": {"authenticator_class": LocalAuthenticator},
        "Authenticator": {"allow_all": True, "manage_groups": True, "admin_users": set(), **_FRESH},
        "LocalAuthenticator": {"root": str(settings.root), "var": str(settings.var)},
    }


def servers(settings: HubSettings) -> Values:
    """Every learner's server in a jail."""
    return {
        "JupyterHub": {"spawner_class": JailedSpawner, "allow_named_servers": False},
        "Spawner": {"default_url": "/lab", "start_timeout": _PATIENCE, "http_timeout": _PATIENCE, "poll_interval": 5},
        "JailedSpawner": {
            "root": str(settings.root),
            "var": str(settings.var),
            "judgement_url": f"http://127.0.0.1:{settings.ports['judgement']}/services/judgement",
            "assistant_url": f"http://127.0.0.1:{settings.ports['assistant']}/services/assistant/v1",
        },
    }


def services(settings: HubSettings, cohorts: dict[str, Cohort]) -> Values:
    """The judgement service, the assistant and a formgrader for each cohort, with the roles that open them."""
    entries = [judgement(settings), assistant(settings), *(formgrader(settings, cohort) for cohort in cohorts.values())]
    roles = [
        {
            "name": cohort.instructor_group,
            "description": f"Open the formgrader of {cohort.title or cohort.cohort}",
            "scopes": [f"access:services!service={cohort.cohort}"],
            "groups": [cohort.instructor_group],
        }
        for cohort in cohorts.values()
    ]
    return {"JupyterHub": {"services": entries, "load_roles": roles}}


def judgement(settings: HubSettings) -> dict[str, Any]:
    """The service that keeps judgements; it asks the hub whose token a call carries."""
    return {
        "name": "judgement",
        "url": f"http://127.0.0.1:{settings.ports['judgement']}",
        "command": kept("judgement", [sys.executable, "-m", "mondaylab.judging.service"]),
        "environment": _site_variables(settings),
        "cwd": str(settings.root),
        "display": False,
        "timeout": _PATIENCE,
    }


def assistant(settings: HubSettings) -> dict[str, Any]:
    """The authenticated pass-through to a model, which for a company's own may be behind the company's proxy."""
    return {
        "name": "assistant",
        "url": f"http://127.0.0.1:{settings.ports['assistant']}",
        "command": kept("assistant", [sys.executable, "-m", "mondaylab.hub.assistant"]),
        "environment": _site_variables(settings, *_OUTSIDE),
        "cwd": str(settings.root),
        "display": False,
        "timeout": _PATIENCE,
    }


def formgrader(settings: HubSettings, cohort: Cohort) -> dict[str, Any]:
    """nbgrader's formgrader as a service of its own, open to the cohort's instructors."""
    home = settings.site.hub / "services" / cohort.cohort
    return {
        "name": cohort.cohort,
        "url": f"http://127.0.0.1:{settings.ports[cohort.cohort]}",
        "command": kept(cohort.cohort, [sys.executable, "-m", "mondaylab.hub.formgrader"]),
        "environment": {
            **_site_variables(settings),
            "MONDAYLAB_COHORT": cohort.cohort,
            "MONDAYLAB_COURSE": str(settings.site.courses / cohort.cohort),
            "JUPYTERHUB_DEFAULT_URL": "/formgrader",
            # the hub tells this to people's servers, and not to services
            "JUPYTERHUB_COOKIE_HOST_PREFIX_ENABLED": str(int(settings.addresses.apart)),
            "JUPYTERHUB_COOKIE_OPTIONS": json.dumps({"secure": True} if settings.addresses.apart else {}),
            "JUPYTER_CONFIG_PATH": str(settings.site.hub_config / "jupyter" / "instructor"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "IPYTHONDIR": str(home / "ipython"),
            "HOME": str(home),
        },
        "cwd": str(settings.site.courses / cohort.cohort),
        "oauth_client_allowed_scopes": ["inherit"],
        "oauth_no_confirm": True,
        "display": True,
        "timeout": _PATIENCE,
    }


def start_page(handler: Any) -> str:
    """Where a person lands after login: an instructor on the cohort page, a learner in the lab."""
    user = handler.current_user
    if user is None:
        return ""
    courses = sorted(group.name.partition("-")[2] for group in user.groups if group.name.startswith("formgrade-"))
    return f"/services/{courses[0]}/mondaylab/cohort" if courses else ""


def kept(name: str, command: list[str], *, once: bool = False) -> list[str]:
    """A command under a keeper, so that it ends with the hub and is started again when it fails."""
    return [sys.executable, "-m", KEEPER, *(["--once"] if once else []), name, *command]


def _site_variables(settings: HubSettings, *more: str) -> dict[str, str]:
    """Where a service finds the installation, and what else it cannot do without."""
    passed = {key: os.environ[key] for key in ("HOME", "LANG", *more) if key in os.environ}
    return {**unproxied(passed), ROOT_VARIABLE: str(settings.root), VAR_VARIABLE: str(settings.var)}


# -- assigning, checking
def assign(c: Config, values: Values) -> None:
    """Sets every value in a traitlets configuration."""
    for name, traits in values.items():
        for trait, value in traits.items():
            c[name][trait] = value


def refuse_unknown_names(c: Config) -> None:
    """Refuses a class or trait that does not exist: the hub itself would ignore it without a word.

    Raises:
        Refused: All such names, each with the nearest one that exists.
    """
    chosen = [c.JupyterHub[name] for name in ("authenticator_class", "spawner_class") if name in c.JupyterHub]
    hub = JupyterHub()
    # ours are set even where others were chosen
    ours = (LocalAuthenticator, JailedSpawner)
    classes = [JupyterHub, *hub.classes, *ours, *(choice for choice in chosen if isinstance(choice, type))]
    known = {cls.__name__: set(cls.class_trait_names(config=True)) for cls in hub._classes_inc_parents(classes)}
    problems = []
    for name, traits in c.items():
        if name not in known:
            problems.append(f"c.{name}: no such class{_nearest(name, known)}")
            continue
        problems += [
            f"c.{name}.{trait}: no such setting{_nearest(trait, known[name])}"
            for trait in traits
            if trait not in known[name]
        ]
    if problems:
        raise Refused("; ".join(problems), where="jupyterhub_config.py", fix="correct the names")


def _nearest(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
