"""Word lists of the demo company: invented towns, ordinary first and last names, some of them ordinary words too."""

from __future__ import annotations

_FIRST = """
    Anna Jana Lena Miriam Katrin Sabine Ursula Greta Hanna Ingrid Jutta Karin Lotte Marlene Nadine Petra Renate Silke
    Tanja Ulrike Vera Wiebke Yvonne Zoe Agnieszka Beata Danuta Ewa Kinga Magda Zofia Aylin Elif Fatma Leyla Zeynep
    Amira Layla Noor Salma Priya Ananya Meera Linh Thuy Mai Chiara Giulia Lucia Carmen Ines Sofia Amelie Chloé Élise
    Manon Saoirse Niamh Aoife Siobhán Ingeborg Astrid Freja Sigrid Rose May Grace Joy
    Andreas Bernd Christoph Dieter Erik Florian Georg Heiko Jens Jörg Kai Lars Matthias Niklas Olaf Paul Rainer Stefan
    Thorsten Uwe Volker Wolfgang Günter Jürgen Björn Tomasz Paweł Łukasz Marek Wojciech Krzysztof Emre Kemal Mehmet
    Murat Yusuf Ahmed Karim Omar Tariq Arjun Rahul Vikram Minh Duc Marco Luca Matteo Diego Javier Pedro André Hugo
    Julien Théo Conor Declan Eoin Pádraig Anders Henrik Magnus Søren Mark Will Frank Bill
"""

_LAST = """
    Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf
    Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann Köhler Maier Herrmann
    Walter Peters Möller Weiß Jung Hahn Vogel Friedrich Scholz Keller Günther Berger Winkler Roth Lorenz Baumann
    Schuster Böhm Kraus Haas Sommer Seidel Heinrich Brandt Ziegler Kühn Pohl Engel Horn Busch Bergmann Voigt Sauer
    Kowalski Nowak Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Dąbrowski Yildirim Kaya Demir Şahin Çelik
    Doğan Öztürk Güneş Arslan Haddad Khoury Mansour Rahman Sharma Patel Iyer Raman Nguyen Tran Pham Rossi Ferrari
    Bianchi Romano Ricci García Fernández Moreno Navarro Ortega Silva Dubois Laurent Lefèvre Moreau Girard O'Brien
    Murphy Gallagher Kavanagh Byrne Nilsson Lindqvist Bergström Hansen Sørensen Jørgensen Dahl Okafor Adeyemi Mensah
    Young Price Baker Short Ward Stone
"""
FIRST = tuple(_FIRST.split())
LAST = tuple(_LAST.split())

TOWNS = {
    "North": ("Nordhaven", "Wendelsand", "Brokhusen", "Aldermünde", "Kielbrook", "Fehrholm", "Tönnsby", "Harlesiel"),
    "South": (
        "Obertannach",
        "Lechbrück",
        "Rosshausen",
        "Almried",
        "Sankt Veitlach",
        "Isengau",
        "Föhrenbach",
        "Murnau-Ost",
    ),
    "East": ("Spreewerda", "Lausenitz", "Görlau", "Neisseberg", "Altkottbus", "Pirnitz", "Elsterwalde", "Muldau"),
    "West": (
        "Ruhrort-Neu",
        "Eifelscheid",
        "Rheinbrücken",
        "Lennestein",
        "Bergkamen-Süd",
        "Issum-Land",
        "Wuppertau",
        "Kölnitz",
    ),
    "Central": (
        "Fuldabrück",
        "Werrafeld",
        "Hessenrode",
        "Thalmünden",
        "Lahnau-Berg",
        "Ilmenrode",
        "Kasselau",
        "Harzfurt",
    ),
}
"""Invented: no address of the demo company exists."""

POSTCODES = {"North": "2", "South": "8", "East": "0", "West": "4", "Central": "3"}

STREETS = (
    "Lindenweg",
    "Ahornallee",
    "Industriestraße",
    "Hafenstraße",
    "Mühlenweg",
    "Bahnhofstraße",
    "Gartenweg",
    "Schulstraße",
    "Birkenallee",
    "Am Speicher",
    "Kirchgasse",
    "Werkstraße",
    "Feldstraße",
    "Bergstraße",
    "Am Alten Markt",
    "Uferpromenade",
    "Rosenweg",
    "Kastanienallee",
    "Zeppelinring",
    "Gewerbepark",
)

TRADES = {
    "Retail": ("Markt", "Haushaltswaren", "Kaufhaus", "Papierladen", "Baumarkt", "Drogerie", "Hofladen"),
    "Trade": (
        "Metallbau",
        "Elektrotechnik",
        "Logistik",
        "Schreinerei",
        "Gebäudereinigung",
        "Sanitär",
        "Dachbau",
        "Catering",
    ),
    "Public": ("Stadtwerke", "Klinikum", "Gymnasium", "Kreisverwaltung", "Feuerwehr", "Hochschule"),
    "Online": ("Shop24", "Versand", "Onlinehandel", "Direkt", "Paketwelt"),
}

FORMS = ("GmbH", "KG", "e.K.", "AG", "OHG")
