"""What pictures are made of: text, panels, bars, badges, chips and dice, each as a piece of SVG.

Coordinates are SVG units, x to the right and y down; the shapes' positions are their upper left
corners unless said otherwise. Every text given to these functions may be hostile.
"""

import unicodedata
from collections.abc import Iterable
from html import escape
from typing import Literal

from seraphim.surfaces.pictures import theme
from seraphim.surfaces.pictures.glyphs import Weight, width_of

type Anchor = Literal["start", "middle", "end"]

MAX_TEXT = 300
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = frozenset({"Zs", "Zl", "Zp"})
_MAX_MARKS = 2
_VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))  # "as emoji" or "as text"
_ELLIPSIS = "…"


def canvas(
    width: int, height: int, *pieces: str, ground: Literal["night", "felt"] = "night"
) -> str:
    """Return a whole picture: a panel with round corners, and the pieces on it."""
    top, bottom, edge = {
        "night": (theme.GROUND_TOP, theme.GROUND_BOTTOM, theme.GROUND_EDGE),
        "felt": (theme.FELT_TOP, theme.FELT_BOTTOM, theme.FELT_EDGE),
    }[ground]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="{theme.FONT}">'
        '<defs><linearGradient id="ground" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/>'
        "</linearGradient></defs>"
        f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="18" fill="url(#ground)"'
        f' stroke="{edge}" stroke-width="2"/>'
        f"{''.join(pieces)}</svg>"
    )


def clean(text: str) -> str:
    """Return ``text`` on one line, without what draws nothing or draws over its neighbours.

    Control and format characters (bidirectional ones too) and unassigned ones are left out, blanks
    become one space, and of many combining marks on one letter two stay.
    """
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text[: MAX_TEXT * 4].replace("\n", " ")):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in _DROPPED or marks > _MAX_MARKS or character in _VARIANTS:
            continue
        kept.append(" " if category in _SPACES else character)
    return " ".join("".join(kept).split())[:MAX_TEXT]


def fitted(text: str, width: float, size: float, weight: Weight = "regular") -> str:
    """Return ``text``, cleaned and cut with an ellipsis so that it is at most ``width`` wide."""
    shown = clean(text)
    if width_of(shown, size, weight) <= width:
        return shown
    while shown and width_of(shown + _ELLIPSIS, size, weight) > width:
        shown = shown[:-1]
    return shown.rstrip() + _ELLIPSIS


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: float = 16,
    colour: str = theme.TEXT,
    weight: Weight = "regular",
    anchor: Anchor = "start",
    width: float | None = None,
) -> str:
    """Return one line of text; ``y`` is its baseline, ``x`` where ``anchor`` says.

    Args:
        x: Where the text starts, has its middle, or ends.
        y: The baseline.
        content: What it says, cleaned and escaped here.
        size: Pixels an em.
        colour: Fill.
        weight: regular or bold.
        anchor: What ``x`` means.
        width: Longer texts are cut with an ellipsis; None never cuts.
    """
    shown = clean(content) if width is None else fitted(content, width, size, weight)
    bold = ' font-weight="700"' if weight == "bold" else ""
    placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{bold}{placed}'
        f' xml:space="preserve">{escape(shown)}</text>'
    )


def panel(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = theme.PANEL,
    stroke: str | None = None,
    radius: float = 12,
    opacity: float = 1.0,
) -> str:
    """Return a rectangle with round corners."""
    edge = f' stroke="{stroke}" stroke-width="2"' if stroke else ""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"'
        f' fill="{fill}" fill-opacity="{opacity:g}"{edge}/>'
    )


def bar(
    x: float,
    y: float,
    width: float,
    height: float,
    share: float,
    *,
    fill: str = theme.VIOLET,
    track: str = theme.LINE,
) -> str:
    """Return a bar of which ``share`` (0 to 1, more is cut) is filled."""
    filled = width * min(1.0, max(0.0, share))
    radius = height / 2
    shown = panel(x, y, width, height, fill=track, radius=radius)
    if filled > 0:
        shown += panel(x, y, max(filled, height), height, fill=fill, radius=radius)
    return shown


