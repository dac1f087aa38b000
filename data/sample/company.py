"""The fixed facts of the sample company: what it sells, who sells it, where leads come from.

Polder & Fjord Klimaat sells, installs and services climate equipment for buildings in the Netherlands
and Denmark, and a little in the countries around them. All names are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Source:
    """A lead source: share of leads, share never an opportunity, cost per lead (EUR), its campaigns."""

    name: str
    share: float
    disqualified: float
    cost: float
    campaigns: tuple[str, ...]


@dataclass(frozen=True)
class Seller:
    """A seller: weight of the leads they get in their team, from when to when, monthly cost (EUR)."""

    name: str
    team: str
    weight: float
    cost: float
    start: date
    left: date | None = None


@dataclass(frozen=True)
class Product:
    """A product line: share of leads, median new installation (EUR, excl. VAT), list price, family."""

    name: str
    share: float
    median: float
    list_price: float
    family: str


SOURCES = (
    Source("Website", 0.21, 0.09, 38.0, ("Price calculator", "Contact form", "White paper")),
    Source("Partner", 0.16, 0.06, 55.0, ("Installers NL", "Installers DK", "Wholesale", "Energy advisers")),
    Source("Referral", 0.13, 0.04, 22.0, ("Customer referral", "Supplier referral")),
    Source("Google Ads", 0.13, 0.12, 96.0, ("Search brand", "Search generic", "Remarketing")),
    Source("Trade show", 0.10, 0.08, 185.0, ("Indoor climate fair", "Building fair", "Energy days")),
    Source("LinkedIn", 0.10, 0.10, 112.0, ("Lead form facility managers", "Webinar", "Sponsored post")),
    Source("Cold calling", 0.09, 0.14, 71.0, ("Call list A", "Call list B")),
    Source("Newsletter", 0.08, 0.07, 17.0, ("Monthly newsletter", "Service reminder")),
)
ONLINE = ("Website", "Google Ads", "LinkedIn", "Newsletter")

NORTH, SOUTH, DENMARK, ABROAD = "Netherlands North", "Netherlands South", "Denmark", "International"
TEAMS = {
    NORTH: "Hester Oldenkamp",
    SOUTH: "Bram Verkuijl",
    DENMARK: "Karsten Lyngdal",
    ABROAD: "Hester Oldenkamp",
}
SELLERS = (
    Seller("Jeroen Tasman", NORTH, 1.0, 6900.0, date(2019, 3, 1)),
    Seller("Femke Ruigrok", NORTH, 1.1, 6700.0, date(2020, 9, 1)),
    Seller("Daan Oosterveen", NORTH, 0.9, 5800.0, date(2023, 5, 1)),
    Seller("Wietske Halma", NORTH, 1.0, 6100.0, date(2022, 2, 1)),
    Seller("Sanne Wildervank", SOUTH, 1.5, 6600.0, date(2021, 1, 1)),
    Seller("Pieter Maasdam", SOUTH, 1.0, 7200.0, date(2017, 6, 1)),
    Seller("Yasmina Belkadi", SOUTH, 1.0, 6000.0, date(2022, 8, 1)),
    Seller("Ruben Kessels", SOUTH, 0.9, 5500.0, date(2025, 6, 1)),
    Seller("Mette Holmskov", DENMARK, 1.1, 7600.0, date(2018, 4, 1)),
    Seller("Anders Brixtofte", DENMARK, 1.0, 7400.0, date(2020, 1, 1)),
    Seller("Sofie Kjærbæk", DENMARK, 1.0, 6800.0, date(2022, 10, 1)),
    Seller("Lars Enghave", DENMARK, 0.8, 6500.0, date(2021, 3, 1), date(2026, 3, 31)),
    Seller("Nikolaj Strandby", DENMARK, 0.9, 6300.0, date(2025, 9, 1)),
    Seller("Ilse Vandaele", ABROAD, 1.0, 6900.0, date(2020, 5, 1)),
    Seller("Jonas Ahrendt", ABROAD, 1.1, 7100.0, date(2019, 11, 1)),
)
SUCCESSOR = {"Lars Enghave": "Nikolaj Strandby"}

PRODUCTS = (
    Product("Heat pumps", 0.20, 21000.0, 24500.0, "Heating"),
    Product("Air conditioning", 0.22, 15000.0, 17000.0, "Cooling"),
    Product("Ventilation", 0.18, 17000.0, 19500.0, "Air"),
    Product("Chillers", 0.12, 27000.0, 31000.0, "Cooling"),
    Product("Boiler rooms", 0.14, 20000.0, 22500.0, "Heating"),
    Product("Building controls", 0.14, 13000.0, 14500.0, "Controls"),
)
DEAL_TYPES = {"New installation": 0.46, "Replacement": 0.28, "Service contract": 0.26}
DEAL_FACTOR = {"New installation": 1.0, "Replacement": 0.85, "Service contract": 0.45}
INDUSTRIES = {
    "Construction": 0.18,
    "Manufacturing": 0.16,
    "Real estate": 0.14,
    "Healthcare": 0.13,
    "Hospitality": 0.12,
    "Retail": 0.10,
    "Logistics": 0.09,
    "Education": 0.08,
}
SIZES = {
    "Micro (under 10)": 0.20,
    "Small (10 to 49)": 0.36,
    "Medium (50 to 249)": 0.30,
    "Large (250 and more)": 0.14,
}
SIZE_FACTOR = {
    "Micro (under 10)": 0.60,
    "Small (10 to 49)": 0.85,
    "Medium (50 to 249)": 1.25,
    "Large (250 and more)": 1.90,
}
COUNTRIES = {"Netherlands": 0.58, "Denmark": 0.28, "Germany": 0.06, "Belgium": 0.05, "Sweden": 0.03}
AGES = {"Under 35": 0.17, "35-44": 0.29, "45-54": 0.31, "55 and over": 0.23}
PROBABILITIES = (0.10, 0.20, 0.40, 0.60, 0.80)
COMPETITORS = {"Klimatek Groep": 0.40, "NordTherm": 0.25, "Aircon Direct": 0.20, "ThermoPlus": 0.15}

# Leads per business day by month of the year, and how much longer a stage takes then: July and August
# are slow, the last quarter is a push.
INFLOW = (1.00, 1.02, 1.08, 1.00, 0.97, 1.00, 0.74, 0.62, 1.10, 1.18, 1.16, 0.90)
PACE = (1.05, 1.00, 1.00, 1.00, 1.00, 1.00, 1.35, 1.40, 1.00, 0.95, 0.80, 0.75)
GROWTH = 0.35
"""Growth of the inflow per year."""
