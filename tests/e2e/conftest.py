"""The whole bot as a process of its own, on a local Discord, with people in it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.support.bot_process import BotProcess
from tests.support.listening import listener
from tests.support.local_discord import local_discord
from tests.support.music_bot import BACKENDS, MusicBot, music_bot
from tests.support.sound import Samples, melody, write_song

from discord_sandbox.driver import Driver, Guild, Member
from discord_sandbox.driver.voice import Voice
from discord_sandbox.server import Sandbox

type MakeBot = Callable[..., BotProcess]
type Tunes = dict[str, Samples]


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with an Opus file, an MP3, a FLAC and two that only claim to be audio."""
    folder = tmp_path_factory.mktemp("songs")
    write_song(folder / "hymn.opus", melody(40, 1), title="Hymn", codec="libopus", bit_rate=96_000)
    write_song(
        folder / "march.mp3", melody(30, 2), title="March", codec="libmp3lame", bit_rate=192_000
    )
    write_song(folder / "waltz.flac", melody(20, 3), title="Waltz", codec="flac", bit_rate=0)
    (folder / "pretender.mp3").write_bytes(b"<html>this is not a song</html>" * 50)
    whole = (folder / "hymn.opus").read_bytes()
    (folder / "broken.opus").write_bytes(whole[:4000] + bytes(2000) + b"\xff" * 4000)
    return folder


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A local Discord that is checked against Discord's descriptions."""
    async with local_discord(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
async def driver(sandbox: Sandbox) -> AsyncIterator[Driver]:
    """Plays people on the sandbox."""
    async with Driver(sandbox) as opened:
        yield opened


@pytest.fixture
async def guild(driver: Driver) -> Guild:
    """The playground."""
    return await driver.guild()


@pytest.fixture
async def make_bot(sandbox: Sandbox, songs: Path, tmp_path: Path) -> AsyncIterator[MakeBot]:
    """Return a maker of bots; two from one test share their data, as after a restart."""
    made: list[BotProcess] = []

    def make(**environ: str) -> BotProcess:
        assert sandbox.seeded is not None
        bot = BotProcess(
            {
                "DISCORD_TOKEN": sandbox.seeded.application.token,
                "SERAPHIM_DISCORD_API_URL": sandbox.url,
                "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
                "SERAPHIM_DISCORD_CA_FILE": str(sandbox.voice.ca_file),
                "SERAPHIM_WEB_PORT": "0",
                "SERAPHIM_LIBRARY": str(songs),
                "SERAPHIM_YTDLP": "off",
                "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
                **environ,
            },
            tmp_path / "bot",
        )
        made.append(bot)
        return bot

    yield make
    for bot in made:
        await bot.stop()


@pytest.fixture
async def bot(make_bot: MakeBot) -> BotProcess:
    """The bot, ready."""
    running = make_bot()
    await running.start()
    return running


# Music by ear, for modules that define `library`: a folder, and what its songs sound like.


@pytest.fixture
def tunes(library: tuple[Path, Tunes]) -> Tunes:
    """What the songs sound like."""
    return library[1]


@pytest.fixture(params=BACKENDS)
async def music(
    request: pytest.FixtureRequest,
    sandbox: Sandbox,
    library: tuple[Path, Tunes],
    tmp_path: Path,
) -> AsyncIterator[MusicBot]:
    """The bot on each of the two ways to play."""
    async with music_bot(sandbox, request.param, tmp_path / "bot", library[0]) as made:
        yield made


@pytest.fixture
async def alice(music: MusicBot, guild: Guild) -> Member:
    """A member with the role DJ, in the voice channel Music."""
    assert music.bot.wiring.client.is_ready()
    return await listener(guild, "alice")


@pytest.fixture
async def voice(alice: Member) -> Voice:
    """What alice hears."""
    return await alice.join("Music")
