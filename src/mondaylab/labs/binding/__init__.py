"""The binder: what a text of a model claims, by its words alone, and whether that is true.

`lexicon` knows what a lab's measures and slices are called, `sentences` cuts a text, `marks` finds words that count,
`reading` puts them together to claims, `binder` does it for a text, `truth` holds what was bound against the data.
"""
