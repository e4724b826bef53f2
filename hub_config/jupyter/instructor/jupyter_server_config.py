"""The formgrader of one cohort, as a service of the hub: grading pages, no terminal, no files, no lab to wander in."""

import os

c = get_config()

c.ServerApp.allow_root = True  # the hub's own user, whoever that is; learner code never runs here
c.ServerApp.root_dir = os.environ["MONDAYLAB_COURSE"]
# which pages there are is no setting: mondaylab/grader/formgrader/routes.py lists them, and all else is taken away
c.ServerApp.terminals_enabled = False
c.ServerApp.allow_origin = ""
c.FormgradeExtension.debug = False  # its page would show the whole configuration
