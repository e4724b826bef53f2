"""The prompt cell: what is read out of it, and what it earns; nothing of it is run or repeated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaylab.errors import Refused
from mondaylab.grader.cells.lab_words import LabWords
from mondaylab.grader.cells.prompt import MOST_CHARACTERS, score_prompt
from mondaylab.grader.cells.prompt_text import LONGEST, prompt_text
from mondaylab.grader.handed_in.answer import CellAnswer

GOOD = (
    "Write the margin memo for the CFO from the order lines of week 40, in at most 150 words. "
    "Say which table each figure comes from, and if something is not there, say so."
)
RELEASED = 'prompt = "In two sentences: what should a memo state?"'
KNOWN = LabWords({"order lines", "margin"}, lambda token: token == "cus00000abc12345")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('prompt = "a b"', "a b"),
        ("prompt='''a\r\nb'''", "a\nb"),
        ('prompt = (\n    "a "  # first\n    "b"\n)\n', "a b"),
        ('prompt = "a" + ("b" + "c")', "abc"),
        ('prompt = "a" \\\n  "ü"', "aü"),
        ('prompt = f"a" f" {{x}}"', "a {x}"),
        ('prompt = """a\x0cb\u2028c\x85d"""\nfoo()', "a\x0cb\u2028c\x85d"),
        ('%time\n!ls\nprompt = "x"; lab.check_prompt(prompt)\nlab?\n', "x"),
        ('prompt = "old"\nprompt = "new"', "new"),
        ('prompt = "x"\nfor i in (((((', "x"),
        ('\ufeffprompt = "x"', "x"),
        (r'prompt = "\ud800x"', "?x"),
        (r'prompt = "\d"', r"\d"),
        ("x=" + "-" * 19_000 + '1\nprompt = "deep"', "deep"),
        ('prompt = ""', ""),
        ('prompt: str = "a"', "a"),
        ('prompt = "a"\nprompt += "b"', "ab"),
        ('task = "a"\nprompt = task + "b"', "ab"),
        ('a = "x"\nprompt = f"{a} y"', "x y"),
        ('prompt = """\n  a\n""".strip()', "a"),
        ('import textwrap\nprompt = textwrap.dedent("""\\\n  a\n  b""")', "a\nb"),
        ('a = "x"\nprompt = " ".join([a, "y"])', "x y"),
    ],
)
def test_plain_text_in_quotes_is_read(source, text):
    assert prompt_text(source) == text


@pytest.mark.parametrize(
    "source",
    [
        "",
        "prompt",
        "prompt =",
        "prompt == 'a'",
        'x = prompt = "a"',
        "prompt: str",
        'if 1:\n    task = "a"\nprompt = task',
        'def f():\n    global prompt\n    prompt = "b"\nprompt = "a"\nf()',
        'prompt = "a"\nx = prompt = f()',
        'prompt = "a"\nfor prompt in "bc":\n    pass',
        'prompt = "a"\nif (prompt := input()):\n    pass',
        'prompt = "a"\ndel prompt',
        'prompt = "a"\nprompt, b = b, prompt',
        'prompt = f"{a.b}"',
        'prompt = "a".join(open("x"))',
        'prompt = f"a {secret}"',
        'prompt = "a {}".format(1)',
        'prompt = "a" % ()',
        'prompt = "a" * 10**9',
        'prompt = "a", "b"',
        'prompt = "a" ("b")',
        'prompt = b"a"',
        'prompt = open("/etc/passwd").read()',
        'prompt += "b"',
        'prompt = "a"\nprompt += open("x").read()',
        'if True:\n    prompt = "a"',
        r'prompt = "\N{no such sign}"',
        'prompt = """never closed',
        'prompt = "\x00"',
        "prompt = " + "(" * 9000 + '"a"' + ")" * 9000,
        "prompt = " + "-" * 19_000 + "1",
        "prompt = " + "+".join(['"a"'] * 4000),
        'prompt = "' + "a" * LONGEST + '"',
    ],
)
def test_whatever_else_it_is_it_is_refused_in_the_same_words(source):
    with pytest.raises(Refused, match="does not set prompt to one plain text in quotes"):
        prompt_text(source)


@given(st.text(), st.sampled_from(["", "prompt = ", 'prompt = "', "prompt = f'", 'prompt = ("""']))
def test_no_cell_makes_it_fail_in_another_way(text, start):
    try:
        assert isinstance(prompt_text(start + text), str)
    except Refused as error:
        assert "does not set prompt" in error.what


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_python_writes_is_read_back(text):
    assert prompt_text(f"prompt = {text!r}") == text


