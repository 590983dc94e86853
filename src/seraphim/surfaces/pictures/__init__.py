"""Pictures for messages: SVG put together from pieces, drawn to PNG outside of the bot's process.

``await paint("coinflip.png", canvas(480, 240, coin(240, 120, 80)))`` gives a :class:`Picture` that
``replies.reply(interaction, embed=..., picture=...)`` shows in the embed.
"""

from seraphim.surfaces.pictures import theme
from seraphim.surfaces.pictures.cards import RANKS, RATIO, Suit, card, card_back, suit_mark
from seraphim.surfaces.pictures.charts import (
    Box,
    Series,
    area_chart,
    chart_heading,
    line_chart,
    nice_ticks,
    plot,
    short_number,
    stacked_chart,
)
from seraphim.surfaces.pictures.glyphs import covered, width_of
from seraphim.surfaces.pictures.renderer import (
    Picture,
    PictureFailed,
    PicturesBusy,
    Renderer,
    paint,
    render,
)
from seraphim.surfaces.pictures.shapes import (
    badge,
    bar,
    canvas,
    chip,
    clean,
    coin,
    die,
    faded,
    fitted,
    panel,
    text,
    turned,
)

__all__ = [
    "RANKS",
    "RATIO",
    "Box",
    "Picture",
    "PictureFailed",
    "PicturesBusy",
    "Renderer",
    "Series",
    "Suit",
    "area_chart",
    "badge",
    "bar",
    "canvas",
    "card",
    "card_back",
    "chart_heading",
    "chip",
    "clean",
    "coin",
    "covered",
    "die",
    "faded",
    "fitted",
    "line_chart",
    "nice_ticks",
    "paint",
    "panel",
    "plot",
    "render",
    "short_number",
    "stacked_chart",
    "suit_mark",
    "text",
    "theme",
    "turned",
    "width_of",
]
