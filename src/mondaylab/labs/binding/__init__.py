"""The binder: what a text of a model claims, by its words alone, and whether that is true.

`lexicon` knows what a lab's measures and slices are called, `words` which English words count. `sentences` cuts a
text, `marks` finds what counts in a sentence, and `places` what stands beside what. `which` measure, and `whose` figure
of when, `reading` puts together to claims. `unclear` says what is no plain fact, `binder` does it for a text, and
`truth` holds what was bound against the data.
"""
