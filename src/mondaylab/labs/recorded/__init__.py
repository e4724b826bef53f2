"""Drafts that a model wrote, as kept: read and checked number by number against the data.

`asked` is what was asked, `store` keeps the answers, `stale` finds those that no longer fit, `reading` finds what a
sentence states, `checking` holds it against the data. Nothing here trusts the model: a sentence that cannot be judged
is refused.
"""
