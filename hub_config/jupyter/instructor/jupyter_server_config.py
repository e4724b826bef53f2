"""The formgrader of one cohort, as a service of the hub: grading screens, no terminal, no lab to wander in."""

import os
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers

c = get_config()

c.ServerApp.allow_root = True  # the hub's own user, whoever that is; learner code never runs here
c.ServerApp.root_dir = os.environ["MONDAYLAB_COURSE"]
# this service runs as the hub's own user: no code of a browser's, in no way
c.ServerApp.terminals_enabled = False
c.ServerApp.contents_manager_class = "mondaylab.hub.formgrader.ReadOnlyContents"
c.ServerApp.kernel_manager_class = "mondaylab.hub.formgrader.NoKernels"
c.KernelSpecManager.ensure_native_kernel = False
c.KernelSpecManager.allowed_kernelspecs = {"none"}
c.FormgradeExtension.debug = False  # its page would show the whole configuration
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
# ours before nbgrader's: a submission page that loads nothing from the internet
_page = HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])
_ours = Path(os.environ["MONDAYLAB_ROOT"], "hub_config", "jupyter", "instructor", "templates")
c.HTMLExporter.template_paths = [str(_ours), *_page.template_paths]
# may be shown inside a page of this hub only
c.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": "frame-ancestors 'self'"}}
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.LabApp.app_settings_dir = str(Path(os.environ["MONDAYLAB_ROOT"], "hub_config", "jupyter", "learner", "lab"))
