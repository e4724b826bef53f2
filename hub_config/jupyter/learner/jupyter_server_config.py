"""A learner's JupyterLab server, as it runs in the jail: what it offers, and nothing that calls out."""

c = get_config()

c.ServerApp.jpserver_extensions = {
    "jupyterlab": True,
    "jupyter_server_terminals": True,
    "mondaylab.judging.extension": True,
    "mondaylab.hub.assignment_list": True,
    # ours answers for it, in plain words
    "nbgrader.server_extensions.assignment_list": False,
    # not for learners: a menu entry that would only be refused
    "nbgrader.server_extensions.formgrader": False,
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.validate_assignment": False,
    "jupyterlab_jupytext": False,
    "jupyter_lsp": False,
    "notebook": False,
}
c.LabApp.app_settings_dir = "/srv/jupyter/lab"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.FileContentsManager.delete_to_trash = False

# kernels on sockets in the jail's own /tmp: on a TCP port of a shared loopback other learners could listen in
c.KernelManager.transport = "ipc"
c.MultiKernelManager.default_kernel_name = "python3"
