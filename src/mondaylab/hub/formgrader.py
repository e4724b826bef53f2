"""The formgrader of one cohort as a service of the hub: ``python -m mondaylab.hub.formgrader``.

The service runs as the hub's own user, so it answers grading pages and nothing else of a Jupyter server: no files, no
kernels, no terminals, no lab.
"""

from __future__ import annotations

from jupyterhub.singleuser.extension import JupyterHubSingleUser

from mondaylab.grader.formgrader.server import FormgraderServer


class FormgraderService(JupyterHubSingleUser):
    """The hub's login in front of the formgrader's server."""

    serverapp_class = FormgraderServer
    load_other_extensions = False

    @classmethod
    def get_extension_package(cls) -> str:
        """JupyterHub's own package: this class only chooses the server."""
        return "jupyterhub"


if __name__ == "__main__":
    FormgraderService.launch_instance()
