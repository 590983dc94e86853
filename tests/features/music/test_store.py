"""Players are stored as differences, and read back as they were."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seraphim.features.music import store
from seraphim.features.music.rules.errors import PlayerTaken
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.queue import Entry, Queue, add, advance, back, clear
from seraphim.features.music.rules.track import Track
from seraphim.kernel.db import Database
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId

GUILD = GuildId(2**62)


def entry(name: str, *, by: int | None = 2**61) -> Entry:
    track = Track("library", f"{name}.opus", name, "Artist", "Album", 1000, None, None)
    return Entry(name, track, None if by is None else UserId(by))


async def test_everything_comes_back_as_it_was(database: Database) -> None:
    queue, _ = add(Queue(), [entry(name) for name in "abcd"], place="last", limit=9)
    queue = advance(advance(queue, "played"), "failed")
    player = Player(
        GUILD,
        status="paused",
        pause_reason="member",
        voice_channel_id=ChannelId(2**60),
        text_channel_id=ChannelId(3),
        controller_channel_id=ChannelId(3),
        controller_message_id=MessageId(2**62 + 1),
        position_ms=123,
        position_at_ms=456,
        volume_percent=77,
        failures=1,
        queue=queue,
    )
    await database.write(store.save_player, None, player, 1000)

    found = await database.read(store.find_player, GUILD)

    assert found is not None
    assert found.queue.upcoming == queue.upcoming
    assert found.queue.current == queue.current
    assert [past.outcome for past in found.queue.history] == ["failed"]
    assert found.queue.next_sequence == queue.next_sequence
    assert replace(found, queue=Queue()) == replace(player, queue=Queue())
    assert await database.read(store.list_present_guilds) == [GUILD]


OPERATIONS = st.lists(
    st.sampled_from(["last", "next", "advance", "advance2", "back", "clear"]), max_size=25
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operations=OPERATIONS)
async def test_any_change_stored_as_a_difference_is_read_back(
    database: Database, operations: list[str]
) -> None:
    guild = GuildId(abs(hash(tuple(operations))) % 2**40)
    player = saved = await database.read(store.find_player, guild)
    player = player or Player(guild)
    made = len(player.queue.history) * 1000
    for name in operations:
        queue = player.queue
        made += 1
        if name in {"last", "next"}:
            new = [entry(f"{made}-{n}") for n in range(2)]
            queue, _ = add(queue, new, place="last" if name == "last" else "next", limit=9)
        elif name == "advance":
            queue = advance(queue, "played")
        elif name == "advance2" and len(queue.upcoming) > 1:
            queue = advance(queue, "skipped", steps=2)
        elif name == "back" and queue.history:
            queue = back(queue)
        elif name == "clear":
            queue = clear(queue)
        player = replace(player, queue=queue)
        await database.write(store.save_player, saved, player, made)
        saved = player

        found = await database.read(store.find_player, guild)

        assert found is not None
        assert (found.queue.current, found.queue.upcoming) == (queue.current, queue.upcoming)
        assert [(p.sequence, p.entry.entry_id) for p in found.queue.history] == [
            (p.sequence, p.entry.entry_id) for p in queue.history
        ]


async def test_who_lost_the_player_writes_nothing(database: Database) -> None:
    first = Player(GUILD)
    await database.write(store.save_player, None, first, 0)
    second = await database.write(store.claim_player, GUILD)
    assert second is not None
    with pytest.raises(PlayerTaken):
        await database.write(store.save_player, first, replace(first, volume_percent=1), 0)
    await database.write(store.save_player, second, replace(second, volume_percent=2), 0)
    found = await database.read(store.find_player, GUILD)
    assert found is not None
    assert found.volume_percent == 2


async def test_positions_of_many_players_are_one_write(database: Database) -> None:
    players: list[Player] = []
    for number in range(3):
        queue = advance(add(Queue(), [entry("a")], place="last", limit=9)[0], "played")
        player = Player(GuildId(number + 1), status="playing", queue=queue)
        await database.write(store.save_player, None, player, 0)
        players.append(replace(player, position_ms=5000 + number, position_at_ms=9))
    newer = replace(players[2], revision=7, position_ms=0)
    await database.write(store.save_player, players[2], newer, 0)

    await database.write(store.save_positions, players)

    found = [await database.read(store.find_player, player.guild_id) for player in players]
    assert [player and player.position_ms for player in found] == [5000, 5001, 0]


async def test_recent_tracks_are_listed_once_newest_first(database: Database) -> None:
    queue, _ = add(Queue(), [entry("a"), entry("b")], place="last", limit=9)
    again = replace(entry("a"), entry_id="a2")
    queue, _ = add(queue, [again, entry("c")], place="last", limit=9)
    for outcome in ("played", "played", "skipped", "played"):
        queue = advance(queue, outcome)
    queue = advance(queue, "failed")
    await database.write(store.save_player, None, Player(GUILD, queue=queue), 0)
    recent = await database.read(store.list_recent_tracks, GUILD, 10)
    assert [track.title for track in recent] == ["a", "b"]
