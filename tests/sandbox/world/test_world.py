"""Ids, tokens, the seed, and what changes announce."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from discord_sandbox.seed import seed_world
from discord_sandbox.world.models import Channel, Dispatch, Guild, User
from discord_sandbox.world.snowflakes import MAX_SNOWFLAKE, SnowflakeSource, at, moment_of, parse
from discord_sandbox.world.world import World


class StoppedClock:
    """Says what it is told."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 5, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def owner(world: World) -> User:
    return world.create_user("owner")


@pytest.fixture
def guild(world: World, owner: User) -> Guild:
    return world.create_guild("guild", owner)


@pytest.fixture
def room(world: World, guild: Guild) -> Channel:
    return world.create_channel(guild, "room")


@pytest.fixture
def heard(world: World, room: Channel) -> list[Dispatch]:
    _ = room
    heard: list[Dispatch] = []
    world.subscribe(heard.append)
    return heard


def test_ids_grow_even_when_the_clock_goes_back() -> None:
    clock = StoppedClock()
    source = SnowflakeSource(clock)
    first = source.new()
    assert moment_of(first) == clock.moment
    clock.moment -= timedelta(hours=1)
    assert source.new() == first + 1


@pytest.mark.parametrize("text", ["", "-1", "1.5", "abc", "²", str(MAX_SNOWFLAKE + 1)])
def test_what_is_no_snowflake(text: str) -> None:
    assert parse(text) is None


def test_snowflake_holds_its_moment() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert moment_of(at(moment)) == moment


def test_token_starts_with_the_id_and_can_be_revoked_and_reset(world: World) -> None:
    application = world.create_application("Bot")
    first = application.token.partition(".")[0]
    assert base64.urlsafe_b64decode(first + "==") == str(application.id).encode()
    revoked: list[object] = []
    world.on_token_revoked(revoked.append)
    old = application.token
    new = world.reset_token(application)
    assert revoked == [application]
    assert world.bot_by_token(old) is None
    assert world.bot_by_token(new) is application


def test_seed_is_the_same_on_every_start() -> None:
    one, two = World(), World()
    first, second = seed_world(one), seed_world(two)
    assert first.application.token == second.application.token
    assert list(one.users) == list(two.users)
    assert list(one.channels) == list(two.channels)
    assert list(first.guild.roles) == list(second.guild.roles)
    assert {each.name for each in first.guild.channels.values()} >= {"general", "Music", "mod-log"}
    assert set(first.people) == {"ada", "alice", "bob", "carol", "dave"}
    assert first.guild.owner_id == first.people["ada"].id


def test_seeded_bot_stands_under_admin_and_over_the_rest() -> None:
    world = World()
    guild = seed_world(world).guild
    ordered = sorted(guild.roles.values(), key=lambda each: -each.position)
    assert [each.name for each in ordered] == [
        "Admin",
        "Seraphim",
        "Moderator",
        "DJ",
        "Member",
        "@everyone",
    ]


def test_subscription_ends(world: World, owner: User, room: Channel) -> None:
    heard: list[Dispatch] = []
    stop = world.subscribe(heard.append)
    world.start_typing(room, owner)
    stop()
    world.start_typing(room, owner)
    assert [each.name for each in heard] == ["TYPING_START"]


def test_bot_that_joins_gets_the_guild_and_others_the_member(
    world: World, guild: Guild, heard: list[Dispatch]
) -> None:
    application = world.create_application("Bot")
    world.install_application(guild, application, 8)
    assert [each.name for each in heard][:3] == [
        "GUILD_ROLE_CREATE",
        "GUILD_CREATE",
        "GUILD_MEMBER_ADD",
    ]
    assert heard[1].only_user_ids == {application.id}
    heard.clear()
    world.remove_member(guild, application.bot)
    assert [each.name for each in heard] == [
        "GUILD_ROLE_DELETE",
        "GUILD_MEMBER_REMOVE",
        "GUILD_DELETE",
    ]


def test_leaving_voice_without_being_there_says_nothing(
    world: World, guild: Guild, owner: User, heard: list[Dispatch]
) -> None:
    world.set_voice_state(guild, owner, None)
    assert heard == []


def test_voice_state_of_a_stage_listener_is_suppressed(
    world: World, guild: Guild, owner: User
) -> None:
    stage = world.create_channel(guild, "stage", 13)
    voice = world.create_channel(guild, "voice", 2)
    state = world.set_voice_state(guild, owner, stage.id)
    assert state is not None
    assert state.suppress
    state.suppress = False
    world.set_voice_state(guild, owner, stage.id, self_mute=True)
    assert not state.suppress
    world.set_voice_state(guild, owner, voice.id)
    assert not state.suppress


def test_ephemeral_message_reaches_one_person(
    world: World, room: Channel, owner: User, heard: list[Dispatch]
) -> None:
    message = world.post_message(room, owner, {"content": "psst"}, ephemeral_for=owner.id)
    world.edit_message(message, {"content": "pssst"})
    world.delete_message(message)
    assert [each.only_user_ids for each in heard] == [frozenset({owner.id})] * 3
    assert heard[0].data["flags"] == 64
    assert room.last_message_id is None


def test_deleting_a_channel_takes_its_threads(
    world: World, room: Channel, owner: User, heard: list[Dispatch]
) -> None:
    thread = world.create_thread(room, owner, "t")
    heard.clear()
    world.delete_channel(room)
    assert [each.name for each in heard] == ["THREAD_DELETE", "CHANNEL_DELETE"]
    assert thread.id not in world.channels


def test_vote_moves_where_only_one_is_allowed(
    world: World, room: Channel, owner: User, heard: list[Dispatch]
) -> None:
    answers = [{"poll_media": {"text": text}} for text in "ab"]
    poll = {"question": {"text": "?"}, "answers": answers}
    message = world.post_message(room, owner, {"poll": poll})
    heard.clear()
    world.vote(message, owner, 1)
    world.vote(message, owner, 2)
    assert [each.name for each in heard] == [
        "MESSAGE_POLL_VOTE_ADD",
        "MESSAGE_POLL_VOTE_REMOVE",
        "MESSAGE_POLL_VOTE_ADD",
    ]


def test_a_channel_forgets_its_oldest_messages(
    world: World, room: Channel, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord_sandbox.world.messages._MESSAGES_KEPT_AT_MOST", 3)
    made = [world.post_message(room, owner, {"content": str(n)}) for n in range(5)]
    assert list(room.messages) == [each.id for each in made[2:]]
