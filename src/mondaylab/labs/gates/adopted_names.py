"""The gate on adopted answers: nobody whom the raw exports know is named in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mondaylab.datasets.freetext import Scrubber
from mondaylab.datasets.letters import readable
from mondaylab.datasets.scrubbers import scrubber_by_exports
from mondaylab.errors import NotFound, Refused
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
    try:
        scrubber = scrubber_by_exports(raw, site.company(company), year=quarter.year)
    except NotFound:
        said = "Adopted answers were not searched for names of the exports, which are not here: check where they are."
        return Gate(name=NAME, passed=True, n=0, said=said)
    except Refused as error:
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


def _lines(text: str, scrubber: Scrubber, kept: frozenset[str]) -> Iterator[int]:
    """Numbers of the lines on which somebody is named; never who."""
    for number, line in enumerate(text.splitlines(), start=1):
        said = readable(line)
        fine = [found.span() for name in kept for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", said)]
        found = (one for one in scrubber.find(said) if one.kind not in _FIGURES)
        if any(not any(start <= one.start and one.end <= end for start, end in fine) for one in found):
            yield number
