"""Every request of ours and every word of the stand-in, held against lavaclient's schemas.

``lavalink-protocol`` (npm) describes Lavalink 4.2. Both sides are checked: a client that sends what
Lavalink would reject, and a stand-in that says what Lavalink would not.
"""

import asyncio
import contextlib
import fcntl
import json
import re
import shutil
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from tests.adapters.lavalink.conftest import PASSWORD, Stage
from tests.adapters.voice_embedded.conftest import hear
from tests.support.lavalink_node import LavalinkNode, NodeOptions
from tests.support.lavalink_node.tracks import decode

from seraphim.adapters.lavalink.messages import (
    PlayerUpdate,
    SessionUpdate,
    TrackLoaded,
    TrackUpdate,
)
from seraphim.features.music.ports import Filters, Media, PlaybackEnded, PlaybackFailed

FOLDER = Path(__file__).parent / "protocol"
INSTALL_SECONDS = 120
type Json = dict[str, Any]

_REQUESTS = (
    ("PATCH", r"/v4/sessions/\w+/players/\d+", "RESTPatchAPIPlayerJSONBody"),
    ("PATCH", r"/v4/sessions/\w+", "RESTPatchAPISessionJSONBody"),
    ("POST", r"/v4/decodetracks", "RESTPostAPIDecodeTracksJSONBody"),
)
_ANSWERS = (
    ("PATCH", r"/v4/sessions/\w+/players/\d+", "RESTPatchAPIPlayerResult"),
    ("GET", r"/v4/sessions/\w+/players/\d+", "RESTGetAPIPlayerResult"),
    ("GET", r"/v4/sessions/\w+/players", "RESTGetAPIPlayersResult"),
    ("PATCH", r"/v4/sessions/\w+", "RESTPatchAPISessionResult"),
    ("GET", r"/v4/info", "RESTGetAPINodeInfoResult"),
    ("GET", r"/v4/stats", "RESTGetAPINodeStatsResult"),
    ("GET", r"/v4/loadtracks", "RESTGetAPILoadTracksResult"),
    ("GET", r"/v4/decodetrack", "RESTGetAPIDecodeTrackResult"),
    ("POST", r"/v4/decodetracks", "RESTPostAPIDecodeTracksResult"),
)


def _schema(rows: tuple[tuple[str, str, str], ...], method: str, path: str) -> str | None:
    return next((s for m, p, s in rows if m == method and re.fullmatch(p, path)), None)


def _request(schema: str, body: Any) -> Any:
    """Without what the schemas forgot.

    They want a track to be ``encoded`` or ``identifier``; Lavalink takes ``userData`` alone too
    (``PlayerRestHandler``: "we handle userData differently for playing new tracks").
    """
    if schema == "RESTPatchAPIPlayerJSONBody" and set(body.get("track", ())) == {"userData"}:
        return {key: value for key, value in body.items() if key != "track"}
    return body


def _spoken(node: LavalinkNode) -> list[Json]:
    """Everything that went over the wire, each with its schema."""
    lines: list[Json] = [{"schema": "message", "value": message} for message in node.messages]
    for method, path, status, body, answer in node.exchanges:
        if status >= 400:
            lines.append({"schema": "error", "value": answer})
            continue
        if body is not None and (schema := _schema(_REQUESTS, method, path)):
            lines.append({"schema": schema, "value": _request(schema, body)})
        if answer is not None and (schema := _schema(_ANSWERS, method, path)):
            lines.append({"schema": schema, "value": answer})
    return lines


async def _install() -> None:
    """Bring what package-lock.json names; two test processes may come here at once."""
    wanted = FOLDER / "node_modules" / "lavalink-protocol"
    with contextlib.ExitStack() as stack:
        lock = stack.enter_context((FOLDER / "package.json").open())
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        if wanted.exists():
            return
        npm = shutil.which("npm")
        assert npm is not None, "npm is missing: the protocol's test needs Node 20"
        process = await asyncio.create_subprocess_exec(
            npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=FOLDER
        )
        assert await asyncio.wait_for(process.wait(), INSTALL_SECONDS) == 0


