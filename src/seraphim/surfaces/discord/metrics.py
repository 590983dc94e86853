"""What the surface counts; labels are bounded by the catalogue of commands and components."""

from seraphim.kernel.telemetry import Metrics
from seraphim.surfaces.discord.link import DiscordLink

_LATENCY_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0)


class SurfaceMetrics:
    """The Discord surface's figures in the kernel's registry."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._commands = metrics.counter(
            "seraphim_commands_total",
            "Commands, components and forms handled, by outcome.",
            ("command", "outcome"),
        )
        self._seconds = metrics.histogram(
            "seraphim_command_seconds",
            "From the arrival of an interaction to the end of its handling.",
            ("command",),
            _LATENCY_BUCKETS,
        )
        self.listener_failures = metrics.counter(
            "seraphim_discord_listener_failures_total", "Gateway events whose listener failed."
        )
        self.duplicates = metrics.counter(
            "seraphim_discord_duplicate_interactions_total",
            "Interactions that arrived twice and were handled once.",
        )
        self.deferred = metrics.counter(
            "seraphim_commands_deferred_total",
            "Commands that were too slow to answer within two seconds and were deferred.",
        )

    def handled(self, command: str, outcome: str, seconds: float) -> None:
        """Count one interaction.

        Args:
            command: Qualified name, or ``feature:action`` of a component.
            outcome: ok, refused, limited, failed, expired or answered_elsewhere.
            seconds: How long it took.
        """
        self._commands.add(command=command, outcome=outcome)
        self._seconds.observe(seconds, command=command)

    def watch(self, link: DiscordLink) -> None:
        """Publish the connection's latency and size whenever somebody reads the metrics."""
        self._metrics.gauge(
            "seraphim_discord_latency_seconds", "Gateway heartbeat round trip."
        ).read_from(lambda: link.facts().latency_seconds or 0.0)
        self._metrics.gauge("seraphim_discord_guilds", "Guilds the bot is in.").read_from(
            lambda: float(link.facts().guilds)
        )
        self._metrics.gauge(
            "seraphim_discord_connected", "1 while the gateway is connected."
        ).read_from(lambda: float(link.facts().state == "connected"))
