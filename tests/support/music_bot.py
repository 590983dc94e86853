"""The whole bot in the test's own process, on either of the two ways to play."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tests.support.lavalink_node.node import LavalinkNode, NodeOptions
from tests.support.sound import RATE, Samples, decode_file, melody, write_song

from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import Bot, running
from seraphim.kernel.config import load_config

BACKENDS = ("embedded", "lavalink")


@dataclass
class MusicBot:
    """A running bot and, where it plays through one, its node."""

    bot: Bot
    node: LavalinkNode | None


@asynccontextmanager
async def music_bot(
    sandbox: Sandbox, backend: str, folder: Path, library: Path, **environ: str
) -> AsyncGenerator[MusicBot]:
    """Run the bot on the sandbox with a library; ``environ`` changes its environment."""
    assert sandbox.seeded is not None
    settings = {
        "DISCORD_TOKEN": sandbox.seeded.application.token,
        "SERAPHIM_DISCORD_API_URL": sandbox.url,
        "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
        "SERAPHIM_DISCORD_CA_FILE": str(sandbox.voice.ca_file),
        "SERAPHIM_WEB_PORT": "0",
        "SERAPHIM_DATA_DIR": str(folder),
        "SERAPHIM_LIBRARY": str(library),
        "SERAPHIM_YTDLP": "off",
        "SERAPHIM_COMMAND_RATE_LIMIT": "1000",
        "SERAPHIM_LOG_LEVEL": "error",
    }
    async with AsyncExitStack() as stack:
        node = None
        if backend == "lavalink":
            options = NodeOptions(ca_file=sandbox.voice.ca_file)
            node = await stack.enter_async_context(LavalinkNode(options))
            settings |= node_settings(node, library)
        config = load_config({**settings, **environ}, None)
        bot = await stack.enter_async_context(running(config))
        yield MusicBot(bot, node)


def node_settings(node: LavalinkNode, library: Path) -> dict[str, str]:
    """Return the settings that make the bot play through a node that sees its library."""
    return {
        "SERAPHIM_LAVALINK_NODES": f"node=ws://{node.options.password}@127.0.0.1:{node.port}",
        "SERAPHIM_LAVALINK_LIBRARY": str(library),
    }


def write_tunes(
    folder: Path, names: tuple[str, ...], seconds: float, *, seed: int = 100
) -> dict[str, Samples]:
    """Write a melody of its own under each name; returns what they sound like, decoded."""
    decoded: dict[str, Samples] = {}
    for number, name in enumerate(names, start=seed):
        path = write_song(
            folder / f"{name}.opus",
            melody(seconds, number),
            title=name.capitalize(),
            codec="libopus",
            bit_rate=96_000,
        )
        decoded[name] = decode_file(path)
    return decoded


LOW_HZ, HIGH_HZ = 100.0, 3000.0
SWEEP_FROM_HZ, SWEEP_HZ_A_SECOND = 400.0, 30.0


def sweep(seconds: float) -> Samples:
    """Return two steady tones, which show what is done to pitch and colour, and one that rises.

    The third rises by so many hertz a second that it shows how fast the sound is played.
    """
    time = np.arange(round(seconds * RATE)) / RATE
    rising = 2 * np.pi * (SWEEP_FROM_HZ * time + SWEEP_HZ_A_SECOND * time**2 / 2)
    tone = 0.1 * np.sin(2 * np.pi * LOW_HZ * time) + 0.1 * np.sin(2 * np.pi * HIGH_HZ * time)
    tone += 0.1 * np.sin(rising)
    return np.stack([tone, tone], axis=1).astype(np.float32)
