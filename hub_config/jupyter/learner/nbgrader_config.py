"""nbgrader as a learner sees it: hand-out, hand-in and feedback through the jail's own folders."""

import os

c = get_config()

c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
c.Exchange.root = "/srv/exchange"
c.Exchange.personal = True
c.ExchangeFactory.exchange = "mondaylab.hub.exchange.Exchange"
c.ExchangeFactory.list = "mondaylab.hub.exchange.List"
c.ExchangeFactory.fetch_assignment = "mondaylab.hub.exchange.FetchAssignment"
c.ExchangeFactory.fetch_feedback = "mondaylab.hub.exchange.FetchFeedback"
c.ExchangeFactory.submit = "mondaylab.hub.exchange.Submit"
c.ExchangeFactory.collect = "mondaylab.hub.exchange.Collect"
c.ExchangeFactory.release_assignment = "mondaylab.hub.exchange.ReleaseAssignment"
c.ExchangeFactory.release_feedback = "mondaylab.hub.exchange.ReleaseFeedback"
