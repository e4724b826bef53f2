"""Finding the parts of a prompt: the task, the data it names, its limits, and what it asks about sources and doubts.

Each finder returns the words that it found, to be shown to their writer, or nothing. Adding text never takes a finding
away: every pattern looks at a bounded stretch, and none asks what else is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHOWN = 60


def _either(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL = _words(
    """
    a about all an and any are as at be but by can could did do does for from give has have how if in into is it its me
    more most my no not of on one only or our say should so than that the their them then there these they this those to
    two under up us use was we were what when where which who why will with without would write you your
    """
)


@dataclass(frozen=True)
class Prompt:
    """A prompt made ready for search.

    Attributes:
        text: In lower case, every run of white space one space.
        tokens: Its words and numbers.
    """

    text: str
    tokens: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Prompt:
        """Prepares any text."""
        plain = " ".join(text.casefold().replace("\u2019", "'").replace("\u200b", "").split())
        return cls(plain, tuple(re.findall(r"[^\W_]+", plain)))

    @property
    def english(self) -> bool:
        """Whether it reads as English; a text of a few words does if it has Latin letters, or no letters at all."""
        if len(self.tokens) < 8:
            return not any(c.isalpha() for c in self.text) or any("a" <= c <= "z" for c in self.text)
        return sum(token in _SMALL for token in self.tokens) >= len(self.tokens) / 12


# -- the task
_VERBS = """
    accept advise analyse analyze answer apologise apologize approve assess calculate categorise categorize check choose
    classify comment compare compile compose compute condense confirm convert correct create critique decide decline
    describe design develop draft edit estimate evaluate examine explain extract find forecast formulate generate give
    group highlight identify improve inspect interpret invite judge list make match name outline phrase pick plan point
    predict prepare produce proofread propose provide rank rate recommend refuse reject rephrase reply report respond
    review revise rewrite score screen select shorten shortlist show simplify sketch sort state structure suggest sum
    summarise summarize tell test translate turn verify weigh word write
