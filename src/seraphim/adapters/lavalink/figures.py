"""What the health page and the metrics show of nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seraphim.adapters.lavalink.node import Node
from seraphim.features.music.ports import AudioFigures


@dataclass(slots=True)
class Sums:
    """What has happened since the start."""

    moves: int = 0
    """Players that had to go to another node."""
    segments_skipped: int = 0


def figures(
    nodes: Sequence[Node], own: Mapping[str, int], sums: Sums, *, players: int, playing: int
) -> AudioFigures:
    """Add up what the nodes have sent last; their frames are those of the last minute.

    Args:
        nodes: The nodes.
        own: Our players by node.
        sums: Since the start.
        players: Players in a channel.
        playing: Those that send sound.
    """
    extra: dict[str, float] = {
        "nodes": float(len(nodes)),
        "nodes_ready": float(sum(node.ready for node in nodes)),
        "moves": float(sums.moves),
        "segments_skipped": float(sums.segments_skipped),
    }
    sent = missing = 0
    for node in nodes:
        extra[f"node_{node.name}_up"] = float(node.ready)
        extra[f"node_{node.name}_own_players"] = float(own.get(node.name, 0))
        if (stats := node.stats) is None or not node.ready:
            continue
        extra[f"node_{node.name}_players"] = float(stats.players)
        extra[f"node_{node.name}_playing"] = float(stats.playing_players)
        extra[f"node_{node.name}_load"] = stats.cpu.system_load
        extra[f"node_{node.name}_memory_bytes"] = float(stats.memory.used)
        if (frames := stats.frame_stats) is not None:
            lost = max(0, frames.deficit) + frames.nulled
            extra[f"node_{node.name}_frames_missing"] = float(lost)
            sent += frames.sent
            missing += lost
    return AudioFigures(
        players=players, playing=playing, packets_sent=sent, underruns=missing, extra=extra
    )
