"""What goes along with the sound: words in time with it, and parts of it that are skipped."""

import itertools
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.listening import listener
from tests.support.music_bot import BACKENDS, MusicBot, music_bot, write_tunes
from tests.support.places import beginning_of, place_after
from tests.support.services.lrclib import Lrclib
from tests.support.services.sponsorblock import SponsorBlock
from tests.support.sound import Samples

from discord_sandbox.driver import Guild, Member, MessageView
from discord_sandbox.driver.voice import VoiceFrames
from discord_sandbox.server import Sandbox

LENGTH = 45
VIDEO = "dQw4w9WgXcQ"
_NOW = re.compile(r"^### Line (\d+)$", re.MULTILINE)
type Tunes = dict[str, Samples]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tunes]:
    """A melody."""
    folder = tmp_path_factory.mktemp("in-time")
    return folder, write_tunes(folder, ("amber",), LENGTH, seed=300)


@pytest.fixture
async def words() -> AsyncIterator[Lrclib]:
    """A service with a line of words for each second of the song."""
    service = Lrclib()
    await service.start()
    timed = "\n".join(f"[00:{second:02}.00]Line {second}" for second in range(LENGTH))
    service.add("Amber", "Nobody", seconds=LENGTH, timed=timed, plain="Line 0")
    yield service
    await service.stop()


@pytest.fixture
async def parts() -> AsyncIterator[SponsorBlock]:
    """A service that knows which parts of a video are no music."""
    service = SponsorBlock()
    await service.start()
    yield service
    await service.stop()


@pytest.fixture(params=BACKENDS)
async def music(
    request: pytest.FixtureRequest,
    sandbox: Sandbox,
    library: tuple[Path, Tunes],
    words: Lrclib,
    parts: SponsorBlock,
    tmp_path: Path,
) -> AsyncIterator[MusicBot]:
    """The bot on each of the two ways to play."""
    async with music_bot(
        sandbox,
        request.param,
        tmp_path / "bot",
        library[0],
        SERAPHIM_LRCLIB_URL=words.url,
        SERAPHIM_SPONSORBLOCK_URL=parts.url,
    ) as made:
        yield made


@pytest.fixture
async def alice(music: MusicBot, guild: Guild) -> Member:
    """A member in the voice channel Music."""
    assert music.bot.wiring.client.is_ready()
    return await listener(guild, "alice")


class _Edits:
    """Notes each edit of one message, and how much had been heard by then."""

    def __init__(self, message: MessageView, frames: Any) -> None:
        self._path = f"/messages/{message.id}"
        self._frames = frames
        self.seen: list[tuple[float, int, int]] = []
        """When, the line that stood out, and how many packets had been heard."""

    def on_exchange(
        self,
        method: str,
        template: str | None,
        path: str,
        status: int,
        request_body: bytes | None,
        response_body: bytes | None,
        content_type: str,
    ) -> None:
        """Note an edit of the message."""
        _ = template, status, response_body, content_type
        if method != "PATCH" or not path.endswith(self._path) or request_body is None:
            return
        text = json.loads(request_body)["embeds"][0]["description"]
        line = _NOW.search(text)
        if line is not None:
            self.seen.append((time.monotonic(), int(line[1]), self._frames()))


async def test_the_line_that_stands_out_is_the_one_that_is_heard(
    alice: Member, library: tuple[Path, Tunes], sandbox: Sandbox
) -> None:
    voice = await alice.join("Music")
    await alice.slash("play", query="amber.opus")
    await voice.until_speaking()
    shown = await alice.slash("lyrics")
    edits = _Edits(shown.message, lambda: len(voice.heard))
    sandbox.observers.append(edits)

    await voice.hear(seconds=8)
    await alice.slash("seek", position="0:25")
    await voice.hear(seconds=8)

    assert len(edits.seen) >= 4
    assert any(line >= 25 for _, line, _ in edits.seen), "it follows a jump"
    for _, line, count in edits.seen:
        place = place_after(
            VoiceFrames(voice.heard.frames[count - 25 : count]), library[1]["amber"]
        )
        # A look every half second, and what is on its way to Discord and to the listener.
        assert line - 0.6 <= place <= line + 2.2, (line, place)
    times = [at for at, _, _ in edits.seen]
    pauses = [after - before for before, after in itertools.pairwise(times)]
    assert min(pauses) > 2.9


async def _play_video(alice: Member) -> None:
    """Queue the library's song as what it is: the sound of a video."""
    track = {
        "source": "library",
        "identifier": "amber.opus",
        "title": "Amber",
        "artist": None,
        "album": None,
        "duration_ms": LENGTH * 1000,
        "url": f"https://www.youtube.com/watch?v={VIDEO}",
        "artwork_url": None,
        "is_stream": False,
        "isrc": None,
    }
    content = json.dumps({"format": "seraphim-playlist", "name": "video", "tracks": [track]})
    file = await alice.upload(content.encode(), "video.json")
    done = await alice.slash("playlist import", file=file, name="video")
    assert "video" in done.text
    await alice.slash("playlist load", name="video")


async def test_what_is_no_music_is_not_heard(
    alice: Member, library: tuple[Path, Tunes], parts: SponsorBlock
) -> None:
    song = library[1]["amber"]
    parts.mark(VIDEO, 4, 14)
    parts.mark(VIDEO, 18, 22, "interaction")  # the guild has not chosen this kind
    voice = await alice.join("Music")
    await _play_video(alice)
    await voice.until_speaking()

    await alice.channel("music").wait_for(
        lambda message: "skipped 0:10: Sponsors" in message.text, timeout=20
    )
    voice.forget()
    await voice.hear(seconds=7)

    heard = voice.heard.audible()
    jump = beginning_of(heard, song)
    assert jump == pytest.approx(14, abs=0.15), "what follows is heard from where the part ends"
    end = place_after(VoiceFrames(heard.frames[-30:]), song)
    assert end - jump > 6, "and on, through the part that the guild has not chosen"
    before = round((end - jump) / 0.02) + 10
    last = place_after(VoiceFrames(heard.frames[-before - 30 : -before]), song)
    assert 3.9 <= last <= 4.8, "of the part itself half a second is heard at most"

    await alice.slash("seek", position="0:08")  # whoever goes back into it wants to hear it
    voice.forget()
    await voice.hear(seconds=1.5)
    assert 8 < place_after(VoiceFrames(voice.heard.frames[-30:]), song) < 11
