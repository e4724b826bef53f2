"""One learner's form by hand, and a store that knows it."""

from __future__ import annotations

from tests.support import hand_made_form

form = hand_made_form.form
url = hand_made_form.url
store = hand_made_form.store
fill = hand_made_form.fill
