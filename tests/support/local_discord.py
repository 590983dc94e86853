"""A sandbox that is held against Discord's descriptions while a test uses it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.spec_check import SpecCheck

from discord_sandbox.server import Sandbox
from discord_sandbox.world.models import Dispatch


class _Watch:
    """Passes what the sandbox says to the check."""

    def __init__(self, check: SpecCheck) -> None:
        self._check = check

    def on_exchange(
        self,
        method: str,
        template: str | None,
        path: str,
        status: int,
        request_body: bytes | None,
        response_body: bytes | None,
        content_type: str,
    ) -> None:
        _ = template
        if content_type == "application/json" or status == 204:
            self._check.exchange(method, path, status, response_body, request_body)

    def on_dispatch(self, dispatch: Dispatch) -> None:
        # A guild's create and delete are notes to the gateway, which fills them in per session.
        if dispatch.name not in {"GUILD_CREATE", "GUILD_DELETE"}:
            self._check.dispatch(dispatch.name, dispatch.data)


@asynccontextmanager
async def local_discord(folder: Path, **options: Any) -> AsyncGenerator[Sandbox]:
    """Run a sandbox; fails at the end when it has spoken differently from Discord."""
    sandbox = Sandbox(data_dir=folder, **options)
    check = SpecCheck()
    watch = _Watch(check)
    sandbox.observers.append(watch)
    unsubscribe = sandbox.world.subscribe(watch.on_dispatch)
    await sandbox.start()
    try:
        yield sandbox
    finally:
        unsubscribe()
        await sandbox.stop()
    check.verdict()
