"""What the bot plays is heard in the page."""

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.async_api import Page, expect
from tests.sandbox.page.conftest import Visit
from tests.sandbox.page.small_bot import SmallBot, encode, melody
from tests.sandbox.page.test_conversation import run_play

RECORD = """async ([seconds, from]) => {
  const take = await window.sandbox.audio.record(seconds, from);
  return Array.from(take.left);
}"""

UNTIL_LOUD = """() => new Promise((heard) => {
  const listen = () =>
    window.sandbox.audio.level > 0.01 ? heard() : requestAnimationFrame(listen);
  listen();
})"""


def decode(packets: list[bytes]) -> NDArray[np.float32]:
    """The left channel, as a decoder of its own hears it."""
    context = av.CodecContext.create("libopus", "r")
    assert isinstance(context, av.AudioCodecContext)
    context.sample_rate, context.layout = 48_000, "stereo"
    pieces: list[NDArray[np.float32]] = []
    for packet in packets:
        frames = context.decode(av.Packet(packet))  # pyright: ignore[reportUnknownMemberType] - PyAV leaves Packet's parameter open
        for frame in frames:
            samples = frame.to_ndarray().astype(np.float32)
            if samples.shape[0] == 1:
                samples = samples.reshape(-1, 2).T
            scale = 32768 if frame.format.name.startswith("s16") else 1
            pieces.append(samples[0] / scale)
    return np.concatenate(pieces)


def likeness(heard: NDArray[np.float32], source: NDArray[np.float32]) -> float:
    """The normalised correlation where `heard` fits best into `source`."""
    size = 1 << (len(heard) + len(source)).bit_length()
    product = np.fft.rfft(source, size) * np.conj(np.fft.rfft(heard, size))
    lag = int(np.argmax(np.fft.irfft(product, size)[: len(source) - len(heard) + 1]))
    piece = source[lag : lag + len(heard)]
    return float(np.dot(piece, heard) / (np.linalg.norm(piece) * np.linalg.norm(heard)))


async def listen_to_a_song(page: Page, bot: SmallBot) -> None:
    """Join Music, ask for a song, and wait until the bot's voice is seen and heard."""
    await page.get_by_role("button", name="Music", exact=True).click()
    await expect(page.locator(".voice-panel")).to_contain_text("Voice connected")
    await page.get_by_role("button", name="general", exact=True).click()
    await run_play(page)
    bot_id = str(bot.user.id) if bot.user else ""
    ring = page.locator(f'.speaker.speaking[data-voice-user="{bot_id}"]')
    await expect(ring).to_be_visible()
    await page.evaluate(UNTIL_LOUD)


async def test_the_song_arrives_in_the_page(visit: Visit, bot: SmallBot) -> None:
    bot.packets = encode(melody(20))
    page = await visit("alice")
    await listen_to_a_song(page, bot)
    heard = np.array(await page.evaluate(RECORD, [2.0, "decoded"]), dtype=np.float32)
    assert likeness(heard, decode(bot.packets)) > 0.99
    stats = await page.evaluate("window.sandbox.audio.stats")
    assert stats["lost"] == 0
    assert stats["decoder"] == "webcodecs"


async def test_the_loudspeaker_gets_the_song(visit: Visit, bot: SmallBot) -> None:
    bot.packets = encode(melody(20))
    page = await visit("alice")
    await listen_to_a_song(page, bot)
    heard = np.array(await page.evaluate(RECORD, [2.0, "played"]), dtype=np.float32)
    source = decode(bot.packets)
    # A machine too busy to play in time makes a gap in one piece, not in most.
    pieces = [likeness(piece, source) for piece in np.split(heard, 8) if np.any(piece)]
    assert len(pieces) > 4
    assert np.median(pieces) > 0.99


@pytest.mark.usefixtures("bot")
async def test_leaving_ends_the_sound(visit: Visit) -> None:
    page = await visit("alice")
    await page.get_by_role("button", name="Music", exact=True).click()
    await page.get_by_role("button", name="Leave Music").click()
    await expect(page.locator(".voice-panel")).to_have_count(0)
    assert await page.evaluate("window.sandbox.audio.state") == "off"


async def test_without_webcodecs_an_ogg_stream_is_played(visit: Visit, bot: SmallBot) -> None:
    bot.packets = encode(melody(14))
    page = await visit("alice")
    await page.evaluate("delete window.AudioDecoder")
    await page.get_by_role("button", name="Music", exact=True).click()
    await page.get_by_role("button", name="general", exact=True).click()
    await run_play(page)
    await page.evaluate(UNTIL_LOUD)
    assert await page.evaluate("window.sandbox.audio.stats.decoder") == "ogg"
