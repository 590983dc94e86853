"""The web server in the loop: headers, problems, ports."""

import asyncio
import io
import signal
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from litestar import get, post
from litestar.params import JSONBody

from seraphim.kernel.errors import NotFound, RateLimited
from seraphim.surfaces.web.app import create_app
from seraphim.surfaces.web.server import AddressUnusable, PortTaken, WebServer, address, serve


@get("/fine")
async def fine() -> dict[str, str]:
    return {"is": "fine"}


@get("/missing")
async def missing() -> None:
    raise NotFound(what="the page")


@get("/hasty")
async def hasty() -> None:
    raise RateLimited(retry_after_seconds=7)


@get("/broken")
async def broken() -> None:
    raise RuntimeError("the password is hunter2")


@post("/number")
async def number(data: JSONBody[dict[str, int]]) -> dict[str, int]:
    return data


@asynccontextmanager
async def running() -> AsyncGenerator[tuple[WebServer, aiohttp.ClientSession]]:
    app = create_app([], (fine, missing, hasty, broken, number))
    server = await serve(app, "127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession(server.url) as client:
            yield server, client
    finally:
        await server.stop()


async def test_every_answer_carries_the_security_headers() -> None:
    async with running() as (_, client):
        for path in ("/fine", "/missing", "/nowhere", "/broken"):
            async with client.get(path) as answer:
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert answer.headers["content-security-policy"].startswith("default-src 'none'")
                assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("path", "status", "code", "detail"),
    [
        ("/missing", 404, "not_found", "I could not find the page."),
        ("/nowhere", 404, "not_found", "Not Found"),
        ("/number", 405, "method_not_allowed", "Method Not Allowed"),
        ("/hasty", 429, "rate_limited", "Easy there. Try again in 7 s."),
    ],
)
async def test_errors_are_problem_details(path: str, status: int, code: str, detail: str) -> None:
    async with running() as (_, client), client.get(path) as answer:
        assert answer.status == status
        assert answer.content_type == "application/problem+json"
        body = await answer.json()
        assert (body["status"], body["code"], body["detail"]) == (status, code, detail)
        assert body["trace_id"]


async def test_a_business_limit_says_when_to_come_back() -> None:
    async with running() as (_, client), client.get("/hasty") as answer:
        assert answer.headers["retry-after"] == "7"


async def test_a_fault_of_ours_reveals_nothing_and_ends_nothing() -> None:
    async with running() as (_, client):
        async with client.get("/broken") as answer:
            assert answer.status == 500
            assert "hunter2" not in await answer.text()
        async with client.get("/fine") as answer:
            assert await answer.json() == {"is": "fine"}


async def test_a_body_that_cannot_be_read_is_refused() -> None:
    async with running() as (_, client):
        async with client.post("/number", data=b"{") as answer:
            assert answer.status == 400
        async with client.post("/number", data=io.BytesIO(b"1" * 1_100_000)) as answer:
            assert answer.status == 413


async def test_a_taken_port_is_said_and_the_next_free_one_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            await serve(create_app([]), "127.0.0.1", port)
        assert str(port) in str(refused.value)
        assert "SERAPHIM_WEB_PORT" in str(refused.value)
        server = await serve(create_app([]), "127.0.0.1", port, attempts=20)
        assert port < server.port < port + 20
        await server.stop()


async def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(AddressUnusable, match=r"192\.0\.2\.1"):
        await serve(create_app([]), "192.0.2.1", 0)


async def test_stopping_frees_the_port_and_leaves_the_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with running() as (server, _):
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", server.port)


def test_the_address_shown_can_be_opened() -> None:
    assert address("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert address("::1", 80) == "http://[::1]:80"
    assert address("192.0.2.1", 81) == "http://192.0.2.1:81"
