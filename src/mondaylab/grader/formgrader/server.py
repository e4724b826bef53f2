"""A Jupyter server that answers formgrader and our pages only; `mondaylab.hub.formgrader` adds the hub's login."""

from __future__ import annotations

import os
from typing import Any

from jupyter_server.serverapp import ServerApp

from mondaylab.errors import Refused
from mondaylab.grader.formgrader import routes
from mondaylab.settings import Site

COHORT_VARIABLE = "MONDAYLAB_COHORT"


class FormgraderServer(ServerApp):
    """Loads what it is told to, then closes every route that is not listed in `routes`."""

    def initialize(self, *args: Any, **options: Any) -> None:
        """As a Jupyter server, without extensions from elsewhere.

        Raises:
            Refused: No cohort is named.
        """
        cohort = os.environ.get(COHORT_VARIABLE)
        if not cohort:
            raise Refused(f"{COHORT_VARIABLE} is not set", fix="let the hub start this service: mondaylab hub run")
        super().initialize(*args, **{**options, "find_extensions": False})
        routes.install(self, Site.find(), cohort)

    def start(self) -> None:
        """Serves, unless something has added a route.

        Raises:
            Refused: Something has.
        """
        routes.check(self)
        super().start()


if __name__ == "__main__":
    FormgraderServer.launch_instance()
