"""Case endings: the stems and endings by which an inflected name is told, in the languages that inflect names."""

from __future__ import annotations

from mondaylab.datasets.known import fold

# folded, so that ą is a, ě is e and ä is a
_LATIN_ENDINGS = (
    "a e i o u y s n t m em om am im ym ie iem iu owi owie owa owej ow ovi ove ova ovej ovou ovy ami ach ego emu iego "
    "iemu ej iej ze zie cie ou ich ych imi ymi mi es en ens ns s in nin un an on "  # Slavic, German, Turkish
    "lla lle lta ssa sta seen na ksi tta ta ille illa ilta ista issa iin een aan hin ga st le l "  # Finnish, Estonian
    "dan den ndan nden nda nde ren "  # Turkish, Basque
    "nak nek val vel ot et at ban ben bol hoz hez tol ert ra re rol nal nel ek ok ak eknek ekkel al el ne nal ig "
    "us um orum is ae as os ui iene aite yte aus iui ienes iaus ova ovu ovym ovoy "  # Latin, Baltic, Russian in Latin
    "sche schen scher sches schem se owna ownie anka ri "  # German and Dutch adjectives, Polish daughters, Basque
    "u iu ei oi oy oyu ogo omu ykh ym yu ya ye"
)
_CYRILLIC_ENDINGS = (
    "а у ом е ы и ю я ой ою ем ей ею ев ов ова ове ові еві єві ого ому им ым ых их ами ями ах ях і ї єю ію я ю ій ья"
    " ьи ью ьем ым ому его ему о"
)
_GREEK_ENDINGS = "ου ο ον α η ης ας ε οι ων"
ENDINGS = frozenset(fold(f"{_LATIN_ENDINGS} {_CYRILLIC_ENDINGS} {_GREEK_ENDINGS}").split())
LONGEST_ENDING = max(map(len, ENDINGS))
_VOWELS = frozenset("aeiouyаеёиоуыэюяіїєьйαεηιου")
_DROPPED = tuple(fold("as is us ys os es ος ης ας ец ий ый ой").split())
# of a name too short for its stem to stand alone (Jon is not Jonas): Lithuanian and Latvian forms in full
_SHORT_FORMS = {"as": ("o", "ui", "ai"), "is": ("io", "iui", "im"), "us": ("aus", "ui", "um"), "ys": ("io", "iui")}
_DIGRAPHS = ("cs", "sz", "gy", "ny", "ly", "zs", "ty")
_SOFTENED = (
    ("ka", ("c",)),
    ("ga", ("dz", "z")),
    ("ha", ("s", "z")),
    ("cha", ("s",)),
    ("ta", ("ci", "t")),
    ("da", ("dzi", "d")),
    ("ra", ("rz", "r")),
    ("ла", ("л",)),
    ("ка", ("ц",)),
    ("га", ("з",)),
    ("ха", ("с",)),
    ("nen", ("se", "s")),
    ("t", ("ci", "d")),
    ("d", ("dzi",)),
    ("kka", ("ka",)),
    ("kko", ("ko",)),
    ("ppa", ("pa",)),
    ("tti", ("ti",)),
    ("nta", ("nna",)),
    ("nto", ("nno",)),
    ("mpi", ("mmi",)),
    ("lta", ("lla",)),
)


def stems(name: str) -> set[str]:
    """What can stand before an ending in an inflected form of a folded name, itself included.

    ``kowalska`` gives ``kowalsk`` (Kowalskiej), ``marek`` gives ``mark`` (Marka), ``virtanen`` gives ``virtase``
    (Virtaselle), ``kovacs`` gives ``kovaccs`` (Kováccsal).
    """
    found = {name}
    if name[-1] in _VOWELS:
        found.add(name[:-1])
    if name.endswith(_DROPPED) and len(name) > (6 if name.isascii() else 4):
        found.add(name[:-2])
    elif len(name) > 4:
        found |= {name[:-2] + form for form in _SHORT_FORMS.get(name[-2:], ())}
    if len(name) > 4 and name[-2] in "eoоеє" and name[-1] not in _VOWELS:  # a fleeting vowel
        found.add(name[:-2] + name[-1])
        if name[-3] == "i":
            found.add(name[:-3] + name[-1])
    for ending, instead in _SOFTENED:
        if name.endswith(ending):
            found |= {name[: -len(ending)] + soft for soft in instead}
    if name.endswith(_DIGRAPHS):
        found.add(name[:-1] + name[-2:])
    elif name[-1] not in _VOWELS:
        found.add(name + name[-1])
    return {stem for stem in found if len(stem) > 2}


def may_be_inflected(name: str, word: str) -> bool:
    """Whether an unfolded word that ends like a form of a folded name may be one, by its case and the name's length.

    Short names share their beginnings with ordinary words, so that these must be written as a name.
    """
    if len(name) >= 7:
        return True
    if not word[0].isupper():
        return False
    return len(name) >= 5 or (len(name) == 4 and not word[-1].isascii()) or word.lower().endswith(f"{name[:-1]}ie")
