"""Each fault does what it says, for as long as it says."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from tests.sandbox.gateway.conftest import Clients
from tests.sandbox.gateway.raw_client import Closed
from tests.sandbox.voice.conftest import Bot, Enter

from discord_sandbox.faults.rest import Effect, RouteFault
from discord_sandbox.faults.service import UnknownThing
from discord_sandbox.faults.stream import Disorder
from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.models import Channel


class Api:
    """Asks the REST API as the seeded bot."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http = http

    async def get(self, path: str = "/users/@me") -> tuple[int, Any, dict[str, str]]:
        async with self.http.get("/api/v10" + path) as answer:
            text = await answer.text()
            as_json = answer.content_type == "application/json"
            body = await answer.json() if as_json else text
            return answer.status, body, dict(answer.headers)

    async def patch(self) -> int:
        """A request that a client may not repeat by itself, as it may a GET."""
        async with self.http.patch("/api/v10/users/@me", json={"username": "new"}) as answer:
            await answer.read()
            return answer.status

    async def control(self, verb: str, at: str = "", **body: object) -> tuple[int, Any]:
        url = "/sandbox/control/faults" + at
        async with self.http.request(verb, url, json=body or None) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def api(sandbox: Sandbox, seeded: Seeded) -> AsyncIterator[Api]:
    headers = {"Authorization": f"Bot {seeded.application.token}"}
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(sandbox.url, headers=headers, timeout=timeout) as http:
        yield Api(http)


# -- routes ---------------------------------------------------------------------------------


async def test_a_route_fails_as_often_as_asked(api: Api, sandbox: Sandbox) -> None:
    fault = sandbox.faults.fail_route("GET", "/users/*", 500, times=2)
    assert [(await api.get())[0] for _ in range(3)] == [500, 500, 200]
    assert (fault.hits, fault.healed) == (2, True)


async def test_only_what_matches_fails(api: Api, sandbox: Sandbox, seeded: Seeded) -> None:
    path = f"/channels/{seeded.guild.channel_named('general').id}"
    sandbox.faults.fail_route("GET", "/channels/*", times=None)
    assert (await api.get())[0] == 200
    assert (await api.get(path))[0] == 500
    sandbox.faults.heal()
    assert (await api.get(path))[0] == 200


