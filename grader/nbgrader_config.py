# How every cohort's nbgrader course grades and gives feedback. Each course's own nbgrader_config.py loads this file.
from pathlib import Path

from mondaylab.grader.autograde.nbgrader_plugins import plug_in

c = get_config()
c.CourseSite.root = str(Path(__file__).resolve().parents[1])
plug_in(c)

# Your own settings go below; nbgrader's are at https://nbgrader.readthedocs.io, for instance
# c.AssignLatePenalties.plugin_class = "nbgrader.plugins.LateSubmissionPlugin"
