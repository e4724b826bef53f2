"""Adopting: an assistant's answer becomes a version of a draft, its words untouched, its truth computed.

`answered` is an answer with what is needed to read it, `entries` numbers what it claims and what is doubtful, and
`decisions` is what its author says of these. `spans` cuts its sentences between the claims, `templates` finds or makes
the template of each, `statements` the sentence that is judged, `varying` the words that fit other slices. `file_text`
writes the manuscript, `adopter` does all of it, `placing` puts the file into the lab, and `report` tells an author of
it. Answers come from `recorded`, or from `pasted`, after `scrubbing`.
"""
