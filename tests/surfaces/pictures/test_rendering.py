"""From SVG to PNG: sizes and pixels, hostile input, and a drawing process that dies."""

import asyncio
import os
import signal
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from seraphim.surfaces.pictures import (
    PictureFailed,
    PicturesBusy,
    Renderer,
    canvas,
    paint,
    panel,
    text,
)
from seraphim.surfaces.pictures import renderer as renderer_module


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGBA")


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    made = Renderer(drawers=1)
    yield made
    made.close()


def ink(picture: Image.Image) -> int:
    """Count the light pixels: what text leaves on our dark ground."""
    return sum(
        min(pixel[:3]) > 150  # pyright: ignore[reportIndexIssue, reportOptionalSubscript, reportArgumentType, reportUnknownArgumentType] - Pillow's pixels are loosely typed
        for pixel in picture.get_flattened_data()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportAttributeAccessIssue] - as above
    )


async def test_a_picture_has_the_asked_size_and_colour(renderer: Renderer) -> None:
    svg = canvas(60, 40, panel(20, 10, 20, 20, fill="#ff0000", radius=0))
    for scale in (1, 2, 1.5):
        picture = opened(await renderer.render(svg, scale=scale))
        assert picture.size == (60 * scale, 40 * scale)
        assert picture.getpixel((int(30 * scale), int(20 * scale))) == (255, 0, 0, 255)
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0), "the corners let Discord's ground through"


@pytest.mark.parametrize("written", ["Wagner", "Łódź", "Кириллица", "Ελληνικά", "1,250"])
async def test_the_bundled_fonts_draw_latin_cyrillic_and_greek(
    renderer: Renderer, written: str
) -> None:
    drawn = ink(opened(await renderer.render(canvas(200, 40, text(10, 28, written)))))
    assert drawn > 60 * len(written) ** 0.5


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="file:///etc/passwd" width="9" height="9"/>',
        '<use href="http://example.org/x.svg#a"/>',
        '<use xlink:href=" file:///etc/passwd#a"/>',
        '<rect width="9" height="9" fill="url(http://example.org/x)"/>',
        "<style>@import url(http://example.org/x.css);</style>",
        "<script>alert(1)</script>",
    ],
)
async def test_what_reaches_outside_is_refused(renderer: Renderer, inside: str) -> None:
    with pytest.raises(PictureFailed):
        await renderer.render(canvas(20, 20, inside))


async def test_entities_are_refused(renderer: Renderer) -> None:
    for head in (
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd">',
    ):
        with pytest.raises(PictureFailed):
            await renderer.render(head + canvas(20, 20, text(1, 9, "x")))


@pytest.mark.parametrize(
    "svg", ["", "<svg/>", canvas(4000, 4000), canvas(0, 10), "<svg" + " " * 600_000]
)
async def test_a_picture_without_a_sensible_size_is_refused(renderer: Renderer, svg: str) -> None:
    renderer._threads.shutdown()  # it is not even tried
    with pytest.raises(PictureFailed):
        await renderer.render(svg)


async def test_broken_svg_harms_only_itself(renderer: Renderer) -> None:
    with pytest.raises(PictureFailed):
        await renderer.render(canvas(20, 20, "<g>"))
    assert opened(await renderer.render(canvas(20, 20))).size == (40, 40)


async def test_a_drawing_process_that_dies_is_replaced(renderer: Renderer) -> None:
    await renderer.render(canvas(20, 20))
    (drawer,) = renderer._free
    os.kill(drawer._process.pid, signal.SIGKILL)
    drawer._process.wait()
    assert opened(await renderer.render(canvas(30, 30))).size == (60, 60)


async def test_a_picture_that_takes_too_long_is_given_up(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await renderer.render(canvas(20, 20))
    (drawer,) = renderer._free
    os.kill(drawer._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(renderer_module, "TIMEOUT_SECONDS", 0.05)
    with pytest.raises(PictureFailed):
        # The second, new process does not get its picture done in that time either.
        await renderer.render(canvas(1000, 1000))
    monkeypatch.undo()
    assert opened(await renderer.render(canvas(20, 21))).size == (40, 42)


async def test_identical_pictures_are_drawn_once(renderer: Renderer) -> None:
    first = await renderer.render(canvas(20, 20))
    renderer._threads.shutdown()  # nothing can be drawn any more
    assert await renderer.render(canvas(20, 20)) is first


async def test_remembered_pictures_take_bounded_memory() -> None:
    renderer = Renderer(drawers=1, cached_bytes=3000)
    for size in range(20, 40):
        await renderer.render(canvas(size, size))
    assert sum(map(len, renderer._cache.values())) == renderer._cached_bytes <= 3000
    assert renderer._cache
    renderer.close()


async def test_too_many_waiting_are_refused(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderer_module, "MAX_WAITING", 3)
    wanted = (renderer.render(canvas(20, 20 + number)) for number in range(5))
    outcomes = await asyncio.gather(*wanted, return_exceptions=True)
    assert sum(isinstance(each, PicturesBusy) for each in outcomes) == 2
    assert sum(isinstance(each, bytes) for each in outcomes) == 3


async def test_a_message_goes_without_a_picture_that_cannot_be_drawn() -> None:
    assert await paint("broken.png", "<svg/>") is None
    picture = await paint("fine.png", canvas(20, 20))
    assert picture is not None
    assert picture.name == "fine.png"


def test_the_fonts_come_with_their_licence() -> None:
    fonts = Path(renderer_module.__file__).parent / "fonts"
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text()
    assert {path.suffix for path in fonts.iterdir()} == {".otf", ".txt"}
