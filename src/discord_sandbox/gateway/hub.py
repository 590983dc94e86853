"""All gateway sessions: who may start one, and which events reach them."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol, cast

import msgspec

from discord_sandbox.gateway.connection import GatewayConnection, Refused
from discord_sandbox.gateway.events import Outgoing
from discord_sandbox.gateway.protocol import Close, Intent, Op
from discord_sandbox.gateway.session import Presence, SequenceUnknown, Session
from discord_sandbox.gateway.snapshots import (
    MembersRefused,
    Presences,
    guild_create,
    member_chunks,
    presence_json,
    ready,
)
from discord_sandbox.gateway.starts import Starts
from discord_sandbox.world.models import Application, Dispatch, Guild
from discord_sandbox.world.state import WorldState

Json = dict[str, Any]

HEARTBEAT_INTERVAL_MS = 41_250
RESUME_WINDOW_SECONDS = 120.0
TRANSCRIPT_LINES = 1000
TRANSCRIPT_BYTES = 300
_STATUSES = ("online", "idle", "dnd", "invisible", "offline")


@dataclass(frozen=True, slots=True)
class TrafficLine:
    """One payload that passed the gateway, for a transcript.

    Attributes:
        at_ns: `time.monotonic_ns` when it passed.
        direction: `->` to the client, `<-` from it.
        shard: The session's shard, None before IDENTIFY.
        start: The payload's first 300 bytes.
        size_bytes: Its whole size before compression.
    """

    at_ns: int
    direction: str
    shard: tuple[int, int] | None
    start: str
    size_bytes: int


class VoiceDoor(Protocol):
    """What the gateway asks of the voice side."""

    def update(self, session: Session, guild: Guild, request: Json) -> None:
        """Carry out op 4: join, move, mute or leave."""
        ...

    def session_ended(self, session: Session) -> None:
        """The session is over: whoever was in voice through it leaves."""
        ...


@dataclass(slots=True)
class ResumeFault:
    """What happens to the next RESUMEs in place of a resume.

    Attributes:
        times: How many are left.
        resumable: `d` of the Invalid Session that answers.
    """

    times: int = 0
    resumable: bool = False


class Gateway:
    """The gateway's state.

    Attributes:
        heartbeat_interval_ms: Sent in HELLO.
        resume_window_seconds: How long a session outlives its connection.
        starts: Which sessions may start, and how many.
        presences: What users show, by user id; people are online unless set otherwise.
        resume_fault: Refusals of RESUME asked for by a test.
        refusals: Websocket handshakes still to be answered 503.
        transcript: The last payloads that passed.
    """

    def __init__(self, world: WorldState, voice: VoiceDoor) -> None:
        """Subscribe to the world's events."""
        self.heartbeat_interval_ms = HEARTBEAT_INTERVAL_MS
        self.resume_window_seconds = RESUME_WINDOW_SECONDS
        self.starts = Starts(world)
        self.presences: Presences = {}
        self.resume_fault = ResumeFault()
        self.refusals = 0
        self.transcript: deque[TrafficLine] = deque(maxlen=TRANSCRIPT_LINES)
        self._world = world
        self._voice = voice
        self._sessions: dict[str, Session] = {}
        self._unsubscribe = world.subscribe(self._on_dispatch)
        world.on_token_revoked(self._on_token_revoked)

    @property
    def url(self) -> str:
        """Where clients connect: `ws://host:port/gateway`."""
        return self._world.base_url.replace("http", "ws", 1) + "/gateway"

    @property
    def sessions(self) -> list[Session]:
        """Every session that can still be resumed or is connected."""
        return list(self._sessions.values())

    def sessions_of(self, application: Application) -> list[Session]:
        """An application's sessions."""
        return [each for each in self._sessions.values() if each.application is application]

    def stop(self) -> None:
        """Drop every connection and session."""
        self._unsubscribe()
        for session in self.sessions:
            if session.wire is not None:
                session.wire.cut()
            if session.expiry is not None:
                session.expiry.cancel()
        self._sessions.clear()

    def note(self, direction: str, session: Session | None, payload: bytes) -> None:
        """See `Hub.note`."""
        start = payload[:TRANSCRIPT_BYTES].decode(errors="replace")
        if '"token"' in start:
            start = start[:12] + " (holds a token)"
        shard = session.shard if session is not None else None
        line = TrafficLine(time.monotonic_ns(), direction, shard, start, len(payload))
        self.transcript.append(line)

    # -- starting and resuming ------------------------------------------------------------------

    def identify(self, connection: GatewayConnection, data: Json) -> Session | None:
        """See `Hub.identify`."""
        session = self.starts.new_session(data)
        if not self.starts.admits(session):
            connection.send_op(Op.INVALID_SESSION, data=False)
            return None
        if data.get("compress") is True:
            connection.compress_payloads()
        self._sessions[session.id] = session
        session.wire = connection
        guilds = [g for g in self._world.guilds_of(session.bot_id) if session.routes(g.id)]
        session.send_body("READY", msgspec.json.encode(ready(session, guilds, self.url)))
        session.ready = True
        if session.intents & Intent.GUILDS:
            for guild in guilds:
                if not guild.unavailable:
                    self._send_guild(session, guild)
        presence = data.get("presence")
        if isinstance(presence, dict):
            self._set_presence(session, cast("Json", presence))
        else:
            self.set_presence(session.bot_id, Presence())
        return session

    def resume(self, connection: GatewayConnection, data: Json) -> Session | None:
        """See `Hub.resume`."""
        if self.resume_fault.times > 0:
            self.resume_fault.times -= 1
            if not self.resume_fault.resumable:
                self._end(self._sessions.get(str(data.get("session_id"))))
            connection.send_op(Op.INVALID_SESSION, self.resume_fault.resumable)
            return None
        application = self.starts.authenticate(data.get("token"))
        session = self._sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if session is None or session.application is not application:
            connection.send_op(Op.INVALID_SESSION, data=False)
            return None
        if not isinstance(sequence, int):
            raise Refused(Close.DECODE_ERROR, "seq must be an integer")
        try:
            missed = session.replay_after(sequence)
        except SequenceUnknown:
            self._end(session)
            raise Refused(Close.INVALID_SEQUENCE, "invalid sequence") from None
        if session.wire is not None:
            session.wire.close(Close.UNKNOWN_ERROR, "resumed elsewhere")
        if session.expiry is not None:
            session.expiry.cancel()
            session.expiry = None
        session.wire = connection
        for payload in missed:
            connection.send(payload)
        session.send_body("RESUMED", b'{"_trace":["discord_sandbox"]}')
        return session

    # -- the end of a session -------------------------------------------------------------------

    def disconnected(self, session: Session, close_code: int | None) -> None:
        """See `Hub.disconnected`."""
        if session.id not in self._sessions:
            return
        if close_code in (Close.NORMAL, Close.GOING_AWAY):
            self._end(session)
            return
        loop = asyncio.get_running_loop()
        session.expiry = loop.call_later(self.resume_window_seconds, self._end, session)

    def invalidate(self, session: Session) -> None:
        """End a session: a later RESUME of it fails."""
        self._end(session)

    def _end(self, session: Session | None) -> None:
        if session is None or self._sessions.pop(session.id, None) is None:
            return
        session.ready = False
        if session.expiry is not None:
            session.expiry.cancel()
        self._voice.session_ended(session)
        if not self.sessions_of(session.application):
            self.set_presence(session.bot_id, Presence("offline"))

    def _on_token_revoked(self, application: Application) -> None:
        for session in self.sessions_of(application):
            wire = session.wire
            self._end(session)
            if wire is not None:
                wire.close(Close.AUTHENTICATION_FAILED, "Authentication failed.")

    # -- events ---------------------------------------------------------------------------------

    def _on_dispatch(self, dispatch: Dispatch) -> None:
        outgoing = Outgoing(dispatch)
        guild = None if dispatch.guild_id is None else self._world.guilds.get(dispatch.guild_id)
        if guild is not None and guild.unavailable and dispatch.name != "GUILD_DELETE":
            return
        for session in self.sessions:
            if not session.wants(outgoing, self._world):
                continue
            if dispatch.name == "GUILD_CREATE" and guild is not None:
                self._send_guild(session, guild)
            else:
                session.dispatch(outgoing)

    def _send_guild(self, session: Session, guild: Guild) -> None:
        data = guild_create(session, guild, self.presences)
        session.send_body("GUILD_CREATE", msgspec.json.encode(data))

    def set_available(self, guild: Guild, *, available: bool) -> None:
        """Take a guild out of service, or back into it.

        Out of service its members get GUILD_DELETE with `unavailable`, and nothing more
        of it; back, they get GUILD_CREATE.
        """
        if guild.unavailable is not available:
            return
        if not available:
            data: Json = {"id": str(guild.id), "unavailable": True}
            self._world.emit(Dispatch("GUILD_DELETE", data, guild.id))
        guild.unavailable = not available
        if available:
            for session in self.sessions:
                sees = session.ready and session.intents & Intent.GUILDS
                if sees and session.routes(guild.id) and session.bot_id in guild.members:
                    self._send_guild(session, guild)

    def set_presence(self, user_id: int, presence: Presence) -> None:
        """Change what a user shows, and tell the guilds they share."""
        if self.presences.get(user_id) == presence:
            return
        self.presences[user_id] = presence
        for guild in self._world.guilds_of(user_id):
            data = presence_json(user_id, guild.id, presence)
            self._world.emit(Dispatch("PRESENCE_UPDATE", data, guild.id))

    # -- the other opcodes ----------------------------------------------------------------------

    def command(self, session: Session, op: int, data: Json) -> None:
        """See `Hub.command`."""
        if op == Op.PRESENCE_UPDATE:
            self._set_presence(session, data)
        elif op == Op.VOICE_STATE_UPDATE:
            guild = self._guild_of(session, data)
            if guild is not None:
                self._voice.update(session, guild, data)
        elif op == Op.REQUEST_GUILD_MEMBERS:
            self._send_members(session, data)
        elif op == Op.REQUEST_CHANNEL_INFO:
            self._send_channel_info(session, data)
        elif op == Op.REQUEST_SOUNDBOARD_SOUNDS:
            for guild_id in cast("list[object]", data.get("guild_ids") or []):
                body: Json = {"guild_id": str(guild_id), "soundboard_sounds": []}
                session.send_body("SOUNDBOARD_SOUNDS", msgspec.json.encode(body))
        elif op != Op.VOICE_PING:
            raise Refused(Close.UNKNOWN_OPCODE, f"opcode {op} is the server's")

    def _set_presence(self, session: Session, data: Json) -> None:
        status = data.get("status") or "online"
        if status not in _STATUSES:
            raise Refused(Close.DECODE_ERROR, f"unknown status {status}")
        activities = [
            {"created_at": 0, "id": "custom", **activity}
            for activity in cast("list[Json]", data.get("activities") or [])
        ]
        shown = "offline" if status == "invisible" else str(status)
        self.set_presence(session.bot_id, Presence(shown, activities))

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self._guild_of(session, data)
        if guild is None:
            return
        try:
            chunks = member_chunks(session, guild, data, self.presences)
        except MembersRefused:
            return
        for chunk in chunks:
            session.send_body("GUILD_MEMBERS_CHUNK", msgspec.json.encode(chunk))

    def _send_channel_info(self, session: Session, data: Json) -> None:
        guild = self._guild_of(session, data)
        if guild is None:
            return
        channels = [
            {"id": str(channel.id), "status": channel.voice_status}
            for channel in guild.channels.values()
            if channel.is_voice and channel.voice_status
        ]
        info: Json = {"guild_id": str(guild.id), "channels": channels}
        session.send_body("CHANNEL_INFO", msgspec.json.encode(info))

    def _guild_of(self, session: Session, data: Json) -> Guild | None:
        # Clients send the id as a string or, as some do, as an integer.
        try:
            guild = self._world.guilds.get(int(data["guild_id"]))
        except (KeyError, TypeError, ValueError):
            raise Refused(Close.DECODE_ERROR, "guild_id must be a snowflake") from None
        if guild is None or guild.unavailable or session.bot_id not in guild.members:
            return None
        return guild
