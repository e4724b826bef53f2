"""Columns of postal addresses are told from columns of products, ranks and notes."""

from __future__ import annotations

import pytest

from mondaylab.datasets.addresses import addresses_in

STREETS = {
    "german": ["Lerchenfeldstr. 3", "Am Alten Markt 12a", "Hauptstraße 44-46", "Kaiserallee 7"],
    "english": ["120 Hanover Sq.", "35 King George Street", "8 Johnstown Road", "12 Orchestra Terrace"],
    "french": ["67, rue des Cinquante Otages", "12, avenue de la Gare", "24, place Kléber", "2, rue du Commerce"],
    "spanish": ["Avda. de la Constitución 2222", "C/ Araquil, 67", "Calle Mayor 5", "Paseo del Prado 28"],
    "italian": ["Via Monte Bianco 34", "Via Ludovico il Moro 22", "Piazza Navona 1", "Corso Como 10"],
    "polish": ["ul. Filtrowa 68", "ul. Długa 4", "al. Jerozolimskie 100", "ul. Nowy Świat 12"],
    "nordic": ["Berguvsvägen 8", "Åkergatan 24", "Vinbæltet 34", "Smagsløget 45", "Storgata 5", "Torggade 9"],
    "dutch": ["Keizersgracht 12", "Stationsplein 4", "Molenstraat 33", "Parklaan 8"],
    "boxes": ["P.O. Box 78", "PO Box 1044", "Postfach 12", "P. O. Box 9"],
}
HONEST = {
    "ranks": ["Platz 1", "Platz 2", "Platz 3", "Rang 4"],
    "products": ["Desk lamp 40 W", "Box 60x40", "Safety glove 9", "Paper A4 80 g", "Tape 50 m"],
    "titles": ["Standard order", "Rush order 2", "Sample kit", "Order of 12 chairs by road"],
    "codes": ["P10001", "P10002", "P10003"],
    "notes": ["leave at the gate", "call before 10", "2 pallets, dock 4", "ring the bell twice"],
    "songs": ["Highway 61", "The Long Way Home", "52nd Street", "Route 66", "10 Years in a Row", "Sweet Lane"],
}


@pytest.mark.parametrize("kind", STREETS)
def test_a_column_of_streets_is_found(kind: str) -> None:
    found = addresses_in(set(STREETS[kind]))
    assert len(found) >= 3 and len(found) >= 0.6 * len(STREETS[kind])


@pytest.mark.parametrize("kind", HONEST)
def test_other_columns_are_not(kind: str) -> None:
    assert addresses_in(set(HONEST[kind])) == set()


def test_one_street_in_a_column_of_titles_is_chance() -> None:
    titles = {f"Standard order {word}" for word in ("red", "blue", "green", "grey", "white", "black")}
    assert addresses_in(titles | {"Hauptstraße 44"}) == set()


def test_a_column_that_says_address_needs_less() -> None:
    odd = {"Kirkegata nr 8b, hus C", "Sítio do Pica-pau 12", "Lot 5 Kampung Baru", "Obere Wiese 9 1/2"}
    assert addresses_in(odd) != odd
    assert addresses_in(odd, "ShipAddress") == odd
