"""Links of services that play nothing: played from the library, and lists come whole."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.music_bot import BACKENDS, MusicBot, music_bot, write_tunes
from tests.support.places import which
from tests.support.services.serving import serving
from tests.support.services.spotify import CLIENT_ID, CLIENT_SECRET, Spotify, song, spotify_id
from tests.support.sound import decode_file

from discord_sandbox.driver import Guild
from discord_sandbox.server import Sandbox

LIST = f"https://open.spotify.com/playlist/{spotify_id(999)}"


@pytest.fixture
def spotify() -> Spotify:
    """What Spotify knows: three songs of the library, and a list with one of them in it."""
    made = Spotify()
    for number, name in enumerate(("Amber", "Birch", "Coral"), start=1):
        made.add(number, name, duration_ms=20_000)
    made.lists[spotify_id(999)] = [
        {"track": song(number, f"Number {number}") if number != 1 else made.songs[spotify_id(1)]}
        for number in range(1, 131)
    ]
    return made


@pytest.fixture(params=BACKENDS)
async def music(
    request: pytest.FixtureRequest, sandbox: Sandbox, spotify: Spotify, tmp_path: Path
) -> AsyncIterator[MusicBot]:
    """The bot with a library, in front of a stand-in for Spotify."""
    songs = tmp_path / "songs"
    songs.mkdir()
    write_tunes(songs, ("amber", "birch", "coral"), 20)
    async with (
        serving(spotify.answer) as url,
        music_bot(
            sandbox,
            request.param,
            tmp_path / "bot",
            songs,
            SERAPHIM_SPOTIFY_CLIENT_ID=CLIENT_ID,
            SERAPHIM_SPOTIFY_CLIENT_SECRET=CLIENT_SECRET,
            SERAPHIM_SPOTIFY_API_URL=url,
        ) as made,
    ):
        yield made


async def test_a_link_is_played_from_the_library_and_a_list_comes_whole(
    music: MusicBot, guild: Guild, tmp_path: Path
) -> None:
    assert music.bot.wiring.client.is_ready()
    tunes = {name: decode_file(tmp_path / "songs" / f"{name}.opus") for name in ("amber", "birch")}
    alice = await guild.member("alice")
    alice.use("music")
    voice = await alice.join("Music")

    link = f"https://open.spotify.com/track/{spotify_id(2)}"
    answer = await alice.slash("play", query=link)
    assert "Birch" in answer.text
    await voice.until_speaking()
    assert which(await voice.hear(seconds=0.6), tunes) == "birch"

    await alice.slash("play", query=LIST)
    room = alice.channel("music")
    loaded = await room.wait_for(lambda message: "130 songs added" in message.text)
    assert "A list" in loaded.text
    left = [one for one in await room.messages() if "Loading the list" in one.text]
    assert left == [], "how far it was has made room for the answer"

    await alice.slash("skip")
    voice.forget()
    await voice.until_speaking()
    assert which(await voice.hear(seconds=0.6), tunes) == "amber"

    refused = await alice.slash("play", query="https://music.apple.com/us/song/amber/1")
    assert "SERAPHIM_APPLE_MUSIC_TOKEN" in refused.text