async def _rejected(lines: list[Json]) -> list[Json]:
    await _install()
    process = await asyncio.create_subprocess_exec(
        "node",
        "check.js",
        cwd=FOLDER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    text = "\n".join(json.dumps(line) for line in lines) + "\n"
    out, errors = await asyncio.wait_for(process.communicate(text.encode()), 30)
    assert process.returncode == 0, errors.decode()
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.timeout(180)
async def test_nothing_is_said_that_lavalink_would_not(stage: Stage, song: Path) -> None:
    bad = stage.folder / "not-a-song.mp3"
    bad.write_bytes(b"<html>no</html>" * 100)
    audio, guild, media = stage.audio, stage.guild_id, Media("file", str(song))
    await audio.connect(guild, stage.music)
    await audio.play(guild, Media("file", str(bad)), playback_id="p0")
    await stage.event(PlaybackFailed)
    with stage.listen() as tap:
        await audio.play(guild, media, playback_id="p1", volume_percent=80)
        await hear(tap, 30)
        await audio.set_filters(guild, Filters(preset="nightcore"))
        for preset in ("bassboost", "8d", "karaoke", "soft", "tremolo", "vibrato"):
            await audio.set_filters(guild, Filters(preset=preset, pitch=0.9))
        await audio.set_filters(guild, Filters())
        await audio.pause(guild)
        await audio.seek(guild, 2_000)
        await audio.set_volume(guild, 120)
        await audio.resume(guild)
        await hear(tap, 30)
        await audio.stop(guild)
        await audio.play(guild, media, playback_id="p2", position_ms=19_700)
        endings: list[object] = []
        while not any(isinstance(event, PlaybackEnded) for event in endings):
            endings.append(await asyncio.wait_for(stage.events.get(), 10))
        await stage.sandbox.voice.kill(4006)
        node = next(node for node in stage.nodes if node.players())
        await audio.play(guild, media, playback_id="p3")
        await hear(tap, 120, silence=False)
    ours = next(it for it in audio.nodes if it.address.url == node.url)
    loaded = await ours.rest.load(str(song))
    assert isinstance(loaded, TrackLoaded)
    encoded = loaded.data.encoded
    await ours.rest.load("nothing")
    await ours.rest.load(str(bad))
    await ours.rest.decode(encoded)
    await ours.rest.decode_all([encoded])
    await ours.rest.stats()
    assert ours.session_id is not None
    await ours.rest.update_session(ours.session_id, SessionUpdate(resuming=True, timeout=60))
    await ours.rest.find_player(ours.session_id, guild)
    assert node.ignored == []
    spoken = _spoken(node)
    said = {message.get("type") or message["op"] for message in node.messages}
    assert {"ready", "stats", "playerUpdate", "TrackStartEvent", "TrackEndEvent"} <= said
    assert len({line["schema"] for line in spoken}) >= 12
    assert await _rejected(spoken) == []


@pytest.mark.timeout(180)
async def test_the_check_itself_rejects_what_is_wrong() -> None:
    wrong: list[Json] = [
        {"schema": "message", "value": {"op": "ready", "resumed": "no", "sessionId": "x"}},
        {"schema": "RESTPatchAPIPlayerJSONBody", "value": {"voice": {"token": "t"}}},
        {"schema": "RESTPatchAPISessionJSONBody", "value": {"timeout": "60"}},
    ]
    assert len(await _rejected(wrong)) == 3


_VOICE = {"token": "t", "endpoint": "127.0.0.1:1", "sessionId": "s", "channelId": "5"}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ('{"volume": "loud"}', 400, "JSON parse error"),
        ("{", 400, "JSON parse error"),
        ('{"track": {"encoded": "x", "identifier": "y"}}', 400, "both encodedTrack and identifier"),
        ('{"track": {"identifier": "y"}, "identifier": "y"}', 400, "both track and"),
        ('{"endTime": 0}', 400, "End time"),
        ('{"track": {"identifier": "nothing"}}', 400, "No matches"),
        ('{"track": {"encoded": "AAAA"}}', 400, "Failed to decode"),
        *(
            (json.dumps({"voice": {**_VOICE, missing: ""}}), 400, "must be provided")
            for missing in _VOICE
        ),
        (json.dumps({"voice": {**_VOICE, "channelId": None}}), 400, "must be provided"),
        (
            json.dumps({"voice": {k: v for k, v in _VOICE.items() if k != "channelId"}}),
            400,
            "JSON parse error",
        ),
        (json.dumps({"voice": _VOICE}), 500, "Failed to connect"),
        ('{"paused": true, "unheard-of": 1}', 200, ""),
    ],
)
async def test_the_stand_in_refuses_what_lavalink_refuses(
    body: str, status: int, words: str
) -> None:
    headers = {"Authorization": PASSWORD, "User-Id": "7", "Client-Name": "test/1"}
    async with (
        LavalinkNode(NodeOptions()) as node,
        aiohttp.ClientSession(headers=headers) as http,
        http.ws_connect(f"{node.url}/v4/websocket") as socket,
    ):
        session = (await socket.receive_json())["sessionId"]
        url = f"{node.url}/v4/sessions/{session}/players/99"
        async with http.patch(url, data=body) as response:
            answer = await response.json()
            assert response.status == status
        assert words in answer.get("message", "")
        unheard = node.ignored
        async with http.get(f"{node.url}/v4/sessions/other/players") as response:
            assert response.status == 404
    assert unheard == (["/unheard-of"] if status == 200 else [])


async def test_the_stand_in_lets_nobody_in_without_the_password() -> None:
    async with LavalinkNode(NodeOptions()) as node, aiohttp.ClientSession() as http:
        for given, expected in ((None, 401), ("wrong", 403)):
            headers = {} if given is None else {"Authorization": given}
            async with http.get(f"{node.url}/v4/info", headers=headers) as response:
                assert response.status == expected
        for headers in ({"User-Id": "7"}, {"Authorization": PASSWORD}):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect(f"{node.url}/v4/websocket", headers=headers)


async def test_the_stand_ins_tracks_are_lavaplayers() -> None:
    """A track that a real Lavalink has encoded (its documentation, "Track Decoding")."""
    encoded = (
        "QAAAjQIAJVJpY2sgQXN0bGV5IC0gTmV2ZXIgR29ubmEgR2l2ZSBZb3UgVXAADlJpY2tBc3RsZXlWRVZPAAAAAAAD"
        "PCAAC2RRdzR3OVdnWGNRAAEAK2h0dHBzOi8vd3d3LnlvdXR1YmUuY29tL3dhdGNoP3Y9ZFF3NHc5V2dYY1EAB3lv"
        "dXR1YmUAAAAAAAAAAA=="
    )
    track = decode(encoded)
    assert (track.title, track.author) == (
        "Rick Astley - Never Gonna Give You Up",
        "RickAstleyVEVO",
    )
    assert (track.length, track.identifier, track.source) == (212_000, "dQw4w9WgXcQ", "youtube")
    assert decode(track.encode()) == track


def test_what_is_unset_is_not_sent() -> None:
    assert msgspec.json.encode(PlayerUpdate()) == b"{}"
    stop = PlayerUpdate(track=TrackUpdate(encoded=None))
    assert msgspec.json.encode(stop) == b'{"track":{"encoded":null}}'
