"""An author's JupyterLab server, as it runs in the jail: files, kernels and terminals, and nothing of any cohort."""

c = get_config()

c.ServerApp.jpserver_extensions = {
    "jupyterlab": True,
    "jupyter_server_terminals": True,
    # of those who learn or teach, and nobody may be both
    "nbgrader.server_extensions.assignment_list": False,
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

# kernels on sockets in the jail's own /tmp: on a TCP port of a shared loopback others could listen in
c.KernelManager.transport = "ipc"
c.MultiKernelManager.default_kernel_name = "python3"
