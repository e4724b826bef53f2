"""Recorded texts: a model is asked as people at work ask it, and what it claims is held against the data.

`text_asker` draws what to ask and `sheet` the figures that go with it, `endpoint` or a package's source (`sources`) is
asked, `texts` does all of it for a lab, and `stale` finds the answers that no longer fit. What is kept is in
`mondaylab.labs.recorded`.
"""
