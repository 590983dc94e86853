"""`sandbox.faults`: every fault by name."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from discord_sandbox.faults.fault import Fault
from discord_sandbox.faults.rest import Handler, RouteFault, RouteFaults
from discord_sandbox.faults.stream import BadLine, Disorder, DisorderedDispatches
from discord_sandbox.gateway.connection import GatewayConnection
from discord_sandbox.gateway.protocol import Op
from discord_sandbox.gateway.session import Session
from discord_sandbox.voice.protocol import VoiceClose

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

Json = dict[str, Any]

KEPT_FAULTS = 200


class UnknownThing(LookupError):
    """The fault names a guild, application or fault that is not there."""


class Faults:
    """Makes things go wrong.

    What lasts is a `Fault`: heal it, count its hits, wait for them. What happens once is a
    plain call.
    """

    def __init__(self, sandbox: "Sandbox") -> None:
        """Nothing is wrong yet."""
        self._sandbox = sandbox
        self._routes = RouteFaults()
        self._faults: dict[int, Fault] = {}

    @property
    def faults(self) -> list[Fault]:
        """The faults in force, and the last that are over."""
        return list(self._faults.values())

    def find(self, fault_id: int) -> Fault:
        """A fault by its number.

        Raises:
            UnknownThing: There is none.
        """
        if fault_id not in self._faults:
            raise UnknownThing(f"no fault {fault_id}")
        return self._faults[fault_id]

    def heal(self) -> None:
        """End every fault."""
        for fault in self.faults:
            fault.heal()
        self._faults.clear()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Lets the faults of routes at every request but those of `/sandbox`."""
        if request.path.startswith("/sandbox"):
            return await handler(request)
        return await self._routes.handle(request, handler)

    # -- REST -----------------------------------------------------------------------------------

    def spoil_route(self, route: RouteFault, *, times: int | None = None) -> Fault:
        """Spoil requests that match.

        Args:
            route: Which requests, and how.
            times: How many; None for all until healed.
        """
        settings: Json = {name: getattr(route, name) for name in route.__slots__}
        fault = Fault("route", settings, times=times, on_heal=self._routes.remove)
        self._routes.add(route, fault)
        return self._keep(fault)

    def fail_route(
        self,
        method: str,
        path: str,
        status: int = 500,
        *,
        times: int | None = 1,
        retry_after_seconds: float = 1.0,
        after: bool = False,
    ) -> Fault:
        """Answer requests with an error status; see `RouteFault`."""
        route = RouteFault(
            method, path, "fail", status=status, seconds=retry_after_seconds, after=after
        )
        return self.spoil_route(route, times=times)

    def delay_route(
        self, method: str, path: str, seconds: float, *, times: int | None = 1
    ) -> Fault:
        """Answer requests late."""
        return self.spoil_route(RouteFault(method, path, "delay", seconds=seconds), times=times)

    # -- gateway --------------------------------------------------------------------------------

    def drop_gateway(self, code: int | None = None, **which: int) -> int:
        """Drop connections of the gateway.

        Args:
            code: Close code; None cuts the TCP connection.
            which: `application_id` and `shard_id` to name some; everyone when missing.

        Returns:
            How many were dropped.
        """
        sessions = self._connected(**which)
        for session in sessions:
            if session.wire is not None and code is None:
                session.wire.cut()
            elif session.wire is not None and code is not None:
                session.wire.close(code, "dropped on demand")
        return len(sessions)

    def stall_gateway(self, **which: int) -> Fault:
        """Neither read nor write on connections until healed; heartbeats go unanswered."""
        stalled = [session.wire for session in self._connected(**which) if session.wire]
        for wire in stalled:
            wire.stall()

        def flow(_fault: Fault) -> None:
            for wire in stalled:
                wire.flow()

        return self._keep(Fault("gateway_stall", dict(which), on_heal=flow))

    def refuse_gateway(self, times: int = 1) -> None:
        """Answer the next websocket handshakes with 503."""
        self._sandbox.gateway.refusals += times

    def request_reconnect(self, **which: int) -> int:
        """Send op 7 (Reconnect); returns to how many."""
        return self._send_op(Op.RECONNECT, None, which)

    def invalidate_sessions(self, *, resumable: bool = False, **which: int) -> int:
        """Send op 9 (Invalid Session); unless resumable, the sessions are gone.

        Returns:
            To how many it was sent.
        """
        sent = self._send_op(Op.INVALID_SESSION, resumable, which)
        if not resumable:
            for session in self._connected(**which):
                self._sandbox.gateway.invalidate(session)
        return sent

    def refuse_resume(self, times: int = 1, *, resumable: bool = False) -> None:
        """Answer the next RESUMEs with op 9.

        Args:
            times: How many.
            resumable: `d` of the answer; False also ends the session asked for.
        """
        self._sandbox.gateway.resume_fault.times = times
        self._sandbox.gateway.resume_fault.resumable = resumable

    def disorder_dispatches(
        self, disorder: Disorder, event: str = "*", *, times: int | None = 1, **which: int
    ) -> Fault:
        """Duplicate, reorder or lose events.

        Args:
            disorder: `duplicate`, `reorder` or `lose`.
            event: Shell pattern of event names.
            times: How many events; None for all until healed.
            which: As in `drop_gateway`.
        """
        settings: Json = {"disorder": disorder, "event": event, **which}
        fault = Fault("dispatches", settings, times=times)
        distortion = DisorderedDispatches(disorder, event, fault)
        for session in self._chosen(**which):
            session.distort = distortion
        return self._keep(fault)

    def outage(self, guild_id: int) -> Fault:
        """Take a guild out of service until healed.

        Raises:
            UnknownThing: There is no such guild.
        """
        guild = self._sandbox.world.guilds.get(guild_id)
        if guild is None:
            raise UnknownThing(f"no guild {guild_id}")
        gateway = self._sandbox.gateway
        gateway.set_available(guild, available=False)

        def restore(_fault: Fault) -> None:
            gateway.set_available(guild, available=True)

        return self._keep(Fault("guild_outage", {"guild_id": str(guild_id)}, on_heal=restore))

    def revoke_token(self, application_id: int | None = None) -> None:
        """Make tokens invalid: REST answers 401, the gateway closes with 4004.

        Args:
            application_id: Whose; None for every application's.

        Raises:
            UnknownThing: There is no such application.
        """
        world = self._sandbox.world
        if application_id is not None and application_id not in world.applications:
            raise UnknownThing(f"no application {application_id}")
        for application in list(world.applications.values()):
            if application_id in (None, application.id):
                world.revoke_token(application)

    # -- voice ----------------------------------------------------------------------------------

    async def move_voice(self, guild_id: int | None = None) -> str:
        """Move a guild's voice (None: everyone's) to a new server; returns its endpoint."""
        server = await self._sandbox.voice.move(guild_id)
        return server.endpoint

    async def kill_voice(self, code: int | None = VoiceClose.SERVER_CRASHED) -> None:
        """Crash the voice servers; see `Voice.kill`."""
        await self._sandbox.voice.kill(code)

    def spoil_line(
        self,
        *,
        loss: float = 0.0,
        delay_ms: float = 0.0,
        jitter_ms: float = 0.0,
        times: int | None = None,
    ) -> Fault:
        """Lose or delay the voice datagrams that clients send; see `BadLine`."""
        voice = self._sandbox.voice
        settings: Json = {"loss": loss, "delay_ms": delay_ms, "jitter_ms": jitter_ms}

        def restore(_fault: Fault) -> None:
            voice.lose = None

        fault = Fault("udp", settings, times=times, on_heal=restore)
        voice.lose = BadLine(fault, loss=loss, delay_ms=delay_ms, jitter_ms=jitter_ms)
        return self._keep(fault)

    # -- which ----------------------------------------------------------------------------------

    def _chosen(
        self, application_id: int | None = None, shard_id: int | None = None
    ) -> list[Session]:
        return [
            session
            for session in self._sandbox.gateway.sessions
            if application_id in (None, session.application.id)
            and shard_id in (None, session.shard[0])
        ]

    def _connected(self, **which: int) -> list[Session]:
        return [session for session in self._chosen(**which) if session.wire is not None]

    def _send_op(self, op: Op, data: object, which: dict[str, int]) -> int:
        sessions = self._connected(**which)
        for session in sessions:
            if isinstance(session.wire, GatewayConnection):
                session.wire.send_op(op, data)
        return len(sessions)

    def _keep(self, fault: Fault) -> Fault:
        self._faults[fault.id] = fault
        for old in self.faults[:-KEPT_FAULTS]:
            if old.healed:
                del self._faults[old.id]
        return fault
