"""The English words that count for what a text claims: more and less, when, the whole, and what is put to a person.

Lists of words are texts: words and patterns with space between them, and ``_`` within those that hold spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mondaylab.labs.binding.claims import Doubt


def _longest_first(said: tuple[str, ...]) -> Iterator[str]:
    words = (word for one in said for word in one.split())
    return (word.replace("_", " ") for word in sorted(words, key=len, reverse=True))


def any_of(*said: str) -> re.Pattern[str]:
    """Any of some words, whole, in capital or small letters."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(_longest_first(said))})(?!\w)", re.IGNORECASE)


def _only(*said: str) -> re.Pattern[str]:
    """Nothing but some words, brackets, colons and commas."""
    words = "|".join(_longest_first(said))
    return re.compile(rf"[\s(),:'’]*(?:(?:{words})(?!\w)[\s(),:'’]*)*", re.IGNORECASE)


_OWN = r"(?:'s|’s|s)?"
UP = any_of(
    r"increas(?:es?|ed|ing) r[io]se[sn]? rising grew grows? growing growth gain(?:s|ed)? climb(?:s|ed|ing)?",
    r"jump(?:s|ed)? surge[sd]? boost(?:s|ed)? improv(?:e|es|ed|ing|ements?) higher more up above exceed(?:s|ed|ing)?",
    "larger greater surpass(?:es|ed|ing)? outperform(?:s|ed|ing)?",
)
DOWN = any_of(
    "decreas(?:es?|ed|ing) f[ae]ll(?:s|en|ing)? declin(?:e|es|ed|ing) drop(?:s|ped|ping)? below",
    "reduc(?:e|es|ed|ing|tions?) lower(?:ed|ing)? less fewer down smaller shrank shrunk dip(?:s|ped|ping)?",
    "slip(?:s|ped)? worsen(?:s|ed|ing)?",
)
LOOSE = frozenset(
    {"more", "less", "higher", "lower", "larger", "smaller", "greater", "fewer", "up", "down", "above", "below"}
)
"""Those that also stand for no figure, as in *more efficient*."""
NO_TURN = any_of(
    "more_than more_(?:details?|information|attention) follow(?:ing)?_up sum(?:s|med)?_up make_up",
)
"""Where they do not stand for a change."""
FROM = any_of("from")
THAN = any_of(
    r"(?:as_)?compared_(?:to|with) in_comparison_(?:to|with) versus vs\.? than relative_to against",
    "over(?=_the_(?:previous|prior|preceding|last)) on(?=_the_(?:week_before|previous|company))",
)
WEEK_BEFORE = any_of(
    rf"(?:(?:the|its|their)_)?(?:previous|prior|preceding|last|earlier)_week{_OWN}",
    r"(?:the_)?week_(?:before|earlier)(?!_\w+mas\b|_the) week[-_](?:on|over)[-_]week",
)
LAST_WEEK = any_of(rf"(?:the_)?last_week{_OWN}")
"""The week before where something is held against it; else many a text calls the reporting week so."""
THIS_WEEK = any_of(rf"(?:this|the_current|the_reporting)_week{_OWN}")
THIS_QUARTER = any_of(rf"(?:this|the_current|the)_quarter{_OWN}")
OTHER_TIME = any_of(
    rf"(?:this|current)_(?:year|month){_OWN}",
    rf"(?:last|previous|prior|next|coming|following)_(?:year|month|quarter){_OWN}",
    rf"(?:next|following|past|recent)_(?:\w+_)?weeks?{_OWN} week_(?:before|earlier)_(?:\w+mas|the_\w+)",
    r"\w+-(?:week|month|day)_period year[-_](?:on|over)[-_]year",
    r"january february march april june july august september october november december q[1-4] 20\d\d",
)
"""Times of which the lab has no figures. May is too often a verb."""
_COMPANY_IS = (
    r"\s(?:had|has|got|was|were|is|recorded|reached|saw|received|achieved|posted|reported|took|sold|made|counted|came|stood|"
    r"in|for|during|at|over|with|and|as|this|last|of|by|while|but)(?!\w)"
)
WHOLE = any_of(
    rf"(?:the_)?(?:whole|entire|overall)_(?:\w+_)?(?:company|organi[sz]ation){_OWN}",
    "company[-_]wide (?:the_)?company_as_a_whole company_overall",
    rf"the_company(?:'s|’s) (?:the_|our_)?company{_OWN}_(?:average|total|overall|figure)",
    "all_(?:regions|departments|sites|carriers|categories)",
    rf"the_company(?={_COMPANY_IS}|[^\w\s'’-]|$)",
)
A_COMPANY = any_of("the_company(?!['’-])")
"""Where it is not the whole one of which figures are told, nobody knows whose they are: *the company warehouse*."""
CUES: dict[Doubt, re.Pattern[str]] = {
    "cause": any_of(
        "because due_to driven_by thanks_to owing_to (?:as_a_)?result(?:s|ed|ing)?_(?:of|in|from) led_to",
        r"lead(?:s|ing)?_to contribut\w+ attribut\w+ caus(?:e|ed|es|ing) stem\w*_from explained_by",
        "reflect(?:s|ed|ing)?",
    ),
    "rule": any_of(
        r"handbook polic(?:y|ies) section_\d regulations? permitted (?:not_)?allowed(?:_to)? guidelines?",
        r"complian\w+ comply",
    ),
    "rank": any_of("highest lowest largest smallest biggest greatest most least best worst top"),
    "same": any_of(
        r"unchanged stable steady constant (?:the_)?same(?!_(?:period|time|week)) similar no_change consisten\w+",
        r"remain\w* stayed equal (?:in|for|across)_both_(?:weeks|periods|quarters)",
    ),
    "placeholder": re.compile(r"\[[^\]\n]*\]|\b(?:XX+|TBD|TBC)\b"),
}
"""What a text says that no figure can be held against, and that is still not nothing."""
BOUNDED = re.compile(
    r"\b(?:more than|less than|fewer than|over|under|above|below|at least|at most|up to|exceed\w*|top|or|another)"
    r"\s*(?:the\s+)?[€$£]?$",
    re.IGNORECASE,
)
"""What makes of the number behind it a bound, and no figure."""
MAYBE = any_of("could may might would should(?!_(?:note|be_noted|see|know)) possibly potentially perhaps likely if")
"""Behind it a text says only what may be. `unclear` holds what is bound against more of the kind: this is only so that
nothing is bound that way first, and what goes on from it neither."""
_PLAIN = (
    "the a an its their our in of and with for had has have to at by on from was were is are while but that this "
    "these both as or than where which there saw seen showed reported recorded generated achieved reached booked "
    "made received sold processed handled delivered incurred carried earned then also only just however "
    "additionally overall total whole new slightly significantly s meanwhile similarly still now about around "
    "region division team company department all including increasing decreasing maintaining applicants customers "
    "who being similar meeting generating reporting job"
)
_PLAIN_WORD = "|".join(_PLAIN.split())
QUALIFIED = re.compile(rf"(?<![\w'’-])(?!(?:{_PLAIN_WORD})\b)[A-Za-z][\w-]*\s+$|[A-Za-z]['’]s?\s+$", re.IGNORECASE)
"""A word right before a measure's name that makes another measure of it: *average freight cost*, *open orders*."""
RESTRICTED = re.compile(r"\s+(?:(?:were|was|are|is|have been|has been|had been)\s+[a-z]|that\b|who\b|without\b|per\b)")
"""Right behind a counted measure, it makes a part of it: *returns were settled with vouchers*."""
JOINED = re.compile(r"\s*(?:,|and|or|, and)\s*(?:the\s+)?", re.IGNORECASE)
"""Between measures of which something is said together."""
AMONG = any_of("(?:among|of)_(?:those|these|them|whom|which)")
"""Behind it a figure is that of a part, which most measures do not know."""
OF_PART = re.compile(r"(?:of|among)\s", re.IGNORECASE)
"""At the beginning of a sentence it says of which part."""
COMMAND = re.compile(
    r"(?:increase|decrease|improve|reduce|raise|lower|grow|drop|boost)(?!\w)(?! (?:in|of)\b)", re.IGNORECASE
)
"""What tells somebody to do something, at the beginning of a sentence."""
AFTER = re.compile(r"\b(?:follow(?:s|ed|ing)?|after)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
"""Before a change, it says that the change came before."""
PRONOUN = re.compile(
    r"(?:(?:However|Additionally|In addition|Overall|Also|Meanwhile|Moreover|Furthermore|Similarly),? )?"
    r"(?:this|that|it|they|these|which|its|their)\b",
    re.IGNORECASE,
)
"""What begins a sentence that goes on about what the one before spoke of."""
THEY = re.compile(r"\b(?:it|they|them)\b", re.IGNORECASE)
"""Whoever the sentence before was about."""
STOP = re.compile(r"[,;:(]|\b(?:and|while|whereas|but|although)\b")
"""Where the part of a sentence ends that a number stands in."""
CLAUSE = re.compile(r"[;:]|\b(?:while|whereas|but|although)\b")
"""Where a sentence turns to something else."""
ENDS = re.compile(r"[,;.:()]|\b(?:and|while|whereas|but|although|with|suggesting|indicating)\b")
"""Where what is named behind *than* ends."""

_HEDGE = r"(?:about|around|nearly|almost|only|just|roughly|approximately|some|an|a|the|of|by|at|:|,|\()"
STRAIGHT = re.compile(rf"\s*(?:{_HEDGE}\s*)*")
"""Between a word for more or less and the size of it."""
BY = re.compile(rf"\bby\s+(?:{_HEDGE}\s*)*$", re.IGNORECASE)
"""Before the size of a change."""
ATTACHED = re.compile(
    r"\s*(?:of (?:those|these|them|whom|which|\w+s)\s+)?"
    r"(?:(?:in|of|for|worth of|total|new|as|were|was|are|is|being|came as)\s+)?(?:the\s+)?"
)
"""Between a number and the measure that is named behind it."""
GOES_ON = re.compile(
    r"\s*(?:$|[^\w\s]|(?:in|during|for|from|at|to|and|or|while|whereas|but|compared|against|than|over|on|up|down|the|last|"
    r"this|versus|vs|week|of|by|as|with|which|respectively|previously|earlier|before)\b)",
    re.IGNORECASE,
)
"""Behind a number that says nothing of what it counts."""
_A_WEEK = r"(?:in|during|for)\s(?:week\s\d{1,2}|the\s(?:previous|prior|preceding|last)\sweek|the\sweek\sbefore)"
OF_SOME = re.compile(
    rf"\s+{_A_WEEK}\s+(?:were|was|are|is|had|has|have|came|went|remained|remain|got|needed)\b", re.IGNORECASE
)
"""Behind a number, it is that of those of whom something more is said."""
IN_WHAT = re.compile(r"\s+in\s+(?!week\b|the\b|total\b|all\b|this\b|that\b|its\b|comparison\b|[A-Z])[a-z]")
"""Behind a number, it says in what: *€5,000 in credit notes*."""
OF_IT = re.compile(r"\s*(?:in|of)?\s*(?:the\s+|its\s+|their\s+)?(?:number of\s+|total\s+|overall\s+)?", re.IGNORECASE)
"""Between a word for more or less and the measure that it is said of: *an increase in the number of orders*."""
OF_OTHERS = re.compile(r"\s+(?:in|of|for)\s", re.IGNORECASE)
"""Behind a noun for more or less, where it says of what."""
COMING = re.compile(r"\s+(?:(?:that\s+|which\s+)?(?:were\s+)?(?:came|come|coming|received)\s+)?", re.IGNORECASE)
"""Between what is counted and *from*, where they came from there."""
MOVED = re.compile(
    r"\b(?:went|go(?:es|ne|ing)?|mov\w+|chang\w+|shift\w+|swung|turn(?:s|ed|ing)?)(?:\s+\w+)?\s+$", re.IGNORECASE
)
"""Before *from*, a figure is said to have been another."""
THE = re.compile(r"\s+(?:the\s+)?", re.IGNORECASE)
ONWARD = re.compile(r"\s*,?\s*(?:(?:and|or|to|as\s+well\s+as|plus)\s+)?(?:from\s+)?(?:the\s+)?", re.IGNORECASE)
"""Between two of whom one is not all that is meant."""
OWNER = re.compile(r"['’]")
"""Behind a name, something else of theirs follows: *from North's 480*."""

_SMALL = "the its their of a an in our for by at about s and both"
LITTLE = _only(_SMALL, "from value figure level rate total average was just only during those that it they where")
"""Between *than* or *from* and its number, beside names and weeks."""
ALONE = _only(
    _SMALL,
    "from value figure level rate total average share overall as_a_whole then during this quarter week year one ones",
    "did was is were had has to on",
)
"""Behind what something is held against."""
SAID_OF = _only(
    _SMALL,
    r"to on from also has have had was were is are been then this that \w+ly customers region week during continued",
    "overall has_seen further again received provided sold booked reported made from at",
    "volumes? numbers? counts? figures? levels? percentages? rates? totals?",
)
"""Between a measure and what is said of it."""
SAID_AGAIN = _only(
    _SMALL,
    "to on from or up down was were is are had has with while only another against during reaching which this that it",
    r"represent\w* result\w* resulting_in leading led marking translat\w+ into mean\w* corresponding equivalent equal",
    r"overall total \w+ly significant slight substantial percentage previous carried i.e.",
)
"""Between a number and a further one of the same measure."""
IS = _only(
    _SMALL,
    "to on from also has have had was were is are been be this that which it with as than vs but while where across",
    r"came come reach(?:es|ed|ing)? stood stands amount\w* total\w* remain\w* stay(?:s|ed|ing)? achiev\w+ hit",
    r"saw seen reported received record(?:s|ed)? compared scores? percentage share figures? values? levels? number",
    r"count volume rate average only just still now then \w+ly slight significant overall approximately around almost",
    "consistent steady stable unchanged low high clients reason positions posts customers",
    "region week quarter during",
)
"""Between a measure and its number."""
HAD = _only(
    _SMALL,
    r"also has have had saw seen see show\w* experienc\w+ record\w* witness\w* \w+ly further overall",
    "slight significant substantial notable small large sharp modest considerable strong marked steady",
)
"""Between a measure and a noun for what it did: *net sales saw a slight increase*."""
_DETERMINED = (
    r"an?|the|this|some|no|slight|significant|substantial|further|strong|notable|small|large|overall|steady|sharp|modest|"
    r"considerable|remarkable|marked|with|year|percent|%"
)
NOUN = re.compile(
    rf"\b(?:(?:{_DETERMINED})\s+(?:increase|decrease|rise|drop|fall|decline|gain|jump|dip|boost|surge)s?"
    r"|growth|improvements?|reductions?)\b",
    re.IGNORECASE,
)
"""A word for more or less that is a noun."""
