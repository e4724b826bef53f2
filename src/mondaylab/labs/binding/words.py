"""The English words that count for what a text claims: more and less, when, the whole, and what is put to a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mondaylab.labs.binding.claims import Doubt


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of some words or patterns, whole, in capital or small letters; the longest first."""
    told = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)", re.IGNORECASE)


_OWN = r"(?:'s|’s|s)?"
UP = any_of(
    [
        *("increas(?:e|es|ed|ing)", "r[io]se[sn]?", "rising", "grew", "grows?", "growing", "growth", "gain(?:s|ed)?"),
        *("climb(?:s|ed|ing)?", "jump(?:s|ed)?", "surged?", "improv(?:e|es|ed|ing|ement)", "higher", "more", "up"),
        *("above", "exceed(?:s|ed|ing)?", "larger", "greater", "surpass(?:es|ed|ing)?", "outperform(?:s|ed|ing)?"),
    ]
)
DOWN = any_of(
    [
        *("decreas(?:e|es|ed|ing)", "f[ae]ll(?:s|en|ing)?", "declin(?:e|es|ed|ing)", "drop(?:s|ped|ping)?", "below"),
        *("reduc(?:e|es|ed|ing|tion)", "lower(?:ed|ing)?", "less", "fewer", "down", "smaller", "shrank", "shrunk"),
        *("dip(?:s|ped|ping)?", "slip(?:s|ped)?", "worsen(?:s|ed|ing)?"),
    ]
)
LOOSE = frozenset(
    {"more", "less", "higher", "lower", "larger", "smaller", "greater", "fewer", "up", "down", "above", "below"}
)
"""Those that also stand for no figure, as in *more efficient*."""
NO_TURN = any_of(
    ["more than", r"more (?:details?|information|attention)", "follow(?:ing)? up", r"sum(?:s|med)? up", "make up"]
)
"""Where they do not stand for a change."""
THAN = any_of(
    [r"compared (?:to|with)", r"in comparison (?:to|with)", "versus", r"vs\.?", "than", "relative to", "against"]
)
FROM = any_of(["from"])
WEEK_BEFORE = any_of(
    [
        rf"(?:(?:the|its|their) )?(?:previous|prior|preceding|last|earlier) week{_OWN}",
        "(?:the )?week (?:before|earlier)",
        "week[- ](?:on|over)[- ]week",
    ]
)
THIS_WEEK = any_of([rf"(?:this|the current|the reporting) week{_OWN}"])
OTHER_TIME = any_of(
    [
        rf"(?:last|previous|prior|next|coming|following) (?:year|month|quarter){_OWN}",
        rf"(?:next|following) weeks?{_OWN}",
        "year[- ](?:on|over)[- ]year",
        *("january", "february", "march", "april", "june", "july", "august", "september", "october", "november"),
        *("december", "q[1-4]", r"20\d\d"),
    ]
)
"""Times of which the lab has no figures. May is too often a verb."""
WHOLE = any_of(
    [
        rf"(?:the )?(?:whole|entire|overall) company{_OWN}",
        "company[- ]wide",
        "(?:the )?company as a whole",
        "the company(?:'s|’s)",
        rf"(?:the |our )?company{_OWN} (?:average|total|overall|figure)",
        "company overall",
        "all (?:regions|departments|sites|carriers|categories)",
        *(rf"(?<=\b{word} )the company" for word in ("in", "of", "for", "across", "than", "to", "with")),
        "the company (?=had|has|reached|recorded|saw|received)",
    ]
)
CUES: dict[Doubt, re.Pattern[str]] = {
    "cause": any_of(
        [
            *(
                "because",
                "due to",
                "driven by",
                "thanks to",
                "owing to",
                "(?:as a )?result(?:s|ed|ing)? (?:of|in|from)",
            ),
            *("lead(?:s|ing)? to", r"contribut\w+", r"attribut\w+", "caus(?:e|ed|es|ing)", r"stem\w* from"),
            *("explained by", "reflect(?:s|ed|ing)?"),
        ]
    ),
    "rule": any_of(
        [
            *("handbook", "polic(?:y|ies)", r"section \d", "regulations?", "permitted", "(?:not )?allowed(?: to)?"),
            *("guidelines?", r"complian\w+", "comply"),
        ]
    ),
    "rank": any_of(
        ["highest", "lowest", "largest", "smallest", "biggest", "greatest", "most", "least", "best", "worst", "top"]
    ),
    "same": any_of(
        [
            *("unchanged", "stable", "steady", "constant", "(?:the )?same", "similar", "no change", r"consisten\w+"),
            *(r"remain\w*", "stayed", "equal"),
        ]
    ),
    "placeholder": re.compile(r"\[[^\]\n]*\]|\b(?:XX+|TBD|TBC)\b"),
}
"""What a text says that no figure can be held against, and that is still not nothing."""
BOUNDED = re.compile(
    r"\b(?:more than|less than|fewer than|over|under|above|below|at least|at most|up to|exceed\w*)"
    r"\s*(?:the\s+)?[€$£]?$",
    re.IGNORECASE,
)
"""What makes of the number behind it a bound, and no figure."""
