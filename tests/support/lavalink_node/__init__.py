"""A stand-in for Lavalink 4.2: the same protocol, the same refusals, and real sound.

What it enforces follows Lavalink's documentation (REST API, WebSocket API) and what its server does
with a request (4.2.2: ``PlayerRestHandler``, ``SocketServer``, ``HandshakeInterceptorImpl``). It
decodes with FFmpeg and has its own voice client, so that nothing of the bot proves itself here.
"""

from tests.support.lavalink_node.node import LavalinkNode, NodeOptions
from tests.support.lavalink_node.process import NodeProcess

__all__ = ["LavalinkNode", "NodeOptions", "NodeProcess"]
