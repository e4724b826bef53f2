"""A second company that the repository may ship: Velo am See hires out bicycles. Nobody in it exists.

Made from a seed when a test asks for it, so that a clean clone proves that a lab moves: Swiss francs, German and French
words, a bill whose lines have a key of two columns, and an accounting program that writes semicolons, decimal commas
and days before months. Its policy, bindings and handbook are in ``tests/data/velo``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from mondaylab.quarter import Quarter

NAME = "velo"
FOLDER = Path(__file__).resolve().parent.parent / "data" / NAME
"""What the company's people wrote: policy, bindings, handbook."""

CUSTOMERS, RENTALS = 420, 2600

STATIONS = ("Lausanne", "Neuchâtel", "Zürich", "St. Gallen", "Lugano")
GROUPS = ("Citybike", "Tourenvelo", "Rennvelo", "E-Bike", "Vélo cargo", "Kindervelo")
SEASONS = ("Vorsaison", "Hauptsaison", "Nachsaison")
KINDS = ("Privat", "Firma", "Verein")
CHANNELS = ("Website", "Guichet", "Telefon")
CARRIERS = ("Uhlmann", "Planzer Velo", "Rive Express")
DISCOUNTS = (0, 5, 10, 12.5, 15, 17.5, 20, 25)
FIRST = ("Élodie", "Jürg", "Chantal", "Urs", "Noé", "Regula", "Maël", "Beat", "Océane", "Reto", "Ladina", "Yannick")
LAST = ("Rochat", "Bütikofer", "Favre", "Zgraggen", "Piguet", "Hürlimann", "Chappuis", "Oberholzer", "Jaquet", "Caduff")
STREETS = ("Rue du Lac", "Seestrasse", "Chemin des Vignes", "Bahnhofstrasse", "Via Nassa")
MODELS = ("Alpina", "Rhône", "Säntis", "Léman", "Ticino", "Aare", "Jura", "Bernina")


def tables(quarter: str = "2026Q4", seed: int = 77) -> dict[str, pd.DataFrame]:
    """Every raw table by its name, with typed cells."""
    random = np.random.default_rng(seed)
    days = Quarter.parse(quarter)
    customers = _customers(random)
    bicycles = _bicycles(random)
    tariffs = pd.DataFrame(
        [(group, season, 20 + 6 * g + 4 * s) for g, group in enumerate(GROUPS) for s, season in enumerate(SEASONS)],
        columns=["Gruppe", "Saison", "Tagespreis"],
    )
    rentals = _rentals(random, customers, days)
    return {
        "Kunden": customers,
        "Velos": bicycles,
        "Tarife": tariffs,
        "Mietvertraege": rentals,
        "Positionen": _lines(random, rentals, bicycles, tariffs),
        "Lieferungen": _deliveries(random, rentals),
        "Meldungen": _reports(random, rentals, customers),
    }


def write_as_kept(folder: Path, frames: dict[str, pd.DataFrame]) -> None:
    """As the company's accounting program writes it: semicolons, decimal commas, days before months."""
    _write(folder, frames, sep=";", decimal=",", date_format="%d.%m.%Y")


def write_as_asked(folder: Path, frames: dict[str, pd.DataFrame]) -> None:
    """Exported again as the refusals ask for it."""
    _write(folder, frames, date_format="%Y-%m-%d")


def _write(folder: Path, frames: dict[str, pd.DataFrame], **how: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False, **how)
    (folder / "handbook.md").write_bytes((FOLDER / "handbook.md").read_bytes())


def _customers(random: np.random.Generator) -> pd.DataFrame:
    """Some towns in capitals, some telephones blank, some names with a blank behind: as people type."""
    count = CUSTOMERS
    first, last = random.choice(FIRST, count), random.choice(LAST, count)
    town = random.choice(STATIONS, count)
    number = np.arange(count)
    return pd.DataFrame(
        {
            "KundenNr": [f"K-{1000 + n}" for n in number],
            "Vorname": first,
            "Nachname": np.where(random.random(count) < 0.05, np.char.add(last.astype(str), " "), last),
            "Strasse": [f"{random.choice(STREETS)} {n % 90 + 1}" for n in number],
            "PLZ": random.integers(1000, 9659, count),
            "Ort": np.where(random.random(count) < 0.06, np.char.upper(town.astype(str)), town),
            "Telefon": np.where(
                random.random(count) < 0.08, "", [f"+41 79 {n % 900 + 100} {n % 80 + 10} {n % 70 + 20}" for n in number]
            ),
            "EMail": [f"kunde{n}@velo-am-see.example" for n in number],
            "Kundenart": random.choice(KINDS, count, p=[0.5, 0.3, 0.2]),
        }
    )


def _bicycles(random: np.random.Generator) -> pd.DataFrame:
    groups = [group for group in GROUPS for _ in MODELS]
    return pd.DataFrame(
        {
            "ArtikelNr": 4001 + np.arange(len(groups)),
            "Bezeichnung": [f"{group} {model}" for group, model in zip(groups, MODELS * len(GROUPS), strict=True)],
            "Gruppe": groups,
            "Kostensatz": np.round(random.uniform(0.45, 0.775, len(groups)), 3),
        }
    )


