"""The one block a person reads after `make run`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Facts:
    """What is worth knowing once the bot is ready."""

    bot_name: str
    guilds: int
    chat_url: str | None
    """The local Discord's page; None on the real Discord."""
    web_url: str
    data_dir: Path
    library: Path | None
    ready_seconds: float


def banner(facts: Facts) -> str:
    """Return the block: where the chat, health, metrics and data are, and what to do next."""
    rows = [
        ("Chat", f"{facts.chat_url}/" if facts.chat_url else f"Discord, {_guilds(facts.guilds)}"),
        ("Health", f"{facts.web_url}/health"),
        ("Metrics", f"{facts.web_url}/metrics"),
        ("Music", f"{facts.library}" if facts.library else "no library"),
        ("Data", f"{facts.data_dir}"),
    ]
    lines = ["", f"  Seraphim is ready ({facts.ready_seconds:.1f} s) as {facts.bot_name}", ""]
    lines += [f"    {name:<9}{value}" for name, value in rows]
    lines.append("")
    if facts.chat_url:
        lines += [
            "  Open the chat, click the voice channel Music, type /play and pick a song.",
            "  On your own Discord server: put DISCORD_TOKEN=... into .env and start again",
            "  (docs/operate/connect-to-discord.md shows where the token comes from).",
        ]
    elif facts.library is None:
        lines.append("  Set SERAPHIM_LIBRARY to a folder with songs to play your own.")
    lines += ["  Ctrl-C stops it; what plays goes on at the next start.", ""]
    return "\n".join(lines)


def _guilds(count: int) -> str:
    return "1 server" if count == 1 else f"{count:,} servers"
