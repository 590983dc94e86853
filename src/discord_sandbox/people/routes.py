"""The people's door: `/sandbox/people...`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from discord_sandbox.people.listen import stream_frames, stream_ogg
from discord_sandbox.people.session import PersonSession
from discord_sandbox.people.snapshot import directory_json
from discord_sandbox.people.traffic import Traffic
from discord_sandbox.rest.api import json_response
from discord_sandbox.world.models import Guild, User

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

_MAX_MESSAGE_BYTES = 16 * 1024 * 1024


def attach(app: web.Application, sandbox: Sandbox) -> None:
    """Answer `/sandbox/people`, `.../directory`, `.../listen`, `.../listen.ogg`, `.../traffic`."""
    door = PeoplesDoor(sandbox)
    app.router.add_get("/sandbox/people", door.connect)
    app.router.add_get("/sandbox/people/directory", door.directory)
    app.router.add_get("/sandbox/people/traffic", door.traffic)
    app.router.add_get("/sandbox/people/listen", door.listen)
    app.router.add_get("/sandbox/people/listen.ogg", door.listen_ogg)
    app.on_shutdown.append(door.close)


class PeoplesDoor:
    """Who is connected, and the handlers."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._sessions: set[PersonSession] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        self._traffic = Traffic(sandbox.world.clock)
        sandbox.observers.append(self._traffic)
        sandbox.world.subscribe(self._traffic.on_dispatch)

    async def close(self, _app: web.Application) -> None:
        """Close every client; for the server's end."""
        for socket in tuple(self._sockets):
            await socket.close(code=1001, message=b"the sandbox stops")

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """`/sandbox/people?member=<user id>&guild=<guild id>`: a person's client."""
        user = self._user(request)
        guild = self._guild(request, user)
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=_MAX_MESSAGE_BYTES)
        await socket.prepare(request)
        session = PersonSession(self._sandbox, user, guild, socket)
        self._sessions.add(session)
        self._sockets.add(socket)
        try:
            await session.run()
        finally:
            self._sessions.discard(session)
            self._sockets.discard(socket)
            self._leave_voice(session)
        return socket

    async def directory(self, _request: web.Request) -> web.Response:
        """`/sandbox/people/directory`: everybody a visitor can be."""
        return json_response(directory_json(self._sandbox))

    async def traffic(self, _request: web.Request) -> web.Response:
        """`/sandbox/people/traffic`: the recent REST exchanges and dispatches."""
        return json_response({"entries": self._traffic.list_entries()})

    async def listen(self, request: web.Request) -> web.WebSocketResponse:
        """`/sandbox/people/listen?member=<user id>`: what the person hears, as binary frames."""
        return await stream_frames(self._sandbox, request, self._user(request))

    async def listen_ogg(self, request: web.Request) -> web.StreamResponse:
        """`/sandbox/people/listen.ogg?member=<user id>`: what the person hears, as Ogg Opus."""
        return await stream_ogg(self._sandbox, request, self._user(request))

    def _user(self, request: web.Request) -> User:
        text = request.query.get("member", "")
        user = self._sandbox.world.users.get(int(text)) if text.isdecimal() else None
        if user is None or user.bot:
            raise web.HTTPNotFound(text="There is no such person.")
        return user

    def _guild(self, request: web.Request, user: User) -> Guild | None:
        text = request.query.get("guild", "")
        world = self._sandbox.world
        if text == "@me":
            return None
        if not text:
            return next(world.guilds_of(user.id), None)
        guild = world.guilds.get(int(text)) if text.isdecimal() else None
        if guild is None or user.id not in guild.members:
            raise web.HTTPNotFound(text="This person is not in such a guild.")
        return guild

    def _leave_voice(self, session: PersonSession) -> None:
        """Closing the last window leaves the voice channel, as closing Discord does."""
        guild = session.guild
        if guild is None or any(
            one.user is session.user and one.guild is guild for one in self._sessions
        ):
            return
        if session.user.id in guild.voice_states:
            self._sandbox.world.set_voice_state(guild, session.user, None)
