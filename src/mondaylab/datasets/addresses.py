"""Columns of postal addresses: streets with a house number, as several countries write them, and boxes."""

from __future__ import annotations

import re

_BEFORE = (
    r"rue|avenue|av|ave|avda|avenida|boulevard|bd|blvd|chemin|place|impasse|quai|cours|calle|c/|paseo|plaza|carrera|via"
    r"|viale|piazza|corso|largo|rua|praça|praca|travessa|estrada|rodovia|ul|ulica|ulice|aleja|al|os|strada|str|bulevar"
    r"|bulevardul|obere|untere|am|an der|auf dem|auf der|im|in der|zum|zur|unter den"
)
_AFTER = (
    r"st|street|ave|avenue|rd|road|ln|lane|dr|drive|blvd|boulevard|way|ct|court|sq|square|ter|terrace|cres|crescent|close"
    r"|hwy|highway|pkwy|parkway|row|mews|gardens|grove|hill"
)
_ENDING = (
    r"str|straße|strasse|weg|gasse|platz|allee|ring|damm|ufer|steig|straat|laan|plein|gracht|kade|dijk|gata|gatan|gaten"
    r"|vägen|veien|vei|vej|gade|katu|tie|utca|ulice|utja"
)
_NUMBER = r"\d{1,5}\s?(?:[a-z]|bis|ter)?(?:\s?[-/]\s?\d{1,5}\s?[a-z]?)?"
_STREET = re.compile(
    rf"(?i)(?:[^\W\d]{{2,40}}(?:{_ENDING})\.?,?\s{{1,3}}{_NUMBER}(?!\w)"
    rf"|(?<!\w)(?:{_BEFORE})[. ]\s{{0,2}}[^\W\d][^\d\n]{{1,50}},?\s{{1,3}}(?:n[.°º]\s?)?{_NUMBER}(?!\w)"
    rf"|(?<!\w){_NUMBER},?\s(?:[^\W_][\w.'\-]{{0,30}}\s){{1,4}}(?:{_AFTER})(?![\w'])"
    rf"|(?<!\w){_NUMBER},?\s(?:{_BEFORE})\.?\s[^\W\d]"
    r"|(?<!\w)(?:p\.?\s?o\.?\s?box|postfach|apartado|casella postale|boîte postale|bp|skr\. poczt\.)\s{0,2}\d{1,6})"
)
_COLUMN_NAME = re.compile(
    r"(?i)(?:^|_)(?:address|addr|adresse?|street|stra(?:ss|ß)e|straat|direccion|indirizzo|endereco|adres|ulica|rue)"
    r"(?:_|$|\d|line)"
)
_NUMBERED = re.compile(r"[^\W\d]{3}.*\d|\d.*[^\W\d]{3}")
_LONGEST = 200
"""Characters of a cell that can still be an address; keeps every search short."""
_FEWEST = 3
_MOST = 0.3


def addresses_in(cells: set[str], name: str = "") -> set[str]:
    """Cells that are postal addresses, where the column is made of them.

    A single one in a column of other things counts as chance: *Platz 3* is a rank, *12 Angel Way* may be a product.

    Args:
        cells: Distinct cells of a column, without blanks.
        name: The column's name; one that says address lets a weaker form do.

    Returns:
        The cells; none unless at least three, and three in ten, have the form.
    """
    short = {cell for cell in cells if len(cell) <= _LONGEST}
    found = {cell for cell in short if any(map(str.isdigit, cell)) and _STREET.search(cell)}
    if _COLUMN_NAME.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)):
        found |= {cell for cell in short if _NUMBERED.search(cell)}
    return found if len(found) >= min(_FEWEST, len(cells)) and len(found) >= _MOST * len(cells) else set()
