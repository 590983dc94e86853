"""``/ping``: how far away Discord is, both ways."""

import discord

from seraphim.kernel.clock import Clock
from seraphim.kernel.texts import N_, Translator
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.link import DiscordLink
from seraphim.surfaces.discord.replies import Tone, embed, reply

_GOOD_MS = 150.0
_SLOW_MS = 400.0


def ping_command(link: DiscordLink, clock: Clock) -> AnyCommand:
    """Return the command."""

    @slash("ping", N_("Check how fast the bot answers."))
    async def ping(interaction: discord.Interaction) -> None:
        translate = translator_for(interaction, public=True)
        gateway = link.facts().latency_seconds
        gateway_ms = None if gateway is None else gateway * 1000
        began = clock.monotonic()
        await reply(interaction, embed=_pong(translate, gateway_ms, None))
        round_trip_ms = (clock.monotonic() - began) * 1000
        await interaction.edit_original_response(embed=_pong(translate, gateway_ms, round_trip_ms))

    return ping


def _pong(
    translate: Translator, gateway_ms: float | None, round_trip_ms: float | None
) -> discord.Embed:
    shown = embed(translate(N_("Pong!")), None, _tone(gateway_ms, round_trip_ms))
    unknown = translate(N_("measuring …"))
    shown.add_field(name=translate(N_("Gateway")), value=_milliseconds(gateway_ms, unknown))
    shown.add_field(name=translate(N_("Round trip")), value=_milliseconds(round_trip_ms, unknown))
    return shown


def _milliseconds(value: float | None, unknown: str) -> str:
    if value is None:
        return unknown
    dot = "🟢" if value < _GOOD_MS else "🟡" if value < _SLOW_MS else "🔴"
    shown = f"{value:.1f}" if value < 10 else f"{value:.0f}"  # noqa: PLR2004  # below it a digit says something
    return f"{dot} **{shown} ms**"


def _tone(*values: float | None) -> Tone:
    known = [value for value in values if value is not None]
    slowest = max(known, default=0.0)
    return "good" if slowest < _GOOD_MS else "warn" if slowest < _SLOW_MS else "bad"
