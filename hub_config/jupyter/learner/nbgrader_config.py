"""nbgrader as a learner sees it: hand-out, hand-in and feedback through the jail's own folders."""

import os

from mondaylab.hub.exchange_base import plug_in

c = get_config()

c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
c.Exchange.root = "/srv/exchange"
c.Exchange.personal = True
plug_in(c)
