"""Recorded drafts: a model is asked for sentences about computed facts; what it says is checked number by number.

`asker` draws what to ask, `endpoint` asks, `session` does all of it for a lab. What is kept, read and checked is in
`mondaylab.labs.recorded`.
"""
