"""The pieces of pictures: hostile text, widths, cards, dice, and the numbers of charts."""

import math
from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seraphim.surfaces.pictures import (
    RANKS,
    Series,
    area_chart,
    badge,
    bar,
    canvas,
    card,
    card_back,
    clean,
    die,
    fitted,
    line_chart,
    nice_ticks,
    render,
    short_number,
    stacked_chart,
    text,
    width_of,
)

HOSTILE = st.text(max_size=80) | st.text("<>&\"'\0\x1b\u202e\u0301\ufe0f;x", max_size=40)
_SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own SVG, without entities


def shown_texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in parsed(svg).iter(f"{_SVG}text")]


@given(HOSTILE)
def test_any_text_leaves_the_picture_well_formed_and_says_it_literally(written: str) -> None:
    assert shown_texts(canvas(200, 40, text(10, 20, written))) == [clean(written)]


@given(HOSTILE)
def test_nothing_invisible_or_reordering_is_left(written: str) -> None:
    kept = clean(written)
    assert not set(kept) & set("\0\x1b\n\r\t\u202e\u200b\ufe0f")
    assert clean(kept) == kept


def test_stacked_accents_are_cut() -> None:
    assert len(clean("a" + "\u0332\u0333\u033f\u0347" * 20)) <= 3


@given(HOSTILE, st.floats(20, 300))
def test_a_text_with_a_width_stays_inside_it(written: str, width: float) -> None:
    assert width_of(fitted(written, width, 16), 16) <= max(width, width_of("…", 16))


def test_widths_are_those_of_the_font() -> None:
    assert width_of("iiii", 16) < width_of("WWWW", 16) / 2
    assert width_of("Wide", 16, "bold") > width_of("Wide", 16)
    assert width_of("漢字", 16) == 32


async def test_every_card_and_die_is_drawable() -> None:
    suits = ("spades", "hearts", "diamonds", "clubs")
    cards = [
        card(10 + 30 * column, 10 + 50 * row, rank, suit, width=28)
        for row, suit in enumerate(suits)
        for column, rank in enumerate(RANKS)
    ]
    pieces = [*cards, card_back(10, 210), *(die(100 + 60 * n, 220, 50, n + 1) for n in range(6))]
    assert len(set(pieces)) == len(pieces), "no two look the same"
    assert (await render(canvas(500, 320, *pieces), scale=1))[:4] == b"\x89PNG"


@pytest.mark.parametrize("make", [lambda: card(0, 0, "1", "hearts"), lambda: die(0, 0, 9, 7)])
def test_there_is_no_such_card_or_die(make: Callable[[], str]) -> None:
    with pytest.raises(ValueError, match="no"):
        make()


@pytest.mark.parametrize(("share", "filled"), [(-1, 0), (0, 0), (0.5, 50), (1, 100), (7, 100)])
def test_a_bar_is_never_fuller_than_full(share: float, filled: float) -> None:
    rects = list(parsed(canvas(200, 40, bar(0, 0, 100, 10, share))).iter(f"{_SVG}rect"))
    assert [float(each.get("width", "0")) for each in rects[2:]] == ([filled] if filled else [])


def test_a_badge_grows_with_its_text_and_stops() -> None:
    def width(label: str) -> float:
        rects = list(parsed(canvas(400, 40, badge(0, 0, label))).iter(f"{_SVG}rect"))
        return float(rects[-1].get("width", "0"))

    assert width("a") < width("longer") < width("x" * 500) <= 240


@given(st.floats(-1e15, 1e15), st.floats(0, 1e15))
def test_ticks_are_round_and_hold_the_range(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    assert 2 <= len(ticks) <= 6
    step = ticks[1] - ticks[0]
    assert step > 0
    if span > abs(low) * 1e-6:
        assert ticks[0] <= low + step * 1e-6
        assert ticks[-1] >= low + span - step * 1e-6
        mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
        assert min(abs(mantissa - nice) for nice in (1, 2, 2.5, 5, 10)) < 1e-3


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_ticks_of_nonsense_are_still_ticks(value: float) -> None:
    assert len(nice_ticks(value, value)) >= 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (950, "950"),
        (1500, "1.5k"),
        (2_000_000, "2M"),
        (10**15, "1000T"),
        (-40_000, "-40k"),
    ],
)
def test_numbers_of_an_axis_are_short(value: float, shown: str) -> None:
    assert short_number(value) == shown


@pytest.mark.parametrize("make", [line_chart, area_chart, stacked_chart])
@pytest.mark.parametrize(
    "values", [[5.0], [None, 5.0, None], [0.0, 0.0], [-5.0, 5.0], [10.0**15] * 3]
)
async def test_charts_draw_few_flat_and_huge_values(
    make: Callable[..., str], values: list[float]
) -> None:
    labels = [f"day {number}" for number in range(len(values))]
    svg = make("Title", labels, [Series("one", values)])
    assert "nan" not in svg
    assert "inf" not in svg.replace("Title", "")
    assert (await render(svg, scale=1))[:4] == b"\x89PNG"


def test_a_chart_without_data_says_so() -> None:
    for series in ([], [Series("nothing", [None, None])]):
        labels = ["a", "b"] if series else []
        assert "Nothing yet." in shown_texts(line_chart("T", labels, series, empty="Nothing yet."))


def test_a_legend_names_what_is_drawn_and_escapes_it() -> None:
    series = [Series("<b>in</b>", [1, 2]), Series("out & about", [2, 1])]
    shown = shown_texts(line_chart("T", ["a", "b"], series))
    assert "<b>in</b>" in shown
    assert "out & about" in shown


def test_stacked_bars_go_up_and_down_from_zero() -> None:
    svg = stacked_chart(
        "T", ["a"], [Series("in", [30]), Series("more", [10]), Series("out", [-20])]
    )
    bars = [
        (float(each.get("y", "")), float(each.get("height", "")))
        for each in parsed(svg).iter(f"{_SVG}rect")
        if each.get("rx") is None
    ]
    (top_in, high_in), (top_more, high_more), (top_out, high_out) = bars
    assert high_in == pytest.approx(3 * high_more, rel=0.02)
    assert high_out == pytest.approx(2 * high_more, rel=0.02)
    assert top_more + high_more == pytest.approx(top_in, abs=0.2)
    assert top_in + high_in == pytest.approx(top_out, abs=0.2)


def test_labels_below_do_not_touch() -> None:
    labels = [f"{number} November" for number in range(90)]
    svg = line_chart("T", labels, [Series("one", list(range(90)))])
    placed = sorted(
        (float(node.get("x", "0")), node.text or "")
        for node in parsed(svg).iter(f"{_SVG}text")
        if (node.text or "").endswith("November")
    )
    assert placed[-1][1] == "89 November"
    for (left, one), (right, other) in pairwise(placed):
        assert right - left > (width_of(one, 12) + width_of(other, 12)) / 2


@pytest.mark.parametrize("count", [2, 401])
def test_values_that_do_not_fit_the_labels_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=r"values for|at most"):
        line_chart("T", ["a"] * count if count > 400 else ["a"], [Series("one", [1.0] * count)])