async def test_a_bad_gateway_is_a_page_not_json(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.fail_route("*", "*", 502)
    status, body, headers = await api.get()
    assert (status, headers["Content-Type"].split(";")[0]) == (502, "text/html")
    assert "Bad Gateway" in body


async def test_too_many_requests_says_when_to_come_again(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.fail_route("*", "*", 429, retry_after_seconds=0.25)
    status, body, headers = await api.get()
    assert status == 429
    assert body == {
        "message": "You are being rate limited.",
        "retry_after": 0.25,
        "global": False,
    }
    assert headers["Retry-After"] == "1"


async def test_a_late_answer_comes_late(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.delay_route("GET", "/users/@me", 0.1)
    before = time.monotonic()
    assert (await api.get())[0] == 200
    assert time.monotonic() - before >= 0.1


async def test_a_hanging_request_never_ends(api: Api, sandbox: Sandbox) -> None:
    fault = sandbox.faults.spoil_route(RouteFault("*", "*", "hang"))
    request = asyncio.create_task(api.patch())
    await fault.wait_hits()
    assert not request.done()
    fault.heal()
    with pytest.raises(aiohttp.ClientError):
        await request


@pytest.mark.parametrize("effect", ["truncate", "cut"])
async def test_an_answer_breaks_off(api: Api, sandbox: Sandbox, effect: Effect) -> None:
    sandbox.faults.spoil_route(RouteFault("*", "/users/@me", effect), times=1)
    with pytest.raises(aiohttp.ClientError):
        await api.patch()
    assert (await api.get())[0] == 200


async def test_a_request_takes_effect_though_its_answer_fails(
    api: Api, sandbox: Sandbox, seeded: Seeded
) -> None:
    channel = seeded.guild.channel_named("general")
    sandbox.faults.fail_route("POST", "/channels/*/messages", 500, after=True)
    path = f"/api/v10/channels/{channel.id}/messages"
    async with api.http.post(path, json={"content": "twice?"}) as answer:
        assert answer.status == 500
    assert [message.content for message in channel.messages.values()] == ["twice?"]


async def test_a_revoked_token_is_unauthorized(
    api: Api, sandbox: Sandbox, clients: Clients
) -> None:
    client = await clients.ready()
    sandbox.faults.revoke_token()
    status, body, _ = await api.get()
    assert (status, body["message"]) == (401, "401: Unauthorized")
    assert await client.close_code() == 4004
    with pytest.raises(UnknownThing):
        sandbox.faults.revoke_token(1)


# -- gateway --------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "seen"), [(None, 1006), (4000, 4000)])
async def test_a_connection_is_dropped_and_can_be_resumed(
    clients: Clients, sandbox: Sandbox, code: int | None, seen: int
) -> None:
    client = await clients.ready()
    assert sandbox.faults.drop_gateway(code) == 1
    assert await client.close_code() == seen
    again = await clients.connect()
    await again.resume(client.session_id, client.sequence or 0)
    await again.event("RESUMED")


async def test_only_the_named_shard_is_dropped(clients: Clients, sandbox: Sandbox) -> None:
    first = await clients.ready(shard=[0, 2])
    second = await clients.ready(shard=[1, 2])
    assert sandbox.faults.drop_gateway(4000, shard_id=1) == 1
    assert await second.close_code() == 4000
    await first.send(1, None)
    await first.op(11)


async def test_a_stalled_connection_answers_nothing_until_healed(
    clients: Clients, sandbox: Sandbox
) -> None:
    client = await clients.ready()
    fault = sandbox.faults.stall_gateway()
    await client.send(1, None)
    waiting = asyncio.create_task(client.op(11))
    done, _ = await asyncio.wait({waiting}, timeout=0.1)
    assert not done
    fault.heal()
    assert (await waiting)["op"] == 11


async def test_a_refused_handshake_is_503(clients: Clients, sandbox: Sandbox) -> None:
    sandbox.faults.refuse_gateway()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await clients.connect()
    assert refused.value.status == 503
    await clients.ready()


@pytest.mark.parametrize("resumable", [False, True])
async def test_a_resume_is_refused(clients: Clients, sandbox: Sandbox, *, resumable: bool) -> None:
    client = await clients.ready()
    await client.close(4000)
    sandbox.faults.refuse_resume(resumable=resumable)
    again = await clients.connect()
    await again.resume(client.session_id, 1)
    assert (await again.op(9))["d"] is resumable
    await again.resume(client.session_id, 1)
    if resumable:
        await again.event("RESUMED")
    else:
        assert (await again.op(9))["d"] is False


async def test_reconnect_and_invalid_session_are_sent(clients: Clients, sandbox: Sandbox) -> None:
    client = await clients.ready()
    assert sandbox.faults.request_reconnect() == 1
    assert (await client.op(7))["d"] is None
    sandbox.faults.invalidate_sessions(resumable=True)
    assert (await client.op(9))["d"] is True
    assert len(sandbox.gateway.sessions) == 1
    sandbox.faults.invalidate_sessions()
    assert (await client.op(9))["d"] is False
    assert sandbox.gateway.sessions == []


async def created(
    clients: Clients, sandbox: Sandbox, seeded: Seeded, disorder: Disorder
) -> list[tuple[str, int]]:
    """Names and numbers of two channels as they arrive under a disorder of the first."""
    client = await clients.ready(intents=1)
    await client.event("GUILD_CREATE")
    fault = sandbox.faults.disorder_dispatches(disorder, "CHANNEL_*")
    sandbox.world.create_channel(seeded.guild, "first")
    sandbox.world.create_channel(seeded.guild, "second")
    assert fault.hits == 1
    await client.send(1, None)
    await client.op(11)
    return [(p["d"]["name"], p["s"]) for p in client.seen if p["t"] == "CHANNEL_CREATE"]


@pytest.mark.parametrize(
    ("disorder", "arrived"),
    [
        ("duplicate", [("first", 3), ("first", 3), ("second", 4)]),
        ("reorder", [("second", 4), ("first", 3)]),
        ("lose", [("second", 4)]),
    ],
)
async def test_events_come_in_disorder(
    clients: Clients,
    sandbox: Sandbox,
    seeded: Seeded,
    disorder: Disorder,
    arrived: list[tuple[str, int]],
) -> None:
    assert await created(clients, sandbox, seeded, disorder) == arrived


async def test_a_reordered_event_comes_even_if_none_follows(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    client = await clients.ready()
    sandbox.faults.disorder_dispatches("reorder", "CHANNEL_CREATE")
    sandbox.world.create_channel(seeded.guild, "alone")
    assert (await client.event("CHANNEL_CREATE"))["name"] == "alone"


async def test_a_guild_goes_out_of_service_until_healed(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    client = await clients.ready()
    await client.event("GUILD_CREATE")
    fault = sandbox.faults.outage(seeded.guild.id)
    assert (await client.event("GUILD_DELETE"))["unavailable"] is True
    fault.heal()
    await client.event("GUILD_CREATE")
    with pytest.raises(UnknownThing):
        sandbox.faults.outage(1)


# -- voice ----------------------------------------------------------------------------------


async def test_voice_moves_to_another_server(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel
) -> None:
    voice = await enter(bot, music)
    old = sandbox.voice.endpoint
    endpoint = await sandbox.faults.move_voice(bot.guild_id)
    server = await bot.client.event("VOICE_SERVER_UPDATE")
    assert server["endpoint"] == endpoint != old
    assert await voice.close_code() == 4014


@pytest.mark.parametrize(("code", "seen"), [(4015, 4015), (None, 1006)])
async def test_a_killed_voice_server_is_replaced(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel, code: int | None, seen: int
) -> None:
    voice = await enter(bot, music)
    old = sandbox.voice.endpoint
    killing = asyncio.create_task(sandbox.faults.kill_voice(code))
    assert await voice.close_code() == seen
    await killing
    with sandbox.voice.listen(music.id) as tap:
        again = await enter(bot, music)
        assert sandbox.voice.endpoint != old
        again.udp.send(again.seal(b"\xfcback"))
        assert (await tap.get()).opus == b"\xfcback"


async def test_a_share_of_the_packets_is_lost(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel
) -> None:
    voice = await enter(bot, music)
    fault = sandbox.faults.spoil_line(loss=0.5, times=30)
    last = b"\xfc" + bytes([200])
    with sandbox.voice.listen(music.id) as tap:
        for number in range(150):
            voice.udp.send(voice.seal(bytes([0xFC, number])))
        voice.udp.send(voice.seal(last))
        heard = [await asyncio.wait_for(tap.get(), 5)]
        while heard[-1].opus != last:
            heard.append(await asyncio.wait_for(tap.get(), 5))
    assert (len(heard), fault.hits, fault.healed) == (151 - 30, 30, True)
    lost = sorted(set(range(1, 152)) - {frame.sequence for frame in heard})
    assert lost != list(range(lost[0], lost[0] + 30))  # here and there, not one block


async def test_packets_are_late(bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel) -> None:
    voice = await enter(bot, music)
    sandbox.faults.spoil_line(delay_ms=60)
    with sandbox.voice.listen(music.id) as tap:
        before = time.monotonic()
        voice.udp.send(voice.seal(b"\xfclate"))
        await tap.get()
        assert time.monotonic() - before >= 0.055


# -- over JSON ------------------------------------------------------------------------------


async def test_a_fault_is_started_shown_and_healed_over_json(api: Api) -> None:
    status, fault = await api.control(
        "POST", kind="route", method="GET", path="/users/*", status=503, times=3
    )
    assert (status, fault["kind"], fault["times_left"]) == (200, "route", 3)
    assert (await api.get())[0] == 503
    _, listed = await api.control("GET")
    assert [(each["id"], each["hits"]) for each in listed] == [(fault["id"], 1)]
    _, healed = await api.control("DELETE", f"/{fault['id']}")
    assert healed["healed"] is True
    assert (await api.get())[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "gateway_drop", "code": 4000},
        {"kind": "gateway_stall"},
        {"kind": "gateway_refuse"},
        {"kind": "gateway_reconnect"},
        {"kind": "gateway_invalidate", "resumable": True},
        {"kind": "resume_refuse"},
        {"kind": "dispatches", "disorder": "reorder", "event": "MESSAGE_*"},
        {"kind": "token_revoke"},
        {"kind": "udp", "loss": 0.1, "delay_ms": 5},
        {"kind": "voice_move"},
        {"kind": "voice_kill", "code": 4014},
        {"kind": "voice_kill", "cut": True},
    ],
)
async def test_every_kind_can_be_asked_for(
    api: Api, clients: Clients, body: dict[str, Any]
) -> None:
    client = await clients.ready()
    status, answer = await api.control("POST", **body)
    assert status == 200, answer
    if body["kind"] == "gateway_drop":
        with pytest.raises(Closed):
            await client.op(7)
    assert (await api.control("DELETE"))[0] == 200


async def test_an_outage_can_be_asked_for(api: Api, seeded: Seeded) -> None:
    status, fault = await api.control("POST", kind="guild_outage", guild_id=str(seeded.guild.id))
    assert (status, fault["kind"]) == (200, "guild_outage")
    assert seeded.guild.unavailable


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "gremlins"}, 400),
        ({"kind": "route", "effect": "explode"}, 400),
        ({"kind": "udp", "loss": 2}, 400),
        ({"kind": "udp", "loss": "much"}, 400),
        ({"kind": "route", "times": 0}, 400),
        ({"kind": "guild_outage"}, 400),
        ({"kind": "guild_outage", "guild_id": 1}, 404),
        ({"kind": "token_revoke", "application_id": 1}, 404),
    ],
)
async def test_a_wrong_request_is_explained(api: Api, body: dict[str, Any], status: int) -> None:
    answered, answer = await api.control("POST", **body)
    assert answered == status
    assert answer["message"]


async def test_an_unknown_fault_is_not_found(api: Api) -> None:
    assert (await api.control("DELETE", "/999999999"))[0] == 404
