"""The formgrader of one cohort, as a service of the hub: grading screens, no terminal, no lab to wander in."""

import os
from pathlib import Path

c = get_config()

c.ServerApp.allow_root = True  # the hub's own user, whoever that is; learner code never runs here
c.ServerApp.root_dir = os.environ["MONDAYLAB_COURSE"]
c.ServerApp.terminals_enabled = False
c.ServerApp.jpserver_extensions = {
    "nbgrader.server_extensions.formgrader": True,
    "mondaylab.grader.extension": True,
    "jupyterlab": True,
    "jupyter_server_terminals": False,
    "nbgrader.server_extensions.assignment_list": False,
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.validate_assignment": False,
    "jupyterlab_jupytext": False,
    "jupyter_lsp": False,
    "notebook": False,
}
# may be shown inside a page of this hub only
c.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": "frame-ancestors 'self'"}}
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.LabApp.app_settings_dir = str(Path(os.environ["MONDAYLAB_ROOT"], "hub_config", "jupyter", "learner", "lab"))
c.FileContentsManager.delete_to_trash = False
