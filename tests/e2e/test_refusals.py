"""What cannot be done ends in a clear sentence to the one who can act on it, and loses nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.errors import OperationRefused
from discord_sandbox.driver.replies import Reply
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import Bot, running
from seraphim.kernel.config import load_config

type Serve = Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable[str]]


@pytest.fixture
async def inside(sandbox: Sandbox, songs: Path, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot in this process; it may fetch from 127.0.0.2, where the tests' web servers are."""
    assert sandbox.seeded is not None
    environ = {
        "DISCORD_TOKEN": sandbox.seeded.application.token,
        "SERAPHIM_DISCORD_API_URL": sandbox.url,
        "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
        "SERAPHIM_DISCORD_CA_FILE": str(sandbox.voice.ca_file),
        "SERAPHIM_WEB_PORT": "0",
        "SERAPHIM_DATA_DIR": str(tmp_path / "data"),
        "SERAPHIM_LIBRARY": str(songs),
        "SERAPHIM_YTDLP": "off",
        "SERAPHIM_HTTP_ALLOW": "127.0.0.2/32",
        "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
        "SERAPHIM_LOG_LEVEL": "error",
    }
    async with running(load_config(environ, None)) as bot:
        yield bot


@pytest.fixture
async def alice(inside: Bot, guild: Guild) -> Member:
    """A member in the voice channel Music."""
    assert inside.wiring.client.is_ready()
    member = await guild.member("alice")
    member.use("music")
    await member.join("Music")
    return member


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serve one handler on 127.0.0.2; returns its address."""
    runners: list[web.AppRunner] = []

    async def start(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.2", 0).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}"

    yield start
    for runner in runners:
        await runner.cleanup()


def _refused(reply: Reply, *words: str) -> None:
    """Check that the refusal is a private sentence with these words and an error code."""
    assert reply.ephemeral, f"everybody saw it: {reply.text}"
    for word in words:
        assert word.lower() in reply.text.lower(), f"{word!r} is not in {reply.text!r}"


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/song.mp3",
        "http://127.0.0.1:8080/song.mp3",
        "http://2130706433/song.mp3",
        "http://0x7f.1/song.mp3",
        "http://[::ffff:10.0.0.1]/song.mp3",
        "file:///etc/passwd",
    ],
)
async def test_an_address_inside_is_refused(alice: Member, address: str) -> None:
    reply = await alice.slash("play", query=address)
    assert "music.address_refused" in reply.text
    assert reply.ephemeral


async def test_a_redirect_to_a_private_address_is_refused(alice: Member, serve: Serve) -> None:
    async def redirect(_: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("http://10.0.0.1/secret.mp3")

    url = await serve(redirect)
    reply = await alice.slash("play", query=f"{url}/song.mp3")
    assert "music.address_refused" in reply.text
    assert reply.ephemeral


async def test_ten_gigabytes_are_refused_before_they_are_read(alice: Member, serve: Serve) -> None:
    async def huge(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/mpeg"})
        response.content_length = 10 * 1024**3
        await response.prepare(request)
        await response.write(b"\xff\xfb\x90\x00" + bytes(4000))
        return response

    url = await serve(huge)
    _refused(await alice.slash("play", query=f"{url}/song.mp3"), "music.source_failed", "large")


async def test_a_page_that_claims_to_be_audio_is_refused(alice: Member, serve: Serve) -> None:
    async def pretend(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"<html>hello</html>" * 100, content_type="audio/mpeg")

    url = await serve(pretend)
    _refused(await alice.slash("play", query=f"{url}/song.mp3"), "music.not_sound")


@pytest.mark.parametrize("name", ["pretender.mp3", "broken.opus"])
async def test_a_corrupt_file_is_named_and_the_bot_stays(alice: Member, name: str) -> None:
    reply = await alice.slash("play", query=name)
    if not reply.ephemeral:  # it was accepted and failed when it was opened
        channel = alice.channel("music")
        await channel.wait_for(lambda message: "could not" in message.text.lower())
    again = await alice.slash("play", query="hymn.opus")
    assert "Hymn" in again.text


async def test_five_thousand_characters_are_refused(alice: Member) -> None:
    with pytest.raises(OperationRefused, match="2000"):
        await alice.slash("play", query="x" * 5000)


async def test_a_command_is_not_offered_in_direct_messages(inside: Bot, alice: Member) -> None:
    user = inside.wiring.client.user
    assert user is not None
    dm = await alice.dm(str(user.id))
    with pytest.raises(OperationRefused):
        await alice.slash("play", query="hymn.opus", channel=dm)


@pytest.mark.parametrize(("name", "bit"), [("Connect", 1 << 20), ("Speak", 1 << 21)])
async def test_a_missing_permission_is_named(
    inside: Bot, guild: Guild, alice: Member, name: str, bit: int
) -> None:
    bot_id = str(inside.wiring.client.application_id)
    await guild.edit_member(bot_id, role_ids=[])
    await guild.overwrite(await guild.channel("Music"), bot_id, deny=bit)
    _refused(await alice.slash("play", query="hymn.opus"), name)


async def test_a_full_channel_is_named(inside: Bot, guild: Guild, alice: Member) -> None:
    bot_id = str(inside.wiring.client.application_id)
    await guild.edit_member(bot_id, role_ids=[])
    await guild.edit_channel(await guild.channel("Music"), user_limit=1)
    _refused(await alice.slash("play", query="hymn.opus"), "full")


async def test_without_a_voice_channel_the_member_is_told_to_join_one(
    inside: Bot, guild: Guild
) -> None:
    assert inside.wiring.client.is_ready()
    bob = await guild.member("bob")
    bob.use("music")
    _refused(await bob.slash("play", query="hymn.opus"), "voice channel")


async def test_a_channel_deleted_in_mid_song_keeps_the_queue(
    guild: Guild, alice: Member, inside: Bot
) -> None:
    voice = await alice.join("Music")
    await alice.slash("play", query="hymn.opus")
    await alice.slash("play", query="march.mp3")
    await voice.until_speaking()
    await guild.delete_channel(await guild.channel("Music"))
    said = await alice.channel("music").wait_for(
        lambda message: "deleted" in message.text.lower() or "gone" in message.text.lower()
    )
    assert said.author
    queue = await alice.slash("queue")
    assert "March" in queue.text
    assert inside.wiring.client.is_ready()
