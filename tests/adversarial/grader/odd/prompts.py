"""Prompts that the notebook's own check read, however the notebook came to them."""

from __future__ import annotations

from nbformat.v4 import new_code_cell, new_markdown_cell

from .odd import Handed, odd

GOOD = "Write the memo of week 40 for the CFO in at most 90 words; say which table figures come from."
READ = {
    "strips_it": f'prompt = """\n{GOOD}\n""".strip()',
    "adds_to_it": f"prompt = {GOOD[:61]!r}\nprompt += {GOOD[61:]!r}",
    "names_it_first": f"task = {GOOD!r}\nprompt = task",
    "annotates_it": f"prompt: str = {GOOD!r}",
    "joins_it": f'prompt = " ".join(["Write the memo of week 40", {GOOD[26:]!r}])',
    "captures_the_cell": f"%%capture\nprompt = {GOOD!r}",
}
COMPUTED = {
    "fills_in_the_quarter": f'prompt = f"{GOOD} It is about {{quarter}}."',
    "formats_it": f'prompt = "{GOOD} It is {{}}.".format(quarter)',
    "has_a_function": f"def ask():\n    return {GOOD!r}\nprompt = ask()",
    "sets_it_globally": f"def ask():\n    global prompt\n    prompt = {GOOD!r}\nask()",
    "reads_it_from_a_file": "prompt = open('prompt.txt').read()",
    "walrus": f"print(prompt := {GOOD!r})",
    "imports_it": "from my_prompts import prompt",
}


def _enter(name, source, *, waits, checked):
    def make(it: Handed) -> None:
        it.cell("prompt_answer").source = source
        if checked:
            it.checks(GOOD)

    make.__name__, make.__module__ = f"{name}{'_and_checks' if checked else ''}", __name__
    make.__doc__ = f"In the prompt cell {name.replace('_', ' ')}{', and runs the check' if checked else ''}."
    odd(*waits, shows=("prompt",) if waits else ())(make)


for _name, _source in READ.items():
    _enter(_name, _source, waits=(), checked=False)
for _name, _source in COMPUTED.items():
    _enter(_name, _source, waits=(), checked=True)
    _enter(_name, _source, waits=("prompt",), checked=False)


@odd("prompt", shows=("Write the memo of week 40",))
def forgets_the_quotes(it: Handed) -> None:
    """Writes the prompt without quotes."""
    it.cell("prompt_answer").source = GOOD


@odd("prompt", shows=("Write the memo of week 40",))
def writes_it_in_a_text_cell(it: Handed) -> None:
    """Writes the prompt into a Markdown cell below."""
    it.cell("prompt_answer").source = it.released("prompt_answer")
    it.notebook.cells.insert(it.at("prompt_answer") + 1, new_markdown_cell(f"My prompt: {GOOD}"))


@odd()
def sets_it_in_another_cell_and_checks(it: Handed) -> None:
    """Leaves the prompt cell, sets the prompt in a cell below and runs the check on it."""
    it.cell("prompt_answer").source = it.released("prompt_answer")
    it.notebook.cells.insert(it.at("prompt_answer") + 1, new_code_cell(f"prompt = f'{{lab}} {GOOD}'"))
    it.checks(GOOD)


@odd()
def checks_it_without_setting_it(it: Handed) -> None:
    """Hands the prompt to the check itself."""
    it.cell("prompt_answer").source = it.released("prompt_answer")
    it.notebook.cells.insert(it.at("prompt_answer") + 1, new_code_cell(f"lab.check_prompt({GOOD!r})"))
    it.checks(GOOD)


@odd("prompt", shows=("One more thing",))
def adds_to_it_in_another_cell(it: Handed) -> None:
    """Adds to the prompt in a cell below, and does not run the check again."""
    it.notebook.cells.insert(it.at("prompt_answer") + 1, new_code_cell("prompt = prompt + ' One more thing.'"))
