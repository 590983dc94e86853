"""The control API of faults, for tests in other processes; loopback like everything here.

`POST /sandbox/control/faults {"kind": ...}` starts one, `GET` lists, `DELETE` heals all,
`DELETE .../{id}` heals one. The kinds are the keys of `KINDS`.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

import msgspec
from aiohttp import web

from discord_sandbox.faults.fault import Fault
from discord_sandbox.faults.rest import EFFECTS, RouteFault
from discord_sandbox.faults.service import Faults, UnknownThing
from discord_sandbox.faults.stream import DISORDERS
from discord_sandbox.voice.protocol import VoiceClose

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

Json = dict[str, Any]
Outcome = Fault | Json | None


class _Fields:
    """Reads the fields of a request; each wrong one is named."""

    def __init__(self, body: Json) -> None:
        self._body = body

    def integer(self, name: str, default: int | None = None) -> int | None:
        value = self._body.get(name, default)
        if value is None:
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise ValueError(f"{name} must be an integer") from None

    def number(self, name: str, default: float = 0.0) -> float:
        value = self._body.get(name, default)
        if not isinstance(value, int | float):
            raise ValueError(f"{name} must be a number")  # noqa: TRY004 - one error for all fields
        return float(value)

    def text(self, name: str, default: str, choices: tuple[str, ...] = ()) -> str:
        value = self._body.get(name, default)
        if not isinstance(value, str) or (choices and value not in choices):
            raise ValueError(f"{name} must be " + (" | ".join(choices) or "a string"))
        return value

    def flag(self, name: str) -> bool:
        return self._body.get(name) is True

    def which(self) -> dict[str, int]:
        named = {name: self.integer(name) for name in ("application_id", "shard_id")}
        return {name: value for name, value in named.items() if value is not None}


def _route(faults: Faults, fields: _Fields) -> Fault:
    effect = fields.text("effect", "fail", EFFECTS)
    route = RouteFault(
        method=fields.text("method", "*"),
        path=fields.text("path", "*"),
        effect=cast("Any", effect),
        status=fields.integer("status", 500) or 500,
        seconds=fields.number("seconds", 1.0),
        after=fields.flag("after"),
        is_global=fields.flag("global"),
    )
    return faults.spoil_route(route, times=fields.integer("times"))


def _gateway_drop(faults: Faults, fields: _Fields) -> Json:
    return {"hits": faults.drop_gateway(fields.integer("code"), **fields.which())}


def _gateway_stall(faults: Faults, fields: _Fields) -> Fault:
    return faults.stall_gateway(**fields.which())


def _gateway_refuse(faults: Faults, fields: _Fields) -> None:
    faults.refuse_gateway(fields.integer("times", 1) or 1)


def _reconnect(faults: Faults, fields: _Fields) -> Json:
    return {"hits": faults.request_reconnect(**fields.which())}


def _invalidate(faults: Faults, fields: _Fields) -> Json:
    resumable = fields.flag("resumable")
    return {"hits": faults.invalidate_sessions(resumable=resumable, **fields.which())}


def _resume_refuse(faults: Faults, fields: _Fields) -> None:
    faults.refuse_resume(fields.integer("times", 1) or 1, resumable=fields.flag("resumable"))


def _dispatches(faults: Faults, fields: _Fields) -> Fault:
    disorder = fields.text("disorder", "duplicate", DISORDERS)
    return faults.disorder_dispatches(
        cast("Any", disorder),
        fields.text("event", "*"),
        times=fields.integer("times"),
        **fields.which(),
    )


def _outage(faults: Faults, fields: _Fields) -> Fault:
    guild_id = fields.integer("guild_id")
    if guild_id is None:
        raise ValueError("guild_id is missing")
    return faults.outage(guild_id)


def _revoke(faults: Faults, fields: _Fields) -> None:
    faults.revoke_token(fields.integer("application_id"))


def _udp(faults: Faults, fields: _Fields) -> Fault:
    return faults.spoil_line(
        loss=fields.number("loss"),
        delay_ms=fields.number("delay_ms"),
        jitter_ms=fields.number("jitter_ms"),
        times=fields.integer("times"),
    )


async def _voice_move(faults: Faults, fields: _Fields) -> Json:
    return {"endpoint": await faults.move_voice(fields.integer("guild_id"))}


async def _voice_kill(faults: Faults, fields: _Fields) -> None:
    cut = fields.flag("cut")
    await faults.kill_voice(None if cut else fields.integer("code", VoiceClose.SERVER_CRASHED))


KINDS: dict[str, Callable[[Faults, _Fields], Outcome]] = {
    "route": _route,
    "gateway_drop": _gateway_drop,
    "gateway_stall": _gateway_stall,
    "gateway_refuse": _gateway_refuse,
    "gateway_reconnect": _reconnect,
    "gateway_invalidate": _invalidate,
    "resume_refuse": _resume_refuse,
    "dispatches": _dispatches,
    "guild_outage": _outage,
    "token_revoke": _revoke,
    "udp": _udp,
}
ASYNC_KINDS: dict[str, Callable[[Faults, _Fields], Awaitable[Outcome]]] = {
    "voice_move": _voice_move,
    "voice_kill": _voice_kill,
}


def attach(app: web.Application, sandbox: "Sandbox") -> None:
    """Serve `/sandbox/control/faults`."""

    async def start(request: web.Request) -> web.Response:
        body = await _body(request)
        kind = str(body.get("kind"))
        fields = _Fields(body)
        try:
            if kind in ASYNC_KINDS:
                outcome = await ASYNC_KINDS[kind](sandbox.faults, fields)
            elif kind in KINDS:
                outcome = KINDS[kind](sandbox.faults, fields)
            else:
                known = ", ".join([*KINDS, *ASYNC_KINDS])
                return _answer({"message": f"kind must be one of: {known}"}, status=400)
        except ValueError as error:
            return _answer({"message": str(error)}, status=400)
        except UnknownThing as error:
            return _answer({"message": str(error)}, status=404)
        return _answer(outcome.to_json() if isinstance(outcome, Fault) else outcome or {})

    async def show(_request: web.Request) -> web.Response:
        return _answer([fault.to_json() for fault in sandbox.faults.faults])

    async def heal_all(_request: web.Request) -> web.Response:
        sandbox.faults.heal()
        return _answer({})

    async def heal(request: web.Request) -> web.Response:
        try:
            fault = sandbox.faults.find(int(request.match_info["fault_id"]))
        except UnknownThing as error:
            return _answer({"message": str(error)}, status=404)
        fault.heal()
        return _answer(fault.to_json())

    path = "/sandbox/control/faults"
    app.router.add_post(path, start)
    app.router.add_get(path, show)
    app.router.add_delete(path, heal_all)
    app.router.add_delete(path + r"/{fault_id:\d+}", heal)


async def _body(request: web.Request) -> Json:
    try:
        body: object = msgspec.json.decode(await request.read())
    except msgspec.DecodeError:
        return {}
    return cast("Json", body) if isinstance(body, dict) else {}


def _answer(body: object, status: int = 200) -> web.Response:
    return web.Response(
        status=status,
        body=msgspec.json.encode(body),
        headers={"Content-Type": "application/json"},
    )
