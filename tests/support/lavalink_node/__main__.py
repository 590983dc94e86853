"""Run one node until it is killed: ``python -m tests.support.lavalink_node '{"port": 2333}'``."""

import asyncio
import json
import sys
from pathlib import Path

from tests.support.lavalink_node.node import LavalinkNode, NodeOptions


async def _run() -> None:
    options = json.loads(sys.argv[1])
    if options.get("ca_file"):
        options["ca_file"] = Path(options["ca_file"])
    async with LavalinkNode(NodeOptions(**options)) as node:
        print(node.port, flush=True)  # noqa: T201 - how the port is told
        await asyncio.Event().wait()


asyncio.run(_run())
