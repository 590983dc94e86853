"""The control API and the command line."""

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

import aiohttp
import pytest
from tests.sandbox.rest.conftest import Api

import discord_sandbox
from discord_sandbox.rest.control import is_loopback
from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Json

SOURCES = Path(discord_sandbox.__file__).parents[1]


class Control:
    """Asks the control API."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self._url = f"{sandbox.url}/sandbox/control"
        self._session = session

    async def __call__(
        self, method: str, path: str, body: Json | None = None, *, expect: int = 200
    ) -> Json:
        async with self._session.request(method, self._url + path, json=body) as response:
            answer = await response.json()
            assert response.status == expect, answer
            return answer


@pytest.fixture
def control(sandbox: Sandbox, http: aiohttp.ClientSession) -> Control:
    return Control(sandbox, http)


async def test_seed_tells_what_is_there(control: Control, seeded: Seeded) -> None:
    seed = await control("GET", "/seed")
    assert seed["application"]["token"] == seeded.application.token
    assert seed["people"]["alice"] == str(seeded.people["alice"].id)
    assert seed["channels"]["general"]


async def test_an_application_is_made_joins_and_loses_its_token(
    control: Control, api: Api, sandbox: Sandbox
) -> None:
    application = await control("POST", "/applications", {"name": "Other"})
    guild = await control("POST", "/guilds", {"name": "Load", "count": 3})
    for guild_id in guild["guild_ids"]:
        await control("POST", f"/guilds/{guild_id}/members", {"application_id": application["id"]})
    api.token = application["token"]
    assert len(await api("GET", "/users/@me/guilds")) == 3
    await control("POST", f"/tokens/{application['id']}/revoke")
    await api("GET", "/users/@me", expect=401)
    api.token = (await control("POST", f"/tokens/{application['id']}/reset"))["token"]
    await api("GET", "/users/@me")
    await control("DELETE", f"/guilds/{guild['id']}")
    assert int(guild["id"]) not in sandbox.world.guilds


async def test_people_roles_channels_and_overwrites(control: Control, seeded: Seeded) -> None:
    base = f"/guilds/{seeded.guild.id}"
    role = await control("POST", f"{base}/roles", {"name": "Guest"})
    member = await control(
        "POST",
        f"{base}/members",
        {"username": "eve", "role_ids": [role["id"]], "locale": "de"},
    )
    number = member["user"]["id"]
    changed = await control("PATCH", f"{base}/members/{number}", {"nick": "E", "role_ids": []})
    assert (changed["nick"], changed["roles"]) == ("E", [])
    channel = await control("POST", f"{base}/channels", {"name": "cellar", "type": 2})
    full = await control("PATCH", f"/channels/{channel['id']}", {"user_limit": 1})
    assert full["user_limit"] == 1
    deny = str(int(Permission.CONNECT))
    await control(
        "PUT", f"/channels/{channel['id']}/overwrites", {"id": number, "type": 1, "deny": deny}
    )
    bits = await control("GET", f"/permissions/{channel['id']}/{number}")
    assert not int(bits["permissions"]) & Permission.CONNECT
    await control("PATCH", f"{base}/roles/{role['id']}", {"permissions": deny})
    await control("DELETE", f"{base}/roles/{role['id']}")
    await control("DELETE", f"/channels/{channel['id']}")
    await control("DELETE", f"{base}/members/{number}")
    assert int(number) not in seeded.guild.members


async def test_what_is_not_there_or_wrong_is_said(control: Control, seeded: Seeded) -> None:
    assert (await control("DELETE", "/guilds/5", expect=404))["code"] == 10004
    answer = await control("POST", f"/guilds/{seeded.guild.id}/channels", {}, expect=400)
    assert "name" in answer["errors"]


@pytest.mark.parametrize(
    ("address", "own"),
    [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), ("nonsense", False), (None, False)],
)
def test_control_is_for_this_machine(address: str | None, own: bool) -> None:  # noqa: FBT001
    assert is_loopback(address) is own


# -- command line --------------------------------------------------------------------------------


async def start(*arguments: str, keep: tuple[int, ...] = ()) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "discord_sandbox",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=keep,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    )


async def test_process_says_where_it_is_and_stops_on_a_signal(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    process = await start("--data", str(tmp_path))
    assert process.stdout is not None
    ready = json.loads(await process.stdout.readline())
    assert Path(ready["ca_file"]).is_file()
    headers = {"Authorization": f"Bot {ready['token']}"}
    async with http.get(f"{ready['url']}/api/v10/users/@me", headers=headers) as response:
        assert response.status == 200
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_process_ends_with_its_parents_pipe_and_writes_files(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    process = await start(
        "--exit-on-stdin-close",
        "--ready-fd",
        str(writer),
        "--ready-file",
        str(tmp_path / "ready.json"),
        "--token-file",
        str(tmp_path / "token"),
        keep=(writer,),
    )
    os.close(writer)
    line = await asyncio.to_thread(os.read, reader, 4096)
    os.close(reader)
    assert json.loads(line) == json.loads((tmp_path / "ready.json").read_text())
    assert (tmp_path / "token").read_text() == json.loads(line)["token"]
    assert process.stdin is not None
    process.stdin.close()
    output, _ = await asyncio.wait_for(process.communicate(), 5)
    assert process.returncode == 0
    assert output == b""


async def test_taken_port_is_one_clear_line_and_code_3() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await start("--port", str(port))
        _, errors = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 3
    assert errors.decode().count("\n") == 1
    assert f"Port {port}" in errors.decode()
