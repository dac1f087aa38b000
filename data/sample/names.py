"""Invented customer names: a family name or place, a word of the trade, a legal form of the country."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FAMILY: dict[str, tuple[str, ...]] = {
    "Netherlands": (
        "Houtkamp",
        "Van Rijswaard",
        "Dijkveld",
        "Molenbeek",
        "Ter Horstink",
        "Zandwijk",
        "Krommenhoek",
        "Van Elst",
        "Roosdaal",
        "Westerbrink",
        "Haverkate",
        "Lindeboomer",
        "Schuitema",
        "Van Damhoek",
        "Wagenvoort",
        "Blauwhof",
        "Noorderlicht",
        "Veenhuizer",
        "Polderman",
        "Kadewijk",
        "Spaarneveld",
        "Oudemolen",
        "Brinkgreve",
        "Waterlander",
        "De Grootwaard",
        "Heidelaar",
        "Vechtstroom",
        "Kruisdijk",
        "Binnenweg",
        "Zeewijk",
        "Ravenstijn",
        "Geulhof",
    ),
    "Denmark": (
        "Nørlund",
        "Fjordglas",
        "Ågård",
        "Skovbakke",
        "Vesterhav",
        "Kildemose",
        "Lyngby Å",
        "Rosenvang",
        "Tårnhøj",
        "Bøgedal",
        "Strandmark",
        "Gudenå",
        "Søndervig",
        "Havnsø",
        "Egelund",
        "Bjerggård",
        "Møllevang",
        "Hedelund",
        "Klintholm",
        "Ørbæk",
        "Langesø",
        "Dybdal",
        "Stenløse",
        "Fåborg Nord",
        "Grønhøj",
        "Rishave",
    ),
    "Germany": (
        "Ahlbeck",
        "Brockmann",
        "Dünenhof",
        "Eichwald",
        "Grünthal",
        "Hafenstein",
        "Kleverland",
        "Weserblick",
    ),
    "Belgium": (
        "Scheldehof",
        "Van Leiedaal",
        "Kempenaer",
        "Zilverberg",
        "Dendermeer",
        "Hageland",
        "Maasvallei",
    ),
    "Sweden": ("Björkvik", "Ekströmsund", "Granlund", "Sjöberga", "Åkervall", "Tallhöjden"),
}
FORMS = {
    "Netherlands": ("B.V.", "Groep B.V.", "V.O.F.", "Holding B.V."),
    "Denmark": ("A/S", "ApS", "I/S"),
    "Germany": ("GmbH", "GmbH & Co. KG"),
    "Belgium": ("NV", "BV"),
    "Sweden": ("AB", "Group AB"),
}
DUTCH = ("Netherlands", "Belgium")
TRADES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "Construction": (
        ("Bouw", "Projecten", "Interieurbouw"),
        ("Byg", "Entreprise", "Tømrer"),
        ("Bau", "Build"),
    ),
    "Manufacturing": (
        ("Metaal", "Kunststoffen", "Machines"),
        ("Metal", "Maskin", "Plast"),
        ("Industrie", "Tech"),
    ),
    "Real estate": (
        ("Vastgoed", "Beheer", "Wonen"),
        ("Ejendomme", "Kontorhuse", "Boliger"),
        ("Property", "Estates"),
    ),
    "Healthcare": (("Zorg", "Kliniek", "Tandartsen"), ("Klinik", "Sundhed", "Tandlæger"), ("Care", "Dental")),
    "Hospitality": (
        ("Hotels", "Horeca", "Catering"),
        ("Kro", "Hotel", "Restauranter"),
        ("Hotels", "Leisure"),
    ),
    "Retail": (("Winkels", "Supermarkt", "Mode"), ("Detail", "Marked", "Butikker"), ("Market", "Retail")),
    "Logistics": (
        ("Transport", "Opslag", "Koeltransport"),
        ("Logistik", "Fragt", "Lager"),
        ("Freight", "Cargo"),
    ),
    "Education": (
        ("Onderwijs", "Academie", "Opleidingen"),
        ("Skole", "Kursus", "Akademi"),
        ("Campus", "Academy"),
    ),
}


def words_of(country: str, industry: str) -> tuple[str, ...]:
    """Return the words of a trade in the language of the country."""
    dutch, danish, other = TRADES[industry]
    return dutch if country in DUTCH else danish if country == "Denmark" else other


def account_names(country: Sequence[str], industry: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Return one unique name per account; when the words run out a branch number is added."""
    seen: dict[str, int] = {}
    names = []
    picks = rng.random((len(country), 3))
    for place, trade, pick in zip(country, industry, picks, strict=True):
        words = (FAMILY[place], words_of(place, trade), FORMS[place])
        name = " ".join(options[int(p * len(options))] for options, p in zip(words, pick, strict=True))
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return names
