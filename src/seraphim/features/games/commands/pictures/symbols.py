"""The symbols of the slot machine, drawn; a font has none of them."""

from collections.abc import Callable, Mapping
from math import cos, pi, sin

from seraphim.surfaces.pictures import text, theme

_LEAF = "#3fa35a"


def symbol(name: str, x: float, y: float, size: float) -> str:
    """Return a symbol around its middle ``x``, ``y``, about ``size`` wide.

    Raises:
        KeyError: There is no such symbol.
    """
    scale = size / 100
    return f'<g transform="translate({x:g} {y:g}) scale({scale:g})">{_DRAWN[name]()}</g>'


def _cherry() -> str:
    return (
        '<path d="M-18 12C-14 -18 4 -34 26 -40M20 16C24 -10 24 -26 26 -40" fill="none"'
        f' stroke="{_LEAF}" stroke-width="6" stroke-linecap="round"/>'
        f'<path d="M26 -40c-22 -14 -40 -6 -46 4c16 8 34 8 46 -4z" fill="{_LEAF}"/>'
        '<circle cx="-20" cy="26" r="22" fill="#d8343c"/><circle cx="22" cy="30" r="22"'
        ' fill="#b8232b"/><circle cx="-27" cy="18" r="6" fill="#ffffff" fill-opacity="0.6"/>'
        '<circle cx="15" cy="22" r="6" fill="#ffffff" fill-opacity="0.6"/>'
    )


def _lemon() -> str:
    return (
        '<g transform="rotate(-28)"><path d="M-46 0c6 -4 8 -8 14 -16c18 -20 46 -20 64 0c6 8 8 12'
        ' 14 16c-6 4 -8 8 -14 16c-18 20 -46 20 -64 0c-6 -8 -8 -12 -14 -16z" fill="#f5d338"'
        ' stroke="#c9a114" stroke-width="3"/><path d="M-22 -10c10 -10 22 -12 32 -8" fill="none"'
        ' stroke="#ffffff" stroke-opacity="0.7" stroke-width="5" stroke-linecap="round"/></g>'
    )


def _bell() -> str:
    return (
        f'<path d="M0 -44c22 0 30 18 30 38c0 16 6 22 14 32h-88c8 -10 14 -16 14 -32c0 -20 8 -38 30'
        f' -38z" fill="{theme.GOLD}" stroke="{theme.GOLD_DEEP}" stroke-width="4"/>'
        f'<circle cx="0" cy="34" r="10" fill="{theme.GOLD_DEEP}"/>'
        f'<circle cx="0" cy="-44" r="7" fill="{theme.GOLD_DEEP}"/>'
    )


def _star() -> str:
    points = " ".join(
        f"{(46 if corner % 2 == 0 else 19) * sin(pi * corner / 5):.1f},"
        f"{-(46 if corner % 2 == 0 else 19) * cos(pi * corner / 5):.1f}"
        for corner in range(10)
    )
    return (
        f'<polygon points="{points}" fill="#8f81ff" stroke="#5b4be0" stroke-width="4"'
        ' stroke-linejoin="round"/>'
    )


def _gem() -> str:
    return (
        '<path d="M-28 -32h56l20 24l-48 46l-48 -46z" fill="#4cb4e8" stroke="#1f7fb3"'
        ' stroke-width="4" stroke-linejoin="round"/><path d="M-48 -8h96M-28 -32l12 24l16 46l16 -46'
        'l12 -24M-16 -8l16 -24l16 24" fill="none" stroke="#ffffff" stroke-opacity="0.6"'
        ' stroke-width="3"/>'
    )


def _seven() -> str:
    return text(0, 36, "7", size=104, colour="#d8343c", weight="bold", anchor="middle")


_DRAWN: Mapping[str, Callable[[], str]] = {
    "cherry": _cherry,
    "lemon": _lemon,
    "bell": _bell,
    "star": _star,
    "gem": _gem,
    "seven": _seven,
}
