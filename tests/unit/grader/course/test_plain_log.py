"""nbgrader's log in a browser: words stay, tracebacks and places of the machine go."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.grader.course.plain_log import plain_log

COURSE = Path("/srv/lab/var/courses/fin-1")
REFUSED = """[INFO] Converting /srv/lab/var/courses/fin-1/submitted/lena/memo/memo.ipynb
[ERROR] Traceback (most recent call last):
  File "/opt/venv/lib/python3.11/site-packages/nbgrader/converters/base.py", line 3, in start
    self.convert()
ValueError: /srv/lab/secret

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/lab/src/mondaylab/x.py", line 1, in y
    raise Refused("no")
mondaylab.errors.Refused: /srv/lab/labs: memo is still open. Next: close it
[WARNING] Done
"""


def moved(text: str) -> str:
    """As nbgrader's formatter writes a message of several lines."""
    return "\n".join(line if line.startswith("[") or not line else f"    {line}" for line in text.splitlines())


@pytest.mark.parametrize("text", [REFUSED, moved(REFUSED)])
def test_a_refusal_is_left_with_its_words(text):
    assert plain_log(text, [COURSE]).splitlines() == [
        "[INFO] Converting submitted/lena/memo/memo.ipynb",
        "labs: memo is still open. Next: close it",
        "[WARNING] Done",
    ]


@pytest.mark.parametrize(
    "error", ["KeyError: 'source'", "sqlalchemy.exc.OperationalError: (sqlite3) locked", "ZeroDivisionError"]
)
def test_any_other_error_is_one_sentence(error):
    text = f'[ERROR] nope\nTraceback (most recent call last):\n  File "/a/b.py", line 1\n    x\n{error}'
    assert plain_log(text).splitlines() == ["[ERROR] nope", "something went wrong inside; the service's log says what"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://example.org/a/b and http://x/y", "see https://example.org/a/b and http://x/y"),
        ("1/2 of 3/4, and/or", "1/2 of 3/4, and/or"),
        ("'/srv/lab/var/courses/fin-1'", "''"),
        ("at /srv/lab/var/courses/fin-10/a/b.txt", "at b.txt"),
        ("(/etc/x/)", "(…)"),
    ],
)
def test_paths_are_shortened_and_nothing_else(text, shown):
    assert plain_log(text, [COURSE]) == shown


@given(
    st.lists(
        st.sampled_from([*REFUSED.splitlines(), "Traceback (most recent call last):", "", "word /a/b/c"]), max_size=30
    )
)
def test_whatever_is_logged_no_traceback_is_left(lines):
    shown = plain_log("\n".join(lines), [COURSE])
    for hidden in ("Traceback", "site-packages", "/srv/lab/var", "/a/b/"):
        assert hidden not in shown
