"""From HELLO to RESUMED, and every way a client is turned away."""

import asyncio
import zlib

import pytest
from tests.sandbox.gateway.conftest import Clients
from tests.sandbox.gateway.raw_client import ALL_INTENTS, Closed

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox


async def test_ready_then_a_guild_create_for_each_guild(clients: Clients, seeded: Seeded) -> None:
    client = await clients.connect()
    await client.identify()
    ready = await client.event("READY")
    assert ready["guilds"] == [{"id": str(seeded.guild.id), "unavailable": True}]
    assert ready["user"]["id"] == str(seeded.application.bot.id)
    assert ready["application"]["id"] == str(seeded.application.id)
    assert "shard" not in ready
    guild = await client.event("GUILD_CREATE")
    assert guild["id"] == str(seeded.guild.id)
    assert guild["unavailable"] is False
    assert [payload["s"] for payload in client.seen if payload["op"] == 0] == [1, 2]


@pytest.mark.parametrize("compress", ["zlib-stream", "zstd-stream"])
async def test_transport_compression_is_one_stream(clients: Clients, compress: str) -> None:
    client = await clients.ready(compress=compress)
    await client.event("GUILD_CREATE")
    assert all(isinstance(frame, bytes) for frame in client.frames)
    if compress == "zlib-stream":
        binary = [frame for frame in client.frames if isinstance(frame, bytes)]
        assert all(frame.endswith(b"\0\0\xff\xff") for frame in binary)
        with pytest.raises(zlib.error):
            zlib.decompress(binary[-1])  # not a stream of its own


async def test_payload_compression_packs_large_payloads_alone(clients: Clients) -> None:
    client = await clients.ready(compress=None)
    plain = await clients.connect()
    await plain.identify(compress=True)
    await plain.event("GUILD_CREATE")
    packed = [frame for frame in plain.frames if isinstance(frame, bytes)]
    assert packed
    assert zlib.decompress(packed[-1]).startswith(b'{"t":"GUILD_CREATE"')
    assert all(isinstance(frame, str) for frame in client.frames)


async def test_a_heartbeat_is_acknowledged_before_and_after_identify(clients: Clients) -> None:
    client = await clients.connect()
    await client.send(1, None)
    assert (await client.op(11))["op"] == 11
    await client.identify()
    await client.event("GUILD_CREATE")
    await client.send(1, client.sequence)
    assert (await client.op(11))["op"] == 11


async def test_a_client_without_heartbeat_is_a_zombie(clients: Clients, sandbox: Sandbox) -> None:
    sandbox.gateway.heartbeat_interval_ms = 20
    client = await clients.connect()
    assert await client.close_code() == 4009


async def test_resume_replays_what_was_missed_in_order(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    client = await clients.ready()
    await client.event("GUILD_CREATE")
    seen = client.sequence
    assert seen is not None
    await client.close(4000)
    for name in ("one", "two", "three"):
        sandbox.world.create_channel(seeded.guild, name)
    again = await clients.connect()
    await again.resume(client.session_id, seen)
    await again.event("RESUMED")
    names = [payload["d"]["name"] for payload in again.seen if payload["t"] == "CHANNEL_CREATE"]
    assert names == ["one", "two", "three"]
    numbers = [payload["s"] for payload in again.seen if payload["op"] == 0]
    assert numbers == list(range(seen + 1, seen + 1 + len(numbers)))


async def test_a_resumed_session_goes_on(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    client = await clients.ready()
    await client.close(4000)
    again = await clients.connect()
    await again.resume(client.session_id, 1)
    await again.event("RESUMED")
    sandbox.world.create_channel(seeded.guild, "later")
    assert (await again.event("CHANNEL_CREATE"))["name"] == "later"


async def test_an_unknown_session_is_invalid(clients: Clients) -> None:
    client = await clients.connect()
    await client.resume("never", 1)
    assert (await client.op(9))["d"] is False
    await client.identify()
    await client.event("READY")


async def test_a_sequence_from_the_future_closes_with_4007(clients: Clients) -> None:
    client = await clients.ready()
    await client.close(4000)
    again = await clients.connect()
    await again.resume(client.session_id, 10_000)
    assert await again.close_code() == 4007


async def test_closing_with_1000_ends_the_session(clients: Clients, sandbox: Sandbox) -> None:
    client = await clients.ready()
    await client.close(1000)
    again = await clients.connect()
    await again.resume(client.session_id, 1)
    assert (await again.op(9))["d"] is False
    assert sandbox.gateway.sessions == []


async def test_a_session_outlives_its_connection_only_for_a_while(
    clients: Clients, sandbox: Sandbox
) -> None:
    sandbox.gateway.resume_window_seconds = 0
    client = await clients.ready()
    gone = asyncio.Event()
    sandbox.world.subscribe(
        lambda dispatch: gone.set() if dispatch.data.get("status") == "offline" else None
    )
    await client.close(4000)
    await gone.wait()
    again = await clients.connect()
    await again.resume(client.session_id, 1)
    assert (await again.op(9))["d"] is False


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"token": "MTAw.x.wrong"}, 4004),
        ({"intents": 1 << 40}, 4013),
        ({"intents": None}, 4002),
        ({"properties": None}, 4002),
        ({"shard": [2, 2]}, 4010),
        ({"shard": "0"}, 4010),
    ],
)
async def test_a_bad_identify_is_closed(
    clients: Clients, change: dict[str, object], code: int
) -> None:
    client = await clients.connect()
    await client.identify(**change)
    assert await client.close_code() == code