def badge(
    x: float,
    y: float,
    label: str,
    *,
    fill: str = theme.VIOLET,
    colour: str = "#ffffff",
    size: float = 14,
    width: float = 240,
    anchor: Anchor = "start",
) -> str:
    """Return a short text in a pill; ``x`` is where ``anchor`` says, ``y`` the upper edge."""
    shown = fitted(label, width - size * 1.4, size, "bold")
    wide = width_of(shown, size, "bold") + size * 1.4
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return panel(left, y, wide, size * 1.8, fill=fill, radius=size * 0.9) + text(
        left + wide / 2, y + size * 1.26, shown, size=size, colour=colour, weight="bold",
        anchor="middle",
    )  # fmt: skip


def coin(x: float, y: float, radius: float, label: str = "") -> str:
    """Return a gold coin around its middle ``x``, ``y``, with up to a few letters on it."""
    size = radius * 0.8
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{theme.GOLD_DEEP}"/>'
        f'<circle cx="{x:g}" cy="{y - radius * 0.05:g}" r="{radius * 0.93:g}" fill="{theme.GOLD}"/>'
        f'<circle cx="{x:g}" cy="{y - radius * 0.05:g}" r="{radius * 0.74:g}" fill="none"'
        f' stroke="{theme.GOLD_DEEP}" stroke-width="{radius * 0.06:g}"/>'
        + text(
            x, y + size * 0.3, label, size=size, colour="#7a520b", weight="bold", anchor="middle",
            width=radius * 1.5,
        )
    )  # fmt: skip


def chip(x: float, y: float, radius: float, label: str = "", *, fill: str = theme.VIOLET) -> str:
    """Return a casino chip around its middle ``x``, ``y``."""
    size = radius * 0.52
    dash = radius * 0.88 * 3.14159 / 8
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius * 0.88:g}" fill="none" stroke="#ffffff"'
        f' stroke-width="{radius * 0.22:g}" stroke-dasharray="{dash:.2f} {dash:.2f}"/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius * 0.68:g}" fill="{fill}" stroke="#ffffff"'
        f' stroke-opacity="0.5" stroke-width="{radius * 0.04:g}"/>'
        + text(
            x, y + size * 0.36, label, size=size, colour="#ffffff", weight="bold", anchor="middle",
            width=radius * 1.3,
        )
    )  # fmt: skip


_PIPS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((1, 1),),
    2: ((0, 0), (2, 2)),
    3: ((0, 0), (1, 1), (2, 2)),
    4: ((0, 0), (0, 2), (2, 0), (2, 2)),
    5: ((0, 0), (0, 2), (1, 1), (2, 0), (2, 2)),
    6: ((0, 0), (0, 1), (0, 2), (2, 0), (2, 1), (2, 2)),
}


def die(x: float, y: float, size: float, face: int, *, turn: float = 0.0) -> str:
    """Return the face 1 to 6 of a die, turned by ``turn`` degrees around its middle.

    Raises:
        ValueError: A die has no such face.
    """
    if face not in _PIPS:
        raise ValueError(f"a die has no face {face}")
    colour = theme.CARD_RED if face == 1 else theme.CARD_BLACK
    step = size * 0.27
    pips = "".join(
        f'<circle cx="{x + size / 2 + (column - 1) * step:g}"'
        f' cy="{y + size / 2 + (row - 1) * step:g}" r="{size * 0.09:g}" fill="{colour}"/>'
        for column, row in _PIPS[face]
    )
    body = (
        panel(x, y + size * 0.05, size, size, fill="#000000", radius=size * 0.2, opacity=0.35)
        + panel(x, y, size, size, fill=theme.CARD, stroke=theme.CARD_EDGE, radius=size * 0.2)
        + pips
    )
    return turned(body, turn, x + size / 2, y + size / 2)


def turned(piece: str, degrees: float, x: float, y: float) -> str:
    """Return ``piece`` turned clockwise around ``x``, ``y``."""
    return f'<g transform="rotate({degrees:g} {x:g} {y:g})">{piece}</g>' if degrees else piece


def faded(pieces: Iterable[str], opacity: float) -> str:
    """Return pieces drawn as one with this opacity (0 to 1)."""
    return f'<g opacity="{opacity:g}">{"".join(pieces)}</g>'
