"""The gate on adopted answers: nobody whom the raw exports know is named in one."""

from __future__ import annotations

from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.letters import readable
from mondaylab.datasets.scrubbers import outside, scrubber_by_exports
from mondaylab.errors import MondaylabError
from mondaylab.labs.claims.slots import names_in
from mondaylab.labs.gates.report import Gate
from mondaylab.labs.gates.truth import counted
from mondaylab.labs.material import Material
from mondaylab.labs.sources.manuscript import Manuscript
from mondaylab.settings import Site

NAME = "adopted_names"
_FIGURES = ("PHONE", "NUMBER", "IBAN", "CARD")
"""What an answer's own figures look like; adopting asked about them one by one."""


def adopted_names_gate(site: Site, material: Material) -> Gate:
    """Searches adopted answers for whom the exports know.

    Who adopts in a server without exports cannot know that *Baker* is a colleague; who checks with them can.

    Args:
        site: Its `raw` has the quarter's exports, or has none: then nothing is looked at, and the gate says so.
        material: The lab on its snapshot.
    """
    folder = site.lab(material.name)
    adopted = [path for path in sorted(folder.glob("drafts/*/*.md")) if Manuscript.read(path).answer is not None]
    if not adopted:
        return Gate(name=NAME, passed=True, n=0, said="No adopted answer to search for names.")
    company, quarter = material.bindings.company, material.quarter
    raw = site.raw / company / str(quarter)
    if not raw.is_dir():
        said = "Adopted answers were not searched for names of the exports, which are not here: check where they are."
        return Gate(name=NAME, passed=True, n=0, said=said)
    try:
        scrubber = scrubber_by_exports(raw, site.company(company), year=quarter.year)
    except MondaylabError as error:
        said = f"Adopted answers could not be searched for names of the exports: {error.what}"
        return Gate(name=NAME, passed=False, n=0, said=said)
    kept = names_in(material.declaration.slots, material.catalog)
    problems = [
        f"{path.relative_to(folder)}, line {line}"
        for path in adopted
        for line in _lines(path.read_text("utf-8"), scrubber, kept)
    ]
    return counted(
        NAME,
        problems,
        len(adopted),
        f"Nobody whom the raw exports know is named in an adopted answer ({len(adopted):,} answers)",
        "take the answer out, or adopt it anew where the exports are",
    )


def _lines(text: str, scrubber: Scrubber, kept: frozenset[str]) -> list[int]:
    """Numbers of the lines on which somebody is named; never who. A name may go over the end of a line."""
    said = readable(text)
    found = outside(said, (one for one in scrubber.find(said) if one.kind not in _FIGURES), kept)
    return sorted({said.count("\n", 0, one.start) + 1 for one in found})