async def test_a_privileged_intent_must_be_enabled(clients: Clients, seeded: Seeded) -> None:
    seeded.application.flags = 0
    client = await clients.connect()
    await client.identify(intents=ALL_INTENTS)
    assert await client.close_code() == 4014


async def test_too_many_guilds_require_shards(
    clients: Clients, sandbox: Sandbox, seeded: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord_sandbox.gateway.starts.GUILDS_PER_SHARD", 1)
    more = sandbox.world.create_guild("More", seeded.people["ada"])
    sandbox.world.add_member(more, seeded.application.bot)
    client = await clients.connect()
    await client.identify()
    assert await client.close_code() == 4011


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", 4002),
        ("[1]", 4002),
        ('{"d": 1}', 4002),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 99, "d": {}}', 4001),
        ('{"op": 2, "d": {"token": "' + "x" * 5000 + '"}}', 4002),
    ],
)
async def test_a_bad_payload_is_closed(clients: Clients, text: str, code: int) -> None:
    client = await clients.connect()
    await client.socket.send_str(text)
    assert await client.close_code() == code


async def test_identifying_twice_is_closed(clients: Clients) -> None:
    client = await clients.ready()
    await client.identify()
    assert await client.close_code() == 4005


async def test_more_than_120_payloads_a_minute_are_closed(clients: Clients) -> None:
    client = await clients.connect()
    for _ in range(121):
        await client.send(1, None)
    assert await client.close_code() == 4008


async def test_an_old_version_is_closed(sandbox: Sandbox, clients: Clients) -> None:
    client = await clients.connect()
    assert client.socket.close_code is None
    old = client.__class__(sandbox.gateway.url + "?v=6#", "token")
    async with old:
        with pytest.raises(Closed) as closed:
            await old.receive()
    assert closed.value.code == 4012


async def test_identifies_of_one_key_wait_five_seconds_when_limited(
    clients: Clients, sandbox: Sandbox
) -> None:
    sandbox.gateway.starts.limits_identify = True
    sandbox.gateway.starts.max_concurrency = 2
    await clients.ready(shard=[0, 4])
    await clients.ready(shard=[1, 4])
    third = await clients.connect()
    await third.identify(shard=[2, 4])  # 2 % 2 is 0: the key of the first
    assert (await third.op(9))["d"] is False


async def test_a_revoked_token_ends_the_session(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    client = await clients.ready()
    sandbox.world.revoke_token(seeded.application)
    assert await client.close_code() == 4004


async def test_shards_share_the_guilds(clients: Clients, sandbox: Sandbox, seeded: Seeded) -> None:
    world = sandbox.world
    for number in range(6):
        guild = world.create_guild(f"Guild {number}", seeded.people["ada"])
        world.add_member(guild, seeded.application.bot)
        world.new_id()
    seen: list[int] = []
    for shard in range(3):
        client = await clients.connect()
        await client.identify(shard=[shard, 3])
        ready = await client.event("READY")
        assert ready["shard"] == [shard, 3]
        ids = [int(guild["id"]) for guild in ready["guilds"]]
        assert all((guild_id >> 22) % 3 == shard for guild_id in ids)
        seen += ids
    mine = [guild.id for guild in world.guilds_of(seeded.application.bot.id)]
    assert sorted(seen) == sorted(mine)
