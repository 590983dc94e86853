"""Charts: lines, areas, and bars stacked up and down, with axes that have round numbers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from seraphim.surfaces.pictures import theme
from seraphim.surfaces.pictures.glyphs import width_of
from seraphim.surfaces.pictures.shapes import canvas, clean, fitted, panel, text

type Shape = Literal["line", "area", "bars"]

MAX_SERIES = 8
SIZE = (480, 280)
"""Width and height of a chart unless asked otherwise; an embed shows about 400 pixels across."""
_MAX_POINTS = 400
_TITLE_ROOM = 52
_LEGEND_SIZE = 13
_TICK_SIZE = 12
_GAP = 10
"""Between two labels below."""
_TICKS = 4
_FLAT = 1e-6
"""A range that is shorter, or shorter by its size, is drawn as one value."""
_MARKED_POINTS = 40


@dataclass(frozen=True, slots=True)
class Series:
    """One line, area or layer of bars; ``values`` belong to the chart's labels one by one."""

    name: str
    values: Sequence[float | None]
    """None leaves a gap."""
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """Where something is drawn."""

    left: float
    top: float
    width: float
    height: float


def nice_ticks(low: float, high: float, most: int = _TICKS) -> list[float]:
    """Return round numbers from at or below ``low`` to at or above ``high``, evenly apart.

    The steps are 1, 2, 2.5 or 5 times a power of ten, as in P. Heckbert, "Nice Numbers for Graph
    Labels" (Graphics Gems, 1990); there are at least two numbers and at most ``most`` + 2.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = 0.0, 1.0
    if high - low < max(_FLAT, abs(low) * _FLAT):
        high = low + max(1.0, abs(low) * _FLAT)
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    factor = next(each for each in (1, 2, 2.5, 5, 10) if each * power >= rough * (1 - 1e-9))
    step = factor * power
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def short_number(value: float) -> str:
    """Return 950, 1.5k, 20M, 3.2B, 1T: a number as an axis shows it."""
    for limit, mark in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.2f}".rstrip("0").rstrip(".") + mark
    return f"{value:.2f}".rstrip("0").rstrip(".")


def line_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    subtitle: str = "",
    empty: str = "",
    size: tuple[int, int] = SIZE,
    from_zero: bool = False,
    number: Callable[[float], str] = short_number,
) -> str:
    """Return a picture with one line a series.

    Args:
        title: Upper left.
        labels: Of the points from left to right; as many are shown as fit.
        series: Up to eight, each with one value a label.
        subtitle: Upper right.
        empty: What is said where no series has a value.
        size: Width and height of the whole picture.
        from_zero: The vertical axis starts at zero.
        number: Writes the axis' numbers.

    Raises:
        ValueError: Too many series or points, or a series with another number of values.
    """
    box = _room(size)
    drawn = plot(box, "line", labels, series, empty=empty, from_zero=from_zero, number=number)
    return canvas(*size, chart_heading(title, subtitle, size[0]), drawn)


def area_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    subtitle: str = "",
    empty: str = "",
    size: tuple[int, int] = SIZE,
    number: Callable[[float], str] = short_number,
) -> str:
    """Return a picture with filled lines over zero; see :func:`line_chart`."""
    box = _room(size)
    drawn = plot(box, "area", labels, series, empty=empty, from_zero=True, number=number)
    return canvas(*size, chart_heading(title, subtitle, size[0]), drawn)


def stacked_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    subtitle: str = "",
    empty: str = "",
    size: tuple[int, int] = SIZE,
    number: Callable[[float], str] = short_number,
) -> str:
    """Return a picture with bars; positive values stack upwards, negative downwards."""
    box = _room(size)
    drawn = plot(box, "bars", labels, series, empty=empty, number=number)
    return canvas(*size, chart_heading(title, subtitle, size[0]), drawn)


def _room(size: tuple[int, int]) -> Box:
    return Box(20, _TITLE_ROOM, size[0] - 40, size[1] - _TITLE_ROOM - 14)


def chart_heading(title: str, subtitle: str, width: float) -> str:
    """Return the line above a chart: a title on the left, something smaller on the right."""
    aside = fitted(subtitle, width * 0.45, 14)
    room = width - 60 - width_of(aside, 14)
    return text(24, 38, title, size=20, weight="bold", width=room) + text(
        width - 24, 38, aside, size=14, colour=theme.MUTED, anchor="end"
    )


def plot(
    box: Box,
    shape: Shape,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    empty: str = "",
    from_zero: bool = False,
    number: Callable[[float], str] = short_number,
) -> str:
    """Return axes, marks and legend inside ``box``, for pictures with more than one chart.

    Raises:
        ValueError: Too many series or points, or a series with another number of values.
    """
    _check(labels, series)
    filled = [each for each in series if any(value is not None for value in each.values)]
    if not filled:
        return panel(box.left, box.top, box.width, box.height, opacity=0.4) + text(
            box.left + box.width / 2, box.top + box.height / 2 + 5, empty, size=16,
            colour=theme.MUTED, anchor="middle", width=box.width - 20,
        )  # fmt: skip
    colours = {
        each.name: each.colour or theme.SERIES[at % len(theme.SERIES)]
        for at, each in enumerate(series)
    }
    ticks = nice_ticks(*_range(shape, filled, from_zero=from_zero))
    written = [number(tick) for tick in ticks]
    margin = max(width_of(each, _TICK_SIZE) for each in written) + 10
    legend, legend_height = _legend(box, filled, colours)
    # The last label is written below the last point, so half of it must fit beside the lines.
    aside = 8 if shape == "bars" else max(8.0, width_of(clean(labels[-1]), _TICK_SIZE) / 2)
    inner = Box(
        box.left + margin,
        box.top + legend_height + 8,
        box.width - margin - aside,
        box.height - legend_height - 34,
    )
    scale = _Scale(inner, len(labels), ticks[0], ticks[-1], bars=shape == "bars")
    pieces = [legend, *_grid(inner, scale, ticks, written), _axis(inner, scale, labels)]
    if shape == "bars":
        pieces.append(_bars(scale, filled, colours))
    else:
        pieces.extend(_line(scale, each, colours[each.name], shape) for each in filled)
    return "".join(pieces)


class _Scale:
    """From values to coordinates."""

    def __init__(self, box: Box, count: int, low: float, high: float, *, bars: bool) -> None:
        self.box, self.count, self.low, self.high = box, count, low, high
        self._bars = bars
        self.slot = box.width / max(1, count)

    def x(self, index: int) -> float:
        if self._bars or self.count == 1:
            return self.box.left + self.slot * (index + 0.5)
        return self.box.left + self.box.width * index / (self.count - 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.box.top + self.box.height * (1 - share)


def _check(labels: Sequence[str], series: Sequence[Series]) -> None:
    if len(series) > MAX_SERIES or len(labels) > _MAX_POINTS:
        raise ValueError(f"a chart has at most {MAX_SERIES} series of {_MAX_POINTS} points")
    for each in series:
        if len(each.values) != len(labels):
            raise ValueError(f"{each.name}: {len(each.values)} values for {len(labels)} labels")


def _range(shape: Shape, series: Sequence[Series], *, from_zero: bool) -> tuple[float, float]:
    if shape == "bars":
        columns = list(zip(*(each.values for each in series), strict=True))
        tops = [sum(value for value in column if value and value > 0) for column in columns]
        feet = [sum(value for value in column if value and value < 0) for column in columns]
        return min(0.0, *feet, 0.0), max(0.0, *tops, 0.0)
    values = [value for each in series for value in each.values if value is not None]
    low, high = min(values), max(values)
    if from_zero:
        return min(0.0, low), max(0.0, high)
    if low == high:
        return low - 1, high + 1
    return low, high


def _legend(box: Box, series: Sequence[Series], colours: dict[str, str]) -> tuple[str, float]:
    """Return the legend and its height; one series needs none."""
    if len(series) == 1:
        return "", 0.0
    pieces: list[str] = []
    x, y, row = box.left, box.top, 20.0
    for each in series:
        name = fitted(each.name, 150, _LEGEND_SIZE)
        wide = width_of(name, _LEGEND_SIZE) + 34
        if x + wide > box.left + box.width and x > box.left:
            x, y = box.left, y + row
        pieces.append(panel(x, y + 2, 12, 12, fill=colours[each.name], radius=4))
        pieces.append(text(x + 18, y + 13, name, size=_LEGEND_SIZE, colour=theme.MUTED))
        x += wide
    return "".join(pieces), y - box.top + row


def _grid(box: Box, scale: _Scale, ticks: Sequence[float], written: Sequence[str]) -> list[str]:
    pieces: list[str] = []
    for tick, shown in zip(ticks, written, strict=True):
        y = scale.y(tick)
        strong = tick == 0 and ticks[0] < 0
        pieces.append(
            f'<path d="M{box.left:g} {y:.1f}H{box.left + box.width:g}"'
            f' stroke="{theme.MUTED if strong else theme.LINE}" stroke-width="1"/>'
        )
        pieces.append(
            text(box.left - 8, y + 4, shown, size=_TICK_SIZE, colour=theme.MUTED, anchor="end")
        )
    return pieces


def _axis(box: Box, scale: _Scale, labels: Sequence[str]) -> str:
    """Write as many labels below as fit without touching; the last one is always there."""
    widths = [width_of(clean(label), _TICK_SIZE) for label in labels]
    every = max(1, math.ceil(len(labels) * (max(widths) + _GAP) / max(1.0, box.width)))
    edge = box.left + box.width + _GAP
    pieces: list[str] = []
    for index in range(len(labels) - 1, -1, -every):
        half = widths[index] / 2
        x = max(scale.x(index), box.left + half)
        if pieces and x + half + _GAP > edge:
            continue
        edge = x - half
        pieces.append(
            text(
                x,
                box.top + box.height + 19,
                labels[index],
                size=_TICK_SIZE,
                colour=theme.MUTED,
                anchor="middle",
            )
        )
    return "".join(pieces)


def _line(scale: _Scale, series: Series, colour: str, shape: Shape) -> str:
    """Return a series as lines; a point with gaps on both sides becomes a dot."""
    pieces: list[str] = []
    shown = sum(value is not None for value in series.values)
    for run in _runs(series.values):
        points = [(scale.x(index), scale.y(value)) for index, value in run]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        if shape == "area" and len(points) > 1:
            foot = scale.y(max(scale.low, min(0.0, scale.high)))
            pieces.append(
                f'<path d="M{points[0][0]:.1f} {foot:.1f}L{path}L{points[-1][0]:.1f} {foot:.1f}Z"'
                f' fill="{colour}" fill-opacity="0.22"/>'
            )
        pieces.append(
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"'
            ' stroke-linejoin="round" stroke-linecap="round"/>'
        )
        marked = points if shown <= _MARKED_POINTS or len(points) == 1 else points[-1:]
        radius = 5 if len(points) == 1 else 2.6
        pieces.extend(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>' for x, y in marked
        )
    return "".join(pieces)


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = []
    open_run = False
    for index, value in enumerate(values):
        if value is None:
            open_run = False
            continue
        if not open_run:
            runs.append([])
            open_run = True
        runs[-1].append((index, value))
    return runs


def _bars(scale: _Scale, series: Sequence[Series], colours: dict[str, str]) -> str:
    pieces: list[str] = []
    wide = min(36.0, max(1.0, scale.slot * 0.72))
    for index in range(scale.count):
        up = down = 0.0
        for each in series:
            value = each.values[index]
            if not value:
                continue
            start = up if value > 0 else down
            end = start + value
            up, down = (end, down) if value > 0 else (up, end)
            top, foot = scale.y(max(start, end)), scale.y(min(start, end))
            pieces.append(
                f'<rect x="{scale.x(index) - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}"'
                f' height="{max(0.5, foot - top):.1f}" fill="{colours[each.name]}"/>'
            )
    return "".join(pieces)
