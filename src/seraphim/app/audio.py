"""Picks what plays: this process, or Lavalink nodes when the settings name some."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import discord
from litestar import asgi
from litestar.types import Receive, Scope, Send

from seraphim.adapters.direct_http import GuardedFetcher, SoundFetcher
from seraphim.adapters.lavalink import (
    PATH,
    LavalinkAudio,
    LavalinkTracks,
    Locator,
    Relay,
    SharedFolder,
    Tuning,
)
from seraphim.adapters.voice_embedded import EmbeddedVoice
from seraphim.features.music.ports import AudioBackend, TrackSource
from seraphim.features.music.service.nodes import StoredNodeSessions
from seraphim.kernel.kernel import Kernel

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - what stands for all addresses


@dataclass(frozen=True, slots=True)
class Audio:
    """The backend, and what it needs from the process around it."""

    backend: AudioBackend
    open: Callable[[], Awaitable[None]] | None = None
    """Called once the client is logged in."""
    routes: tuple[object, ...] = ()
    web_listens: Callable[[str, int], None] | None = None
    """Told the host and port of the web server."""
    sources: tuple[TrackSource, ...] = ()
    """What the backend itself can find; asked before the others."""


def open_audio(
    kernel: Kernel, client: Callable[[], discord.Client], fetcher: GuardedFetcher
) -> Audio:
    """Return the backend that the settings ask for; connects nothing."""
    config = kernel.config
    nodes = config.lavalink_nodes
    if not nodes:
        return Audio(EmbeddedVoice(client, fetcher=SoundFetcher(fetcher, kernel.clock)))
    library = config.library.resolve() if config.library is not None else None
    relay = Relay(
        [node.password for node in nodes],
        kernel.clock,
        fetcher=SoundFetcher(fetcher, kernel.clock),
        roots=() if library is None else (library,),
    )
    relay.base_url = config.lavalink_media_url or ""
    locator = Locator(
        relay,
        shared=_shared(library, config.lavalink_library),
        fetcher=fetcher if config.lavalink_direct else None,
    )
    backend = LavalinkAudio(
        client,
        nodes,
        locator,
        sessions=StoredNodeSessions(kernel.db, kernel.clock),
        dice=kernel.dice,
        metrics=kernel.metrics,
        tuning=Tuning(resume_seconds=config.lavalink_resume_seconds),
    )

    def web_listens(host: str, port: int) -> None:
        if not relay.base_url:
            relay.base_url = f"http://{_EVERYWHERE.get(host, host)}:{port}"

    @asgi(PATH, is_mount=True, copy_scope=True)
    async def serve_node(scope: Scope, receive: Receive, send: Send) -> None:
        await cast("Any", relay)(scope, receive, send)

    tracks = LavalinkTracks(lambda: backend.nodes)
    return Audio(backend, backend.open, (serve_node,), web_listens, (tracks,))


def _shared(library: Path | None, there: str | None) -> SharedFolder | None:
    if library is None or there is None:
        return None
    return SharedFolder(library, there)