"""
_VERB = f"(?:{'|'.join(_VERBS.split())})"
# a request stands at the start of a clause or a list item, or after words that lead up to one
_START = r"(?:\A|[.!?:;,*\-\u2013\u2014\u2022(\"\u201c\u201d>)#\d] ?"
_LEAD = (
    rf"{_START}|\b(?:please|kindly|then|and|also|now|first|next|finally|let's|must|you (?:to|must|should|will|are to)"
    r"|(?:can|could|would|will) you|(?:is|was|me|us|need|want|have|like|going|trying|asked|how) to|help (?:me|us)) )"
    r"(?:(?:please|kindly|also|just|briefly|now|quickly|first) )*"
)
_ORDER = re.compile(rf"{_LEAD}(?P<order>{_VERB} (?P<object>(?:[^.!?;]|\.(?=\d)){{1,200}}))")
_ASKED = re.compile(
    rf"{_START}|\band )(?P<order>(?:(?:in|at|for) )?(?:what|which|how|why|who|when|where|is|are|does|do|did|was|were"
    r"|should|has|have)\b(?P<object>[^.!?]{1,300}))\?"
)
_WANTED = re.compile(
    r"\b(?:i|we) (?:need|want|would like|'d like)(?P<order> (?:a|an|the|one|two|three|some) (?P<object>[^.!?;]{1,200}))"
)
_EMPTY = _words(
    """
    a about all also an and any anything are as at be better can do everything for from good great help helpful here how
    i in interesting into is it its just me more my nice now of on one or our out please quick quickly short so some
    something stuff that the them there these thing things this those to up us useful well what with you your
    """
)
_VAGUE = _words("anything everything something stuff things")


def find_task(prompt: Prompt) -> str:
    """The first request: a verb with an object, a question of three words and more, or a wanted document."""
    for pattern, least in ((_ORDER, 1), (_ASKED, 3), (_WANTED, 1)):
        for match in pattern.finditer(prompt.text):
            words = re.findall(r"[^\W\d_]+", match["object"])
            content = [word for word in words if word not in _EMPTY]
            if len(content) >= least + 2 * bool(_VAGUE.intersection(words[:3])):
                return _short(match["order"])
    return ""


# -- the data
_MONTH = "(?:january|february|march|april|june|july|august|september|october|november|december)"
_PERIOD = _either(
    r"\b20\d\d ?q[1-4]\b|\bq[1-4](?:[ /]?20\d\d)?\b",
    r"\b(?:first|second|third|fourth|[1-4](?:st|nd|rd|th)) quarter\b",
    r"\b(?:this|last|previous|next|past|current) (?:\w+ )?(?:week|month|quarter|year)\b",
    r"\b(?:cw|week|weeks) ?\d{1,2}\b|\bweek (?:of|from|beginning|ending|before)\b",
    r"\b20\d\d-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]20\d\d\b",
    rf"\b(?:{_MONTH}|may) (?:\d{{1,2}},? )?20\d\d\b|\b(?:in|for|of|during|since|until|from|\d{{1,2}}) {_MONTH}\b",
)
_PASTED = re.compile(
    r"\b(?:data|table|figures|facts|context|ticket|message|complaint|input|policy|rule|history|notes|numbers|extract"
    r"|order|application|criteria|text|draft|e-?mail)s?(?: \w+){0,8} ?: ?\S"
)
_NUMBERED = re.compile(r"\b(?:handbook|policy|section|rule|table) \d+(?:\.\d+)*\b")
_FIGURE = _either(
    r"(?:€|\$|£|\beur |\busd |\bgbp )\d[\d.,]*",
    r"\b\d[\d.,]* ?(?:%|€|\$|£|(?:eur|usd|gbp|percent|points|units)\b)",
    r"\b\d+\.\d\d\b",
)
_GIVES = _words("use using from following attached these column columns table tables given")
_GIVES_TWO = frozenset(
    {"based on", "according to", "look at", "look into", "work with", "here are", "here is", "relying on", "rely on"}
    | {"out of", "taken from", "stick to", "compare the", "summarise the", "summarize the", "check the", "against the"}
)
_GIVEN_AFTER = _words("below above attached given provided pasted following")
_FILLERS = _words(
    """
    a all and any as both complete customer customers data each every figures following from full given in its my of on
    only or our rows s single table tables that the their these this those three two whole your
    """
)
_WHOLE = _words("data figures rows table tables")
"""Fillers that also do as the data: *use these figures*."""
_DATA_WORDS = _words(
    """
    data dataset export extract figures handbook history guideline guidelines numbers policies policy records rows rule
    rules section sections sheet spreadsheet statement table tables ticket tickets message complaint notes scores
    """
)


def find_data(prompt: Prompt, words: set[str]) -> str:
    """The period, the lab's own words of two and more, pasted figures, or a word for data that is plainly handed over.

    A single word of the lab (``reason``, ``customers``) also stands in any sentence; it counts next to words that hand
    data over: *using the*, *based on the*, *the … below*.
    """
    for pattern in (_PERIOD, _PASTED, _NUMBERED):
        if match := pattern.search(prompt.text):
            return _short(match[0])
    if len(figures := _FIGURE.findall(prompt.text)) > 1:
        return _short(", ".join(figures[:3]))
    tokens, single = prompt.tokens, _DATA_WORDS | words
    for size in (4, 3, 2):
        for start in range(len(tokens) - size + 1):
            if (phrase := " ".join(tokens[start : start + size])) in words:
                return phrase
    for index, token in enumerate(tokens):
        pair = " ".join(tokens[index : index + 2])
        after = index + 1 if token in _GIVES else index + 2 if pair in _GIVES_TWO else None
        if after is not None and (found := _handed_over(tokens[after : after + 6], single)):
            return " ".join(tokens[index : after + found])
        if token in single and _GIVEN_AFTER.intersection(tokens[index + 1 : index + 4]):
            return " ".join(tokens[index : index + 4])
    return ""


def _handed_over(tokens: tuple[str, ...], single: frozenset[str]) -> int:
    """How many tokens it takes to reach a word for data, past fillers and one other word; 0 if there is none."""
    others = 0
    for number, token in enumerate(tokens, start=1):
        if token in _WHOLE or (token in single and token not in _FILLERS):
            return number
        others += token not in _FILLERS
        if others > 1:
            return 0
    return 0


# -- the limits
_COUNT = r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|half a|a single)"
_HARD = _either(
    # a length
    rf"\b{_COUNT}(?: (?:to|or|-) ?{_COUNT})?(?: \w+)? (?:words?|sentences?|paragraphs?|bullets?|pages?|characters)\b",
    rf"\b{_COUNT}-(?:word|sentence|paragraph|bullet|page|line)\b",
    r"\b\d+ lines\b|\b(?:at most|no more than|not more than|no longer than|not longer than|maximum of|word limit)\b",
    # a form
    r"\b(?:as|in|with) an? (?:\w+ )?(?:table|list|bullets?|e-?mail|letter|note|memo|json|checklist)\b",
    r"\bbullet(?:ed|s| points?| list)\b|\b(?:json|csv|markdown|headings?|subject line|numbered list|plain text)\b",
    r"\b(?:format|template|structure)\b|\b(?:start|begin|end) with\b",
    # what not to do
    r"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bthey )\b(?:do not|don't) (?!know\b|understand\b)\w+",
    r"(?:\A|[.!?:;,*\-] ?|\b(?:and|but|or|must|should|may|can|it) )never \w+|\b(?:must|should|may) not \w+",
    r"\bwithout (?:\w+ing|any|names?|jargon|numbers|figures|personal|legal|technical|promises?|apolog\w+|comments?)\b",
    r"\b(?:use|using|cite|state|mention|give|include|list|name|compare|from|on|about|with) (?:\w+ ){0,2}only\b",
    r"\b(?:use|using|compare|from|on|about|with) (?:\w+ ){0,6}only ?[.,;:!?]",
    r"\bonly (?:use|the|what|these|those|this|from|with|state|cite|mention|consider|figures|facts|data|name)\b",
    r"\bno (?:\w+ )?(?:jargon|names?|promises?|adjectives?|guess\w*|speculat\w*|greeting|introduction|preamble|advice"
    r"|recommendations?|ranking|legal|personal|apolog\w+|causes?|opinions?)\b",
    r"\b(?:leave out|avoid|exclude|ignore|stick to|limit yourself|nothing else|keep out|not mention)\b",
)
_SOFT = (
    re.compile(r"\b(?:short|brief|briefly|concise|concisely)\b"),
    re.compile(
        r"\b(?:tone|polite|politely|friendly|formal|informal|neutral|factual|matter-of-fact|sober|plain|professional"
        r"|empath\w+|apologetic|warm|firm|simple|courteous|respectful)\b"
    ),
    re.compile(r"\bin (?:plain |simple )?(?:english|german|french|spanish|italian|dutch)\b"),
    # the customer or the applicant of a reply is its task, not a limit of it
    re.compile(
        r"\b(?:for|to) (?:the|our|a|an|my) (?:\w+ ){0,2}(?:cfo|ceo|coo|board|team|managers?|lead|controller|director"
        r"|panel|committee|readers?|auditor|operations|management|department|colleagues?)\b"
        r"|\b(?:audience|readers?|layperson|beginner)\b"
    ),
)


def find_limits(prompt: Prompt) -> tuple[list[str], list[str]]:
    """Hard limits (a length, a form, what not to do) and soft ones (*short*, tone, language, audience), each once.

    One hard limit can be checked by whoever reads the answer; of the soft ones it takes two.
    """
    hard = dict.fromkeys(_short(match[0].strip(" .,:;-*!?")) for match in _HARD.finditer(prompt.text))
    soft = (pattern.search(prompt.text) for pattern in _SOFT)
    return list(hard), [_short(match[0]) for match in soft if match]


# -- sources and doubts
_WHICH = "which (?:table|row|rows|column|section|rule|ticket|source|figure|sentence|part|data|criterion)"
_CANNOT = "(?:did not|didn't|do not|don't|does not|doesn't|could not|couldn't|cannot|can't|have not|was not|is not)"
_DOUBT = _either(
    # sources
    r"\b(?:cite|citing|citations?)\b",
    r"\b(?:name|give|state|quote|add|list|mention|with|show|include|and|provide) (?:\w+ ){0,3}"
    r"(?:sources?|references?)\b",
    rf"\b(?:say|state|show|name|note|tell me|mark|indicate|write|point out|flag) (?:\w+ ){{0,2}}(?:where|{_WHICH})\b",
    r"\bquote (?:it|them|the (?:rule|sentence|words|note|passage))\b|\bsources?,? please\b",
    r"\b(?:quote|name|give|refer to|with) (?:(?:the|its|their) )?(?:\w+ )?(?:section|clause|rule number|paragraph)s?\b",
    r"\bshow (?:your|the|how you) (?:\w+ )?(?:workings?|calculation|computation|steps|reasoning|got|computed)\b",
    r"\bhow (?:you|it) (?:checked|know)\b",
    # what it does not know
    r"\bif (?:you (?:are|do not|don't|cannot|can't)|you're|unsure|not sure|in doubt|something|anything|it|a|any|the)"
    r" (?:\w+ ){0,5}(?:sure|unsure|uncertain|know|tell|missing|unclear|find|found|there|compute|verify|support\w*|doubt"
    r"|data|see|given|answer)\b",
    r"\bif (?:unsure|in doubt|uncertain|not sure|unclear)\b|\b(?:say|tell me|mark|flag|note) (?:it )?(?:when|if)\b",
    rf"\bwhat (?:you|it|the \w+|this \w+) {_CANNOT} (?:\w+ )?(?:see|seen|know|show|say|cover|check|checked|verify|find"
    r"|given|sure)\b",
    r"\bwhat (?:is|was|may be|might be|could be) (?:still )?(?:missing|uncertain|unclear|unknown|wrong|open)\b",
    r"\b(?:assumptions?|uncertain|uncertainty|uncertainties|unsure|limitations)\b",
    r"\bhow (?:sure|certain|confident)\b|\bconfidence\b|\b(?:say|saying) so\b|\bask me\b|\bopen questions\b",
    r"\b(?:your|any|mark|state|with|list|have) doubts?\b",
    r"\b(?:do not|don't|never|not to|without) (?:guess\w*|invent\w*|mak(?:e|ing) up|speculat\w+|assum\w+)\b",
    r"\bnot in (?:the|my|this|these) (?:\w+ )?(?:data|tables?|ticket|handbook|figures|text|policy)\b",
    r"\b(?:flag|mark|point out|list|highlight) (?:\w+ ){0,3}(?:you|cannot|not|that|which|unverified|to check|needs?"
    r"|should|unsupported|gaps?)\b",
)


def find_doubt(prompt: Prompt) -> str:
    """Where it asks for a source, for what was assumed or not seen, or forbids guessing."""
    match = _DOUBT.search(prompt.text)
    return _short(match[0]) if match else ""


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rsplit(' ', 1)[0]} …"