def _rentals(random: np.random.Generator, customers: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    span = (quarter.end - quarter.start).days + 1
    busy = 1 + 0.25 * np.sin(np.arange(span) / 9.0)
    day = np.sort(random.choice(span, RENTALS, p=busy / busy.sum()))
    return pd.DataFrame(
        {
            "VertragNr": [f"M-{260000 + n}" for n in range(RENTALS)],
            "KundenNr": random.choice(customers["KundenNr"], RENTALS),
            "Mietbeginn": pd.Timestamp(quarter.start) + pd.to_timedelta(day, unit="D"),
            "Station": random.choice(STATIONS, RENTALS, p=[0.26, 0.14, 0.3, 0.16, 0.14]),
            "Kanal": random.choice(CHANNELS, RENTALS, p=[0.5, 0.3, 0.2]),
            "Zustand": random.choice(["erledigt", "storniert"], RENTALS, p=[0.92, 0.08]),
        }
    )


def _lines(
    random: np.random.Generator, rentals: pd.DataFrame, bicycles: pd.DataFrame, tariffs: pd.DataFrame
) -> pd.DataFrame:
    """The lines of the bills: numbered within each, so that only both numbers together name one."""
    counts = random.integers(1, 4, len(rentals))
    of = np.repeat(np.arange(len(rentals)), counts)
    article = random.integers(0, len(bicycles), len(of))
    group = bicycles["Gruppe"].to_numpy()[article]
    week = rentals["Mietbeginn"].dt.isocalendar().week.to_numpy()[of]
    station = rentals["Station"].to_numpy()[of]
    # a station and group discounts more in some weeks than in others: margins then move for a reason
    mood = {key: random.normal(0, 1.0) for key in sorted(set(zip(station, group, week, strict=True)))}
    shift = np.array([mood[key] for key in zip(station, group, week, strict=True)])
    place = np.clip(np.round(random.normal(2.6, 1.7, len(of)) + shift), 0, len(DISCOUNTS) - 1).astype(int)
    discount = np.array(DISCOUNTS)[place]
    main = tariffs[tariffs["Saison"] == "Hauptsaison"].set_index("Gruppe")["Tagespreis"]
    days = random.integers(1, 8, len(of))
    full = days * main.loc[group].to_numpy() * random.uniform(0.9, 1.1, len(of))
    return pd.DataFrame(
        {
            "VertragNr": rentals["VertragNr"].to_numpy()[of],
            "PosNr": np.concatenate([np.arange(1, count + 1) for count in counts]),
            "BelegNr": [f"B-{500000 + n}" for n in range(len(of))],
            "ArtikelNr": bicycles["ArtikelNr"].to_numpy()[article],
            "Tage": days,
            "Tagespreis": np.round(full / days, 2),
            "RabattProzent": discount,
            "Betrag": np.round(full * (1 - discount / 100), 2),
            "Einstand": np.round(full * bicycles["Kostensatz"].to_numpy()[article], 2),
        }
    )


def _deliveries(random: np.random.Generator, rentals: pd.DataFrame) -> pd.DataFrame:
    """What is brought to the customer; most leave on the day of the rental or the day after."""
    sent = rentals[(rentals["Zustand"] == "erledigt") & (random.random(len(rentals)) < 0.85)]
    count = len(sent)
    carrier = random.choice(CARRIERS, count, p=[0.4, 0.35, 0.25])
    slow = pd.Series(carrier).map(dict(zip(CARRIERS, (0.1, 0.16, 0.22), strict=True))).to_numpy()
    return pd.DataFrame(
        {
            "LieferNr": [f"T-{70000 + n}" for n in range(count)],
            "VertragNr": sent["VertragNr"].to_numpy(),
            "Abfahrt": sent["Mietbeginn"].to_numpy() + random.integers(0, 2, count).astype("timedelta64[D]"),
            "Spediteur": carrier,
            "Kosten": np.round(random.gamma(6.0, 3.0, count) + 6, 2),
            "Verspaetet": np.where(random.random(count) < slow, "ja", "nein"),
        }
    )


def _reports(random: np.random.Generator, rentals: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Free text in two languages that names the customer: what may not come through."""
    some = rentals.sample(60, random_state=int(random.integers(1_000_000)))
    who = some.merge(customers, on="KundenNr")
    words = ("{Vorname} {Nachname} meldet einen Platten, Rückruf {Telefon}", "Mme {Nachname} a perdu la clé ({EMail})")
    return pd.DataFrame(
        {
            "MeldungNr": [f"R-{900 + n}" for n in range(len(who))],
            "VertragNr": who["VertragNr"],
            "Text": [words[n % 2].format(**row) for n, row in enumerate(who.to_dict("records"))],
        }
    )
