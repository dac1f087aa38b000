"""The colours of the marks, in light and dark: the same thing has the same colour on every page.

Okabe-Ito based, told apart by colour-blind readers; contrast with the page is at least 3 : 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Palette:
    """`accent` is what is spoken about, `loss` the one warm colour; `series` are for lines, five at most."""

    accent: str
    loss: str
    won: str
    lost: str
    open: str
    disqualified: str
    text: str
    muted: str
    grid: str
    background: str
    surface: str
    pale_accent: str
    pale_loss: str
    series: tuple[str, ...]

    def status(self, name: str) -> str:
        """Return the colour of an outcome."""
        return {"won": self.won, "lost": self.lost, "open": self.open}.get(name, self.disqualified)


LIGHT = Palette(
    accent="#0072B2",
    loss="#C04A00",
    won="#00805E",
    lost="#C04A00",
    open="#7A8794",
    disqualified="#8A7A55",
    text="#1B2733",
    muted="#5B6875",
    grid="#E3E8ED",
    background="#FFFFFF",
    surface="#F5F7F9",
    pale_accent="#BFDCEE",
    pale_loss="#F2CDB5",
    series=("#0072B2", "#C04A00", "#00805E", "#9C4F82", "#8A6D00"),
)
DARK = Palette(
    accent="#56B4E9",
    loss="#F0883E",
    won="#35C29A",
    lost="#F0883E",
    open="#8C9AA8",
    disqualified="#B5A57A",
    text="#E6EBF0",
    muted="#9AA7B4",
    grid="#2C3742",
    background="#12181E",
    surface="#1A222A",
    pale_accent="#234A63",
    pale_loss="#5E3A20",
    series=("#56B4E9", "#F0883E", "#35C29A", "#D89AC2", "#E0C04C"),
)


def palette() -> Palette:
    """Return the colours that fit the reader's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT
