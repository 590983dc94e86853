"""Whatever breaks, the music goes on where it was, and nothing people had set is forgotten.

Where it goes on is read off what is heard: every moment of these melodies is unique.
"""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from tests.e2e.conftest import MakeBot
from tests.support.lavalink_node.node import LavalinkNode, NodeOptions
from tests.support.music_bot import BACKENDS, MusicBot, music_bot, node_settings
from tests.support.places import (
    beginning_of,
    locate,
    longest_gap_seconds,
    lost_seconds,
    place_after,
    sounding,
    strength_db,
    which,
)
from tests.support.servers import PostgresServer
from tests.support.sound import RATE, Samples, decode_file, level_db, melody, write_song

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.voice import Voice, VoiceFrames
from discord_sandbox.server import Sandbox
from seraphim.features.music import store
from seraphim.features.music.rules.player import Player
from seraphim.kernel.db import Database, DatabaseError, open_database
from seraphim.kernel.ids import GuildId
from seraphim.kernel.migrate import migrate

NAMES = ("amber", "birch", "coral", "delta")
MARK_HZ = 16_000.0
"""A faint tone in every song that the equalizer lifts: it tells whether the filters are on."""
_CONNECTED = ("resumed", "ready", "shard_resumed", "shard_ready")
type Tunes = dict[str, Samples]


@dataclass(frozen=True)
class Library:
    """A folder with songs, and what they sound like."""

    folder: Path
    tunes: Tunes


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Four melodies of 45 seconds and one of three."""
    folder = tmp_path_factory.mktemp("melodies")
    tunes: Tunes = {}
    for seed, (name, seconds) in enumerate(
        [*((name, 45.0) for name in NAMES), ("brief", 3.0)], start=300
    ):
        samples = melody(seconds, seed)
        times = np.arange(len(samples)) / RATE
        samples = samples + (0.005 * np.sin(2 * np.pi * MARK_HZ * times))[:, None]
        path = folder / f"{name}.opus"
        write_song(
            path,
            samples.astype(np.float32),
            title=name.capitalize(),
            codec="libopus",
            bit_rate=160_000,
        )
        tunes[name] = decode_file(path)
    return Library(folder, tunes)


@pytest.fixture
def tunes(library: Library) -> Tunes:
    """What the songs sound like."""
    return library.tunes


@pytest.fixture(params=BACKENDS)
async def music(
    request: pytest.FixtureRequest, sandbox: Sandbox, library: Library, tmp_path: Path
) -> AsyncIterator[MusicBot]:
    """The bot in this process, on each of the two ways to play."""
    async with music_bot(sandbox, request.param, tmp_path / "bot", library.folder) as made:
        yield made


@dataclass
class Session:
    """People who have set up everything there is to lose."""

    alice: Member
    voice: Voice
    guild: Guild
    tunes: Tunes
    kept: Player
    """What is stored, without what changes from second to second."""

    def place(self, name: str = "birch") -> float:
        """The second of the song that was heard last."""
        frames = VoiceFrames(self.voice.heard.frames[-40:])
        return place_after(frames, self.tunes[name])

    async def check_sound(self) -> None:
        """The loudness and the equalizer that were chosen are still heard."""
        self.voice.forget()
        heard = (await self.voice.hear(seconds=1)).pcm()[9600:]
        offset, correlation = locate(heard, self.tunes["birch"])
        assert correlation > 0.95
        there = self.tunes["birch"][offset : offset + len(heard)]
        assert level_db(heard) - level_db(there) == pytest.approx(-1.9, abs=0.7)
        lifted = strength_db(heard, MARK_HZ) - strength_db(there, MARK_HZ)
        assert lifted > 6

    async def check_everything(self, db: Database) -> None:
        """Nothing is forgotten, the controller is the same message, and its buttons work."""
        await self.check_sound()
        assert _lasting(await _stored(db, self.guild)) == self.kept
        channel = self.alice.channel("music")
        painted = [one for one in await channel.messages() if one.find_button("music:toggle")]
        assert [message.id for message in painted] == [str(self.kept.controller_message_id)]
        await channel.click(painted[0], "music:skip")
        self.voice.forget()
        await self.voice.hear(seconds=0.3)
        await self.voice.until_speaking()
        assert which(await self.voice.hear(seconds=0.5), self.tunes) == "coral"
        after = await _stored(db, self.guild)
        assert [each.track.title for each in after.queue.upcoming] == ["Delta", "Amber", "Birch"]
        assert [past.entry.track.title for past in after.queue.history] == ["Amber", "Birch"]


async def _stored(db: Database, guild: Guild) -> Player:
    player = await db.read(store.find_player, GuildId(int(guild.id)))
    assert player is not None
    return player


def _lasting(player: Player) -> Player:
    return replace(
        player, position_ms=0, position_at_ms=0, playback_id=None, epoch=0, revision=0, failures=0
    )


async def _set_up(guild: Guild, tunes: Tunes, db: Database) -> Session:
    """Play the second of four songs, with every mode set and a controller that is known."""
    alice = await guild.member("alice")
    alice.use("music")
    voice = await alice.join("Music")
    for name in NAMES:
        await alice.slash("play", query=f"{name}.opus")
    await voice.until_speaking()
    await alice.slash("volume", percent=80)
    panel = await alice.slash("filters")
    await panel.click("music:equalizer")
    flat = dict.fromkeys(("bands0", "bands3", "bands6", "bands9"), "0 0 0")
    await (await alice.modal()).submit(**flat, bands12="0 0 12")
    await alice.slash("loop", mode="queue")
    await alice.slash("autoplay", mode="mixed")
    await alice.slash("stay")
    await alice.slash("skip")
    controller = (await alice.slash("nowplaying")).message
    while (await _stored(db, guild)).controller_message_id != int(controller.id):
        await asyncio.sleep(0)
    voice.forget()
    await voice.hear(seconds=2.5)
    kept = _lasting(await _stored(db, guild))
    assert kept.voice_channel_id is not None
    assert (kept.loop, kept.autoplay, kept.stay, kept.volume_percent) == (
        "queue",
        "mixed",
        True,
        80,
    )
    assert kept.filters.equalizer_db[-1] == 12
    session = Session(alice, voice, guild, tunes, kept)
    await session.check_sound()
    return session


# The process ends


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["kill", "term"])
async def test_the_bot_is_ended_and_started_again(
    sandbox: Sandbox,
    guild: Guild,
    make_bot: MakeBot,
    library: Library,
    tmp_path: Path,
    backend: str,
    number: signal.Signals,
) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    settings = {
        "SERAPHIM_LIBRARY": str(library.folder),
        "SERAPHIM_YTDLP": "off",
        "SERAPHIM_DATABASE_URL": url,
    }
    async with LavalinkNode(NodeOptions(ca_file=sandbox.voice.ca_file)) as node:
        if backend == "lavalink":
            settings |= node_settings(node, library.folder)
        first = make_bot(**settings)
        await first.start()
        db = await open_database(url)
        session = await _set_up(guild, library.tunes, db)
        seen = len(session.voice.heard)
        first.process.send_signal(number)
        await first.wait()
        second = make_bot(**settings)
        await second.start()
        session.voice.forget()
        await session.voice.until_speaking(timeout=20)
        await session.voice.hear(seconds=1)
        since = sounding(session.voice.heard.frames[seen - 40 :])
        lost = lost_seconds(since, library.tunes["birch"])
        gap = longest_gap_seconds(since)
        if backend == "lavalink" and number is signal.SIGKILL:
            assert gap < 0.3  # the node played on, and nobody heard that the bot was away
        # Stored every two seconds at least: so much may be heard twice, but none is left out.
        assert -2.3 < lost < 0.3
        await session.check_everything(db)
        await db.close()


# Discord's gateway


@pytest.mark.parametrize("fault", ["op 7", "op 9 resumable", "op 9", "dropped", "closed 4000"])
async def test_a_gateway_that_reconnects(
    music: MusicBot,
    sandbox: Sandbox,
    guild: Guild,
    tunes: Tunes,
    fault: str,
) -> None:
    session = await _set_up(guild, tunes, music.bot.kernel.db)
    seen = len(session.voice.heard)
    client = music.bot.wiring.client
    back = [asyncio.create_task(client.wait_for(name)) for name in _CONNECTED]
    match fault:
        case "op 7":
            assert sandbox.faults.request_reconnect() == 1
        case "op 9 resumable":
            assert sandbox.faults.invalidate_sessions(resumable=True) == 1
        case "op 9":
            assert sandbox.faults.invalidate_sessions() == 1
        case "dropped":
            assert sandbox.faults.drop_gateway() == 1
        case _:
            assert sandbox.faults.drop_gateway(4000) == 1
    done, others = await asyncio.wait(back, timeout=20, return_when="FIRST_COMPLETED")
    for task in others:
        task.cancel()
    assert done, "the bot did not come back"
    session.voice.forget()
    await session.voice.until_speaking(timeout=15)
    await session.voice.hear(seconds=1)
    since = sounding(session.voice.heard.frames[seen - 40 :])
    if fault != "op 9":  # the voice connection is another one: nobody notices
        assert longest_gap_seconds(since) < 0.5
    assert -1.0 < lost_seconds(since, tunes["birch"]) < 0.3
    await session.check_everything(music.bot.kernel.db)


# The voice server


@pytest.mark.parametrize("fault", [4006, 4014, 4015, None, "move"])
async def test_a_voice_connection_that_breaks(
    music: MusicBot, sandbox: Sandbox, guild: Guild, tunes: Tunes, fault: int | str | None
) -> None:
    session = await _set_up(guild, tunes, music.bot.kernel.db)
    seen = len(session.voice.heard)
    if fault == "move":
        await sandbox.voice.move(int(guild.id))
    else:
        assert not isinstance(fault, str)
        await sandbox.voice.kill(fault)
    session.voice.forget()
    await session.voice.until_speaking(timeout=15)
    await session.voice.hear(seconds=2.5)
    since = sounding(session.voice.heard.frames[seen - 40 :])
    assert -1.0 < lost_seconds(since, tunes["birch"]) < 0.3
    assert longest_gap_seconds(since) < 3
    await session.check_everything(music.bot.kernel.db)


# The database


@pytest.fixture
async def own_postgres() -> AsyncIterator[PostgresServer]:
    """A PostgreSQL server that a test may stop."""
    server = await asyncio.to_thread(PostgresServer)
    await asyncio.to_thread(server.start)
    yield server
    await asyncio.to_thread(server.remove)


async def test_postgresql_is_restarted_while_songs_play_and_end(
    sandbox: Sandbox, guild: Guild, library: Library, own_postgres: PostgresServer, tmp_path: Path
) -> None:
    name = await own_postgres.create()
    url = own_postgres.url(name)
    await migrate(url)
    async with music_bot(
        sandbox, "embedded", tmp_path / "bot", library.folder, SERAPHIM_DATABASE_URL=url
    ) as made:
        db = made.bot.kernel.db
        session = await _set_up(guild, library.tunes, db)
        alice, voice, tunes = session.alice, session.voice, session.tunes
        await alice.slash("playnow", query="brief.opus")
        await voice.until_speaking()
        seen = len(voice.heard)
        await asyncio.to_thread(own_postgres.stop)
        refused = await alice.slash("volume", percent=10, timeout=15)
        assert refused.ephemeral
        voice.forget()
        await voice.hear(seconds=4)  # the brief song is over now, and what came is stored nowhere
        assert which(VoiceFrames(voice.heard.frames[-40:]), tunes) == "coral"
        await asyncio.to_thread(own_postgres.start)
        await _until_stored(db, guild, "Coral")
        since = sounding(voice.heard.frames[seen:])
        assert longest_gap_seconds(since) < 0.5
        after = await _stored(db, guild)
        assert [past.entry.track.title for past in after.queue.history] == [
            "Amber",
            "Birch",
            "Brief",
        ]
        assert after.volume_percent == 80
        answer = await alice.slash("volume", percent=60)
        assert not answer.ephemeral
        assert (await _stored(db, guild)).volume_percent == 60


async def test_a_locked_sqlite_file_holds_no_music_up(
    sandbox: Sandbox, guild: Guild, library: Library, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    async with music_bot(
        sandbox, "embedded", tmp_path / "bot", library.folder, SERAPHIM_DATABASE_URL=url
    ) as made:
        db = made.bot.kernel.db
        session = await _set_up(guild, library.tunes, db)
        alice, voice = session.alice, session.voice
        await alice.slash("playnow", query="brief.opus")
        await voice.until_speaking()
        seen = len(voice.heard)
        lock = await asyncio.to_thread(_locked, tmp_path / "kept.db")
        try:
            voice.forget()
            await voice.hear(seconds=4)
            heard = which(VoiceFrames(voice.heard.frames[-40:]), library.tunes)
        finally:
            await asyncio.to_thread(lock.close)
        assert heard == "coral"
        await _until_stored(db, guild, "Coral")
        assert longest_gap_seconds(sounding(voice.heard.frames[seen:])) < 0.5


# What is stored, and when


HEARD_AND_STORED = 0.3
"""By how many seconds the place that is stored may differ from the one that is heard."""


async def test_the_place_is_stored_every_two_seconds_and_on_every_change(
    music: MusicBot, guild: Guild, tunes: Tunes
) -> None:
    db = music.bot.kernel.db
    session = await _set_up(guild, tunes, db)
    voice, alice = session.voice, session.alice

    async def stored() -> float:
        return (await _stored(db, guild)).position_ms / 1000

    voice.forget()
    for _ in range(12):
        await voice.hear(seconds=0.4)
        kept = await stored()
        assert -HEARD_AND_STORED < session.place() - kept < 2 + HEARD_AND_STORED
    await alice.slash("seek", position="20")
    assert await stored() == 20
    voice.forget()
    await voice.hear(seconds=1.5)
    await alice.slash("filters", preset="flat")
    kept = await stored()
    # A node jumps to the present place for its filters, so only what came since is one stretch.
    voice.forget()
    begun = beginning_of(sounding(await voice.hear(seconds=0.8)), tunes["birch"])
    assert begun == pytest.approx(kept, abs=HEARD_AND_STORED)
    await alice.slash("pause")
    kept = await stored()
    await voice.until_silence(0.3)
    last = sounding(voice.heard.frames[-35:])
    assert place_after(last, tunes["birch"]) == pytest.approx(kept, abs=HEARD_AND_STORED)
    await alice.slash("leave")
    assert await stored() == pytest.approx(kept, abs=0.05)


def _locked(path: Path) -> sqlite3.Connection:
    """Take the file for oneself, as a backup by another program does."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


async def _until_stored(db: Database, guild: Guild, title: str) -> None:
    """Wait until the database knows which song plays."""
    async with asyncio.timeout(20):
        while True:
            try:
                current = (await _stored(db, guild)).queue.current
            except DatabaseError:
                continue
            if current is not None and current.track.title == title:
                return
            await asyncio.sleep(0.05)
