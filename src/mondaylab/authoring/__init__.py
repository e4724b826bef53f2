"""Authoring: what a practitioner writes labs with in a notebook, where the checkout and its state are.

`author` opens a lab for its author, and `screen` is what `adopt` shows. Behind it a `sitting` keeps one answer and its
author's decisions; `meaning` is which figure is meant, in the words of a menu, `proposed` what it may be, and
`as_shown` all of it as the page gets it. `paste` takes a text in, `kept` lists what was recorded, `drawn` shows what
learners would get. What is adopted, and how, is for `mondaylab.labs.adopting` alone.
"""

from mondaylab.authoring.author import Author

__all__ = ["Author"]
