"""Letters that hide a word from a search: invisible, look-alike, twice encoded, in another script."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_CYRILLIC = [
    "а",
    "б",
    "с",
    "ԁ",
    "е",
    "ф",
    "г",
    "һ",
    "і",
    "ј",
    "к",
    "ӏ",
    "м",
    "о",
    "р",
    "ԛ",
    "ѕ",
    "т",
    "у",
    "ѵ",
    "ԝ",
    "х",
    "ѡ",
    "н",
    "в",
    "п",
    "и",
    "д",
    "л",
    "з",
    "ё",
    "й",
    "є",
    "ґ",
]
_LATIN = [
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    "r",
    "h",
    "i",
    "j",
    "k",
    "l",
    "m",
    "o",
    "p",
    "q",
    "s",
    "t",
    "y",
    "v",
    "w",
    "x",
    "w",
    "h",
    "b",
    "n",
    "u",
    "d",
    "l",
    "3",
    "e",
    "n",
    "e",
    "r",
]
_GREEK = str.maketrans("αβγεηικνορτυχωςσμλδ", "abyenikvoptuxwssmld")
_LOOK_ALIKE = {ord(a): b for a, b in zip(_CYRILLIC, _LATIN, strict=True)} | _GREEK
# letters that only look alike in one direction are left out: a name in Cyrillic with a Latin letter in it
_AS_CYRILLIC = str.maketrans("abcehikmoptxys", "авсенікмортхуѕ")
_ROMAN = {
    ord(a): b
    for a, b in zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "-",
            "y",
            "-",
            "e",
            "yu",
            "ya",
            "i",
            "i",
            "ye",
            "g",
        ],
        strict=True,
    )
} | {
    ord(a): b
    for a, b in zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
        ],
        strict=True,
    )
}
_NOT_LATIN = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_LETTER = re.compile(r"[a-z]")
# UTF-8 read as Windows-1252 or Latin-1: a lead byte and what its followers look like
_TAIL = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_TWICE = re.compile(f"[\u00c2-\u00df][{_TAIL}]|[\u00e0-\u00ef][{_TAIL}]{{2}}")
_HIDING = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f]")
_LEAST_ROMANISED = 5
MARKUP = (
    r"(?:</?(?:a|abbr|b|big|code|del|em|font|i|ins|mark|s|small|span|strong|sub|sup|tt|u|wbr)(?:[ /][^<>]{0,80})?>"
    r"|\[/?[biu]\]|[*~`]{1,3})"
)
"""Tags and marks that change how letters look and part no words."""
INSIDE_WORDS = re.compile(rf"(?<=[^\W\d_]){MARKUP}{{1,8}}(?=[^\W\d_])")
_FIRST_MARK = "\u0300"
_LATIN_1 = {
    ord(bytes([byte]).decode("cp1252")): byte for byte in range(128, 160) if byte not in (129, 141, 143, 144, 157)
}


def readable(text: str) -> str:
    """The text with nothing in it that hides words: no invisible signs, accents in one piece, encoded once."""
    if text.isascii():
        return text
    if not text.isprintable():  # what is printable has no characters of format
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = _HIDING.sub("", text)
    for _ in range(2):
        text = _TWICE.sub(_decoded, text)
    text = unicodedata.normalize("NFC", text)
    if not text or max(text) < _FIRST_MARK:
        return text
    return "".join(c for at, c in enumerate(text) if not (at and unicodedata.combining(c) and _is_plain(text[at - 1])))


def unmarked(text: str) -> str:
    """The text without markup inside its words: ``<b>Kow</b>alska``, ``Kow**al**ska``, ``Kow&shy;alska``.

    Tags and marks that stand at a word's edge stay: there they hide nothing.
    """
    if "&" in text:
        text = readable(html.unescape(text))
    return INSIDE_WORDS.sub("", text)


def _is_plain(letter: str) -> bool:
    """Whether a letter, or a mark upon it, is of a script that has each accented letter in one piece."""
    return ord(letter) < 0x530


def _decoded(match: re.Match[str]) -> str:
    data = bytes(_LATIN_1.get(ord(c), ord(c) & 0xFF) for c in match.group())
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


@lru_cache(maxsize=65536)
def look_alikes(word: str) -> tuple[str, ...]:
    """What a folded word with Cyrillic or Greek letters looks or sounds like in Latin letters, or in Cyrillic."""
    if word.isascii() or not _NOT_LATIN.search(word):
        return ()
    latin = word.translate(_LOOK_ALIKE)
    forms = [latin] if latin.isascii() else []
    if _LETTER.search(word):
        forms.append(word.translate(_AS_CYRILLIC))
    elif len(word) >= _LEAST_ROMANISED:  # a name that the tables have in Latin letters
        forms += [romanised(word), romanised(word).replace("oy", "ou")]
    return tuple(forms)


def romanised(word: str) -> str:
    """A folded word in Cyrillic or Greek as it is commonly written in Latin letters; any other as it is."""
    if word.isascii() or not _NOT_LATIN.search(word):
        return word
    return word.translate(_ROMAN).replace("-", "")
