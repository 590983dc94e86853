"""What the health page and the metrics show of nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seraphim.adapters.lavalink.node import Node
from seraphim.features.music.ports import AudioFigures
from seraphim.kernel.telemetry import Metrics


@dataclass(slots=True)
class Sums:
    """What has happened since the start."""

    moves: int = 0
    """Players that had to go to another node."""
    segments_skipped: int = 0


class NodeMetrics:
    """Gauges a node, set whenever it has said something new.

    Args:
        metrics: Where Prometheus reads.
    """

    def __init__(self, metrics: Metrics) -> None:
        labels = ("node",)
        prefix = "seraphim_lavalink_node"
        self._up = metrics.gauge(f"{prefix}_up", "Whether the node can be used.", labels)
        self._players = metrics.gauge(f"{prefix}_players", "Players on the node.", labels)
        self._playing = metrics.gauge(f"{prefix}_playing", "Players that send sound.", labels)
        self._load = metrics.gauge(f"{prefix}_system_load", "Load of its machine, 0 to 1.", labels)
        self._memory = metrics.gauge(f"{prefix}_memory_bytes", "Memory it uses.", labels)
        self._missing = metrics.gauge(
            f"{prefix}_frames_missing", "Frames a player missed in the last minute.", labels
        )
        self._moves = metrics.counter(
            "seraphim_lavalink_player_moves_total", "Players that had to leave a node.", labels
        )

    def observe(self, node: Node) -> None:
        """Take over what is known of a node."""
        self._up.set(float(node.ready), node=node.name)
        if (stats := node.stats) is None:
            return
        self._players.set(stats.players, node=node.name)
        self._playing.set(stats.playing_players, node=node.name)
        self._load.set(stats.cpu.system_load, node=node.name)
        self._memory.set(stats.memory.used, node=node.name)
        if (frames := stats.frame_stats) is not None:
            self._missing.set(max(0, frames.deficit) + frames.nulled, node=node.name)

    def moved(self, node: Node, players: int) -> None:
        """Count players that had to leave."""
        self._moves.add(players, node=node.name)


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
        players=players,
        playing=playing,
        packets_sent=sent,
        underruns=missing,
        extra=extra,
        problems=tuple(f"{node.name}: {node.problem}" for node in nodes if node.problem),
    )
