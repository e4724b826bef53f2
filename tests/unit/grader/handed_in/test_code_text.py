"""What a cell of code holds: read, never run, and right for whatever an editor or a hurried person makes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.grader.handed_in.code_text import defines, holds, plain, python_of, says

RELEASED = (
    'def evidence(tables):\n    """Returns the figure asked for, as a float."""\n'
    "    # YOUR CODE HERE\n    raise NotImplementedError()"
)
RIGHT = "def evidence(tables):\n    return tables['x'].sum()"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n \t\n",
        RELEASED,
        f"\ufeff{RELEASED}\n\n",
        RELEASED.replace("\n", "\r\n"),
        RELEASED.replace("\n", "\r"),
        RELEASED.replace("    ", "\t"),
        RELEASED.replace('"""\n', '"""  \n'),
        RELEASED.replace("raise NotImplementedError()", "pass"),
        RELEASED.replace("raise NotImplementedError()", "..."),
        RELEASED.replace("raise NotImplementedError()", "return"),
        RELEASED.replace("raise NotImplementedError()", "return None"),
        RELEASED.replace("NotImplementedError()", "NotImplementedError"),
        "def evidence(tables): pass",
        "def evidence(tables):\n    raise NotImplementedError('to do')",
        "def evidence(tables):",
    ],
)
def test_what_says_nothing_is_nothing(source):
    assert holds(source, "evidence", RELEASED) == "nothing"


@pytest.mark.parametrize(
    "source",
    [
        f"{RELEASED}\n# I used the builder below",
        'def evidence(tables):\n    """See the builder."""',
        "I used the builder below, 31.2 %",
        "margin = 31.2",
        RIGHT.replace("evidence", "my_evidence"),
        f"async {RIGHT}",
        "%%writefile evidence.py\ndef evidence(tables):\n    return 1",
        "class Mine:\n    def evidence(self, tables):\n        return 1",
        "evidence(lab.tables)",
        "evidence: float",
    ],
)
def test_words_of_the_learner_are_no_answer_and_not_nothing(source):
    assert holds(source, "evidence", RELEASED) == "words"


@pytest.mark.parametrize(
    "source",
    [
        RIGHT,
        RIGHT.replace("\n", "\r\n"),
        f"import functools\n@functools.cache\n{RIGHT}",
        "evidence = lambda tables: 1",
        "class evidence:\n    pass",
        "from mine import evidence",
        "import mine as evidence",
        "if True:\n    def evidence(tables):\n        return 1",
        "def make():\n    global evidence\n    evidence = len\nmake()",
        "def evidence(tables):\n    print(1)",
        "evidence = 31.2",
        f"%%time\n{RIGHT}",
        f"{RIGHT}\n!ls\nevidence?",
        "def evidence(tables)\n    return 1",
        f"{RIGHT} + " + "(" * 300,
        f"{RIGHT}" + " + 1" * 20_000,
    ],
)
def test_an_answer_is_one_however_it_is_written(source):
    assert holds(source, "evidence", RELEASED) == "answer"
    assert defines(source, "evidence", RELEASED)


def test_a_cell_that_is_neither_python_nor_words_is_a_wrong_answer():
    assert holds("1 +", "evidence", RELEASED) == "answer" and not defines("1 +", "evidence", RELEASED)


def test_a_function_is_no_text():
    assert holds("def prompt():\n    return 1", "prompt", 'prompt = "x"', text=True) == "words"
    assert holds("prompt = f()", "prompt", 'prompt = "x"', text=True) == "answer"
    assert holds("prompt = 'x'", "prompt", 'prompt = "x"', text=True) == "nothing"


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("%%time\nx = 1", "x = 1"),
        ("x = 1\n  # a\n%timeit x\n!ls", "x = 1\n  # a\npass\npass"),
        ("if x:\n    !ls\nx?", "if x:\n    pass\npass"),
        ("x = 7 % 3\ny = '''\n%time\n'''", "x = 7 % 3\ny = '''\n%time\n'''"),
        ("%%bash\nls", "%%bash\nls"),
        ("x = 1\n%%bash", "x = 1\n%%bash"),
        ("x = (", "x = ("),
    ],
)
def test_lines_for_the_notebook_only_are_taken_out(source, left):
    assert python_of(source) == left


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("x = 1  # ok", False),
        ("x = 1\n# the controller checks the figures", True),
        ("a = 'the controller checks the figures'", True),
        ("The controller checks", True),
        ("lines['region'] == 'North'", False),
    ],
)
def test_sentences_in_code_are_seen(source, sentence):
    assert says(source) == sentence


@given(st.text(), st.sampled_from(["", "def evidence(", "%%time\n", "evidence = ", "'''"]))
def test_no_cell_makes_it_fail(text, start):
    assert holds(start + text, "evidence", RELEASED) in ("nothing", "words", "answer")
    assert isinstance(says(start + text), bool)
    assert plain(plain(text)) == plain(text)


@given(st.lists(st.sampled_from(["", " ", "\t", "\n", "\r\n", "    \n"]), min_size=5, max_size=5))
def test_blanks_never_make_an_answer(blanks):
    lines = RELEASED.split("\n")
    source = blanks[0].replace(" ", "\n").replace("\t", "\n") + "".join(
        f"{line}{blank}\n" for line, blank in zip(lines, blanks[1:], strict=True)
    )
    assert holds(source, "evidence", RELEASED) == "nothing"
