"""Recorded drafts: a model is asked for sentences about computed facts; what it says is checked number by number.

`asked` draws what to ask, `endpoint` asks, `store` keeps the answers, `reading` finds what a sentence states,
`checking` holds it against the data, `session` does all of it for a lab, `casting` brings recordings into forms.
Nothing here trusts the model: a sentence that cannot be judged is refused.
"""
