"""Voice as a whole: who may join where, on which server, and who listens."""

import asyncio
import secrets
import ssl
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from discord_sandbox.gateway.session import Session
from discord_sandbox.voice.certificates import Authority
from discord_sandbox.voice.peer import Pass, Peer
from discord_sandbox.voice.protocol import VoiceClose
from discord_sandbox.voice.server import Lose, VoiceServer
from discord_sandbox.voice.taps import VoiceFrame, VoiceTap
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Channel, Dispatch, Guild, VoiceState
from discord_sandbox.world.permissions import compute
from discord_sandbox.world.world import World

Json = dict[str, Any]

GRACE_SECONDS = 15.0
"""How long somebody whose voice websocket broke stays in the channel."""

OnSpeaking = Callable[[int, int, int], None]
"""Called with a channel id, a user id and the speaking flags (0: stopped)."""


class Voice:
    """The voice side of the sandbox.

    Attributes:
        grace_seconds: See `GRACE_SECONDS`.
        on_speaking: Called when a client announces that it speaks or stops.
        lose: Fault on UDP, None for none.
    """

    def __init__(self, world: World, folder: Path, host: str = "127.0.0.1") -> None:
        """Describe it; `start` opens the ports.

        Args:
            world: Whose voice states count.
            folder: Where the certificates go; see `Authority`.
            host: Address to bind, loopback.
        """
        self.grace_seconds = GRACE_SECONDS
        self.on_speaking: list[OnSpeaking] = []
        self.lose: Lose | None = None
        self._world = world
        self._host = host
        self._folder = folder
        self._authority: Authority | None = None
        self._servers: list[VoiceServer] = []
        self._server_of: dict[int, VoiceServer] = {}
        self._taps: defaultdict[int, list[VoiceTap]] = defaultdict(list)
        self._graces: dict[tuple[int, int], asyncio.TimerHandle] = {}
        self._unsubscribe: Callable[[], None] | None = None

    async def start(self, port: int = 0, udp_port: int = 0) -> None:
        """Make the certificates and open the first voice server.

        Call it after the gateway subscribed to the world: a VOICE_STATE_UPDATE must reach
        a client before the VOICE_SERVER_UPDATE that it causes.

        Args:
            port: TCP port of the voice gateway, 0 for a free one.
            udp_port: UDP port, 0 for a free one.

        Raises:
            OSError: A port is taken.
        """
        self._authority = await asyncio.to_thread(Authority, self._folder)
        self._unsubscribe = self._world.subscribe(self._on_dispatch)
        await self._open_server(port, udp_port)

    async def stop(self) -> None:
        """Close every server and tap."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        for timer in self._graces.values():
            timer.cancel()
        self._graces.clear()
        for taps in list(self._taps.values()):
            for tap in list(taps):
                tap.close()
        for server in self._servers:
            await server.stop()
        self._servers.clear()

    @property
    def endpoint(self) -> str:
        """`host:port` of the newest voice server, as VOICE_SERVER_UPDATE names it."""
        return self._newest().endpoint

    @property
    def ca_file(self) -> Path:
        """What clients put into `SSL_CERT_FILE`."""
        return self._trusted().ca_file

    @property
    def servers(self) -> list[VoiceServer]:
        """Every server that lives."""
        return list(self._servers)

    def client_context(self) -> ssl.SSLContext:
        """A TLS context that trusts the voice gateway's certificate."""
        return self._trusted().client_context()

    def listen(self, channel_id: int) -> VoiceTap:
        """Hear a channel from now on.

        Args:
            channel_id: A voice channel; nobody has to be in it yet.

        Returns:
            The tap; close it (or use it in `with`) when done.
        """
        tap = VoiceTap(channel_id, self._taps[channel_id].remove)
        self._taps[channel_id].append(tap)
        return tap

    def find_peer(self, guild_id: int, user_id: int) -> Peer | None:
        """A user's voice session, with its counts of lost and forged packets."""
        server = self._server_of.get(guild_id)
        return None if server is None else server.find_peer_of(guild_id, user_id)

    # -- op 4 -----------------------------------------------------------------------------------

    def update(self, session: Session, guild: Guild, request: Json) -> None:
        """Carry out a client's op 4; a join that is not allowed is met with silence.

        Discord answers a full channel, a missing permission and an unknown channel in the
        same way: no event comes.
        """
        user = session.application.bot
        raw = request.get("channel_id")
        if raw is None:
            self._world.set_voice_state(guild, user, None)
            return
        channel = guild.channels.get(int(raw)) if str(raw).isdecimal() else None
        if channel is None or not channel.is_voice or not self._may_join(guild, user.id, channel):
            return
        stays = self._is_in(guild, user.id, channel)
        before = self._pass_of(guild.id, user.id)
        self._world.set_voice_state(
            guild,
            user,
            channel.id,
            self_mute=bool(request.get("self_mute")),
            self_deaf=bool(request.get("self_deaf")),
            session_id=session.voice_id,
        )
        invited = self._pass_of(guild.id, user.id) is not before
        if stays and not invited and not self._connected(guild.id, user.id):
            # Already in the channel, but without a voice connection: it wants a new one.
            self._invite(guild, guild.voice_states[user.id])

    def session_ended(self, session: Session) -> None:
        """A gateway session is over: its bot leaves the channels it joined through it."""
        for guild in self._world.guilds_of(session.bot_id):
            state = guild.voice_states.get(session.bot_id)
            if state is not None and state.session_id == session.voice_id:
                self._world.set_voice_state(guild, session.application.bot, None)

    def _may_join(self, guild: Guild, user_id: int, channel: Channel) -> bool:
        now = self._world.clock.now()
        bits = compute(guild, guild.members[user_id], channel, now=now)
        needed = Permission.VIEW_CHANNEL | Permission.CONNECT
        if bits & needed != needed:
            return False
        others = [s for s in self._world.members_in_voice(channel) if s.user_id != user_id]
        full = 0 < channel.user_limit <= len(others)
        return not full or bool(bits & Permission.MOVE_MEMBERS)

    def _is_in(self, guild: Guild, user_id: int, channel: Channel) -> bool:
        state = guild.voice_states.get(user_id)
        return state is not None and state.channel_id == channel.id

    # -- the world's events ---------------------------------------------------------------------

    def _on_dispatch(self, dispatch: Dispatch) -> None:
        if dispatch.name != "VOICE_STATE_UPDATE" or dispatch.guild_id is None:
            return
        guild = self._world.guilds.get(dispatch.guild_id)
        if guild is not None:
            self._follow(guild, int(dispatch.data["user_id"]))

    def _follow(self, guild: Guild, user_id: int) -> None:
        """Bring a bot's voice connection in line with its voice state."""
        if user_id not in self._world.applications:
            return  # people hear through the page and send nothing
        state = guild.voice_states.get(user_id)
        server = self._server_of.get(guild.id)
        if state is None:
            self._forget_grace(guild.id, user_id)
            if server is not None:
                server.expel(guild.id, user_id, "disconnected")
            return
        grant = self._pass_of(guild.id, user_id)
        moved = grant is not None and grant.channel_id != state.channel_id
        other_session = grant is not None and grant.session_id != state.session_id
        if grant is None or moved or other_session:
            self._invite(guild, state)
        peer = self.find_peer(guild.id, user_id)
        if peer is not None:
            peer.silenced = self._is_silenced(guild, state)

    def _pass_of(self, guild_id: int, user_id: int) -> Pass | None:
        server = self._server_of.get(guild_id)
        return None if server is None else server.find_pass(guild_id, user_id)

    def _is_silenced(self, guild: Guild, state: VoiceState) -> bool:
        if state.mute or state.suppress:  # self_mute is the client's own affair
            return True
        channel, member = guild.channels.get(state.channel_id), guild.members.get(state.user_id)
        if channel is None or member is None:
            return True
        return not compute(guild, member, channel) & Permission.SPEAK

    def _invite(self, guild: Guild, state: VoiceState) -> None:
        """Give a fresh pass and say where to go; an older connection is closed."""
        server = self._server_of.get(guild.id)
        if server is not None:
            server.expel(guild.id, state.user_id, "moved")
        if server is None or not server.alive:
            server = self._newest()
            self._server_of[guild.id] = server
        grant = Pass(
            guild_id=guild.id,
            user_id=state.user_id,
            channel_id=state.channel_id,
            session_id=state.session_id,
            token=secrets.token_hex(8),
            endpoint=server.endpoint,
            silenced=self._is_silenced(guild, state),
        )
        server.expect(grant)
        self._tell_server(guild.id, state.user_id, grant.token, server.endpoint)

    def _tell_server(self, guild_id: int, user_id: int, token: str, endpoint: str | None) -> None:
        data: Json = {"token": token, "guild_id": str(guild_id), "endpoint": endpoint}
        only = frozenset({user_id})
        self._world.emit(Dispatch("VOICE_SERVER_UPDATE", data, guild_id, only_user_ids=only))

    # -- servers --------------------------------------------------------------------------------

    async def move(self, guild_id: int | None = None) -> VoiceServer:
        """Move a guild's voice, or everyone's, to a new voice server.

        Everyone in voice gets VOICE_SERVER_UPDATE with the new endpoint and a new token;
        the old connection is closed two seconds later, and heard until then.
        """
        server = await self._open_server()
        for guild in list(self._world.guilds.values()):
            if guild_id in (None, guild.id):
                old = self._server_of.pop(guild.id, None)
                for state in list(guild.voice_states.values()):
                    if state.user_id in self._world.applications:
                        self._invite(guild, state)
                        if old is not None:
                            old.expel(guild.id, state.user_id, "moved", migrates=True)
        return server

    async def kill(self, code: int | None = VoiceClose.SERVER_CRASHED) -> None:
        """Let every voice server crash; a new one takes over for whoever asks again.

        Args:
            code: Close code the clients see; None cuts their TCP connections.
        """
        old = [server for server in self._servers if server.alive]
        await self._open_server()
        for server in old:
            self._servers.remove(server)
            await server.crash(code)

    async def _open_server(self, port: int = 0, udp_port: int = 0) -> VoiceServer:
        server = VoiceServer(self._host, self._on_frame, self._on_away, self._on_spoke, self._lost)
        await server.start(self._trusted().server_context(), port, udp_port)
        self._servers.append(server)
        return server

    def _newest(self) -> VoiceServer:
        if not self._servers:
            raise RuntimeError("the voice side is not running")
        return self._servers[-1]

    def _trusted(self) -> Authority:
        if self._authority is None:
            raise RuntimeError("the voice side is not running")
        return self._authority

    def _connected(self, guild_id: int, user_id: int) -> bool:
        server = self._server_of.get(guild_id)
        return server is not None and server.alive and server.connected(guild_id, user_id)

    # -- what the servers tell ------------------------------------------------------------------

    def _on_frame(self, channel_id: int, frame: VoiceFrame) -> None:
        taps = self._taps.get(channel_id)
        if taps:
            for tap in taps:
                tap.put(frame)

    def _lost(self, deliver: Callable[[], None]) -> bool:
        return self.lose is not None and self.lose(deliver)

    def _on_spoke(self, peer: Peer, flags: int) -> None:
        for listener in self.on_speaking:
            listener(peer.grant.channel_id, peer.grant.user_id, flags)

    def _on_away(self, peer: Peer, _close_code: int | None) -> None:
        guild_id, user_id = peer.grant.guild_id, peer.grant.user_id
        self._forget_grace(guild_id, user_id)
        self._graces[guild_id, user_id] = asyncio.get_running_loop().call_later(
            self.grace_seconds, self._give_up, guild_id, user_id
        )

    def _give_up(self, guild_id: int, user_id: int) -> None:
        self._graces.pop((guild_id, user_id), None)
        guild = self._world.guilds.get(guild_id)
        if guild is not None and not self._connected(guild_id, user_id):
            self._world.set_voice_state(guild, self._world.users[user_id], None)

    def _forget_grace(self, guild_id: int, user_id: int) -> None:
        timer = self._graces.pop((guild_id, user_id), None)
        if timer is not None:
            timer.cancel()