def score(source: str | None, code: str = "ok", released: str | None = RELEASED, checked: str | None = None):
    return score_prompt(CellAnswer(code, source), released, lambda: KNOWN, max_points=8, checked=checked)


def test_a_good_prompt_earns_all_and_each_check_a_quarter():
    assert score(f"prompt = {GOOD!r}").points == 8
    partly = score('prompt = "Write the margin memo for the CFO."')
    assert 0 < partly.points < 8 and partly.points % 2 == 0
    assert sum("not found. " in line for line in partly.details) == 4 - partly.points / 2


@pytest.mark.parametrize("more", [" Mail it to tom@example.com.", " Look at CUS00000abc12345."])
def test_something_private_takes_it_all_and_is_not_repeated(more):
    told = score(f"prompt = {GOOD + more!r}")
    assert (told.state, told.points, told.code) == ("scored", 0, "private")
    assert not any(word in told.markdown() for word in ("tom", "example", "12345", "CFO"))


def test_reasons_never_repeat_what_was_written():
    told = score('prompt = "Write zyxwv for the qpqpq from table wvwvw; say if you doubt it."')
    assert not any(word in told.markdown() for word in ("zyxwv", "qpqpq", "wvwvw"))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("prompt = (\n    'In two sentences: '\n    'what should a memo state?'\n)", "unchanged"),
        ("prompt = 'in two  sentences -- what SHOULD a memo state!'", "unchanged"),
        ("prompt = '  '", "empty"),
        (f"prompt = {'word ' * (MOST_CHARACTERS // 5 + 1)!r}", "too long"),
    ],
)
def test_nothing_to_check_is_a_reasoned_zero_and_needs_no_data(source, code):
    told = score_prompt(CellAnswer("ok", source), RELEASED, lambda: pytest.fail("no data is needed"), max_points=8)
    assert (told.state, told.points, told.code) == ("scored", 0, code) and told.reason


COMPUTED = ("prompt = input()", "", 'task = open("x").read()\nprompt = task', "#" * (LONGEST + 1))


@pytest.mark.parametrize("source", COMPUTED)
def test_what_is_computed_waits_for_a_person_or_is_what_the_check_read(source):
    told = score(source)
    assert (told.state, told.code) == ("not graded", "no text")
    assert score(source, checked=GOOD).points == 8
    assert (
        score(source, checked="Write the margin memo for the CFO.").points
        == score('prompt = "Write the margin memo for the CFO."').points
    )
    for nothing in ("In two sentences: WHAT should a memo state?", " "):
        assert score(source, checked=nothing).state == "not graded"


def test_a_plain_text_in_the_cell_is_scored_whatever_was_checked_before():
    assert score(f"prompt = {GOOD!r}", checked="Hello.").points == 8
    assert score(f"prompt = {GOOD + ' Mail it to tom@example.com.'!r}", checked=GOOD).code == "private"


@pytest.mark.parametrize("code", ["unchanged", "missing", "no answer", "elsewhere", "ambiguous", "unreadable"])
def test_a_prompt_that_was_checked_is_scored_wherever_it_was_written(code):
    assert score(None, code, checked=GOOD).points == 8
    private = score(None, code, checked=f"{GOOD} Mail it to tom@example.com.")
    assert (private.points, private.code) == (0, "private")


def test_a_name_that_another_cell_sets_too_is_what_the_check_read_or_waits():
    answer = CellAnswer("ok", f"prompt = {GOOD!r}", retold=True)
    waits = score_prompt(answer, RELEASED, lambda: KNOWN, max_points=8)
    assert (waits.state, waits.code) == ("not graded", "ambiguous")
    short = score_prompt(answer, RELEASED, lambda: KNOWN, max_points=8, checked="Write the memo.")
    assert 0 < short.points < 8


def test_as_released_is_a_reasoned_zero_and_a_lost_cell_is_not_graded():
    unchanged = score(None, "unchanged")
    assert (unchanged.state, unchanged.points, unchanged.code) == ("scored", 0, "unchanged")
    for code in ("missing", "ambiguous", "unreadable"):
        assert score(None, code).state == "not graded" and score(None, code).code == code


def test_another_language_waits_for_a_person():
    german = "Schreibe bitte eine Antwort an die Kundin zur Erstattung, höchstens hundert Wörter, nenne alle Quellen."
    told = score(f"prompt = {german!r}")
    assert (told.state, told.code) == ("not graded", "not English") and not told.details
    assert score(f"prompt = {german + ' an tom@example.com'!r}").details
